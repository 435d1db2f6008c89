"""Det står ikke hvem kandidaten kan spørre."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN06", page=__doc__ or "", ingredient="ING06")
