"""Amounts in notes and requirements («2 år med Python» against «5 års erfaring med Python»): which way a bare number points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feedbackcheck.lazy import lazy_re
from feedbackcheck.suggest.norwegian import NUMBER_WORDS, stems
from feedbackcheck.suggest.notes import Kind, ReadNote

if TYPE_CHECKING:
    from feedbackcheck.suggest.advert import Requirement

__all__ = ["weighed"]

_VALUES = {
    "en": 1.0, "ett": 1.0, "et": 1.0, "én": 1.0, "ein": 1.0, "eitt": 1.0, "eit": 1.0, "éin": 1.0, "halvannet": 1.5, "halvanna": 1.5, "halvtanna": 1.5,
    "to": 2.0, "tre": 3.0, "fire": 4.0, "fem": 5.0, "seks": 6.0, "sju": 7.0, "syv": 7.0, "åtte": 8.0, "ni": 9.0, "ti": 10.0, "elleve": 11.0, "tolv": 12.0,
    "femten": 15.0, "tjue": 20.0, "tretti": 30.0, "førti": 40.0, "femti": 50.0, "seksti": 60.0, "nitti": 90.0, "hundre": 100.0,
}  # fmt: skip
_AMOUNT = lazy_re(
    r"(?<![\w,.–-])(?P<n>\d{1,4}(?:[.,]\d+)?|"
    + "|".join(sorted(_VALUES, key=len, reverse=True))
    + r")(?:\+|\s*[–-]\s*\d+)? (?P<unit>års?|måned(?:er|ers|s)?|månad(?:ar|ars|s)?|mnd\.?|uker|veker|studiepoeng|poeng|timer|timar|prosent|ord|ansatte|tilsette|elever|elevar|kunder|kundar|plasser|plassar)(?!\w)",
    re.IGNORECASE,
)
#: Units told in another: a year is twelve months.
_UNITS = {"å": (12.0, "måned"), "m": (1.0, "måned"), "uk": (0.25, "måned"), "ve": (0.25, "måned")}
#: Fewer months than this are neither much nor little by themselves.
_EVIDENT_MONTHS = 12.0

_LOOSE = frozenset(
    s
    for w in (
        "erfaring", "røynsle", "minst", "relevant", "års", "år", "arbeid", "arbeidserfaring", "med", "fra", "frå", "som", "for", "i", "på", "og",
        "eller", "av", "til", "innen", "innan", "ha", "har", "over", "om", "et", "eit", "praksis", "god", "bransjen", *NUMBER_WORDS,
    )
    for s in stems(w)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Amount:
    number: float
    unit: str
    about: frozenset[str]
    first: bool


def _amount(text: str) -> _Amount | None:
    found = _AMOUNT.search(text)
    if found is None:
        return None
    written = found["n"].lower().replace(",", ".")
    number = _VALUES.get(written)
    if number is None:
        number = float(written)
    unit = found["unit"].lower()
    factor, name = next(
        ((f, u) for k, (f, u) in _UNITS.items() if unit.startswith(k)), (1.0, unit.rstrip("s"))
    )
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    about = frozenset(s for s in stems(rest) if s not in _LOOSE and not s.isdigit())
    return _Amount(number * factor, name, about, not text[: found.start()].strip())


def weighed(notes: Sequence[ReadNote], wanted: Sequence[Requirement]) -> list[ReadNote]:
    """The notes with those that begin with an amount judged by what the job asks for.

    Below the requirement's amount it is the reason, from there on a strength. Where no requirement tells, a few months point
    neither way, and so does less than what is asked for at large («5 års erfaring», «2 år med Python»): not used.
    """
    asked = [a for r in wanted if (a := _amount(r.text)) is not None]
    return [_judged(note, asked) for note in notes]


def _judged(note: ReadNote, asked: Sequence[_Amount]) -> ReadNote:
    if note.kind not in (Kind.STRENGTH, Kind.UNUSED) or (note.kind is Kind.STRENGTH and note.form != "has"):
        return note
    text = note.x or note.text
    has = _amount(text)
    found = _AMOUNT.search(text)
    if has is None or found is None or not has.first:
        return note
    topic = text[found.end() :].strip() or text
    for demand in asked:
        if demand.unit != has.unit:
            continue
        if demand.about & has.about or not (demand.about or has.about):
            if has.number < demand.number:
                return replace(note, kind=Kind.WEAKNESS, form="did", x=f"har {text}", topic=topic, why="")
            return replace(note, kind=Kind.STRENGTH, form="has", x=text, topic=topic, why="")
    short = any(d.unit == has.unit and has.number < d.number and not (d.about and has.about) for d in asked)
    if note.kind is Kind.STRENGTH and (short or (has.unit == "måned" and has.number < _EVIDENT_MONTHS)):
        why = "det går ikke fram om det er mye eller lite for denne stillingen"
        return replace(note, kind=Kind.UNUSED, form="", x="", topic="", why=why)
    return note
