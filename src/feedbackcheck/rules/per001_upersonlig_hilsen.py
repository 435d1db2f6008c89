"""Hilsenen navngir ingen."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER001", page=__doc__ or "")
