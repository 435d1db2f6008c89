"""From logits to decisions: thresholds per code, calibration, and the figures they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from feedbackcheck.signs.recogniser_input import CODES, INGREDIENT_CODES, PROBLEM_CODES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .datasets import Example

_NEVER = 1e9


def flatten(
    examples: Sequence[Example], logits: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.float32], ...]:
    """Sentences of whole rejections in one table each: (logits, labels, counted)."""
    import numpy as np

    chosen = [i for i, e in enumerate(examples) if e.kind == "message"]
    scores = np.concatenate([logits[i] for i in chosen])
    labels = np.concatenate([np.asarray(examples[i].labels, dtype=np.float32) for i in chosen])
    counted = np.concatenate([np.asarray(examples[i].counted, dtype=np.float32) for i in chosen])
    return scores, labels, counted


def choose(
    scores: NDArray[np.float32],
    labels: NDArray[np.float32],
    counted: NDArray[np.float32],
    *,
    prior: float = 30.0,
) -> NDArray[np.float32]:
    """A log-odds threshold a code that makes F1 highest.

    First one threshold for all problems and one for all ingredients (F1 is highest below a probability of one half);
    then each code moves away from it as far as its own sentences insist: ``prior`` made-up ones hold it back, so that a
    rare code does not follow three lucky sentences.
    """
    import numpy as np

    out = np.zeros(len(CODES), dtype=np.float32)
    steps = np.linspace(-2.0, 1.0, 31)
    for group in (PROBLEM_CODES, INGREDIENT_CODES):
        pick = [CODES.index(c) for c in group]
        # Smoothed over neighbours: the middle of the best stretch, not its luckiest point.
        values = np.asarray([_group_f1(scores, labels, counted, pick, t) for t in steps])
        smooth = np.convolve(np.pad(values, 3, mode="edge"), np.ones(7) / 7, mode="valid")
        centre = float(steps[int(smooth.argmax())])
        for c in pick:
            keep = counted[:, c] > 0
            x, y = scores[keep, c], labels[keep, c] > 0.5
            best, best_value = centre, -1.0
            for t in centre + np.linspace(-1.5, 1.5, 31):
                hit = x >= t
                tp, fp, fn = float((hit & y).sum()), float((hit & ~y).sum()), float((~hit & y).sum())
                p = 1 / (1 + np.exp(-(t - centre)))
                tp, fp, fn = tp + prior * (1 - p**2), fp + prior * (1 - p) ** 2, fn + prior * p**2
                value = 2 * tp / (2 * tp + fp + fn)
                if value > best_value + 1e-9:
                    best, best_value = float(t), value
            out[c] = best
    return out


def _group_f1(
    scores: NDArray[np.float32],
    labels: NDArray[np.float32],
    counted: NDArray[np.float32],
    pick: list[int],
    threshold: float,
) -> float:
    hit = (scores[:, pick] >= threshold) & (counted[:, pick] > 0)
    gold = (labels[:, pick] > 0.5) & (counted[:, pick] > 0)
    both = float((hit & gold).sum())
    return 2 * both / max(1.0, float(hit.sum() + gold.sum()))


def micro(
    scores: NDArray[np.float32],
    labels: NDArray[np.float32],
    counted: NDArray[np.float32],
    thresholds: NDArray[np.float32],
) -> dict[str, float]:
    """Micro and macro F1 over problems and over ingredients at the given thresholds."""
    import numpy as np

    hit = (scores >= thresholds) & (counted > 0)
    gold = (labels > 0.5) & (counted > 0)
    tp, fp, fn = (hit & gold).sum(0), (hit & ~gold).sum(0), (~hit & gold).sum(0)
    out: dict[str, float] = {}
    for name, codes in (("problems", PROBLEM_CODES), ("ingredients", INGREDIENT_CODES)):
        pick = [CODES.index(c) for c in codes]
        a, b, c = tp[pick].sum(), fp[pick].sum(), fn[pick].sum()
        out[name] = float(2 * a / max(1, 2 * a + b + c))
        each = [2 * tp[i] / max(1, 2 * tp[i] + fp[i] + fn[i]) for i in pick if tp[i] + fn[i] >= 5]
        out[name + "_macro"] = float(np.mean(each)) if each else 0.0
    return out


def per_code(
    scores: NDArray[np.float32],
    labels: NDArray[np.float32],
    counted: NDArray[np.float32],
    thresholds: NDArray[np.float32],
) -> dict[str, tuple[float, float, float, int]]:
    """Precision, recall, F1 and positives of each code."""
    hit = (scores >= thresholds) & (counted > 0)
    gold = (labels > 0.5) & (counted > 0)
    out = {}
    for i, code in enumerate(CODES):
        tp, fp, fn = (
            int((hit[:, i] & gold[:, i]).sum()),
            int((hit[:, i] & ~gold[:, i]).sum()),
            int((~hit[:, i] & gold[:, i]).sum()),
        )
        p, r = tp / max(1, tp + fp), tp / max(1, tp + fn)
        out[code] = (p, r, 2 * p * r / max(1e-9, p + r), tp + fn)
    return out


def platt(
    scores: NDArray[np.float32],
    labels: NDArray[np.float32],
    counted: NDArray[np.float32],
    *,
    pull: float = 3.0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Per code a slope and an offset so that sigmoid(slope * logit + offset) is a probability.

    Newton steps with a pull towards (1, 0), which rare codes obey more.
    """
    import numpy as np

    slopes, offsets = np.ones(len(CODES)), np.zeros(len(CODES))
    for c in range(len(CODES)):
        keep = counted[:, c] > 0
        x, y = scores[keep, c].astype(np.float64), labels[keep, c].astype(np.float64)
        a, b = 1.0, 0.0
        loss = _platt_loss(a, b, x, y, pull)
        for _ in range(40):
            p = 1 / (1 + np.exp(-np.clip(a * x + b, -30, 30)))
            w = p * (1 - p) + 1e-9
            gradient = np.array([((p - y) * x).sum() + pull * (a - 1), (p - y).sum() + pull * b])
            hessian = np.array([[(w * x * x).sum() + pull, (w * x).sum()], [(w * x).sum(), w.sum() + pull]])
            move = np.linalg.solve(hessian, gradient)
            # Far from the optimum a Newton step may overshoot: halve it until it helps.
            step = 1.0
            while step > 1e-4:
                tried = _platt_loss(a - step * move[0], b - step * move[1], x, y, pull)
                if tried <= loss:
                    break
                step /= 2
            a, b, loss = a - step * float(move[0]), b - step * float(move[1]), tried
            if np.abs(step * move).max() < 1e-6:
                break
        slopes[c], offsets[c] = max(0.2, a), b
    return slopes.astype(np.float32), offsets.astype(np.float32)


def _platt_loss(a: float, b: float, x: NDArray[np.float64], y: NDArray[np.float64], pull: float) -> float:
    import numpy as np

    z = a * x + b
    return float((np.logaddexp(0, z) - y * z).sum() + 0.5 * pull * ((a - 1) ** 2 + b**2))


def calibration_error(
    probabilities: NDArray[np.float32],
    labels: NDArray[np.float32],
    counted: NDArray[np.float32],
    bins: int = 10,
) -> float:
    """Expected calibration error over all (sentence, code) pairs that count and where something is said.

    Pairs below 0.02 are left out: they are nine in ten, all alike, and would make any model look calibrated.
    """
    import numpy as np

    keep = (counted > 0) & (probabilities >= 0.02)
    p, y = probabilities[keep], labels[keep]
    total = 0.0
    for low in np.linspace(0, 1, bins, endpoint=False):
        inside = (p >= low) & (p < low + 1 / bins + (1e-9 if low + 1 / bins >= 1 else 0))
        if inside.any():
            total += inside.mean() * abs(float(p[inside].mean()) - float(y[inside].mean()))
    return float(total)
