"""Teksten stemmer ikke med det som er kjent."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="FLT002", page=__doc__ or "")
