"""Ber om kandidatens syn på prosessen."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING10", page=__doc__ or "")
