"""How words meet the network: features, language, and going on from a network that had fewer features."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from feedbackcheck.language import embed, spacy_vectors
from feedbackcheck.language.storage import _all_bits, _few_bits

MARKERS = {"nb": ["ikke", "jeg"], "nn": ["ikkje", "eg"]}
SIZES: dict[str, Any] = {
    "width": 8, "rows": [50, 20, 30, 20], "extra_width": 4, "extra_rows": [20, 30, 40, 30, 16], "company_width": 6,
}  # fmt: skip


def _docs(*texts: str) -> list[Any]:
    import spacy
    from spacy.vocab import Vocab

    from feedbackcheck.language.vectors import load_vectors

    blank = spacy.blank("nb")
    vocab: Vocab = blank.vocab
    vocab.vectors = spacy_vectors.spacy_vectors(load_vectors(), vocab.strings)
    return [blank(text) for text in texts]


def _network(company_dropout: float = 0.0) -> Any:
    model = embed.word_embed(**SIZES, company_dropout=company_dropout, markers=MARKERS)
    model.initialize(X=_docs("Vi har ikke valgt deg."))
    return model


def test_a_row_a_word_for_documents_of_any_length() -> None:
    found = _network().predict(_docs("Vi har ikke valgt deg.", "", "Hei"))
    assert [part.shape for part in found] == [(6, 8), (0, 8), (1, 8)]
    assert np.isfinite(found[0]).all()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Oslo ikke", "Oslo jeg", True),
        ("Oslo ikke", "Oslo ikkje", False),
        ("Oslo ikke", "Oslo kanskje", False),  # nothing tells
        ("Oslo Ikke", "Oslo ikke", True),
    ],
)
def test_the_language_of_the_document_is_a_feature(one: str, other: str, same: bool) -> None:
    left, right = _network().predict(_docs(one, other))
    assert np.allclose(left[0], right[0]) == same


def test_words_are_unknown_at_random_only_in_training() -> None:
    model = _network(company_dropout=0.5)
    (doc,) = _docs(" ".join(["Bergen"] * 30))
    calm = model.predict([doc])[0]
    assert np.allclose(calm[0], calm)
    (trained,), _ = model([doc], is_train=True)
    assert not np.allclose(trained[0], trained)


def test_company_is_learnt() -> None:
    model = _network()
    docs = _docs("Bergen og Hamar")
    output, backprop = model(docs, is_train=True)
    backprop([np.ones_like(output[0])])
    (company,) = [node for node in model.walk() if node.name == "feedbackcheck_company"]
    assert np.abs(company.get_grad("W")).sum() > 0


def test_wrong_number_of_tables_is_an_error() -> None:
    with pytest.raises(ValueError, match="numbers of rows"):
        embed.word_embed(**{**SIZES, "rows": [5]}, company_dropout=0, markers=MARKERS)


def test_a_network_with_fewer_features_is_taken_over() -> None:
    from spacy.ml.models.tok2vec import MultiHashEmbed

    from feedbackcheck.training.language.train import widen

    docs = _docs("Vi har ikke valgt deg.", "Me ringjer i morgon.")
    old: Any = MultiHashEmbed(SIZES["width"], list(embed.ATTRS), SIZES["rows"], include_static_vectors=True)
    old.initialize(X=docs)
    for node in old.walk():
        if node.name == "maxout":
            node.set_param("b", np.random.default_rng(1).normal(size=node.get_param("b").shape).astype("f"))
    new = _network()
    assert widen(old, new) == 0
    for node in new.walk():  # the features that the old one lacks, switched off
        if (
            node.name == "hashembed" and node.get_dim("nO") == SIZES["extra_width"]
        ) or node.name == "feedbackcheck_company":
            for name in node.param_names:
                node.set_param(name, 0 * node.get_param(name))
    for left, right in zip(old.predict(docs), new.predict(docs), strict=True):
        assert np.allclose(left, right, atol=1e-5)


class _Finished:
    """As much of a spaCy pipeline as :func:`embed.remember` looks at."""

    def __init__(self, model: Any) -> None:
        from types import SimpleNamespace

        from thinc.api import chain, noop

        self.pipeline = [("tok2vec", SimpleNamespace(model=chain(model, noop()))), ("lexicon", object())]
        embed.remember(self)  # type: ignore[arg-type]
        self.model: Any = self.pipeline[0][1].model  # type: ignore[attr-defined]


def test_remembered_words_are_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _network()
    texts = [
        "Vi har ikke valgt deg.",
        "",
        "Me har ikkje valt deg.",
        "Hei",
        "Vi har ikke valgt deg. \n\nHilsen Kari",
    ]
    docs = _docs(*texts)
    expected = model.predict(docs)
    finished = _Finished(model)
    asked: list[int] = []
    features = embed._Features.__call__
    monkeypatch.setattr(
        embed._Features, "__call__", lambda self, doc: asked.append(len(doc)) or features(self, doc)
    )
    for _ in range(2):
        found = finished.model.predict(docs)
        for left, right in zip(expected, found, strict=True):
            assert np.allclose(left, right, atol=1e-5)
    # Each word once a language: bokmål 9, nynorsk 6, untold 1; the second time none.
    assert sorted(asked) == [1, 6, 9]
    with pytest.raises(RuntimeError, match="cannot be trained"):
        finished.model(docs, is_train=True)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "_REMEMBERED_ROWS", 3)
    model = _network()
    docs = _docs("Vi har ikke valgt deg.", "Hei Kari", "Vi har ikke valgt Kari.")
    expected = [model.predict([doc])[0] for doc in docs]
    finished = _Finished(model)
    for doc, rows in zip(docs, expected, strict=True):
        assert np.allclose(finished.model.predict([doc])[0], rows, atol=1e-5)


def test_tables_lose_little_in_eight_bits() -> None:
    table = np.random.default_rng(2).normal(size=(300, 16)).astype(np.float32)
    table[3] *= 100
    table[4] = 0
    packed = _few_bits(table)
    assert (packed.dtype, packed.shape) == (np.int8, (300, 18))
    error = np.abs(_all_bits(packed) - table).max(axis=1)
    assert (error <= 0.006 * np.abs(table).max(axis=1) + 1e-5).all()
