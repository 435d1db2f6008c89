"""``feedbackcheck train …``: build the shipped models from their data. A file a command; this one only collects them."""

from __future__ import annotations

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the group and its commands."""
    from feedbackcheck.cli import (
        train_encoder,
        train_language,
        train_recogniser,
        train_score,
        train_vectors,
        train_words,
    )

    group = typer.Typer(
        help="Tren modellene på nytt (krever tilleggspakken «train» og egne data).",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    train_language.register(group)
    train_vectors.register(group)
    train_words.register(group)
    train_recogniser.register(group)
    train_encoder.register(group)
    train_score.register(group)
    app.add_typer(group, name="train")
