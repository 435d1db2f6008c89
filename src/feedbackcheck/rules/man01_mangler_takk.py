"""Det mangler en takk."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN01", page=__doc__ or "", ingredient="ING01")
