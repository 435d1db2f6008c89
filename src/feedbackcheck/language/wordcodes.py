"""What company a word keeps: a coded vector for each of the frequent words and names of running text.

The floret table gives any word a vector from its letters, which is what unknown words need; but names tell little by their
letters. This table holds a vector of its own for each word that running text has often enough, made from the words beside it
(``training/language/wordcodes.py``), so that an unseen «Karasjok» looks like a place. A vector is stored as one byte for each
slice of it (product quantisation), a word as a 32-bit hash, so no word list can be read out of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDER: Final = "words"
_REMEMBERED = 100_000  # words whose row is known; a bound for long-running processes


def key_of(word: str) -> int:
    """Return the 32-bit number that stands for ``word`` in the table."""
    from mmh3 import hash as murmur

    return murmur(word.encode("utf-8", "replace"), 1, signed=False)


def _spellings(word: str) -> Iterator[str]:
    """Yield what to look up for ``word``, the likeliest first: as it stands, without a genitive s, in small letters."""
    yield word
    if word.isupper() and len(word) > 3:
        yield word.capitalize()
    if len(word) > 3 and word[-1] == "s" and word[0].isupper():
        yield word[:-1].rstrip("'’")
    lower = word.lower()
    if lower != word:
        yield lower


class WordCodes:
    """The table: ``keys`` sorted (words,), ``codes`` uint8 (words, slices), ``books`` (slices, 256, slice width)."""

    def __init__(
        self,
        keys: NDArray[np.uint32],
        codes: NDArray[np.uint8],
        books: NDArray[np.float32],
        meta: Mapping[str, Any],
    ) -> None:
        self._keys, self._codes, self._books = keys, codes, books
        self.meta = dict(meta)
        self._rows: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def dim(self) -> int:
        """Width of a vector."""
        return int(self._books.shape[0] * self._books.shape[2])

    def row(self, word: str) -> int:
        """Return the row of ``word`` or of a spelling near it, -1 when the table has none."""
        known = self._rows.get(word)
        if known is not None:
            return known
        row = -1
        for spelling in _spellings(word):
            key = key_of(spelling)
            place = int(self._keys.searchsorted(key))
            if place < len(self._keys) and int(self._keys[place]) == key:
                row = place
                break
        if len(self._rows) > _REMEMBERED:
            self._rows.clear()
        self._rows[word] = row
        return row

    def matrix(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of ``rows``, shape (len(rows), dim); zeros where a row is -1."""
        import numpy as np

        codes = self._codes[rows]
        found = self._books[np.arange(codes.shape[1]), codes].reshape(len(rows), self.dim)
        found[rows < 0] = 0
        return found


def write(
    folder: Path,
    words: list[str],
    codes: NDArray[np.uint8],
    books: NDArray[np.float32],
    *,
    training: Mapping[str, Any],
) -> None:
    """Store the table of ``words`` in ``folder``; ``training`` is what the card should tell."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    keys, first = np.unique(np.asarray([key_of(word) for word in words], dtype=np.uint32), return_index=True)
    half = books.astype(np.float16)
    np.savez(folder / "words.npz", keys=keys, codes=codes[first], books=half)
    digest = hashlib.sha256(keys.tobytes() + codes[first].tobytes() + half.tobytes()).hexdigest()
    meta = {"format": 1, "words": len(keys), "sha256": digest, "training": dict(training)}
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> WordCodes:
    """Read the table stored in ``folder``.

    Raises ``ModelError`` when the folder holds none, or one of an unknown format.
    """
    import numpy as np

    from feedbackcheck.errors import ModelError

    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        if meta.get("format") != 1:
            raise ModelError(
                f"ordkodene har format {meta.get('format')!r}; denne versjonen leser format 1",
                where=str(folder),
                fix="Lag dem på nytt med «feedbackcheck train words».",
            )
        with np.load(folder / "words.npz", allow_pickle=False) as stored:
            return WordCodes(stored["keys"], stored["codes"], stored["books"].astype(np.float32), meta)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            "fant ingen ordkoder som kan leses; meta.json og words.npz skal ligge der",
            where=str(folder),
            fix="Installer feedbackcheck på nytt, eller lag dem med «feedbackcheck train words».",
        ) from error


@cache
def load_wordcodes() -> WordCodes:
    """Return the table that the package ships (read once a process)."""
    from feedbackcheck.language.locations import models_folder

    return read(models_folder() / FOLDER)
