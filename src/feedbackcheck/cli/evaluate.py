"""``feedbackcheck evaluate``: how well the program, or somebody's output, agrees with labelled messages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["register"]


def evaluate(
    gold: Annotated[
        list[Path] | None,
        typer.Argument(help="Merkede meldinger (JSON-linjer). Uten: corpora/dev.jsonl.", show_default=False),
    ] = None,
    predicted: Annotated[
        Path | None, typer.Option("--predicted", help="Ferdige svar å måle, ellers kjøres programmet.")
    ] = None,
    recogniser: Annotated[bool, typer.Option(help="Bruk den trente gjenkjenneren.")] = True,
    hide_stage: Annotated[bool, typer.Option("--hide-stage", help="La programmet gjette stadiet.")] = False,
    groups: Annotated[
        bool, typer.Option("--groups", help="Vis målform, modus og stadium hver for seg.")
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="Skriv tabellen over sammenlignede modeller.")
    ] = False,
    again: Annotated[
        Path | None,
        typer.Option("--again", help="De samme meldingene merket på nytt: vis hvor enige merkingene er."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv alt som JSON.")] = False,
) -> None:
    """Mål programmet mot merkede meldinger."""
    if compare:
        from feedbackcheck.training.recogniser.comparison import stored_table

        typer.echo(stored_table())
        return
    import json
    from dataclasses import replace

    from feedbackcheck.settings import Settings
    from feedbackcheck.training.evaluate import predict, score, score_groups
    from feedbackcheck.training.recogniser.datasets import read_jsonl

    items = [m for path in gold or [_default()] for m in read_jsonl(path)]
    if again is not None:
        from feedbackcheck.training.agreement import agreement

        for name, value in agreement(items, list(read_jsonl(again))).items():
            typer.echo(f"{name:24s} {value:g}")
        return
    if predicted is not None:
        answers: dict[str, Any] = {p["id"]: p for p in read_jsonl(predicted)}
    else:
        settings = replace(Settings(), recogniser=recogniser)
        answers = predict(
            items, settings, know_stage=not hide_stage, log=lambda text: typer.echo(text, err=True)
        )
    result = score(items, answers)
    by_group = score_groups(items, answers) if groups else {}
    if as_json:
        typer.echo(
            json.dumps({**result, **({"groups": by_group} if groups else {})}, ensure_ascii=False, indent=1)
        )
        return
    for line in _lines(result, by_group):
        typer.echo(line)


def _default() -> Path:
    from feedbackcheck.errors import UsageError

    path = Path("corpora/dev.jsonl")
    if not path.is_file():
        raise UsageError(
            "Oppgi en fil med merkede meldinger", where="evaluate", fix="Formatet står i corpora/README.md."
        )
    return path


def _lines(result: dict[str, Any], by_group: dict[str, Any]) -> list[str]:
    out = []
    for key, value in result.items():
        if key != "labels":
            shown = "  ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
            out.append(f"{key:42s} {shown}")
    for code, v in result["labels"].items():
        out.append(f"  {code}  p {v['p']:.2f}  r {v['r']:.2f}  f1 {v['f1']:.2f}  n {v['n']}")
    for title, values in by_group.items():
        for value, r in values.items():
            out.append(
                f"{title} {value:10s} meldinger {r['messages']:4d}  problemer {r['problems']['f1']:.3f}  "
                f"ingredienser {r['ingredients']['f1']:.3f}  mangler {r['missing']['f1']:.3f}"
            )
    return out


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate)
