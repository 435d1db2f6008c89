"""``feedbackcheck train vectors``: train the shared floret vectors on running text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def vectors(
    text: Annotated[
        list[str],
        typer.Option(
            "--text",
            help="FIL eller FIL:GANGER; .txt, .txt.xz (ett avsnitt per linje) eller .jsonl med «text».",
        ),
    ],
    work: Annotated[Path, typer.Option("--work", help="Arbeidsmappe.")],
    out: Annotated[Path, typer.Option("--out", help="Der vektorene skal ligge.")] = Path("models/vectors"),
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Ganger gjennom teksten.")] = 8,
    threads: Annotated[
        int, typer.Option("--threads", min=1, help="Tråder; med én blir resultatet likt hver gang.")
    ] = 2,
) -> None:
    """Tren delte ordvektorer (floret) på løpende tekst."""
    from feedbackcheck.training.language.vectors import FloretSettings, parse_source, train_vectors

    sources = [parse_source(item) for item in text]
    counts = train_vectors(sources, work, out, FloretSettings(epochs=epochs, threads=threads))
    for name, count in counts.items():
        typer.echo(f"{name}: {count} ord", err=True)


def register(group: typer.Typer) -> None:
    """Add the command to the ``train`` group."""
    group.command("vectors")(vectors)
