"""Puts suggestions into files: safe ones by ``--fix``, unsafe ones when asked for.

An edit is made only where the source reads exactly like the text, so that tags, entities and escapes are never broken,
and the new words are escaped for the format they go into.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedbackcheck.findings import Applicability
from feedbackcheck.message import Message, Span
from feedbackcheck.report import Report

__all__ = [
    "FIXABLE_KINDS",
    "Edit",
    "apply_edits",
    "edits_for",
    "escape_for",
    "file_edit",
    "with_line_ends",
    "write_back",
]

#: Formats whose file content is the message's source, so that an edit can be written back.
FIXABLE_KINDS = frozenset({"text", "markdown", "html", "mjml", "json", "yaml"})


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace a run of the source by ``text``."""

    start: int
    end: int
    text: str
    code: str = ""


# Quotes, escapes, and what ends a plain scalar or begins a comment: how they must be written depends on the quoting.
_RISKY_IN_YAML = re.compile(r"""["'\\\n]|:(?:\s|$)|\s#|[\[\]{},&*!|>%@`]""")


def _fits(kind: str, text: str) -> bool:
    """True if ``text`` can be put into a file of ``kind`` without knowing how the value around it is quoted."""
    if kind == "yaml":
        return not _RISKY_IN_YAML.search(text)
    return kind != "json" or "\n" not in text


def escape_for(kind: str, text: str, source: str = "ø") -> str:
    """``text`` as it must stand in a file of ``kind``, whose content is ``source``.

    A file that writes its letters as entities or escapes may not say which encoding it has, so it gets no bare «ø».
    """
    if kind in ("html", "mjml"):
        escaped = html.escape(text, quote=False)
        return escaped.encode("ascii", "xmlcharrefreplace").decode() if source.isascii() else escaped
    if kind == "json":
        return json.dumps(text, ensure_ascii=source.isascii())[1:-1]
    return text


def with_line_ends(kind: str, text: str, source: str, place: Span) -> str:
    """``text`` with its line breaks as the file has them: markup in HTML, else the file's own line ends."""
    if kind in ("html", "mjml"):
        text = as_markup(text, source[: place.start], source[place.end :])
    own = "\r\n" if "\r\n" in source else "\r" if "\r" in source and "\n" not in source else "\n"
    return text if own == "\n" else re.sub(r"\r?\n", own, text)


def as_markup(text: str, before: str, after: str) -> str:
    """Line breaks of an insertion as markup: paragraphs where it stands at the edge of one, else line breaks."""
    inside = re.search(r"<p\b[^>]*>(?:(?!</p>).)*$", before, re.IGNORECASE | re.DOTALL) is not None
    at_edge = re.match(r"\s*</p>", after, re.IGNORECASE) or re.search(
        r"<p\b[^>]*>\s*$", before, re.IGNORECASE
    )
    paragraph = "</p>\n<p>" if inside and at_edge else "<br><br>"
    return re.sub(r"\n\n|\n", lambda m: paragraph if len(m.group()) == 2 else "<br>", text)


def may_replace(message: Message, span: Span) -> bool:
    """True if nothing but words stands in the source of ``span``: no tag, no template logic, no comment."""
    if message.source_map.is_verbatim(span):
        return True
    run = message.source_map.span(span).of(message.source)
    words = span.of(message.text)
    if message.kind in ("html", "mjml"):
        return "<" not in run and html.unescape(run).split() == words.split()
    if message.kind == "json":
        try:
            return bool(json.loads(f'"{run}"', strict=False) == words)
        except ValueError:
            return False
    # Lines that were broken at a width, and blanks: nothing that the edit could lose.
    return run.split() == words.split()


def file_edit(message: Message, span: Span, text: str, code: str = "") -> Edit | None:
    """The edit of the file that puts ``text`` in place of a text span; None where it would break what stands there.

    Every edit of a file goes through here, whoever asked for it. White space at the ends of the span is left out of the
    edit where mark-up stands in its source («</p><p>» between two paragraphs).
    """
    if message.kind not in FIXABLE_KINDS or not _fits(message.kind, text):
        return None
    if len(span) and not may_replace(message, span):
        words = span.of(message.text)
        inner = Span(
            span.end - len(words.lstrip()),
            max(span.end - len(words.lstrip()), span.start + len(words.rstrip())),
        )
        if inner == span or not len(inner) or not may_replace(message, inner):
            return None
        span, text = inner, text.strip()
    source = message.source_map.span(span)
    if not len(span) and span.start:
        # An insertion belongs to the words before it, not after the markup that follows.
        end = message.source_map.end(span.start)
        source = Span(end, end)
    text = escape_for(message.kind, text, message.source)
    if not text and message.kind in ("html", "mjml"):
        source = emptied(message.source, source)
    return Edit(source.start, source.end, with_line_ends(message.kind, text, message.source, source), code)


_OPENING = re.compile(r"<(p|li|div)\b[^<>]*>\s*$", re.IGNORECASE)


def emptied(source: str, place: Span) -> Span:
    """What to delete when the words at ``place`` go: their paragraph too, with its line, if it holds nothing else."""
    # Only an opening tag directly before the words counts, so a short look back is enough however large the file is.
    opening = _OPENING.search(source, max(0, place.start - 2_000), place.start)
    if opening is None:
        return place
    closing = re.compile(rf"\s*</{opening[1]}\s*>\s*", re.IGNORECASE).match(source, place.end)
    return Span(opening.start(), closing.end()) if closing else place


def edits_for(report: Report, *, unsafe: bool = False) -> list[Edit]:
    """The edits of a report's suggestions that may be made without asking, in order and without overlap.

    The first applicable suggestion of each finding is taken; of overlapping edits the first stands.
    """
    message = report.message
    allowed = {Applicability.SAFE} | ({Applicability.UNSAFE} if unsafe else set())
    edits: list[Edit] = []
    said: set[str] = set()
    for finding in report.findings:
        for suggestion in finding.suggestions:
            span = suggestion.span or finding.span
            if suggestion.applicability not in allowed or span is None or suggestion.needs:
                continue
            edit = file_edit(message, span, suggestion.text, finding.code)
            if edit is None:
                continue
            # Two sentences with the same fault may be offered the same whole sentence; a letter says it once.
            if suggestion.text in said:
                break
            if suggestion.text.rstrip().endswith((".", "!", "?")):
                said.add(suggestion.text)
            edits.append(edit)
            break
    return without_overlap(edits)


def without_overlap(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in order, each beginning where the one before has ended or later."""
    out: list[Edit] = []
    for edit in sorted(set(edits)):
        if not out or edit.start >= out[-1].end:
            out.append(edit)
    return out


def apply_edits(source: str, edits: Sequence[Edit]) -> str:
    """The source with the edits made."""
    parts, at = [], 0
    for edit in edits:
        parts += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, source[at:]])


def write_back(path: Path, before: str, after: str) -> None:
    """Replace a file's content ``before`` by ``after`` in the file's encoding, if nothing else is lost by it.

    Raises:
        SourceError: the file has changed since it was read, or holds bytes that are no text.
        UsageError: it cannot be written.
    """
    from feedbackcheck.errors import SourceError
    from feedbackcheck.files import write_atomically
    from feedbackcheck.sources import encode_like_bytes, read_limited

    data = read_limited(path)
    if encode_like_bytes(before, data, name=str(path)) != data:
        raise SourceError(
            "Filen er ikke rettet: den er endret underveis, eller har tegn som ville gått tapt",
            where=str(path),
            fix="Lagre den som UTF-8 og prøv igjen.",
        )
    write_atomically(path, encode_like_bytes(after, data, name=str(path)))
