"""En høflighetsfrase som kunne stått i et hvilket som helst brev."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI005", page=__doc__ or "")
