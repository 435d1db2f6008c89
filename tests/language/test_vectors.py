"""The numpy lookup gives the numbers that spaCy's floret table gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from feedbackcheck.errors import ModelError
from feedbackcheck.language.vectors import load_vectors, read_packed, write_packed

HASHING = {"min_n": 2, "max_n": 4, "hash_count": 3, "hash_seed": 7, "bow": "<", "eow": ">"}
WORDS = [
    "søknaden",
    "Hei",
    "å",
    "rekrutteringsprosessen",
    "ẞ",
    "Máret",
    "{{fornavn}}",
    ".",
    "utviklingspunkt" * 3,
    "\n",
]


def test_lookup_equals_spacy(tmp_path: Path) -> None:
    import spacy
    from spacy.vectors import Vectors

    values = np.random.default_rng(3).normal(size=(501, 12)).astype("float32")
    write_packed(tmp_path, values, HASHING, training={})
    ours = read_packed(tmp_path)
    nlp = spacy.blank("nb")
    theirs = Vectors(
        strings=nlp.vocab.strings,
        data=ours.table,
        mode="floret",
        minn=2,
        maxn=4,
        hash_count=3,
        hash_seed=7,
        bow="<",
        eow=">",
    )
    for word in WORDS:
        key = nlp.vocab.strings.add(word)
        np.testing.assert_allclose(ours.vector(word), theirs.get_batch([key])[0], rtol=1e-5, atol=1e-6)


def test_packing_keeps_direction(tmp_path: Path) -> None:
    values = np.random.default_rng(4).normal(size=(200, 64)).astype("float32")
    write_packed(tmp_path, values, HASHING, training={"epochs": 1})
    table = read_packed(tmp_path).table
    cosine = (table * values).sum(1) / np.linalg.norm(table, axis=1) / np.linalg.norm(values, axis=1)
    assert cosine.min() > 0.999
    assert read_packed(tmp_path).meta["training"] == {"epochs": 1}


def test_rows_are_the_vector(tmp_path: Path) -> None:
    write_packed(
        tmp_path, np.random.default_rng(5).normal(size=(97, 8)).astype("float32"), HASHING, training={}
    )
    vectors = read_packed(tmp_path)
    for word in WORDS:
        rows = vectors.rows(word)
        assert len(rows) == 3 * len(vectors.ngrams(word))
        np.testing.assert_allclose(
            vectors.table[list(rows)].mean(axis=0), vectors.vector(word), rtol=1e-5, atol=1e-6
        )
    assert vectors.rows("") == ()
    assert vectors.matrix([]).shape == (0, 8)
    assert not vectors.vector("").any()


def test_a_word_has_the_same_vector_in_any_company(tmp_path: Path) -> None:
    write_packed(
        tmp_path, np.random.default_rng(6).normal(size=(97, 8)).astype("float32"), HASHING, training={}
    )
    vectors = read_packed(tmp_path)
    together = vectors.matrix(["", *WORDS, ""])
    assert not together[0].any()
    assert not together[-1].any()
    for row, word in zip(together[1:-1], WORDS, strict=True):
        np.testing.assert_array_equal(row, vectors.vector(word))


def test_missing_and_unknown_format_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train vectors"):
        read_packed(tmp_path)
    write_packed(tmp_path, np.ones((3, 2), dtype="float32"), HASHING, training={})
    meta = json.loads((tmp_path / "meta.json").read_text(encoding="utf-8"))
    (tmp_path / "meta.json").write_text(json.dumps({**meta, "format": 99}), encoding="utf-8")
    with pytest.raises(ModelError, match="99"):
        read_packed(tmp_path)


def test_shipped_vectors_know_letters() -> None:
    vectors = load_vectors()

    def near(left: str, right: str) -> float:
        a, b = vectors.vector(left), vectors.vector(right)
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    # Related words of letters lie nearer than unrelated ones, across inflection and målform.
    assert near("søknaden", "søknad") > near("søknaden", "fisken") + 0.1
    assert near("dessverre", "diverre") > near("dessverre", "grønn") + 0.1
    assert near("intervjuet", "samtalen") > near("intervjuet", "olje") + 0.1


def test_reading_vectors_imports_no_spacy() -> None:
    code = (
        "import sys; from feedbackcheck.language.vectors import load_vectors; load_vectors().vector('hei'); "
        "assert 'spacy' not in sys.modules and 'floret' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
