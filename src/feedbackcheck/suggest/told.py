"""What a draft itself tells: the job's title, that another got it, that the post was withdrawn.

A new sentence must say the same as the one it takes the place of. The words are data: ``data/wording/told.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from feedbackcheck.language.segment import SIGNING, Sentence
from feedbackcheck.suggest.norwegian import sentence_case

__all__ = ["Told", "gives_reason", "listen", "more_than_stock", "waits"]


@dataclass(frozen=True, slots=True)
class Told:
    """What the draft tells.

    Attributes:
        title: the job's title, as it stands inside a sentence; "" where no title stands.
        noun: what the draft calls the job where that says more than «stilling» and «jobb» («vikariatet»), else "".
        another: how another was chosen: "ansatt", "tilsatt", "besatt", "gitt", "valgt", or "".
        another_at: index of the sentence that says so, or None.
        other: «en annen» as the draft writes it, or "".
        reason_at: index of a sentence with a reason that is not the candidate's (the post was withdrawn), or None.
    """

    title: str = ""
    noun: str = ""
    another: str = ""
    other: str = ""
    another_at: int | None = None
    reason_at: int | None = None


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    import tomllib
    from importlib.resources import files

    return tomllib.loads((files("feedbackcheck.data") / "wording" / "told.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=128)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=8)
def _words(section: str, key: str) -> frozenset[str]:
    return frozenset(_data()[section][key].split())


def _any(patterns: Sequence[str], text: str) -> re.Match[str] | None:
    return next((m for p in patterns if (m := _compiled(p).search(text))), None)


def listen(sentences: Sequence[Sentence], language: str) -> Told:
    """Listen to a draft's sentences; signatures are passed over."""
    heard = [s for s in sentences if s.kind not in SIGNING]
    title, noun = next((found for s in heard if (found := _title(s.text, language))), ("", ""))
    another, other, another_at = next(
        ((*found, s.index) for s in heard if (found := _another(s.text))), ("", "", None)
    )
    reasons = _data()["own_reason"]["match"]
    reason_at = next((s.index for s in heard if _any(reasons, s.text)), None)
    return Told(title, noun, another, other, another_at, reason_at)


# -- the job

_TITLE_WORD = re.compile(r"\s*((?:\d\. )?[^\W_][\w/&+'’-]*)")


def _title(sentence: str, language: str) -> tuple[str, str] | None:
    """(title, noun) of the job that a sentence names."""
    data = _data()["title"]
    if _compiled(data["elsewhere"]).search(sentence):
        return None
    for match in _compiled(rf"\b(?P<noun>[\w-]*?{data['nouns']})(?: hos oss)? som ").finditer(sentence):
        title = _title_at(sentence, match.end())
        if title:
            return title, _noun(match["noun"].lower(), language)
    for patterns, strict in ((data["also"], False), (data["loosely"], True)):
        for pattern in patterns:
            for match in _compiled(rf"\b{pattern}").finditer(sentence):
                title = _title_at(sentence, match.end())
                if title and not (
                    strict
                    and not re.search(rf"{data['occupation']}$", title.split(" for ")[0].split(" i ")[0])
                ):
                    return title, ""
    return None


def _title_at(sentence: str, at: int) -> str | None:
    """The title that begins at ``at``, in the case that it has inside a sentence; at most four words."""
    data, stop = _data()["title"], _words("title", "stop")
    taken: list[str] = []
    while match := _TITLE_WORD.match(sentence, at):
        word = match[1]
        if word.lower() in stop:
            key = {"for": "with_for", "i": "with_in"}.get(word) if taken else None
            following = _TITLE_WORD.match(sentence, match.end())
            if (
                key is None
                or following is None
                or following[1].lower() in stop
                or not following[1].islower()
                or not re.search(rf"{data[key]}$", taken[-1], re.IGNORECASE)
            ):
                break
        taken.append(word)
        at = match.end()
    while taken and (taken[-1].isdigit() or set(taken[-1].lower()) == {"x"}):
        taken.pop()
    if not taken or len(taken) > 4 or not any(len(w) > 2 and w[-1].isalpha() for w in taken):
        return None
    title = " ".join(taken)
    return title.lower() if title.isupper() and len(title) > 5 else sentence_case(title)


def _noun(noun: str, language: str) -> str:
    """The noun in its definite form, "" for the plain ones."""
    for stem, nb, nn in _data()["title"]["definite"]:
        head = noun.rfind(stem[:-1] if stem == "rolle" else stem)
        if head >= 0:
            full = noun[:head] + (nn if language == "nn" else nb)
            return "" if full in ("stillingen", "stillinga", "jobben") else full
    return ""


# -- another got it


def _another(sentence: str) -> tuple[str, str] | None:
    data = _data()["another"]
    if _compiled(data["unless"]).search(sentence):
        return None
    for how in ("ansatt", "tilsatt", "besatt", "gitt", "valgt"):
        for pattern in data[how]:
            if match := _compiled(pattern.replace("{other}", data["other"])).search(sentence):
                said = re.search(
                    r"\b(?:en annen|ein annan|ei annen|ei anna|noen andre|nokon andre)\b",
                    match[0],
                    re.IGNORECASE,
                )
                return how, said[0].lower() if said else ""
    return None


# -- single sentences


def waits(sentence: str) -> bool:
    """True for a sentence that leaves the answer open.

    >>> waits("Du hører kanskje fra oss."), waits("Du hører fra oss på tirsdag om reiseutgiftene.")
    (True, False)
    """
    return _any(_data()["waits"]["match"], sentence) is not None


def gives_reason(sentence: str) -> bool:
    """True if a sentence gives a reason for the no, and is not a mere remark.

    >>> gives_reason("Vi trenger en som er yngre."), gives_reason("Lykke til med babyen!")
    (True, False)
    """
    return _any(_data()["reasons"]["match"], sentence) is not None


def more_than_stock(sentence: str, known: str = "") -> frozenset[str]:
    """Words of a thanks that tell what this candidate did: not the stock ones, and not those in ``known``.

    >>> sorted(more_than_stock("Takk for søknaden, og for at du viste oss skissene."))
    ['skissene']
    """
    stock = _words("thanks", "stock")
    said = {w.lower() for w in re.findall(r"[^\W\d_]{2,}", sentence)}
    return frozenset(said - stock - {w.lower() for w in re.findall(r"[^\W\d_]{2,}", known)})
