"""Which language a message is in, and which of the two Norwegians, for the message and for each sentence.

Bokmål and nynorsk are told apart by a small table of word and ending weights (log odds, learnt by
``training/malform.py``); other languages by words that Norwegian does not have, listed by hand in
``data/languages.toml``, since a rejection letter in Danish has a dozen of them. Names, quotations, addresses and merge
fields say nothing about the language and are left out.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from feedbackcheck.message import Span

# Not importlib.resources, which takes longer to import than the tables take to read.
_DATA = Path(__file__).parents[1] / "data"

__all__ = ["LanguageGuess", "identify", "words_of"]

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_QUOTED = re.compile(r"«[^«»\n]{0,300}»|“[^“”\n]{0,300}”|\"[^\"\n]{0,300}\"")
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|\b[\w-]{1,63}\.(?:no|com|org|net|se|dk|example)\b"
)


class _HasSpan(Protocol):
    @property
    def span(self) -> Span: ...


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """``language``: "nb", "nn", or another ISO 639-1 code ("da", "sv", "en", "de", "fi", "se" …).

    ``confidence`` is between 0.5 (a guess) and 1. ``per_sentence`` has "nb", "nn" or "" (could be either) for each
    sentence that was given; only words that the other målform does not have decide it.
    """

    language: str
    confidence: float
    per_sentence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Model:
    words: dict[str, float]
    endings: dict[str, float]
    nn: frozenset[str]
    nb: frozenset[str]


@lru_cache(maxsize=1)
def _model() -> _Model:
    data = json.loads((_DATA / "malform.json").read_text(encoding="utf-8"))
    return _Model(data["words"], data["endings"], frozenset(data["nn"]), frozenset(data["nb"]))


@dataclass(frozen=True, slots=True)
class _Foreign:
    """What other languages have: ``strong`` words and ``letters`` with the languages that own them."""

    codes: tuple[str, ...]
    strong: dict[str, tuple[str, ...]]
    letters: dict[str, tuple[str, ...]]
    danish_endings: tuple[str, ...]
    not_danish: frozenset[str]


@lru_cache(maxsize=1)
def _languages() -> _Foreign:
    """Strong words and letters a language, Danish endings, and Norwegian words that Danish lacks."""
    import tomllib

    data = tomllib.loads((_DATA / "languages.toml").read_text(encoding="utf-8"))
    lacks = frozenset(data["da"]["lacks"])
    words: dict[str, tuple[str, ...]] = {}
    letters: dict[str, tuple[str, ...]] = {}
    for code, entry in data.items():
        # «_» marks a word that Norwegian has too; it stands in the list to show that it was thought of.
        strong = {w for w in entry["strong"] if not w.endswith("_")} - _COMMON
        if code == "da":
            strong -= {*entry["shared"], *lacks}
        for word in strong:
            words[word] = (*words.get(word, ()), code)
        for letter in entry.get("letters", ""):
            letters[letter] = (*letters.get(letter, ()), code)
    endings = tuple(e for e in data["da"]["endings"] if not e.endswith("_"))
    return _Foreign(tuple(data), words, letters, endings, lacks)


def _blanked(text: str) -> str:
    """The text, same length, with fields, quotations and addresses as spaces."""
    spans = [m.span() for m in _ADDRESS.finditer(text)]
    quotes = [m.span() for m in _QUOTED.finditer(text)]
    # A call script may be one long quotation; then the quotation is the message.
    if sum(b - a for a, b in quotes) < 0.6 * len(text):
        spans += quotes
    if any(c in text for c in "{[<%#*_$@"):
        from feedbackcheck.sources.merge_fields import find_fields

        spans += [(f.span.start, f.span.end) for f in find_fields(text)]
    if not spans:
        return text
    out = list(text)
    for start, end in spans:
        out[start:end] = " " * (end - start)
    return "".join(out)


def _is_name(match: re.Match[str], text: str) -> bool:
    """A capital inside a sentence."""
    word = match.group()
    if not word[0].isupper():
        return False
    if word.isupper() and len(word) > 1:
        return len(word) < 5
    # A window, because a copy of all that stands before would cost a long text dearly.
    before = text[max(0, match.start() - 40) : match.start()].rstrip(" \t")[-1:]
    return before not in ("", "\n", ".", "!", "?", ":", "-", "–", "•", "*", '"', "(")


def words_of(text: str) -> list[str]:
    """Lower-cased words that may tell the language."""
    blank = _blanked(text)
    return [m.group().lower() for m in WORD.finditer(blank) if not _is_name(m, blank)]


def _lean(words: Sequence[str], model: _Model) -> float:
    """Log odds of nynorsk; each word counts at most twice, so that one repeated form decides nothing."""
    counts = Counter(words)
    total = sum(min(n, 2) * _weight(word) for word, n in counts.items())
    # Radical bokmål («stillinga», «boka mi», «jobba») leans to nynorsk word by word; what only one of the two has decides.
    return total + 1.5 * (len(counts.keys() & model.nn) - len(counts.keys() & model.nb))


@lru_cache(maxsize=16_384)
def _weight(word: str) -> float:
    """A word's log odds of nynorsk, by itself or by its ending."""
    model = _model()
    weight = model.words.get(word)
    if weight is None:
        found = [model.endings[e] for e in _endings(word) if e in model.endings]
        weight = 0.4 * max(found, key=abs) if found else 0.0
    return weight


def _endings(word: str) -> list[str]:
    out = [f"-{word[-n:]}" for n in (5, 4, 3) if len(word) > n + 1]
    if len(word) > 3:
        out.append(f"^{word[:2]}")
    return out


def _foreign(words: Sequence[str], model: _Model) -> tuple[str, float] | None:
    """The other language that the words speak for more than for Norwegian, and how surely."""
    table = _languages()
    if not words:
        return None
    unique = [w for w in words if len(w) > 1] or list(words)
    points: dict[str, float] = {}
    marks = table.letters.keys()
    for word in unique:
        owners = table.strong.get(word, ())
        for code in owners:
            points[code] = points.get(code, 0.0) + 1
        marked = (
            {code for letter in marks & word for code in table.letters[letter]} - set(owners)
            if not word.isascii()
            else ()
        )
        for code in marked:
            points[code] = points.get(code, 0.0) + 0.8
        if (
            len(word) > 5
            and word.endswith(table.danish_endings)
            and "da" not in owners
            and "da" not in marked
        ):
            points["da"] = points.get("da", 0.0) + 0.7
    if not points:
        return None
    best = max((points[code], -i, code) for i, code in enumerate(table.codes) if code in points)
    hits, _, code = best
    own = {w for w in unique if code in table.strong.get(w, ())}
    if code == "da":
        home = sum(1 for w in unique if w in table.not_danish and w not in own)
        home += sum(1 for w in unique if w in model.nn and w not in own)
    else:
        home = sum(1 for w in unique if (w in model.nb or w in model.nn or w in _COMMON) and w not in own)
        if code == "sv":
            home -= sum(1 for w in unique if w in _SWEDISH_TOO)
    share = hits / len(unique)
    if code == "da":
        # Danish and bokmål share most words; what counts is whose own words are there.
        if hits >= 2 and hits > 1.3 * home and share > 0.05:
            return code, _sigmoid(1.2 * (hits - home))
        if home == 0 and (hits >= 1.5 or any(w in _ONLY_DANISH for w in unique)):
            return code, 0.65
        return None
    if share > 0.12 and hits >= 2 and hits > 1.2 * home:
        return code, _sigmoid(0.8 * (hits - home))
    if len(unique) <= 4 and hits >= 1 and home == 0 and share >= 0.5:
        return code, 0.6
    return None


#: Norwegian words that neither målform owns.
_COMMON = frozenset({
    "og", "å", "er", "på", "som", "til", "deg", "meg", "seg", "oss", "søknaden", "søknad", "stillingen", "stilling", "vi", "du", "med", "for", "har", "ikke", "ikkje",
    "at", "takk", "men", "også", "kan", "vil", "skal", "ja", "nei", "ei", "hei", "ett", "on", "vel", "maid", "andra", "så", "der", "da", "de", "den", "det",
})  # fmt: skip
#: One of these is enough where no Norwegian word speaks against it.
_ONLY_DANISH = frozenset({"dig", "mig", "jer", "jeres", "ansøgning", "ansøgningen", "desværre", "hvad"})
_SWEDISH_TOO = frozenset(
    {"vi", "du", "det", "den", "de", "da", "men", "som", "har", "kan", "på", "med", "så", "ja"}
)


#: So many words that only English has make a sentence English enough to be no målform's.
_ENGLISH_WORDS = 2


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def identify(text: str, sentences: Sequence[_HasSpan] = ()) -> LanguageGuess:
    """The language of a message.

    Args:
        text: what the recipient reads.
        sentences: with spans into ``text``; each gets its own label.

    Returns:
        "nb" with confidence 0.5 where nothing tells (an empty text, a template of fields only).
    """
    model = _model()
    blank = _blanked(text)
    found = [(m.start(), m.group().lower()) for m in WORD.finditer(blank) if not _is_name(m, blank)]
    words = [w for _, w in found]
    foreign = _foreign(words, model)
    places = [at for at, _ in found]
    labels = tuple(
        _sentence_label(words[bisect_left(places, s.span.start) : bisect_left(places, s.span.end)], model)
        for s in sentences
    )
    if foreign is not None and foreign[1] >= 0.55:
        return LanguageGuess(foreign[0], round(max(0.5, foreign[1]), 3), tuple("" for _ in labels))
    lean = _lean(words, model)
    language = "nn" if lean > 0 else "nb"
    return LanguageGuess(language, round(max(0.5, _sigmoid(abs(lean) / 3)), 3), labels)


def _sentence_label(found: Sequence[str], model: _Model) -> str:
    words = set(found)
    # «Call me any time» has the nynorsk word for «vi» in it.
    if sum("en" in _languages().strong.get(w, ()) for w in words) >= _ENGLISH_WORDS:
        return ""
    nn, nb = len(words & model.nn), len(words & model.nb)
    if nn and nn >= 3 * nb:
        return "nn"
    if nb and nb >= 3 * nn:
        return "nb"
    return ""
