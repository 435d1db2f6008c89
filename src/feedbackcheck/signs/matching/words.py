"""The word stream of a sentence: what patterns are matched against.

A sentence becomes one string in which every token is followed by a space, lower-cased, with a mark where case matters::

    "Hei Kari, vi valgte {{navn}} …"  →  " hei^ kari¤ , vi valgte <name> … "

``^`` marks a capitalised word, ``¤`` a capitalised word that is a given name. A merge field is one token ``<role>``.
Quotation marks and emphasis are left out, so that «valgt» matches as ``valgt``. Regular expressions over this string
are token patterns at the speed of C.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import Final

from feedbackcheck.message import MergeField, Span

__all__ = ["CASE", "NAME_MARK", "Stream", "stream"]

CASE: Final = "^"
NAME_MARK: Final = "¤"

# A word may hold inner hyphens, slashes, full stops and «@» (CV-en, og/eller, f.eks, post@firma.no).
_TOKEN: Final = re.compile(r"[^\W_]+(?:[-'’./&+@:_][^\W_]+)*[+#]*|\.\.+|[^\w\s]|_+")
_LEFT_OUT: Final = frozenset("«»\"“”„*_’'‘`´^¤<>")


class Stream:
    """Words of a sentence as one string, and the way back to text offsets."""

    __slots__ = ("_spans", "_starts", "string", "words")

    def __init__(
        self, string: str, words: list[str], starts: list[int], spans: list[tuple[int, int]]
    ) -> None:
        self.string = string
        self.words = words
        self._starts = starts
        self._spans = spans

    def __len__(self) -> int:
        return len(self.words)

    def span(self, start: int, end: int) -> Span:
        """Text span of the tokens in ``string[start:end]``."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = max(first, bisect_right(self._starts, max(start, end - 1)) - 1)
        return Span(self._spans[first][0], self._spans[last][1])


def stream(
    text: str, start: int, end: int, fields: Sequence[MergeField] = (), names: Collection[str] = frozenset()
) -> Stream:
    """The stream of ``text[start:end]``.

    Args:
        fields: merge fields that touch the sentence, in order.
        names: given names, lower-cased.
    """
    words: list[str] = []
    parts: list[str] = []
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    length = 1
    position = start
    pieces: list[tuple[int, int, MergeField | None]] = []
    for field in fields:
        if field.span.start > position:
            pieces.append((position, field.span.start, None))
        pieces.append((max(position, field.span.start), min(end, field.span.end), field))
        position = field.span.end
    if position < end:
        pieces.append((position, end, None))
    for a, b, found in pieces:
        if found is not None:
            word = f"<{found.role.value}>"
            words.append(word)
            starts.append(length)
            spans.append((a, b))
            parts.append(word)
            length += len(word) + 1
            continue
        for token in _TOKEN.finditer(text, a, b):
            raw = token.group()
            if raw in _LEFT_OUT:
                continue
            word = raw.lower()
            words.append(word)
            starts.append(length)
            spans.append(token.span())
            shown = word + (NAME_MARK if word in names else CASE) if raw[0].isupper() else word
            parts.append(shown)
            length += len(shown) + 1
    return Stream(" " + " ".join(parts) + " " if parts else " ", words, starts, spans)
