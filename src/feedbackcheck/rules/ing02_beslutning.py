"""Sier at kandidaten ikke får jobben eller ikke går videre."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING02", page=__doc__ or "")
