"""Runs of words that an edit takes whole or not at all: sentences over a line break, headings, branches of a template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from feedbackcheck.language.segment import BlockKind, Sentence
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Message, Span
from feedbackcheck.sources.branches import choices, has_words

__all__ = ["Branches", "branches", "chains", "is_heading", "leaves_part"]

_STOPS = (".", "!", "?", ":", ";", "…")
_GREETS_OR_CLOSES = lazy_re(
    r"\W*(?:hei\w*|hallo|kjære|god\s+\w+|goddag|mvh|m\.?v\.?h|vh|hilsen|helsing|(?:med\s+)?(?:\w+\s+)?(?:hilsen|helsing))\b",
    re.IGNORECASE,
)


def _runs_on(text: str, line_break: int) -> bool:
    """True if the sentence before a line break goes on after it: a small letter follows, and no stop stands before."""
    start = text.rfind("\n", 0, line_break) + 1
    here = text[start:line_break].rstrip(" \t»”\"'’)")
    following = text[line_break + 1 :].lstrip(" \t")
    if not here or here.endswith(_STOPS) or not following[:1].islower():
        return False
    # «Hei Kari,» and «Hilsen» end with their line, whatever letter begins the next.
    return not (
        len(here) < 50 and _GREETS_OR_CLOSES.match(here) and (here.endswith(",") or len(here.split()) < 5)
    )


def leaves_part(text: str, span: Span, new: str) -> bool:
    """True if a replacement by a whole sentence, or a deletion, would leave part of a sentence on the next or last line."""
    if new.strip() and not new.rstrip().endswith((".", "!", "?")):
        return False
    words = span.of(text)
    start, end = span.end - len(words.lstrip()), span.start + len(words.rstrip())
    line_break = text.find("\n", end)
    if line_break >= 0 and not text[end:line_break].strip() and _runs_on(text, line_break):
        return True
    before = text[:start].rstrip(" \t")
    return before.endswith("\n") and _runs_on(text, len(before) - 1)


def chains(text: str, sentences: Sequence[Sentence]) -> list[tuple[int, ...]]:
    """Indices of the parts of sentences that run on over line breaks; two or more in each."""
    out: list[list[int]] = []
    for first, second in pairwise(sentences):
        gap = text[first.span.end : second.span.start]
        body = first.kind is BlockKind.BODY and second.kind is BlockKind.BODY
        if body and gap.count("\n") == 1 and _runs_on(text, first.span.end + gap.index("\n")):
            if out and out[-1][-1] == first.index:
                out[-1].append(second.index)
            else:
                out.append([first.index, second.index])
    return [tuple(chain) for chain in out]


_HTML_HEADING = lazy_re(r"<(h[1-6]|title|caption|th)\b[^<>]*>(?:(?!</\1\s*>).)*$", re.IGNORECASE | re.DOTALL)
_UNDERLINE = lazy_re(r"[ \t]{0,3}(?:=+|-{2,})[ \t]*(?:\n|\Z)")


def is_heading(message: Message, span: Span) -> bool:
    """True if a run stands in a heading or the subject line."""
    if message.subject is not None and message.subject.overlap(span):
        return True
    source, at = message.source, message.source_map.start(span.start)
    if message.kind in ("html", "mjml"):
        return _HTML_HEADING.search(source, max(0, at - 2_000), at) is not None
    if message.kind == "markdown":
        line_start, line_end = source.rfind("\n", 0, at) + 1, source.find("\n", at)
        if re.match(r"[ ]{0,3}#{1,6}[ \t]", source[line_start:]):
            return True
        return line_end >= 0 and _UNDERLINE.match(source, line_end + 1) is not None
    return False


class Branches:
    """Where the sentences of a draft stand in its template's choices."""

    def __init__(self, message: Message, sentences: Sequence[Sentence]) -> None:
        places = [message.source_map.span(s.span) for s in sentences]
        self.of_branch: list[tuple[int, ...]] = []
        self._last: dict[int, int] = {}
        self._first: dict[int, int] = {}
        for choice in choices(message.source):
            held = [i for i, p in enumerate(places) if choice.span.contains(p)]
            for i in held:
                # An outer choice begins earlier, so it has been here first.
                self._last.setdefault(i, held[-1])
                self._first.setdefault(i, held[0])
            for branch in choice.branches:
                inside = tuple(i for i, p in enumerate(places) if branch.contains(p))
                if inside and has_words(branch.of(message.source)):
                    self.of_branch.append(inside)

    def holds(self, index: int) -> bool:
        """True if a sentence stands in a choice."""
        return index in self._last

    def last(self, index: int) -> int:
        """The last sentence of the outermost choice around a sentence; itself if none is."""
        return self._last.get(index, index)

    def first(self, index: int) -> int:
        """The first sentence of the outermost choice around a sentence; itself if none is."""
        return self._first.get(index, index)


def branches(message: Message, sentences: Sequence[Sentence]) -> Branches:
    """See :class:`Branches`."""
    return Branches(message, sentences)
