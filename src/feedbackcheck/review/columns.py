"""Which column of a table means what: by ``--map``, else guessed from Norwegian and English headers (data file)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from feedbackcheck.errors import SourceError, UsageError

__all__ = [
    "FIELDS",
    "Guess",
    "check_fields",
    "column_list",
    "fitting",
    "guess",
    "guess_columns",
    "known_names",
    "parse_day",
    "record",
    "titles",
    "unique",
]


@cache
def _data() -> dict[str, Any]:
    import tomllib

    return tomllib.loads((resources.files("feedbackcheck") / "data" / "columns.toml").read_text("utf-8"))


def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = _data()["fields"]
    return names


def titles() -> dict[str, str]:
    """The fields that a person is asked about, in order, with their names for people."""
    names: dict[str, str] = _data()["titles"]
    return names


def FIELDS() -> tuple[str, ...]:
    """Fields that a column can be mapped to."""
    return tuple(_names())


def check_fields(mapping: Mapping[str, str]) -> None:
    """Raise UsageError for a field that does not exist; names the nearest."""
    import difflib

    for field in mapping:
        if field not in _names():
            near = difflib.get_close_matches(field, _names(), n=1)
            advice = f"Mente du «{near[0]}»?" if near else f"Felter: {', '.join(_names())}."
            raise UsageError(f"Ukjent felt «{field}»", where="--map", fix=advice)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def known_names(mapping: Mapping[str, str]) -> Callable[[str], bool]:
    """Whether a header is the name of a field, or one that the user mapped."""
    names = {name for listed in _names().values() for name in listed}
    mapped = set(mapping.values())
    return lambda header: header.strip() in mapped or _plain(header) in names


def unique(headers: Sequence[str]) -> list[str]:
    """Headers without white space around them; the second «Navn» becomes «Navn (2)», so that each can be named."""
    seen: dict[str, int] = {}
    out = []
    for header in headers:
        name = " ".join(header.replace("\ufeff", "").split())
        seen[name] = seen.get(name, 0) + 1
        out.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return out


def fitting(soft: Mapping[str, str], headers: Sequence[str]) -> dict[str, str]:
    """What a remembered mapping says of a table: the columns that it has.

    That a field has no column («sender = ""») was said of another table, unless this one has all the columns named.
    """
    here = {f: c for f, c in soft.items() if c and c in headers}
    alike = all(c in headers for c in soft.values() if c)
    return {f: c for f, c in soft.items() if f in here or (alike and not c)}


@dataclass(frozen=True, slots=True)
class Guess:
    """Which column holds which field.

    Attributes:
        columns: field → column.
        sure: fields that the user named, or whose column is called just what the field is called.
        rivals: field → other columns that are called so too.
    """

    columns: dict[str, str]
    sure: frozenset[str]
    rivals: dict[str, tuple[str, ...]]


def guess_columns(headers: Sequence[str], mapping: Mapping[str, str]) -> Guess:
    """Guess the fields of columns by their names.

    Args:
        headers: the table's column names.
        mapping: what the user said: field → column, or → "" where the table has none; the rest is guessed.
    """
    out = {field: column for field, column in mapping.items() if column}
    sure = set(out)
    rivals: dict[str, tuple[str, ...]] = {}
    plain: dict[str, str] = {}
    for header in headers:
        plain.setdefault(_plain(header), header)
    taken = set(out.values())
    for exact in (True, False):
        for field, names in _names().items():
            if field in out or field in mapping:
                continue
            hits = [
                h
                for name in names
                for p, h in plain.items()
                if h not in taken
                and (p == name if exact else len(name) > 4 and re.search(rf"\b{re.escape(name)}\b", p))
            ]
            if not hits:
                continue
            out[field] = hits[0]
            taken.add(hits[0])
            if exact:
                sure.add(field)
            if others := tuple(dict.fromkeys(h for h in hits[1:] if h != hits[0])):
                rivals[field] = others
    return Guess(out, frozenset(sure), rivals)


#: Columns named in an error; a table may have thousands.
_NAMED = 40


def column_list(headers: Sequence[str]) -> str:
    """Column names for a message: those that are not empty, and not too many."""
    named = [h if len(h) <= 60 else h[:57] + "…" for h in headers if h]
    more = f" … og {len(named) - _NAMED} til" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more


def guess(
    headers: Sequence[str], mapping: Mapping[str, str], *, where: str, need_text: bool = True
) -> dict[str, str]:
    """Field → column, as :func:`guess_columns`.

    Args:
        need_text: the letter itself must be among them.

    Raises:
        SourceError: a column of ``mapping`` is not there, or no column holds the letters.
    """
    for field, column in mapping.items():
        if column and column not in headers:
            raise SourceError(
                f"Har ingen kolonne «{column}» for {field}",
                where=where,
                fix=f"Kolonner: {column_list(headers)}.",
            )
    out = guess_columns(headers, mapping).columns
    if need_text and "text" not in out:
        raise SourceError(
            "Finner ikke kolonnen med brevteksten",
            where=where,
            fix=f"Si hvilken det er med --map text=KOLONNE. Kolonner: {column_list(headers)}.",
        )
    return out


def record(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """A table row as a JSON-able object of fields; empty cells are left out."""
    out: dict[str, Any] = {}
    for field, column in columns.items():
        value = row.get(column)
        if value is None or value == "" or value != value:  # NaN
            continue
        if isinstance(value, datetime | date):
            value = value.isoformat()
        elif not isinstance(value, str | int | float | bool | list):
            value = str(value)
        out[field] = value
    return out


_DAY_FIRST = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b")
_ISO = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})")
_SERIAL = re.compile(r"\s*(\d{5})(?:[.,]\d+)?\s*\Z")


def parse_day(value: Any) -> date | None:
    """A date as exports write it: ISO, day first with dots or strokes, or an Excel serial number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return date(1899, 12, 30) + timedelta(days=int(value)) if 20_000 < value < 80_000 else None
    text = str(value or "")
    if match := _SERIAL.match(text):
        return parse_day(int(match[1]))
    try:
        if match := _ISO.match(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_FIRST.match(text):
            year = int(match[3])
            return date(year + 2000 if year < 100 else year, int(match[2]), int(match[1]))
    except ValueError:
        return None
    if "," in text or text[:3].isalpha():
        from email.utils import parsedate_to_datetime

        try:
            return parsedate_to_datetime(text).date()
        except (TypeError, ValueError, IndexError):
            return None
    return None
