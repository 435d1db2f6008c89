"""What the sources share that are one file of rows: a path, a mapping of columns, no resuming in the middle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["Table"]


class Table:
    """A file of rows. Subclasses read them; ``size`` is their number (or bytes), where it is known."""

    resumes = False

    def __init__(self, spec: str, mapping: Mapping[str, str]) -> None:
        self.name = spec
        self.path = Path(spec)
        self.identity = str(self.path.resolve())
        self.size: int | None = None
        self.mapping = mapping
        self.need_text = True
        self._done = 0

    def as_context(self) -> None:
        """Read it as a table of facts, where no column needs to hold a letter."""
        self.need_text = False

    def progress(self) -> int:
        return self._done

    def accepts(self, cursor: str) -> bool:
        return False
