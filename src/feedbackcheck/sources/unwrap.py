"""Soft line breaks: lines that a mail program or an editor broke at a width are one line for the reader.

A break is soft when the paragraph is evidently wrapped: the next line's first word would not have fitted within the
width that the other lines keep. Greetings, closings, signatures and lists keep their breaks.
"""

from __future__ import annotations

import re
from itertools import pairwise

from feedbackcheck.sources.mapped import Edit, Mapped

__all__ = ["unwrap"]

_LIST = re.compile(r"[ \t]*(?:[-–•*·▪◦+]\s+|\d{1,2}[.)]\s|[a-e]\)\s|\|)")
_CLOSING = re.compile(
    r"[ \t]*(?:(?:med\s+)?(?:de\s+)?(?:vennlig\w*|venleg\w*|venlig\w*|beste|varm\w*|hjert\w*|god\w*|kjær\w*)\s+h[ei]ls\w*|mvh|m\.?v\.?h|vh|hilsen|helsing|hilsner|"
    r"(?:best|kind)\s+regards|regards|alt godt)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"[ \t]*(?:hei\w*|hallo|kjære|goddag|god\s+\w+|til|dear|hi|hello)\b[^\n]{0,50}[,!]?[ \t]*$", re.IGNORECASE
)
_LABEL = re.compile(r"[ \t]*[A-ZÆØÅ][\w-]{1,20}:\s")
_WORD = re.compile(r"[ \t]*(\S+)")
_MIN_WIDTH, _MAX_WIDTH = 45, 120


def unwrap(text: Mapped, *, reflow: bool = False) -> Mapped:
    """Join soft line breaks.

    Args:
        text: lines as they stand.
        reflow: the format says that a single line break is a space (Markdown), so that no width has to be seen.
    """
    words = text.text
    if "\n" not in words:
        return text
    lines: list[tuple[int, int]] = []
    at = 0
    for line in words.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    edits: list[Edit] = []
    i = 0
    while i < len(lines):
        if not words[lines[i][0] : lines[i][1]].strip():
            i += 1
            continue
        j = i
        while j + 1 < len(lines) and words[lines[j + 1][0] : lines[j + 1][1]].strip():
            j += 1
        if j > i:
            edits += _paragraph(words, lines[i : j + 1], reflow)
        i = j + 1
    return text.edit(edits)


def _paragraph(words: str, lines: list[tuple[int, int]], reflow: bool) -> list[Edit]:
    texts = [words[a:b].rstrip() for a, b in lines]
    width = max(len(t) for t in texts)
    wrapped = reflow or _evidently_wrapped(texts, width)
    if not wrapped:
        return []
    edits: list[Edit] = []
    closing = False
    for k in range(len(lines) - 1):
        here, following = texts[k], texts[k + 1]
        closing = closing or (len(here) < 60 and bool(_CLOSING.match(here)))
        if closing or _LIST.match(following) or _CLOSING.match(following) or _LABEL.match(following):
            continue
        if len(here) < 60 and _GREETING.match(here) and here.rstrip().endswith((",", "!")):
            continue
        if reflow:
            if words[lines[k][0] : lines[k][1]].endswith(("  ", "\\")):
                continue
        else:
            first = _WORD.match(following)
            if first is None or len(here) + 1 + len(first[1]) <= width - 4 or len(here) < 0.5 * width:
                continue
        end = lines[k + 1][0]
        lead = len(following) - len(following.lstrip())
        edits.append((lines[k][0] + len(here), end + lead, " "))
    return edits


def _evidently_wrapped(texts: list[str], width: int) -> bool:
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return False
    inside = 0
    for here, following in pairwise(texts):
        if _LIST.match(following):
            continue
        first = _WORD.match(following)
        full = first is not None and len(here) + 1 + len(first[1]) > width - 4
        # A sentence that goes on over the break, in a line as full as it could be, is the evidence.
        if full and here[-1:] not in ".!?:;" and following.lstrip()[:1].islower():
            inside += 1
        elif (
            not full
            and here[-1:] not in ".!?:,"
            and following.lstrip()[:1].isupper()
            and len(here) < 0.6 * width
        ):
            return False
    return inside > 0
