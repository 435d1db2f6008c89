"""Er undertegnet av en navngitt person."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING09", page=__doc__ or "")
