"""Sier hvem kandidaten kan spørre."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING06", page=__doc__ or "")
