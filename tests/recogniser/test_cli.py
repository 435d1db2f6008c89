"""``feedbackcheck evaluate`` and ``feedbackcheck train recogniser`` as commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from feedbackcheck.cli.app import app

GOLD = {
    "id": "A-1",
    "lang": "nb",
    "stage": "soknad",
    "mode": "message",
    "context": {},
    "is_rejection": True,
    "text": "Hei Oda,\nDu får ikke jobben.",
    "segments": [
        {"start": 0, "end": 8, "labels": ["ING08"], "optional": []},
        {"start": 9, "end": 28, "labels": ["ING02"], "optional": []},
    ],
    "quality": 2.0,
}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(GOLD, ensure_ascii=False) + "\n", "utf-8")
    return path


def test_evaluate_scores_stored_answers(gold: Path, tmp_path: Path) -> None:
    answer = {
        "id": "A-1",
        "is_rejection": True,
        "score": {"total": 40},
        "findings": [],
        "ingredients": [{"code": "ING08", "start": 0, "end": 8}],
    }
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text(json.dumps(answer) + "\n", "utf-8")
    result = CliRunner().invoke(
        app, ["evaluate", str(gold), "--predicted", str(predicted), "--groups", "--json"]
    )
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["ingredients"] == {"p": 1.0, "r": 0.5, "f1": 0.667, "n": 2, "macro_f1": 0.0}
    assert data["groups"]["målform"]["nb"]["messages"] == 1


def test_evaluate_runs_the_program(gold: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", str(gold), "--no-recogniser", "--json"])
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["lost"] == 0
    assert data["labels"]["ING08"]["f1"] == 1.0


def test_malformed_gold_names_the_line(tmp_path: Path) -> None:
    from feedbackcheck.errors import SourceError

    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": 1}\n{"id": \n', "utf-8")
    with pytest.raises(SourceError, match=r"gold\.jsonl:2"):
        CliRunner().invoke(app, ["evaluate", str(path)], catch_exceptions=False)


def test_training_needs_a_corpus(tmp_path: Path) -> None:
    from feedbackcheck.errors import SourceError

    with pytest.raises(SourceError, match="merkede meldinger"):
        CliRunner().invoke(
            app, ["train", "recogniser", "--corpora", str(tmp_path), "--check-leaks"], catch_exceptions=False
        )


def test_check_leaks_reports_a_copied_letter(gold: Path) -> None:
    for name in ("train.jsonl", "dev.jsonl"):
        gold.with_name(name).write_text(gold.read_text("utf-8"), "utf-8")
    result = CliRunner().invoke(app, ["train", "recogniser", "--corpora", str(gold.parent), "--check-leaks"])
    assert result.exit_code == 1
    assert result.stdout.startswith("A-1\tA-1\t1.00")
