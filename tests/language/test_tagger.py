"""The sequence tagger: features of words, the likeliest path, and what it does to documents."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackcheck.language import pipeline
from feedbackcheck.language.tagger import best_path, spans
from feedbackcheck.language.tagger_features import COLUMNS, TABLES, TextLanguage, hashed, shape

MORPH_AND_NAMES = frozenset({"morph", "ner"})


@pytest.fixture(scope="module")
def tagger() -> Any:
    """The shipped pipeline's tagger."""
    return pipeline.load().nlp.get_pipe("feedbackcheck_tagger")


@pytest.mark.parametrize(
    ("word", "outline"),
    [
        ("Kari", "Xxxx"),
        ("kandidatene", "xxxx"),
        ("NAV", "XXX"),
        ("2025", "dddd"),
        ("{{navn}}", "{{xxxx}}"),
        ("", ""),
    ],
)
def test_shape(word: str, outline: str) -> None:
    assert shape(word) == outline


@given(st.text(max_size=30))
def test_every_word_has_a_row_in_every_table(word: str) -> None:
    rows = hashed(word)
    assert len(rows) == COLUMNS
    assert all(0 <= row < size for row, (_, size, _) in zip(rows, [*TABLES, TABLES[0]], strict=True))


def test_numbers_of_one_length_differ_in_their_first_letter_only() -> None:
    differing = [
        n for n, pair in enumerate(zip(hashed("17."), hashed("42."), strict=True)) if len(set(pair)) > 1
    ]
    assert [TABLES[n][0] for n in differing] == ["beginning1"]


def test_language_is_told_by_function_words() -> None:
    language = TextLanguage({"nb": ["ikke", "jeg"], "nn": ["ikkje", "eg"]})
    assert language(["Jeg", "kan", "ikke"]) == 1
    assert language(["Eg", "kan", "ikkje"]) == 2
    assert language(["Hei", "ikke", "ikkje"]) == 3


@settings(max_examples=60)
@given(st.integers(1, 5), st.integers(1, 4), st.randoms(use_true_random=False))
def test_best_path_is_the_best_of_all(words: int, labels: int, random: Any) -> None:
    rng = np.random.default_rng(random.randint(0, 2**31))
    scores = rng.normal(size=(words, labels)).astype(np.float32)
    moves = rng.normal(size=(labels, labels)).astype(np.float32)

    def worth(path: tuple[int, ...]) -> float:
        own = sum(float(scores[place, label]) for place, label in enumerate(path))
        return own + sum(float(moves[pair]) for pair in itertools.pairwise(path))

    best = max(itertools.product(range(labels), repeat=words), key=worth)
    assert worth(tuple(best_path(scores, moves))) == pytest.approx(worth(best), abs=1e-4)


def test_spans_of_labels() -> None:
    labels = ["B-PER", "I-PER", "O", "B-ORG", "B-ORG", "I-PER", "O", "B-LOC"]
    assert list(spans(labels)) == [(0, 1, "PER"), (3, 3, "ORG"), (4, 4, "ORG"), (5, 5, "PER"), (7, 7, "LOC")]
    assert list(spans([])) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t \n"])
def test_a_text_without_words(text: str) -> None:
    (doc,) = pipeline.load().parse([text], MORPH_AND_NAMES)
    assert doc.ents == ()
    assert all(token.pos_ == "SPACE" for token in doc)


def test_the_neighbours_in_a_batch_change_nothing() -> None:
    texts = [
        "Hei Kari,\n\nDu fikk ikke stillingen.",
        "Me har valt ein annan søkjar.",
        "Takk!",
        "Hei Kari,\n\nDu fikk ikke stillingen.",
    ]
    together = pipeline.load().parse(texts, frozenset({"morph", "dep", "ner"}))
    alone = [pipeline.load().parse([text], frozenset({"morph", "dep", "ner"}))[0] for text in texts]

    def told(docs: Any) -> list[Any]:
        return [[(t.pos_, str(t.morph), t.dep_, t.ent_type_, t.is_sent_start) for t in doc] for doc in docs]

    assert told(together) == told(alone)


def test_the_parser_keeps_to_the_sentences_found() -> None:
    text = "Vi har valgt en annen\n\nVennlig hilsen\nKari Nordmann\nDaglig leder"
    (found,) = pipeline.load().parse([text], frozenset({"morph"}))
    starts = [token.i for token in found if token.is_sent_start]
    (parsed,) = pipeline.load().parse([text], frozenset({"dep"}))
    assert [sentence.start for sentence in parsed.sents] == starts
    assert len(starts) >= 3


def test_a_name_in_a_greeting_and_a_firm() -> None:
    (doc,) = pipeline.load().parse(
        ["Hei Kari,\n\nTakk for at du søkte jobb i Equinor i Stavanger."], MORPH_AND_NAMES
    )
    assert {(entity.text, entity.label_) for entity in doc.ents} >= {("Kari", "PER"), ("Equinor", "ORG")}


def test_a_very_long_text_is_tagged_whole() -> None:
    text = "Vi fikk mange søknader. " * 2000
    (doc,) = pipeline.load().parse([text], frozenset({"morph"}))
    assert all(token.pos_ for token in doc)
    assert [token.pos_ for token in doc][-5:] == [token.pos_ for token in doc][5:10]


def test_labels_name_classes_and_kinds(tagger: Any) -> None:
    assert "PER" in tagger.labels
    assert any(label.startswith("VERB ") for label in tagger.labels)


def test_without_weights_it_says_so() -> None:
    import spacy

    from feedbackcheck.language import tagger as module

    module.register()
    nlp = spacy.blank("nb")
    nlp.add_pipe(module.FACTORY)
    with pytest.raises(ValueError, match="no weights"):
        nlp("Hei")


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Hei Linh\n\ntakk for praten på mandag", ["Hei", "takk"]),
        ("Solveig Kvåle\nseksjonssjef", ["Solveig", "seksjonssjef"]),
        ("Krav:\n- relevant utdanning\n- minst tre års praksis", ["Krav", "-", "-"]),
        ("Kjøkkensjef, Fjordgløtt hotell", ["Kjøkkensjef"]),
        (
            "Vi har lest søknaden din nøye og har bestemt oss for å gå videre med\nen annen søker til denne stillingen.",
            ["Vi"],
        ),
    ],
)
def test_layout_ends_sentences(text: str, starts: list[str]) -> None:
    (doc,) = pipeline.load().parse([text], frozenset({"sents"}))
    assert [token.text for token in doc if token.is_sent_start] == starts


def test_no_name_goes_on_after_an_empty_line() -> None:
    (doc,) = pipeline.load().parse(["Hilsen Kari Nordmann\n\nOla Hansen\n\nEquinor"], MORPH_AND_NAMES)
    assert all("\n\n" not in entity.text for entity in doc.ents)
    assert {"Kari Nordmann", "Ola Hansen"} <= {entity.text for entity in doc.ents}


def test_a_broken_file_is_told(tagger: Any, tmp_path: Any) -> None:
    import spacy

    from feedbackcheck.errors import ModelError
    from feedbackcheck.language import tagger as module

    tagger.to_disk(tmp_path)
    (tmp_path / module.NETWORK).write_bytes(b"no graph")
    broken = module.Tagger(spacy.blank("nb").vocab).from_disk(tmp_path)
    with pytest.raises(ModelError, match="merker kan ikke leses"):
        broken(spacy.blank("nb")("Hei"))
