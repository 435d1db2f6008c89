"""Requirements out of plain adverts."""

from __future__ import annotations

import pytest

from feedbackcheck.suggest.advert import as_noun, parse_requirement, requirements

ADVERT = """Vi søker driftstekniker

Arbeidsoppgaver
- Drift av servere
- Brukerstøtte

Kvalifikasjoner:
- Fagbrev i IT-drift
- Minst to års erfaring med Azure
- Førerkort klasse B er en fordel

Ønskelig:
- Sertifisering i nettverk

Vi tilbyr
- God lønn

Du må ha god skriftlig norsk. Det er en fordel om du har erfaring fra helsesektoren.
"""


def test_advert_finds_must_and_nice_and_leaves_tasks_and_benefits() -> None:
    found = {r.text: r.must for r in requirements(ADVERT)}
    assert found == {
        "fagbrev i IT-drift": True,
        "minst to års erfaring med Azure": True,
        "førerkort klasse B": False,
        "sertifisering i nettverk": False,
        "god skriftlig norsk": True,
        "erfaring fra helsesektoren": False,
    }


def test_advert_nynorsk() -> None:
    found = requirements("Vi krev at du har fagbrev som kokk. Det er ein fordel om du kan tysk.")
    assert [(r.text, r.must) for r in found] == [("fagbrev som kokk", True), ("tysk", False)]


def test_advert_without_requirements_gives_none() -> None:
    assert requirements("Vi er en bedrift i vekst. Velkommen til oss!") == []


@pytest.mark.parametrize(
    ("requirement", "noun"),
    [
        ("ledet to nybygg", "å ha ledet to nybygg"),
        ("kan ta telefonen alene", "å kunne ta telefonen alene"),
        ("undervise på samisk", "å undervise på samisk"),
        ("tåler tunge løft", "å tåle tunge løft"),
        ("erfaring med drift", "erfaring med drift"),
    ],
)
def test_advert_requirement_fits_after_kravet_om(requirement: str, noun: str) -> None:
    assert as_noun(requirement) == noun


def test_advert_single_requirement_with_wish() -> None:
    parsed = parse_requirement("gjerne videreutdanning i demens", "requirements[0]")
    assert parsed is not None and (parsed.text, parsed.must) == ("videreutdanning i demens", False)
