"""Kandidaten er ikke spurt om prosessen."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN10", page=__doc__ or "", ingredient="ING10")
