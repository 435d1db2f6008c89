"""Excel exports (.xlsx), read row by row; formulas are taken by their last computed value, never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from feedbackcheck.errors import MalformedSourceError, MissingExtraError
from feedbackcheck.review.sources.table import Row, Rows, Table

__all__ = ["open_source"]

_MOST_UNPACKED = 2 << 30
_MOST_SHARED = 400 << 20
#: Parts larger than this that were packed harder than this are bombs.
_LARGE, _RATIO = 64 << 20, 200


class Workbook(Table):
    """The sheets of a workbook that have a column of letters."""

    def _open(self) -> Any:
        import zipfile

        try:
            import openpyxl
        except ImportError:
            raise MissingExtraError("Excel-filer", "review") from None
        try:
            with zipfile.ZipFile(self.path) as archive:
                parts = archive.infolist()
                if sum(i.file_size for i in parts) > _MOST_UNPACKED:
                    raise MalformedSourceError("Arbeidsboken pakker seg ut til over 2 GB", where=self.name)
                if any(i.file_size > max(_LARGE, _RATIO * i.compress_size) for i in parts):
                    raise MalformedSourceError(
                        "Arbeidsboken pakker seg ut til mer enn noen skriver", where=self.name
                    )
                # Strings that cells share are held in memory, all of them.
                if any(i.file_size > _MOST_SHARED for i in parts if i.filename.endswith("sharedStrings.xml")):
                    raise MalformedSourceError(
                        "Arbeidsboken har over 400 MB tekst", where=self.name, fix="Lagre den som CSV."
                    )
            return openpyxl.load_workbook(self.path, read_only=True, data_only=True)
        except MalformedSourceError:
            raise
        except Exception as error:  # openpyxl lets errors of zip, XML and its own through
            raise MalformedSourceError(
                f"Arbeidsboken kan ikke leses ({type(error).__name__})",
                where=self.name,
                fix="Lagre den som CSV.",
            ) from None

    def _tables(self) -> Iterator[Rows]:
        book = self._open()
        try:
            sheets = book.worksheets
            self.size = sum(sheet.max_row or 0 for sheet in sheets) or None
            for sheet in sheets:
                # What a file says of its own size may be wrong by a million rows; only cells that are there count.
                sheet.reset_dimensions()
            several = len(sheets) > 1
            for number, sheet in enumerate(sheets, start=1):
                # By number: positions are stored, and a sheet may carry a person's name.
                yield Rows(f"ark {number}, " if several else "", self._rows(sheet))
        finally:
            book.close()

    def _rows(self, sheet: Any) -> Iterator[Row]:
        rows = enumerate(sheet.iter_rows(values_only=True), start=1)
        while True:
            try:
                number, cells = next(rows)
            except StopIteration:
                return
            except Exception as error:  # broken XML, and whatever openpyxl makes of it
                yield self._done + 1, f"resten av arket kan ikke leses ({type(error).__name__})"
                return
            self._done += 1
            yield number, cells


def open_source(spec: str, *, mapping: Mapping[str, str]) -> Workbook:
    """Open a workbook."""
    with Path(spec).open("rb"):
        pass
    return Workbook(spec, mapping)
