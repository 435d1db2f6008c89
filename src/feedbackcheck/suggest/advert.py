"""Requirements from the plain text of a job advert: must-have and nice-to-have phrases, in the advert's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedbackcheck.lazy import lazy_re
from feedbackcheck.suggest.norwegian import decapitalise, strip_stop

__all__ = ["Requirement", "as_noun", "parse_requirement", "requirements"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A demand of the job: its words (lower-case start, no stop), and whether the job can't be had without it."""

    text: str
    must: bool
    source: str


_MUST_HEADING = lazy_re(
    r"^(?:krav(?:ene|a)?|kvalifikasjon(?:er|ar|skrav)?|(?:nødvendige|absolutte|formelle) (?:krav|kvalifikasjon\w*)|må-krav|du (?:må ha|har|bør ha)|vi (?:krever|krev|ser etter|søker deg som|søkjer deg som)|"
    r"kompetanse(?:krav)?|hvem ser vi etter|kven ser vi etter|hvem er du|kven er du|din bakgrunn|bakgrunnen din|vi ønsker (?:oss|deg som|at du har)|for å lykkes|for å lukkast|utdanning og erfaring|ønsket kompetanse|ønskt kompetanse)\b[^.]{0,40}$",
    re.IGNORECASE,
)
_NICE_HEADING = lazy_re(
    r"^(?:ønskelig\w*|ønskjeleg\w*|ønskede kvalifikasjoner|fordel(?:er)?|det er (?:en|ein) fordel|(?:en|ein) fordel|pluss|gjerne|bonus|i tillegg er det)\b[^.]{0,60}$",
    re.IGNORECASE,
)
_OTHER_HEADING = lazy_re(
    r"^(?:arbeidsoppgave\w*|arbeidsoppgåve\w*|oppgave\w*|oppgåve\w*|ansvar\w*|vi (?:tilbyr|tilbyd|kan by på)|om (?:oss|stillingen|stillinga|jobben)|personlige egenskaper|personlege eigenskapar|kontakt\w*|søknad\w*|lønn\w*|hva vi tilbyr|kva vi tilbyr|slik søker du|du får|hos oss|dine oppgaver)\b[^.]{0,40}$",
    re.IGNORECASE,
)
_BULLET = lazy_re(r"^\s*(?:[-–•*·▪]|\d{1,2}[.)])\s+")
_NICE_INLINE = lazy_re(
    r"(?:\s*(?:\(|,)?\s*(?:er|vil være|vil vere) (?:en |ein )?(?:stor |klar )?(?:fordel|ønskelig|ønskjeleg|ønskt|ønsket|pluss)\b.*$)|^(?:gjerne|helst)\s+|\s*\((?:gjerne|ønskelig|ønskjeleg|fordel)[^)]*\)\s*$",
    re.IGNORECASE,
)
_MUST_INLINE = lazy_re(
    r"\s*(?:er|som)?\s*(?:et |eit )?(?:absolutt )?(?:krav|en forutsetning|ein føresetnad|må|påkrevd|kravd|nødvendig|naudsynt)\.?$",
    re.IGNORECASE,
)
_SENTENCES = (
    (re.compile(r"\b(?:du må (?:ha|kunne|være|vere)|vi krever(?: at du har)?|vi krev(?: at du har)?|det kreves|det krevst|stillingen krever|stillinga krev|kravet er|forutsetter|føreset) (?P<x>[^.;:!?\n]{3,120})", re.IGNORECASE), True),
    (re.compile(r"\bdet er (?:en |ein )?(?:stor |klar )?fordel (?:om|hvis|dersom|med|at) (?:du (?:har|kan|kjenner|er|behersker) )?(?P<x>[^.;:!?\n]{3,120})", re.IGNORECASE), False),
    (re.compile(r"\bvi (?:ser gjerne at du|ønsker gjerne at du|ønskjer gjerne at du) (?:har |kan )?(?P<x>[^.;:!?\n]{3,120})", re.IGNORECASE), False),
    (re.compile(r"(?:^|[.!?]\s+)(?P<x>[A-ZÆØÅ][^.;:!?\n]{3,80}) er (?:en |ein )?(?:stor |klar )?(?:fordel|ønskelig|ønskjeleg|et pluss|eit pluss)\b"), False),
    (re.compile(r"(?:^|[.!?]\s+)(?P<x>[A-ZÆØÅ][^.;:!?\n]{3,80}) er (?:et |eit )?(?:absolutt )?(?:krav|en forutsetning|ein føresetnad|påkrevd|nødvendig|naudsynt)\b"), True),
)  # fmt: skip
_LEAD = lazy_re(
    r"^(?:du (?:har|må ha|må kunne|kan|er|bør ha|må være|må vere)|vi krever|vi krev|krav om|har|må ha|må kunne)\s+",
    re.IGNORECASE,
)


def parse_requirement(text: str, source: str, *, must: bool = True) -> Requirement | None:
    """One requirement as it stands in a list, with «er en fordel» and the like taken as what they say."""
    clean = " ".join(_BULLET.sub("", text).split())
    nice = _NICE_INLINE.search(clean)
    if nice:
        clean = clean[: nice.start()] + clean[nice.end() :]
        must = False
    clean = _MUST_INLINE.sub("", clean)
    clean = strip_stop(_LEAD.sub("", clean.strip()))
    if not 2 <= len(clean) <= 140:
        return None
    return Requirement(decapitalise(clean), must, source)


def requirements(advert: str, source: str = "advert") -> list[Requirement]:
    """All requirements found in an advert, in order, each once.

    Args:
        advert: plain text; lists under headings, and sentences such as «Du må ha førerkort klasse B».
        source: how the requirements' origin is named.
    """
    found: dict[str, Requirement] = {}

    def add(requirement: Requirement | None) -> None:
        if requirement is not None:
            found.setdefault(requirement.text.lower(), requirement)

    section: bool | None = None
    for line in advert.splitlines():
        bare = line.strip()
        if not bare:
            continue
        heading = bare.strip("*#:_ ").strip()
        if not _BULLET.match(line) and len(heading) < 70:
            if _NICE_HEADING.match(heading):
                section = False
                continue
            if _MUST_HEADING.match(heading):
                section = True
                continue
            if _OTHER_HEADING.match(heading) or bare.endswith(":"):
                section = None
                continue
        if _BULLET.match(line):
            if section is not None:
                add(parse_requirement(bare, source, must=section))
            continue
        for pattern, must in _SENTENCES:
            for match in pattern.finditer(bare):
                for part in re.split(
                    r",? og (?=(?:minst|erfaring|god|gode|førerkort|fagbrev|autorisasjon)\b)", match["x"]
                ):
                    add(parse_requirement(part, source, must=must))
    return list(found.values())


_INFINITIVE = lazy_re(
    r"^(?:skrive|undervise|tåle|tole|lede|leie|drive|ha|være|vere|bruke|bu|bo|kjøre|køyre|arbeide|jobbe|lese|snakke|planlegge|planleggje|dele|ta|følge|følgje|holde|halde|bygge|byggje|utvikle|drifte|selge|selje|forhandle|dokumentere)\b"
)
_PARTICIPLE = lazy_re(
    r"^(?:ledet|leia|kjørt|køyrt|hatt|gjort|drevet|arbeidet|arbeidd|jobbet|jobba|undervist|bestått|fullført|brukt|skrevet|skrive|tatt|teke|bygget|bygd|ført)\b"
)
_PRESENT = {
    "forhandler": "forhandle", "forhandlar": "forhandle", "kan": "kunne", "behersker": "beherske", "meistrar": "meistre",
    "snakker": "snakke", "snakkar": "snakke", "har": "ha", "tåler": "tåle", "toler": "tole", "skriver": "skrive", "skriv": "skrive",
}  # fmt: skip


def as_noun(requirement: str) -> str:
    """The requirement so that it fits after «kravet om» (noun phrase or infinitive).

    >>> as_noun("ledet minst to skymigreringer"), as_noun("kan ta telefoner på norsk alene"), as_noun("Kubernetes")
    ('å ha ledet minst to skymigreringer', 'å kunne ta telefoner på norsk alene', 'Kubernetes')
    """
    first, _, rest = requirement.partition(" ")
    if first in _PRESENT and rest:
        return f"å {_PRESENT[first]} {rest}"
    if _PARTICIPLE.match(requirement):
        return f"å ha {requirement}"
    if _INFINITIVE.match(requirement):
        return f"å {requirement}"
    return requirement
