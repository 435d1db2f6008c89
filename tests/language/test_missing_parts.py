"""With a pipeline that lacks a part, the rules that need it say so once instead of guessing."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedbackcheck import Checker
from feedbackcheck.analysis import Resources
from feedbackcheck.settings import Settings

TEXT = "Hei Amina,\n\nSøknaden din ble vurdert, og du ble ikke innstilt til stillingen.\n\nHilsen\nKari Moen"


@pytest.fixture
def small(tmp_path: Path) -> str:
    import spacy

    nlp = spacy.blank("nb")
    nlp.add_pipe("sentencizer")
    nlp.meta["name"] = "uten_syntaks"
    nlp.to_disk(tmp_path / "liten")
    return str(tmp_path / "liten")


def test_missing_part_is_said_once(small: str) -> None:
    resources = Resources(Settings(language_model=small))
    for _ in range(2):
        # Nothing to read, so nothing to guess from.
        assert resources.parse(["Søknaden din ble vurdert."], frozenset({"morph", "dep"})) == []
    (notice,) = resources.notices
    assert "nb_uten_syntaks" in notice
    assert "setningsanalyse" in notice
    assert len(resources.parse(["Hei. Takk."], frozenset({"sents"}))) == 1
    assert len(resources.notices) == 1


def test_report_tells_it_when_a_sentence_needed_the_parse(small: str) -> None:
    # Without the recogniser, patterns and syntax have to decide by themselves.
    checker = Checker(Settings(language_model=small, recogniser=False, assume_rejection=True))
    reports = [
        checker.check("Hei Amina,\n\nVi tilbyr deg ikke en plass hos oss i år.\n\nHilsen\nKari")
        for _ in range(2)
    ]
    for report in reports:
        assert len([notice for notice in report.notices if "setningsanalyse" in notice]) == 1


def test_shipped_pipeline_gives_no_notice() -> None:
    assert not [notice for notice in Checker(Settings()).check(TEXT).notices if "mangler" in notice]
