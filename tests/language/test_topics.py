"""What words are about: the lists that the recogniser reads beside a word's shape."""

from __future__ import annotations

import pytest

from feedbackcheck.language.tokens import N_SHAPES, tokenize
from feedbackcheck.language.topics import N_MARKED, marked, names, topic


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("pensjonsalderen", "alder"),
        ("barselpermisjon", "familie"),
        ("foreldrepermisjonen", "familie"),
        ("aleineforsørgar", "familie"),
        ("kvinnfolk", "kjonn"),
        ("norskkunnskapar", "opphav"),
        ("språkkravet", "opphav"),
        ("fagforeninga", "tro"),
        ("sykefraværet", "helse"),
        ("sjukefråvær", "helse"),
        ("rullestolbruker", "helse"),
    ],
)
def test_compounds_and_forms_of_both_malformer_have_their_topic(word: str, name: str) -> None:
    assert names()[topic(word) - 1] == name


@pytest.mark.parametrize("word", ["stillingen", "vi", "takk", "ikke", "vår", "søknaden", "skjønn", "", "og"])
def test_common_words_have_none(word: str) -> None:
    assert topic(word) == 0


def test_shape_and_topic_are_one_number() -> None:
    tokens = tokenize("Du er Gravid, {{navn}}.")
    assert [marked(t) for t in tokens if not t.norm.isalpha()] == [
        t.shape for t in tokens if not t.norm.isalpha()
    ]
    pregnant = next(t for t in tokens if t.norm == "gravid")
    assert marked(pregnant) % N_SHAPES == pregnant.shape
    assert marked(pregnant) // N_SHAPES == topic("gravid") > 0


def test_topics_fit_the_table_of_the_networks() -> None:
    assert N_SHAPES * (1 + len(names())) <= N_MARKED
