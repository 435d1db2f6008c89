"""Merge fields of every known syntax are one token; the rest is spaCy's tokeniser."""

from __future__ import annotations

from typing import Any

import pytest

from feedbackcheck.language.tokenizer import MergeFieldTokenizer

FIELDS = [
    "[fornavn]", "[FORNAVN]", "[Name]", "{first-name}", "{first-name there}", "{fornavn}", "{job_title}", "{{fornavn}}",
    "{{candidate.firstName}}", "{{ teacher.name }}", "{{#if x}}", "{{/if}}", "{{$x->name}}", "${firstName}", "{0}", "{$name}",
    "*|FNAME|*", "{{ contact.FIRSTNAME }}", "[FIRST_NAME]", "[candidate.first]", "«Fornavn»", "{ MERGEFIELD Fornavn }",
    "%CANDIDATE_NAME%", "##navn##", "__NAVN__", "<felt>", "(navn)", "XX",
]  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    import spacy

    return MergeFieldTokenizer(spacy.blank("nb").tokenizer)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "frame", ["Hei {},", "Hei {}!", "{} søkte.", "stillingen som {}.", "Hei\n{}\n\nTakk", "({})"]
)
def test_field_is_one_token(tokenizer: Any, field: str, frame: str) -> None:
    if field == "(navn)" and frame == "({})":
        pytest.skip("two pairs of round brackets are a word in brackets")
    text = frame.replace("{}", field)
    doc = tokenizer(text)
    assert doc.text == text
    assert field in [token.text for token in doc]


def test_punctuation_after_field_splits(tokenizer: Any) -> None:
    assert [token.text for token in tokenizer("Hei {{fornavn}}, takk.")] == [
        "Hei",
        "{{fornavn}}",
        ",",
        "takk",
        ".",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Han sa «nei takk» og gikk (med hatten) i [1998].",
        "50 % av 30 % er 15 %.",
        "a < b og c > d",
        "  To mellomrom  og\n\nlinjer \n",
        "E-post: hr@firma.no, se #jobb og www.firma.no/ledig_stilling_her.",
        "",
    ],
)
def test_other_text_is_untouched(tokenizer: Any, text: str) -> None:
    doc = tokenizer(text)
    assert doc.text == text
    if "[1998]" not in text:
        assert [token.text for token in doc] == [token.text for token in tokenizer.inner(text)]


def test_quotation_of_several_words_is_no_field(tokenizer: Any) -> None:
    assert "«nei" not in [token.text for token in tokenizer("Han sa «nei takk» i går.")]
    assert [token.text for token in tokenizer("Han sa «nei takk».")][2:6] == ["«", "nei", "takk", "»"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vi ringer 3. mai.", "Vi|ringer|3.|mai|."),
        ("Det var i 2026. Vi ringer.", "Det|var|i|2026|.|Vi|ringer|."),
        ("Fristen var 12. Vi ringer.", "Fristen|var|12|.|Vi|ringer|."),
        ("Vi flytter i 2026. de andre venter.", "Vi|flytter|i|2026|.|de|andre|venter|."),
        ("Det var klokka 14.30.", "Det|var|klokka|14.30|."),
        ("Vi var 12.\n\nHilsen Kari", "Vi|var|12|.|\n\n|Hilsen|Kari"),
        ("1. Personalia\n2. Utdanning", "1.|Personalia|\n|2.|Utdanning"),
        ("den 1.–3. juni", "den|1.–3.|juni"),
    ],
)
def test_a_stop_after_a_number_ends_the_sentence_unless_it_is_an_ordinal(
    tokenizer: Any, text: str, words: str
) -> None:
    doc = tokenizer(text)
    assert doc.text == text
    assert [token.text for token in doc] == words.split("|")


@pytest.mark.parametrize(
    ("word", "field"),
    [("Fornavn", True), ("Stillingstittel", True), ("soknad_id", True), ("Felt1", True),
     ("kultur", False), ("Arven", False), ("noe", False), ("sak", False)],
)  # fmt: skip
def test_a_quoted_word_is_no_field(tokenizer: Any, word: str, field: bool) -> None:
    text = f"Hei «{word}», takk."
    doc = tokenizer(text)
    assert doc.text == text
    assert [token.text for token in doc][1:-3] == ([f"«{word}»"] if field else ["«", word, "»"])


def test_lossless_round_trip_through_disk(tokenizer: Any, tmp_path: Any) -> None:
    import spacy

    tokenizer.to_disk(tmp_path / "tokenizer")
    other = MergeFieldTokenizer(spacy.blank("nb").tokenizer).from_disk(tmp_path / "tokenizer")
    text = "Hei [navn], ca. kl. 10 den 3. mai."
    assert [token.text for token in other(text)] == [token.text for token in tokenizer(text)]
