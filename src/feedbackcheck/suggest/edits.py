"""Local edits that need no fact: kansellistil, stacked apologies, third person, passive with a known subject.

Each returns the new words of one sentence, or None when its own rules do not fit surely. All are idempotent: the result
holds nothing that they would change again.
"""

from __future__ import annotations

import re
from functools import lru_cache

from feedbackcheck.lazy import lazy_re
from feedbackcheck.suggest.norwegian import capitalise
from feedbackcheck.suggest.voice import Voice

__all__ = ["active", "calm", "is_formal", "plain", "second_person", "spoken_to", "to_informal"]


@lru_cache(maxsize=2)
def _plain_rules(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    import tomllib
    from importlib.resources import files

    raw = tomllib.loads((files("feedbackcheck.data") / "wording" / "plain.toml").read_text(encoding="utf-8"))
    return tuple(
        (re.compile(rf"(?<![\w-]){pattern}(?![\w-])", re.IGNORECASE), new) for pattern, new in raw[language]
    )


_AT_START = lazy_re(r"(?:^|[.!?:]\s+|[«\"“(]|^\s*(?:[-–•*]|\d+[.)])\s+)$")

# «De», «Dem», «Deres» inside a sentence: the formal address. At its start «De» may be «they».
_FORMAL_SUBJECT = lazy_re(r"(?<=[\wæøå,] )De(?= )")
_FORMAL_OBJECT = lazy_re(r"(?<=[\wæøå,] )Dem\b")
_FORMAL_OWNER = lazy_re(r"\bDeres (?P<noun>(?!ref)[^\W\d_]+)")
_FORMAL_START = lazy_re(r"^De(?= (?:er|vil|har|kan|ble|må|skal|får|bes|finner|hører|søkte|sendte|kunne)\b)")
_FORMAL_NN = lazy_re(r"\b(?:Dykkar|Dykk)\b|(?<=\w )De\b")
_NEUTER = ("kandidatur", "vedkommende", "engasjement", "brev", "intervju", "arbeid", "virke")
_PLURAL = ("dokumenter", "papirer", "opplysninger", "spørsmål", "kvalifikasjoner", "vedlegg", "resultater")


def is_formal(sentence: str, language: str) -> bool:
    """True if the sentence says «De» to its reader; at its start, where «De» may be «they» too.

    >>> is_formal("Vi ønsker Dem lykke til.", "nb"), is_formal("De andre var eldre.", "nb")
    (True, False)
    """
    if language == "nn":
        return _FORMAL_NN.search(sentence) is not None
    return any(p.search(sentence) for p in (_FORMAL_SUBJECT, _FORMAL_OBJECT, _FORMAL_OWNER, _FORMAL_START))


def to_informal(sentence: str, language: str, *, start: bool = True) -> str:
    """The old formal address turned to «du», all of it or nothing.

    Args:
        start: «De» at the start is the reader too (so it is in a letter that says «Dem» or «Deres»).
    """
    if language == "nn":
        if "Dykkar" not in sentence or re.search(r"\bDykk\b|(?<=\w )De\b", sentence):
            return sentence
        return re.sub(r"\b([^\W\d_]+(?:en|a|et)) Dykkar\b", r"\1 din", sentence).replace(
            "Dykkar søknad", "søknaden din"
        )

    def owner(match: re.Match[str]) -> str:
        noun = match["noun"]
        word = (
            "ditt" if noun.lower().endswith(_NEUTER) else "dine" if noun.lower().endswith(_PLURAL) else "din"
        )
        first = _AT_START.search(match.string[: match.start()]) is not None
        return f"{capitalise(word) if first else word} {noun}"

    out = _FORMAL_OWNER.sub(owner, sentence)
    out = _FORMAL_OBJECT.sub("deg", out)
    out = _FORMAL_SUBJECT.sub("du", out)
    return _FORMAL_START.sub("Du", out) if start else out


def plain(sentence: str, voice: Voice, *, informal: bool = True) -> str | None:
    """Kansellistil replaced by plain words, one for one; «De» by «du» where ``informal``.

    >>> plain("Vedrørende din søknad vil vi herved si at saken er avgjort.", Voice())
    'Om din søknad vil vi si at saken er avgjort.'
    """
    out = sentence
    for pattern, template in _plain_rules(voice.language):
        new = template
        for slot, word in voice.slots().items():
            new = new.replace(f"{{{slot}}}", word)

        def put(match: re.Match[str], new: str = new) -> str:
            text = match.expand(new) if "\\1" in new else new
            first = _AT_START.search(match.string[: match.start()]) is not None
            return capitalise(text) if first and match.group()[:1].isupper() and text else text

        out = pattern.sub(put, out)
    if informal:
        out = to_informal(out, voice.language)
    out = re.sub(r"(?<=\S) {2,}", " ", out)
    out = re.sub(r" ([,.;:!?])", r"\1", out).strip()
    if out == sentence:
        return None
    return capitalise(out) if sentence[:1].isupper() else out


_SORRY = lazy_re(
    r"^(?:(?:Men|Og|Igjen),? )?(?:(?:[Vv]i|[Jj]eg|[Ee]g|[Mm]e) )?(?:må (?:bare |dessverre )?)?(?:er |beklager|orsakar|beklage|syns det er|synes det er|tykkjer det er|det gjør|det gjer)[^.!?]{0,70}?\b"
    r"(?:måtte )?(?:meddele|fortelle|fortelje|si|seie|melde|informere)?[^.!?]{0,20}?\b(?:at|fordi) (?P<clause>[^.!?]+)(?P<end>[.!?]*)$"
)
_NEGATED = lazy_re(
    r"^(?P<s>du|vi|jeg|eg|det|me) (?P<neg>ikke|ikkje|dessverre ikke|diverre ikkje) (?P<v>[^\W\d_]+) ?(?P<rest>.*)$"
)
_PLAIN_CLAUSE = lazy_re(r"^(?P<s>du|vi|jeg|eg|det|me) (?P<v>[^\W\d_]+) ?(?P<rest>.*)$")
_STRONGLY = lazy_re(
    r"\b(?:så|utrolig|uendelig|veldig|virkelig|dypt|forferdelig|fryktelig|svært|oppriktig|inderlig|kjempe|så inderlig|så utrolig|utruleg|verkeleg|forferdeleg|oppriktig|inderleg) (?=lei\b)|"
    r"(?<=beklager) (?:så mye|veldig|virkelig|dypt|på det sterkeste|på det dypeste|oppriktig|inderlig|så masse)\b|"
    r"(?<=beklagar) (?:så mykje|veldig|verkeleg|djupt)\b",
    re.IGNORECASE,
)


def calm(sentence: str, voice: Voice) -> str | None:
    """One plain «dessverre» in place of an overdone apology, with main-clause word order.

    >>> calm("Vi er så utrolig lei oss for å måtte fortelle at du ikke fikk jobben.", Voice())
    'Du fikk dessverre ikke jobben.'
    """
    unfortunately = "diverre" if voice.language == "nn" else "dessverre"
    match = _SORRY.match(sentence)
    if match and re.search(
        r"lei|beklag|ors[ao]k|vondt|forferde|trist|tungt", sentence[: match.start("clause")], re.IGNORECASE
    ):
        clause = match["clause"].strip()
        negated = _NEGATED.match(clause)
        if negated:
            negation = "ikkje" if "ikkje" in negated["neg"] else "ikke"
            rest = f" {negated['rest']}" if negated["rest"] else ""
            return f"{capitalise(negated['s'])} {negated['v']} {unfortunately} {negation}{rest}."
        positive = _PLAIN_CLAUSE.match(clause)
        if positive and positive["v"] not in ("som", "og", "selv", "sjølv"):
            rest = f" {positive['rest']}" if positive["rest"] else ""
            already = re.match(r" ?(?:dessverre|diverre)\b", rest)
            adverb = "" if already else f" {unfortunately}"
            return f"{capitalise(positive['s'])} {positive['v']}{adverb}{rest}."
    out = _STRONGLY.sub("", sentence)
    out = re.sub(r" {2,}", " ", out)
    out = re.sub(r"!{2,}", ".", out)
    return out if out != sentence else None


_OBJECT_BEFORE = lazy_re(r"\b(?:til|med|for|av|på|om|fra|frå|hos|mot|ved|over|overfor|enn)$", re.IGNORECASE)
_SUBJECT_BEFORE = lazy_re(
    r"(?:^|[,;:] |\b(?:at|om|som|da|då|når|hvis|dersom|fordi|siden|sidan|og|men|vil|må|kan|skal|har|er|ble|vart|fikk|får|blir)\s*)$",
    re.IGNORECASE,
)
_READER = lazy_re(
    r"\b(?P<w>(?:[Kk]andidaten|[Ss]økeren|[Ss]økaren|[Ss]økjaren|[Vv]edkommende|[Vv]edkomande))(?![\w-])"
)
_REFLEXIVE = {"sin": "din", "sitt": "ditt", "sine": "dine", "seg": "deg"}


def second_person(sentence: str) -> str | None:
    """«Kandidaten» turned to «du» (or «deg»), with its possessives; None unless every mention is surely turned.

    >>> second_person("Kandidaten kan ta kontakt hvis kandidaten har spørsmål om søknaden sin.")
    'Du kan ta kontakt hvis du har spørsmål om søknaden din.'
    """
    found = list(_READER.finditer(sentence))
    if not found or re.search(
        r"(?:andre|annen|anna|valgte|valde|beste|ny|aktuelle) (?:kandidaten|søkeren|søkaren)",
        sentence,
        re.IGNORECASE,
    ):
        return None
    out, last = [], 0
    for match in found:
        before = sentence[: match.start()].rstrip()
        if _OBJECT_BEFORE.search(before):
            new = "deg"
        elif _SUBJECT_BEFORE.search(before):
            new = "du"
        else:
            return None
        out.append(
            sentence[last : match.start()]
            + (capitalise(new) if match["w"][0].isupper() and not before else new)
        )
        last = match.end()
    text = "".join([*out, sentence[last:]])
    return re.sub(r"\b(?:sin|sitt|sine|seg)\b", lambda m: _REFLEXIVE[m.group()], text)


_MASS = lazy_re(
    r"^(?P<mark>\W*)(?:(?:Alle|Øvrige|Andre|De|Dei|Samtlige) )?(?:søkere|søkerne|søkarar|søkjarar|kandidater|kandidatar|Søkere|Søkarar|Søkjarar|Kandidater|Kandidatar|Søker|Søkar)\b"
    r"(?P<which> (?:som|uten|utan|med|til)\b[^.!?]{3,90}?)?,? (?P<verb>kan|får|vil|må|bes|bedes)(?: om å)? (?P<rest>[^.!?]+)(?P<end>[.!?]*)$"
)
# What the no itself makes of the reader is no condition; what the reader wants or has is.
_REJECTED = lazy_re(
    r" (?:uten|utan|til)\b| som (?:ikke|ikkje|er|ble|blir|blei|vart|vert|fikk|fekk|får|har (?:fått|blitt|vorte|søkt|levert|vært|vore)|søkte|var)\b",
    re.IGNORECASE,
)


def spoken_to(sentence: str, language: str = "nb") -> str | None:
    """A sentence on «søkere som …» said to the reader. What the reader must want for it stays as a condition.

    >>> spoken_to("Søkere uten tilbud kan melde seg på jobbvarsel i portalen.")
    'Du kan melde deg på jobbvarsel i portalen.'
    >>> spoken_to("Søkere som vil ha attestene i retur, må hente dem selv.")
    'Hvis du vil ha attestene i retur, må du hente dem selv.'
    """
    match = _MASS.match(sentence)
    if match is None:
        return None
    rest = re.sub(r"\b(?:sin|sitt|sine|seg)\b", lambda m: _REFLEXIVE[m.group()], match["rest"])
    verb = "kan" if match["verb"] in ("bes", "bedes") else match["verb"]
    end = match["end"] or "."
    which = (match["which"] or "").rstrip(", ")
    if not which or _REJECTED.match(which):
        return f"{match['mark']}Du {verb} {rest}{end}"
    clause = re.sub(r"^ som ", "", which) if which.startswith(" som ") else re.sub(r"^ med ", "har ", which)
    clause = re.sub(r"\b(?:sin|sitt|sine|seg)\b", lambda m: _REFLEXIVE[m.group()], clause)
    if re.search(r"\b(?:de|dei|deres|seg|dem)\b", clause):
        return None
    when = "Om" if language == "nn" else "Hvis"
    return f"{match['mark']}{when} du {clause}, {verb} du {rest}{end}"


_DECIDED = lazy_re(
    r"^(?P<lead>(?:Etter [^,.]{3,60} )|(?:Dessverre |Diverre ))?[Dd]et (?:er|ble|blei|vart|har blitt|har vorte|er blitt) (?P<adv>dessverre |diverre |nå |no )?(?:besluttet|bestemt|vedtatt|vedteke|avgjort) (?P<how>å|at) (?P<rest>[^.!?]+)(?P<end>[.!?]*)$"
)
_APPLICATION = lazy_re(
    r"^(?P<what>Søknaden din|Din søknad|CV-en din|Søknaden) (?P<aux>ble|blei|vart|er|har blitt|er blitt|er nå|er no) (?P<adv>nøye |grundig |nå |no |nå nøye )?(?P<v>vurdert|lest|lese|gjennomgått|gått gjennom|behandlet|behandla|handsama)(?P<rest>[^.!?]*)(?P<end>[.!?]*)$"
)
_YOU = lazy_re(
    r"^Du (?P<aux>er|ble|blei|vart|har) (?P<adv>dessverre |diverre |derfor )?(?P<neg>ikke|ikkje) (?:blitt |vorte )?(?P<v>innstilt|valgt|vald|innkalt|prioritert|tatt ut|teken ut|vurdert|invitert)(?P<rest>[^.!?]*)(?P<end>[.!?]*)$"
)


def active(sentence: str, voice: Voice) -> str | None:
    """An agentless assessment or decision with the draft's own «vi» or «jeg» as subject, verb in second place.

    >>> active("Det er besluttet å ikke kalle deg inn.", Voice())
    'Vi har bestemt oss for å ikke kalle deg inn.'
    >>> active("Du er dessverre ikke innstilt til stillingen.", Voice())
    'Vi har dessverre ikke innstilt deg til stillingen.'
    """
    slots = voice.slots()
    decided = _DECIDED.match(sentence)
    if decided:
        lead = decided["lead"] or ""
        adverb = decided["adv"] or ""
        end = decided["end"] or "."
        reflexive = f"bestemt {slots['oss']} for å" if decided["how"] == "å" else "bestemt at"
        if lead.strip().lower() in ("dessverre", "diverre"):
            adverb, lead = f"{lead.strip().lower()} ", ""
        start = f"{lead}har {slots['vi']}" if lead else f"{slots['Vi']} har"
        return f"{start} {adverb}{reflexive} {decided['rest']}{end}"
    application = _APPLICATION.match(sentence)
    if application and not re.search(r"\bav\b", application["rest"]):
        adverb = re.sub(r"\b(?:nå|no) ", "", application["adv"] or "")
        verb = {"lese": "lese", "lest": "lest"}.get(application["v"], application["v"])
        what = (
            "søknaden din"
            if application["what"] in ("Søknaden", "Din søknad")
            else application["what"][0].lower() + application["what"][1:]
        )
        what = "CV-en din" if what.lower().startswith("cv") else what
        return f"{slots['Vi']} har {adverb}{verb} {what}{application['rest']}{application['end'] or '.'}"
    you = _YOU.match(sentence)
    if you and not re.search(r"\bav\b", you["rest"]):
        return (
            f"{slots['Vi']} har {you['adv'] or ''}{you['neg']} {you['v']} deg{you['rest']}{you['end'] or '.'}"
        )
    return None
