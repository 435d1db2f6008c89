"""``feedbackcheck train recogniser``: train the recogniser from labelled messages, and export it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def recogniser(
    corpora: Annotated[
        Path, typer.Option("--corpora", help="Mappe med merkede meldinger (se corpora/README.md).")
    ] = Path("corpora"),
    out: Annotated[Path, typer.Option("--out", help="Der modellen skal ligge.")] = Path("models/recogniser"),
    work: Annotated[
        Path | None, typer.Option("--work", help="Arbeidsmappe med (eller for) forhåndstrente språkmodeller.")
    ] = None,
    text: Annotated[
        Path | None, typer.Option("--text", help="Løpende tekst (.txt, .txt.xz) å forhåndstrene på.")
    ] = None,
    pretrain_minutes: Annotated[
        float, typer.Option("--pretrain-minutes", help="Tid til forhåndstrening.")
    ] = 18.0,
    encoder: Annotated[
        str | None,
        typer.Option("--encoder", help="Finjuster en transformers-koder i stedet: mappe eller navn."),
    ] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Ganger gjennom korpuset.")] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Modeller i samlingen.")] = 2,
    with_dev: Annotated[
        bool, typer.Option("--with-dev", help="Tren den ferdige modellen også på dev.")
    ] = False,
    syntax: Annotated[bool, typer.Option(help="Vei inn syntaktiske tegn i terskelvalget.")] = True,
    compare: Annotated[
        bool, typer.Option("--compare", help="Tren også modellene i sammenligningen.")
    ] = False,
    check_leaks: Annotated[
        bool, typer.Option("--check-leaks", help="Bare let etter overlapp mellom trening og dev.")
    ] = False,
) -> None:
    """Tren gjenkjenneren på merkede meldinger."""
    from dataclasses import replace

    from feedbackcheck.training.recogniser import shipping
    from feedbackcheck.training.recogniser.training import TrainingPlan

    def log(text: str) -> None:
        typer.echo(text, err=True)

    if check_leaks:
        found = shipping.check_leaks(corpora)
        for dev_id, train_id, share in found:
            typer.echo(f"{dev_id}\t{train_id}\t{share:.2f}")
        log(f"{len(found)} par deler minst halvparten av fireordsrekkene sine")
        raise typer.Exit(1 if found else 0)
    from feedbackcheck.training.extras import need_torch

    need_torch()
    plan = TrainingPlan()
    if epochs is not None:
        plan = replace(plan, epochs=epochs)
    if encoder is not None:
        from feedbackcheck.training.recogniser.transformer import ship_encoder

        row = ship_encoder(corpora, out, encoder, plan=plan, with_dev=with_dev, syntax=syntax, log=log)
        typer.echo(str(row))
        return
    pretrained = work / "encoder.pt" if work is not None else None
    if text is not None:
        from feedbackcheck.training.recogniser.pretraining import pretrain_from

        if work is None:
            from feedbackcheck.errors import UsageError

            raise UsageError("--text krever --work", where="train recogniser", fix="Oppgi en arbeidsmappe.")
        pretrain_from(text, corpora, work, minutes=pretrain_minutes, log=log)
    if pretrained is not None and not pretrained.is_file():
        from feedbackcheck.errors import UsageError

        raise UsageError(
            "Fant ingen forhåndstrent koder",
            where=str(pretrained),
            fix="Oppgi løpende tekst med --text, eller utelat --work.",
        )
    if compare:
        shipping.compare(corpora, out, plan=plan, pretrained=pretrained, spacy_seconds=240, log=log)
    row = shipping.ship(
        corpora,
        out,
        plan=plan,
        seeds=list(range(1, seeds + 1)),
        pretrained=pretrained,
        with_dev=with_dev,
        syntax=syntax,
        log=log,
    )
    typer.echo(str(row))


def register(group: typer.Typer) -> None:
    """Add the command to the ``train`` group."""
    group.command("recogniser")(recogniser)
