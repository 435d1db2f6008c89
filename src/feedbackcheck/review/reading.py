"""From an item to a message and what is known about it: context, people, dates. One function a kind of item."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feedbackcheck.errors import FeedbackcheckError, MalformedSourceError
from feedbackcheck.message import Context, Message, Mode, Stage
from feedbackcheck.review.items import Item, ItemKind

__all__ = ["Body", "Facts", "Reading", "read_labelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What headers and columns tell of one message, beside its context.

    ``people`` are the identifiers by which somebody can ask to be forgotten, in the clear: they leave the process only
    as pseudonyms.
    """

    id: str
    people: tuple[str, ...] = ()
    sender: str | None = None
    department: str | None = None
    sent_on: date | None = None
    job: str | None = None
    other_kind: str = ""  # told by headers alone: an automatic reply, a bounce …


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The decoded body of a message, before history and footers are taken out.

    Its code points are what offsets in the output count. ``form`` is "text" or "html".
    """

    text: str
    form: str
    part: str | None = None
    flowed: bool = False
    delsp: bool = False
    mail: bool = True
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message ready to be analysed: either a finished ``message``, or a ``body`` still to be made one."""

    facts: Facts
    context: Context = field(default_factory=Context)
    message: Message | None = None
    body: Body | None = None


def read_labelled(item: Item) -> Reading:
    """A line of a labelled corpus: the text is its own source, nothing is joined or left out.

    Raises:
        FeedbackcheckError: not JSON, no text, or a value of the wrong kind.
    """
    from feedbackcheck.sources.merge_fields import find_fields, is_placeholder_only

    row = parse_object(item)
    identity = str(row.get("id") if row.get("id") is not None else item.position)
    try:
        text = row.get("text")
        if not isinstance(text, str):
            raise MalformedSourceError("«text» mangler eller er ikke tekst")
        context = Context.from_mapping(_object(row, "context"))
        fields = tuple(find_fields(text))
        mode = row.get("mode")
        if mode is None:
            mode = Mode.TEMPLATE if fields and not is_placeholder_only(fields) else Mode.MESSAGE
        elif mode not in list(Mode):
            raise MalformedSourceError(f"«mode» er {mode!r}, ikke message eller template")
        stage = row.get("stage")
        if stage is not None and stage not in list(Stage):
            raise MalformedSourceError(f"«stage» er {stage!r}, ikke soknad, intervju, finale eller telefon")
        message = Message.from_text(
            text,
            id=identity,
            fields=fields,
            mode=Mode(mode),
            stage=Stage(stage) if stage else None,
            language=row["lang"] if row.get("lang") in ("nb", "nn") else None,
            context=context,
        )
    except FeedbackcheckError as error:
        error.add_note(identity)
        raise
    people = tuple(p for p in (identity, context.candidate_name) if p)
    facts = Facts(
        id=identity, people=people, sender=context.sender, sent_on=context.sent_on, job=context.position
    )
    return Reading(facts=facts, context=context, message=message)


def parse_object(item: Item) -> dict[str, Any]:
    """The JSON object of a line or row."""
    try:
        row = json.loads(item.data)
    except (ValueError, RecursionError) as error:
        raise MalformedSourceError(f"Ikke gyldig JSON ({getattr(error, 'msg', 'for dypt nøstet')})") from None
    if not isinstance(row, dict):
        raise MalformedSourceError("Linjen er ikke et JSON-objekt")
    return row


def _object(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise MalformedSourceError(f"«{key}» er ikke et objekt")
    return value


def read(item: Item, table: Any = None) -> Reading:
    """Read an item by its kind; ``table`` joins a context table to it."""
    if item.kind is ItemKind.LABELLED:
        return read_labelled(item)
    if item.kind is ItemKind.ROW:
        from feedbackcheck.review.rows import read_row

        return read_row(item, table)
    from feedbackcheck.review.mail import read_mail, read_msg

    return read_mail(item, table) if item.kind is ItemKind.MAIL else read_msg(item, table)
