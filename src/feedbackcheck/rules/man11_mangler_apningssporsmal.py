"""Samtalen åpner ikke med et spørsmål til kandidaten."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN11", page=__doc__ or "", ingredient="ING11")
