"""Puts the commands together, and turns errors into one line and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from feedbackcheck.cli import exit_codes
from feedbackcheck.cli.streams import make_writable
from feedbackcheck.errors import FeedbackcheckError, reason

__all__ = ["build", "run"]


def _version(value: bool) -> None:
    if value:
        from feedbackcheck import __version__

        typer.echo(f"feedbackcheck {__version__}")
        raise typer.Exit()


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_version, is_eager=True, help="Vis versjonen og avslutt."),
    ] = False,
) -> None:
    """Options of the program itself."""


#: Modules of this package that hold commands, in the order of ``--help``. Each has ``register(app)``.
_COMMANDS = (
    "check",
    "suggest",
    "review",
    "explain",
    "rules",
    "init",
    "serve",
    "lsp",
    "models",
    "train",
    "evaluate",
)


def build(names: Sequence[str] = _COMMANDS) -> typer.Typer:
    """The program with some of its commands (all of them by default)."""
    from importlib import import_module

    from feedbackcheck.cli.norwegian import speak_norwegian

    speak_norwegian()
    program = typer.Typer(
        name="feedbackcheck",
        help="Kontrollerer utkast til avslag til jobbsøkere: klisjeer, manglende tilbakemelding, tone – og bedre ord.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    program.callback()(_root)
    for name in names:
        import_module(f"feedbackcheck.cli.{name}").register(program)
    return program


def __getattr__(name: str) -> typer.Typer:
    if name == "app":
        globals()["app"] = program = build()
        return program
    raise AttributeError(name)


def _called(arguments: Sequence[str], environment: Mapping[str, str]) -> Sequence[str]:
    """The one command that is called for; all of them for help and completion.

    A command costs some milliseconds (its options are read from its signature), and most runs need only one.
    """
    called = next((a for a in arguments if not a.startswith("-")), None)
    completing = any(key.endswith("_COMPLETE") for key in environment)
    return (called,) if called in _COMMANDS and not completing else _COMMANDS


def _drop_output() -> None:
    """Send what is left for stdout nowhere, so that Python's exit does not fail on it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run() -> None:
    """Entry point of the ``feedbackcheck`` command."""
    # A short run makes few cycles; collecting them at the usual pace costs a tenth of its time.
    gc.set_threshold(100_000, 20, 20)
    program = build(_called(sys.argv[1:], os.environ))
    make_writable()
    try:
        program()
    except FeedbackcheckError as error:
        typer.echo(f"feedbackcheck: {error}", err=True)
        sys.exit(exit_codes.ERROR)
    except BrokenPipeError:
        # The reader (head, less) has had enough: end quietly, and keep Python's exit from complaining about stdout.
        _drop_output()
        sys.exit(exit_codes.CLEAN)
    except OSError as error:
        # Results that could not be written (a full disk behind «>») are no results.
        _drop_output()
        typer.echo(f"feedbackcheck: Kan ikke skrive eller lese: {reason(error)}.", err=True)
        sys.exit(exit_codes.ERROR)
    except KeyboardInterrupt:
        typer.echo("feedbackcheck: avbrutt", err=True)
        sys.exit(130)
