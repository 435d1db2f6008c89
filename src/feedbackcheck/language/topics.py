"""What a word is about: a few topics that letters turn on, told from lists of words and word parts.

The recogniser reads the topic beside the word's shape (see :func:`marked`). The lists are in ``data/topics.toml``; their
order is part of a trained model, so topics are added at the end and a model says how many it knows.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from feedbackcheck.language.tokens import MARK, N_SHAPES, PUNCT, Token

__all__ = ["N_MARKED", "marked", "names", "topic"]

_DATA = Path(__file__).parents[1] / "data" / "topics.toml"
_MOST_TOPICS = 15
#: Values that :func:`marked` can take.
N_MARKED = N_SHAPES * (1 + _MOST_TOPICS)


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[str, ...], dict[str, int], dict[str, int], dict[str, int], tuple[int, ...]]:
    """Names; whole words, beginnings and endings with their topic's number; the lengths of the latter two, longest first."""
    import tomllib

    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    whole: dict[str, int] = {}
    heads: dict[str, int] = {}
    tails: dict[str, int] = {}
    for number, entry in enumerate(data.values(), start=1):
        for word in entry["words"].split():
            if word.endswith("*"):
                heads.setdefault(word[:-1], number)
            elif word.startswith("*"):
                tails.setdefault(word[1:], number)
            else:
                whole.setdefault(word, number)
    lengths = tuple(sorted({len(w) for w in (*heads, *tails)}, reverse=True))
    return tuple(data), whole, heads, tails, lengths


def names() -> tuple[str, ...]:
    """The topics, in the order of their numbers from 1."""
    return _tables()[0]


@lru_cache(maxsize=32_768)
def topic(norm: str) -> int:
    """The number of a normalised word's topic; 0 for none."""
    _, whole, heads, tails, lengths = _tables()
    found = whole.get(norm)
    if found is not None:
        return found
    for n in lengths:
        if n <= len(norm):
            found = heads.get(norm[:n]) or tails.get(norm[-n:])
            if found is not None:
                return found
    return 0


def marked(token: Token) -> int:
    """A token's shape and topic as one number below :data:`N_MARKED`; the shape alone where it has no topic."""
    if token.shape in (MARK, PUNCT):
        return token.shape
    return token.shape + N_SHAPES * topic(token.norm)
