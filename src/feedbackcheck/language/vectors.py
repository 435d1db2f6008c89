"""The shared subword vectors: a floret table stored as int8, looked up with numpy alone.

The spaCy pipeline and the recogniser use the same table. Reading it here needs neither spaCy nor floret, so that a
command which only wants vectors does not pay for importing either. The lookup gives the same numbers as
``spacy.vectors.Vectors`` in floret mode (a test compares them).

Stored form, in one folder:

``vectors.npz``
    ``codes``, int8 of shape (buckets, dim), and ``scales``, float32 of shape (buckets,); a row is ``codes * scale``.
``meta.json``
    The hashing parameters (``min_n``, ``max_n``, ``hash_count``, ``hash_seed``, ``bow``, ``eow``), the checksum of
    the table, and what it was trained with and on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class FloretVectors:
    """A floret table: every string has a vector, the mean of the rows its n-grams hash to.

    ``codes`` has shape (buckets, dim) and dtype int8, ``scales`` shape (buckets,); :attr:`table` is their product as
    float32, made when first asked for.
    """

    def __init__(
        self,
        codes: NDArray[np.int8],
        scales: NDArray[np.float32],
        meta: Mapping[str, Any],
    ) -> None:
        self._codes = codes
        self._scales = scales
        self.meta = dict(meta)
        self.min_n = int(meta["min_n"])
        self.max_n = int(meta["max_n"])
        self.hash_count = int(meta["hash_count"])
        self.hash_seed = int(meta["hash_seed"])
        self.bow = str(meta["bow"])
        self.eow = str(meta["eow"])
        self._table: NDArray[np.float32] | None = None

    @property
    def buckets(self) -> int:
        """Number of rows."""
        return int(self._codes.shape[0])

    @property
    def dim(self) -> int:
        """Width of a row."""
        return int(self._codes.shape[1])

    @property
    def table(self) -> NDArray[np.float32]:
        """The rows as float32, shape (buckets, dim)."""
        if self._table is None:
            self._table = self._codes * self._scales[:, None]
        return self._table

    def ngrams(self, word: str) -> list[str]:
        """Return what is hashed for ``word``: the word between its marks, then its n-grams, shortest first."""
        marked = f"{self.bow}{word}{self.eow}"
        found = [marked]
        for size in range(self.min_n, self.max_n + 1):
            found.extend(marked[start : start + size] for start in range(len(marked) - size + 1))
        return found

    def rows(self, word: str) -> tuple[int, ...]:
        """Return the hashed row numbers of ``word`` in order, repeats included; empty for the empty word.

        A mean over ``table[rows]`` is the word's vector, so a network can hold the table itself (an embedding bag).
        """
        if not word:
            return ()
        from mmh3 import hash64  # the x64 variant of MurmurHash3, as floret and spaCy use it

        buckets = self.buckets
        found: list[int] = []
        # No word is longer; a line of underscores would take minutes.
        for ngram in self.ngrams(word[:200]):
            low, high = hash64(ngram.encode("utf-8", "replace"), self.hash_seed, signed=False)
            parts = (low & 0xFFFFFFFF, low >> 32, high & 0xFFFFFFFF, high >> 32)
            found.extend(part % buckets for part in parts[: self.hash_count])
        return tuple(found)

    def vector(self, word: str) -> NDArray[np.float32]:
        """Return the float32 vector of ``word``, shape (dim,); zeros for the empty word."""
        vector: NDArray[np.float32] = self.matrix([word])[0]
        return vector

    def matrix(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of ``words``, shape (len(words), dim), each the same whatever its company."""
        import numpy as np

        out = np.zeros((len(words), self.dim), dtype=np.float32)
        rows = [self.rows(word) for word in words]
        filled = [i for i, part in enumerate(rows) if part]
        if not filled:
            return out
        index = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
        counts = np.asarray([len(rows[i]) for i in filled])
        values: NDArray[np.float32] = self._codes[index] * self._scales[index, None]
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        out[filled] = np.add.reduceat(values, starts, axis=0) / counts[:, None].astype(np.float32)
        return out


def write_packed(
    folder: Path,
    values: NDArray[np.float32],
    hashing: Mapping[str, Any],
    *,
    training: Mapping[str, Any],
) -> None:
    """Store a float table of shape (buckets, dim) in ``folder`` as int8 with a scale a row.

    ``hashing`` holds the lookup's parameters, ``training`` what the card should tell. An existing table is replaced.
    """
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    peak = np.abs(values).max(axis=1)
    scales = np.where(peak > 0, peak / 127.0, 1.0).astype(np.float32)
    codes = np.rint(values / scales[:, None]).astype(np.int8)
    np.savez(folder / "vectors.npz", codes=codes, scales=scales)
    meta = {
        "format": 1,
        "buckets": int(values.shape[0]),
        "dim": int(values.shape[1]),
        **hashing,
        "sha256": _checksum(codes, scales),
        "training": dict(training),
    }
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _checksum(codes: NDArray[np.int8], scales: NDArray[np.float32]) -> str:
    return hashlib.sha256(codes.tobytes() + scales.tobytes()).hexdigest()


def read_packed(folder: Path) -> FloretVectors:
    """Read the table stored in ``folder``.

    Raises ``ModelError`` when the folder does not hold one, or one of an unknown format.
    """
    import numpy as np

    from feedbackcheck.errors import ModelError

    meta_path, table_path = folder / "meta.json", folder / "vectors.npz"
    if not meta_path.is_file() or not table_path.is_file():
        raise ModelError(
            "fant ingen ordvektorer; meta.json og vectors.npz skal ligge der",
            where=str(folder),
            fix="Installer feedbackcheck på nytt, eller tren dem med «feedbackcheck train vectors».",
        )
    meta = json.loads(meta_path.read_text(encoding="utf-8"))
    if meta.get("format") != 1:
        raise ModelError(
            f"ordvektorene har format {meta.get('format')!r}; denne versjonen leser format 1",
            where=str(folder),
            fix="Tren dem på nytt med «feedbackcheck train vectors».",
        )
    with np.load(table_path, allow_pickle=False) as stored:
        return FloretVectors(stored["codes"], stored["scales"], meta)


@cache
def load_vectors() -> FloretVectors:
    """Return the vectors that the package ships (read once a process)."""
    from feedbackcheck.language.locations import models_folder

    return read_packed(models_folder() / "vectors")
