"""Words of a sentence, normalised: the one tokeniser that training and run time share.

The recogniser must see the same tokens on a build machine and in an editor, so this module is pure Python, has no
state, and treats everything that identifies a person or a day alike: merge fields, numbers, dates, addresses and
telephone numbers become marks such as ``[FELT]``. The offsets point into the string that was given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

FIELD: Final = "[FELT]"
NAME: Final = "[NAVN]"
EMAIL: Final = "[EPOST]"
URL: Final = "[LENKE]"
PHONE: Final = "[TLF]"
DATE: Final = "[DATO]"
TIME: Final = "[KLOKKE]"
YEAR: Final = "[ÅR]"
PERCENT: Final = "[PROSENT]"
NUMBER: Final = "[TALL]"
BIG_NUMBER: Final = "[STORTALL]"
EMOJI: Final = "[EMOJI]"
PLACEHOLDER: Final = "[XX]"

#: Marks in a fixed order: the first entries of every vocabulary.
MARKS: Final = (
    FIELD, NAME, EMAIL, URL, PHONE, DATE, TIME, YEAR, PERCENT, NUMBER, BIG_NUMBER, EMOJI, PLACEHOLDER,
)  # fmt: skip

# Shapes, small integers so that they can be fed to a model as they stand.
LOWER, TITLE, UPPER, MIXED, MARK, PUNCT = range(6)
N_SHAPES: Final = 6

_MONTH = (
    r"(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|okt|nov|des)\b\.?"
)

_TOKEN: Final = re.compile(
    r"""
      (?P<field>\{\{[^{}\n]{1,80}\}\}|\{%[^%\n]{1,120}%\}|\$\{[^{}\n]{1,60}\}|\{[A-Za-zÆØÅæøå_][^{}\n]{0,50}\}
        |<<[^<>\n]{1,60}>>|<[A-Za-zÆØÅæøå][^<>@\n/]{1,40}>|«[A-Za-zÆØÅæøå]+_[A-Za-zÆØÅæøå_]+»
        |\[[A-Za-zÆØÅæøå][^\[\]\n]{0,48}\]|%[A-Za-zÆØÅæøå_]{3,30}%|\#[A-Za-zÆØÅæøå_]{3,30}\#
        |\*\|[A-Z0-9_:]+\|\*)
    | (?P<email>[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+)
    | (?P<url>(?:https?://|www\.)[^\s<>«»"]+|\b[\w-]{1,63}+(?:\.[\w-]{1,63}+){0,20}\.(?:no|com|org|net|io|eu|se|dk)\b(?:/[^\s<>«»"]*)?)
    | (?P<date>\b\d{1,2}\.\s?"""
    + _MONTH
    + r"""(?:\s?\d{4}\b)?|\b\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}(?:[-/]\d{2,4})?\b)
    | (?P<time>\bkl(?:\.|okken|okka)?\s?\d{1,2}(?:[.:]\d{2})?\b)
    | (?P<phone>(?:\+\d{2}\s?)?\b\d{2}\s\d{2}\s\d{2}\s\d{2}\b|(?:\+\d{2}\s?)?\b\d{3}\s\d{2}\s\d{3}\b|(?:\+\d{2}\s?)?\b[2-9]\d{7}\b)
    | (?P<percent>\b\d+(?:[.,]\d+)?\s?(?:%|prosent\b))
    | (?P<number>\d+(?:[.,:]\d+)*)
    | (?P<xx>\b[Xx]{2,}\b|_{3,}|\.{4,})
    | (?P<word>[^\W\d_]+(?:[-'’/&+][^\W\d_]+)*)
    | (?P<emoji>[\U0001F300-\U0001FAFF\u2600-\u27BF]|[:;]-?[)(DP])
    | (?P<punct>\.\.\.|[^\s\w]|_)
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A word: what the model reads (``norm``), how it was written (``text``, ``shape``), and where."""

    text: str
    norm: str
    shape: int
    start: int
    end: int


def _shape(word: str) -> int:
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 1 else TITLE
    if word[0].isupper() and word[1:].islower():
        return TITLE
    return TITLE if word[0].isupper() and "-" in word else MIXED


@lru_cache(maxsize=16_384)
def _word(raw: str) -> tuple[str, int]:
    """Norm and shape of a word; letters repeat their words."""
    return raw.lower().replace("’", "'"), _shape(raw)


def _number(text: str) -> str:
    if len(text) == 1:
        return text
    if len(text) == 4 and text.isdigit() and text[:2] in ("19", "20"):
        return YEAR
    return NUMBER if len(text) <= 3 else BIG_NUMBER


_FIXED: Final = {
    "field": FIELD, "email": EMAIL, "url": URL, "date": DATE, "time": TIME, "phone": PHONE,
    "percent": PERCENT, "emoji": EMOJI, "xx": PLACEHOLDER,
}  # fmt: skip


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[Token, ...]:
    """All tokens; remembered, because several finders ask for the same sentence in turn."""
    out: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        raw = match.group()
        if kind == "word":
            norm, shape = _word(raw)
            out.append(Token(raw, norm, shape, *match.span()))
        elif kind == "punct":
            out.append(Token(raw, raw, PUNCT, *match.span()))
        else:
            norm = _number(raw) if kind == "number" else _FIXED[kind or "xx"]
            out.append(Token(raw, norm, MARK, *match.span()))
    return tuple(out)


def tokenize(text: str, limit: int = 0) -> tuple[Token, ...]:
    """Split ``text`` (one sentence) into tokens, at most ``limit`` of them (0: all)."""
    found = _tokens(text)
    return found[:limit] if limit else found


def normalise(text: str) -> str:
    """The normalised words of ``text`` joined by spaces: a key for near-identical sentences."""
    return " ".join(token.norm for token in tokenize(text))
