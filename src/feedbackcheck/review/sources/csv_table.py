"""CSV and TSV exports: encoding, separator and quoting found out, columns guessed or mapped."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from feedbackcheck.errors import MalformedSourceError
from feedbackcheck.review.columns import guess, record
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.sources.table import Table

__all__ = ["open_source"]

_SEPARATORS = ";,\t|"


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
        if head[1:200:2].count(0) > 40:
            return "utf-16-le"
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head, final=not more)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8"

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        encoding = self._encoding()
        csv.field_size_limit(16 << 20)
        with self.path.open("rb") as raw:
            self._raw = raw
            text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
            sample = text.read(64 << 10)
            text.seek(0)
            separator = _separator(sample)
            if sample.startswith("sep=") and len(sample.split("\n", 1)[0].strip()) == 5:
                text.readline()
            reader = csv.reader(text, delimiter=separator, doublequote=True, strict=False)
            headers = [h.strip() for h in next(reader, [])]
            if not any(headers):
                raise MalformedSourceError("Tabellen har ingen overskriftsrad", where=self.name)
            columns = guess(headers, self.mapping, where=self.name, need_text=self.need_text)
            number = 1
            while True:
                number += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Item(
                        position=f"rad {number}",
                        kind=ItemKind.ROW,
                        data=b"",
                        error=f"raden kan ikke leses ({error})",
                    )
                    continue
                if not any(c.strip() for c in cells):
                    continue
                row = record(dict(zip(headers, cells, strict=False)), columns)
                yield Item(
                    position=f"rad {number}",
                    kind=ItemKind.ROW,
                    data=json.dumps(row, ensure_ascii=False).encode(),
                )


def _separator(sample: str) -> str:
    if sample.startswith("sep=") and sample[4:5]:
        return sample[4]
    try:
        return csv.Sniffer().sniff(sample[:4096].split("\n", 1)[0] + "\n", delimiters=_SEPARATORS).delimiter
    except csv.Error:
        first = sample.split("\n", 1)[0]
        return max(_SEPARATORS, key=first.count)


def open_source(spec: str, *, mapping: Mapping[str, str]) -> CsvTable:
    """Open a CSV file."""
    with Path(spec).open("rb"):
        pass
    return CsvTable(spec, mapping)
