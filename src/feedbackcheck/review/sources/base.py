"""What every source offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from feedbackcheck.review.items import Item

__all__ = ["Source"]


class Source(Protocol):
    """A stream of messages.

    Attributes:
        name: as the user gave it, for output.
        identity: the same for the same place next time; the store keeps a keyed hash of it.
        size: bytes (or messages) in all, for the progress bar; None if unknown.
        resumes: True if ``items`` can go on after a cursor; others start over and are told apart by content.
    """

    name: str
    identity: str
    size: int | None
    resumes: bool

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        """The messages in order.

        Args:
            after: cursor of the last message that is stored.
            known: tokens of files that are stored and need not be read again.

        Raises:
            SourceError: the source as a whole cannot be read (any more).
        """
        ...

    def progress(self) -> int:
        """How much of ``size`` is read."""
        ...

    def accepts(self, cursor: str) -> bool:
        """True if the source still is what it was up to ``cursor``, so that it may go on there."""
        ...
