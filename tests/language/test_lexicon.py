"""The lexicon corrects by language, and keeps still where the language cannot be told and the two differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feedbackcheck.language.lexicon import Entry, Lexicon

TABLES = {
    "nb": {("du", "PRON"): Entry("du", "Number=Sing|Person=2"), ("søknader", "NOUN"): Entry("søknad", None)},
    "nn": {("du", "PRON"): Entry("du", "Person=2"), ("søknader", "NOUN"): Entry("søknad", "Number=Plur")},
}
MARKERS = {"nb": ["ikke", "jeg"], "nn": ["ikkje", "eg"]}


def _doc(*rows: tuple[str, str, str, str]) -> Any:
    import spacy
    from spacy.tokens import Doc

    words, pos, lemmas, morphs = (list(column) for column in zip(*rows, strict=True))
    return Doc(spacy.blank("nb").vocab, words=words, pos=pos, lemmas=lemmas, morphs=morphs)


@pytest.fixture(params=["fresh", "from disk"])
def lexicon(request: pytest.FixtureRequest, tmp_path: Path) -> Lexicon:
    fresh = Lexicon(TABLES, MARKERS)
    if request.param == "fresh":
        return fresh
    fresh.to_disk(tmp_path / "lexicon")
    return Lexicon().from_disk(tmp_path / "lexicon")


@pytest.mark.parametrize(
    ("other", "language", "feats"),
    [("ikke", "nb", "Number=Sing|Person=2"), ("ikkje", "nn", "Person=2"), ("aldri", None, "Case=Acc")],
)
def test_features_follow_the_language(lexicon: Lexicon, other: str, language: str | None, feats: str) -> None:
    doc = _doc(
        ("Du", "PRON", "Du", "Case=Acc"), (other, "ADV", other, ""), ("søknader", "NOUN", "søknade", "")
    )
    assert lexicon.language_of(doc) == language
    lexicon(doc)
    assert str(doc[0].morph) == feats
    assert doc[0].lemma_ == "du"  # both languages agree on it
    assert doc[2].lemma_ == "søknad"


def test_another_part_of_speech_is_left_alone(lexicon: Lexicon) -> None:
    doc = lexicon(_doc(("ikke", "PART", "ikke", ""), ("du", "PROPN", "Du", "Case=Gen")))
    assert (doc[1].lemma_, str(doc[1].morph)) == ("Du", "Case=Gen")


def test_lemmas_are_not_set_where_none_were(lexicon: Lexicon) -> None:
    import spacy
    from spacy.tokens import Doc

    doc = Doc(spacy.blank("nb").vocab, words=["ikke", "søknader"], pos=["PART", "NOUN"])
    assert not lexicon(doc).has_annotation("LEMMA")


def test_written_form_depends_on_the_content_only(tmp_path: Path) -> None:
    Lexicon(TABLES, MARKERS).to_disk(tmp_path / "a")
    backwards = {code: dict(reversed(list(table.items()))) for code, table in TABLES.items()}
    Lexicon(backwards, MARKERS).to_disk(tmp_path / "b")
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_a_compound_is_read_by_its_last_part(lexicon: Lexicon) -> None:
    doc = lexicon(
        _doc(
            ("ikkje", "PART", "ikkje", ""),
            ("Jobbsøknader", "NOUN", "?", ""),
            ("jobbsøknader", "VERB", "?", ""),
        )
    )
    assert (doc[1].lemma_, str(doc[1].morph)) == ("jobbsøknad", "Number=Plur")
    assert doc[2].lemma_ == "?"  # only nouns are compounds of nouns
