"""``feedbackcheck explain CODE``: one rule's page."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["register"]

_STYLES = {"title": ("bold",), "heading": ("bold", "cyan"), "label": ("dim",), "bar": ("dim",)}
#: Lines longer than this are tiring to read, however wide the window is.
_WIDEST = 88


def explain(
    code: Annotated[
        str, typer.Argument(help="Regelkode eller navn, for eksempel KLI002 eller tom-begrunnelse.")
    ],
) -> None:
    """Vis siden om én regel."""
    import shutil
    import sys

    from feedbackcheck.config import check_codes
    from feedbackcheck.reports.colour import Paint, wants_colour
    from feedbackcheck.rules import codes, rule
    from feedbackcheck.rules.pages import plain_page

    (wanted,) = check_codes([code], "explain") or ("",)
    paint = Paint(wants_colour("auto", sys.stdout))
    width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
    pages = [
        plain_page(rule(c), width, style=lambda text, kind: paint(text, *_STYLES[kind]))
        for c in codes()
        if c.startswith(wanted)
    ]
    typer.echo("\n\n".join(pages), nl=False, color=paint.on)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)
