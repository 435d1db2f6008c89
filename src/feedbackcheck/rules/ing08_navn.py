"""Hilser med navn."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING08", page=__doc__ or "")
