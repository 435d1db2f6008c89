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
import struct
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MASK = 0xFFFFFFFFFFFFFFFF
_C1 = 0x87C37B91114253D5
_C2 = 0x4CF5AD432745937F


def _rotate(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & _MASK


def _finish(value: int) -> int:
    value ^= value >> 33
    value = (value * 0xFF51AFD7ED558CCD) & _MASK
    value ^= value >> 33
    value = (value * 0xC4CEB9FE1A85EC53) & _MASK
    return value ^ (value >> 33)


def murmur3_x64_128(data: bytes, seed: int) -> tuple[int, int]:
    """Return the 128-bit MurmurHash3 (x64 variant) of ``data`` as two unsigned 64-bit halves.

    Pure Python: words are short and every word is looked up once (the rows are cached).
    """
    h1 = h2 = seed
    blocks = len(data) // 16
    for index in range(blocks):
        k1, k2 = struct.unpack_from("<QQ", data, index * 16)
        k1 = (_rotate((k1 * _C1) & _MASK, 31) * _C2) & _MASK
        h1 = ((_rotate(h1 ^ k1, 27) + h2) * 5 + 0x52DCE729) & _MASK
        k2 = (_rotate((k2 * _C2) & _MASK, 33) * _C1) & _MASK
        h2 = ((_rotate(h2 ^ k2, 31) + h1) * 5 + 0x38495AB5) & _MASK
    tail = data[blocks * 16 :]
    if len(tail) > 8:
        k2 = int.from_bytes(tail[8:], "little")
        h2 ^= (_rotate((k2 * _C2) & _MASK, 33) * _C1) & _MASK
    if tail:
        k1 = int.from_bytes(tail[:8], "little")
        h1 ^= (_rotate((k1 * _C1) & _MASK, 31) * _C2) & _MASK
    h1 ^= len(data)
    h2 ^= len(data)
    h1 = (h1 + h2) & _MASK
    h2 = (h2 + h1) & _MASK
    h1, h2 = _finish(h1), _finish(h2)
    h1 = (h1 + h2) & _MASK
    h2 = (h2 + h1) & _MASK
    return h1, h2


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
        self._rows: dict[str, tuple[int, ...]] = {}

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
        known = self._rows.get(word)
        if known is not None:
            return known
        if not word:
            return ()
        buckets = self.buckets
        found: list[int] = []
        # No word is longer; a line of underscores would take minutes.
        for ngram in self.ngrams(word[:200]):
            low, high = murmur3_x64_128(ngram.encode("utf-8", "replace"), self.hash_seed)
            parts = (low & 0xFFFFFFFF, low >> 32, high & 0xFFFFFFFF, high >> 32)
            found.extend(part % buckets for part in parts[: self.hash_count])
        rows = tuple(found)
        if len(self._rows) < 200_000:  # a bound for long-running processes; a mailbox has far fewer forms
            self._rows[word] = rows
        return rows

    def vector(self, word: str) -> NDArray[np.float32]:
        """Return the float32 vector of ``word``, shape (dim,); zeros for the empty word."""
        import numpy as np

        rows = self.rows(word)
        if not rows:
            return np.zeros(self.dim, dtype=np.float32)
        index = np.asarray(rows)
        values: NDArray[np.float32] = self._codes[index] * self._scales[index, None]
        mean: NDArray[np.float32] = values.mean(axis=0, dtype=np.float32)
        return mean

    def matrix(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of ``words``, shape (len(words), dim)."""
        import numpy as np

        if not words:
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.stack([self.vector(word) for word in words])


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
