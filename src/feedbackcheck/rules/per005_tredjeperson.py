"""Leseren omtales i tredjeperson eller som en av en mengde."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER005", page=__doc__ or "")
