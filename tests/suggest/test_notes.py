"""Telegram notes: direction, form, address, and what is refused. The notes here are of the tests' own making."""

from __future__ import annotations

import pytest

from feedbackcheck.suggest.advert import Requirement
from feedbackcheck.suggest.measures import weighed
from feedbackcheck.suggest.notes import Kind, is_protected, read_note, read_scorecard
from feedbackcheck.suggest.translation import in_malform, other_malform

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
    ("ikke kjent med plan- og bygningsloven", "weakness", "did", "ikke er kjent med plan- og bygningsloven"),
    ("ikkje flink med rekneark", "weakness", "did", "ikkje er flink med rekneark"),
    ("ikke godt nok forberedt", "weakness", "did", "ikke var godt nok forberedt"),
    ("ikke opplært i Agresso", "weakness", "did", "ikke er opplært i Agresso"),
    ("ikke kurset i stillas", "weakness", "did", "ikke er kurset i stillas"),
    ("ikke kurset vikarer", "weakness", "not_done", "kurset vikarer"),
    ("har ikke deltatt i tilsyn", "weakness", "not_done", "deltatt i tilsyn"),
    ("ikke lest seg opp", "weakness", "not_done", "lest deg opp"),
    ("ikkje interessert i helgevakter", "weakness", "did", "ikkje er interessert i helgevakter"),
    ("lite fleksibel på turnus", "weakness", "did", "er lite fleksibel på turnus"),
    ("lite konkrete svar", "weakness", "fragment", "lite konkrete svar"),
    ("lite brukt regneark", "weakness", "little_done", "brukt regneark"),
    ("lite kunnskap om kosthold", "weakness", "did", "har lite kunnskap om kosthold"),
    ("for lite erfaring fra kommunen", "weakness", "experience", "fra kommunen"),
    ("ikke tannpleier", "weakness", "did", "ikke er tannpleier"),
    ("ikke autorisert tannpleier", "weakness", "did", "ikke er autorisert tannpleier"),
    ("ingen ledererfaring", "weakness", "missing", "ledererfaring"),
    ("leste ikke oppgaven ferdig", "weakness", "did", "ikke leste oppgaven ferdig"),
    ("møtte ikkje opp til prøva", "weakness", "did", "ikkje møtte opp til prøva"),
    ("arbeidstiden passer ikke", "weakness", "that", "arbeidstiden ikke passer"),
    ("uerfaren med skift", "weakness", "did", "er uerfaren med skift"),
    ("kun 2 år i faget", "weakness", "did", "har kun 2 år i faget"),
    ("ikke offentlig sektor", "weakness", "experience", "med offentlig sektor"),
    ("ikke på nivå", "unused", "", ""),
    ("ikke motivert", "refused", "", ""),
    ("lite engasjert", "refused", "", ""),
    ("ikke norsk statsborger", "refused", "", ""),
    ("ikkje norsk", "refused", "", ""),
    ("litauisk bakgrunn", "refused", "", ""),
    ("ung og uerfaren", "refused", "", ""),
    ("har små barn", "refused", "", ""),
    ("dyslektiker", "refused", "", ""),
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
    assert in_malform("ikke ledet øvelser uten veiledning", "nn") == "ikkje leia øvingar utan rettleiing"
    assert in_malform("ikkje leia øvingar", "nb") == "ikke ledet øvelser"


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


def test_notes_what_a_state_is_about_is_its_topic() -> None:
    (read,) = read_note("ikke opplært i Agresso", "notes[0]")
    assert read.topic == "Agresso"


@pytest.mark.parametrize(
    ("bokmal", "nynorsk"),
    [
        ("utdanningen passer ikke", "utdanninga passar ikkje"),
        ("høyere utdanning innen samfunnsfag", "høgare utdanning innan samfunnsfag"),
        ("engelsk ikke flytende", "engelsk ikkje flytande"),
        ("ryddig kode i hjemmeoppgaven", "ryddig kode i heimeoppgåva"),
        ("disputert ennå", "disputert enno"),
        ("autorisert regnskapsfører", "autorisert rekneskapsførar"),
        ("en løsning for kundene", "ei løysing for kundane"),
        ("markedsføringsansvarlig i salgsavdelingen", "marknadsføringsansvarleg i salsavdelinga"),
        ("så feilen", "såg feilen"),
        ("er så rask", "er så rask"),
        ("i arbeidet med arkivet", "i arbeidet med arkivet"),
        ("svar fra firma.no", "svar frå firma.no"),
    ],
)
def test_notes_bokmal_in_a_nynorsk_letter(bokmal: str, nynorsk: str) -> None:
    assert in_malform(bokmal, "nn") == nynorsk
    assert not other_malform(nynorsk, "nn")


@pytest.mark.parametrize(
    "text",
    [
        "aldri ledet et prosjekt",
        "rigget på 40 minutt",
        "fant de riktige svarene",
        "vel forberedt",
        "leder for kor",
    ],
)
def test_notes_bokmal_stays_in_a_bokmal_letter(text: str) -> None:
    assert in_malform(text, "nb") == text


@pytest.mark.parametrize(
    "text",
    [
        "samarbeider godt med produksjon",
        "snudde opplegget då det regna",
        "arbeidsgivaren",
        "veldig god med frivillige",
        "sjølvstende",
    ],
)
def test_notes_nynorsk_stays_in_a_nynorsk_letter(text: str) -> None:
    assert in_malform(text, "nn") == text
    assert not other_malform(text, "nn")


def test_notes_supine_and_past_differ() -> None:
    assert in_malform("bygget bruer", "nn") == "bygde bruer"
    assert in_malform("bygget bruer", "nn", supine=True) == "bygd bruer"


def test_notes_words_left_in_the_other_malform_are_told() -> None:
    assert other_malform("god på utarbeidelse av planar", "nn") == ["utarbeidelse"]
    assert other_malform("heiltidsstilling og løyve", "nb") == ["løyve"]


REQUIREMENTS = [Requirement("5 års erfaring med Python", True, "requirements[0]")]


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("2 år med Python", Kind.WEAKNESS),
        ("18 måneder med Python", Kind.WEAKNESS),
        ("seks års erfaring med Python", Kind.STRENGTH),
        ("2 år med Java", Kind.STRENGTH),
        ("6 måneder med Java", Kind.UNUSED),
        ("to års erfaring", Kind.UNUSED),
        ("ti års erfaring fra verft", Kind.STRENGTH),
        ("god på Python", Kind.STRENGTH),
    ],
)
def test_notes_a_number_is_weighed_against_the_requirement(note: str, kind: Kind) -> None:
    (read,) = weighed(read_note(note, "notes[0]"), REQUIREMENTS)
    assert read.kind is kind
    if kind is Kind.WEAKNESS:
        assert (read.form, read.x) == ("did", f"har {note}")
    assert bool(read.why) == (kind is Kind.UNUSED)
