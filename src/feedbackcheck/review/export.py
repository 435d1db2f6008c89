"""Tables as CSV, Excel or Parquet. A cell that a spreadsheet would run as a formula is made plain text."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.errors import MissingExtraError
from feedbackcheck.files import write_atomically

if TYPE_CHECKING:
    from feedbackcheck.review.store import Store
    from feedbackcheck.review.tables import Table

__all__ = ["export", "harmless"]

#: Also in their full width, which some spreadsheets take for the same.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What stands before them unseen.
_UNSEEN = " \u00a0\u200b\u200c\u200d\u2060\ufeff"


def harmless(value: Any) -> Any:
    """The value, with an apostrophe before text that a spreadsheet would take for a formula (OWASP's advice)."""
    if not isinstance(value, str):
        return value
    runs = value.startswith(_DANGEROUS) or value.lstrip(_UNSEEN).startswith(_DANGEROUS)
    return f"'{value}" if runs else value


def export(store: Store, file: Path) -> list[Path]:
    """Write the tables of a store.

    ``.xlsx``: one book, a sheet a table. ``.csv`` and ``.parquet``: ``file`` holds the messages, and each other table
    lies beside it as ``NAME-TABLE``.

    Returns:
        the files written.
    """
    from feedbackcheck.review.tables import all_findings, all_tables, messages

    tables = [messages(store), all_findings(store), *all_tables(store)]
    kind = file.suffix.lower()
    if kind == ".xlsx":
        write_atomically(file, _workbook(tables))
        return [file]
    written = []
    for number, table in enumerate(tables):
        target = file if number == 0 else file.with_name(f"{file.stem}-{table.name}{file.suffix}")
        write_atomically(target, _csv(table) if kind == ".csv" else _parquet(table))
        written.append(target)
    return written


def _csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark and semicolons: what a Norwegian Excel opens rightly."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_plain(harmless(v)) for v in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return "" if value is None else value


def _workbook(tables: list[Table]) -> bytes:
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
        from openpyxl.utils.exceptions import IllegalCharacterError
    except ImportError:
        raise MissingExtraError("Excel-filer", "review") from None
    book = Workbook(write_only=True)

    def cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
        try:
            made = WriteOnlyCell(sheet, value=harmless(value))
        except IllegalCharacterError:
            made = WriteOnlyCell(sheet, value=harmless("".join(c for c in value if c >= " ")))
        if isinstance(made.value, str):
            made.data_type = "s"  # never a formula, whatever it begins with
        if bold:
            made.font = Font(bold=True)
        return made

    for table in tables:
        # Excel has room for 1,048,576 rows; more messages than that belong in Parquet.
        for part in range(0, max(1, len(table.rows)), 1_000_000):
            sheet = book.create_sheet(table.name[:28] + (f"-{part // 1_000_000 + 1}" if part else ""))
            sheet.freeze_panes = "A2"
            sheet.append([cell(sheet, c, bold=True) for c in table.columns])
            for row in table.rows[part : part + 1_000_000]:
                sheet.append([cell(sheet, v) for v in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(table: Table) -> bytes:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("Parquet", "review") from None
    columns = list(zip(*table.rows, strict=True)) if table.rows else [() for _ in table.columns]
    out = io.BytesIO()
    pq.write_table(pa.table({n: pa.array(list(c)) for n, c in zip(table.columns, columns, strict=True)}), out)
    return out.getvalue()
