"""Plain data of what was found: findings, ingredients, suggestions. No logic that decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from feedbackcheck.message import Severity, Span

__all__ = ["Applicability", "Evidence", "Finding", "Ingredient", "Suggestion"]


class Applicability(StrEnum):
    """``safe``: no fact needed, meaning kept. ``unsafe``: meaning shifts a little. ``fill-in``: a fact is missing."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    FILL_IN = "fill-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An alternative wording.

    ``span`` is the text run that ``text`` replaces (None: the finding's own span; an empty span inserts).
    ``needs`` names facts still missing; ``sources`` where each used fact came from.
    """

    text: str
    applicability: Applicability
    span: Span | None = None
    needs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign behind a finding, for explanations."""

    origin: str
    why: str
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to change. ``span`` (text offsets) is None when it concerns the whole message."""

    code: str
    name: str
    severity: Severity
    message: str
    span: Span | None
    sentence: int | None
    confidence: float
    advice: str = ""
    evidence: tuple[Evidence, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """Something good that stands in the message."""

    code: str
    name: str
    span: Span
    sentence: int
    confidence: float
    evidence: tuple[Evidence, ...] = field(default=())
