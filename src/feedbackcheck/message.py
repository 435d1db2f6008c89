"""Plain data that every room shares: a message, where it came from, and what is known about it.

Nothing here reads files, knows a rule or imports anything heavy.

Two coordinate systems exist. *Text* offsets count Unicode code points in :attr:`Message.text`, the words that the
recipient reads (no tags, no template logic, entities decoded, soft line breaks joined, quoted history left out).
*Source* offsets count code points in :attr:`Message.source`, the content that the user has open in an editor.
:class:`SourceMap` leads from the first to the second. All analysis works on text offsets; reports show source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

__all__ = [
    "Context",
    "Directive",
    "FieldRole",
    "Location",
    "MergeField",
    "Message",
    "Mode",
    "Piece",
    "Severity",
    "SourceMap",
    "Span",
    "Stage",
]


class Stage(StrEnum):
    """How far the candidate came; the later, the more precise the feedback must be."""

    SOKNAD = "soknad"
    INTERVJU = "intervju"
    FINALE = "finale"
    TELEFON = "telefon"


class Mode(StrEnum):
    """A finished message, or a template whose merge fields are meant to stand."""

    MESSAGE = "message"
    TEMPLATE = "template"


class Severity(StrEnum):
    """How much a finding weighs for the exit code."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for hint."""
        return ("error", "warning", "hint").index(self.value)


class FieldRole(StrEnum):
    """What a merge field stands for, told by its name."""

    NAME = "name"
    POSITION = "position"
    COMPANY = "company"
    SENDER = "sender"
    CONTACT = "contact"
    REASON = "reason"
    STRENGTH = "strength"
    DEVELOPMENT = "development"
    REQUIREMENT = "requirement"
    DATE = "date"
    NUMBER = "number"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __bool__(self) -> bool:
        # An empty span is a place all the same: «suggestion.span or finding.span» must keep it.
        return True

    def overlap(self, other: Span) -> int:
        """Number of code points that both cover (0 if none)."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Location:
    """A place as an editor shows it: 1-based line and column (column in code points)."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and the run of source it came from.

    ``verbatim`` runs map code point by code point. Others (a decoded entity, a joined line break, an inserted
    paragraph mark) map as a whole: any place in them leads to the whole source run.
    """

    text: Span
    source: Span
    verbatim: bool = True


class SourceMap:
    """Leads from text offsets to source offsets.

    ``pieces`` cover the text from 0 to its length without holes, in order; their source runs may skip parts of the
    source and, in rare formats, stand in another order.
    """

    # Plain tuples (text start, text end, source start, source end, verbatim): a large page has 200,000 of them.
    __slots__ = ("_pieces", "_runs", "_starts")

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._set([(p.text.start, p.text.end, p.source.start, p.source.end, p.verbatim) for p in pieces])

    def _set(self, runs: Sequence[tuple[int, int, int, int, bool]]) -> None:
        self._runs = [run for run in runs if run[1] > run[0]]
        self._starts = [run[0] for run in self._runs]
        self._pieces: tuple[Piece, ...] | None = None

    @classmethod
    def of_runs(cls, runs: Sequence[tuple[int, int, int, int, bool]]) -> SourceMap:
        """A map of (text start, text end, source start, source end, verbatim), as the readers collect them."""
        self = cls(())
        self._set(runs)
        return self

    @classmethod
    def identity(cls, length: int) -> SourceMap:
        """The map of a text that is its own source."""
        return cls.of_runs([(0, length, 0, length, True)])

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The runs, as objects."""
        if self._pieces is None:
            self._pieces = tuple(Piece(Span(a, b), Span(c, d), v) for a, b, c, d, v in self._runs)
        return self._pieces

    def start(self, offset: int) -> int:
        """Source offset of the code point at text ``offset``."""
        if not self._runs:
            return 0
        a, b, c, d, verbatim = self._runs[max(0, bisect_right(self._starts, offset) - 1)]
        if verbatim:
            return c + min(offset - a, d - c)
        return c if offset < b else d

    def end(self, offset: int) -> int:
        """Source offset just past the code point before text ``offset`` (for the end of a span)."""
        if offset <= 0 or not self._runs:
            return self.start(0)
        a, _, c, d, verbatim = self._runs[max(0, bisect_right(self._starts, offset - 1) - 1)]
        return c + min(offset - a, d - c) if verbatim else d

    def span(self, span: Span) -> Span:
        """The source run of a text span; an empty span stays empty."""
        start = self.start(span.start)
        if span.end <= span.start:
            return Span(start, start)
        end = self.end(span.end)
        return Span(start, end) if end >= start else Span(end, start)

    def is_verbatim(self, span: Span) -> bool:
        """True if the source of ``span`` reads exactly like the text, so that an edit may replace it."""
        start, end = self.start(span.start), self.end(span.end)
        if end - start != len(span):
            return False
        at = None
        for index in range(max(0, bisect_right(self._starts, span.start) - 1), len(self._runs)):
            a, _, c, d, verbatim = self._runs[index]
            if a >= span.end:
                break
            # Runs that stand in another order in the source may add up to the right length all the same.
            if not verbatim or at not in (None, c):
                return False
            at = d
        return True


@dataclass(frozen=True, slots=True)
class MergeField:
    """A merge field in the text: ``[fornavn]``, ``{{candidate.first_name}}``, ``*|FNAME|*`` …"""

    span: Span
    raw: str
    name: str
    role: FieldRole
    syntax: str
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Directive:
    """An inline ``feedbackcheck: ignore`` comment; ``source`` is where it stands, ``scope`` what it hides."""

    codes: tuple[str, ...]
    reason: str
    scope: str  # "line", "block" or "file"
    source: Span
    covers: Span  # source run in which findings are hidden


_CONTEXT_KEYS = (
    "candidate_name", "company", "position", "sender", "applicants", "deadline", "interviewed_on", "decided_on",
    "sent_on", "requirements", "notes", "scorecard", "advert", "detail_wanted", "called_first", "public_sector",
    "applicant_language",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known about the candidate and the process; every key is optional (see the JSON contract).

    Dates are :class:`datetime.date`. Unknown keys are kept in ``extra`` and ignored.
    """

    stage: Stage | None = None
    candidate_name: str | None = None
    company: str | None = None
    position: str | None = None
    sender: str | None = None
    applicants: int | None = None
    deadline: date | None = None
    interviewed_on: date | None = None
    decided_on: date | None = None
    sent_on: date | None = None
    requirements: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    scorecard: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    advert: str | None = None
    detail_wanted: str | None = None  # "short" or "full"
    called_first: bool | None = None
    public_sector: bool | None = None
    applicant_language: str | None = None  # "nb" or "nn"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any] | None, *, where: str = "context") -> Context:
        """Build a context from parsed JSON, YAML or TOML.

        Raises:
            ContextError: a known key has a value of the wrong kind.
        """
        return _context_from_mapping(cls, data or {}, where)

    def to_mapping(self) -> dict[str, Any]:
        """The keys that are set, in JSON terms."""
        out: dict[str, Any] = {}
        for key in ("stage", *_CONTEXT_KEYS):
            value = getattr(self, key)
            if value is None or value == () or value == {}:
                continue
            out[key] = (
                value.isoformat()
                if isinstance(value, date)
                else list(value)
                if isinstance(value, tuple)
                else value
            )
        return {**out, **self.extra}


def _context_from_mapping(cls: type[Context], data: Mapping[str, Any], where: str) -> Context:
    from feedbackcheck.errors import ContextError

    def bad(key: str, wanted: str) -> ContextError:
        return ContextError(f"«{key}» må være {wanted}, ikke {data[key]!r}", where=where)

    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, value in data.items():
        if value is None:
            continue
        if key == "stage":
            if value not in Stage.__members__.values():
                raise bad(key, "soknad, intervju, finale eller telefon")
            values[key] = Stage(value)
        elif key in ("candidate_name", "company", "position", "sender", "advert"):
            if not isinstance(value, str):
                raise bad(key, "tekst")
            if value.strip():
                values[key] = value.strip()
        elif key == "applicants":
            if isinstance(value, bool) or not str(value).strip().isdecimal() or len(str(value).strip()) > 9:
                raise bad(key, "et helt tall")
            values[key] = int(value)
        elif key in ("deadline", "interviewed_on", "decided_on", "sent_on"):
            try:
                # datetime is a date too, and YAML and TOML both give parsed dates; a time of day is left out.
                day = value.isoformat() if isinstance(value, date) else str(value)
                values[key] = date.fromisoformat(day.strip().replace("T", " ").partition(" ")[0])
            except ValueError:
                raise bad(key, "en dato på formen ÅÅÅÅ-MM-DD") from None
        elif key in ("requirements", "notes"):
            items = [value] if isinstance(value, str) else value
            if not isinstance(items, list | tuple) or not all(isinstance(x, str) for x in items):
                raise bad(key, "en liste av tekster")
            values[key] = tuple(x.strip() for x in items if x.strip())
        elif key == "scorecard":
            if not isinstance(value, Mapping):
                raise bad(key, "en tabell {kompetanse: {score, note}}")
            values[key] = {
                str(k): dict(v) if isinstance(v, Mapping) else {"score": v} for k, v in value.items()
            }
        elif key in ("called_first", "public_sector"):
            if not isinstance(value, bool):
                raise bad(key, "true eller false")
            values[key] = value
        elif key == "detail_wanted":
            if value not in ("short", "full"):
                raise bad(key, "short eller full")
            values[key] = value
        elif key == "applicant_language":
            if value not in ("nb", "nn"):
                raise bad(key, "nb eller nn")
            values[key] = value
        else:
            extra[str(key)] = value
    return cls(**values, extra=extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One draft, template or sent mail, ready to be analysed.

    Attributes:
        text: what the recipient reads; a line break ends a line or block, never stands inside a sentence.
        source: the decoded content that source offsets count in (for mail: the decoded body part).
        fields: merge fields by text offset, in order, not overlapping.
        subject: text span of the subject line's words, if the text holds one.
        kind: "text", "markdown", "html", "mjml", "docx", "eml", "msg", "json", "yaml".
        part: which part of a container ``source`` is (a MIME part, a JSON pointer, "paragraph" for Word).
        paragraphs: for formats without editor lines: source offset of each paragraph's start.
        origin_line, origin_column: where ``source`` begins in the file, when it is a piece of a larger file whose
            lines the user sees as they are (both 1-based).
        mode: what the reader believes from merge fields and format; an option overrules it.
        notices: things the user should know («sitert historikk er utelatt»).
        headers: for mail: ``subject``, ``from``, ``to``, ``date``, decoded; weak evidence for the context.
    """

    text: str
    source: str
    source_map: SourceMap
    id: str = ""
    path: str | None = None
    part: str | None = None
    kind: str = "text"
    fields: tuple[MergeField, ...] = ()
    subject: Span | None = None
    mode: Mode = Mode.MESSAGE
    stage: Stage | None = None
    language: str | None = None
    context: Context = field(default_factory=Context)
    directives: tuple[Directive, ...] = ()
    paragraphs: tuple[int, ...] = ()
    origin_line: int = 1
    origin_column: int = 1
    notices: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    # Found when first asked for; the messages of one file share it.
    _lines: list[int] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def from_text(cls, text: str, **known: Any) -> Message:
        """A message whose text is its own source; merge fields must be given by the caller (see ``sources``)."""
        return cls(text=text, source=text, source_map=SourceMap.identity(len(text)), **known)

    def locate(self, source_offset: int) -> Location:
        """Line and column of a source offset, as the user's editor counts them (paragraph for Word and Outlook)."""
        if self.paragraphs:
            index = max(0, bisect_right(self.paragraphs, source_offset) - 1)
            return Location(index + 1, source_offset - self.paragraphs[index] + 1)
        starts = self._line_starts()
        line = bisect_right(starts, source_offset)
        column = source_offset - starts[line - 1] + 1
        if line == 1:
            return Location(self.origin_line, column + self.origin_column - 1)
        return Location(self.origin_line + line - 1, column)

    def _line_starts(self) -> list[int]:
        """Source offset of each line's first letter."""
        if not self._lines:
            # An editor ends a line at \n, \r\n and a lone \r.
            self._lines[:] = [0, *(m.end() for m in re.finditer("\r\n?|\n", self.source))]
        return self._lines
