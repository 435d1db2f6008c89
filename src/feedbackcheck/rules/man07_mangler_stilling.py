"""Stillingen er ikke nevnt."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN07", page=__doc__ or "", ingredient="ING07")
