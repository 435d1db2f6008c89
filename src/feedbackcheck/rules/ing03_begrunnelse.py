"""Gir en konkret grunn."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING03", page=__doc__ or "")
