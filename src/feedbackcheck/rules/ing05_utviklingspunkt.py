"""Gir noe å arbeide videre med."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING05", page=__doc__ or "")
