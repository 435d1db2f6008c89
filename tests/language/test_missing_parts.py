"""With a pipeline that lacks a part, the rules that need it say so once instead of guessing."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedbackcheck import Checker
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
    checker = Checker(Settings(language_model=small))
    for _ in range(2):
        notices = [notice for notice in checker.check(TEXT).notices if "mangler" in notice]
        assert len(notices) == 1
        assert "nb_uten_syntaks" in notices[0]
        assert "setningsanalyse" in notices[0]


def test_shipped_pipeline_gives_no_notice() -> None:
    assert not [notice for notice in Checker(Settings()).check(TEXT).notices if "mangler" in notice]
