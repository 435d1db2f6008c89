"""Det er uklart om dette er et nei."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON006", page=__doc__ or "")
