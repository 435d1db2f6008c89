"""Gir et konkret neste steg."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING12", page=__doc__ or "")
