"""JSON lines: the format of the labelled corpora (id, text, lang, stage, mode, context), one message a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from feedbackcheck.review.items import Item, ItemKind

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

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        kind = ItemKind.ROW if self.mapping else ItemKind.LABELLED
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
                data = line if not self.mapping else self._mapped(line)
                yield Item(position=f"linje {number}", kind=kind, data=data, error=error)

    def _mapped(self, line: bytes) -> bytes:
        import json

        try:
            row = json.loads(line)
        except ValueError:
            return line
        if not isinstance(row, dict):
            return line
        columns = set(self.mapping.values())
        out = {k: v for k, v in row.items() if k not in columns}
        out |= {field: row[column] for field, column in self.mapping.items() if column in row}
        return json.dumps(out, ensure_ascii=False).encode()


def open_source(spec: str, *, mapping: Mapping[str, str]) -> JsonLines:
    """Open a JSON-lines file."""
    with Path(spec).open("rb"):
        pass
    return JsonLines(spec, mapping)
