"""``feedbackcheck train language``: train the spaCy pipeline from treebanks, in stages that resume."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def language(
    treebank: Annotated[
        Path, typer.Option("--treebank", help="Mappe med no_*-ud-*.conllu(.xz) og norne-no_*.")
    ],
    work: Annotated[
        Path, typer.Option("--work", help="Arbeidsmappe for mellomlagring; en ny kjøring fortsetter der.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Der den ferdige modellen skal ligge.")] = Path(
        "models/language"
    ),
    budget: Annotated[
        float, typer.Option("--budget", help="Minutter til grunnformer og setningstrær.")
    ] = 180.0,
    tagger_budget: Annotated[
        float, typer.Option("--tagger-budget", help="Minutter til slutt for ordklasser, bøying og navn.")
    ] = 30.0,
    text: Annotated[
        Path | None,
        typer.Option("--text", help="Løpende tekst (.txt eller .txt.xz) som merkeren først lærer norsk av."),
    ] = None,
    pretraining: Annotated[float, typer.Option("--pretraining", help="Minutter til løpende tekst.")] = 26.0,
    silver_from: Annotated[
        list[str] | None,
        typer.Option(
            "--silver-from",
            help="En annen språkmodell, gjerne flere; avsnitt der de og den nye er enige om navnene, trener merkeren videre.",
        ),
    ] = None,
    silver_budget: Annotated[
        float, typer.Option("--silver-budget", help="Minutter til slike avsnitt.")
    ] = 18.0,
    stage: Annotated[
        float | None, typer.Option("--stage", help="Stans etter så mange minutter; kjør igjen for mer.")
    ] = None,
    start_from: Annotated[
        Path | None,
        typer.Option("--from", help="Fortsett fra vektene i en ferdig modell, for eksempel models/language."),
    ] = None,
    dev_share: Annotated[
        float,
        typer.Option("--dev-share", min=0, max=0.95, help="Så stor del av dev trener med; resten velger."),
    ] = 0.65,
    seed: Annotated[int, typer.Option("--seed", help="Frø for alt tilfeldig.")] = 20260101,
) -> None:
    """Tren språkmodellen (bokmål og nynorsk) på trebanker."""
    from feedbackcheck.training.language import run

    run.train_language(
        treebank,
        work,
        out,
        budget_s=60 * budget,
        tagger_budget_s=60 * tagger_budget,
        text=text,
        pretraining_s=60 * pretraining,
        silver_from=silver_from or (),
        silver_budget_s=60 * silver_budget,
        stage_s=None if stage is None else 60 * stage,
        start_from=start_from,
        dev_share=dev_share,
        seed=seed,
        log=lambda line: typer.echo(line, err=True),
    )


def register(group: typer.Typer) -> None:
    """Add the command to the ``train`` group."""
    group.command("language")(language)
