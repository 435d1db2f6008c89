"""The guard: nothing in a suggestion that draft, context or the shipped wordings do not hold.

It knows nothing of how a text was made, so it judges templates and a generative model alike. A text passes when every
number, date, address and name stands in its sources, every content word comes (by stem) from the draft, the context, the
advice that was quoted or the shipped sentences, and no protected ground is mentioned that the draft did not mention.

What it cannot see: true words put together to a false claim. So claims are only ever made by templates, whose sentences say
nothing beyond their slots; a model's text must in addition keep the template's facts, negations and length
(:mod:`feedbackcheck.suggest.rewriter`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Context
from feedbackcheck.suggest import gaps, wording
from feedbackcheck.suggest.norwegian import NUMBER_WORDS, spoken_date, stem, words
from feedbackcheck.suggest.notes import is_protected
from feedbackcheck.suggest.translation import in_malform

__all__ = ["Guard", "Violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """Something in a text that no source holds. ``kind``: "number", "address", "name", "word", "protected"."""

    kind: str
    words: str

    def __str__(self) -> str:
        names = {
            "number": "tallet",
            "address": "adressen",
            "name": "navnet",
            "word": "ordet",
            "protected": "omtalen av",
        }
        return f"{names[self.kind]} «{self.words}» står verken i utkastet eller i konteksten"


# Words that carry no claim by themselves, both målformer.
_FUNCTION = [
    "og",
    "i",
    "på",
    "til",
    "for",
    "av",
    "med",
    "som",
    "en",
    "ei",
    "et",
    "ein",
    "eit",
    "den",
    "det",
    "de",
    "dei",
    "der",
    "her",
    "å",
    "at",
    "om",
    "så",
    "men",
    "eller",
    "når",
    "da",
    "då",
    "hvis",
    "dersom",
    "enn",
    "ikke",
    "ikkje",
    "vi",
    "jeg",
    "eg",
    "me",
    "du",
    "deg",
    "din",
    "di",
    "ditt",
    "dine",
    "oss",
    "vår",
    "vårt",
    "våre",
    "meg",
    "min",
    "mitt",
    "mine",
    "seg",
    "sin",
    "sitt",
    "sine",
    "han",
    "hun",
    "ho",
    "er",
    "var",
    "være",
    "vere",
    "vært",
    "vore",
    "blir",
    "ble",
    "vart",
    "bli",
    "blitt",
    "vorte",
    "har",
    "hadde",
    "ha",
    "hatt",
    "kan",
    "kunne",
    "vil",
    "ville",
    "skal",
    "skulle",
    "må",
    "måtte",
    "får",
    "fikk",
    "fekk",
    "få",
    "fått",
    "fra",
    "frå",
    "ved",
    "etter",
    "før",
    "under",
    "over",
    "mot",
    "hos",
    "ut",
    "inn",
    "opp",
    "ned",
    "også",
    "òg",
    "bare",
    "berre",
    "mer",
    "meir",
    "mest",
    "mindre",
    "minst",
    "nå",
    "no",
    "hvor",
    "kor",
    "hva",
    "kva",
    "hvem",
    "kven",
    "hvordan",
    "korleis",
    "hvorfor",
    "kvifor",
    "denne",
    "dette",
    "disse",
    "desse",
    "noe",
    "noko",
    "noen",
    "nokon",
    "alle",
    "alt",
    "annen",
    "anna",
    "andre",
    "selv",
    "sjølv",
    "slik",
    "sånn",
    "ganske",
    "godt",
    "god",
    "gode",
    "svært",
    "veldig",
    "dessverre",
    "diverre",
    "gjerne",
    "takk",
    "hei",
    "kjære",
    "vennlig",
    "venleg",
    "hilsen",
    "helsing",
]

_NUMBER = lazy_re(r"\d+(?:[.,:]\d+)*")
_ADDRESS = lazy_re(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+|\b[\w-]+\.(?:no|com|org|net)\b")
_WORD = lazy_re(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE_START = lazy_re(r"(?:^|[.!?:]\s+|[\n«\"“(]\s*|[-–•]\s+|\d[.)]\s+)$")


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for k, v in value.items():
            yield str(k)
            yield from _strings(v)
    elif isinstance(value, list | tuple):
        for v in value:
            yield from _strings(v)
    elif value is not None:
        yield str(value)


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Stems of every word in the shipped sentences."""
    out = {stem(w) for w in _FUNCTION}
    for language in ("nb", "nn"):
        for text in _strings(wording.templates(language)):
            # Slot names are no words of a text.
            out |= {stem(w) for w in words(re.sub(r"\{\w+\}", " ", text))}
    return frozenset(out)


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    out = set(_FUNCTION)
    for language in ("nb", "nn"):
        for text in _strings(wording.templates(language)):
            out |= set(words(re.sub(r"\{\w+\}", " ", text)))
    return frozenset(out)


class Guard:
    """Judges texts against one draft and its context.

    Args:
        draft: the draft's text.
        context: what is known.
        extra: texts that may be quoted too (advice entries that were matched).
    """

    def __init__(self, draft: str, context: Context, extra: Iterable[str] = ()) -> None:
        known = [draft, *_strings(context.to_mapping())]
        translated = [in_malform(t, m) for t in known[1:] for m in ("nb", "nn")]
        dates = [
            spoken_date(day, wording.slot("months", language))
            for day in (context.deadline, context.interviewed_on, context.decided_on, context.sent_on)
            if day is not None
            for language in ("nb", "nn")
        ]
        self._texts = [*known, *translated, *dates, *extra]
        joined = "\n".join(self._texts)
        self._joined = joined.casefold()
        self._numbers = frozenset(_NUMBER.findall(joined))
        self._words = frozenset(w.casefold() for w in _WORD.findall(joined))
        self._stems = frozenset(stem(w) for t in self._texts for w in words(t)) | frozenset(
            stem(part) for t in self._texts for w in words(t) for part in re.split(r"[-/&.]", w) if part
        )
        self._draft = draft

    def violations(self, text: str) -> list[Violation]:
        """What the text holds that no source does, in text order by kind. Marked gaps are passed over."""
        bare = gaps.strip_gaps(text)
        found = [Violation("address", a) for a in _ADDRESS.findall(bare) if a.casefold() not in self._joined]
        found += [
            Violation("number", n) for n in _NUMBER.findall(bare) if n.rstrip(".,:") not in self._numbers
        ]
        ground = is_protected(bare)
        if ground is not None and is_protected(self._draft) != ground:
            found.append(Violation("protected", ground))
        vocabulary, common = _vocabulary(), _common_words()
        for match in _WORD.finditer(bare):
            word = match.group()
            lowered = word.casefold()
            if lowered in self._words or lowered in common:
                continue
            if lowered in NUMBER_WORDS:
                found.append(Violation("number", word))
                continue
            begins = _SENTENCE_START.search(bare[: match.start()]) is not None
            if word[0].isupper() and not begins:
                found.append(Violation("name", word))
            elif stem(word) not in self._stems and stem(word) not in vocabulary:
                found.append(Violation("word", word))
        return found

    def passes(self, text: str) -> bool:
        """True if nothing is invented."""
        return not self.violations(text)
