"""Tonen er kort og kald."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON001", page=__doc__ or "")
