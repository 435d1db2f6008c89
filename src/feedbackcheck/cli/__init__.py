"""The command line: a command a file. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line; errors end in one line on stderr and exit code 2."""
    from feedbackcheck.cli.app import run

    run()
