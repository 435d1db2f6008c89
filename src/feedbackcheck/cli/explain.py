"""``feedbackcheck explain CODE``: one rule's page."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["register"]


def explain(
    code: Annotated[
        str, typer.Argument(help="Regelkode eller navn, for eksempel KLI002 eller tom-begrunnelse.")
    ],
) -> None:
    """Vis siden om én regel."""
    from feedbackcheck.config import check_codes
    from feedbackcheck.rules import codes, rule

    wanted = check_codes([code], "explain")[0]
    if not wanted:
        wanted = ""
    pages = [rule(c) for c in codes() if c.startswith(wanted)]
    typer.echo(
        "\n\n".join(
            f"{r.code} {r.name}\n{'=' * (len(r.code) + 1 + len(r.name))}\n\n{r.page.strip()}" for r in pages
        )
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)
