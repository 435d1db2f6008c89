"""Avslaget står i standardformelen som alle får."""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI001", page=__doc__ or "")
