"""Excel exports (.xlsx), read row by row; formulas are taken by their last computed value, never run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from feedbackcheck.errors import MalformedSourceError, MissingExtraError
from feedbackcheck.review.columns import guess, record
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.sources.table import Table

__all__ = ["open_source"]

_MOST_UNPACKED = 2 << 30


class Workbook(Table):
    """The first sheet of a workbook that has a column of letters."""

    def _open(self) -> Any:
        import zipfile

        try:
            import openpyxl
        except ImportError:
            raise MissingExtraError("Excel-filer", "review") from None
        try:
            with zipfile.ZipFile(self.path) as archive:
                if sum(i.file_size for i in archive.infolist()) > _MOST_UNPACKED:
                    raise MalformedSourceError("Arbeidsboken pakker seg ut til over 2 GB", where=self.name)
            return openpyxl.load_workbook(self.path, read_only=True, data_only=True)
        except MalformedSourceError:
            raise
        except Exception as error:  # openpyxl lets errors of zip, XML and its own through
            raise MalformedSourceError(
                f"Arbeidsboken kan ikke leses ({type(error).__name__})",
                where=self.name,
                fix="Lagre den som CSV.",
            ) from None

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        book = self._open()
        try:
            problem: Exception | None = None
            for sheet in book.worksheets:
                self.size = sheet.max_row
                rows = sheet.iter_rows(values_only=True)
                headers = [str(c).strip() if c is not None else "" for c in next(rows, ())]
                if not any(headers):
                    continue
                try:
                    columns = guess(headers, self.mapping, where=self.name, need_text=self.need_text)
                except Exception as error:
                    problem = problem or error
                    continue
                for self._done, cells in enumerate(rows, start=2):
                    if not any(c is not None and str(c).strip() for c in cells):
                        continue
                    row = record(dict(zip(headers, cells, strict=False)), columns)
                    data = json.dumps(row, ensure_ascii=False, default=str).encode()
                    yield Item(position=f"rad {self._done}", kind=ItemKind.ROW, data=data)
                return
            raise problem or MalformedSourceError("Arbeidsboken har ingen tabell", where=self.name)
        finally:
            book.close()


def open_source(spec: str, *, mapping: Mapping[str, str]) -> Workbook:
    """Open a workbook."""
    with Path(spec).open("rb"):
        pass
    return Workbook(spec, mapping)
