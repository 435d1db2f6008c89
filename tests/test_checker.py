"""The library's front door: the contract's calls, threads, rule packs, languages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feedbackcheck import Checker, Context, Report, Settings, Stage
from feedbackcheck.errors import ConfigError, ContextError, EmptySourceError

LETTER = (
    "Hei Kari,\n\nTakk for at du søkte stillingen som kokk. Vi har dessverre valgt å gå videre med andre kandidater.\n\n"
    "Lykke til videre!\n\nVennlig hilsen\nPer Lund\n"
)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


def codes(report: Report) -> set[str]:
    return {f.code for f in report.findings}


def test_check_gives_score_findings_and_ingredients(checker: Checker) -> None:
    report = checker.check(LETTER, stage="soknad", context={"candidate_name": "Kari Moe", "applicants": 4})
    assert report.is_rejection
    assert report.stage is Stage.SOKNAD
    assert report.stage_source == "option"
    assert report.score is not None
    assert 0 <= report.score.total <= 100
    assert {"KLI001", "MAN03"} <= codes(report)
    assert {"ING01", "ING02", "ING07", "ING08", "ING09"} <= {i.code for i in report.ingredients}
    data = report.to_dict()
    mark = next(f for f in data["findings"] if f["code"] == "KLI001")
    assert "videre med andre" in LETTER[mark["start"] : mark["end"]]
    assert data["score"]["total"] == report.score.total
    steps = sum(c["points"] for c in data["score"]["contributions"])
    if not data["score"]["caps"]:
        assert abs(data["score"]["start"] + steps - report.score.total) < 1.5 or report.score.total in (
            0,
            100,
        )


def test_few_applicants_turn_the_reason_into_a_must(checker: Checker) -> None:
    def reason(applicants: int) -> str:
        report = checker.check(LETTER, stage="soknad", context=Context(applicants=applicants))
        return next(f.severity.value for f in report.findings if f.code == "MAN03")

    assert (reason(5), reason(50)) == ("error", "warning")


def test_wrong_name_and_merge_field_are_found(checker: Checker) -> None:
    report = checker.check(LETTER, stage="soknad", context={"candidate_name": "Amina Yusuf"})
    wrong = next(f for f in report.findings if f.code == "FLT002")
    assert "Amina Yusuf" in wrong.message
    left = checker.check(LETTER.replace("som kokk", "som [stilling]"), stage="soknad", mode="message")
    assert "FLT001" in codes(left)
    as_template = checker.check(LETTER.replace("Kari", "[fornavn]"), stage="soknad")
    assert as_template.mode.value == "template"
    assert "FLT001" not in codes(as_template)


def test_offsets_point_into_the_text_as_given_in_html(checker: Checker) -> None:
    page = (
        "<p>Hei Kari,</p>\n<p>Vi har dessverre valgt &aring; g&aring; <b>videre</b> med andre kandidater.</p>"
    )
    report = checker.check(page, stage="soknad", name="mal.html")
    mark = next(f for f in report.to_dict()["findings"] if f["code"] == "KLI001")
    assert "<b>videre</b> med andre" in page[mark["start"] : mark["end"]]


def test_nynorsk_is_checked_and_danish_is_not(checker: Checker) -> None:
    nynorsk = "Hei Kari,\n\nMe har diverre valt å gå vidare med andre kandidatar. Lukke til vidare!\n\nVenleg helsing\nPer Lund\n"
    report = checker.check(nynorsk, stage="soknad")
    assert report.language == "nn"
    assert "KLI001" in codes(report)
    danish = "Kære Kari,\n\nTak for din ansøgning. Vi har desværre valgt at gå videre med andre ansøgere, som bedre matcher vores behov.\n\nVenlig hilsen\nSøren"
    skipped = checker.check(danish)
    assert (skipped.language, skipped.skipped, skipped.findings) == ("da", "language", ())


def test_the_same_answer_from_many_threads(checker: Checker) -> None:
    letters = [LETTER.replace("kokk", job) for job in ("kokk", "servitør", "renholder", "vaktmester")] * 4
    alone = [checker.check(x, stage="soknad").to_dict() for x in letters]
    fresh = Checker()
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda x: fresh.check(x, stage="soknad").to_dict(), letters))
    assert together == alone


def test_inline_ignore_holds_for_the_library(checker: Checker) -> None:
    text = "<!-- feedbackcheck: ignore-file KLI001 avtalt -->\n\n" + LETTER
    report = checker.check(text, stage="soknad", name="mal.md")
    assert "KLI001" not in codes(report)
    assert report.suppressed >= 1


def test_rule_pack_of_the_user(tmp_path: Path) -> None:
    pack = tmp_path / "egne.toml"
    pack.write_text(
        """
[[pattern]]
id = "husregel"
code = "KLI005"
match = ["vi heier på deg"]
strength = 0.95
positive = ["Vi heier på deg videre!"]
negative = ["Vi heier på laget."]
""",
        "utf-8",
    )
    text = LETTER.replace("Lykke til videre!", "Vi heier på deg!")
    settings = Settings(rule_packs=(pack,), recogniser=False)
    assert any(
        "heier" in f.span.of(text) for f in Checker(settings).check(text, stage="soknad").findings if f.span
    )
    pack.write_text('[[pattern]]\nid = "x"\ncode = "KLI005"\nmatch = ["(uten slutt"]\n', "utf-8")
    with pytest.raises(ConfigError, match=r"egne\.toml"):
        Checker(settings).check(text, stage="soknad")


def test_wrong_use_is_told(checker: Checker) -> None:
    with pytest.raises(EmptySourceError):
        checker.check("  \n ")
    with pytest.raises(ContextError, match="applicants"):
        checker.check(LETTER, context={"applicants": "mange"})
    with pytest.raises(ValueError, match="runde"):
        checker.check(LETTER, stage="runde 2")
