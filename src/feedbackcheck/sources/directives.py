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
from dataclasses import dataclass

from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Directive, Span
from feedbackcheck.sources.mapped import Mapped

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
    out: list[Directive] = []
    for comment in comments:
        parsed = parse_directive(comment.body)
        where = Span(comment.start, comment.end)
        if parsed is None:
            if _MEANT.match(comment.body):
                # Misspelt («ignoer KLI001»): it hides nothing, and is told of as such.
                nothing = Span(where.start, where.start)
                out.append(Directive((), " ".join(comment.body.split()), "line", where, nothing))
            continue
        codes, reason, verb = parsed
        line_start = max(source.rfind("\n", 0, comment.start), source.rfind("\r", 0, comment.start)) + 1
        line_end = re.compile(r"[\r\n]|\Z").search(source, comment.end)
        end = line_end.start() if line_end else len(source)
        own_line = not source[line_start : comment.start].strip() and not source[comment.end : end].strip()
        if verb == "ignore-file" or whole_file:
            out.append(Directive(codes, reason, "file", where, Span(0, len(source))))
        elif verb in ("ignore-block", "ignore-next", "ignore-next-line") or (verb == "ignore" and own_line):
            out.append(Directive(codes, reason, "block", where, _next_block(text, comment.end)))
        else:
            out.append(Directive(codes, reason, "line", where, Span(line_start, end)))
    return out


def _next_block(text: Mapped, source_offset: int) -> Span:
    words = text.text
    at = text.text_offset(source_offset)
    while at < len(words) and words[at].isspace():
        at += 1
    if at >= len(words):
        return Span(source_offset, source_offset)
    gap = re.compile(r"\n[ \t]*\n|\Z").search(words, at)
    stop = gap.start() if gap else len(words)
    return Span(min(source_offset, text.source_start(at)), max(source_offset, text.source_end(stop)))
