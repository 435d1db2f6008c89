"""Det mangler en konkret styrke."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN04", page=__doc__ or "", ingredient="ING04")
