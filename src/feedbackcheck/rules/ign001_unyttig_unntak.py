"""Et unntak i filen skjuler ingenting."""

from feedbackcheck.rules.base import NoticeRule

RULE = NoticeRule(code="IGN001", page=__doc__ or "")
