"""Evidence. A sign says that some words speak of a code, how strongly, and why; it is not yet a finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from feedbackcheck.language.document import Document
from feedbackcheck.message import Span

__all__ = ["Finder", "Origin", "Sign", "Verdict"]


class Origin(StrEnum):
    """Who says so."""

    PATTERN = "pattern"
    SYNTAX = "syntax"
    RECOGNISER = "recogniser"
    FACTS = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Evidence for a code.

    Attributes:
        code: a problem (KLI001 …) or ingredient (ING01 …) code.
        span: the words that carry it, as text offsets.
        sentence: index of the sentence it stands in.
        strength: probability, 0–1, that a careful reader would set this code here, on this evidence alone.
        origin: which finder gave it.
        why: short identifier of the pattern, construction or comparison, for explanations.
        decides: the matter is settled (a merge field stands there, the name differs): no other sign overrules it.
        note: what to tell the user about this place («står «Oslo Havn», men firmaet er «Bergen Havn»»), in Norwegian.
    """

    code: str
    span: Span
    sentence: int
    strength: float
    origin: Origin
    why: str
    decides: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All evidence on one code in one sentence, weighed.

    ``level`` is "finding" when it passes the code's threshold, "hint" when it is in doubt.
    """

    code: str
    sentence: int
    span: Span
    probability: float
    level: str
    decides: bool = False
    signs: tuple[Sign, ...] = ()


class Finder(Protocol):
    """A source of signs. ``identity`` changes whenever its answers could change (it is part of cache keys)."""

    name: Origin

    @property
    def identity(self) -> str: ...

    def find(self, document: Document) -> Iterable[Sign]: ...
