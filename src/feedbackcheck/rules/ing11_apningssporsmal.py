"""Åpner samtalen med å spørre hvordan kandidaten opplevde prosessen."""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING11", page=__doc__ or "")
