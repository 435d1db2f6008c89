"""Takker for søknaden, tiden eller samtalen."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING01", page=__doc__ or "")
