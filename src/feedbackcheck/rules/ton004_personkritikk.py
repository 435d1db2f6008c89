"""Personen dømmes, ikke kompetansen eller det som ble gjort."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON004", page=__doc__ or "")
