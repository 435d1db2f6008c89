"""What the columns of an export look like, which field each seems to hold, and where that is in doubt.

Sample cells are masked before they leave this module: they hold names, addresses and letters about people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from feedbackcheck.review.columns import Guess, fitting, guess_columns, parse_day, titles
from feedbackcheck.review.sources.table import LETTER_WORDS

__all__ = ["Column", "Survey", "masked", "survey"]

_DAYS = ("sent_on", "deadline", "interviewed_on", "decided_on")
_WORD = re.compile(r"[^\W_][\w'’-]*")
_DIGIT = re.compile(r"\d")
_TAG = re.compile(r"<[^<>]{1,500}>")
#: Words that letters begin with, which are nobody's name.
_OPENERS = frozenset(
    [
        "hei",
        "heisann",
        "hallo",
        "kjære",
        "god",
        "dag",
        "takk",
        "vi",
        "jeg",
        "eg",
        "du",
        "deg",
        "tusen",
        "viser",
        "svar",
        "ang",
        "til",
    ]
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what its cells look like in Norwegian words, a masked sample, and the median words a cell."""

    name: str
    look: str
    sample: str
    words: float


@dataclass(frozen=True, slots=True)
class Survey:
    """One table of a source.

    Attributes:
        where: the source, and the sheet or file in it.
        columns: in the table's order.
        guess: which holds which field.
        doubts: field → why its column is in doubt, in Norwegian.
        missing: fields worth having that no column was found for; those that the user said are not there left out.
        letters: the column with the longest texts, if they are long enough for letters.
    """

    where: str
    columns: tuple[Column, ...]
    guess: Guess
    doubts: dict[str, str]
    missing: tuple[str, ...]
    letters: str | None

    @property
    def headers(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(c.name for c in self.columns)


@cache
def _given_names() -> frozenset[str]:
    from feedbackcheck.signs.patterns import given_names

    return frozenset(n.casefold() for n in given_names())


def masked(value: Any, *, width: int = 44) -> str:
    """A cell with everything hidden that may tell who somebody is; its shape stays.

    Short cells keep the first letter of each word. Longer ones keep words in lower case, unless one is a given name, and
    what letters begin with («Hei»). Digits become 0, and of an address only its signs are left.
    """
    text = " ".join(_TAG.sub(" ", str(value)).split())
    words = text.split()
    short = len(words) < 6

    def hidden(match: re.Match[str]) -> str:
        word = match.group()
        if word.isdigit():
            return word
        known = word.casefold() in _OPENERS or (word.islower() and word.casefold() not in _given_names())
        return word if known and not short else word[0] + "·" * min(7, len(word) - 1)

    shown = " ".join(
        re.sub(r"[^\W_]", "·", w) if "@" in w or "://" in w else _WORD.sub(hidden, w) for w in words[:14]
    )
    shown = _DIGIT.sub("0", shown)
    return shown if len(shown) <= width else shown[: width - 1].rstrip() + "…"


def _look(cells: Sequence[Any]) -> tuple[str, float]:
    """Words for what the cells of a column hold, and the median words a cell."""
    texts = [str(c).strip() for c in cells]
    if not texts:
        return "tom", 0.0
    words = median(len(_TAG.sub(" ", t).split()) for t in texts)

    def most(test: Any) -> bool:
        return sum(1 for c in cells if test(c)) * 2 > len(cells)

    if most(lambda c: "@" in str(c) and " " not in str(c).strip()):
        return "e-postadresser", words
    if most(lambda c: not isinstance(c, int | float) and parse_day(c) is not None and not str(c).isdigit()):
        return "datoer", words
    if most(lambda c: isinstance(c, int | float) or re.fullmatch(r"[\d .,]+", str(c).strip())):
        return "tall", words
    if words >= LETTER_WORDS:
        return f"lang tekst, ca. {words:.0f} ord", words
    different = len(set(texts))
    return ("tekst, alle like" if different == 1 else f"tekst, {different} ulike"), words


def survey(spec: str, *, kind: str, mapping: Mapping[str, str], soft: Mapping[str, str]) -> Iterator[Survey]:
    """The tables of a source that may hold letters; nothing for mailboxes and labelled JSON lines.

    Args:
        mapping: what the user said on the command line.
        soft: what the configuration says, which counts only where a table has that column.

    Raises:
        SourceError: the file cannot be read.
    """
    from feedbackcheck.review.sources import is_table, open_source

    if not is_table(spec, kind):
        return
    source: Any = open_source(spec, kind=kind)
    found = []
    for sample in source.samples():
        label = sample.label.rstrip(", ")
        where = f"{Path(spec).name}, {label}" if label else Path(spec).name
        known = {**fitting(soft, sample.headers), **mapping}
        found.append(_survey(where, sample.headers, sample.rows, known))
    # Sheets without letters are covers and lists; where no sheet seems to have any, all are shown.
    yield from [s for s in found if "text" in s.guess.columns] or found


def _survey(
    where: str, headers: Sequence[str], rows: Sequence[Sequence[Any]], mapping: Mapping[str, str]
) -> Survey:
    cells = {
        name: [row[i] for row in rows if i < len(row) and row[i] is not None and str(row[i]).strip()]
        for i, name in enumerate(headers)
        if name
    }
    columns = []
    for name, values in cells.items():
        look, words = _look(values)
        columns.append(Column(name, look, masked(values[0]) if values else "", words))
    given = {f: c for f, c in mapping.items() if not c or c in cells}
    guess = guess_columns(list(cells), given)
    longest = max(columns, key=lambda c: c.words, default=None)
    letters = longest.name if longest is not None and longest.words >= LETTER_WORDS else None
    missing = tuple(
        f
        for f in titles()
        if f not in guess.columns
        and f not in mapping
        and not (f == "candidate_name" and "first_name" in guess.columns)
    )
    return Survey(where, tuple(columns), guess, _doubts(guess, cells, columns, mapping), missing, letters)


def _doubts(
    guess: Guess, cells: Mapping[str, Sequence[Any]], columns: Sequence[Column], mapping: Mapping[str, str]
) -> dict[str, str]:
    out: dict[str, str] = {}
    words = {c.name: c.words for c in columns}
    chosen = guess.columns.get("text")
    if chosen is None:
        longest = max(words, key=lambda name: words[name], default="")
        tail = f"; «{longest}» har de lengste tekstene" if longest and words[longest] >= LETTER_WORDS else ""
        out["text"] = f"ingen kolonne heter noe som ligner «brevtekst»{tail}"
    elif "text" not in mapping and any(words.values()):
        longest = max(words, key=lambda name: words[name])
        rivals = [r for r in guess.rivals.get("text", ()) if words[r] >= LETTER_WORDS]
        if words[longest] >= LETTER_WORDS and words[chosen] * 2 < words[longest]:
            out["text"] = f"«{longest}» har lengre tekster enn «{chosen}»"
        elif rivals:
            out["text"] = f"både «{chosen}» og «{rivals[0]}» kan være brevet"
        elif "text" not in guess.sure and words[chosen] < LETTER_WORDS:
            out["text"] = f"cellene i «{chosen}» er korte"
    for field, column in guess.columns.items():
        values = cells.get(column, ())
        if field in mapping or not values:
            continue
        if field in _DAYS and sum(parse_day(v) is not None for v in values) * 2 < len(values):
            out[field] = f"«{column}» ser ikke ut som datoer"
        elif field == "email" and sum("@" in str(v) for v in values) * 2 < len(values):
            out[field] = f"«{column}» ser ikke ut som e-postadresser"
    return out
