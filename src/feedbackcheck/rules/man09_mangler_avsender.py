"""Ingen navngitt person har undertegnet."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN09", page=__doc__ or "", ingredient="ING09")
