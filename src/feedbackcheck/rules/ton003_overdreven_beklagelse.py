"""Mer beklagelse enn ett «dessverre»."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON003", page=__doc__ or "")
