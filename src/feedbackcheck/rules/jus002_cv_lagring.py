"""CV eller søknad lagres uten både varighet og samtykke."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="JUS002", page=__doc__ or "")
