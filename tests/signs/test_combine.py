"""How signs are weighed, and when a parse is asked for."""

from __future__ import annotations

import pytest

from feedbackcheck import Checker
from feedbackcheck.analysis import Resources
from feedbackcheck.message import Span
from feedbackcheck.settings import Settings
from feedbackcheck.signs.base import Origin, Sign
from feedbackcheck.signs.combine import Combiner
from feedbackcheck.signs.syntax import STRENGTHS


def sign(origin: Origin, strength: float, *, code: str = "ING05", decides: bool = False) -> Sign:
    return Sign(
        code=code, span=Span(0, 4), sentence=0, strength=strength, origin=origin, why="t", decides=decides
    )


@pytest.mark.parametrize("strength", [0.05, 0.2, 0.5, 0.8, 0.99])
def test_more_evidence_never_lowers_the_level(strength: float) -> None:
    combiner = Checker().resources.combiner
    ranks = {"": 0, "hint": 1, "finding": 2}
    for code, told in STRENGTHS.items():
        alone = [sign(Origin.RECOGNISER, strength, code=code)]
        both = [*alone, sign(Origin.SYNTAX, told, code=code)]
        assert ranks[combiner.level(code, both)] >= ranks[combiner.level(code, alone)]


def test_what_decides_is_a_finding() -> None:
    assert Combiner().level("FLT001", [sign(Origin.PATTERN, 0.1, code="FLT001", decides=True)]) == "finding"
    assert Combiner().level("FLT001", [sign(Origin.PATTERN, 0.1, code="FLT001")]) == ""


def test_a_letter_that_leaves_no_doubt_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting spaCy takes longer than the rest of a check."""
    asked: list[str] = []

    def parse(self: Resources, texts: list[str], needs: frozenset[str]) -> list[None]:
        asked.extend(texts)
        return [None] * len(texts)

    monkeypatch.setattr(Resources, "parse", parse)
    checker = Checker()
    checker.check(
        "Hei Kari,\n\ntakk for søknaden på stillingen som kokk. Vi har dessverre valgt en annen søker.\n\n"
        "Ring meg gjerne på 22 33 44 55.\n\nHilsen\nOla Hansen"
    )
    assert asked == []
    # Without a recogniser every sentence that promises a construction is in doubt.
    checker = Checker(Settings(recogniser=False))
    checker.check(
        "Hei Kari,\n\ndet er besluttet at andre søkere er valgt ut til neste runde i prosessen.\n\nOla"
    )
    assert asked
