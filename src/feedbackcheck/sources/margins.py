"""What stands beside something in its line, found by going over the blanks beside it only.

A line may be as long as the file and hold thousands of comments; taking the whole line apart for each would be slow.
"""

from __future__ import annotations

__all__ = ["blanks_after", "blanks_before", "is_alone"]


def blanks_before(text: str, at: int, floor: int = 0) -> int:
    """Where the blanks that stand right before ``at`` begin, in its line and not before ``floor``."""
    while at > floor and text[at - 1] != "\n" and text[at - 1].isspace():
        at -= 1
    return at


def blanks_after(text: str, at: int) -> int:
    """Where the blanks that stand at ``at`` end, in its line."""
    size = len(text)
    while at < size and text[at] != "\n" and text[at].isspace():
        at += 1
    return at


def is_alone(text: str, start: int, end: int, floor: int = 0) -> tuple[int, int] | None:
    """Begin and end of the line (without its line break) that holds nothing else; None if it holds more."""
    before, after = blanks_before(text, start, floor), blanks_after(text, end)
    if (before == floor or text[before - 1] == "\n") and (after == len(text) or text[after] == "\n"):
        return before, after
    return None
