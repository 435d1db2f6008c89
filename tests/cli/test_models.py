"""``feedbackcheck models``: list, inspect, choose."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from feedbackcheck.cli.app import app
from feedbackcheck.cli.models import with_choice
from feedbackcheck.errors import ModelError, UsageError

runner = CliRunner()


def test_list_marks_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = runner.invoke(app, ["models", "list", "--output-format", "json"])
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert [row["name"] for row in rows if row["chosen"]] == ["feedbackcheck_nb_nn"]
    assert rows[0]["missing"] == []


def test_inspect_tells_what_is_missing(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("nb")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "liten")
    result = runner.invoke(app, ["models", "inspect", str(tmp_path / "liten")])
    assert result.exit_code == 0
    assert "setningsdeling" in result.stdout
    assert "mangler     ordklasser og bøying" in result.stdout


def test_choose_writes_and_takes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    monkeypatch.chdir(tmp_path)
    spacy.blank("nb").to_disk(tmp_path / "liten")
    config = tmp_path / "feedbackcheck.toml"
    config.write_text('# min\nignore = ["KLI001"]\n\n[context]\ncompany = "Granli AS"\n', encoding="utf-8")
    assert runner.invoke(app, ["models", "choose", str(tmp_path / "liten")]).exit_code == 0
    written = tomllib.loads(config.read_text(encoding="utf-8"))
    assert written["language_model"] == str(tmp_path / "liten")
    assert written["context"] == {"company": "Granli AS"}
    assert config.read_text(encoding="utf-8").count("# min") == 1
    assert runner.invoke(app, ["models", "choose", "default"]).exit_code == 0
    assert "language_model" not in tomllib.loads(config.read_text(encoding="utf-8"))


def test_choosing_what_is_not_there_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = runner.invoke(app, ["models", "choose", "nb_finnes_ikke"])
    assert isinstance(result.exception, ModelError)
    assert not (tmp_path / "feedbackcheck.toml").exists()


@pytest.mark.parametrize(
    ("before", "table"),
    [
        ("", False),
        ('ignore = ["A"]\n[context]\ncompany = "x"\n', False),
        ('language_model = "old"\nignore = []', False),
        ("[project]\nname = 'x'\n", True),
        ("[tool.feedbackcheck]\nignore = []\n\n[tool.other]\nlanguage_model = 'theirs'\n", True),
    ],
)
def test_with_choice_changes_one_key_only(before: str, table: bool) -> None:
    def ours(text: str) -> dict[str, object]:
        data = tomllib.loads(text)
        return data.get("tool", {}).get("feedbackcheck", {}) if table else data

    after = with_choice(before, 'C:\\m "1"', table=table)
    assert ours(after)["language_model"] == 'C:\\m "1"'
    back = with_choice(after, None, table=table)
    assert "language_model" not in ours(back)
    rest = {key: value for key, value in ours(before).items() if key != "language_model"}
    assert ours(back) == rest
    assert ("theirs" in after) == ("theirs" in before)


def test_evaluate_without_data_says_so() -> None:
    result = runner.invoke(app, ["models", "evaluate"])
    assert isinstance(result.exception, UsageError)
