"""A linear model over words, pairs of words and pieces of words: the wide half of the recogniser.

It knows nothing of order, but a great many fixed turns, and it does not mind typing errors. Its log-odds are added to
those of the networks. Stored as int8 with a scale a feature; read with numpy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from feedbackcheck.language.tokens import tokenize

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["NgramModel", "grams"]

FILE = "ngrams.npz"
#: The same kind of model over a whole message, for its stage.
STAGE_FILE = "stage.npz"


def grams(text: str) -> tuple[set[str], set[str]]:
    """The features of a sentence: (words and pairs of words, pieces of three to five letters)."""
    words = ["<s>", *(t.norm for t in tokenize(text)), "</s>"]
    wide = set(words)
    wide.update(f"{a} {b}" for a, b in pairwise(words))
    pieces: set[str] = set()
    for word in set(words[1:-1]):
        if word.startswith("["):
            continue
        marked = f"\x02{word}\x03"
        n = len(marked)
        for size in (3, 4, 5):
            if n < size:
                break
            pieces.update(marked[i : i + size] for i in range(n - size + 1))
    return wide, pieces


class NgramModel:
    """Weights by feature. ``weights`` int8 (features, codes), ``scales`` and ``idf`` (features,), ``bias`` (codes,)."""

    def __init__(
        self,
        features: Sequence[str],
        n_words: int,
        weights: NDArray[np.int8],
        scales: NDArray[np.float32],
        idf: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        self.words = {f: i for i, f in enumerate(features[:n_words])}
        self.pieces = {f: i + n_words for i, f in enumerate(features[n_words:])}
        self.weights = weights
        self.scales = scales
        self.idf = idf
        self.bias = bias

    @classmethod
    def load(cls, folder: Path, name: str = FILE) -> NgramModel:
        """Read the model that lies in ``folder``."""
        import numpy as np

        with np.load(folder / name, allow_pickle=False) as stored:
            features = bytes(stored["features"]).decode("utf-8").split("\n")
            return cls(
                features,
                int(stored["n_words"]),
                stored["weights"],
                stored["scales"].astype(np.float32),
                stored["idf"].astype(np.float32),
                stored["bias"],
            )

    def save(self, folder: Path, name: str = FILE) -> None:
        """Write the model into ``folder``."""
        import numpy as np

        names = "\n".join([*self.words, *self.pieces]).encode("utf-8")
        np.savez_compressed(
            folder / name,
            features=np.frombuffer(names, dtype=np.uint8),
            n_words=np.asarray(len(self.words)),
            weights=self.weights,
            scales=self.scales.astype(np.float16),
            idf=self.idf.astype(np.float16),
            bias=self.bias,
        )

    def logits(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Log-odds (texts, outputs), each text on its own."""
        import numpy as np

        out = np.tile(self.bias, (len(sentences), 1)).astype(np.float32)
        for i, text in enumerate(sentences):
            for found, table in zip(grams(text), (self.words, self.pieces), strict=True):
                rows = sorted(
                    table[g] for g in found if g in table
                )  # sorted: sums must not depend on hash order
                if not rows:
                    continue
                index = np.asarray(rows)
                idf = self.idf[index]
                factor = idf * self.scales[index] / float(np.sqrt(np.square(idf).sum()))
                out[i] += factor @ self.weights[index].astype(np.float32)
        return out
