"""The tokeniser that training and run time share."""

from __future__ import annotations

import pytest

from feedbackcheck.language.tokens import MARK, TITLE, UPPER, normalise, tokenize


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("Hei {{ fornavn }},", ["hei", "[FELT]", ","]),
        ("Hei [Navn på kandidat]", ["hei", "[FELT]"]),
        ("Ring 63 00 19 64 eller +47 911 84 220.", ["ring", "[TLF]", "eller", "[TLF]", "."]),
        ("Skriv til kari@firma.no", ["skriv", "til", "[EPOST]"]),
        ("innen 12. mars kl. 10.30", ["innen", "[DATO]", "[KLOKKE]"]),
        ("den 2026-03-04 og 4.3.2026", ["den", "[DATO]", "og", "[DATO]"]),
        ("40 % stilling i 2025", ["[PROSENT]", "stilling", "i", "[ÅR]"]),
        ("5 av 120 søkere", ["5", "av", "[TALL]", "søkere"]),
        ("Hei XX", ["hei", "[XX]"]),
        ("CV-en din", ["cv-en", "din"]),
        ("se www.firma.no/jobb", ["se", "[LENKE]"]),
    ],
)
def test_tokenize_normalises(text: str, norms: list[str]) -> None:
    assert [t.norm for t in tokenize(text)] == norms


def test_offsets_point_at_the_words() -> None:
    text = "Takk for søknaden, Oda! 😊 «Ja» – {navn}"
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text


def test_shapes_tell_how_a_word_was_written() -> None:
    shapes = {t.text: t.shape for t in tokenize("HR ringte Oda den 3. mai")}
    assert shapes["HR"] == UPPER
    assert shapes["Oda"] == TITLE
    assert shapes["3. mai"] == MARK


def test_same_letter_to_another_person_normalises_alike_but_for_the_name() -> None:
    assert normalise("Møt 3. mai kl. 09.00, tlf 91 11 22 33") == normalise(
        "Møt 14. juni kl. 12.30, tlf 40 00 11 22"
    )


def test_limit_cuts() -> None:
    assert len(tokenize("en to tre fire", 2)) == 2
    assert not tokenize("")
