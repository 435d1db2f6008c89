"""ANSI colours, when they are wanted. ``NO_COLOR`` wins over ``FORCE_COLOR`` (no-color.org, force-color.org)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO, Any

__all__ = ["Paint", "wants_colour"]

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
    "under": "4",
}


class Paint:
    """Wraps text in colour codes, or leaves it alone."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, *styles: str) -> str:
        if not self.on or not styles:
            return text
        return f"\x1b[{';'.join(_CODES[s] for s in styles)}m{text}\x1b[0m"


def wants_colour(choice: str, stream: IO[Any], environment: Mapping[str, str] | None = None) -> bool:
    """Decide from ``--color auto|always|never``, the environment and the stream."""
    env = os.environ if environment is None else environment
    if choice != "auto":
        return choice == "always"
    if env.get("NO_COLOR"):
        return False
    if env.get("FORCE_COLOR"):
        return True
    return stream.isatty() and env.get("TERM") != "dumb"
