"""``feedbackcheck train score``: fit the score's weights to the quality of labelled messages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def score(
    corpora: Annotated[Path, typer.Option("--corpora", help="Mappe med merkede meldinger.")] = Path(
        "corpora"
    ),
    out: Annotated[
        Path | None, typer.Option("--out", help="score.toml som vektene skrives i; ellers bare målt.")
    ] = None,
    card: Annotated[Path | None, typer.Option("--card", help="Modellkortet som skrives.")] = None,
    ridge: Annotated[float, typer.Option("--ridge", min=0, help="Hvor sterkt vektene holdes nede.")] = 3.0,
) -> None:
    """Tilpass poengsummens vekter til kvaliteten i merkede meldinger."""
    from feedbackcheck.errors import UsageError
    from feedbackcheck.training import score as training

    files = [corpora / "train.jsonl", *sorted(corpora.glob("messages-*.jsonl"))]
    if not files[0].is_file():
        raise UsageError("Fant ingen train.jsonl", where=str(corpora))
    train, dev = training.rows(files), training.rows([corpora / "dev.jsonl"])
    fitted = training.fit(train, ridge=ridge)
    lines = training.describe(fitted, {"training messages": train, "dev messages (never trained on)": dev})
    typer.echo("\n".join(lines))
    if out is not None:
        training.write_weights(fitted, out)
    if card is not None:
        training.write_card(fitted, lines, card)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("score")(score)
