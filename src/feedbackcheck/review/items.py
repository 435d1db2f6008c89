"""Plain data that travels between the reader, the workers and the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["Counts", "Item", "ItemKind", "Outcome", "Status"]


class ItemKind(StrEnum):
    """How the bytes of an item are to be read."""

    LABELLED = "labelled"  # a JSON line with id, text, lang, stage, mode, context
    MAIL = "mail"  # one RFC 5322 message
    MSG = "msg"  # one Outlook file
    ROW = "row"  # a table row as a JSON object of known fields


class Status(StrEnum):
    """What became of an item; read = scored + other + failed."""

    SCORED = "scored"
    OTHER = "other"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One message as its source holds it.

    Attributes:
        position: where it stands, for people: «byte 10240», «linje 7», a path.
        data: its bytes (of a very large mail: without the bulk of its attachments).
        cursor: where the source can go on after it, for the journal; None where it starts over instead.
        token: identifies the file it came from without reading it (folders only).
        error: why it could not be read; ``data`` then identifies it all the same.
    """

    position: str
    kind: ItemKind
    data: bytes
    cursor: str | None = None
    token: int | None = None
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a worker found out about one item: codes, numbers, offsets and pseudonyms.

    ``id`` and ``report`` go to output files that the user asks for, never into the store; ``text`` and ``phrases`` are
    only filled where the user allowed it.
    """

    status: Status
    position: str
    id: str
    reason: str = ""  # of a failure
    kind: str = ""  # of other mail
    language: str = ""
    stage: str = ""
    stage_source: str = ""
    mode: str = ""
    score: int | None = None
    grade: str = ""
    parts: tuple[int, ...] = ()
    findings: tuple[tuple[str, str, int | None, int | None, float], ...] = ()  # code, severity, start, end, p
    ingredients: tuple[str, ...] = ()
    gains: tuple[tuple[str, int], ...] = ()  # code, points that the score would rise without it
    words: int = 0
    sent_on: str | None = None
    days: int | None = None
    sender: str | None = None
    department: str | None = None
    job: str | None = None
    people: tuple[str, ...] = ()  # pseudonyms that --forget looks for
    sketch: tuple[int, ...] = ()
    phrases: tuple[str, ...] = ()  # anonymised words of each finding
    text: str | None = None
    report: dict[str, Any] | None = None


@dataclass(slots=True)
class Counts:
    """Counts of one run or one store."""

    read: int = 0
    scored: int = 0
    other: int = 0
    failed: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        self.read += 1
        if outcome.status is Status.SCORED:
            self.scored += 1
        elif outcome.status is Status.OTHER:
            self.other += 1
            self.kinds[outcome.kind] = self.kinds.get(outcome.kind, 0) + 1
        else:
            self.failed += 1

    def to_dict(self) -> dict[str, int]:
        """The contract's ``counts`` object."""
        return {"read": self.read, "scored": self.scored, "other": self.other, "failed": self.failed}

    def line(self) -> str:
        """The line that ends every summary."""
        return f"lest {self.read} = vurdert {self.scored} + annet {self.other} + feilet {self.failed}"
