"""CSV and TSV exports: encoding, separator and quoting found out, columns guessed or mapped."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from feedbackcheck.review.sources.table import Row, Rows, Table

__all__ = ["open_source"]

_SEPARATORS = ";,\t|"
#: Longer cells are no letters.
_LONGEST = 16 << 20


class CsvTable(Table):
    """A CSV file, read row by row."""

    def __init__(self, spec: str, mapping: Mapping[str, str]) -> None:
        super().__init__(spec, mapping)
        self.size = self.path.stat().st_size
        self._raw: io.BufferedReader | None = None

    def progress(self) -> int:
        return self._raw.tell() if self._raw is not None and not self._raw.closed else 0

    def _encoding(self) -> str:
        with self.path.open("rb") as stream:
            head = stream.read(1 << 20)
            more = stream.read(1)
        for bom, name in (
            (codecs.BOM_UTF8, "utf-8-sig"),
            (codecs.BOM_UTF16_LE, "utf-16"),
            (codecs.BOM_UTF16_BE, "utf-16"),
        ):
            if head.startswith(bom):
                return name
        if head[1:200:2].count(0) > 0.4 * len(head[1:200:2]):
            return "utf-16-le"
        if head[0:200:2].count(0) > 0.4 * len(head[0:200:2]):
            return "utf-16-be"
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head, final=not more)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8"

    def _tables(self) -> Iterator[Rows]:
        encoding = self._encoding()
        csv.field_size_limit(_LONGEST)
        with self.path.open("rb") as raw:
            self._raw = raw
            text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
            sample = text.read(256 << 10)
            text.seek(0)
            separator, width = _layout(sample)
            skipped = 0
            if sample.startswith("sep=") and len(sample.split("\n", 1)[0].strip()) == 5:
                text.readline()
                skipped = 1
            yield Rows("", _rows(text, separator, width, skipped))


class _Lines:
    """Lines of a file, remembering those of the record under way."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.record.append(line)
        return line


def _rows(stream: Iterable[str], separator: str, width: int, number: int) -> Iterator[Row]:
    """Rows by their number.

    A quote that is never closed would swallow the rows after it into one cell, and be no error to a lenient reader. So
    the reader is strict; what it refuses is read leniently only where it stands on one line.
    """
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        number += 1
        lines.record = []
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if len(lines.record) == 1 and "field limit" not in str(error):
                cells = next(csv.reader(lines.record, delimiter=separator), [])
                if len(cells) == width:
                    yield number, cells
                    continue
            yield number, _reason(error, len(lines.record))


def _reason(error: csv.Error, lines: int) -> str:
    if "field limit" in str(error):
        return "en celle er over 16 MB (mangler et anførselstegn?)"
    if "unexpected end" in str(error):
        return f"et anførselstegn lukkes ikke, så de siste {lines} linjene i filen kan ikke skilles"
    span = "" if lines == 1 else f" på {lines} linjer"
    return f"raden{span} kan ikke leses: et anførselstegn i en celle er ikke doblet eller lukkes ikke"


def _layout(sample: str) -> tuple[str, int]:
    """The separator that cuts most rows into the same number of cells, and that number."""
    given = sample[4] if sample.startswith("sep=") and sample[4:5].strip() else None
    best, most = given or ";", (0.0, 0)
    for separator in (given,) if given else _SEPARATORS:
        widths: Counter[int] = Counter()
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
                if any(c.strip() for c in cells):
                    widths[len(cells)] += 1
                if widths.total() >= 100:
                    break
        except csv.Error:
            continue
        wide = [(n, w) for w, n in widths.items() if w > 1]
        if wide:
            rows, width = max(wide)
            if (score := (rows / widths.total(), width)) > most:
                best, most = separator, score
    return best, max(1, most[1])


def open_source(spec: str, *, mapping: Mapping[str, str]) -> CsvTable:
    """Open a CSV file."""
    with Path(spec).open("rb"):
        pass
    return CsvTable(spec, mapping)
