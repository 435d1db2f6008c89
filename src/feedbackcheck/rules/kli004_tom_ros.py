"""Rosen sier ikke hva som var bra."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI004", page=__doc__ or "")
