"""The letter's plan: in what order the ingredients stand, and where in a draft a missing one belongs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from feedbackcheck.language.segment import BlockKind
from feedbackcheck.lazy import lazy_re

if TYPE_CHECKING:
    from feedbackcheck.suggest.alternatives import Draft

__all__ = ["GROUPS", "ORDER", "group", "place", "rank"]

#: The order of a letter: greeting, thanks, the no (early and clear), reason, strength, development, next step, contact,
#: evaluation, signature.
ORDER = (
    "ING08",
    "ING11",
    "ING01",
    "late",
    "ING02",
    "ING07",
    "TON007",
    "ING03",
    "ING04",
    "ING05",
    "ING12",
    "ING06",
    "ING10",
    "ING09",
)

#: Ingredients that share a paragraph.
GROUPS = (
    ("ING08",),
    ("ING01", "late", "ING02", "ING07", "TON007"),
    ("ING03",),
    ("ING04", "ING05"),
    ("ING12", "ING06", "ING10"),
    ("ING09",),
)


def rank(codes: Sequence[str] | frozenset[str]) -> int:
    """Place in the order of a sentence that carries these codes: that of the last one; -1 if none has a place."""
    return max((ORDER.index(c) for c in codes if c in ORDER), default=-1)


def group(code: str) -> int:
    """Which paragraph an ingredient belongs to."""
    return next((i for i, codes in enumerate(GROUPS) if code in codes), 2)


_GREETS_AND_SAYS = lazy_re(
    r"\W*(?:hei(?:san)?|hallo|kjære|god\s+(?:dag|morgen|morgon|kveld)|goddag)\b[^,.!?\n]{0,60}[,!]\s+(?=[a-zæøå])",
    re.IGNORECASE,
)


def after_greeting(text: str) -> int:
    """Where a sentence that greets and goes on («Hei Kari, vi har …») goes on; 0 for any other.

    >>> after_greeting("Hei Kari, vi har valgt en annen.")
    10
    >>> after_greeting("Vi har valgt en annen.")
    0
    """
    found = _GREETS_AND_SAYS.match(text)
    return found.end() if found and text[found.end()].islower() else 0


def place(draft: Draft, code: str) -> tuple[int, str, str]:
    """Where a new sentence goes in the draft as it is.

    Returns:
        (offset, lead, tail): insert lead + sentence + tail at the text offset.
    """
    text = draft.text
    sentences = draft.sentences
    if not sentences:
        return 0, "", ""
    mine = ORDER.index(code)
    if code == "ING08":
        first = sentences[draft.head_end]
        return first.span.start, "", "\n\n"
    if code == "ING09":
        closing = [s for s in sentences if s.index >= draft.tail_start]
        end = closing[-1].span.end if closing else sentences[-1].span.end
        return end, "\n\n" if not closing else "\n", ""
    anchor = None
    for sentence in sentences:
        if sentence.index >= draft.tail_start:
            break
        if (
            sentence.index < draft.head_end
            or sentence.kind is BlockKind.SUBJECT
            or draft.greets(sentence.index)
        ):
            anchor = sentence
            continue
        here = rank(draft.carried(sentence.index) - {"ING07", "ING08", "ING09"})
        if 0 <= here <= mine or (mine >= ORDER.index("ING12") and here < 0):
            anchor = sentence
    if anchor is None:
        body = next((s for s in sentences if s.kind is BlockKind.BODY), sentences[0])
        return body.span.start, "", "\n\n"
    following = next((s for s in sentences if s.index > anchor.index), None)
    near = draft.carried(anchor.index)
    if any(group(c) == group(code) for c in near if c in ORDER) and anchor.kind is BlockKind.BODY:
        return anchor.span.end, " ", ""
    if (
        following is not None
        and following.kind is BlockKind.BODY
        and any(group(c) == group(code) for c in draft.carried(following.index) if c in ORDER)
    ):
        return following.span.start, "", " "
    end = anchor.span.end
    # The rest of the anchor's line belongs to its paragraph: break after it only where the paragraph ends.
    line_end = text.find("\n", end)
    if line_end >= 0 and text[end:line_end].strip() and anchor.kind is BlockKind.BODY:
        return end, " ", ""
    return end, "\n\n", ""
