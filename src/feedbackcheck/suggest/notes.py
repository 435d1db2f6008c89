"""Interviewers' notes in telegram style, read as material for a letter: strengths, weaknesses, and what may not be used.

«lite personalansvar», «god på caset», «ikke ledet tokt» become clauses that fit a sentence on competence or behaviour,
addressed to «du». Notes that touch a protected ground, other candidates or the person's character are refused with the
reason why. A note whose direction is not evident is left alone rather than guessed at.

The lexicon is data (``data/wording/notes.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from feedbackcheck.lazy import lazy_re
from feedbackcheck.suggest.norwegian import NUMBER_WORDS, strip_stop

__all__ = [
    "Kind",
    "ReadNote",
    "is_protected",
    "names_what",
    "person_words",
    "read_note",
    "read_notes",
    "read_scorecard",
]


class Kind(StrEnum):
    """What a note is good for."""

    STRENGTH = "strength"
    WEAKNESS = "weakness"
    UNUSED = "unused"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNote:
    """A note (or a part of one) understood.

    Attributes:
        text: the note's own words.
        source: where it stands: "notes[2]", "scorecard.Linux".
        kind: see :class:`Kind`.
        form: key of the sentence that takes it (``data/wording/nb.toml``, ING03 or ING04); "" when not used.
        x, y: what goes into the sentence.
        topic: words to look up advice by.
        why: for refused and unused notes: the reason, in Norwegian.
    """

    text: str
    source: str
    kind: Kind
    form: str = ""
    x: str = ""
    y: str = ""
    topic: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    strong: frozenset[str]
    hedges: frozenset[str]
    adjectives: frozenset[str]
    alone: frozenset[str]
    praising: frozenset[str]
    good_verbs: frozenset[str]
    has: tuple[str, ...]
    weak: Mapping[str, tuple[str, ...]]
    marks: frozenset[str]
    too: tuple[str, ...]
    bad_verbs: frozenset[str]
    participles: frozenset[str]
    prefixes: tuple[str, ...]
    negative_states: frozenset[str]
    negated: Mapping[str, tuple[str, ...]]
    person: frozenset[str]
    others: re.Pattern[str]
    protected: tuple[tuple[str, re.Pattern[str]], ...]
    common: tuple[str, ...]
    neuter: tuple[str, ...]
    feminine: tuple[str, ...]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    import tomllib
    from importlib.resources import files

    data: dict[str, Any] = tomllib.loads(
        (files("feedbackcheck.data") / "wording" / "notes.toml").read_text(encoding="utf-8")
    )
    weak = data["weakness"]
    openings = {k: tuple(sorted(weak[k], key=len, reverse=True)) for k in
                ("little_experience", "unsure", "missing", "none", "missed", "mostly")}  # fmt: skip
    return _Lexicon(
        strong=frozenset(data["adverbs"]["strong"]),
        hedges=frozenset(data["adverbs"]["hedges"]),
        adjectives=frozenset(data["strength"]["adjectives"]),
        alone=frozenset(data["strength"]["alone"]),
        praising=frozenset(data["strength"]["praising"]),
        good_verbs=frozenset(data["strength"]["verbs"]),
        has=tuple(data["strength"]["has"]),
        weak=openings,
        marks=frozenset(weak["marks"]),
        too=tuple(weak["too"]),
        bad_verbs=frozenset(weak["verbs"]),
        participles=frozenset(data["participles"]["list"]),
        prefixes=tuple(data["participles"]["prefixes"]),
        negative_states=frozenset(weak["states"]),
        negated={key: tuple(listed) for key, listed in data["negated"].items()},
        person=frozenset(data["person"]["words"]),
        others=re.compile("|".join(data["other_candidates"]["patterns"]), re.IGNORECASE),
        protected=tuple(
            (ground, re.compile("|".join(patterns), re.IGNORECASE))
            for ground, patterns in data["protected"].items()
        ),
        common=tuple(data["nouns"]["common"]),
        neuter=tuple(data["nouns"]["neuter"]),
        feminine=tuple(data["nouns"]["feminine_nn"]),
    )


def person_words() -> frozenset[str]:
    """Words on what somebody is like, which no letter uses."""
    return _lexicon().person


_TOKEN = lazy_re(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def names_what(note: ReadNote) -> bool:
    """True if a strength says what it is about («trygg med kunder»), not only how somebody was («rolig»)."""
    return note.form != "is" or any(w in _PREPOSITIONS for w in note.x.split()) or "{a_" in note.x


def is_protected(text: str) -> str | None:
    """The protected ground that ``text`` touches, or None."""
    for ground, pattern in _lexicon().protected:
        if pattern.search(text):
            return ground
    return None


_SECOND_PERSON = {
    "han": "du", "hun": "du", "ho": "du", "kandidaten": "du", "søkeren": "du", "søkaren": "du", "seg": "deg",
    "sin": "din", "sitt": "ditt", "sine": "dine", "ham": "deg", "henne": "deg",
}  # fmt: skip
_FLOATING = (
    "alltid",
    "ofte",
    "aldri",
    "straks",
    "gjerne",
    "bare",
    "berre",
    "også",
    "òg",
    "ikke",
    "ikkje",
    "ikkje",
)
_PREPOSITIONS = (
    "på",
    "i",
    "til",
    "med",
    "som",
    "om",
    "under",
    "mot",
    "når",
    "av",
    "for",
    "ved",
    "fra",
    "frå",
    "hos",
)
_CERTIFICATE = lazy_re(
    r"(?:sertifikat|sertifikater|kurs|kurset|bevis|brev|kort|poeng|utdanning|autorisasjon|godkjenning|prøve|karakter|attest|klarering|sertifisering)$"
)
_STATE = lazy_re(
    r"(?:sertifisert|autorisert|godkjent|godkjend|klarert|språklig|språkleg|utdannet|utdanna|medlem|oppdatert)$"
)
_OUTPUT = lazy_re(
    r"^(?:plan|rapport|eksempel|eksempler|døme|spørsmål|oversikt|struktur|skisse|konklusjon|risiko|test|tester|kildevurdering|kjeldevurdering|prioritering|forslag|begrunnelse|grunngjeving|løsning|løysing)"
)


def _addressed(text: str) -> str:
    """Third person turned to «du»."""
    return _TOKEN.sub(lambda m: _SECOND_PERSON.get(m.group(), m.group()), text)


def _subordinate(clause: str) -> str:
    """Word order after «at du»: a sentence adverb stands before the verb («setter alltid» → «alltid setter»)."""
    first, _, rest = clause.partition(" ")
    second, _, tail = rest.partition(" ")
    if second in _FLOATING and first not in ("ikke", "ikkje"):
        return f"{second} {first} {tail}".strip()
    return clause


def _lower_start(text: str) -> str:
    head = text.split(" ", 1)[0]
    if len(head) > 1 and head[0].isupper() and head[1:].islower() and head.isalpha():
        return text[0].lower() + text[1:]
    return text


def read_note(text: str, source: str) -> list[ReadNote]:
    """Understand one note; a note of two parts («sterk på tall, men uklar på budsjett») gives two.

    Args:
        text: the note as written.
        source: its place in the context.
    """
    clean = " ".join(strip_stop(re.sub(r"\s*\([^()]*\)", "", text)).split())
    if not clean and text.strip():
        clean = " ".join(strip_stop(text).split())
    if not clean:
        return []
    ground = is_protected(text)
    if ground is not None:
        return [
            _refused(
                clean,
                source,
                f"notatet berører {ground}, som ikke må være grunn eller bemerkning i et avslag",
            )
        ]
    if _lexicon().others.search(clean):
        return [_refused(clean, source, "notatet handler om andre kandidater")]
    if text.rstrip().endswith("?"):
        return [_unused(clean, source, "notatet er et spørsmål")]
    for separator in (r"\s*;\s*", r",?\s+men\s+", r"\s+[–—-]\s+"):
        parts = re.split(separator, clean)
        if len(parts) > 1:
            return [n for part in parts for n in read_note(part, source)]
    whole = _read(clean, source)
    parts = re.split(r",\s+", clean)
    if len(parts) == 2:
        paired = _mostly_not(parts, source, clean)
        if paired is not None:
            return [paired]
    if (
        len(parts) > 1
        and not _numbered(parts)
        and (
            len(parts[0].split()) > 1
            or parts[0].lower() in _lexicon().alone
            or _lexicon().marks.isdisjoint(parts[0].lower().split())
        )
    ):
        read = [n for part in parts for n in read_note(part, source)]
        usable = [n for n in read if n.kind in (Kind.STRENGTH, Kind.WEAKNESS)]
        vague = whole.kind is Kind.UNUSED or whole.form == "fragment"
        exact = [n for n in usable if n.form != "fragment"]
        if len({n.kind for n in usable}) > 1 or len(usable) == len(read) or (vague and exact):
            return read
    return [whole]


def _numbered(parts: Sequence[str]) -> bool:
    return any(p[:1].isdigit() for p in parts[1:])


_EXPERIENCE = lazy_re(
    r"(?:(?:alt )?for |altfor |(?:litt|noe|noko) )?"
    r"(?:lite|mindre|liten|begrenset|avgrensa|kort|ingen|inga|(?:ikke|ikkje)(?: (?:nok|tilstrekkelig|tilstrekkeleg))?|manglende|manglande|mangler|manglar|lite egen|lite eiga) "
    r"(?:erfaring|røynsle) ((?:med|fra|frå|i|under|på|som|av|til|innen|innan|ved|fra arbeid med|med å) (.+))$",
    re.IGNORECASE,
)
_ABOUT_PAPERS = lazy_re(
    r"(CV(?:-en)?|[Ss]øknaden|[Bb]revet|[Ss]varene|[Ss]vara) ((?:sier|seier|viser|var|er|manglet|mangla) .+)$"
)
_LITTLE = lazy_re(r"((?:(?:alt )?for |altfor |svært |veldig )?(?:lite|mindre)) (.+)$", re.IGNORECASE)
# «leste ikke oppgaven», «utdanningen passer ikke»
_SAID_NOT = lazy_re(r"([^\W\d_]+) (ikke|ikkje|aldri) (.+)$", re.IGNORECASE)
_THING_NOT = lazy_re(
    r"([^\W\d_]{4,}(?:en|a|et|ene|ane)) ([^\W\d_]+) (ikke|ikkje|aldri)\b ?(.*)$", re.IGNORECASE
)
_PAST = lazy_re(r"[^\W\d_]{2,}(?:rte|lte|kte|ste|nte|dde|gde|pte)$")
# Levels of the language tests: «B2 muntlig» is had or lacked.
_LEVEL = lazy_re(r"[ABC][12]\b")
_HOLLOW = lazy_re(
    r"\b(?:inntrykk|helhetsinntrykk|heilskapsinntrykk|kandidat|kandidaten|profil|person|match|potensial)$",
    re.IGNORECASE,
)
_EVENT = lazy_re(
    r"[^\W\d_]{4,}(?:en|a|et|ene|ane) (?:ble|vart|blei|var|er|glapp|gikk|gjekk|mangla|manglet|stoppa|stoppet|traff ikke) "
)
_FLAWLESS = lazy_re(r"\b(?:uten|utan) (?:merknad|feil|anmerkning|avvik)")
_DETECTS = (
    "fant",
    "fann",
    "oppdaget",
    "oppdaga",
    "så",
    "såg",
    "hørte",
    "høyrde",
    "stanset",
    "stansa",
    "rettet",
    "retta",
)
_NOT_VERBS = ("begrenset", "avgrenset", "ustrukturert")


def _experience(note: str, source: str, rest: str) -> ReadNote:
    return _weak(note, source, "experience", f"med {rest}", topic=rest)


def _mostly_not(parts: Sequence[str], source: str, whole: str) -> ReadNote | None:
    lex = _lexicon()
    first, second = parts
    head, _, x = first.partition(" ")
    opening, _, y = second.partition(" ")
    if (
        head.lower() in lex.weak["mostly"]
        and opening.lower() in ("ikke", "ikkje", "lite", "mindre", "ingen", "inga")
        and x
        and y
    ):
        if _count(x) or y.split()[0] in lex.participles:
            return None
        return _weak(
            whole,
            source,
            "mostly_not",
            f"{_experience_preposition(x)} {_bare(x)}",
            y=f"med {_bare(y)}",
            topic=_bare(y),
        )
    if (
        opening.lower() in lex.weak["mostly"]
        and head.lower() in ("ikke", "ikkje", "ingen", "inga", "lite")
        and x
        and y
    ):
        if _count(y) or x.split()[0] in lex.participles:
            return None
        return _weak(
            whole,
            source,
            "mostly_not",
            f"{_experience_preposition(y)} {_bare(y)}",
            y=f"med {_bare(x)}",
            topic=_bare(x),
        )
    return None


def _bare(x: str) -> str:
    return re.sub(r"^(?:erfaring|røynsle) (?:med|fra|frå|i) ", "", x)


def _experience_preposition(x: str) -> str:
    given = re.match(r"(?:erfaring|røynsle) (med|fra|frå|i) ", x)
    if given:
        return given.group(1)
    return "med"


def _count(x: str) -> bool:
    first = x.split()[0].lower() if x.split() else ""
    return (
        first in NUMBER_WORDS
        or first in ("én", "ett", "éin", "éi", "eitt", "en", "ein")
        or first[:1].isdigit()
    )


def _refused(text: str, source: str, why: str) -> ReadNote:
    return ReadNote(text=text, source=source, kind=Kind.REFUSED, why=why)


def _unused(text: str, source: str, why: str) -> ReadNote:
    return ReadNote(text=text, source=source, kind=Kind.UNUSED, why=why)


def _weak(text: str, source: str, form: str, x: str, *, y: str = "", topic: str = "") -> ReadNote:
    return ReadNote(text=text, source=source, kind=Kind.WEAKNESS, form=form, x=x, y=y, topic=topic or x)


def _good(text: str, source: str, form: str, x: str) -> ReadNote:
    return ReadNote(text=text, source=source, kind=Kind.STRENGTH, form=form, x=x, topic=x)


def _read(note: str, source: str) -> ReadNote:
    lex = _lexicon()
    text = _lower_start(note)
    tokens = [t.lower() for t in text.split()]
    while tokens and tokens[0] in lex.hedges and len(tokens) > 1:
        text = text.split(" ", 1)[1]
        tokens = tokens[1:]
    person = [t for t in (w.strip(".,!()") for w in tokens) if t in lex.person]
    with_object = len(tokens) > 2 and tokens[1] in ("mot", "med", "i")
    if person and not (with_object and not set(tokens) & lex.marks and person == [tokens[0]]):
        return _refused(
            note,
            source,
            f"«{person[0]}» beskriver personen, ikke arbeidet; skriv hva kandidaten gjorde eller viste",
        )
    if _HOLLOW.search(text):
        return _unused(note, source, "notatet roser uten å si hva som var bra")
    weakness = _read_weakness(note, text, tokens, source)
    if weakness is not None:
        return weakness
    strength = _read_strength(note, text, tokens, source, bool(person))
    if strength is not None:
        return strength
    return _unused(note, source, "det går ikke fram om notatet er en styrke eller en svakhet")


def _after(text: str, openings: Sequence[str]) -> str | None:
    lowered = text.lower()
    for opening in openings:
        if lowered.startswith(opening + " "):
            return text[len(opening) + 1 :].strip()
    return None


def _read_weakness(note: str, text: str, tokens: Sequence[str], source: str) -> ReadNote | None:
    lex = _lexicon()
    opening = _EXPERIENCE.match(text)
    if opening:
        return _weak(note, source, "experience", opening.group(1), topic=opening.group(2))
    rest = _after(
        text, (*lex.weak["little_experience"], "lite tid på", "lite timer i", "lite timar i", "lite med")
    )
    if rest:
        return _experience(note, source, rest)
    news = re.match(r"(.+) er (?:nytt|ny|ukjent|ukjend)$", text)
    if news:
        return _experience(note, source, news.group(1))
    about = _ABOUT_PAPERS.match(text)
    if about and (set(tokens) & lex.marks):
        paper = "CV-en" if about.group(1).lower().startswith("cv") else about.group(1)
        return _weak(note, source, "that", f"{paper} {about.group(2)}", topic=text)
    if _FLAWLESS.search(text):
        return None
    if tokens[0] in _DETECTS:
        return None
    negated = _after(text, ("har ikke", "har ikkje", "har aldri", "ikke", "ikkje", "aldri", "hatt ikke"))
    if negated:
        return _read_negated(note, text, negated, source)
    being = re.match(r"(er|var) (ikke|ikkje) (.+)$", text, re.IGNORECASE)
    if being:
        refused = _attitude(note, source, being.group(3))
        clause = f"{being.group(2)} {being.group(1)} {being.group(3)}"
        return refused or _weak(note, source, "did", _addressed(clause), topic=_object(being.group(3)))
    said = _SAID_NOT.match(text)
    if said and (said.group(1).lower() in lex.negated["finite"] or _PAST.search(said.group(1).lower())):
        return _weak(
            note,
            source,
            "did",
            _addressed(f"{said.group(2)} {said.group(1)} {said.group(3)}"),
            topic=said.group(3),
        )
    thing = _THING_NOT.match(text)
    if thing and thing.group(2).lower() in lex.negated["finite"]:
        clause = f"{thing.group(1)} {thing.group(3)} {thing.group(2)} {thing.group(4)}".strip()
        return _weak(note, source, "that", _addressed(clause), topic=text)
    rest = _after(text, lex.weak["unsure"])
    if rest:
        return _weak(note, source, "skill", rest)
    rest = _after(text, ("manglet", "mangla", *lex.weak["missed"]))
    if rest:
        return _weak(note, source, "missed", rest)
    rest = _after(text, lex.weak["missing"])
    if rest:
        return _weak(note, source, "missing", rest)
    rest = _after(text, lex.weak["none"])
    if rest:
        what = re.split(r" (?:" + "|".join(_PREPOSITIONS) + r") ", rest)[0].split()[-1]
        if _OUTPUT.match(rest.lower()) or _ends_in(what, lex.negated["qualities"]):
            return _weak(note, source, "missed", rest)
        if _CERTIFICATE.search(what.lower()) or _ends_in(what, lex.negated["possessed"]):
            return _weak(note, source, "missing", rest)
        return _experience(note, source, rest)
    rest = _after(text, lex.weak["mostly"])
    if rest:
        if _count(rest):
            if re.search(r"^\S+ (?:års?|måned\w*|månad\w*|mnd\.?)\b", rest, re.IGNORECASE):
                return _weak(note, source, "did", f"har {text}", topic=rest)
            return _weak(note, source, "fragment", text)
        return _weak(
            note, source, "mostly", f"{_experience_preposition(rest)} {_bare(rest)}", topic=_bare(rest)
        )
    little = _LITTLE.match(text)
    if little:
        return _read_little(note, text, little.group(1), little.group(2), source)
    state = re.match(r"(?:(?:alt )?for |altfor |litt |noe |noko )?([^\W\d_]+)\b", text)
    if state and state.group(1).lower() in lex.negative_states and _predicate(text[state.start(1) :]):
        return _weak(note, source, "did", f"er {text}", topic=_object(text))
    missing_last = re.match(r"(.+) (?:mangler|manglar|manglet|mangla|ble ikke levert|savnes)$", text)
    if missing_last:
        return _weak(note, source, "missed", missing_last.group(1))
    if tokens[0] == "stille" and len(tokens) > 1:
        became = "vart" if set(tokens) & {"når", "det"} and "dei" in tokens else "ble"
        return _weak(note, source, "did", f"{became} {text}", topic=text)
    marked = set(tokens) & lex.marks or any(t in f" {text.lower()} " for t in (f" {x} " for x in lex.too))
    first = tokens[0]
    if first in lex.bad_verbs and (marked or first not in lex.good_verbs):
        if not marked and first in (
            "brukte",
            "svarte",
            "svarer",
            "kom",
            "valgte",
            "valde",
            "ble",
            "vart",
            "blei",
            "gikk",
            "gjekk",
            "snakket",
            "snakka",
            "prioriterte",
            "tolket",
            "tolka",
            "leste",
            "las",
            "skiftet",
            "skifta",
        ):
            # «brukte gjennomsnitt på skjev fordeling» or «brukte tavla godt»? Only the writer knows.
            return None
        return _weak(note, source, "did", _subordinate(_addressed(text)), topic=text)
    event = _EVENT.match(text)
    if marked and event:
        return _weak(note, source, "that", _addressed(text), topic=text)
    if marked:
        if first in lex.good_verbs:
            return _weak(note, source, "did", _subordinate(_addressed(text)), topic=text)
        if len(tokens) == 1 or (
            first.endswith(("te", "et", "de")) and first not in _NOT_VERBS and first not in lex.marks
        ):
            return None
        return _weak(note, source, "fragment", text)
    return None


_TAIL = (
    "nok",
    "og",
    "eller",
    "ennå",
    "enno",
    "å",
    "at",
    "lenger",
    "lengre",
    "alene",
    "åleine",
    "fullt",
    "helt",
    "heilt",
)


def _predicate(phrase: str) -> bool:
    """True if ``phrase`` is an adjective or participle said of somebody: nothing, a preposition or «nok» follows it.

    Before a noun it tells what the noun is like: «ikke praktisk erfaring», «lite konkrete svar».
    """
    head, _, rest = phrase.partition(" ")
    following = rest.split(" ", 1)[0].lower().strip(",")
    if following and following not in _PREPOSITIONS and following not in _TAIL:
        return False
    return _is_state(head.lower().strip(","))


def _is_state(word: str) -> bool:
    lex = _lexicon().negated
    if word in lex["states"] or word in lex["both"] or word in _lexicon().adjectives:
        return True
    if any(len(word) > len(s) + 2 and word.endswith(s) for s in lex["states"] if len(s) > 5):
        return True
    return (
        len(word) > 5 and word.endswith(lex["adjective_endings"]) and word not in lex["nouns_like_adjectives"]
    )


def _ends_in(word: str, parts: Sequence[str]) -> bool:
    """True for one of the words, or a compound that ends in one of more than four letters."""
    word = word.lower().strip(",.")
    return word in parts or any(len(p) > 4 and len(word) > len(p) + 2 and word.endswith(p) for p in parts)


def _is_participle(word: str) -> bool:
    lex = _lexicon()
    return word in lex.participles or any(
        word.startswith(p) and word[len(p) :] in lex.participles for p in lex.prefixes
    )


def _object(phrase: str) -> str:
    """What a state is about: «kjent med arkivlova» → «arkivlova»; the whole phrase where nothing follows."""
    found = re.search(r"(?<!\S)(?:" + "|".join(_PREPOSITIONS) + r") (.+)$", phrase)
    return found.group(1) if found else phrase


_UNCLEAR = "det går ikke fram hva notatet sier at kandidaten ikke kan, har eller gjorde"


def _attitude(note: str, source: str, phrase: str) -> ReadNote | None:
    head = phrase.split()[0].lower().strip(",.")
    if head in _lexicon().negated["attitudes"]:
        why = f"«{head}» beskriver personen, ikke arbeidet; skriv hva kandidaten gjorde eller viste"
        return _refused(note, source, why)
    return None


def _without_degree(phrase: str) -> str:
    words = phrase.split()
    while len(words) > 1 and words[0].lower() in _lexicon().negated["degrees"]:
        words = words[1:]
    return " ".join(words)


def _read_little(note: str, text: str, little: str, rest: str, source: str) -> ReadNote | None:
    """«lite fleksibel», «for lite struktur», «lite personalansvar»."""
    lex = _lexicon().negated
    core = _without_degree(rest)
    first = core.split()[0].lower().strip(",")
    refused = _attitude(note, source, core)
    if refused is not None:
        return refused
    if first in _PREPOSITIONS:
        return None
    if _predicate(core):
        be = "var" if first in lex["moments"] else "er"
        return _weak(
            note, source, "did", f"{be} {little} {rest}", topic=text if be == "var" else _object(core)
        )
    if _is_participle(first):
        return _weak(note, source, "little_done", _addressed(core), topic=core)
    whole = re.split(r" (?:" + "|".join(_PREPOSITIONS) + r") ", core)[0]
    if _ends_in(whole.split()[-1], lex["possessed"]):
        return _weak(note, source, "did", f"har {little} {rest}", topic=core)
    if first in lex["finite"] or (first in lex["unclear"] and first != core):
        return _unused(note, source, _UNCLEAR)
    if _ends_in(whole.split()[-1], lex["qualities"]) or (
        len(whole.split()) > 1 and (_is_state(first) or _is_state(first.removesuffix("e")))
    ):
        return _weak(note, source, "fragment", text)
    if (
        len(core.split()) == 1
        and first.endswith(("ert", "et", "elig"))
        and not first.endswith(("arbeidet", "verket"))
    ):
        return _unused(note, source, _UNCLEAR)
    return _experience(note, source, core)


def _read_negated(note: str, text: str, rest: str, source: str) -> ReadNote:
    """What stands after «ikke», «har ikke», «aldri»: a state, a deed, a paper, a thing to have, or a field to have worked in."""
    lex = _lexicon()
    lists = lex.negated
    core = _without_degree(rest)
    words = core.split()
    first = words[0].lower().strip(",")
    lowered = text.lower()
    negation = "aldri" if " aldri " in f" {lowered} " else "ikkje" if "ikkje" in lowered else "ikke"
    has = lowered.startswith(("har ", "hatt "))
    refused = _attitude(note, source, core)
    if refused is not None:
        return refused
    after = words[1].lower().strip(",") if len(words) > 1 else ""
    if not has:
        if first in lists["finite"] and first not in lex.participles:
            return _weak(note, source, "did", _addressed(f"{negation} {rest}"), topic=core)
        stated = _is_state(first) and (_predicate(core) or _ends_in(after, lists["roles"]))
        listed = first in lists["states"] or first in lists["both"]
        if _STATE.search(first) or (stated and (listed or not _is_participle(first))):
            be = "var" if first in lists["moments"] and after != "for" else "er"
            return _weak(note, source, "did", f"{negation} {be} {rest}", topic=_object(core))
        if _ends_in(first, lists["roles"]) and (not after or after in _PREPOSITIONS):
            return _weak(note, source, "did", f"{negation} er {rest}", topic=core)
    if _is_participle(first):
        return _weak(note, source, "not_done", _addressed(rest), topic=rest)
    if first.endswith("ert") and first not in ("konsert", "ekspert", "dessert", "kuvert"):
        # «ikke programmert robotar» has an object; «ikke motivert for skift» tells a state, or nobody knows what.
        if has or (after and after not in _PREPOSITIONS):
            return _weak(note, source, "not_done", rest, topic=rest)
        return _unused(note, source, _UNCLEAR)
    if first in ("noe", "noko", "noen", "nokon") and len(words) > 1:
        return _weak(note, source, "missed", " ".join(words[1:]))
    whole = re.split(r" (?:" + "|".join(_PREPOSITIONS) + r") ", core)[0].split()
    if (
        _LEVEL.match(rest)
        or _CERTIFICATE.search(words[-1].lower())
        or _CERTIFICATE.search(first)
        or _ends_in(whole[-1], lists["possessed"])
    ):
        return _weak(note, source, "missing", core if first != rest.split()[0].lower() else rest)
    if has:
        if first.endswith(("et", "t", "dd")) and after in _PREPOSITIONS:
            # A supine that no list knows and a noun look alike.
            return _unused(note, source, _UNCLEAR)
        return _weak(note, source, "missing", rest)
    if first in ("å",):
        return _weak(note, source, "fragment", text)
    if _count(rest) or first in ("flere", "fleire", "mer", "meir", "alt", "alle"):
        return _weak(note, source, "fragment", text)
    if _ends_in(whole[-1], lists["qualities"]):
        return _weak(note, source, "missed", core)
    judged = first in lists["states"] or first in lex.adjectives or first in lex.alone
    if first in lists["unclear"] or judged or _predicate(core) or _PAST.search(first):
        return _unused(note, source, _UNCLEAR)
    return _experience(note, source, rest)


def _read_strength(note: str, text: str, tokens: Sequence[str], source: str, person: bool) -> ReadNote | None:
    lex = _lexicon()
    start = 0
    while start < len(tokens) - 1 and tokens[start] in lex.strong:
        start += 1
    first = tokens[start]
    rest = tokens[start + 1 :]
    if any(
        w in text.lower()
        for w in ("erfaring", "røynsle", "bakgrunn fra", "bakgrunn frå", "fagbrev", "nettverk", "utdanning")
    ) and (
        first in lex.praising
        or first in ("lang", "bred", "brei", "stor", "stort")
        or first[:1].isdigit()
        or first in NUMBER_WORDS
        or first.startswith(("fagbrev", "mange"))
    ):
        return _good(note, source, "has", text)
    if re.match(r"(?:\d{1,2}|" + "|".join(sorted(NUMBER_WORDS)) + r") års? ", text.lower()):
        return _good(note, source, "has", text)
    if first in ("best", "beste") and rest[:1] in (["på"], ["i"]):
        return _good(note, source, "strong_in", " ".join(text.split()[start + 2 :]))
    if (first in lex.adjectives or person) and rest[:1] and rest[0] in _PREPOSITIONS:
        return _good(note, source, "is", text)
    # «rask og ryddig i gjenopprettingsoppgaven», «rolig og tydelig»
    coordinated = [t.strip(",") for t in tokens]
    if set(coordinated) & lex.alone and all(
        t in lex.alone
        or t in lex.strong
        or t in lex.adjectives
        or t in ("og", "muntlig", "munnleg", "skriftlig", "skriftleg")
        for t in coordinated
    ):
        return _good(note, source, "is", text)
    if (
        len(coordinated) > 3
        and coordinated[start] in lex.adjectives
        and coordinated[start + 1] == "og"
        and coordinated[start + 2] in lex.adjectives
        and coordinated[start + 3] in _PREPOSITIONS
    ):
        return _good(note, source, "is", text)
    if first in lex.good_verbs and start == 0 and rest:
        return _good(note, source, "did", _subordinate(_addressed(text)))
    if (
        tokens[0] in ("faglig", "fagleg", "teknisk", "muntlig", "munnleg")
        and len(tokens) == 2
        and tokens[1] in lex.adjectives
    ):
        return _good(note, source, "is", text)
    if _FLAWLESS.search(text):
        return _good(note, source, "fragment", text)
    if first in ("beste", "sterkeste") or first == "best":
        return None
    if first in lex.praising and rest:
        return _praised_noun(note, text, start, source)
    # «prøveredigering kap. 3 svært god»
    tail = [t for t in tokens if t not in lex.strong]
    if (
        len(tail) > 1
        and tail[-1] in lex.praising
        and tail[-1] not in ("så", "best")
        and tokens[0] not in lex.bad_verbs
    ):
        cut = len(tokens) - (
            len(tokens) - next(i for i in range(len(tokens) - 1, -1, -1) if tokens[i] == tail[-1])
        )
        adverbs = 0
        while cut - 1 - adverbs > 0 and tokens[cut - 1 - adverbs] in lex.strong:
            adverbs += 1
        originals = text.split()
        praise = originals[cut - adverbs : cut + 1]
        noun = [w.rstrip(":") for w in originals[: cut - adverbs]]
        if (noun and not noun[0].lower().endswith(("et", "te"))) or len(noun) == 1:
            return _good(note, source, "fragment", " ".join([*praise, *noun]))
    return None


def _praised_noun(note: str, text: str, start: int, source: str) -> ReadNote:
    lex = _lexicon()
    originals = text.split()
    index = start
    while index < len(originals) - 1 and (
        originals[index].lower().strip(",") in lex.praising or originals[index] == "og"
    ):
        index += 1
    noun = originals[index].lower().strip(",.")
    adjective = originals[index - 1].lower().strip(",")
    if adjective.endswith("e") and adjective != "nøye" and not adjective.endswith(("ende", "ande")):
        return _good(note, source, "np", text)
    neuter = adjective in (
        "godt",
        "sterkt",
        "pent",
        "vakkert",
        "klart",
        "feilfritt",
        "fint",
    ) or noun.endswith(lex.neuter)
    if neuter and not noun.endswith(("ene", "ane")):
        return _good(note, source, "np", f"{{a_neuter}} {text}")
    agent = noun.endswith(("er", "ar", "mann")) and adjective in (
        "god",
        "dyktig",
        "eminent",
        "flink",
        "klok",
        "sterk",
        "fantastisk",
        "framifrå",
        "svært",
        "veldig",
        "trygg",
    )
    if (
        agent
        and not noun.endswith(lex.common)
        and len(noun) > 4
        and noun not in ("tester", "oppgaver", "planer")
    ):
        return _good(note, source, "is", f"{{a_common}} {text}")
    if noun.endswith(lex.common):
        article = "{a_feminine}" if noun.endswith(lex.feminine) else "{a_common}"
        return _good(note, source, "np", f"{article} {text}")
    return _good(note, source, "fragment", text)


def read_notes(notes: Sequence[str]) -> list[ReadNote]:
    """All notes of a context, in order."""
    return [n for i, text in enumerate(notes) for n in read_note(text, f"notes[{i}]")]


_SCALES = (5, 6, 10, 100)


def read_scorecard(card: Mapping[str, Mapping[str, Any]]) -> list[ReadNote]:
    """The scorecard's lines as notes. A score never enters a text; it only tells strength from weakness.

    The scale is the entry's ``max``, else the least of 5, 6, 10 and 100 that holds every score of the card.
    """
    values = [v["score"] for v in card.values() if isinstance(v.get("score"), int | float)]
    top = next((s for s in _SCALES if not values or max(values) <= s), 100)
    out: list[ReadNote] = []
    for name, entry in card.items():
        source = f"scorecard.{name}"
        ground = is_protected(name)
        if ground:
            out.append(_refused(name, source, f"punktet berører {ground}"))
            continue
        noted = read_note(str(entry["note"]), source) if entry.get("note") else []
        usable = [n for n in noted if n.kind in (Kind.STRENGTH, Kind.WEAKNESS)]
        score = entry.get("score")
        share = float(score) / float(entry.get("max", top)) if isinstance(score, int | float) else None
        wanted = (
            Kind.STRENGTH
            if share is not None and share >= 0.75
            else Kind.WEAKNESS
            if share is not None and share <= 0.45
            else None
        )
        agreeing = [n for n in usable if wanted is None or n.kind is wanted]
        if agreeing:
            out += [replace(n, topic=f"{name} {n.topic}") for n in agreeing]
            continue
        out += [n for n in noted if n.kind is Kind.REFUSED]
        if wanted is Kind.STRENGTH:
            out.append(_good(name, source, "strong_in", _lower_start(name)))
        elif wanted is Kind.WEAKNESS:
            out.append(_weak(name, source, "skill", _lower_start(name)))
    return out
