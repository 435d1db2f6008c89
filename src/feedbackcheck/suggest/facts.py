"""Everything that a suggestion may use, gathered: slots for the templates, and where each fact came from.

Facts come from the draft (its merge fields, its signature) and from the context; nothing else. What is missing becomes a
marked gap, or stays out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from feedbackcheck.language.segment import BlockKind, Sentence
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Context, FieldRole, Message, Stage
from feedbackcheck.suggest import gaps, told, wording
from feedbackcheck.suggest.norwegian import sentence_case, spoken_date, stems
from feedbackcheck.suggest.voice import Voice

if TYPE_CHECKING:
    from feedbackcheck.suggest.advert import Requirement
    from feedbackcheck.suggest.notes import ReadNote

__all__ = ["Facts", "first_name", "gather", "short_position", "with_gaps"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known.

    Attributes:
        slots: slot name → words, for templates.
        sources: slot name → where the words came from ("context.position", "draft", "advice.azure").
        strengths, weaknesses: notes that can be used, best first.
        requirements: of the job, must-have first.
        deciding: the requirement that a weakness speaks to, or the only one; None when it is not known which.
        warnings: what was refused or could not be used, for the user (Norwegian).
        seed: decides the choice among equal wordings.
        stage, context: as analysed.
        told: what the draft itself tells of the job and of who got it.
    """

    slots: Mapping[str, str]
    sources: Mapping[str, str]
    strengths: tuple[ReadNote, ...]
    weaknesses: tuple[ReadNote, ...]
    requirements: tuple[Requirement, ...]
    deciding: Requirement | None
    warnings: tuple[str, ...]
    seed: str
    stage: Stage
    context: Context
    told: told.Told = field(default_factory=told.Told)
    #: The draft speaks of an interview that was held, whatever the stage is said to be.
    met: bool = False

    def source(self, *names: str) -> tuple[str, ...]:
        """Where the named slots came from, each once."""
        return tuple(dict.fromkeys(self.sources[n] for n in names if n in self.sources))


_SHORT = lazy_re(r"\s*[,(\[/–—|].*$")


def short_position(position: str) -> str:
    """The title alone, for the middle of a sentence: no comma, bracket or place after it."""
    short = _SHORT.sub("", position).strip()
    return sentence_case(short or position)


def first_name(full: str) -> str:
    """What one greets with: all but the family name («Gro Anita Hestnes» → «Gro Anita»)."""
    parts = full.split()
    if len(parts) <= 1:
        return full
    if len(parts) > 3:
        return parts[0]
    # Of three names the middle one may be a family name: greet by the first unless it is a common second given name.
    if len(parts) == 3 and parts[1].lower() not in _SECOND_NAMES and not parts[0].endswith("-"):
        return parts[0]
    return " ".join(parts[:-1])


_SECOND_NAMES = frozenset(
    [
        "anita",
        "marie",
        "maria",
        "anne",
        "helene",
        "kristin",
        "katrine",
        "kristine",
        "johanne",
        "karoline",
        "sofie",
        "louise",
        "berit",
        "grete",
        "marit",
        "inger",
        "lise",
        "andreas",
        "emil",
        "martin",
        "olav",
        "inge",
        "arne",
        "andré",
        "johan",
        "magnus",
        "kristian",
        "henrik",
        "erik",
        "ole",
        "helge",
        "terje",
        "aleksander",
        "elisabeth",
        "therese",
        "cathrine",
        "ingrid",
        "jorunn",
        "linh",
        "thu",
        "hanne",
        "sara",
        "petter",
    ]
)


def _signature(sentences: Sequence[Sentence], message: Message) -> str | None:
    """The sender's name as the draft signs it."""
    lines = [s.text.strip() for s in sentences if s.kind is BlockKind.SIGNATURE]
    for line in lines:
        if any(f.role is FieldRole.SENDER and f.raw in line for f in message.fields):
            return line
        parts = line.split()
        if 1 <= len(parts) <= 4 and all(p[:1].isupper() for p in parts) and not _COMPANY_LINE.search(line):
            return line
    return None


_GREETED = lazy_re(
    r"\W*(?:hei(?:san|sann)?|hallo|kjære|god \w+),? (?P<name>(?-i:[A-ZÆØÅÁ][\w'’-]+(?: [A-ZÆØÅÁ][\w'’-]+){0,2}))(?=[,!.:]|$)",
    re.IGNORECASE,
)


def _greeted(sentences: Sequence[Sentence]) -> str | None:
    """The name that the draft greets, wherever its greeting stands."""
    from feedbackcheck.suggest.others import named_person

    for sentence in sentences[:4]:
        match = _GREETED.match(sentence.text)
        if match and (person := named_person(match["name"])) is not None and person.start() == 0:
            return match["name"]
    return None


# A name with a telephone number and nothing after it: whom to ring.
_CALLED = lazy_re(
    r"(?P<name>[^\d@+]*?)(?:[,:;(]|\b(?:på|tlf\.?|telefon|mobil|mob\.?))*\s*\(?(?P<number>(?:\+\d{1,3} ?)?\d(?: ?\d){4,10})\)?$",
    re.IGNORECASE,
)
# The reader has been to an interview: «etter intervjuet», «takk for samtalen vår», «da du kom på intervju».
_MET = lazy_re(
    r"\b(?:etter|takk(?:er|ar)? for|under|i|på|fra|frå|for) (?:(?:det|den|eit?|et) )?(?:\w+e )?(?:intervju(?!et (?:av|med)\b)(?:et|a)|(?:samtalen|praten) (?:vår|med deg))\b|"
    r"\b(?:kom|møtte|stilte) (?:\w+ ){0,2}(?:på|til) (?:\w+ )?intervju\b|\b(?:å|vi fikk|vi fekk) (?:møte|treffe|intervjue|bli kjent med|bli kjende med) deg\b",
    re.IGNORECASE,
)
_COMPANY_LINE = lazy_re(
    r"\b(?:AS|ASA|HR|HR-\w+|avdeling\w*|kommune\w*|team\w*|rekruttering\w*|gruppen|skole|sykehus|senter|etat|Talentech)\b|\d|@|www",
    re.IGNORECASE,
)


def gather(
    message: Message,
    context: Context,
    stage: Stage,
    voice: Voice,
    sentences: Sequence[Sentence],
    signed_at: frozenset[int],
) -> Facts:
    """Gather the facts of one draft.

    Args:
        message: the draft.
        context: what is known about candidate and process.
        stage: the stage in force.
        voice: how the draft speaks.
        sentences: the draft's sentences.
        signed_at: indices of the sentences where a person signs.
    """
    slots: dict[str, str] = {}
    sources: dict[str, str] = {}
    warnings: list[str] = []

    def put(name: str, value: str | None, source: str) -> None:
        if value and name not in slots:
            slots[name] = value
            sources[name] = source

    language = voice.language
    heard = told.listen(sentences, language)
    if context.candidate_name:
        put("navn", first_name(context.candidate_name), "context.candidate_name")
    put("navn", voice.fields.get(FieldRole.NAME), "draft")
    put("navn", _greeted(sentences), "draft")
    position = voice.fields.get(FieldRole.POSITION) if not context.position else None
    if context.position and not _protected(context.position):
        _titles(slots, sources, voice, short_position(context.position), "context.position")
    elif position:
        _titles(slots, sources, voice, position, "draft")
    elif heard.title and not _protected(heard.title):
        _titles(slots, sources, voice, heard.title, "draft", heard.noun)
    put("firma", context.company, "context.company")
    put("firma", voice.fields.get(FieldRole.COMPANY), "draft")
    signed = _signature([s for s in sentences if s.index in signed_at], message)
    put("avsender", signed, "draft")
    sender = context.sender if context.sender and not _COMPANY_LINE.search(context.sender) else None
    put("avsender", sender, "context.sender")
    put("avsender", voice.fields.get(FieldRole.SENDER), "draft")
    put("kontakt", sender or signed, "context.sender" if sender else "draft")
    put("kontakt", voice.fields.get(FieldRole.CONTACT), "draft")
    if context.interviewed_on:
        day = spoken_date(context.interviewed_on, wording.slot("months", language))
        put(
            "møtet",
            str(wording.slot("interview_dated", language)).replace("{dato}", day),
            "context.interviewed_on",
        )
    elif stage in (Stage.INTERVJU, Stage.TELEFON):
        put("møtet", str(wording.slot("interview", language)), "stage")
    talks = str(wording.slot("talks", language)).replace("{oss}", voice.slots()["oss"])
    seen = {
        Stage.SOKNAD: str(wording.slot("application", language)),
        Stage.FINALE: talks,
    }.get(stage, str(wording.slot("interview", language)))
    put("det_vi_så", seen, "stage")
    months = context.extra.get("retention_months")
    if isinstance(months, int | str) and str(months).isdigit():
        noun = "månader" if language == "nn" else "måneder"
        put(
            "måneder",
            f"{months} {noun}"
            if str(months) != "1"
            else f"{months} {noun[:-2] if language == 'nb' else 'månad'}",
            "context.retention_months",
        )
    _texts(context.extra, "next_step", "neste", slots, sources)
    if "neste" in slots:
        from feedbackcheck.suggest.translation import in_malform, other_malform

        slots["neste"] = in_malform(slots["neste"], language)
        left = other_malform(slots["neste"], language)
        if left:
            warnings.append(f"next_step: {_mixed(left, language)}.")
    _texts(context.extra, "decided_by", "beslutter", slots, sources)
    _texts(context.extra, "contact", "kontakt", slots, sources)
    called = _CALLED.match(slots["kontakt"]) if sources.get("kontakt") == "context.contact" else None
    if called is not None:
        name, number = (called["name"] or "").strip(" ,:;"), called["number"].strip()
        slots["ringes"] = f"{name} på {number}" if name else number
        sources["ringes"] = "context.contact"

    wanted = _requirements(context, language, warnings)
    strengths, weaknesses = _noted(context, language, wanted, warnings)
    deciding, weaknesses = _deciding([r for r in wanted if not _left(r, language)], weaknesses)
    if deciding is not None:
        from feedbackcheck.suggest.advert import as_noun

        put("krav", as_noun(deciding.text), deciding.source)
    seed = "\x1f".join(
        (
            context.candidate_name or "",
            context.position or "",
            context.company or "",
            *context.notes,
            *context.requirements,
        )
    )
    return Facts(
        slots=slots,
        sources=sources,
        strengths=tuple(strengths),
        weaknesses=tuple(weaknesses),
        requirements=tuple(wanted),
        deciding=deciding,
        warnings=tuple(warnings),
        seed=seed,
        stage=stage,
        context=context,
        told=heard,
        met=_MET.search(message.text) is not None,
    )


# What tells most about the candidate comes first.
_RANK = {"did": 0, "np": 1, "is": 2, "has": 3, "strong_in": 4, "fragment": 4}


def _protected(text: str) -> str | None:
    from feedbackcheck.suggest.notes import is_protected

    return is_protected(text)


def _noted(
    context: Context, language: str, wanted: Sequence[Requirement], warnings: list[str]
) -> tuple[list[ReadNote], list[ReadNote]]:
    """Strengths (the most telling first) and weaknesses of the notes and the scorecard; adds to ``warnings``."""
    if not context.notes and not context.scorecard:
        return [], []
    from feedbackcheck.suggest.measures import weighed
    from feedbackcheck.suggest.notes import Kind, names_what, read_notes, read_scorecard

    read = weighed([*read_notes(context.notes), *read_scorecard(context.scorecard)], wanted)
    noted = [_translated(n, language) for n in read]
    warnings += [
        f"«{note.text}» ({note.source}) er ikke brukt: {note.why}."
        for note in noted
        if note.kind in (Kind.REFUSED, Kind.UNUSED)
    ]
    strengths = [n for n in noted if n.kind is Kind.STRENGTH]
    strengths.sort(key=lambda n: _RANK.get(n.form, 5) if names_what(n) else 6)
    return strengths, [n for n in noted if n.kind is Kind.WEAKNESS]


def _texts(
    extra: Mapping[str, object], key: str, slot: str, slots: dict[str, str], sources: dict[str, str]
) -> None:
    value = extra.get(key)
    if isinstance(value, str) and value.strip():
        slots[slot] = value.strip()
        sources[slot] = f"context.{key}"


def _titles(
    slots: dict[str, str], sources: dict[str, str], voice: Voice, title: str, source: str, noun: str = ""
) -> None:
    for slot in ("stilling", "jobb"):
        standard = str(wording.slot(slot, voice.language))
        slots[slot] = (f"{noun} som {{x}}" if noun else standard).replace("{x}", title)
    sources["stilling"] = sources["jobb"] = source


def _translated(note: ReadNote, language: str) -> ReadNote:
    """The note in the letter's målform; not to be used if words of the other one are left in it."""
    from feedbackcheck.suggest.notes import Kind
    from feedbackcheck.suggest.translation import in_malform, other_malform

    supine = note.form in ("not_done", "little_done")
    told = replace(
        note,
        x=in_malform(note.x, language, supine=supine),
        y=in_malform(note.y, language),
    )
    left = other_malform(f"{told.x} {told.y}", language)
    if left and note.kind in (Kind.STRENGTH, Kind.WEAKNESS):
        return replace(told, kind=Kind.UNUSED, why=_mixed(left, language))
    return told


def _left(requirement: Requirement, language: str) -> Sequence[str]:
    from feedbackcheck.suggest.translation import other_malform

    return other_malform(requirement.text, language)


def _mixed(left: Sequence[str], language: str) -> str:
    words = ", ".join(f"«{w}»" for w in left)
    given, letter = ("bokmål", "nynorsk") if language == "nn" else ("nynorsk", "bokmål")
    return f"{words} står på {given} i en melding på {letter}; skriv det på {letter}"


def _requirements(context: Context, language: str, warnings: list[str]) -> list[Requirement]:
    if not context.requirements and not context.advert:
        return []
    from feedbackcheck.suggest.advert import Requirement, parse_requirement, requirements
    from feedbackcheck.suggest.translation import in_malform

    listed = [
        r for i, text in enumerate(context.requirements)
        if (r := parse_requirement(text, f"requirements[{i}]")) is not None
    ]  # fmt: skip
    if context.advert:
        listed += requirements(context.advert)
    kept: list[Requirement] = []
    for r in listed:
        ground = _protected(r.text)
        if ground:
            warnings.append(f"Kravet «{r.text}» ({r.source}) er ikke brukt: det berører {ground}.")
        elif r.text.lower() not in {k.text.lower() for k in kept}:
            kept.append(Requirement(in_malform(r.text, language), r.must, r.source))
            left = _left(kept[-1], language)
            if left:
                why = _mixed(left, language)
                warnings.append(f"Kravet «{r.text}» ({r.source}) er ikke sitert: {why}.")
    return sorted(kept, key=lambda r: not r.must)


# Words that two unlike things share.
_LOOSE = frozenset(
    s for w in ["erfaring", "minst", "god", "gode", "krav", "relevant", "kjennskap", "år", "års", "arbeid", "til", "med", "fra", "frå", "som", "for", "i", "på", "og", "eller", "av", "norsk", "ha", "være"]
    for s in stems(w)
)  # fmt: skip


def _deciding(
    wanted: Sequence[Requirement], weaknesses: Sequence[ReadNote]
) -> tuple[Requirement | None, list[ReadNote]]:
    """The requirement that a weakness speaks to, and the weaknesses with that one first."""
    from feedbackcheck.suggest.advice import find

    def topic_id(text: str) -> str | None:
        match = find(text)
        return match.advice.id if match else None

    for requirement in wanted:
        asked = set(stems(requirement.text)) - _LOOSE
        for i, note in enumerate(weaknesses):
            shared = asked & (set(stems(note.topic)) - _LOOSE)
            same = topic_id(requirement.text)
            if shared or (same is not None and same == topic_id(note.topic)):
                rest = [n for j, n in enumerate(weaknesses) if j != i]
                return requirement, [note, *rest]
    if not weaknesses:
        musts = [r for r in wanted if r.must]
        if len(musts) == 1:
            return musts[0], []
    return None, list(weaknesses)


def with_gaps(facts: Facts, names: Mapping[str, str], voice: Voice) -> dict[str, str]:
    """Slots with gap marks for the facts that are missing.

    Args:
        facts: what is known.
        names: slot → name of the gap that stands for it.
        voice: for the language of the marks.
    """
    out = dict(facts.slots)
    for slot, gap in names.items():
        if slot not in out:
            label, _ = wording.gap_label(gap, voice.language)
            out[slot] = gaps.mark(label)
    return out
