"""``feedbackcheck train words``: make the table of word codes from running text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def words(
    text: Annotated[
        list[Path],
        typer.Option("--text", help=".txt, .txt.xz (ett avsnitt per linje) eller .jsonl med «text»."),
    ],
    work: Annotated[Path, typer.Option("--work", help="Arbeidsmappe.")],
    out: Annotated[Path, typer.Option("--out", help="Der ordkodene skal ligge.")] = Path("models/words"),
) -> None:
    """Lag ordkoder (hvilket selskap et ord holder) av løpende tekst."""
    from feedbackcheck.errors import UsageError
    from feedbackcheck.training.language.wordcodes import train_wordcodes

    for path in text:
        if not path.is_file():
            raise UsageError("filen finnes ikke", where=str(path), fix="Oppgi en tekstfil med --text.")
    typer.echo(f"{train_wordcodes(text, work, out)} ord", err=True)


def register(group: typer.Typer) -> None:
    """Add the command to the ``train`` group."""
    group.command("words")(words)
