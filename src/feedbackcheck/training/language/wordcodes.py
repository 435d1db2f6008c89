"""Make the table of word codes from running text: neighbours counted, weighted, reduced, quantised.

For every frequent word, and every capitalised one that occurs three times, count which frequent words stand one and two places
to its left and right; weight the counts by positive pointwise mutual information; keep the strongest directions (a truncated
singular value decomposition, Levy & Goldberg 2014); cut each vector into slices and store for each the nearest of 256
typical slices (product quantisation, Jégou et al. 2011).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language import wordcodes
from feedbackcheck.training.language.vectors import iter_paragraphs, write_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class WordCodeSettings:
    """``least`` and ``least_capitalised`` are the occurrences that a word needs; ``contexts`` how many words count as neighbours."""

    least: int = 15
    least_capitalised: int = 3
    contexts: int = 6000
    dim: int = 48
    slices: int = 16
    seed: int = 20260101


_PLACES = (-2, -1, 1, 2)


def _vocabulary(counts: Counter[str], settings: WordCodeSettings) -> list[str]:
    return [
        word
        for word, count in counts.most_common()
        if count >= (settings.least_capitalised if word[0].isupper() else settings.least)
        and any(letter.isalpha() for letter in word)
    ]


def neighbour_counts(lines: Iterator[str], words: list[str], contexts: int) -> Any:
    """Return a sparse matrix of how often each of ``words`` has each of the first ``contexts`` of them at each place.

    ``lines`` are sentences of words parted by spaces; the sentence's border is the last context.
    """
    import numpy as np
    import scipy.sparse as sparse

    index = {word: number for number, word in enumerate(words)}
    border = len(words)
    found = [np.asarray([*(index.get(word, -1) for word in line.split()), border]) for line in lines]
    stream = np.concatenate(found).astype(np.int32)
    company = np.where(stream == border, contexts, np.where(stream < contexts, stream, -1))
    columns = len(_PLACES) * (contexts + 1)
    total: Any = sparse.csr_matrix((len(words), columns), dtype=np.float32)
    for number, place in enumerate(_PLACES):
        own, other = (stream[-place:], company[:place]) if place < 0 else (stream[:-place], company[place:])
        seen = (own >= 0) & (own < border) & (other >= 0)
        pair, count = np.unique(
            own[seen].astype(np.int64) * columns + other[seen] + number * (contexts + 1), return_counts=True
        )
        total = total + sparse.csr_matrix(
            (count.astype(np.float32), (pair // columns, pair % columns)), shape=total.shape
        )
    return total


def reduce(counts: Any, dim: int, seed: int) -> NDArray[np.float32]:
    """Return vectors of unit length, shape (words, dim), from a sparse matrix of counts."""
    import numpy as np
    import scipy.sparse as sparse

    row_sum = np.asarray(counts.sum(axis=1)).ravel()
    # Rare neighbours are given less weight, as word2vec does by sampling.
    column_sum = np.asarray(counts.sum(axis=0)).ravel() ** 0.75
    column_sum *= row_sum.sum() / column_sum.sum()
    cells = counts.tocoo()
    value = np.log(cells.data * row_sum.sum() / (row_sum[cells.row] * column_sum[cells.col] + 1e-9))
    kept = value > 0
    weighted = sparse.csr_matrix(
        (value[kept].astype(np.float32), (cells.row[kept], cells.col[kept])), shape=counts.shape
    )
    # A randomised decomposition (Halko et al. 2011) in few passes; the exact one would take hours.
    rng = np.random.default_rng(seed)
    width = min(dim + 20, min(counts.shape))
    basis = weighted @ rng.standard_normal((weighted.shape[1], width)).astype(np.float32)
    for _ in range(4):
        basis, _ = np.linalg.qr(basis)
        other, _ = np.linalg.qr(weighted.T @ basis)
        basis = weighted @ other
    basis, _ = np.linalg.qr(basis)
    left, strength, _ = np.linalg.svd((weighted.T @ basis).T, full_matrices=False)
    vectors = (basis @ left[:, :dim]) * np.sqrt(strength[:dim])
    unit: NDArray[np.float32] = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return unit.astype(np.float32)


def quantise(
    vectors: NDArray[np.float32], slices: int, seed: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return codes, shape (words, slices), and the typical slices, shape (slices, 256, dim / slices)."""
    import numpy as np
    from sklearn.cluster import KMeans

    width = vectors.shape[1] // slices
    rng = np.random.default_rng(seed)
    some = rng.choice(len(vectors), min(8000, len(vectors)), replace=False)
    codes = np.empty((len(vectors), slices), dtype=np.uint8)
    books = np.zeros((slices, 256, width), dtype=np.float32)
    for number in range(slices):
        part = vectors[:, number * width : (number + 1) * width]
        kinds = min(256, len(np.unique(part[some].round(3), axis=0)))
        means = KMeans(kinds, n_init=1, max_iter=10, init="random", random_state=seed).fit(part[some])
        codes[:, number] = means.predict(part)
        books[number, :kinds] = means.cluster_centers_
    return codes, books


def train_wordcodes(
    texts: Iterable[Path], work: Path, out: Path, settings: WordCodeSettings | None = None
) -> int:
    """Write the table for the words of ``texts`` (files of paragraphs) to ``out``; return how many words it has.

    ``work`` keeps the split words, as for the vectors.
    """
    chosen = settings or WordCodeSettings()
    work.mkdir(parents=True, exist_ok=True)
    split = work / "words.txt"
    split.unlink(missing_ok=True)
    sources = {path.name: write_words(iter_paragraphs(path), split) for path in texts}

    def lines() -> Iterator[str]:
        with split.open(encoding="utf-8") as stream:
            yield from stream

    counts: Counter[str] = Counter()
    for line in lines():
        counts.update(line.split())
    words = _vocabulary(counts, chosen)
    contexts = min(chosen.contexts, len(words))
    vectors = reduce(neighbour_counts(lines(), words, contexts), chosen.dim, chosen.seed)
    codes, books = quantise(vectors, chosen.slices, chosen.seed)
    wordcodes.write(out, words, codes, books, training={**asdict(chosen), "words": sources})
    return len(words)
