"""``feedbackcheck init``: write a commented configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def init(
    folder: Annotated[Path, typer.Argument(help="Mappen der feedbackcheck.toml skal ligge.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Skriv over en fil som finnes.")] = False,
) -> None:
    """Skriv en konfigurasjonsfil med forklaringer."""
    from importlib import resources

    from feedbackcheck.errors import UsageError
    from feedbackcheck.files import write_atomically

    if not folder.is_dir():
        raise UsageError("Mappen finnes ikke", where=str(folder))
    file = folder / "feedbackcheck.toml"
    if file.exists() and not force:
        raise UsageError("Filen finnes allerede", where=str(file), fix="Bruk --force for å skrive over den.")
    write_atomically(file, (resources.files("feedbackcheck") / "data" / "init.toml").read_bytes())
    typer.echo(f"Skrev {file}", err=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)
