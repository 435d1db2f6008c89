"""Det mangler en konkret begrunnelse."""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN03", page=__doc__ or "", ingredient="ING03")
