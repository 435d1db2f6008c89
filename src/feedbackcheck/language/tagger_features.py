"""How a word meets the sequence tagger: hashed parts of its form, its vectors, and the language of the text it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mmh3 import hash as murmur

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The hashed tables: name, rows, width. The first is looked up twice, under two hashes, and the two rows are added.
TABLES: Final = (
    ("word", 12_000, 48),
    ("ending2", 1_000, 16),
    ("ending3", 3_000, 24),
    ("ending4", 4_000, 32),
    ("ending6", 4_000, 32),
    ("beginning1", 300, 8),
    ("beginning4", 3_000, 32),
    ("shape", 500, 24),
)
COLUMNS: Final = len(TABLES) + 1
#: Languages of a text by its function words, and what stood before a word: nothing, a line break, an empty line.
LANGUAGES: Final = 4
BREAKS: Final = 3
_DIGIT = re.compile(r"\d")


def shape(word: str) -> str:
    """Return the word's outline: ``Xxxx`` for capitals and small letters, ``d`` for digits, four of a kind at most in a row."""
    outline = ""
    for letter in word[:100]:
        kind = "X" if letter.isupper() else "x" if letter.islower() else "d" if letter.isdigit() else letter
        if outline[-4:] != kind * 4:
            outline += kind
    return outline


def hashed(word: str) -> tuple[int, ...]:
    """Return the row of ``word`` in each of :data:`TABLES`, the first twice."""
    lower = _DIGIT.sub("0", word.lower())
    keys = (
        lower,
        f"2{lower[-2:]}",
        f"3{lower[-3:]}",
        f"4{lower[-4:]}",
        f"6{lower[-6:]}",
        f"<{word[:1]}",
        f"<{lower[:4]}",
        shape(word),
    )
    rows = [
        murmur(key.encode("utf-8", "replace"), 7 + place, signed=False) % TABLES[place][1]
        for place, key in enumerate(keys)
    ]
    return (*rows, murmur(lower.encode("utf-8", "replace"), 3, signed=False) % TABLES[0][1])


def dense(words: Sequence[str]) -> NDArray[np.float32]:
    """Return the floret vectors and word codes of ``words``, side by side, shape (words, dimensions)."""
    import numpy as np

    from feedbackcheck.language.vectors import load_vectors
    from feedbackcheck.language.wordcodes import load_wordcodes

    codes = load_wordcodes()
    rows = np.asarray([codes.row(word) for word in words], dtype=np.int64)
    found: NDArray[np.float32] = np.hstack([load_vectors().matrix(words), codes.matrix(rows)])
    return found


class TextLanguage:
    """Which of the two languages a text is in, by the function words that only one of them has.

    ``key`` turns a word into what the texts are given as; the words themselves without it.
    """

    def __init__(self, markers: Mapping[str, Iterable[str]], key: Callable[[str], Any] = str) -> None:
        self._sign = {
            key(spelling): sign
            for code, sign in (("nb", 1), ("nn", -1))
            for word in markers.get(code, ())
            for spelling in (word, word.capitalize())
        }

    def __call__(self, words: Iterable[Any]) -> int:
        """Return 1 where bokmål's words outnumber nynorsk's, 2 for the contrary, 3 where they do not tell."""
        sign = self._sign
        balance = sum(sign.get(word, 0) for word in words)
        return 1 if balance > 0 else 2 if balance < 0 else 3
