"""Kansellistil eller unødig fagspråk."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER004", page=__doc__ or "")
