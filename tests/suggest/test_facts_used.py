"""What the context's facts become in a letter: reasons by number, words of the other målform, contact, keeping the application."""

from __future__ import annotations

import pytest
from suggest_samples import message

from feedbackcheck import Checker
from feedbackcheck.suggest.revise import Revision
from feedbackcheck.suggest.service import suggest_for

NB = (
    "Hei Kari,\n\nTakk for intervjuet om stillingen som kokk.\n\n"
    "Vi har dessverre valgt å gå videre med andre kandidater.\n\nHilsen Mona Lie\n"
)
NN = (
    "Hei Kari,\n\nTakk for intervjuet om stillinga som kokk.\n\n"
    "Vi har diverre valt å gå vidare med andre kandidatar.\n\nHelsing Mona Lie\n"
)


def _revised(checker: Checker, draft: str = NB, stage: str = "intervju", **context: object) -> Revision:
    return suggest_for(message(draft, context, stage=stage), checker)


def test_facts_a_number_below_the_requirement_is_the_reason(checker: Checker) -> None:
    made = _revised(checker, notes=["2 år med Python"], requirements=["5 års erfaring med Python"])
    assert "var at du har 2 år med Python." in made.revised
    assert "talte for deg" not in made.revised


@pytest.mark.parametrize("stage", ["intervju", "finale", "soknad"])
@pytest.mark.parametrize(
    "note", ["punktlig", "dyktig på varmmat i prøvevakten", "god plan for testing", "best på budsjett"]
)
def test_facts_a_strength_is_told_without_a_place_that_the_note_does_not_name(
    checker: Checker, note: str, stage: str
) -> None:
    made = _revised(checker, stage=stage, notes=[note])
    (line,) = [x for x in made.revised.split("\n") if note.removeprefix("best på ") in x]
    strength = line.split(".")[0]
    assert not any(w in strength for w in ("intervjuet", "samtalene", "søknaden"))


@pytest.mark.parametrize(
    ("contact", "wanted"),
    [
        ("Per Ås, 22 33 44 55", "kan du ringe Per Ås på 22 33 44 55."),
        ("Per Ås (tlf. 22334455)", "kan du ringe Per Ås på 22334455."),
        ("Per Ås, per@firma.no", "kan du ta kontakt med Per Ås, per@firma.no."),
    ],
)
def test_facts_contact_stands_in_for_the_mail(checker: Checker, contact: str, wanted: str) -> None:
    made = _revised(checker, notes=["ikke ledet folk"], contact=contact, retention_months=6)
    assert wanted in made.revised
    assert "denne e-posten" not in made.revised


def test_facts_next_step_and_keeping_stand_both(checker: Checker) -> None:
    step = "et vikariat i resepsjonen i mai"
    made = _revised(checker, notes=["ikke ledet folk"], retention_months=6, next_step=step)
    assert step in made.revised and "inntil 6 måneder" in made.revised
    called = _revised(checker, stage="telefon", notes=["ikke ledet folk"], retention_months=6, next_step=step)
    assert step in called.revised and "inntil 6 måneder" in called.revised


def test_facts_words_of_the_other_malform_are_not_quoted(checker: Checker) -> None:
    made = _revised(
        checker, NN, notes=["god på utarbeidelse av planer"], requirements=["utarbeidelse av budsjetter"]
    )
    assert "utarbeidelse" not in made.revised
    assert sum("«utarbeidelse» står på bokmål i en melding på nynorsk" in w for w in made.warnings) == 2


def test_facts_nationality_is_no_reason_and_is_told(checker: Checker) -> None:
    made = _revised(checker, notes=["ikke norsk statsborger"])
    assert "statsborger" not in made.revised
    assert any("ikke norsk statsborger" in w and "etnisitet" in w for w in made.warnings)


def test_facts_advice_is_on_what_the_note_names(checker: Checker) -> None:
    for note in ("for lite erfaring fra staten", "ikke interessert i nattskift"):
        made = _revised(checker, notes=[note])
        assert any(g.id == "development" for g in made.gaps), note
