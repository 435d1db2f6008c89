"""``feedbackcheck suggest --interactive``: accept, edit, skip or ask why, one change at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from feedbackcheck.suggest.revise import Edit, Revision

__all__ = ["walk"]

_HELP = "[g]odta  [r]ediger  [h]opp over  hvor[f]or?  [a]lle  [s]lutt"


def walk(revision: Revision, *, ask: Callable[[str], str] | None = None) -> Revision:
    """Let the user decide on each edit.

    Args:
        revision: all proposed changes.
        ask: reads one answer; the terminal by default.

    Returns:
        the revision with the accepted and edited changes only.
    """
    ask = ask or (lambda prompt: str(typer.prompt(prompt, default="g", show_default=False)))
    kept: list[Edit] = []
    rest = False
    for number, edit in enumerate(revision.edits, start=1):
        if rest:
            kept.append(edit)
            continue
        _show(revision, edit, number)
        while True:
            answer = ask(_HELP).strip().lower()[:1]
            if answer in ("g", "j", ""):
                kept.append(edit)
            elif answer == "r":
                kept.append(replace(edit, text=_edited(edit, ask)))
            elif answer == "f":
                typer.echo(_why(edit))
                continue
            elif answer == "a":
                kept.append(edit)
                rest = True
            elif answer == "s":
                return _done(revision, kept)
            elif answer != "h":
                continue
            break
    return _done(revision, kept)


def _edited(edit: Edit, ask: Callable[[str], str]) -> str:
    lead = edit.text[: len(edit.text) - len(edit.text.lstrip())]
    tail = edit.text[len(edit.text.rstrip()) :]
    new = ask("Ny tekst").strip()
    return f"{lead}{new}{tail}" if new else edit.text


def _show(revision: Revision, edit: Edit, number: int) -> None:
    typer.echo(f"\n{number}/{len(revision.edits)}  {edit.code}")
    old = revision.original[edit.start : edit.end].strip()
    if old:
        typer.echo(f"  - {old}")
    typer.echo(f"  + {edit.text.strip()}" if edit.text.strip() else "  (strykes)")


def _why(edit: Edit) -> str:
    from feedbackcheck.rules.base import catalogue

    entry = catalogue().get(edit.code) or catalogue().get(edit.code.replace("ING", "MAN"))
    message = (
        str(entry["message"]) if entry and "message" in entry else "Brevet mangler dette på dette trinnet."
    )
    sources = f" Bygger på: {', '.join(edit.sources)}." if edit.sources else ""
    return f"  {message}{sources}"


def _done(revision: Revision, kept: list[Edit]) -> Revision:
    from feedbackcheck.suggest.gaps import find_gaps
    from feedbackcheck.suggest.revise import apply

    revised = apply(revision.original, kept)
    known = [(g.id, g.code, revision.revised[g.start + 1 : g.end - 1], g.question) for g in revision.gaps]
    return replace(
        revision, revised=revised, edits=tuple(kept), gaps=tuple(find_gaps(revised, known)), after=None
    )
