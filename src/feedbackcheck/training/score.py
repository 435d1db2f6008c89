"""Fits the score's weights to the ``quality`` of labelled messages, and says how well it fits.

Censored least squares (Tobin 1958) with the signs held (problems only cost, ingredients only gain) and a small ridge, on
the hand labels of the training corpora. Quality 1–5 is mapped to 0–100; the ends of that scale say «at most» and «at
least», so a message that falls beyond them is no error. Run by ``feedbackcheck train score``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from feedbackcheck.message import Stage
from feedbackcheck.score import features
from feedbackcheck.training.evaluate import spearman

__all__ = ["describe", "fit", "rows", "write_card", "write_weights"]


def rows(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Labelled rejections that carry a quality."""
    out = []
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row.get("is_rejection", True) and row.get("quality") is not None:
                out.append(row)
    return out


def gold_features(row: Mapping[str, Any]) -> dict[str, float]:
    """The score's features, read off the hand labels."""
    problems = [(c, i) for i, s in enumerate(row["segments"]) for c in s["labels"] if not c.startswith("ING")]
    good = [(c, i) for i, s in enumerate(row["segments"]) for c in s["labels"] if c.startswith("ING")]
    # Optional labels are half-said: an ingredient counts as there (as in the table of what is missing).
    have = {c for c, _ in good}
    good += [
        (c, i)
        for i, s in enumerate(row["segments"])
        for c in s.get("optional", [])
        if c.startswith("ING") and c not in have
    ]
    return features(problems, good, Stage(row["stage"]))


def fit(train: list[dict[str, Any]], *, ridge: float = 3.0, sweeps: int = 400) -> dict[str, dict[str, float]]:
    """Weights in points of 100: ``{"start": {stage: points}, "weights": {feature: points}}``.

    Coordinate descent on the ridge problem with one sign held per feature; before each sweep the targets at the ends of
    the scale follow the estimates that lie beyond them. Deterministic.
    """
    import numpy as np

    feats = [gold_features(r) for r in train]
    names = sorted({n for f in feats for n in f})
    stages = [s.value for s in Stage]
    x = np.zeros((len(train), len(names) + len(stages)))
    for i, (f, r) in enumerate(zip(feats, train, strict=True)):
        for n, v in f.items():
            x[i, names.index(n)] = v
        x[i, len(names) + stages.index(r["stage"])] = 1.0
    y = np.array([(float(r["quality"]) - 1) * 25 for r in train])
    sign = [(1.0 if n.startswith("ING") else -1.0) for n in names] + [0.0] * len(stages)
    w = np.zeros(x.shape[1])
    norms = (x**2).sum(0)
    for _ in range(sweeps):
        estimated = x @ w
        beyond = ((y <= 0) & (estimated < y)) | ((y >= 100) & (estimated > y))
        residual = np.where(beyond, 0.0, y - estimated)
        for j in range(x.shape[1]):
            if norms[j] == 0:
                continue
            residual += x[:, j] * w[j]
            value = x[:, j] @ residual / (norms[j] + (ridge if sign[j] else 0.0))
            w[j] = value if sign[j] == 0 else sign[j] * max(0.0, sign[j] * value)
            residual -= x[:, j] * w[j]
    return {
        "start": {s: round(float(w[len(names) + k]), 2) for k, s in enumerate(stages)},
        "weights": {n: round(float(w[k]), 2) for k, n in enumerate(names) if abs(w[k]) >= 0.05},
    }


def write_weights(fitted: Mapping[str, Mapping[str, float]], file: Path) -> None:
    """Put the fitted numbers into ``data/score.toml``; grades and caps stay as they stand there."""
    text = file.read_text("utf-8")
    head, _, rest = text.partition("[start]\n")
    _, _, tail = rest.partition("\n\n")
    middle, _, _ = tail.partition("[weights]\n")
    start = "".join(f"{k} = {v}\n" for k, v in fitted["start"].items())
    weights = "".join(f'"{k}" = {v}\n' for k, v in sorted(fitted["weights"].items()))
    file.write_text(f"{head}[start]\n{start}\n{middle}[weights]\n{weights}", "utf-8")


def estimate(row: Mapping[str, Any], fitted: Mapping[str, Mapping[str, float]]) -> float:
    """Points (0–100) of a hand-labelled message under the fitted weights."""
    weights = fitted["weights"]
    raw = fitted["start"][row["stage"]] + sum(weights.get(n, 0.0) * v for n, v in gold_features(row).items())
    return max(0.0, min(100.0, raw))


def describe(
    fitted: Mapping[str, Mapping[str, float]], sets: Mapping[str, list[dict[str, Any]]]
) -> list[str]:
    """How well the weights fit each set of hand-labelled messages, a line a set."""
    lines = []
    for name, data in sets.items():
        if not data:
            continue
        got = [estimate(r, fitted) for r in data]
        wanted = [(float(r["quality"]) - 1) * 25 for r in data]
        error = sum(abs(p - q) for p, q in zip(got, wanted, strict=True)) / len(data)
        lines.append(
            f"{name}: {len(data)} messages, Spearman {spearman(got, wanted):.3f}, mean absolute error {error:.1f} points of 100"
        )
    return lines


_CARD = """# The score's weights

Linear weights from what is found in a message to 0–100 points, in `src/feedbackcheck/data/score.toml`.

- **Fitted to** the `quality` (1 harmful … 5 excellent, mapped to 0–100) that labellers gave the messages of `corpora/`
  (`train.jsonl`, `messages-*.jsonl`), on their hand labels; least squares censored at both ends, problems held to cost and ingredients to gain, ridge.
- **Measured** with hand labels (how well the weights explain quality, not how well the program finds things):
{lines}
- **Repeat**: `feedbackcheck train score --out src/feedbackcheck/data/score.toml --card models/score/MODEL_CARD.md`
- **Not fitted**: the caps (a discriminatory reason, a forgotten merge field, wrong facts, others' personal details), the grades'
  limits, and the rule that a stock phrase never raises the total. JUS002 has no weight of its own beyond its repetition: in the corpora
  it seldom stands where quality would show it.
- **Limits**: quality was judged by few people, on invented messages.
"""


def write_card(fitted: Mapping[str, Mapping[str, float]], lines: list[str], file: Path) -> None:
    """Write the model card with the figures of this fit."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_CARD.format(lines="\n".join(f"  - {line}" for line in lines)), "utf-8")
