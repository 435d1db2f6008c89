"""One row of a table export: the letter in a column, the facts in others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from feedbackcheck.errors import ContextError, MalformedSourceError
from feedbackcheck.message import Context, Stage
from feedbackcheck.review.columns import parse_day
from feedbackcheck.review.items import Item
from feedbackcheck.review.reading import Body, Facts, Reading, parse_object

__all__ = ["context_of", "read_row", "stage_of"]

_HTML = re.compile(r"<(?:p|br|div|html|body|table|span|td|li|a|strong|b|i)\b[^>]*>", re.IGNORECASE)
_STAGES = (
    (Stage.TELEFON, re.compile(r"telefon|ring|phone|call", re.IGNORECASE)),
    (Stage.FINALE, re.compile(r"final|siste|andre?gangs|2\.?\s?gangs|second|annengang", re.IGNORECASE)),
    (Stage.INTERVJU, re.compile(r"intervju|interview|samtale|møte|case", re.IGNORECASE)),
    (Stage.SOKNAD, re.compile(r"søk|sok|appl|screen|cv|vurder|ny|new|inbox|mottatt", re.IGNORECASE)),
)
_TRUE = frozenset({"ja", "yes", "true", "1", "x", "sann"})


def stage_of(value: Any) -> Stage | None:
    """The stage that an applicant system's own name for it means; None if it says nothing."""
    text = str(value or "").strip()
    return next((stage for stage, words in _STAGES if words.search(text)), None)


def context_of(row: Mapping[str, Any]) -> Context:
    """The context that a row's fields tell; a cell that makes no sense is passed over, for the letter still counts."""
    values: dict[str, Any] = {}
    for key in ("candidate_name", "company", "position"):
        if isinstance(row.get(key), str) and row[key].strip():
            values[key] = row[key].strip()
    if "candidate_name" not in values:
        parts = [str(row[k]).strip() for k in ("first_name", "last_name") if row.get(k)]
        if parts:
            values["candidate_name"] = " ".join(parts)
    sender = row.get("sender")
    if isinstance(sender, str) and sender.strip() and "@" not in sender:
        values["sender"] = sender.strip()
    for key in ("deadline", "interviewed_on", "decided_on", "sent_on"):
        day = parse_day(row[key]) if row.get(key) not in (None, "") else None
        if day is not None:
            values[key] = day
    applicants = row.get("applicants")
    if isinstance(applicants, int | float) or str(applicants or "").strip().isdigit():
        values["applicants"] = int(applicants)  # type: ignore[arg-type]
    for key in ("notes", "requirements"):
        value = row.get(key)
        if isinstance(value, str):
            value = [v for v in re.split(r"[;\n|]", value) if v.strip()]
        if value:
            values[key] = value
    if row.get("called_first") not in (None, ""):
        values["called_first"] = str(row["called_first"]).strip().casefold() in _TRUE
    if row.get("detail_wanted") in ("short", "full"):
        values["detail_wanted"] = row["detail_wanted"]
    language = str(row.get("applicant_language") or "").strip().casefold()
    if language in ("nb", "bokmål", "norsk bokmål", "nb-no"):
        values["applicant_language"] = "nb"
    elif language in ("nn", "nynorsk", "norsk nynorsk", "nn-no"):
        values["applicant_language"] = "nn"
    if (stage := stage_of(row.get("stage"))) is not None:
        values["stage"] = stage
    try:
        return Context.from_mapping(values)
    except ContextError:
        return Context()


def read_row(item: Item, table: Any = None) -> Reading:
    """A row of an export.

    Raises:
        FeedbackcheckError: it holds no letter.
    """
    row = parse_object(item)
    identity = str(row["id"]) if row.get("id") not in (None, "") else item.position
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        error = MalformedSourceError("Raden har ingen brevtekst")
        error.add_note(identity)
        raise error
    context = context_of(row)
    people = [identity, *(str(row[k]) for k in ("email",) if row.get(k)), context.candidate_name or ""]
    facts = Facts(
        id=identity,
        people=tuple(p for p in people if p),
        sender=str(row["sender"]) if row.get("sender") else None,
        department=str(row["department"]) if row.get("department") else None,
        sent_on=context.sent_on,
        job=context.position,
    )
    if table is not None:
        context, facts = table.join(context, facts)
    body = Body(
        text=text.replace("\r\n", "\n").replace("\r", "\n"),
        form="html" if _HTML.search(text[:4000]) else "text",
        subject=str(row.get("subject") or ""),
    )
    return Reading(facts=replace(facts, sent_on=context.sent_on), context=context, body=body)
