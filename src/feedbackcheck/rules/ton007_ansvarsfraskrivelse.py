"""Avsenderen skyver beslutningen fra seg."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON007", page=__doc__ or "")
