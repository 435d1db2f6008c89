"""Marked gaps: «⟨hvilket krav?⟩» stands where a fact is missing, and a question tells the sender what to write.

A gap is marked by angle brackets that no merge-field syntax uses and no keyboard types by chance, so that a gap that is
left can always be found, counted and refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedbackcheck.lazy import lazy_re
from feedbackcheck.sources.merge_fields import GAP_CLOSE, GAP_OPEN

__all__ = ["CLOSE", "OPEN", "Gap", "find_gaps", "mark", "strip_gaps"]

OPEN, CLOSE = GAP_OPEN, GAP_CLOSE
_GAP = lazy_re(f"{OPEN}([^{OPEN}{CLOSE}\n]+){CLOSE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A fact that the sender must give.

    ``id`` names the fact (the same fact has the same id wherever it is wanted), ``code`` the finding or ingredient that
    wants it, ``question`` what to ask the sender; ``start`` and ``end`` are code points into the revised draft.
    """

    id: str
    code: str
    question: str
    start: int
    end: int

    def to_dict(self) -> dict[str, str | int]:
        """The contract's ``gaps[]`` object."""
        return {
            "id": self.id,
            "code": self.code,
            "question": self.question,
            "start": self.start,
            "end": self.end,
        }


def mark(label: str) -> str:
    """The text of a gap.

    >>> mark("hvilket krav?")
    '⟨hvilket krav?⟩'
    """
    return f"{OPEN}{label}{CLOSE}"


def find_gaps(text: str, known: Iterable[tuple[str, str, str, str]]) -> list[Gap]:
    """The gaps that stand in ``text``, each fact once, in text order.

    Args:
        text: a draft with marked gaps.
        known: (id, code, label, question) of the gaps that were put in; a mark with another label is reported too, with
            its own label as id.
    """
    by_label = {label: (gap_id, code, question) for gap_id, code, label, question in known}
    found: dict[str, Gap] = {}
    for match in _GAP.finditer(text):
        label = match.group(1)
        gap_id, code, question = by_label.get(label, (label, "", label))
        if gap_id not in found:
            found[gap_id] = Gap(id=gap_id, code=code, question=question, start=match.start(), end=match.end())
    return list(found.values())


def strip_gaps(text: str) -> str:
    """``text`` without its gap marks."""
    return _GAP.sub("", text)
