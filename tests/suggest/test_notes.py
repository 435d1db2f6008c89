"""Telegram notes: direction, form, address, and what is refused. The notes here are of the tests' own making."""

from __future__ import annotations

import pytest

from feedbackcheck.suggest.notes import Kind, in_malform, is_protected, read_note, read_scorecard

CASES = [
    # note, kind, form, x
    ("god på kundemøter", "strength", "is", "god på kundemøter"),
    ("Svært trygg med pasienter", "strength", "is", "svært trygg med pasienter"),
    ("fant feilen i pumpestyringen", "strength", "did", "fant feilen i pumpestyringen"),
    ("lagde orden på lageret", "unused", "", ""),
    ("setter alltid fram stoler", "strength", "did", "alltid setter fram stoler"),
    ("flink feilsøker", "strength", "is", "{a_common} flink feilsøker"),
    ("godt forslag til vaktliste", "strength", "np", "{a_neuter} godt forslag til vaktliste"),
    ("ryddig risikomatrise", "strength", "np", "{a_feminine} ryddig risikomatrise"),
    ("ryddig journalføring", "strength", "fragment", "ryddig journalføring"),
    ("ti års erfaring fra verft", "strength", "has", "ti års erfaring fra verft"),
    ("best på budsjett", "strength", "strong_in", "budsjett"),
    ("rolig og presis", "strength", "is", "rolig og presis"),
    ("lite personalansvar", "weakness", "experience", "med personalansvar"),
    ("lite erfaring fra nattevakt", "weakness", "experience", "fra nattevakt"),
    ("inga erfaring frå sal", "weakness", "experience", "frå sal"),
    ("ikke ledet byggemøter", "weakness", "not_done", "ledet byggemøter"),
    ("har ikkje drifta nettverk", "weakness", "not_done", "drifta nettverk"),
    ("mangler kranførerbevis", "weakness", "missing", "kranførerbevis"),
    ("ikke ADR-bevis", "weakness", "missing", "ADR-bevis"),
    ("usikker på merverdiavgift", "weakness", "skill", "merverdiavgift"),
    ("savnet en plan for utrulling", "weakness", "missed", "en plan for utrulling"),
    ("ingen plan for testing", "weakness", "missed", "plan for testing"),
    ("kun nybygg", "weakness", "mostly", "med nybygg"),
    ("overså brannkravet", "weakness", "did", "overså brannkravet"),
    ("glemte seg bort på siste oppgave", "weakness", "did", "glemte deg bort på siste oppgave"),
    ("lite forberedt", "weakness", "did", "var lite forberedt"),
    ("generelle svar om kvalitet", "weakness", "fragment", "generelle svar om kvalitet"),
    ("ikke sertifisert for høyspent", "weakness", "did", "ikke er sertifisert for høyspent"),
    ("for senior?", "refused", "", ""),
    ("usikker?", "unused", "", ""),
    ("55 år", "refused", "", ""),
    ("gravid i femte måned", "refused", "", ""),
    ("aleneforsørger med to små", "refused", "", ""),
    ("snakker med aksent", "refused", "", ""),
    ("hijab", "refused", "", ""),
    ("kneoperasjon i fjor", "refused", "", ""),
    ("hovedtillitsvalgt i åtte år", "refused", "", ""),
    ("svakere enn den andre", "refused", "", ""),
    ("nummer 3 av 12", "refused", "", ""),
    ("reservert", "refused", "", ""),
    ("litt arrogant", "refused", "", ""),
    ("god kjemi", "refused", "", ""),
    ("kommer fra Hamar", "unused", "", ""),
    ("godt inntrykk", "unused", "", ""),
    ("sterk kandidat", "unused", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("note", "kind", "form", "x"), CASES, ids=[c[0] for c in CASES])
def test_notes_read(note: str, kind: str, form: str, x: str) -> None:
    (read,) = read_note(note, "notes[0]")
    assert (read.kind.value, read.form, read.x) == (kind, form, x)
    assert read.source == "notes[0]"
    assert bool(read.why) == (read.kind in (Kind.REFUSED, Kind.UNUSED))


@pytest.mark.parametrize(
    ("note", "kinds"),
    [
        ("sterk på tall, men uklar på budsjett", ["strength", "weakness"]),
        ("kjenner Revit, ikke Tekla", ["strength", "weakness"]),
        ("god på fag; sein med rapporter", ["strength", "unused"]),
        ("strukturert, god testplan", ["strength", "strength"]),
        ("bare bygg, ikke bru", ["weakness"]),
    ],
)
def test_notes_of_two_parts(note: str, kinds: list[str]) -> None:
    assert [n.kind.value for n in read_note(note, "notes[0]")] == kinds


def test_notes_mostly_keeps_both_sides() -> None:
    (read,) = read_note("bare bygg, ikke bru", "notes[3]")
    assert (read.form, read.x, read.y, read.topic) == ("mostly_not", "med bygg", "med bru", "bru")


@pytest.mark.parametrize(
    "text",
    [
        "god på psykisk helse",
        "samarbeid med tillitsvalgte",
        "skjev fordeling",
        "erfaring med demens hos eldre",
        "diagnose av feil på bil",
    ],
)
def test_notes_competence_is_not_taken_for_a_protected_ground(text: str) -> None:
    assert is_protected(text) is None


def test_notes_in_the_letters_malform() -> None:
    assert in_malform("ikke ledet øvelser uten veiledning", "nn") == "ikkje leia øvelser utan rettleiing"
    assert in_malform("ikkje leia øvingar", "nb") == "ikke ledet øvingar"


def test_notes_scorecard_tells_direction_by_score_and_never_shows_it() -> None:
    read = read_scorecard(
        {
            "Feilsøking": {"score": 5, "note": "fant feilen straks"},
            "Azure": {"score": 1, "note": "lite erfaring med Azure"},
            "Dokumentasjon": {"score": 5},
            "Ledelse": {"score": 2},
            "Samarbeid": {"score": 3},
        }
    )
    assert [(n.kind.value, n.form) for n in read] == [
        ("strength", "did"), ("weakness", "experience"), ("strength", "strong_in"), ("weakness", "skill"),
    ]  # fmt: skip
    assert not any(c.isdigit() for n in read for c in n.x)
