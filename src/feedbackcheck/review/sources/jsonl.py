"""JSON lines: the format of the labelled corpora (id, text, lang, stage, mode, context), one message a line.

Other objects, as applicant systems export them, are read as rows of a table: where the user mapped their keys, or none of
the first lines has «text» and the keys tell which is the letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from feedbackcheck.review.columns import guess_columns
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.sources.table import Sample

__all__ = ["open_source"]

#: Longer lines are no letters; their rest is skipped, so that one of them cannot fill the memory.
_LONGEST = 8 << 20


class JsonLines:
    """A JSON-lines file."""

    resumes = False

    def __init__(self, spec: str, mapping: Mapping[str, str]) -> None:
        self.name = spec
        self.path = Path(spec)
        self.identity = str(self.path.resolve())
        self.size: int | None = self.path.stat().st_size
        self.mapping = mapping
        self._read = 0

    def progress(self) -> int:
        return self._read

    def accepts(self, cursor: str) -> bool:
        return False

    def samples(self, rows: int = 200) -> Iterator[Sample]:
        """The first objects as a table; none where they are labelled messages already."""
        objects = self._first(rows)
        if not objects or any("text" in o for o in objects):
            return
        headers = tuple(dict.fromkeys(key for o in objects for key in o))
        yield Sample("", headers, tuple(tuple(o.get(h) for h in headers) for o in objects))

    def _first(self, most: int) -> list[dict[str, Any]]:
        import json

        out = []
        with self.path.open("rb") as stream:
            for _ in range(most):
                line = stream.readline(_LONGEST)
                if not line:
                    break
                try:
                    row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
                except (ValueError, RecursionError):
                    continue
                if isinstance(row, dict):
                    out.append(row)
        return out

    def _columns(self) -> Mapping[str, str]:
        """Field → key where lines are rows of a table; empty where they are labelled messages."""
        sample = next(self.samples(20), None)
        if sample is None and not self.mapping:
            return {}
        columns = guess_columns(sample.headers if sample else (), self.mapping).columns
        return columns if "text" in columns else dict(self.mapping)

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        columns = self._columns()
        number = 0
        with self.path.open("rb") as stream:
            while line := stream.readline(_LONGEST):
                number += 1
                error = None
                if len(line) >= _LONGEST and not line.endswith(b"\n"):
                    error = "linjen er lengre enn 8 MB"
                    while (rest := stream.readline(_LONGEST)) and not rest.endswith(b"\n"):
                        self._read += len(rest)
                self._read = stream.tell()
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if not line.strip():
                    continue
                kind, data = _mapped(line, columns) if columns else (ItemKind.LABELLED, line)
                yield Item(position=f"linje {number}", kind=kind, data=data, error=error)


def _mapped(line: bytes, columns: Mapping[str, str]) -> tuple[ItemKind, bytes]:
    """The line as a row of known fields; as it stands where it has none of the keys."""
    import json

    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return ItemKind.LABELLED, line
    if not isinstance(row, dict) or not any(key in row for key in columns.values()):
        return ItemKind.LABELLED, line
    taken = set(columns.values())
    out = {k: v for k, v in row.items() if k not in taken}
    out |= {field: row[key] for field, key in columns.items() if key in row}
    return ItemKind.ROW, json.dumps(out, ensure_ascii=False).encode("utf-8", "surrogatepass")


def open_source(spec: str, *, mapping: Mapping[str, str]) -> JsonLines:
    """Open a JSON-lines file."""
    with Path(spec).open("rb"):
        pass
    return JsonLines(spec, mapping)
