"""A table of facts about candidates (``--context-table``), joined by id, e-mail address or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from feedbackcheck.errors import SourceError
from feedbackcheck.message import Context
from feedbackcheck.review.reading import Facts
from feedbackcheck.review.rows import context_of

__all__ = ["ContextTable"]


def _key(value: Any) -> str:
    text = " ".join(str(value).replace(",", " ").casefold().split()).strip("<>")
    return text if "@" in text else " ".join(sorted(text.split()))


class ContextTable:
    """Rows by every key they can be found with; a key that two rows share finds neither."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = rows
        self._by_key: dict[str, int | None] = {}
        for number, row in enumerate(rows):
            names = [
                row.get("candidate_name"),
                " ".join(str(row.get(k) or "") for k in ("first_name", "last_name")),
            ]
            keys = {_key(v) for v in (row.get("id"), row.get("email"), *names) if v and str(v).strip()}
            for key in keys:
                self._by_key[key] = None if key in self._by_key else number

    @classmethod
    def read(cls, path: Path) -> ContextTable:
        """Read a CSV, XLSX, Parquet or JSON-lines table.

        Raises:
            SourceError: it cannot be read, or no column can join it.
        """
        import json

        from feedbackcheck.review.sources import open_source

        source = open_source(str(path))
        if not hasattr(source, "as_context"):
            raise SourceError("Er ingen tabell", where=str(path), fix="Bruk CSV, XLSX eller Parquet.")
        source.as_context()
        rows = []
        for item in source.items():
            if item.error is None:
                row = json.loads(item.data)
                if isinstance(row, dict):
                    rows.append(row)
        if not any(row.get(k) for row in rows[:100] for k in ("id", "email", "candidate_name", "first_name")):
            raise SourceError(
                "Ingen kolonne kan kobles",
                where=str(path),
                fix="Tabellen må ha id, e-postadresse eller navn.",
            )
        return cls(rows)

    def join(self, context: Context, facts: Facts) -> tuple[Context, Facts]:
        """Context and facts with what the table knows of this person; the table wins over headers."""
        from feedbackcheck.analysis import merge_contexts

        keys = [facts.id, *facts.people, context.candidate_name or ""]
        number = next((n for k in keys if k and (n := self._by_key.get(_key(k))) is not None), None)
        if number is None:
            return context, facts
        row = self._rows[number]
        known = context_of(row)
        merged = merge_contexts(context, known)
        return merged, replace(
            facts,
            department=str(row["department"]) if row.get("department") else facts.department,
            job=known.position or facts.job,
            people=tuple(
                dict.fromkeys([*facts.people, *(str(row[k]) for k in ("id", "email") if row.get(k))])
            ),
        )
