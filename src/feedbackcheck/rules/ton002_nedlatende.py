"""Formuleringen snakker ned til kandidaten eller forteller hva hun skal føle."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON002", page=__doc__ or "")
