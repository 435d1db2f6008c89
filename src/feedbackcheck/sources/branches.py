"""Which runs of a template only some readers get: the branches of ``{% if %}`` and its like.

An edit may change words in a branch, but a branch must not lose all its words, and what every reader is to get may not
be put into one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from feedbackcheck.errors import SourceError
from feedbackcheck.message import Span
from feedbackcheck.sources.logic import Tag, find_logic

__all__ = ["Choice", "choices", "has_words"]

# Blocks that every reader gets: «{% block innhold %}», «{% with %}», «{% autoescape %}».
_ALWAYS = frozenset({
    "block", "macro", "call", "filter", "with", "autoescape", "trans", "blocktrans", "blocktranslate", "capture", "spaceless", "apply", "sandbox", "embed",
    "comment", "raw", "verbatim", "form", "style", "schema", "set", "#macro", "#escape", "#function", "#compress", "#noparse",
})  # fmt: skip
_ALWAYS_GO = re.compile(r"\{\{-?\s*(?:with|define|block|template)\b")
_ALWAYS_HANDLEBARS = re.compile(r"\{\{~?\s*#[>*]|\{\{~?\s*#with\b")
_ERB_OPEN = re.compile(r"<%-?\s*(?:if|unless|case|for|while)\b|<%[^%]*(?:\{|\bdo(?:\s*\|[^|]*\|)?)\s*-?%>")
_ERB_CLOSE = re.compile(r"<%-?\s*(?:end\b|\}\s*-?%>)")


@dataclass(frozen=True, slots=True)
class Choice:
    """A block of the source that not every reader gets, its tags included, and the branches in it."""

    span: Span
    branches: tuple[Span, ...]


def _kind(tag: Tag) -> str:
    if tag.kind == "statement" and tag.raw.startswith("<%"):
        if _ERB_CLOSE.match(tag.raw):
            return "close"
        return "open" if _ERB_OPEN.match(tag.raw) else "statement"
    return tag.kind


def _always(tag: Tag) -> bool:
    return (
        tag.word in _ALWAYS
        or _ALWAYS_GO.match(tag.raw) is not None
        or _ALWAYS_HANDLEBARS.match(tag.raw) is not None
    )


@lru_cache(maxsize=8)
def choices(source: str) -> tuple[Choice, ...]:
    """All choices in a source, those inside others too, in the order in which they begin."""
    try:
        tags = find_logic(source)
    except SourceError:
        return ()
    out: list[Choice] = []
    stack: list[
        tuple[Tag, list[int]]
    ] = []  # the opening tag, and where each branch begins and the one before ends
    for tag in tags:
        kind = _kind(tag)
        if kind == "open":
            stack.append((tag, [tag.end]))
        elif kind == "middle" and stack:
            stack[-1][1].extend((tag.start, tag.end))
        elif kind == "close" and stack:
            opening, bounds = stack.pop()
            if not _always(opening):
                bounds.append(tag.start)
                branches = tuple(Span(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True))
                out.append(Choice(Span(opening.start, tag.end), branches))
    return tuple(sorted(out, key=lambda c: c.span))


_NO_WORDS = re.compile(
    r"<!--.*?-->|<[^<>]*>|\{%.*?%\}|\{#.*?#\}|\{\{[~-]?\s*[#/^!>][^{}]*\}\}|<%.*?%>|\*\|(?:IF|ELSE|END)[^|]*\|\*",
    re.DOTALL,
)


def has_words(source: str) -> bool:
    """True if a run of source says anything to the reader: words or merge fields besides tags and logic."""
    return re.search(r"\w", _NO_WORDS.sub(" ", source)) is not None
