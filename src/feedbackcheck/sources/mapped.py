"""Text that remembers where each part of it came from, and edits that keep the memory.

Every reader starts from the source and takes things away (tags, logic, quoted history) or replaces them (entities,
soft line breaks). Doing that on :class:`Mapped` instead of on a plain string is what makes every finding land on the
right line and column, whatever the format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from feedbackcheck.message import SourceMap

__all__ = ["Builder", "Edit", "Mapped", "Run"]

Run = tuple[int, int, int, int, bool]
"""text start, text end, source start, source end, verbatim. Plain tuples because large files have 100,000 of them."""

Edit = tuple[int, int, str]
"""Replace text[start:end] by a string (empty: take it away)."""


class Mapped:
    """A text and the source runs it was made of; immutable."""

    __slots__ = ("_reached", "_starts", "runs", "text")

    def __init__(self, text: str, runs: list[Run]) -> None:
        self.text = text
        self.runs = runs
        self._starts: list[int] | None = None
        self._reached: list[int] | None = None  # how far into the source each run and those before it come

    @classmethod
    def whole(cls, source: str) -> Mapped:
        """A source that is its own text."""
        return cls(source, [(0, len(source), 0, len(source), True)] if source else [])

    @classmethod
    def part(cls, source: str, start: int, end: int) -> Mapped:
        """The verbatim text of ``source[start:end]``."""
        return cls(source[start:end], [(0, end - start, start, end, True)] if end > start else [])

    def source_map(self) -> SourceMap:
        return SourceMap.of_runs(self.runs)

    def _index(self, offset: int) -> int:
        if self._starts is None:
            self._starts = [run[0] for run in self.runs]
        return max(0, bisect_right(self._starts, offset) - 1)

    def source_start(self, offset: int) -> int:
        """Source offset of the code point at text ``offset``."""
        if not self.runs:
            return 0
        a, b, c, d, verbatim = self.runs[self._index(offset)]
        if verbatim:
            return min(c + offset - a, d)
        return c if offset < b else d

    def source_end(self, offset: int) -> int:
        """Source offset just past the code point before text ``offset``."""
        if offset <= 0 or not self.runs:
            return self.source_start(0)
        a, _, c, d, verbatim = self.runs[self._index(offset - 1)]
        return min(c + offset - a, d) if verbatim else d

    def text_offset(self, source_offset: int) -> int:
        """First text offset whose source lies at or after ``source_offset`` (the text's length if there is none)."""
        if self._reached is None:
            self._reached = list(accumulate((run[3] for run in self.runs), max))
        index = bisect_right(self._reached, source_offset)
        if index == len(self.runs):
            return len(self.text)
        a, _, c, _, verbatim = self.runs[index]
        return a + max(0, source_offset - c) if verbatim else a

    def edit(self, edits: Iterable[Edit]) -> Mapped:
        """Apply edits, given in order and not overlapping (an edit that begins inside the last one is dropped)."""
        parts: list[str] = []
        runs: list[Run] = []
        old = self.runs
        text = self.text
        done = 0  # text before this is copied or replaced
        at = 0  # length of the new text
        i = 0
        count = len(old)

        def copy(start: int, end: int) -> None:
            nonlocal at, i
            if end <= start:
                return
            parts.append(text[start:end])
            while i < count and old[i][1] <= start:
                i += 1
            j = i
            while j < count and old[j][0] < end:
                a, b, c, d, verbatim = old[j]
                lo, hi = max(a, start), min(b, end)
                if verbatim:
                    add(at + lo - start, at + hi - start, c + lo - a, c + hi - a, True)
                else:
                    add(at + lo - start, at + hi - start, c, d, False)
                if b > end:
                    break
                j += 1
            i = j
            at += end - start

        def add(a: int, b: int, c: int, d: int, verbatim: bool) -> None:
            if runs and verbatim:
                la, lb, lc, ld, lv = runs[-1]
                if lv and lb == a and ld == c:
                    runs[-1] = (la, b, lc, d, True)
                    return
            runs.append((a, b, c, d, verbatim))

        changed = False
        for start, end, new in edits:
            if start < done:
                continue
            if not new and end <= start:
                continue
            changed = True
            copy(done, start)
            if new:
                c = self.source_start(start)
                d = self.source_end(end) if end > start else c
                runs.append((at, at + len(new), min(c, d), max(c, d), False))
                parts.append(new)
                at += len(new)
            done = max(done, end)
        if not changed:
            return self
        copy(done, len(text))
        return Mapped("".join(parts), runs)

    def onto(self, inner: Mapped) -> Mapped:
        """This text, whose source is ``inner.text``, mapped to ``inner``'s own source."""
        runs: list[Run] = []
        for a, b, c, d, verbatim in self.runs:
            if not verbatim:
                start = inner.source_start(c)
                end = inner.source_end(d) if d > c else start
                runs.append((a, b, min(start, end), max(start, end), False))
                continue
            k = inner._index(c)
            while k < len(inner.runs) and inner.runs[k][0] < d:
                ia, ib, ic, id_, iv = inner.runs[k]
                lo, hi = max(ia, c), min(ib, d)
                if hi > lo:
                    if iv:
                        runs.append((a + lo - c, a + hi - c, ic + lo - ia, ic + hi - ia, True))
                    else:
                        runs.append((a + lo - c, a + hi - c, ic, id_, False))
                k += 1
        return Mapped(self.text, runs)

    def then(self, other: Mapped) -> Mapped:
        """This text followed by another of the same source."""
        shift = len(self.text)
        return Mapped(
            self.text + other.text,
            self.runs + [(a + shift, b + shift, c, d, v) for a, b, c, d, v in other.runs],
        )


class Builder:
    """Collects runs of text in the order of the text."""

    __slots__ = ("length", "parts", "runs")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.runs: list[Run] = []
        self.length = 0

    def add(self, text: str, start: int, end: int | None = None) -> None:
        """Append ``text``; verbatim unless the end of its source run is given."""
        if not text:
            return
        at = self.length
        self.length = at + len(text)
        self.parts.append(text)
        if end is not None:
            self.runs.append((at, self.length, start, end, False))
            return
        end = start + len(text)
        if self.runs:
            a, _, c, d, verbatim = self.runs[-1]
            if verbatim and d == start:
                self.runs[-1] = (a, self.length, c, end, True)
                return
        self.runs.append((at, self.length, start, end, True))

    def build(self) -> Mapped:
        return Mapped("".join(self.parts), self.runs)
