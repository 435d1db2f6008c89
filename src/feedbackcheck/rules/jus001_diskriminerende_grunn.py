"""Grunnen eller merknaden kan stride mot diskrimineringsvernet."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="JUS001", page=__doc__ or "")
