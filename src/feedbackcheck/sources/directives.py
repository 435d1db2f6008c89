"""Inline comments that hide findings: ``<!-- feedbackcheck: ignore KLI001 grunn … -->``.

========================  =====================================================================
``ignore`` on its own line   hides in the next block (paragraph)
``ignore`` at a line's end   hides in that line
``ignore-line``              hides in that line
``ignore-block``             hides in the next block, wherever the comment stands
``ignore-file``              hides in the whole file; so does any ``ignore`` in front matter
========================  =====================================================================

Without codes everything is hidden. Codes may be shortened («KLI»), separated by spaces or commas; the first word that
looks like no code begins the reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Directive, Span
from feedbackcheck.sources.mapped import Mapped
from feedbackcheck.sources.margins import blanks_after, blanks_before

__all__ = ["Comment", "find_comments", "parse_directive", "resolve"]

_OPENING = lazy_re(
    r"(?P<html><!--)|(?P<jinja>\{#)|(?P<bars>\{\{~?!)|(?:^|(?<=\r))[ \t]*+(?:#|//|%%)[ \t]*+(?P<hash>feedbackcheck:[^\n\r]*)",
    re.MULTILINE,
)
_CLOSINGS = {"html": "-->", "jinja": "#}", "bars": "}}"}
_DIRECTIVE = lazy_re(
    r"\s*feedbackcheck\s*:\s*(?P<verb>ignore(?:-(?:file|block|line|next|next-line))?|disable|noqa)\b(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
_CODE = lazy_re(r"(?:[A-ZÆØÅ]{2,4}\d{0,3}|[A-Za-zæøåÆØÅ]{2,4}\d{1,3})(?:\.\.\.)?\Z")
_MEANT = lazy_re(r"\s*feedbackcheck\s*:\s*\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's place in the source and its words."""

    start: int
    end: int
    body: str


def find_comments(text: str) -> list[Comment]:
    """Comments of all syntaxes in ``text``, in order."""
    if "<!--" not in text and "feedbackcheck:" not in text and "{{!" not in text:
        return []
    after = _Next(text)
    out: list[Comment] = []
    at = 0
    while (match := _OPENING.search(text, at)) is not None:
        kind, start, at = match.lastgroup or "", match.start(), match.end()
        if kind == "hash":
            out.append(Comment(start, at, match["hash"]))
            continue
        closing = _CLOSINGS[kind]
        end = after(closing, at)
        if end < 0:
            continue
        if kind == "jinja":
            # Jinja's own comments are logic; only the ones that speak to this program are taken here.
            word = after("feedbackcheck:", at)
            if not 0 <= word < end or 0 <= after("\n", at) < word:
                continue
        body = text[at:end]
        if kind == "bars":
            body = body.removesuffix("~").removesuffix("--").removeprefix("--")
        at = end + len(closing)
        out.append(Comment(start, at, body))
    return out


class _Next:
    """Where a string comes next in a text, remembered, so that openings that nothing closes cost one search in all."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, int] = {}

    def __call__(self, wanted: str, at: int) -> int:
        """Offset of the first ``wanted`` at or after ``at`` (which never goes back), or -1."""
        found = self._found.get(wanted, 0)
        if wanted not in self._found or 0 <= found < at:
            found = self._found[wanted] = self._text.find(wanted, at)
        return found


def parse_directive(body: str) -> tuple[tuple[str, ...], str, str] | None:
    """Codes, reason and verb of a comment's words; None if they are no directive.

    >>> parse_directive("feedbackcheck: ignore KLI001, TON003 avtalt med HR")
    (('KLI001', 'TON003'), 'avtalt med HR', 'ignore')
    """
    match = _DIRECTIVE.match(body)
    if match is None:
        return None
    words = match["rest"].strip().lstrip(":").split()
    codes: list[str] = []
    while words:
        pieces = [p for p in words[0].split(",") if p]
        if not pieces or not all(_CODE.match(p) for p in pieces):
            break
        # A shout («HR ønsker det») is a reason; two letters and no digit are no code of ours.
        if any(len(p) < 3 for p in pieces):
            break
        codes += [p.upper() for p in pieces]
        words.pop(0)
    verb = match["verb"].lower()
    return tuple(codes), " ".join(words).strip(" -–:"), "ignore" if verb in ("disable", "noqa") else verb


def resolve(
    comments: list[Comment], source: str, text: Mapped, *, whole_file: bool = False
) -> list[Directive]:
    """Directives of the comments with the source run that each hides.

    Args:
        comments: by source offset.
        source: what they stand in.
        text: the message's text, whose blank lines end a block.
        whole_file: every ``ignore`` covers the file (front matter).
    """
    spoken = [(c, parsed) for c in comments if (parsed := parse_directive(c.body)) is not None]
    # Misspelt («ignoer KLI001»): it hides nothing, and is told of as such.
    out = [
        Directive((), " ".join(c.body.split()), "line", Span(c.start, c.end), Span(c.start, c.start))
        for c in comments
        if _MEANT.match(c.body) and parse_directive(c.body) is None
    ]
    if not spoken:
        return out
    lines, blocks = _Lines(source, [c for c, _ in spoken]), _Blocks(text)
    for comment, (codes, reason, verb) in spoken:
        where = Span(comment.start, comment.end)
        line_start, end = lines.around(comment)
        own_line = lines.is_alone(comment)
        if verb == "ignore-file" or whole_file:
            out.append(Directive(codes, reason, "file", where, Span(0, len(source))))
        elif verb in ("ignore-block", "ignore-next", "ignore-next-line") or (verb == "ignore" and own_line):
            out.append(Directive(codes, reason, "block", where, blocks.after(comment.end)))
        else:
            out.append(Directive(codes, reason, "line", where, Span(line_start, end)))
    return out


class _Lines:
    """The lines that comments stand in, found once for all of them; no other part of the source is gone over."""

    def __init__(self, source: str, comments: list[Comment]) -> None:
        first, last = min(c.start for c in comments), max(c.end for c in comments)
        self._source = source
        feed = source.rfind("\n", 0, first)
        self._start = max(feed, source.rfind("\r", feed + 1, first)) + 1
        feed = source.find("\n", last)
        feed = len(source) if feed < 0 else feed
        back = source.find("\r", last, feed)
        self._end = feed if back < 0 else back
        self._ends = [m.start() for m in re.compile(r"[\r\n]").finditer(source, first, last)]

    def around(self, comment: Comment) -> tuple[int, int]:
        """Where the line begins in which the comment begins, and where the line ends in which it ends."""
        before = bisect_left(self._ends, comment.start)
        after = bisect_left(self._ends, comment.end)
        return (
            self._ends[before - 1] + 1 if before else self._start,
            self._ends[after] if after < len(self._ends) else self._end,
        )

    def is_alone(self, comment: Comment) -> bool:
        """True if nothing else stands in its lines."""
        source = self._source
        before, after = blanks_before(source, comment.start), blanks_after(source, comment.end)
        start, end = self.around(comment)
        return before <= start and after >= end


class _Blocks:
    """The blocks of a text, found once for all comments that stand before one."""

    def __init__(self, text: Mapped) -> None:
        self._text = text
        self._gaps = [m.start() for m in re.finditer(r"\n(?=[ \t]*\n)", text.text)]
        self._blank = (0, 0)  # white space that was gone over last

    def after(self, source_offset: int) -> Span:
        """The source run of the next block."""
        text, words = self._text, self._text.text
        begun = at = text.text_offset(source_offset)
        if self._blank[0] <= at < self._blank[1]:
            at = self._blank[1]
        while at < len(words) and words[at].isspace():
            at += 1
        self._blank = (begun, at)
        if at >= len(words):
            return Span(source_offset, source_offset)
        gap = bisect_left(self._gaps, at)
        stop = self._gaps[gap] if gap < len(self._gaps) else len(words)
        return Span(min(source_offset, text.source_start(at)), max(source_offset, text.source_end(stop)))
