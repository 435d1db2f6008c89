"""Begrunnelsen sier ikke noe om denne søkeren."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI002", page=__doc__ or "")
