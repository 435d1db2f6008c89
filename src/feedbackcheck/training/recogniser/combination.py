"""Weights that join the recogniser with the other finders, and the thresholds of findings and hints.

For each code a small logistic model: bias + a * log-odds of the recogniser + b * strongest pattern + c * strongest
syntactic sign + d * strongest comparison with the context. No weight may be negative: more evidence never speaks
against a code. What *decides* is left out here, as it is at run time. The fit is on messages that the recogniser was
not trained on, and is pulled towards the recogniser alone, which rare codes obey more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from feedbackcheck.signs.recogniser_input import CODES, PROBLEM_CODES

from .thresholds import choose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .datasets import Example

ORIGINS = ("pattern", "syntax", "facts")
#: Slopes that the fit is pulled towards: a sign of strength 1 lifts the log-odds by this much.
_PRIOR = (1.0, 1.5, 1.0, 2.0)


def strengths(examples: Sequence[Example], *, syntax: bool = True) -> list[NDArray[np.float32]]:
    """Strongest sign of each origin: for each example an array (sentences, codes, origins); -1 where one decides."""
    import numpy as np

    from feedbackcheck.analysis import Resources, prepare
    from feedbackcheck.language.malform import identify
    from feedbackcheck.message import Context, Message, Mode, Stage
    from feedbackcheck.settings import Settings
    from feedbackcheck.sources import read_text

    settings = replace(Settings(), recogniser=False, syntax=syntax)
    resources = Resources(settings)
    index = {code: i for i, code in enumerate(CODES)}
    out = []
    for example in examples:
        message: Message = replace(
            read_text(example.message.text, name=""),
            context=Context.from_mapping(example.message.context),
            mode=Mode(example.message.mode),
            stage=Stage(example.stage),
        )
        document = prepare(message, settings, resources)
        guess = identify(document.text, document.sentences)
        document = replace(document, language=guess.language, sentence_languages=tuple(guess.per_sentence))
        table = np.zeros((len(example.labels), len(CODES), len(ORIGINS)), dtype=np.float32)
        if guess.language in ("nb", "nn"):
            found = [*resources.patterns.find(document), *resources.facts.find(document)]
            if syntax:
                found += resources.syntax.find(document)
            for sign in found:
                if sign.code not in index:
                    continue
                origin = ORIGINS.index(sign.origin.value)
                for s, (start, end) in enumerate(example.message.spans):
                    common = min(sign.span.end, end) - max(sign.span.start, start)
                    if common > 0 and common >= 0.5 * min(end - start, sign.span.end - sign.span.start):
                        cell = table[s, index[sign.code]]
                        if sign.decides:
                            cell[:] = -1
                        elif cell[0] >= 0:
                            cell[origin] = max(cell[origin], sign.strength)
        out.append(table)
    return out


def fit(
    scores: NDArray[np.float32],
    signs: NDArray[np.float32],
    labels: NDArray[np.float32],
    counted: NDArray[np.float32],
    *,
    pull: float = 4.0,
    steps: int = 400,
) -> dict[str, dict[str, float]]:
    """Weights a code, as ``combine.json`` holds them (thresholds are added by :func:`with_thresholds`).

    ``scores`` are calibrated log-odds (sentences, codes), ``signs`` (sentences, codes, origins).
    """
    import numpy as np

    out: dict[str, dict[str, float]] = {}
    for c, code in enumerate(CODES):
        keep = (counted[:, c] > 0) & (signs[:, c, 0] >= 0)
        x = np.concatenate([_odds(scores[keep, c])[:, None], signs[keep, c]], axis=1).astype(np.float64)
        y = labels[keep, c].astype(np.float64)
        prior = np.asarray(_PRIOR)
        w, b = prior.copy(), 0.0
        # Signs are rare: the pull keeps what no sentence speaks about where it was.
        strength = np.asarray([pull, pull / 4, pull / 4, pull / 4])
        rate = 4.0 / (np.square(x).sum(0) + strength * 4 + 1e-6)
        bias_rate = 4.0 / (len(y) + pull)
        for _ in range(steps):
            p = 1 / (1 + np.exp(-np.clip(x @ w + b, -30, 30)))
            slope = x.T @ (p - y) + strength * (w - prior)
            w = np.maximum(0.0, w - 0.25 * rate * slope)
            w[0] = max(0.3, w[0])
            b -= 0.25 * bias_rate * float((p - y).sum() + pull * b)
        out[code] = {
            "bias": round(float(b), 4),
            "recogniser": round(float(w[0]), 4),
            **{o: round(float(v), 4) for o, v in zip(ORIGINS, w[1:], strict=True)},
        }
    return out


def _odds(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-odds held within what run time keeps (probabilities between 0.002 and 0.998)."""
    import numpy as np

    limit = float(np.log(0.998 / 0.002))
    held: NDArray[np.float32] = np.clip(scores, -limit, limit)
    return held


def combined(
    weights: dict[str, dict[str, float]], scores: NDArray[np.float32], signs: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Joined log-odds (sentences, codes); a deciding sign gives 9."""
    import numpy as np

    z = np.zeros_like(scores)
    for c, code in enumerate(CODES):
        w = weights[code]
        z[:, c] = w["bias"] + w["recogniser"] * _odds(scores[:, c])
        for o, origin in enumerate(ORIGINS):
            z[:, c] += w[origin] * np.maximum(0.0, signs[:, c, o])
        z[signs[:, c, 0] < 0, c] = 9.0
    return z


def with_thresholds(
    weights: dict[str, dict[str, float]],
    scores: NDArray[np.float32],
    signs: NDArray[np.float32],
    labels: NDArray[np.float32],
    counted: NDArray[np.float32],
    *,
    prior: float = 30.0,
) -> dict[str, Any]:
    """``combine.json``: the weights with thresholds.

    A problem is told from the threshold of best F1 on, as a hint while it is less likely than not; an ingredient is there
    or not.
    """
    import numpy as np

    limits = choose(combined(weights, scores, signs), labels, counted, prior=prior)
    codes = {}
    for c, code in enumerate(CODES):
        told = float(1 / (1 + np.exp(-limits[c])))
        finding = max(0.5, told) if code in PROBLEM_CODES else told
        codes[code] = {**weights[code], "finding": round(finding, 4), "hint": round(told, 4)}
    return {"schema": 1, "codes": codes}
