"""Safe edits: what they make of a sentence, and that they change nothing the second time."""

from __future__ import annotations

import pytest

from feedbackcheck.suggest import edits
from feedbackcheck.suggest.voice import Voice

NB, NN, JEG = Voice(), Voice(language="nn"), Voice(person="jeg")

PLAIN = [
    (NB, "Vedrørende søknaden din.", "Om søknaden din."),
    (NB, "Vi vil herved takke for søknaden.", "Vi vil takke for søknaden."),
    (NB, "I henhold til utlysningen kreves fagbrev.", "Etter utlysningen kreves fagbrev."),
    (NB, "Det vises til søknaden din.", "Vi viser til søknaden din."),
    (JEG, "Det vises til søknaden din.", "Jeg viser til søknaden din."),
    (
        NB,
        "Vi har truffet beslutning om å ikke kalle deg inn.",
        "Vi har bestemt oss for å ikke kalle deg inn.",
    ),
    (NB, "Spørsmål kan rettes til undertegnede.", "Spørsmål kan du sende til meg."),
    (NN, "Vedrørande søknaden din.", "Om søknaden din."),
    (NN, "Vi har teke avgjerd om å ikkje kalle deg inn.", "Vi har bestemt oss for å ikkje kalle deg inn."),
    (NB, "Vi har valgt en annen.", None),
]
CALM = [
    (
        NB,
        "Vi er så utrolig lei oss for å måtte fortelle at du ikke fikk jobben.",
        "Du fikk dessverre ikke jobben.",
    ),
    (NB, "Jeg beklager så mye at vi har valgt en annen.", "Vi har dessverre valgt en annen."),
    (NN, "Vi er forferdeleg lei oss for at du ikkje fekk stillinga.", "Du fekk diverre ikkje stillinga."),
    (NB, "Takk for praten.", None),
]
PERSON = [
    (
        "Kandidaten kan ta kontakt hvis kandidaten har spørsmål om søknaden sin.",
        "Du kan ta kontakt hvis du har spørsmål om søknaden din.",
    ),
    ("Vi vil takke søkeren.", None),
    ("Takk til kandidaten for innsatsen.", "Takk til deg for innsatsen."),
    ("Den andre kandidaten har fagbrev.", None),
]
ACTIVE = [
    (NB, "Det er besluttet å ikke kalle deg inn.", "Vi har bestemt oss for å ikke kalle deg inn."),
    (
        JEG,
        "Det er dessverre besluttet at stillingen går til en annen.",
        "Jeg har dessverre bestemt at stillingen går til en annen.",
    ),
    (NB, "Søknaden din ble vurdert opp mot kravene.", "Vi har vurdert søknaden din opp mot kravene."),
    (
        NB,
        "Du er dessverre ikke innstilt til stillingen.",
        "Vi har dessverre ikke innstilt deg til stillingen.",
    ),
    (NN, "Du er diverre ikkje innstilt til stillinga.", "Vi har diverre ikkje innstilt deg til stillinga."),
    (NB, "Søknaden din ble vurdert av meg og Kari.", None),
    (NB, "Stillingen ble utlyst i mai.", None),
]


@pytest.mark.parametrize(("voice", "old", "new"), PLAIN, ids=[c[1] for c in PLAIN])
def test_edits_plain(voice: Voice, old: str, new: str | None) -> None:
    assert edits.plain(old, voice) == new
    assert new is None or edits.plain(new, voice) is None


@pytest.mark.parametrize(("voice", "old", "new"), CALM, ids=[c[1] for c in CALM])
def test_edits_calm(voice: Voice, old: str, new: str | None) -> None:
    assert edits.calm(old, voice) == new
    assert new is None or edits.calm(new, voice) is None


@pytest.mark.parametrize(("old", "new"), PERSON, ids=[c[0] for c in PERSON])
def test_edits_second_person(old: str, new: str | None) -> None:
    assert edits.second_person(old) == new
    assert new is None or edits.second_person(new) is None


@pytest.mark.parametrize(("voice", "old", "new"), ACTIVE, ids=[c[1] for c in ACTIVE])
def test_edits_active(voice: Voice, old: str, new: str | None) -> None:
    assert edits.active(old, voice) == new
    assert new is None or edits.active(new, voice) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Det vert vist til intervjuet i mai.", "Vi viser til intervjuet i mai."),
        ("Ein gjer herved merksam på at fristen er ute.", "Merk at fristen er ute."),
        ("Det vert gjort merksam på at lista er offentleg.", "Merk at lista er offentleg."),
    ],
)
def test_edits_plain_nynorsk_passives(text: str, expected: str) -> None:
    assert edits.plain(text, Voice(language="nn")) == expected


def test_edits_spoken_to_keeps_the_condition() -> None:
    assert edits.spoken_to("Søkjarar med innvendingar kan skrive til oss.", "nn") == (
        "Om du har innvendingar, kan du skrive til oss."
    )
    assert edits.spoken_to("Søkere som ikke er innkalt, kan søke igjen.") == "Du kan søke igjen."


def test_edits_plain_leaves_formal_address_where_told() -> None:
    text = "Vedrørende Deres søknad."
    assert edits.plain(text, Voice(), informal=False) == "Om Deres søknad."
    assert edits.plain(text, Voice()) == "Om din søknad."
