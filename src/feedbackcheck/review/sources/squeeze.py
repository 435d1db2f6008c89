"""Keeps the bulk of attachments out of the memory while a mail is read line by line.

A letter is small; what makes a mail large is base64. From :data:`FROM` bytes on, runs of base64 lines are dropped, while
headers, boundaries and text stay, so that a letter after a 200 MB attachment is still found. Word attachments stay too:
they may be the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["FROM", "Collector"]

FROM = 1 << 20
#: A mail of more than this, without base64, is cut; the letter stands in what is kept.
MOST = 16 << 20
_BASE64 = re.compile(rb"[A-Za-z0-9+/=]{60,1000}\r?\n\Z")
_RUN = 64
_WORD = (b".docx", b".docm", b".dotx", b"wordprocessingml")


class Collector:
    """Takes a mail's lines (or pieces) and gives its bytes, squeezed."""

    __slots__ = ("_keeps", "_parts", "_run", "size", "squeezed")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0
        self._run = 0
        self._keeps = False
        self.squeezed = False

    def add(self, line: bytes) -> None:
        """Add one line, with its end."""
        if (
            self.size > FROM
            and not (self._keeps and _BASE64.match(line))
            and (_BASE64.match(line) or b"\0" in line[:64])
        ):
            # A piece of a line without end counts as the lines it would make.
            self._run += 1 + len(line) // 1024
            if self._run > _RUN:
                self.squeezed = True
                return
        else:
            self._run = 0
            if line.startswith(b"--"):
                self._keeps = False
            elif not self._keeps and (low := line.lower()) and any(w in low for w in _WORD):
                self._keeps = True
        if self.size + len(line) > MOST:
            self.squeezed = True
            return
        self._parts.append(line)
        self.size += len(line)

    def take(self) -> bytes:
        """The bytes, and start anew."""
        data = b"".join(self._parts)
        self._parts = []
        self.size = self._run = 0
        self._keeps = False
        self.squeezed = False
        return data


def lines(stream: Iterator[bytes]) -> bytes:
    """A whole file of lines, squeezed."""
    collector = Collector()
    for line in stream:
        collector.add(line)
    return collector.take()
