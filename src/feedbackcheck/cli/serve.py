"""``feedbackcheck serve``: the web page and the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["register"]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    host: Annotated[str, typer.Option(help="Adressen det lyttes på.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Porten det lyttes på; 0 velger en ledig.", min=0, max=65535)
    ] = 8642,
    token: Annotated[
        str | None, typer.Option(envvar="FEEDBACKCHECK_TOKEN", help="Tilgangsnøkkel som API-et krever.")
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="Et vertsnavn til som tjeneren svarer på; kan gjentas."),
    ] = None,
    rate: Annotated[
        int | None,
        typer.Option(
            help="Forespørsler i minuttet per klient (uten valg: 120000 på egen maskin, 1200 fra andre).",
            min=1,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Prosesser som kontrollerer; 0 bruker tråder i én prosess (uten valg: én per kjerne, høyst 4).",
            min=0,
            max=64,
        ),
    ] = None,
) -> None:
    """Start nettsiden og API-et på din egen maskin."""
    import os
    import secrets
    import socket

    from feedbackcheck.errors import MissingExtraError, UsageError, reason

    try:
        import uvicorn

        from feedbackcheck.server.app import create_app
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in (
            "uvicorn",
            "fastapi",
            "starlette",
            "multipart",
            "python_multipart",
        ):
            raise
        raise MissingExtraError("Nettsiden", "server") from None
    hosts = ["127.0.0.1", "localhost", "[::1]", *(allow_host or [])]
    if host not in _LOOPBACK:
        # Open to others: never without a key.
        token = token or secrets.token_urlsafe(24)
        hosts.append(host if ":" not in host else f"[{host}]")
        typer.echo(f"feedbackcheck: andre maskiner kan nå {host}; API-et krever nøkkelen {token}", err=True)
        if host in ("0.0.0.0", "::") and not allow_host:
            typer.echo(
                "feedbackcheck: si med --allow-host hvilket navn de bruker om denne maskinen", err=True
            )
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Kan ikke lytte: {reason(error)}", where=f"{host}:{port}", fix="Velg en annen port med --port."
        ) from None
    address = f"http://{'localhost' if host in _LOOPBACK else host}:{listener.getsockname()[1]}/"
    typer.echo(f"feedbackcheck: åpne {address} i nettleseren (stopp med Ctrl+C)", err=True)
    config = uvicorn.Config(
        create_app(
            hosts=hosts,
            token=token,
            per_minute=rate or (120_000 if host in _LOOPBACK else 1200),
            processes=min(4, os.cpu_count() or 1) if workers is None else workers,
        ),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        limit_concurrency=200,
    )
    uvicorn.Server(config).run(sockets=[listener])


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)
