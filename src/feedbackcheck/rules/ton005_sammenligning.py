"""Kandidaten settes under andre eller rangeres."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON005", page=__doc__ or "")
