"""What a draft itself tells: the job, that another got it, that the post was withdrawn."""

from __future__ import annotations

import pytest

from feedbackcheck.language.segment import segment
from feedbackcheck.suggest.others import without_person
from feedbackcheck.suggest.told import Told, listen
from feedbackcheck.suggest.voice import Voice


def heard(text: str, language: str = "nb") -> Told:
    return listen(segment(text), language)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Takk for søknaden på stillingen som matros på Kystferja.", "matros"),
        ("Det gjelder vikariatet som Senior Data Engineer hos oss.", "Senior Data Engineer"),
        ("Takk for at du søkte som 1. maskinist.", "1. maskinist"),
        ("Svaret gjeld stillinga som leiar for skjenkekontrollen.", "leiar for skjenkekontrollen"),
        ("Du søkte jobben som professor i limnologi, og det er vi glade for.", "professor i limnologi"),
        ("Emne: Din søknad – Tavlemontør (ref. 7)", "tavlemontør"),
        ("Vi har valgt en annen som hovmester.", "hovmester"),
        ("Takk for søknaden om å få bli lærling i rørfaget.", "lærling"),
        ("Vi søkte en stilling som krever fagbrev.", ""),
        ("Vi har jobben som du ville ha.", ""),
        ("Vi lyser ut stillingen som kokk i mars.", ""),
        ("Vi har ansatt en annen som kan begynne i mai.", ""),
        ("Det er jobben som {{stilling}}.", ""),
    ],
)
def test_told_title(text: str, title: str) -> None:
    assert heard(text).title == title


def test_told_noun_says_more_than_stilling() -> None:
    assert heard("Takk for søknaden til vikariat som tannpleier.").noun == "vikariatet"
    assert heard("Takk for søknaden til rolla som teknikar.", "nn").noun == "rolla"
    assert heard("Takk for søknaden til stilling som tannpleier.").noun == ""


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Kommunen har nå tilsatt en annen søker.", "tilsatt"),
        ("Ein annan er tilsett i vikariatet.", "tilsatt"),
        ("Vi har bestemt oss for å ansette en annen.", "ansatt"),
        ("Plassen gikk til en annen.", "gitt"),
        ("Stillingen er nå besatt.", "besatt"),
        ("Valget falt på en annen.", "valgt"),
        ("Vi har valgt å gå videre med andre kandidater.", ""),
        ("Hvis vi ansetter en annen, får du beskjed.", ""),
        ("Vi har valgt en annen retning for butikken.", ""),
        ("I fjor ansatte vi en annen.", ""),
        ("Det heller mot at vi velger en annen.", ""),
    ],
)
def test_told_another(text: str, how: str) -> None:
    assert heard(text).another == how


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vikariatet er trukket, for hun som skulle ha permisjon, blir likevel.", True),
        ("Styret har fryst rekrutteringen ut året.", True),
        ("Det er tilsetjingsstopp i kommunen.", True),
        ("Vi har ikke behov for flere på laget.", True),
        ("Du er ikke innstilt til stillingen.", False),
        ("Du har trukket søknaden din på stillingen.", False),
        ("Jeg skal ikke trekke det ut: Stillingen går til en annen.", False),
    ],
)
def test_told_reason_of_the_post(text: str, found: bool) -> None:
    assert (heard(text).reason_at is not None) is found


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "Vi valgte Ingrid Bakken, som kommer fra Tine og har ledet meieridrift på Jæren i seks år.",
            "nb",
            "Vi valgte en som har ledet meieridrift i seks år.",
        ),
        ("Olav Nes har fagbrev i betong.", "nb", "Den vi ansatte, har fagbrev i betong."),
        ("Det vart Kari Moe som fekk jobben.", "nn", "Det vart ein annan som fekk jobben."),
        ("Jobben gikk til Lise, 34 år, som har sertifikat for kran.", "nb", "Jobben gikk til en som har sertifikat for kran."),
        ("Vi valgte Per, som nettopp er ferdig med sykemeldingen.", "nb", None),
        ("Det ble Anne, som leder avdelingen hos Orkla.", "nb", None),
    ],
)  # fmt: skip
def test_others_keeps_the_fact_and_takes_out_the_name(text: str, language: str, expected: str | None) -> None:
    assert without_person(text, Voice(language=language)) == expected
