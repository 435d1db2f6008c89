"""Det mangler et utviklingspunkt."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN05", page=__doc__ or "", ingredient="ING05")
