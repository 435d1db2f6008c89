"""A fact's words in the letter's målform: by a word list with declensions, by parts of compounds, and by endings.

What is not known stays as it is; :func:`other_malform` tells which words then still belong to the other målform, so that no
letter mixes the two unseen. The lists are data (``data/wording/malform.toml``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from feedbackcheck.lazy import lazy_re

__all__ = ["in_malform", "other_malform"]

_TOKEN = lazy_re(r"[^\W\d_]+(?:-[^\W\d_]+)*")

# Endings of the forms, bokmål and nynorsk, in the same order; what bokmål writes in two ways has two columns.
_NOUNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "masculine": (("", ""), ("en", "en"), ("er", "ar"), ("ene", "ane")),
    "masculine_e": (("e", "e"), ("en", "en"), ("er", "ar"), ("ene", "ane")),
    "feminine": (("", ""), ("en", "a"), ("a", "a"), ("er", "er"), ("ene", "ene")),
    "feminine_e": (("e", "e"), ("en", "a"), ("a", "a"), ("er", "er"), ("ene", "ene")),
    "ing": (("", ""), ("en", "a"), ("a", "a"), ("er", "ar"), ("ene", "ane")),
    "neuter": (("", ""), ("et", "et"), ("ene", "a"), ("a", "a")),
    "neuter_e": (("e", "e"), ("et", "et"), ("ene", "a"), ("a", "a")),
    "er": (("er", "ar"), ("eren", "aren"), ("ere", "arar"), ("erne", "arane")),
}
_VERB = (("e", "e"), ("er", "ar"), ("et", "a"), ("a", "a"))


@dataclass(frozen=True, slots=True)
class _Tables:
    """For one direction: whole words, words that may end a compound, first parts, endings (longest first), verbs at the start."""

    words: Mapping[str, str]
    tails: Mapping[str, str]
    heads: Mapping[str, str]
    endings: tuple[tuple[str, str], ...]
    at_start: Mapping[str, str]
    supine: Mapping[str, str]
    stay: frozenset[str]
    short: int  # first parts of so few letters are taken only before a known word: «hand» in nynorsk is no «hånd» in «handel»


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    import tomllib
    from importlib.resources import files

    return tomllib.loads(
        (files("feedbackcheck.data") / "wording" / "malform.toml").read_text(encoding="utf-8")
    )


def _split(entry: str) -> tuple[str, str]:
    nb, _, nn = entry.partition(":")
    return nb, nn or nb


def _forms(kind: str, entry: str) -> Iterable[tuple[str, str]]:
    nb, nn = _split(entry)
    paradigm = _NOUNS[kind]
    if kind == "er":
        nb, nn = nb.removesuffix("er"), nn.removesuffix("er").removesuffix("ar")
    elif nb.endswith("e") and f"{kind}_e" in _NOUNS:
        paradigm = _NOUNS[f"{kind}_e"]
        nb, nn = nb[:-1], nn.removesuffix("e")
        if not _split(entry)[1].endswith("e"):
            # «uke», «veke»; «høyde», «høgd»: the nynorsk word has no -e to lose.
            paradigm = tuple((a, "" if b == "e" else b) for a, b in paradigm)
    return [(nb + a, nn + b) for a, b in paradigm]


@lru_cache(maxsize=2)
def _tables(language: str) -> _Tables:
    data = _data()
    to_nn = language == "nn"

    def turned(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
        out: dict[str, str] = {}
        for nb, nn in pairs:
            source, target = (nb, nn) if to_nn else (nn, nb)
            out.setdefault(source, target)
        return out

    declined = [
        pair for kind, entries in data["nouns"].items() for entry in entries for pair in _forms(kind, entry)
    ]
    conjugated = [
        (nb.removesuffix("e") + a, nn.removesuffix("e") + b)
        for nb, nn in map(_split, data["verbs"]["a"])
        # «regna» in nynorsk is of rain, not «rekna»: where the stems differ, radical bokmål is not turned.
        for a, b in (_VERB if nb == nn else _VERB[:3])
    ]
    listed = data["to_nynorsk" if to_nn else "to_bokmal"]
    bokmal = {nb for nb, _ in (*data["pairs"].items(), *declined, *conjugated)} | set(data["to_nynorsk"])
    # A word that stands in the list as it is needs no swapping: «møte» is bokmål too.
    both = [(nb, nn) for nb, nn in data["pairs"].items() if to_nn or nn not in bokmal]
    generated = [(nb, nn) for nb, nn in (*declined, *conjugated) if to_nn or nb == nn or nn not in bokmal]
    nouns = turned((nb, nn) for nb, nn in declined if to_nn or nb == nn or nn not in bokmal)
    words = {**turned(generated), **turned(both), **listed}
    if not to_nn:
        words |= {nb: nb for nb in bokmal if nb not in listed}
    endings = turned(data["endings"].items())
    return _Tables(
        words=words,
        tails={
            w: t for w, t in {**nouns, **turned(both), **listed}.items() if len(w) >= (4 if w in nouns else 5)
        },
        heads=turned(data["first_parts"].items()),
        endings=tuple(sorted(endings.items(), key=lambda e: -len(e[0]))),
        at_start=data["at_start"] if to_nn else {},
        supine=data["supine"] if to_nn else {},
        stay=frozenset(data["exceptions"]["list"]),
        short=3 if to_nn else 5,
    )


@lru_cache(maxsize=4096)
def _swapped(word: str, language: str) -> str:
    tables = _tables(language)
    if word in tables.stay:
        return word
    known = tables.words.get(word)
    if known is not None:
        return known
    if "-" in word:
        return "-".join(_swapped(part, language) for part in word.split("-"))
    for cut in range(3, len(word) - 3):
        tail = tables.tails.get(word[cut:])
        if tail is not None and (len(word) - cut > 5 or _is_first_part(word[:cut], tables)):
            return _first_part(word[:cut], tables) + tail
    ended = _ended(word, tables)
    for head, other in tables.heads.items():
        rest = ended[len(head) :]
        if ended.startswith(head) and (
            rest in tables.words or rest in _weighted() or (len(head) > tables.short and len(rest) > 3)
        ):
            return other + rest
    return ended


def _is_first_part(part: str, tables: _Tables) -> bool:
    """True for what may stand before a short word in a compound: a word, or one with a linking -s."""
    return part.endswith("s") or part in tables.heads or part in tables.words or part in _weighted()


def _first_part(part: str, tables: _Tables) -> str:
    """«regnskaps» in «regnskapsfører»; a word of the list with a linking -s or -e too."""
    if part in tables.heads:
        return tables.heads[part]
    known = tables.words.get(part) if len(part) > 3 else None
    if known is not None:
        return known
    if part.endswith("s") and len(part) > 4 and part[:-1] in tables.tails:
        return tables.tails[part[:-1]] + "s"
    return next(
        (
            other + part[len(head) :]
            for head, other in tables.heads.items()
            if part.startswith(head) and len(head) > 3
        ),
        part,
    )


def _ended(word: str, tables: _Tables) -> str:
    if len(word) < 6:
        return word
    for ending, other in tables.endings:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + other
    return word


_DOMAIN = lazy_re(r"[.@][^\W\d_]")
_BEFORE_SUPINE = frozenset(("ikke", "ikkje", "har", "hatt", "aldri"))


def in_malform(text: str, language: str, *, supine: bool = False) -> str:
    """A fact's words in the letter's målform, as far as the lists go; other words stay.

    Args:
        text: the fact.
        language: "nb" or "nn".
        supine: the text begins with a supine («bygget bruer» after «du har ikke»), not with a verb in the past.

    >>> in_malform("ikke erfaring fra skyen", "nn"), in_malform("ryddig kode i hjemmeoppgaven", "nn")
    ('ikkje erfaring frå skya', 'ryddig kode i heimeoppgåva')
    """
    tables = _tables(language)
    out: list[str] = []
    at = 0
    before = ""
    for match in _TOKEN.finditer(text):
        word = match.group()
        out.append(text[at : match.start()])
        at = match.end()
        lowered = word.lower()
        if (word.isupper() and len(word) > 1) or (not word.islower() and not word.istitle()):
            other = word
        elif (
            (word[0].isupper() and match.start() > 0)
            or _DOMAIN.match(text, at)
            or text[max(0, match.start() - 1) : match.start()] in (".", "@")
        ):
            # A name, but for the first word; a part of an address.
            other = word
        else:
            other = _swapped(lowered, language)
            if before in _BEFORE_SUPINE or (supine and not before):
                other = tables.supine.get(lowered, other)
            elif not before or before in ("du", "og"):
                other = tables.at_start.get(lowered, other)
            other = other.capitalize() if word[0].isupper() else other
        out.append(other)
        before = lowered
    out.append(text[at:])
    return _articles("".join(out)) if language == "nn" else "".join(out)


_ARTICLE = lazy_re(r"\bein (?=(?:[^\W\d_]+ ){0,2}?([^\W\d_]{3,}ing)\b)")


def _articles(text: str) -> str:
    """«ein løysing» → «ei løysing»: nouns in -ing are feminine."""
    return _ARTICLE.sub(
        lambda m: m.group() if m.group(1).endswith("ling") and m.group(1) in _PEOPLE else "ei ", text
    )


_PEOPLE = frozenset(("lærling", "tvilling", "yngling", "flyktning"))


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    from importlib.resources import files

    known: dict[str, Any] = json.loads(
        (files("feedbackcheck.data") / "malform.json").read_text(encoding="utf-8")
    )
    return known


@lru_cache(maxsize=1)
def _weighted() -> frozenset[str]:
    """Common words of either målform."""
    return frozenset(_known()["words"])


@lru_cache(maxsize=1)
def _only() -> tuple[frozenset[str], frozenset[str]]:
    """Words that only nynorsk, and that only bokmål has (those that tell a message's målform)."""
    known = _known()
    fine = _data()["fine"]
    return frozenset(known["nn"]) - frozenset(fine["nb"]), frozenset(known["nb"]) - frozenset(fine["nn"])


# Endings that one målform does not have, in words of seven letters or more.
_BOKMAL = (
    "lig",
    "lige",
    "elsen",
    "elser",
    "elsene",
    "else",
    "heten",
    "ende",
    "ingen",
    "inger",
    "ningene",
    "sjoner",
)
_NYNORSK = ("leg", "lege", "heita", "ingar", "ingane", "sjonar", "arane")


def other_malform(text: str, language: str) -> Sequence[str]:
    """Words of ``text`` that only the other målform has; ask of a text that :func:`in_malform` has been through.

    >>> other_malform("kjennskap til styrevedtektsbestemmelse", "nn")
    ['styrevedtektsbestemmelse']
    """
    nynorsk, bokmal = _only()
    alien, endings = (bokmal, _BOKMAL) if language == "nn" else (nynorsk, _NYNORSK)
    tables = _tables(language)
    stay = tables.stay | set(tables.words.values()) | set(_data()["fine"][language])
    return [
        word
        for word in _TOKEN.findall(text)
        if word.islower()
        and word not in stay
        and (word in alien or (len(word) >= 7 and word.endswith(endings)))
    ]
