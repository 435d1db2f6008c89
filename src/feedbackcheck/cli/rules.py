"""``feedbackcheck rules``: all rules."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["register"]


class Format(StrEnum):
    """How to print the list."""

    TEXT = "text"
    JSON = "json"


def rules(
    output_format: Annotated[Format, typer.Option("--output-format", help="text eller json.")] = Format.TEXT,
) -> None:
    """List alle regler."""
    from feedbackcheck.message import Stage
    from feedbackcheck.rules import all_rules
    from feedbackcheck.rules.base import IngredientRule

    listed = all_rules()
    if output_format is Format.JSON:
        import json

        rows = [
            {
                "code": r.code,
                "name": r.name,
                "message": r.data["message"],
                "advice": r.data.get("advice", ""),
                "kind": "ingredient" if isinstance(r, IngredientRule) else "finding",
                "severity": None
                if isinstance(r, IngredientRule)
                else {s.value: r.severity(s).value for s in Stage},
            }
            for r in listed
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for r in listed:
        typer.echo(f"{r.code}  {r.name:<24} {r.data['message']}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rules")(rules)
