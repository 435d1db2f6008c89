"""Plain text, with or without front matter, comments and template logic around it."""

from __future__ import annotations

import re

from feedbackcheck.lazy import lazy_re
from feedbackcheck.sources.directives import find_comments
from feedbackcheck.sources.finish import Draft, clean
from feedbackcheck.sources.front_matter import read_front_matter
from feedbackcheck.sources.logic import find_logic, logic_edits
from feedbackcheck.sources.mapped import Edit, Mapped
from feedbackcheck.sources.margins import blanks_after, blanks_before, is_alone
from feedbackcheck.sources.unwrap import unwrap

__all__ = ["flowed", "read_plain", "strip_markup"]


def strip_markup(source: str, *, name: str = "", start: int = 0) -> tuple[Mapped, list]:  # type: ignore[type-arg]
    """The source without front matter, comments and logic, and the comments."""
    comments = [c for c in find_comments(source) if c.start >= start]
    edits: list[Edit] = [(0, start, "")] if start else []
    tags = [t for t in find_logic(source, name=name) if t.start >= start]
    taken: list[Edit] = logic_edits(source, tags)
    for comment in comments:
        if (line := is_alone(source, comment.start, comment.end, start)) is not None:
            taken.append((line[0], min(len(source), line[1] + 1), ""))
        else:
            rest = blanks_after(source, comment.end)
            at_end = rest == len(source) or source[rest] == "\n"
            taken.append(
                (blanks_before(source, comment.start, start) if at_end else comment.start, comment.end, "")
            )
    # The longest first where two begin together, so that a comment's line wins over the tag in it.
    taken.sort(key=lambda e: (e[0], -e[1]))
    return Mapped.whole(source).edit(edits + taken), comments


def read_plain(source: str, *, name: str = "", wrapped: bool = True) -> Draft:
    """A plain-text draft."""
    front = read_front_matter(source, name=name)
    text, comments = strip_markup(source, name=name, start=front.end)
    if wrapped:
        text = unwrap(clean(text))
    return Draft(text, source, "text", comments=comments, front=front, quote_marks=True)


_FLOWED = lazy_re(r"^(?P<quote>>*)(?P<stuffed> ?)(?P<line>[^\n]*)$", re.MULTILINE)


def flowed(text: Mapped, *, delsp: bool = False) -> Mapped:
    """RFC 3676: a line that ends in a space goes on in the next; a leading space was stuffed."""
    edits: list[Edit] = []
    words = text.text
    for match in _FLOWED.finditer(words):
        if match["stuffed"] and match["line"]:
            edits.append((match.start("stuffed"), match.end("stuffed"), ""))
        line = match["line"]
        if line.endswith(" ") and line != "-- " and match.end() < len(words) and not match["quote"]:
            following = words[match.end() + 1 : match.end() + 2]
            if following not in ("\n", ">", ""):
                stuffed = 1 if following == " " else 0
                edits.append((match.end() - 1, match.end() + 1 + stuffed, "" if delsp else " "))
    return text.edit(sorted(edits))
