"""Parquet exports: a file, or a folder of files, read in batches of rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from feedbackcheck.errors import MalformedSourceError, MissingExtraError
from feedbackcheck.review.columns import guess, record
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.sources.table import Sample, Table

__all__ = ["open_source"]


class Parquet(Table):
    """Parquet files of one layout."""

    def __init__(self, spec: str, mapping: Mapping[str, str]) -> None:
        super().__init__(spec, mapping)
        self.files = sorted(self.path.glob("**/*.parquet")) if self.path.is_dir() else [self.path]

    def _open(self) -> list[tuple[Path, Any]]:
        try:
            import pyarrow.parquet as pq
        except ImportError:
            raise MissingExtraError("Parquet", "review") from None
        opened: list[tuple[Path, Any]] = []
        for file in self.files:
            try:
                opened.append((file, pq.ParquetFile(file)))
            except Exception as error:  # pyarrow's own kinds of errors
                raise MalformedSourceError(
                    f"Parquet-filen kan ikke leses ({type(error).__name__})", where=str(file)
                ) from None
            names = opened[-1][1].schema_arrow.names
            if len(set(names)) < len(names):
                raise MalformedSourceError("To kolonner har samme navn", where=str(file))
        return opened

    def samples(self, rows: int = 200) -> Iterator[Sample]:
        for file, table in self._open():
            headers = tuple(table.schema_arrow.names)
            batch = next(table.iter_batches(batch_size=rows), None)
            cells = () if batch is None else tuple(tuple(row.values()) for row in batch.to_pylist())
            yield Sample(f"{file.name}, " if len(self.files) > 1 else "", headers, cells)

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        opened = self._open()
        self.size = sum(p.metadata.num_rows for _, p in opened)
        for file, table in opened:
            columns = guess(table.schema_arrow.names, self.mapping, where=str(file), need_text=self.need_text)
            number = 0
            label = f"{file.name}, " if len(opened) > 1 else ""
            for batch in table.iter_batches(batch_size=512, columns=list(dict.fromkeys(columns.values()))):
                for row in batch.to_pylist():
                    number += 1
                    self._done += 1
                    data = json.dumps(record(row, columns), ensure_ascii=False, default=str).encode()
                    yield Item(position=f"{label}rad {number}", kind=ItemKind.ROW, data=data)


def open_source(spec: str, *, mapping: Mapping[str, str]) -> Parquet:
    """Open a Parquet file or folder."""
    if Path(spec).is_file():
        with Path(spec).open("rb"):
            pass
    return Parquet(spec, mapping)
