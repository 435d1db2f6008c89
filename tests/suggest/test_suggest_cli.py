"""The command: formats, exit codes, writing back, and the walk through the changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from suggest_samples import draft, message
from typer.testing import CliRunner

from feedbackcheck import Checker
from feedbackcheck.cli.app import app
from feedbackcheck.cli.suggest_steps import walk
from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.suggest.revise import apply
from feedbackcheck.suggest.service import suggest_for

FACTS = [
    "--name",
    "Ola Li",
    "--position",
    "kokk",
    "--sender",
    "Eva Moe",
    "--note",
    "rask med kniv",
    "--note",
    "lite erfaring med varmmat",
]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "utkast.txt"
    file.write_text(draft("intervju-nb"), encoding="utf-8")
    return file


def _run(*args: str) -> str:
    result = CliRunner().invoke(app, ["suggest", *args, "--isolated", "--quiet"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_cli_suggest_text_diff_json_html(letter: Path) -> None:
    text = _run(str(letter), "--stage", "intervju", *FACTS)
    assert text.startswith("Hei Ola,\n\nTakk")
    data = json.loads(_run(str(letter), "--stage", "intervju", *FACTS, "--output-format", "json"))
    assert data["revised"] == text and data["original"] == draft("intervju-nb")
    assert data["score_after"]["total"] > data["score_before"]["total"]
    diff = _run(str(letter), "--stage", "intervju", *FACTS, "--output-format", "diff")
    assert diff.startswith("--- ") and "\n-Hei,\n" in diff and "\n+Hei Ola,\n" in diff
    page = _run(str(letter), "--stage", "intervju", *FACTS, "--output-format", "html")
    assert (
        page.startswith("<!doctype html>")
        and "<ins>" in page
        and "http" not in page.replace("https://www.w3.org", "")
    )


def test_cli_suggest_page_escapes_what_the_draft_says(tmp_path: Path) -> None:
    file = tmp_path / "u.txt"
    file.write_text(
        "Hei <b>Ola</b>,\n\nVi har dessverre valgt en annen. <script>alert(1)</script>\n\nHilsen\nEva Moe",
        encoding="utf-8",
    )
    page = _run(str(file), "--stage", "soknad", "--output-format", "html")
    assert "<script" not in page


def test_cli_suggest_writes_back_in_the_files_encoding(letter: Path) -> None:
    letter.write_bytes(draft("intervju-nb").replace("fremtiden", "framtida vår på Ørland").encode("cp1252"))
    _run(str(letter), "--stage", "intervju", *FACTS, "--write")
    assert letter.read_bytes().decode("cp1252").startswith("Hei Ola,")


def test_cli_suggest_writes_html_without_breaking_tags(tmp_path: Path) -> None:
    file = tmp_path / "utkast.html"
    file.write_text(
        "<html><body><p>Hei,</p><p>Vi har dessverre gått videre med andre kandidater.</p><p>Hilsen<br>Eva Moe</p></body></html>",
        encoding="utf-8",
    )
    _run(str(file), "--stage", "soknad", "--name", "Ola Li", "--position", "kokk", "--write")
    html = file.read_text(encoding="utf-8")
    assert (
        "<p>Hei Ola,</p>" in html
        and html.endswith("</body></html>")
        and html.count("<p>") == html.count("</p>")
    )


def test_cli_suggest_leaves_what_has_tags_between_its_words(tmp_path: Path) -> None:
    file = tmp_path / "utkast.html"
    letter = (
        "<p>Hei Ola,</p><p>Vi har dessverre <b>gått videre med</b> {} kandidater.</p><p>Hilsen<br>Eva Moe</p>"
    )
    page = letter.format("<!-- HR: ikke rør -->andre")
    file.write_text(page, encoding="utf-8")
    arguments = ["suggest", str(file), "--isolated", "--stage", "soknad", "--position", "kokk", "--write"]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert "fordi koder står mellom ordene" in result.stderr
    written = file.read_text(encoding="utf-8")
    assert "<b>gått videre med</b> <!-- HR: ikke rør -->andre kandidater." in written


def test_cli_suggest_does_not_overwrite_what_changed_meanwhile(
    letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feedbackcheck.cli import suggest

    revise = suggest._revise

    def slow(*args: Any) -> Any:
        letter.write_text("Noe annet.", encoding="utf-8")
        return revise(*args)

    monkeypatch.setattr(suggest, "_revise", slow)
    result = CliRunner().invoke(
        app, ["suggest", str(letter), "--isolated", "--stage", "intervju", *FACTS, "--write"]
    )
    assert isinstance(result.exception, FeedbackcheckError)
    assert letter.read_text(encoding="utf-8") == "Noe annet."


def test_cli_suggest_call_script_needs_no_file(tmp_path: Path) -> None:
    context = tmp_path / "ola.yaml"
    context.write_text("candidate_name: Ola Li\nsender: Eva Moe\nposition: kokk\n", encoding="utf-8")
    assert "1. Åpning: «Hei Ola, det er Eva Moe." in _run("--stage", "telefon", "--context", str(context))


def test_cli_suggest_tells_what_is_missing_on_standard_error(letter: Path) -> None:
    result = CliRunner().invoke(
        app,
        ["suggest", str(letter), "--stage", "intervju", "--isolated", "--note", "61 år"],
        catch_exceptions=False,
    )
    assert result.exit_code == 0
    assert "Hva heter kandidaten?" in result.stderr and "alder" in result.stderr
    assert "feedbackcheck:" not in result.stdout


@pytest.mark.parametrize(
    "args",
    [[], ["finnes-ikke.txt"], ["-", "--write"], ["-", "--interactive"], ["x.txt", "--rewriter", "noe"]],
    ids=["none", "missing", "write", "interactive", "rewriter"],
)
def test_cli_suggest_wrong_use(args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.txt").write_text("Hei,\n\nVi har valgt en annen.\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["suggest", *args], input="Hei")
    assert isinstance(result.exception, FeedbackcheckError)


def test_cli_suggest_steps_accept_edit_skip_why(checker: Checker, capsys: pytest.CaptureFixture[str]) -> None:
    context = {"candidate_name": "Ola Li", "position": "kokk", "sender": "Eva Moe"}
    revision = suggest_for(message(draft("intervju-nb"), context, stage="intervju"), checker)
    answers = iter(["f", "g", "h", "r", "Helt egne ord.", "s"])
    walked = walk(revision, ask=lambda _prompt: next(answers))
    assert len(walked.edits) == 2
    assert walked.edits[0] == revision.edits[0]
    assert (
        walked.edits[1] == replace(revision.edits[2], text=walked.edits[1].text)
        and "Helt egne ord." in walked.edits[1].text
    )
    assert walked.revised == apply(revision.original, walked.edits)
    everything = walk(revision, ask=lambda _prompt: "a")
    assert everything.revised == revision.revised
    assert "Bygger på" in capsys.readouterr().out or revision.edits[0].sources == ()
