"""Ingen står bak vurderingen eller beslutningen."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER002", page=__doc__ or "")
