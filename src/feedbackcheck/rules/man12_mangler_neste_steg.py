"""Det mangler et konkret neste steg."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN12", page=__doc__ or "", ingredient="ING12")
