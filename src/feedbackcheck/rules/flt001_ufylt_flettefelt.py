"""Et flettefelt er ikke fylt ut."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="FLT001", page=__doc__ or "")
