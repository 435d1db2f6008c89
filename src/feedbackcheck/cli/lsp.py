"""``feedbackcheck lsp``: the language server."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["register"]


def lsp(
    tcp: Annotated[
        bool, typer.Option("--tcp", help="Lytt på en port i stedet for standard inn og ut.")
    ] = False,
    host: Annotated[str, typer.Option(help="Adressen det lyttes på med --tcp.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Porten det lyttes på med --tcp.", min=0, max=65535)] = 2087,
    debounce: Annotated[
        int, typer.Option(help="Millisekunder å vente på mer skriving.", min=0, max=5000)
    ] = 150,
) -> None:
    """Start språktjeneren for redigeringsprogrammer."""
    from feedbackcheck.errors import MissingExtraError

    try:
        from feedbackcheck.lsp.server import create_server
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise MissingExtraError("Språktjeneren", "lsp") from None
    server = create_server(debounce=debounce / 1000)
    if tcp:
        typer.echo(f"feedbackcheck: lytter på {host}:{port}", err=True)
        server.start_tcp(host, port)
    else:
        server.start_io()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lsp")(lsp)
