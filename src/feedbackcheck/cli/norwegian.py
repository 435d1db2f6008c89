"""Usage errors and help headings in Norwegian.

Click and typer (which since 0.26 carries a copy of click without translations) write these in English. They are turned
here, where they are shown: help by the context's ``formatter_class``, errors by the ``show`` method of the exceptions, both
of which click documents. A message that is not known here, of a later click, comes out as it is.
"""

from __future__ import annotations

import re
import sys
from contextlib import AbstractContextManager
from typing import Any

import typer

from feedbackcheck.lazy import lazy_re

__all__ = ["speak_norwegian", "translated"]

_HEADINGS = {"Options": "Valg", "Arguments": "Argumenter", "Commands": "Kommandoer"}
_HELP = {
    "Show this message and exit.": "Vis denne hjelpen og avslutt.",
    "Install completion for the current shell.": "Installer fullføring i skallet du bruker.",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "Vis fullføringen for skallet du bruker, til å kopiere eller tilpasse."
    ),
}
#: What stands for a value. The names of arguments are those of the functions' parameters.
_PLACES = {
    "OPTIONS": "VALG", "COMMAND": "KOMMANDO", "ARGS": "ARGUMENTER", "TEXT": "TEKST", "INTEGER RANGE": "HELTALL", "INTEGER": "HELTALL",
    "FLOAT RANGE": "TALL", "FLOAT": "TALL", "PATH": "STI", "FILE": "FIL", "FILENAME": "FIL", "DIRECTORY": "MAPPE", "PATHS": "STIER",
    "CODE": "KODE", "SOURCE": "KILDE", "SOURCES": "KILDER", "NAME": "NAVN", "FOLDER": "MAPPE", "GOLD": "FILER",
}  # fmt: skip
_PLACE = lazy_re(r"\b(?:(?:INTEGER|FLOAT) RANGE|[A-Z]{4,})\b")
_REMARKS = (
    ("[default: ", "[standard: "),
    ("required]", "må oppgis]"),
    ("[env var: ", "[miljøvariabel: "),
)

#: English pattern, Norwegian template; each is applied, so that «Invalid value for …: …» is turned in both its halves.
_MESSAGES = (
    (r"No such option:? '?([^\s']+?)'?(\.|(?= \()|$)", r"Ukjent valg: \1."),
    (r"No such command '([^']*)'\.", r"Ukjent kommando: \1."),
    (r"\(Possible options: ([^)]*)\)", r"Mente du \1?"),
    (r"Did you mean (?:one of: )?'?([^'?]+)'?\?", r"Mente du \1?"),
    (r"Missing command\.", "Kommandoen mangler."),
    (r"Missing argument '([^']*)'\.", r"Argumentet \1 mangler."),
    (r"Missing option '([^']*)'\.", r"Valget \1 mangler."),
    (r"Missing parameter:? '?([^'.]*)'?\.?", r"\1 mangler."),
    (r"Choose from:\s*", "Velg mellom: "),
    (r"Invalid value for '?(.*?)'?: ", r"Ugyldig verdi for \1: "),
    (r"Invalid value: ", "Ugyldig verdi: "),
    (r"'([^']*)' is not one of (.*?)\.?$", r"«\1» er ikke en av \2."),
    (r"'([^']*)' is not ('[^']*')\.$", r"«\1» er ikke \2."),
    (r"'([^']*)' is not a valid integer(?: range)?\.", r"«\1» er ikke et helt tall."),
    (r"'([^']*)' is not a valid float(?: range)?\.", r"«\1» er ikke et tall."),
    (r"'([^']*)' is not a valid boolean\.(?: Recognized values: (.*))?", r"«\1» er verken ja eller nei."),
    (r"(\S+) is not in the range (.+?)\.$", r"\1 er utenfor \2."),
    (r"Option '([^']*)' requires an argument\.", r"Valget \1 krever en verdi."),
    (r"Option '([^']*)' requires (\d+) arguments\.", r"Valget \1 krever \2 verdier."),
    (r"Option '([^']*)' does not take a value\.", r"Valget \1 tar ingen verdi."),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", r"For mange argumenter: \1."),
    (r"(?:File|Directory|Path) '([^']*)' does not exist\.", r"«\1» finnes ikke."),
    (r"File '([^']*)' is a directory\.", r"«\1» er en mappe."),
    (r"Directory '([^']*)' is a file\.", r"«\1» er en fil."),
    (r"(?:File|Directory|Path) '([^']*)' is not (?:readable|writable)\.", r"Ingen rett til «\1»."),
    (r"Could not open file '([^']*)': ", r"Kan ikke åpne «\1»: "),
)


def translated(message: str) -> str:
    """A usage error's words in Norwegian, as one line."""
    message = " ".join(message.split())
    for english, norwegian in _MESSAGES:
        message = re.sub(english, norwegian, message)
    return _places(message) if message.startswith("Argumentet ") else message


def _places(text: str) -> str:
    return _PLACE.sub(lambda m: _PLACES.get(m.group(), m.group()), text)


_Formatter: Any = typer.Context.formatter_class


class _NorwegianFormatter(_Formatter):  # type: ignore[misc]  # click's own or typer's copy of it
    """Help with Norwegian headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _places(args), "Bruk: " if prefix is None else prefix)

    def section(self, name: str) -> AbstractContextManager[None]:
        section: AbstractContextManager[None] = super().section(_HEADINGS.get(name, name))
        return section

    def write_dl(self, rows: Any, *args: Any, **options: Any) -> None:
        super().write_dl([(_places(name), _help(text)) for name, text in rows], *args, **options)


def _help(text: str) -> str:
    text = _HELP.get(text, text)
    if text.endswith("]"):
        for english, norwegian in _REMARKS:
            text = text.replace(english, norwegian)
    return text


def _show(error: Any, file: Any = None) -> None:
    """One line, as for the program's own errors, and where help is."""
    ctx = getattr(error, "ctx", None)
    program = ctx.find_root().info_name if ctx is not None else "feedbackcheck"
    where = f" Hjelp: {ctx.command_path} {ctx.help_option_names[0]}" if ctx is not None else ""
    typer.echo(f"{program}: {translated(error.format_message())}{where}", file=file or sys.stderr)


def speak_norwegian() -> None:
    """Turn what typer and click show from now on."""
    # The classes are click's or those of typer's copy, whichever this typer uses.
    context, *_ = (c for c in typer.Context.__mro__ if c.__name__ == "Context" and c is not typer.Context)
    context.formatter_class = _NorwegianFormatter  # type: ignore[attr-defined]
    for error in typer.BadParameter.__mro__:
        if error.__name__ in ("ClickException", "UsageError"):
            error.show = _show  # type: ignore[attr-defined]
