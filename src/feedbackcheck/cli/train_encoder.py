"""``feedbackcheck train encoder``: pretrain a small Norwegian encoder on running text, in stages that resume."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def encoder(
    text: Annotated[
        list[str],
        typer.Option(
            "--text",
            help="FIL eller FIL:GANGER; .txt, .txt.xz (ett avsnitt per linje) eller .jsonl med «text».",
        ),
    ],
    work: Annotated[
        Path, typer.Option("--work", help="Arbeidsmappe for mellomlagring; en ny kjøring fortsetter der.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Der den ferdige koderen skal ligge.")],
    budget: Annotated[float, typer.Option("--budget", help="Minutter i alt.")] = 25.0,
    stage: Annotated[
        float | None, typer.Option("--stage", help="Stans etter så mange minutter; kjør igjen for mer.")
    ] = None,
    probe: Annotated[
        list[Path] | None,
        typer.Option("--probe", help="Merkede meldinger (.jsonl) til en rask sammenligning med TF-IDF."),
    ] = None,
    pieces: Annotated[int, typer.Option("--pieces", help="Ordbiter.")] = 16_000,
    layers: Annotated[int, typer.Option("--layers", help="Lag.")] = 8,
    hidden: Annotated[int, typer.Option("--hidden", help="Bredde.")] = 384,
    heads: Annotated[int, typer.Option("--heads", help="Hoder.")] = 6,
    intermediate: Annotated[int, typer.Option("--intermediate", help="Bredde inne i laget.")] = 768,
    batch_tokens: Annotated[int, typer.Option("--batch-tokens", help="Ordbiter per oppdatering.")] = 262_144,
    chunk_tokens: Annotated[
        int, typer.Option("--chunk-tokens", help="Ordbiter om gangen gjennom nettet.")
    ] = 262_144,
    learn_rate: Annotated[float, typer.Option("--learn-rate", help="Høyeste læringsrate.")] = 1e-3,
    seed: Annotated[int, typer.Option("--seed", help="Frø for alt tilfeldig.")] = 20260101,
) -> None:
    """Tren en liten norsk koder på løpende tekst (bør ha en grafikkprosessor)."""
    from feedbackcheck.training.encoder.run import train_encoder
    from feedbackcheck.training.encoder.settings import EncoderShape, PretrainSettings
    from feedbackcheck.training.language.vectors import parse_source

    figures = train_encoder(
        [parse_source(item) for item in text],
        work,
        out,
        EncoderShape(pieces=pieces, layers=layers, hidden=hidden, heads=heads, intermediate=intermediate),
        PretrainSettings(
            seed=seed,
            budget_s=60 * budget,
            batch_tokens=batch_tokens,
            chunk_tokens=chunk_tokens,
            learn_rate=learn_rate,
        ),
        stage_s=None if stage is None else 60 * stage,
        probe_on=probe or (),
        log=lambda line: typer.echo(line, err=True),
    )
    for name, value in figures.items():
        typer.echo(f"{name:<12} {value:.4g}")


def register(group: typer.Typer) -> None:
    """Add the command to the ``train`` group."""
    group.command("encoder")(encoder)
