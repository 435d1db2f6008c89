"""Word codes: what is stored is found again, neighbours in text are neighbours in the table."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from feedbackcheck.errors import ModelError
from feedbackcheck.language.wordcodes import WordCodes, load_wordcodes, read, write


@pytest.fixture
def table(tmp_path: Path) -> WordCodes:
    codes = np.asarray([[0, 1], [1, 0], [2, 2]], dtype=np.uint8)
    books = np.arange(2 * 256 * 3, dtype=np.float32).reshape(2, 256, 3) / 64
    write(tmp_path, ["Karasjok", "stilling", "Nav"], codes, books, training={"words": {"tekst.txt": 9}})
    return read(tmp_path)


def test_a_words_vector_is_put_together_from_its_slices(table: WordCodes) -> None:
    assert (len(table), table.dim) == (3, 6)
    rows = np.asarray([table.row("Karasjok"), table.row("ukjent"), table.row("stilling")])
    assert rows[1] == -1
    found = table.matrix(rows) * 64
    assert found[0].tolist() == [0, 1, 2, 768 + 3, 768 + 4, 768 + 5]
    assert found[1].tolist() == [0] * 6
    assert found[2].tolist() == [3, 4, 5, 768, 768 + 1, 768 + 2]
    assert table.matrix(np.asarray([], dtype=np.int64)).shape == (0, 6)


@pytest.mark.parametrize(
    ("form", "word"),
    [("Karasjoks", "Karasjok"), ("KARASJOK", "Karasjok"), ("Stilling", "stilling"), ("Nav’s", "Nav")],
)
def test_other_spellings_of_a_word_are_found(table: WordCodes, form: str, word: str) -> None:
    assert table.row(form) == table.row(word) >= 0


def test_small_letters_do_not_make_a_name(table: WordCodes) -> None:
    assert table.row("karasjok") == -1


def test_no_word_can_be_read_from_the_files(table: WordCodes, tmp_path: Path) -> None:
    assert b"Karasjok" not in (tmp_path / "words.npz").read_bytes()
    assert b"Karasjok" not in (tmp_path / "meta.json").read_bytes()


def test_what_is_no_table_is_a_helpful_error(table: WordCodes, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train words"):
        read(tmp_path / "nowhere")
    (tmp_path / "meta.json").write_text('{"format": 9}', encoding="utf-8")
    with pytest.raises(ModelError, match="format 9"):
        read(tmp_path)


def test_shipped_table_puts_places_beside_places() -> None:
    words = load_wordcodes()
    names = ["Oslo", "Bergen", "Trondheim", "Hansen", "Olsen", "Johansen", "søknaden", "stillingen"]
    vectors = words.matrix(np.asarray([words.row(name) for name in names]))
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1)
    nearest = [names[place] for place in likeness.argmax(axis=1)]
    assert set(nearest[:3]) <= set(names[:3])
    assert set(nearest[3:6]) <= set(names[3:6])


def test_training_finds_what_stands_in_the_same_places(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training needs the train extra")
    from feedbackcheck.training.language.wordcodes import WordCodeSettings, train_wordcodes

    rng = random.Random(1)
    places, people = ["Bergen", "Bodø", "Hamar"], ["Kari", "Ola", "Máret"]
    text = tmp_path / "tekst.txt"
    lines = [
        f"Vi møtes i {rng.choice(places)} i morgen." if rng.random() < 0.5 else f"Da sa {rng.choice(people)} at det gikk."
        for _ in range(400)
    ]  # fmt: skip
    text.write_text("\n".join([*lines, "Bamse"]), encoding="utf-8")
    settings = WordCodeSettings(least=5, contexts=20, dim=4, slices=2)
    count = train_wordcodes([text], tmp_path / "work", tmp_path / "out", settings)
    table = read(tmp_path / "out")
    assert len(table) == count
    assert table.row("Bamse") == -1  # once is too seldom
    vectors = table.matrix(np.asarray([table.row(word) for word in (*places, *people)]))
    likeness = vectors @ vectors.T
    assert likeness[:3, :3].min() > likeness[:3, 3:].max()
    assert table.meta["training"]["words"] == {"tekst.txt": sum(len(line.split()) + 1 for line in lines) + 1}
    again = train_wordcodes([text], tmp_path / "work", tmp_path / "again", settings)
    assert again == count
    assert read(tmp_path / "again").meta["sha256"] == table.meta["sha256"]
