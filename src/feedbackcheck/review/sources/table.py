"""What the sources share that are files of rows: a mapping of columns, no resuming in the middle, a header to be found.

Exports put titles, dates and empty lines above the header; the header is the first row that holds the names of known
columns. Of a workbook every sheet is read that has a column of letters.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedbackcheck.errors import MalformedSourceError, SourceError
from feedbackcheck.review.columns import guess, known_names, record, unique
from feedbackcheck.review.items import Item, ItemKind

__all__ = ["LETTER_WORDS", "Rows", "Sample", "Table"]

#: Rows among which the header is looked for.
_TOP = 20

#: A cell of so many words may be a letter.
LETTER_WORDS = 15

Row = tuple[int, "Sequence[Any] | str"]
"""A row's number, as a spreadsheet shows it, and its cells, or why they cannot be read."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One table of a file. ``label`` goes before the row number in positions («ark «Mars», »)."""

    label: str
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class Sample:
    """The header and the first rows of a table."""

    label: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Table:
    """A file of rows. Subclasses read them; ``size`` is their number (or bytes), where it is known."""

    resumes = False

    def __init__(self, spec: str, mapping: Mapping[str, str]) -> None:
        self.name = spec
        self.path = Path(spec)
        self.identity = str(self.path.resolve())
        self.size: int | None = None
        self.mapping = mapping
        self.need_text = True
        self._done = 0

    def as_context(self) -> None:
        """Read it as a table of facts, where no column needs to hold a letter."""
        self.need_text = False

    def progress(self) -> int:
        return self._done

    def accepts(self, cursor: str) -> bool:
        return False

    def _tables(self) -> Iterator[Rows]:
        raise NotImplementedError

    def samples(self, rows: int = 200) -> Iterator[Sample]:
        """The beginning of every table that has a header.

        Raises:
            SourceError: the file cannot be read.
        """
        for table in self._tables():
            headers, rest = self._header(table.rows)
            if headers:
                cells = [c for _, c in itertools.islice(rest, rows) if not isinstance(c, str)]
                yield Sample(table.label, tuple(headers), tuple(tuple(c) for c in cells))

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        problem: SourceError | None = None
        found = False
        passed: list[str] = []  # sheets that seem to hold letters, though no column of them was found
        for table in self._tables():
            headers, rows = self._header(table.rows)
            if not headers:
                continue
            try:
                columns = guess(headers, self.mapping, where=self.name, need_text=self.need_text)
            except SourceError as error:
                problem = problem or error
                if self.need_text and (letters := sum(1 for _, cells in rows if _may_hold_letter(cells))):
                    passed.append(f"{table.label}{letters} rader")
                continue
            found = True
            for number, cells in rows:
                position = f"{table.label}rad {number}"
                if isinstance(cells, str):
                    yield Item(
                        position=position, kind=ItemKind.ROW, data=f"{position} {cells}".encode(), error=cells
                    )
                    continue
                if any(_filled(c) for c in cells[len(headers) :]):
                    reason = "raden har flere celler enn tabellen har kolonner (mangler anførselstegn?)"
                    data = json.dumps([str(c) for c in cells], ensure_ascii=False).encode(
                        "utf-8", "surrogatepass"
                    )
                    yield Item(position=position, kind=ItemKind.ROW, data=data, error=reason)
                    continue
                row = record(dict(zip(headers, cells, strict=False)), columns)
                data = json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
                yield Item(position=position, kind=ItemKind.ROW, data=data)
        for place in passed if found else ():
            reason = "finner ikke kolonnen med brevteksten, så radene er ikke lest (gi arket samme overskrifter som de andre)"
            yield Item(position=place, kind=ItemKind.ROW, data=f"{place} {reason}".encode(), error=reason)
        if not found:
            raise problem or MalformedSourceError(
                "Tabellen har ingen overskriftsrad",
                where=self.name,
                fix="Første rad må ha navn på kolonnene.",
            )

    def _header(self, rows: Iterator[Row]) -> tuple[list[str], Iterator[Row]]:
        """The header's names, and the rows below it that hold something."""
        filled = (
            (number, cells)
            for number, cells in rows
            if isinstance(cells, str) or any(_filled(c) for c in cells)
        )
        top = list(itertools.islice(filled, _TOP))
        names = known_names(self.mapping)
        best: int | None = None
        score = (0, 0)
        for index, (_, cells) in enumerate(top):
            if isinstance(cells, str):
                continue
            words = [str(c) for c in cells if _filled(c)]
            # Where no name is known, the first row of more than one cell is it; a lone cell is a title.
            this = (
                sum(1 for w in words if names(w)),
                min(2, len(words)) if best is None or not score[0] else 0,
            )
            if best is None or this[0] > max(1, score[0]) or (not score[0] and this > score):
                best, score = index, this
        if best is None:
            return [], iter(())
        cells = top[best][1]
        headers = unique(["" if c is None else str(c) for c in cells])
        return headers, itertools.chain(top[best + 1 :], filled)


def _may_hold_letter(cells: Sequence[Any] | str) -> bool:
    return not isinstance(cells, str) and any(
        isinstance(c, str) and len(c.split()) >= LETTER_WORDS for c in cells
    )


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""
