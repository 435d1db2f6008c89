"""FLT002: what the text says against what the context knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from feedbackcheck.analysis import Resources, prepare
from feedbackcheck.message import Context
from feedbackcheck.settings import Settings
from feedbackcheck.signs.base import Sign
from feedbackcheck.signs.facts import FactsFinder, number_of
from feedbackcheck.sources import read_text


def signs(text: str, **context: Any) -> list[Sign]:
    message = replace(read_text(text), context=Context.from_mapping(context))
    return list(FactsFinder().find(prepare(message, Settings(), Resources())))


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("37", 37),
        ("trettisju", 37),
        ("hundre", 100),
        ("to hundre", 200),
        ("tre hundre og førti", 340),
        ("mange", None),
    ],
)
def test_numbers_in_words(word: str, value: int | None) -> None:
    assert number_of(word) == value


@pytest.mark.parametrize(
    ("greeting", "name"),
    [
        ("Hei Torunn,", "Torun Aas"),
        ("Hei Henrike,", "Henrikke Dahl"),
        ("Kjære Kathrine!", "Katrine Moe"),
        ("Hei Bejnamin,", "Benjamin Lie"),
        ("Hei Per-Ole,", "Per-Otto Strøm"),
        ("Hei Liv Bergset,", "Liv Bergum"),
        ("Hei Ola,", "Siri Berg"),
        ("Heisann Sara,", "Maria Lund"),
    ],
)
def test_a_name_that_is_wrong_or_misspelt_decides(greeting: str, name: str) -> None:
    found = signs(f"{greeting}\n\nTakk for søknaden.", candidate_name=name)
    assert found and found[0].decides
    assert name in (found[0].note or "")


@pytest.mark.parametrize(
    ("greeting", "name"),
    [
        ("Hei Kris,", "Kristian Berg"),
        ("Heisann Isak,", "Isak Dahle"),
        ("Kjære dr. Berg,", "Eva Berg"),
        ("Hei Kari Marie,", "Kari Nordmann"),
        ("Hei Élise,", "Elise Vik"),
        ("Hei Mia Lund!", "Mia Lund"),
        ("God morgen, Per-Otto!", "Per-Otto Strøm"),
        ("Hei Anne,", "Anne-Lise Ruud"),
    ],
)
def test_short_forms_titles_and_greeting_words_are_no_mistake(greeting: str, name: str) -> None:
    assert signs(f"{greeting}\n\nTakk for søknaden.", candidate_name=name) == []


@pytest.mark.parametrize(
    ("sentence", "applicants", "found"),
    [
        ("Over femti søkte på stillingen.", 12, True),
        ("Det var tre hundre søkere til plassen.", 41, True),
        ("Det var over to hundre søkere.", 212, False),
        ("Vi hadde mange dyktige å velge mellom.", 4, True),
        ("Søknadene har rent inn med søknader fra hele landet.", 5, True),
        ("Tilstrømningen har vært enorm.", 6, True),
        ("Vi inviterte tre søkere til intervju.", 30, False),
    ],
)
def test_how_many_applied(sentence: str, applicants: int, found: bool) -> None:
    assert bool(signs(f"Hei,\n\n{sentence}", applicants=applicants)) is found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Takk for intervjuet 3. mars.", True),
        ("Jeg viser til intervjuet den 14. mars.", True),
        ("Vi kan ta en prat 20. mars om hva som talte.", False),
        ("Første møte er 5. mai, kom gjerne.", False),
        ("Takk for intervjuet 12. mars.", False),
    ],
)
def test_day_of_the_interview(sentence: str, found: bool) -> None:
    assert bool(signs(f"Hei,\n\n{sentence}", interviewed_on="2026-03-12")) is found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Takk for at du søkte jobben som elektriker.", True),
        ("Takk for søknaden på hyra som matros.", True),
        ("Takk for søknaden på stillingen som kokk.", False),
        ("Den vi valgte, kommer fra stillingen som kjøkkensjef.", False),
        ("Takk for interessen du har vist Havgløtt Hotell.", True),
        ("Jeg råder deg til å sende en søknad til Fjelltun Hotell også.", False),
        ("Du fikk ikke rollen som kokk i Bris Catering.", True),
    ],
)
def test_position_and_company(sentence: str, found: bool) -> None:
    assert bool(signs(f"Hei,\n\n{sentence}", position="skipskokk", company="Solvik Hotell")) is found


def test_templates_are_not_compared() -> None:
    assert signs("Hei {{fornavn}},\n\nDet var 80 søkere.", applicants=4) == []
