"""JSON lines in, one object a line out: every id once, offsets into the given text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from feedbackcheck.cli.app import app

LETTER = (
    "Hei Kari,\n\nTakk for søknaden på stillingen som kokk.\n\nVi har dessverre gått videre med andre kandidater som har mer relevant erfaring.\n\n"
    "Lykke til videre!\n\nHilsen Per Hansen"
)


def review(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["review", *arguments, "--isolated"], catch_exceptions=False)


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "brev.jsonl"
    lines = [
        json.dumps(
            {
                "id": "a",
                "text": LETTER,
                "lang": "nb",
                "stage": "soknad",
                "context": {"candidate_name": "Kari Nes"},
            }
        ),
        json.dumps({"id": "b", "text": "Hei Ola,\n\nDu er invitert til intervju på torsdag.\n\nHilsen Per"}),
        "{ikke json",
        json.dumps({"id": "d", "text": 7}),
        json.dumps({"id": "e", "text": LETTER, "stage": "middag"}),
        "",
        json.dumps({"id": "f", "text": LETTER, "context": {"applicants": "mange"}}),
        json.dumps({"id": "g", "text": ""}),
        json.dumps({"id": "a", "text": LETTER}),
    ]
    file.write_text("\n".join(lines), "utf-8")
    return file


def test_every_line_gives_one_object(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut.jsonl"
    result = review(str(corpus), "--output-format", "jsonl", "-o", str(out))
    assert result.exit_code == 0
    found = rows(out.read_text("utf-8"))
    assert [r["id"] for r in found] == ["a", "b", "linje 3", "d", "e", "f", "g", "a"]
    assert [r["is_rejection"] for r in found] == [True, False, False, False, False, False, False, True]
    assert "lest 8 = vurdert 2 + annet 2 + feilet 4" in result.stderr


def test_offsets_point_into_the_given_text(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut.jsonl"
    review(str(corpus), "--output-format", "jsonl", "-o", str(out))
    first = rows(out.read_text("utf-8"))[0]
    stock = next(f for f in first["findings"] if f["code"] == "KLI001")
    assert "gått videre" in LETTER[stock["start"] : stock["end"]]
    line = LETTER[: stock["start"]].count("\n") + 1
    assert (stock["line"], stock["column"]) == (line, stock["start"] - LETTER.rindex("\n", 0, stock["start"]))
    assert {"start", "end", "code"} <= first["ingredients"][0].keys()


def test_a_letter_is_judged_as_by_the_checker(corpus: Path, tmp_path: Path) -> None:
    from feedbackcheck import Checker

    out = tmp_path / "ut.jsonl"
    review(str(corpus), "--output-format", "jsonl", "-o", str(out))
    mine = rows(out.read_text("utf-8"))[0]
    checker = Checker(suggestions=False)
    report = checker.check(LETTER, context={"candidate_name": "Kari Nes"}, stage="soknad").to_dict()
    assert mine["score"] == report["score"]
    assert [f["code"] for f in mine["findings"]] == [f["code"] for f in report["findings"]]


def test_json_holds_messages_counts_and_failures(corpus: Path) -> None:
    result = review(str(corpus), "--output-format", "json", "--quiet")
    data = json.loads(result.stdout)
    assert data["schema"] == 1 and len(data["messages"]) == 8
    assert data["counts"] == {"read": 8, "scored": 2, "other": 2, "failed": 4}
    assert [f["position"] for f in data["failures"]] == ["linje 3", "linje 4", "linje 5", "linje 7"]


def test_summary_ends_with_the_counts(corpus: Path) -> None:
    result = review(str(corpus))
    assert result.stdout.splitlines()[-1] == "lest 8 = vurdert 2 + annet 2 + feilet 4"
    assert "KLI001" in result.stdout and "linje 3: Ikke gyldig JSON" in result.stdout


def test_fail_under(corpus: Path) -> None:
    assert review(str(corpus), "--fail-under", "90").exit_code == 1
    assert review(str(corpus), "--fail-under", "0").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Ingen kilde er oppgitt"),
        (("finnes-ikke.jsonl",), "Finnes ikke"),
        (("{corpus}", "--since", "i går"), "er ikke en dato"),
        (("{corpus}", "--map", "text"), "FELT=KOLONNE"),
        (("{corpus}", "--report", "/finnes/ikke/r.html"), "Mappen finnes ikke"),
        (("{corpus}", "--export", "ut.ods"), ".csv, .xlsx eller .parquet"),
    ],
)
def test_wrong_use_is_one_line(corpus: Path, arguments: tuple[str, ...], words: str) -> None:
    from feedbackcheck.errors import FeedbackcheckError

    with pytest.raises(FeedbackcheckError, match=words):
        review(*(a.format(corpus=corpus) for a in arguments))


def test_a_line_as_long_as_a_disk_costs_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "stor.jsonl"
    with file.open("wb") as stream:
        stream.write(b'{"id": "x", "text": "')
        stream.seek(60 << 20)  # sparse
        stream.write(b'"}\n')
        stream.write(json.dumps({"id": "y", "text": LETTER}).encode() + b"\n")
    result = review(str(file), "--output-format", "json", "--quiet")
    assert json.loads(result.stdout)["counts"] == {"read": 2, "scored": 1, "other": 0, "failed": 1}
