"""Trains the linear model over word and letter n-grams (see ``signs.ngrams``): all codes at once, by L-BFGS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from feedbackcheck.signs.ngrams import NgramModel, grams
from feedbackcheck.signs.recogniser_input import STAGES

from .datasets import Example

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_WORDS, _MAX_PIECES = 40_000, 45_000


def train_wide(examples: Sequence[Example], *, strength: float = 8.0, iterations: int = 60) -> NgramModel:
    """Fit on every sentence but other mail's; ``strength`` is logistic regression's C."""
    import numpy as np

    examples = [e for e in examples if e.kind != "other"]
    texts = [(text,) for e in examples for text in e.message.sentences()]
    y = np.asarray([row for e in examples for row in e.labels], dtype=np.float32)
    weight = np.asarray(
        [[c * e.weight for c in row] for e in examples for row in e.counted], dtype=np.float32
    )
    return fit_ngrams(
        texts, y, weight, strength=strength, iterations=iterations, most=(_MAX_WORDS, _MAX_PIECES)
    )


def train_stage(examples: Sequence[Example]) -> NgramModel:
    """Fit the stage on the words of whole rejections (one output a stage)."""
    import numpy as np

    examples = [e for e in examples if e.kind == "message"]
    y = np.asarray([[float(e.stage == s) for s in STAGES] for e in examples], dtype=np.float32)
    texts = [e.message.sentences() for e in examples]
    return fit_ngrams(texts, y, np.ones_like(y), strength=30.0, iterations=60, most=(12_000, 4_000))


def train_gate(examples: Sequence[Example]) -> NgramModel:
    """Fit on the words of whole messages whether each is a rejection of an applicant (one output).

    Rejections and other mail weigh the same in all, however many there are of each.
    """
    import numpy as np

    examples = [e for e in examples if e.kind != "snippet"]
    y = np.asarray([[float(e.is_rejection)] for e in examples], dtype=np.float32)
    share = min(max(float(y.mean()), 1e-3), 1 - 1e-3)
    weight = np.where(y > 0.5, 0.5 / share, 0.5 / (1 - share)).astype(np.float32)
    texts = [e.message.sentences() for e in examples]
    return fit_ngrams(texts, y, weight, strength=30.0, iterations=100, most=(14_000, 20_000))


def fit_ngrams(
    texts: Sequence[Sequence[str]],
    y: NDArray[np.float32],
    weight: NDArray[np.float32],
    *,
    strength: float,
    iterations: int,
    most: tuple[int, int],
) -> NgramModel:
    """Fit every output of ``y`` (texts, outputs) at once, a text being its sentences; ``most`` bounds the words and the pieces kept."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    found = [grams(*text) for text in texts]
    names: list[str] = []
    document: list[int] = []
    n_words = 0
    for family, (least, bound) in enumerate(((2, most[0]), (5, most[1]))):
        counts = Counter(g for pair in found for g in pair[family])
        kept = sorted((g for g, n in counts.items() if n >= least), key=lambda g: (-counts[g], g))[:bound]
        names += kept
        document += [counts[g] for g in kept]
        n_words = n_words or len(kept)
    index = {name: i for i, name in enumerate(names[:n_words])}
    pieces = {name: i + n_words for i, name in enumerate(names[n_words:])}
    idf = (np.log((1 + len(found)) / (1 + np.asarray(document))) + 1).astype(np.float32)
    data: list[NDArray[Any]] = []
    columns: list[NDArray[Any]] = []
    starts = [0]
    for wide, narrow in found:
        size = 0
        for own, table in ((wide, index), (narrow, pieces)):
            rows = np.asarray(sorted(table[g] for g in own if g in table), dtype=np.int32)
            if len(rows):
                values = idf[rows]
                data.append(values / np.sqrt(np.square(values).sum()))
                columns.append(rows)
                size += len(rows)
        starts.append(starts[-1] + size)
    x = csr_matrix(
        (np.concatenate(data), np.concatenate(columns), np.asarray(starts)),
        shape=(len(found), len(names)),
        dtype=np.float32,
    )
    turned = x.T.tocsr()
    shape = (len(names) + 1, y.shape[1])

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w = flat.reshape(shape).astype(np.float32)
        z = x @ w[:-1] + w[-1]
        value = (weight * (np.logaddexp(0, z) - y * z)).sum() * strength + 0.5 * np.square(w[:-1]).sum()
        error = weight * (1 / (1 + np.exp(-np.clip(z, -30, 30))) - y) * strength
        slope = np.empty(shape, dtype=np.float64)
        slope[:-1] = turned @ error + w[:-1]
        slope[-1] = error.sum(0)
        return float(value), slope.ravel()

    start = np.zeros(shape)
    start[-1] = -3.0
    fitted = minimize(
        loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": iterations, "maxcor": 6}
    )
    w = fitted.x.reshape(shape).astype(np.float32)
    peak = np.abs(w[:-1]).max(axis=1)
    scales = np.where(peak > 0, peak / 127, 1.0).astype(np.float32)
    # As stored: what was rounded for storage must be what is measured.
    scales, idf = scales.astype(np.float16).astype(np.float32), idf.astype(np.float16).astype(np.float32)
    quantised = np.clip(np.rint(w[:-1] / np.maximum(scales, 1e-7)[:, None]), -127, 127).astype(np.int8)
    return NgramModel(names, n_words, quantised, scales, idf, w[-1])


def wide_logits(model: NgramModel, examples: Sequence[Example]) -> list[NDArray[np.float32]]:
    """Log-odds (sentences, codes) of each example."""
    return [model.logits([(text,) for text in e.message.sentences()]) for e in examples]
