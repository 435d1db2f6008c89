"""Standard output and error that can always be written to, and read by people where the terminal lacks letters."""

from __future__ import annotations

import codecs
import os
import sys
from pathlib import Path

__all__ = ["make_writable"]

#: How a terminal in ASCII or an old code page shows what it has no sign for.
_PLAIN = {
    "æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "«": '"', "»": '"', "⟨": "<", "⟩": ">", "│": "|", "·": "-",
    "…": "...", "–": "-", "—": "-", "−": "-", "’": "'", "“": '"', "”": '"', "\u00a0": " ",
}  # fmt: skip


def _in_plain_signs(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter, "?") for letter in text), error.end


def make_writable() -> None:
    """Called once, at the start of the program."""
    # A program may be started with its streams closed; what is written then goes nowhere.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (open for as long as the program runs)
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (open for as long as the program runs)
    codecs.register_error("feedbackcheck", _in_plain_signs)
    for stream in (sys.stdout, sys.stderr):
        # A terminal with another encoding must not turn a finding into a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="feedbackcheck")
