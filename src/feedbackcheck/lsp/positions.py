"""Between source offsets (code points) and the protocol's positions (line, and units of the agreed encoding)."""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol import types

from feedbackcheck.message import Span

__all__ = ["Lines"]

# The protocol ends a line at these three and no others; str.splitlines knows more.
_END = re.compile(r"\r\n|\n|\r")


class Lines:
    """The lines of one version of a document."""

    def __init__(
        self, text: str, encoding: types.PositionEncodingKind | str = types.PositionEncodingKind.Utf16
    ) -> None:
        self.text = text
        self.encoding = encoding
        self.starts = [0, *(m.end() for m in _END.finditer(text))]

    def _units(self, text: str) -> int:
        if self.encoding == types.PositionEncodingKind.Utf32:
            return len(text)
        if self.encoding == types.PositionEncodingKind.Utf8:
            return len(text.encode())
        return len(text.encode("utf-16-le")) // 2

    def position(self, offset: int) -> types.Position:
        """Position of a code point offset."""
        line = bisect_right(self.starts, offset) - 1
        return types.Position(line, self._units(self.text[self.starts[line] : offset]))

    def range(self, span: Span) -> types.Range:
        """Range of a span of code points."""
        return types.Range(self.position(span.start), self.position(span.end))

    def offset(self, position: types.Position) -> int:
        """Code point offset of a position; a place past the line's end is the line's end."""
        if position.line >= len(self.starts):
            return len(self.text)
        start = self.starts[position.line]
        end = self.starts[position.line + 1] if position.line + 1 < len(self.starts) else len(self.text)
        left = position.character
        for i in range(start, end):
            if left <= 0 or self.text[i] in "\r\n":
                return i
            left -= self._units(self.text[i])
        return end

    def line_span(self, line: int) -> Span:
        """The whole line without its end."""
        start = self.starts[line]
        match = _END.search(self.text, start)
        return Span(start, match.start() if match else len(self.text))
