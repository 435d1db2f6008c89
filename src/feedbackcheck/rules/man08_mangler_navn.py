"""Kandidaten er ikke tiltalt med navn."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN08", page=__doc__ or "", ingredient="ING08")
