"""``feedbackcheck models``: list, inspect, choose and evaluate language pipelines."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from feedbackcheck.language.pipeline import PipelineInfo

__all__ = ["register"]

_models = typer.Typer(
    help="Språkmodeller: se, velg og mål dem.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"


_FormatOption = Annotated[Format, typer.Option("--output-format", help="text eller json.")]
_NameArgument = Annotated[
    str | None, typer.Argument(help="En spaCy-pakke eller en mappe; uten navn den som følger med.")
]


def _row(info: PipelineInfo, chosen: str | None) -> dict[str, object]:
    from feedbackcheck.language.pipeline import PARTS, SHIPPED

    return {
        "name": info.name,
        "version": info.version,
        "identity": info.identity,
        "path": str(info.path),
        "size": info.size,
        "components": list(info.components),
        "parts": sorted(info.parts),
        "missing": sorted(PARTS.keys() - info.parts),
        "chosen": chosen in (info.name, str(info.path)) or (chosen is None and info.name == SHIPPED),
    }


def _configured(start: Path) -> str | None:
    from feedbackcheck.config import find_config, load_config

    file = find_config(start)
    return load_config(file).settings.language_model if file is not None else None


def _echo_json(value: object) -> None:
    import json

    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


@_models.command("list")
def list_models(output_format: _FormatOption = Format.TEXT) -> None:
    """List modellen som følger med, spaCy-modeller som er installert som pakker, og den som er valgt."""
    from importlib.metadata import entry_points

    from feedbackcheck.errors import ModelError
    from feedbackcheck.language.pipeline import inspect

    chosen = _configured(Path())
    rows = []
    # Every packaged pipeline announces itself to spaCy this way; looking does not import it.
    installed = sorted(point.name for point in entry_points(group="spacy_models"))
    for name in dict.fromkeys([None, *installed, *([chosen] if chosen else [])]):
        try:
            rows.append(_row(inspect(name), chosen))
        except ModelError:
            # A broken package is simply not listed, unless somebody chose it.
            if name is None or name == chosen:
                raise
    if output_format is Format.JSON:
        _echo_json(rows)
        return
    for row in rows:
        mark = "*" if row["chosen"] else " "
        typer.echo(
            f"{mark} {row['name']:<24} {row['version']:<8} {int(str(row['size'])) / 1e6:5.1f} MB  {row['path']}"
        )


@_models.command("inspect")
def inspect_model(name: _NameArgument = None, output_format: _FormatOption = Format.TEXT) -> None:
    """Vis hva en modell består av, og hva reglene vil savne i den."""
    from feedbackcheck.language.pipeline import PARTS, inspect

    info = inspect(name)
    row = _row(info, _configured(Path()))
    if output_format is Format.JSON:
        _echo_json({**row, "meta": info.meta})
        return
    typer.echo(f"{info.name} {info.version}")
    typer.echo(f"  mappe       {info.path}")
    typer.echo(f"  størrelse   {info.size / 1e6:.1f} MB")
    typer.echo(f"  identitet   {info.identity}")
    typer.echo(f"  komponenter {', '.join(info.components)}")
    typer.echo(
        f"  gir         {', '.join(PARTS[part] for part in PARTS if part in info.parts) or 'ingenting'}"
    )
    lacking = [PARTS[part] for part in PARTS if part not in info.parts]
    if lacking:
        typer.echo(f"  mangler     {', '.join(lacking)} (regler som trenger det, sier fra og hoppes over)")
    if info.meta.get("license"):
        typer.echo(f"  lisens      {info.meta['license']}")


@_models.command("choose")
def choose(
    name: Annotated[
        str, typer.Argument(help="En spaCy-pakke, en mappe, eller «default» for den som følger med.")
    ],
    config: Annotated[
        Path | None, typer.Option("--config", help="Konfigurasjonsfilen som skal endres.")
    ] = None,
) -> None:
    """Skriv valget av språkmodell i konfigurasjonen (language_model)."""
    from feedbackcheck.config import find_config, load_config
    from feedbackcheck.files import write_atomically
    from feedbackcheck.language.pipeline import inspect

    if name != "default":
        inspect(name)  # an error here is better than one at the next check
    file = config or find_config(Path()) or Path("feedbackcheck.toml")
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    after = with_choice(before, None if name == "default" else name, table=file.name == "pyproject.toml")
    if after == before:
        typer.echo("Ingenting å endre", err=True)
        return
    write_atomically(file, after.encode("utf-8"))
    load_config(file)
    typer.echo(f"Skrev {file}", err=True)


def with_choice(text: str, name: str | None, *, table: bool) -> str:
    """Return a configuration's text with ``language_model`` set, or removed for None; every other line stays.

    ``table``: the key belongs to ``[tool.feedbackcheck]`` (pyproject.toml), not to the top of the file.
    """
    import json
    import re

    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    start = 0
    if table:
        heads = [index for index, line in enumerate(lines) if line.strip() == "[tool.feedbackcheck]"]
        if not heads:
            if name is None:
                return text
            lines += ["\n", "[tool.feedbackcheck]\n"]
            heads = [len(lines) - 1]
        start = heads[0] + 1
    end = next(
        (index for index in range(start, len(lines)) if lines[index].lstrip().startswith("[")), len(lines)
    )
    # TOML basic strings and JSON strings agree on every escape that JSON writes.
    wanted = [] if name is None else [f"language_model = {json.dumps(name, ensure_ascii=False)}\n"]
    for index in range(start, end):
        if re.match(r"\s*language[_-]model\s*=", lines[index]):
            return "".join([*lines[:index], *wanted, *lines[index + 1 :]])
    return "".join([*lines[:start], *wanted, *lines[start:]])


@_models.command("evaluate")
def evaluate(
    name: _NameArgument = None,
    treebank: Annotated[
        Path | None, typer.Option("--treebank", help="Mappe med de offisielle UD- og NorNE-filene.")
    ] = None,
    letters: Annotated[Path | None, typer.Option("--letters", help="Merkede brev (letters.jsonl).")] = None,
    part: Annotated[str, typer.Option("--part", help="dev eller test.")] = "test",
    card: Annotated[
        Path | None, typer.Option("--card", help="Skriv modellkortet hit (krever --treebank).")
    ] = None,
    output_format: _FormatOption = Format.TEXT,
) -> None:
    """Mål en modell på trebank, navn, brev og fart, ved siden av de offisielle modellenes tall."""
    from feedbackcheck.errors import UsageError

    if treebank is None and letters is None:
        raise UsageError("ingenting å måle på", fix="Oppgi --treebank, --letters eller begge.")
    if part not in ("dev", "test"):
        raise UsageError(f"--part må være dev eller test, ikke «{part}»")
    from feedbackcheck.training.language import report

    result = report.measure(name, treebank=treebank, letters=letters, part=part)
    if card is not None:
        if treebank is None or part != "test":
            raise UsageError("modellkortet krever --treebank og --part test")
        from feedbackcheck.files import write_atomically
        from feedbackcheck.language.pipeline import inspect
        from feedbackcheck.training.language.card import card as card_text

        write_atomically(card, card_text(result, inspect(name).meta).encode("utf-8"))
    if output_format is Format.JSON:
        _echo_json(result.to_dict())
    else:
        for line in result.lines():
            typer.echo(line)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(_models, name="models")
