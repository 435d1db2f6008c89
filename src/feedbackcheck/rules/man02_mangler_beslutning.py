"""Meldingen sier aldri at svaret er nei."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN02", page=__doc__ or "", ingredient="ING02")
