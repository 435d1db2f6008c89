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
    "in_malform",
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


@lru_cache(maxsize=1)
def _pairs() -> tuple[dict[str, str], dict[str, str]]:
    import tomllib
    from importlib.resources import files

    raw = tomllib.loads(
        (files("feedbackcheck.data") / "wording" / "malform.toml").read_text(encoding="utf-8")
    )
    to_nn = {nb: nn for nb, nn in raw["pairs"].items() if nb != nn}
    bokmal = set(raw["pairs"])
    to_nb: dict[str, str] = {}
    for nb, nn in to_nn.items():
        if nn not in bokmal:
            to_nb.setdefault(nn, nb)
    return to_nn, to_nb


_TOKEN = lazy_re(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def in_malform(text: str, language: str) -> str:
    """A fact's words in the letter's målform, as far as the word list goes; other words stay.

    >>> in_malform("ikke erfaring fra skyen", "nn")
    'ikkje erfaring frå skya'
    """
    table = _pairs()[0 if language == "nn" else 1]

    def swap(match: re.Match[str]) -> str:
        word = match.group()
        other = table.get(word.lower())
        if other is None or (word.isupper() and len(word) > 1):
            return word
        return other.capitalize() if word[0].isupper() else other

    return _TOKEN.sub(swap, text)


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
_READY = (
    "forberedt",
    "førebudd",
    "konkret",
    "konkrete",
    "konkrete i",
    "tydelig",
    "tydeleg",
    "strukturert",
    "trygg",
    "presis",
    "oppdatert",
    "kjent",
    "kjend",
    "vant",
    "vand",
    "klar",
    "klår",
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
    r"(?:lite|mindre|liten|begrenset|avgrensa|kort|ingen|inga|ikke|ikkje|manglende|mangler|manglar|lite egen|lite eiga) "
    r"(?:erfaring|røynsle) ((?:med|fra|frå|i|under|på|som|av|til|innen|innan|ved|fra arbeid med|med å) (.+))$",
    re.IGNORECASE,
)
_ABOUT_PAPERS = lazy_re(
    r"(CV(?:-en)?|[Ss]øknaden|[Bb]revet|[Ss]varene|[Ss]vara) ((?:sier|seier|viser|var|er|manglet|mangla) .+)$"
)
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
        if _OUTPUT.match(rest.lower()):
            return _weak(note, source, "missed", rest)
        return _experience(note, source, rest)
    rest = _after(text, lex.weak["mostly"])
    if rest:
        if _count(rest):
            return _weak(note, source, "fragment", text)
        return _weak(
            note, source, "mostly", f"{_experience_preposition(rest)} {_bare(rest)}", topic=_bare(rest)
        )
    rest = _after(text, ("lite", "mindre"))
    if rest and tokens[0] in ("lite", "mindre"):
        if rest.lower().startswith(_READY):
            return _weak(
                note,
                source,
                "did",
                f"var lite {rest}" if tokens[0] == "lite" else f"var mindre {rest}",
                topic=text,
            )
        if rest.split()[0].lower() not in _PREPOSITIONS:
            return _experience(note, source, rest)
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


def _read_negated(note: str, text: str, rest: str, source: str) -> ReadNote:
    lex = _lexicon()
    words = rest.split()
    first = words[0].lower()
    if _STATE.search(first) or (len(words) > 1 and _STATE.search(words[0].lower())):
        negation = "ikkje" if "ikkje" in text.lower() else "ikke"
        return _weak(note, source, "did", f"{negation} er {rest}", topic=rest)
    if first in lex.participles or re.search(r"(?:ert|isert)$", first):
        return _weak(note, source, "not_done", rest, topic=rest)
    if first in ("noe", "noko", "noen", "nokon") and len(words) > 1:
        return _weak(note, source, "missed", " ".join(words[1:]))
    if (
        text.lower().startswith(("har ikke", "har ikkje"))
        or _CERTIFICATE.search(words[-1].lower())
        or _CERTIFICATE.search(first)
    ):
        return _weak(note, source, "missing", rest)
    if first in ("å",):
        return _weak(note, source, "fragment", text)
    if _count(rest) or first in ("flere", "fleire", "mer", "meir", "alt", "alle"):
        return _weak(note, source, "fragment", text)
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
