"""Agreement of two labellings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from feedbackcheck.training.agreement import agreement

CORPORA = Path(__file__).parents[2] / "corpora"


def message(labels: list[list[str]], optional: list[list[str]], quality: float = 3) -> dict[str, Any]:
    segments = [
        {"start": 10 * i, "end": 10 * i + 9, "labels": a, "optional": b}
        for i, (a, b) in enumerate(zip(labels, optional, strict=True))
    ]
    return {"id": "x", "segments": segments, "quality": quality}


def test_equal_labellings_agree_wholly() -> None:
    a = message([["ING01", "KLI005"], ["TON002"]], [[], []])
    got = agreement([a], [a])
    assert got["problems"] == got["ingredients"] == 1.0


def test_a_label_that_one_reader_was_not_sure_of_is_forgiven_apart() -> None:
    a = message([["KLI005"], ["TON002"]], [[], []])
    b = message([["KLI005"], []], [[], ["TON002"]])
    got = agreement([a], [b])
    assert got["problems"] == 0.667
    assert got["problems_forgiven"] == 1.0
    c = message([["KLI005"], []], [[], []])
    assert agreement([a], [c])["problems_forgiven"] == 0.667


def test_second_labelling_fits_the_corpora() -> None:
    first = [
        json.loads(line)
        for path in sorted(CORPORA.glob("messages-*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    second = [json.loads(line) for line in (CORPORA / "second.jsonl").read_text("utf-8").splitlines()]
    got = agreement(first, second)
    assert got["messages"] == len(second) >= 100
    assert got["problems"] > 0.85
    assert got["ingredients"] > 0.9
