"""Meldingen viser at den er sendt av en maskin."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER003", page=__doc__ or "")
