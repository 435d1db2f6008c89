"""The sentence splitter against the hand-segmented corpora, and the cases that letters are full of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedbackcheck.language.segment import BlockKind, segment, split_sentences

CORPORA = Path(__file__).parents[2] / "corpora"


@pytest.mark.parametrize(
    ("corpus", "least"), [("train.jsonl", 0.985), ("dev.jsonl", 0.985), ("other.jsonl", 0.985)]
)
def test_segment_agrees_with_hand_segmentation(corpus: str, least: float) -> None:
    right = wanted = given = 0
    for line in (CORPORA / corpus).read_text("utf-8").splitlines():
        row = json.loads(line)
        gold = {(s["start"], s["end"]) for s in row["segments"]}
        mine = {(s.start, s.end) for s in split_sentences(row["text"])}
        right += len(gold & mine)
        wanted += len(gold)
        given += len(mine)
    assert 2 * right / (wanted + given) >= least


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Takk for sist. Vi valgte en annen.", ["Takk for sist.", "Vi valgte en annen."]),
        (
            "Vi møttes 21. mars kl. 12.30. Du var godt forberedt.",
            ["Vi møttes 21. mars kl. 12.30.", "Du var godt forberedt."],
        ),
        ("Du må ta tak i. Vi håper det går.", ["Du må ta tak i.", "Vi håper det går."]),
        ("Ring meg (ca. kl. 14). Hilsen A. Berg", ["Ring meg (ca. kl. 14).", "Hilsen A. Berg"]),
        ("Kurs, studier osv. Vi ser gjerne mer av det.", ["Kurs, studier osv.", "Vi ser gjerne mer av det."]),
        (
            "«Hvordan opplevde du samtalen?» Vent på svaret.",
            ["«Hvordan opplevde du samtalen?»", "Vent på svaret."],
        ),
        (
            "Kravet var [krav, f.eks. førerkort]. Det manglet.",
            ["Kravet var [krav, f.eks. førerkort].", "Det manglet."],
        ),
        ("Linje én\nlinje to", ["Linje én", "linje to"]),
        ("\n\n  \n", []),
    ],
)
def test_split_sentences_on_letter_cases(text: str, sentences: list[str]) -> None:
    assert [s.of(text) for s in split_sentences(text)] == sentences


def test_segment_knows_the_parts_of_a_letter() -> None:
    letter = "Emne: Svar på søknad\n\nHei Kari,\n\nVi valgte en annen.\n- Du manglet fagbrev\n\nMed vennlig hilsen\nPer Lund\nSkogli AS"
    kinds = [s.kind for s in segment(letter)]
    assert kinds == [
        BlockKind.SUBJECT, BlockKind.GREETING, BlockKind.BODY, BlockKind.LIST, BlockKind.CLOSING, BlockKind.SIGNATURE,
        BlockKind.SIGNATURE,
    ]  # fmt: skip
