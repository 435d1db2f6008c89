"""A sentence on the candidate who was chosen, without what tells who that is: name, employer, age.

What the person is qualified by stays: it is the best reason a letter can give. Nothing is returned unless all that
identifies is surely gone.
"""

from __future__ import annotations

import re

from feedbackcheck.lazy import lazy_re
from feedbackcheck.suggest.norwegian import capitalise
from feedbackcheck.suggest.voice import Voice

__all__ = ["named_person", "without_person"]

_CAPS = r"(?-i:[A-ZÆØÅ][\w&'’-]*(?: (?:[A-ZÆØÅ][\w&'’-]*|AS|og [A-ZÆØÅ][\w&'’-]*))*)"
_PERSON = lazy_re(r"\b[A-ZÆØÅÁ][\w'’-]+(?: [A-ZÆØÅÁ](?:[\w'’-]+|\.))*")
#: A part of a clause that says no more than where somebody comes from, works or how old they are.
_WHO = lazy_re(
    r"^(?:(?:er|var) )?(?:(?:kommer|kom|kjem|hentet|henta|går|gjekk|gikk) (?:nå |no )?(?:til oss )?(?:fra|frå)|(?:jobber|arbeider|jobbar|arbeidar|sitter|sit) (?:i dag |nå |no |til daglig )?(?:i|hos|ved|på|for)|(?:ansatt|tilsett) (?:i|hos|ved)) "
    rf"{_CAPS}$|^er (?:bare |berre )?\d\d(?: år)?(?: gammel| gammal| gamal)?$|^\d\d(?: år)?(?: gammel| gammal| gamal)?$",
    re.IGNORECASE,
)
_AGED = lazy_re(r"^(?:, (?:på )?\d\d(?: år)?(?: gam\w+)?| \(\d\d(?: år)?\)| på \d\d(?: år)?)(?=[,. ])")
_PLACE = lazy_re(rf" (?:hos|i|for|ved|fra|frå|på) {_CAPS}")
_BEGINS = lazy_re(
    r"(?:har|er|kan|hadde|fikk|fekk|kjenner|kjenn|jobbet|jobba|leder|leier|ledet|leia|driver|driv|drev|dreiv|snakker|snakkar|kunne|behersker|beherskar|tok|tar|tek)\b"
)
_PRIVATE = lazy_re(
    r"\b(?:syk|sjuk|frisk|gravid|barn|småbarn|gift|skilt|skild|samboer|sambuar|alder|helse|permisjon|diagnose|kone|kona|mann sin|forelder|lei av|født|fødd)\w*|\b\d\d år(?: gam\w+)?\b",
    re.IGNORECASE,
)
_CHOSE = {
    "nb": {"ansatt": "ansatte", "tilsatt": "tilsatte", "besatt": "ansatte", "valgt": "valgte"},
    "nn": {"ansatt": "tilsette", "tilsatt": "tilsette", "besatt": "tilsette", "valgt": "valde"},
}


def named_person(text: str) -> re.Match[str] | None:
    """The first name of a person in the text: a given name, with what follows it in capitals."""
    from feedbackcheck.signs.patterns import given_names

    names = given_names()
    for match in _PERSON.finditer(text):
        if match[0].split()[0].lower() in names:
            return match
    return None


def without_person(sentence: str, voice: Voice, how: str = "") -> str | None:
    """The sentence with «en som» or «den vi ansatte» for the name, or None where that is not sure to be right.

    Args:
        sentence: names somebody who was chosen.
        voice: how the draft speaks.
        how: how the draft says that another was chosen ("ansatt", "valgt" …).

    >>> without_person("Vi ansatte Per Moe, som har drevet kantine i fem år.", Voice())
    'Vi ansatte en som har drevet kantine i fem år.'
    """
    found = named_person(sentence)
    if found is None:
        return None
    nn = voice.language == "nn"
    article, other = ("ein", "ein annan") if nn else ("en", "en annen")
    before, after = sentence[: found.start()], _AGED.sub("", sentence[found.end() :])
    relative = re.match(r",? som ", after)
    verb = re.match(r" (?=(?:har|er|kan|hadde|kunne|kjenner)\b)", after)
    if relative and re.search(r"\b[Dd]et (?:ble|blei|blir|vart|vert|er|var) $", before):
        clause, lead = after[relative.end() :], f"{before}{other} som "
    elif relative and before.strip():
        clause, lead = after[relative.end() :], f"{before}{article} som "
    elif verb and not before.strip():
        chose = _CHOSE["nn" if nn else "nb"].get(how, "tilsette" if nn else "ansatte")
        clause, lead = after[verb.end() :], f"Den {voice.slots()['vi']} {chose}, "
    elif re.match(r"(?:[.!,;]| (?:til|i|som|for|på)\b|$)", after) and before.strip():
        clause, lead = "", f"{before}{other}{after}"
    elif re.match(r" (?:fikk|fekk|får) ", after) and not before.strip():
        clause, lead = "", f"{capitalise(other)}{after}"
    else:
        return None
    new = lead
    if clause:
        told = _told(clause)
        if told is None:
            return None
        new += told
    if _PRIVATE.search(new) or named_person(new) or _PLACE.search(new[1:]):
        return None
    return new if new.endswith((".", "!", "?")) else f"{new}."


def _told(clause: str) -> str | None:
    """The clause without its parts that say who; None if nothing is left or what is left does not hold together."""
    end = re.search(r"[.!?]*$", clause)
    assert end is not None
    pieces = re.split(r"(, (?:og )?| og )", clause[: end.start()])
    kept: list[tuple[str, str]] = []
    for joint, part in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        if _WHO.match(part):
            continue
        bare = _PLACE.sub("", part)
        if bare != part and len(bare.split()) < 3:
            return None
        kept.append((joint, bare))
    if not kept or not _BEGINS.match(kept[0][1]):
        return None
    if len(kept) > 1 and len(kept) < len(pieces[::2]) and not _BEGINS.match(kept[-1][1]):
        return None
    text = kept[0][1] + "".join(joint + part for joint, part in kept[1:-1])
    if len(kept) > 1:
        text += (pieces[-2] if len(pieces) > 1 else "") + kept[-1][1]
    return f"{text}{end[0]}" if len(text.split()) > 1 else None
