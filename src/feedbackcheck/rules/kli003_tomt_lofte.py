"""Et løfte eller håp som ikke forplikter noen."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI003", page=__doc__ or "")
