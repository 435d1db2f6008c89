"""Summary, report, exports and comparison say what the store holds."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from review_support import PERSONAL, RECEIPT, mail, mbox, review, review_json

NAMES = ("Kari Nordmann", "Ola Hansen", "Amina Warsame", "Per Lie", "Ida Berg", "Nils Utsi")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rapport")
    mails = [
        mail(
            n,
            number=i,
            Organization=("IT", "Drift")[i % 2],
            date=f"Tue, 14 {('Jan', 'Feb')[i % 2]} 2025 10:00:00 +0100",
        )
        for i, n in enumerate(NAMES)
    ]
    mails += [mail("Åse Lie", text=PERSONAL, number=20), mail(text=RECEIPT, number=21)]
    box = mbox(folder / "a.mbox", [*mails, b"rot"])
    result = review(
        box, "--store", folder / "s.duckdb", "--report", folder / "r.html", "--export", folder / "ut.csv"
    )
    assert result.exit_code == 0
    return folder


def test_templates_are_found(store: Path) -> None:
    from feedbackcheck.review import tables
    from feedbackcheck.review.store import Store

    with Store.open(store / "s.duckdb") as opened:
        found = tables.templates(opened)
    assert [row[1] for row in found.rows] == [6]


def test_gains_are_what_the_score_would_be() -> None:
    """A problem's gain is the rise when the findings are scored without it; a missing part's when it is there."""
    from feedbackcheck import Checker
    from feedbackcheck.findings import Ingredient
    from feedbackcheck.message import Span
    from feedbackcheck.review.gain import gains_of
    from feedbackcheck.score import score

    checker = Checker(suggestions=False)
    text = PERSONAL.format(name="Kari", position="kokk").replace(
        "Ring meg på 918 00 214", "Vi ønsker deg lykke til videre. Tenk"
    )
    report = checker.check(text, context={"candidate_name": "Kari Nordmann"}, stage="intervju")
    assert report.score is not None
    gains = gains_of(report)
    assert gains and any(c.startswith("MAN") for c in gains)
    for code, points in gains.items():
        findings, ingredients = [f for f in report.findings if f.code != code], list(report.ingredients)
        if code.startswith("MAN"):
            ingredients.append(
                Ingredient(code=f"ING{code[3:]}", name="", span=Span(0, 1), sentence=999, confidence=1.0)
            )
        assert points == pytest.approx(
            score(findings, ingredients, report.stage).total - report.score.total, abs=1
        )


def test_report_is_self_contained_and_norwegian(store: Path) -> None:
    page = (store / "r.html").read_text("utf-8")
    assert "<html lang=nb>" in page and "Hva bør bli bedre først" in page
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page)
    assert "<script" not in page and page.count("<svg") >= 4
    assert "lest 9 = vurdert 7 + annet 1 + feilet 1" in page
    for name in ("Kari", "Nordmann", "Henrik", "post.example"):
        assert name not in page
    assert "kunne ikke leses" in page.lower() and "byte " in page
    # Words that six letters share are shown, with a stand-in for whoever was named.
    assert re.search(r"<q>[^<]*gått videre", page)


def test_letters_are_shown_only_with_consent(store: Path, tmp_path: Path) -> None:
    assert "Kubernetes" not in (store / "r.html").read_text("utf-8")
    review(store / "a.mbox", "--report", tmp_path / "r.html", "--keep-text")
    assert "Kubernetes" in (tmp_path / "r.html").read_text("utf-8")


def test_exports_hold_every_message(store: Path, tmp_path: Path) -> None:
    with (store / "ut.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert len(rows) == 9 and sum(r["status"] == "scored" for r in rows) == 7
    review(
        "--store", store / "s.duckdb", "--export", tmp_path / "ut.parquet", "--report", tmp_path / "r.html"
    )
    import pyarrow.parquet as pq

    assert pq.read_table(tmp_path / "ut.parquet").num_rows == 9
    months = pq.read_table(tmp_path / "ut-maaneder.parquet").to_pylist()
    assert [m["måned"] for m in months] == ["2025-01", "2025-02"]


def test_compare(store: Path, tmp_path: Path) -> None:
    better = mbox(tmp_path / "b.mbox", [mail(n, text=PERSONAL, number=i) for i, n in enumerate(NAMES)])
    review(better, "--store", tmp_path / "etter.duckdb")
    result = review("--compare", store / "s.duckdb", tmp_path / "etter.duckdb", "--output-format", "json")
    data = json.loads(result.stdout)
    assert data["before"]["counts"]["scored"] == 7 and data["after"]["counts"]["scored"] == 6
    assert data["mean_change"] > 10
    stock = next(c for c in data["codes"] if c["code"] == "KLI001")
    assert stock["before"] > 0.8 and stock["after"] == 0
    text = review("--compare", store / "s.duckdb", tmp_path / "etter.duckdb").stdout
    assert "Snitt av 100" in text and "KLI001 standardavslag" in text
    assert text.startswith("Snittet har økt, fra ") and "under 50 avslag" in text
    same = review("--compare", store / "s.duckdb", store / "s.duckdb").stdout
    assert same.startswith("Snittet er uendret") and "+0" not in same and "-0" not in same


def test_an_empty_source_gives_a_page(tmp_path: Path) -> None:
    (tmp_path / "tom.jsonl").write_text("")
    result = review(tmp_path / "tom.jsonl", "--report", tmp_path / "r.html")
    assert result.stdout.splitlines()[-1] == "lest 0 = vurdert 0 + annet 0 + feilet 0"
    assert "Ingen avslag" in (tmp_path / "r.html").read_text("utf-8")


def test_without_duckdb_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from feedbackcheck.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "duckdb", None)
    file = mbox(tmp_path / "a.mbox", [mail()])
    assert review_json(file)["counts"]["scored"] == 1
    with pytest.raises(MissingExtraError, match="review"):
        review(file, "--store", tmp_path / "s.duckdb")
