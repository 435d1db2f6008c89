"""A progress line on stderr: how far, how fast, how long still. Silent where nobody watches."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from feedbackcheck.review.run import Run
    from feedbackcheck.review.sources import Source

__all__ = ["Progress"]


class Progress:
    """Draws at most five times a second on a terminal, and nothing elsewhere."""

    def __init__(self, stream: TextIO | None = None, *, shown: bool | None = None) -> None:
        self.stream = stream or sys.stderr
        self.shown = self.stream.isatty() if shown is None else shown
        self.start = time.monotonic()
        self._last = 0.0
        self._width = 0

    def update(self, source: Source, run: Run) -> None:
        """Tell of the state after a batch."""
        now = time.monotonic()
        if not self.shown or now - self._last < 0.2:
            return
        self._last = now
        done = run.counts.read + run.known
        seconds = max(now - self.start, 1e-6)
        line = f"{done} meldinger  {done / seconds:.0f}/s"
        if source.size:
            share = min(1.0, source.progress() / source.size)
            filled = int(24 * share)
            line = f"[{'#' * filled}{'.' * (24 - filled)}] {share:4.0%}  {line}"
            if share > 0.01:
                line += f"  {_clock(seconds * (1 - share) / share)} igjen"
        self._draw(line)

    def close(self) -> None:
        """Wipe the line."""
        if self.shown and self._width:
            self._draw("")
            self.stream.write("\r")
            self.stream.flush()

    def _draw(self, line: str) -> None:
        self.stream.write("\r" + line + " " * max(0, self._width - len(line)))
        self.stream.flush()
        self._width = len(line)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
