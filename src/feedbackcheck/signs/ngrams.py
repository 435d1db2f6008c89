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

#: Words whose pieces are remembered.
_WORDS = 25_000
FILE = "ngrams.npz"
#: The same kind of model over a whole message, for its stage.
STAGE_FILE = "stage.npz"
#: And for whether it is a rejection at all.
GATE_FILE = "rejection.npz"


def grams(*sentences: str) -> tuple[set[str], set[str]]:
    """The features of sentences read as one text: (words and pairs of words, pieces of three to five letters)."""
    words, wide = _wide(sentences)
    return wide, {piece for word in words for piece in _pieces(word)}


def _wide(sentences: Sequence[str]) -> tuple[set[str], set[str]]:
    """The distinct words of sentences read as one text, and its features of whole words."""
    row = ["<s>", *(t.norm for sentence in sentences for t in tokenize(sentence)), "</s>"]
    wide = set(row)
    wide.update(f"{a} {b}" for a, b in pairwise(row))
    return set(row[1:-1]), wide


def _pieces(word: str) -> set[str]:
    """Runs of three to five letters of a word with its ends marked; none of a merge field or number."""
    if word.startswith("["):
        return set()
    marked = f"\x02{word}\x03"
    return {marked[i : i + size] for size in (3, 4, 5) for i in range(len(marked) - size + 1)}


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
        self._known: dict[str, tuple[int, ...]] = {}

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

    def _piece_rows(self, word: str) -> tuple[int, ...]:
        """Rows of a word's pieces; words repeat, so they are looked up once."""
        known = self._known.get(word)
        if known is None:
            known = tuple(self.pieces[p] for p in _pieces(word) if p in self.pieces)
            if len(self._known) > _WORDS:
                self._known.clear()
            self._known[word] = known
        return known

    def logits(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Log-odds (texts, outputs), each text on its own; a text is a sequence of sentences."""
        import numpy as np

        # Rows of all texts in one table, each text's words first, then its pieces: one look into the weights.
        index: list[int] = []
        starts: list[int] = []
        owners: list[int] = []
        for i, text in enumerate(texts):
            words, wide = _wide(text)
            pieces: set[int] = set()
            for word in words:
                pieces.update(self._piece_rows(word))
            # Sorted: sums must not depend on hash order.
            for rows in (sorted({self.words[g] for g in wide & self.words.keys()}), sorted(pieces)):
                if rows:
                    starts.append(len(index))
                    owners.append(i)
                    index += rows
        out = np.tile(self.bias, (len(texts), 1)).astype(np.float32)
        if index:
            rows_ = np.asarray(index)
            idf = self.idf[rows_]
            lengths = np.sqrt(np.add.reduceat(np.square(idf), starts))
            counts = np.diff([*starts, len(index)])
            factors = idf * self.scales[rows_] / np.repeat(lengths, counts)
            weighed = factors[:, None] * self.weights[rows_]
            np.add.at(out, owners, np.add.reduceat(weighed, starts, axis=0))
        return out
