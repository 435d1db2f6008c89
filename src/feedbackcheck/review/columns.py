"""Which column of a table means what: by ``--map``, else guessed from Norwegian and English headers (data file)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from feedbackcheck.errors import SourceError, UsageError

__all__ = ["FIELDS", "check_fields", "guess", "parse_day", "record"]


@cache
def _names() -> dict[str, list[str]]:
    import tomllib

    data = tomllib.loads((resources.files("feedbackcheck") / "data" / "columns.toml").read_text("utf-8"))
    return {field: list(names) for field, names in data["fields"].items()}


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


def guess(
    headers: Sequence[str], mapping: Mapping[str, str], *, where: str, need_text: bool = True
) -> dict[str, str]:
    """Field → column.

    Args:
        headers: the table's column names.
        mapping: what the user said; the rest is guessed.
        need_text: the letter itself must be among them.

    Raises:
        SourceError: a column of ``mapping`` is not there, or no column holds the letters.
    """
    for field, column in mapping.items():
        if column not in headers:
            raise SourceError(
                f"Har ingen kolonne «{column}» for {field}",
                where=where,
                fix=f"Kolonner: {', '.join(headers)}.",
            )
    out = dict(mapping)
    plain: dict[str, str] = {}
    for header in headers:
        plain.setdefault(_plain(header), header)
    taken = set(out.values())
    for exact in (True, False):
        for field, names in _names().items():
            if field in out:
                continue
            for name in names:
                hit = next(
                    (
                        h
                        for p, h in plain.items()
                        if h not in taken
                        and (
                            p == name if exact else len(name) > 4 and re.search(rf"\b{re.escape(name)}\b", p)
                        )
                    ),
                    None,
                )
                if hit is not None:
                    out[field] = hit
                    taken.add(hit)
                    break
    if need_text and "text" not in out:
        raise SourceError(
            "Finner ikke kolonnen med brevteksten",
            where=where,
            fix=f"Si hvilken det er med --map text=KOLONNE. Kolonner: {', '.join(headers)}.",
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


def parse_day(value: Any) -> date | None:
    """A date as exports write it: ISO, day first with dots or strokes, or an Excel serial number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return date(1899, 12, 30) + timedelta(days=int(value)) if 20_000 < value < 80_000 else None
    text = str(value or "")
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
