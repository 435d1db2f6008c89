"""Nevner stillingen."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING07", page=__doc__ or "")
