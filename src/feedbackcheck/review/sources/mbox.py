"""mbox: mails one after another, each after a line «From …». Read in a stream, whatever its size.

A «From » line begins a mail where a blank line (or nothing) stands before it and it looks like one that a mail program
wrote: a sender and a year or a time. Letters that hold a line «From …» of their own are not torn apart.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from feedbackcheck.errors import MalformedSourceError
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.sources.squeeze import FROM, Collector

__all__ = ["open_source"]

_CHUNK = 1 << 20
_FROM_LINE = re.compile(rb"From (?:\S+|MAILER-DAEMON|-)?\s.*(?:\d{4}|\d\d:\d\d)[^\n]*\r?\n?\Z")
_LOOSE = re.compile(rb"From \S+\s+(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s\w{3}\s+\d+ \d\d:\d\d:\d\d .*\d{4}")


class Mbox:
    """An mbox file."""

    resumes = True

    def __init__(self, spec: str) -> None:
        self.name = spec
        self.path = Path(spec)
        self.identity = str(self.path.resolve())
        self.size: int | None = self.path.stat().st_size
        self._read = 0

    def progress(self) -> int:
        return self._read

    def accepts(self, cursor: str) -> bool:
        offset, digest = _parse(cursor)
        return offset <= (self.size or 0) and digest == self._digest(offset)

    def _digest(self, offset: int) -> str:
        """Of the first and last kilobytes up to ``offset``: a mailbox that was only added to keeps it."""
        with self.path.open("rb") as stream:
            head = stream.read(min(4096, offset))
            stream.seek(max(0, offset - 4096))
            tail = stream.read(offset - stream.tell())
        return hashlib.blake2b(head + b"\0" + tail, digest_size=8).hexdigest()

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        start = _parse(after)[0] if after else 0
        with self.path.open("rb") as stream:
            stream.seek(start)
            if start == 0:
                head = stream.read(8)
                if head.lstrip() and not head.startswith(b"From "):
                    raise MalformedSourceError(
                        "Er ikke en mbox (begynner ikke med «From »)",
                        where=self.name,
                        fix="Si hva den er med --source-type.",
                    )
                stream.seek(0)
            for offset, end, data in _split(stream, start):
                self._read = end
                if not data.strip():
                    continue
                yield Item(
                    position=f"byte {offset}", kind=ItemKind.MAIL, data=_unquoted(data), cursor=f"{end}"
                )

    def cursor(self, position: str) -> str:
        """The full cursor for a position: with the digest that guards it. Made once a commit, for it costs a read."""
        offset = int(position)
        return f"{offset}:{self._digest(offset)}"


def _parse(cursor: str) -> tuple[int, str]:
    offset, _, digest = cursor.partition(":")
    return int(offset), digest


_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def _unquoted(data: bytes) -> bytes:
    return _QUOTED.sub(rb"\1", data) if b"\n>" in data and b">From " in data else data


def _starts(buffer: bytes, at: int) -> Iterator[int]:
    """Offsets in ``buffer`` where a mail begins, from ``at`` on; the line must lie in the buffer whole."""
    while True:
        at = buffer.find(b"\nFrom ", at)
        if at < 0:
            return
        end = buffer.find(b"\n", at + 1)
        line = buffer[at + 1 : end + 1 if end >= 0 else at + 300]
        blank = at == 0 or buffer[at - 1 : at] == b"\n" or buffer[at - 2 : at] == b"\n\r"
        if (blank and _FROM_LINE.match(line)) or _LOOSE.match(line):
            yield at + 1
        at += 1


def _split(stream, start: int) -> Iterator[tuple[int, int, bytes]]:  # type: ignore[no-untyped-def]
    """(offset, end, bytes) of every mail. Never holds more than a chunk and the squeezed mail under way."""
    buffer = b""
    base = start  # offset of the buffer's first byte
    while True:
        chunk = stream.read(_CHUNK)
        buffer += chunk
        if not buffer:
            return
        begin = 0
        for mark in _starts(buffer, 0):
            # A mark whose line may go on in the next chunk waits for it.
            if chunk and buffer.find(b"\n", mark) < 0:
                break
            if mark > begin:
                yield base + begin, base + mark, buffer[begin:mark]
            begin = mark
        buffer, base = buffer[begin:], base + begin
        if not chunk:
            if buffer:
                yield base, base + len(buffer), buffer
            return
        if len(buffer) > 2 * FROM:
            offset, end, data, buffer = _large(stream, buffer, base)
            yield offset, end, data
            base = end


def _large(stream, buffer: bytes, base: int) -> tuple[int, int, bytes, bytes]:  # type: ignore[no-untyped-def]
    """A mail larger than the buffer, line by line: (offset, end, squeezed bytes, what was read of the next)."""
    collector = Collector()
    at = base
    previous = b"\n"
    pending = buffer
    first = True
    while True:
        lines = pending.splitlines(keepends=True)
        chunk = stream.read(_CHUNK)
        pending = b""
        if chunk and lines and not lines[-1].endswith(b"\n") and len(lines[-1]) < _CHUNK:
            pending = lines.pop()
        for number, line in enumerate(lines):
            if (
                not first
                and line.startswith(b"From ")
                and ((not previous.strip() and _FROM_LINE.match(line)) or _LOOSE.match(line))
            ):
                rest = b"".join(lines[number:]) + pending + chunk
                return base, at, collector.take(), rest
            collector.add(line)
            at += len(line)
            previous, first = line, False
        pending += chunk
        if not pending:
            return base, at, collector.take(), b""


def open_source(spec: str, *, mapping: Mapping[str, str]) -> Mbox:
    """Open an mbox file."""
    with Path(spec).open("rb"):
        pass
    return Mbox(spec)
