"""Personopplysninger om en annen kandidat."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="JUS003", page=__doc__ or "")
