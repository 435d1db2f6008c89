"""Nevner en konkret styrke."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING04", page=__doc__ or "")
