"""The last steps that every format shares: clean letters, history out, fields found, a Message made."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from feedbackcheck.errors import EmptySourceError
from feedbackcheck.message import Context, Directive, Message, Mode, Span
from feedbackcheck.sources.directives import Comment, resolve
from feedbackcheck.sources.front_matter import FrontMatter
from feedbackcheck.sources.history import without_history
from feedbackcheck.sources.mapped import Edit, Mapped
from feedbackcheck.sources.merge_fields import find_fields, is_placeholder_only

__all__ = ["Draft", "clean", "finish"]


@dataclass(slots=True)
class Draft:
    """What a reader hands over: the text with its map, and what it learnt on the way."""

    text: Mapped
    source: str
    kind: str
    comments: list[Comment] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)  # whose scope the reader knows
    front: FrontMatter = field(default_factory=FrontMatter)
    quoted: list[tuple[int, int]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    paragraphs: tuple[int, ...] = ()
    part: str | None = None
    mail: bool = False
    quote_marks: bool = False
    mode: Mode | None = None
    subject: Span | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    fields: list[Any] = field(
        default_factory=list
    )  # fields that the format itself marks (Word), by text offset


# Invisible letters; soft hyphens and zero-width marks would hide a word from every pattern.
_ODD = re.compile(
    "\r\n?|[\u2028\u2029\x0b\x0c\x85]|[\u00a0\u2007\u202f\u2000-\u200a\u3000]|(?<=\\w)[\u200c\u200d](?=\\w)|[\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]|[\x00-\x08\x0e-\x1f\x7f]|[\ue000-\ue002\ud800-\udfff]"
)
_DECOMPOSED = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")


def clean(text: Mapped) -> Mapped:
    """Line ends to ``\\n``, hard spaces to spaces, invisible marks away, letters composed (macOS writes a + ring)."""
    words = text.text
    if words.isascii() and "\r" not in words and not _ODD.search(words):
        return text
    edits: list[Edit] = []
    for match in _ODD.finditer(words):
        c = match.group()
        if c[0] in "\r\u2028\u2029\x0b\x0c\x85":
            new = "\n"
        elif c in "\u00a0\u2007\u202f\u3000" or "\u2000" <= c <= "\u200a":
            new = " "
        elif "\ud800" <= c <= "\udfff":
            new = "\ufffd"  # half of a pair, which no encoding can write
        else:
            new = ""
        edits.append((match.start(), match.end(), new))
    if not unicodedata.is_normalized("NFC", words):
        edits += [
            (m.start(), m.end(), unicodedata.normalize("NFC", m.group())) for m in _DECOMPOSED.finditer(words)
        ]
        edits.sort()
    return text.edit(edits)


_SUBJECT_LINE = re.compile(
    r"\s*(?:emne|subject|tittel|emnefelt)\s*:[ \t]*+(?P<words>[^\n]*\S)", re.IGNORECASE
)


_GREETING_NAME = re.compile(
    r"^[ \t]*(?:hei|hallo|kjære|hi|dear|god\s+\w+)[ \t]+(?:igjen[ \t,]+|på deg[ \t,]+)?(?P<name>[A-ZÆØÅ][\w'’-]+)",
    re.IGNORECASE | re.MULTILINE,
)
_NOBODY = frozenset({
    "søker", "søkjar", "søkere", "søkarar", "kandidat", "kandidater", "kandidatar", "alle", "dere", "dykk", "deg", "du", "jobbsøker", "jobbsøkjar",
    "igjen", "att", "der", "og", "der!", "på", "til", "applicant", "candidate", "there", "all", "dag", "morgen", "kveld",
})  # fmt: skip


def _greets_by_name(text: str, fields: Sequence[Any]) -> bool:
    """A letter that greets somebody by a plain name is a finished one in which a field was forgotten."""
    match = _GREETING_NAME.search(text[:600])
    if match is None or not match["name"][:1].isupper() or match["name"].lower() in _NOBODY:
        return False
    line_end = text.find("\n", match.end())
    line = Span(match.start(), line_end if line_end >= 0 else len(text))
    return not any(f.span.overlap(line) for f in fields)


def finish(draft: Draft, *, name: str = "", known: Mapping[str, Any] | None = None) -> Message:
    """Make the message.

    Args:
        draft: from a reader; its text is cleaned and history is taken out here.
        name: file name for messages.
        known: fields of Message that the caller decides (id, stage, mode, context …); a context is filled from front
            matter where it has holes.

    Raises:
        EmptySourceError: no word is left.
    """
    given = dict(known or {})
    before = draft.text
    text = clean(before)
    quoted = (
        [(_moved(a, before, text), _moved(b, before, text)) for a, b in draft.quoted]
        if text is not before
        else draft.quoted
    )
    marked = draft.fields
    text, notices = without_history(text, quoted=quoted, mail=draft.mail, quote_marks=draft.quote_marks)
    if not text.text.strip():
        raise EmptySourceError(
            "Ingen tekst å sjekke", where=name or None, fix="Skriv brevet, eller oppgi en annen fil."
        )
    fields = _with_marked(find_fields(text.text), marked, text)
    front = draft.front
    directives: list[Directive] = [*draft.directives, *resolve(draft.comments, draft.source, text)]
    directives += resolve(list(front.comments), draft.source, text, whole_file=True)
    if front.ignore:
        directives.append(
            Directive(front.ignore, "forhåndsdata", "file", Span(0, front.end), Span(0, len(draft.source)))
        )
    mode = front.mode or draft.mode
    if mode is None:
        standing = tuple(fields)
        template = standing and not is_placeholder_only(standing) and not _greets_by_name(text.text, standing)
        mode = Mode.TEMPLATE if template else Mode.MESSAGE
    context = _merged(front.context, given.pop("context", None))
    if draft.extra:
        context = replace(context, extra={**draft.extra, **context.extra})
    subject = draft.subject
    if subject is None:
        match = _SUBJECT_LINE.match(text.text)
        if match is not None:
            subject = Span(match.start("words"), match.end("words"))
    values: dict[str, Any] = {
        "path": name or None,
        "part": draft.part,
        "kind": draft.kind,
        "fields": tuple(fields),
        "subject": subject,
        "mode": mode,
        "stage": context.stage,
        "language": front.language,
        "context": context,
        "directives": tuple(directives),
        "paragraphs": draft.paragraphs,
        "notices": (*draft.notices, *notices),
        "headers": dict(draft.headers),
    }
    values.update({k: v for k, v in given.items() if v is not None})
    return Message(text=text.text, source=draft.source, source_map=text.source_map(), **values)


def _moved(offset: int, before: Mapped, after: Mapped) -> int:
    return after.text_offset(before.source_start(offset)) if offset < len(before.text) else len(after.text)


def _merged(front: Context, given: Context | None) -> Context:
    if given is None or given == Context():
        return front
    if front == Context():
        return given
    from dataclasses import fields

    values = {}
    empty = Context()
    for f in fields(Context):
        wanted = getattr(given, f.name)
        values[f.name] = wanted if wanted != getattr(empty, f.name) else getattr(front, f.name)
    values["extra"] = {**front.extra, **given.extra}
    return Context(**values)


def _with_marked(found: Sequence[Any], marked: Sequence[Any], text: Mapped) -> list[Any]:
    """Fields found by their looks and fields the format marks, without overlap; the format knows best."""
    if not marked:
        return list(found)
    out = []
    for f in marked:
        start, end = text.text_offset(f.span.start), text.text_offset(f.span.end - 1) + 1
        if text.text[start:end] == f.raw:
            out.append(replace(f, span=Span(start, end)))
    out.sort(key=lambda f: f.span)
    ends = [f.span.end for f in out]

    def is_new(f: Any) -> bool:
        at = bisect_right(ends, f.span.start)
        return at == len(out) or not f.span.overlap(out[at].span)

    return sorted([*out, *filter(is_new, found)], key=lambda f: f.span)
