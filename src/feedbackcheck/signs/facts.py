"""Compares what the text says with what the context knows: FLT002.

Names in any order, with genitive, hyphens and short forms; the position by word stems, so that compounds and inflection
agree; the number of applicants in digits and words; dates and weekdays. What differs plainly *decides*; what may be a
matter of wording is given as strength.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from feedbackcheck.language.document import Document
from feedbackcheck.language.segment import SIGNING, BlockKind, Sentence
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Mode, Span
from feedbackcheck.signs.base import Origin, Sign

__all__ = ["FactsFinder", "number_of"]

_CODE = "FLT002"

_ONES = {
    "null": 0, "en": 1, "én": 1, "ein": 1, "éin": 1, "ett": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "sju": 7,
    "syv": 7, "åtte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15,
    "seksten": 16, "sytten": 17, "atten": 18, "nitten": 19,
}  # fmt: skip
_TENS = {
    "tjue": 20, "tyve": 20, "tretti": 30, "tredve": 30, "førti": 40, "femti": 50, "seksti": 60, "sytti": 70, "åtti": 80,
    "nitti": 90, "hundre": 100,
}  # fmt: skip
_MONTHS = {
    name: i
    for i, names in enumerate(
        ("januar jan", "februar feb", "mars mar", "april apr", "mai", "juni jun", "juli jul", "august aug",
         "september sept sep", "oktober okt", "november nov", "desember des"), 1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS: Final = (
    ("mandag", "måndag"), ("tirsdag", "tysdag"), ("onsdag",), ("torsdag",), ("fredag",), ("lørdag", "laurdag"),
    ("søndag", "sundag"),
)  # fmt: skip


def number_of(word: str) -> int | None:
    """The value of a number in digits or Norwegian words up to 999 («37», «trettisju», «to hundre og førti»)."""
    word = word.casefold().replace("\u00a0", "").replace(".", "").strip()
    hundreds, found, rest = word.partition(" hundre")
    if found and hundreds in _ONES:
        more = number_of(rest.strip().removeprefix("og ")) if rest.strip() else 0
        return None if more is None else 100 * _ONES[hundreds] + more
    if word.isdigit():
        return int(word)
    if word in _ONES:
        return _ONES[word]
    for name, value in _TENS.items():
        if word == name:
            return value
        if word.startswith(name) and (rest := word.removeprefix(name).removeprefix("og")) in _ONES:
            return value + _ONES[rest]
    return None


_NUMBER = (
    r"(?P<n>\d[\d  .]*|(?:to|tre|fire|fem|seks|sju|syv|åtte|ni)\s+hundre(?:\s+og\s+[a-zæøåé]+)?|[a-zæøåé]+)"
)
_WHO = r"(?:(?:svært|veldig|godt|gode|kvalifiserte|kvalifisert|aktuelle|spennende|sterke|flinke|dyktige|flotte|interessante)\s+){0,2}(?:søkere|søkerne|søkarar|søkarane|søkjarar|søkjarane|søknader|søknadene|søknadar|søknadane|kandidater|kandidatar)"
_COUNT = lazy_re(
    rf"\b{_NUMBER}\s+(?:{_WHO}|(?:(?:personer|personar|stykker|stykke|menneske|mennesker)\s+)?(?:(?:har|hadde|som)\s+)?(?:søkte|søkt)(?!\s+(?:om|ikke|ikkje)))\b",
    re.IGNORECASE,
)
# «tre kandidater til intervju», «de fem søkerne vi møtte»: another number than that of all applicants.
_SUBSET = lazy_re(
    r"\b(?:interv|samtale|møt|innkal|kalt inn|kalla inn|gikk videre|gjekk vidare|videre til|vidare til|gå videre|siste|finale|shortlist|nummer|andre|av de|av dei)",
    re.IGNORECASE,
)
_GREAT = r"(?:overveld\w+|enorm\w*|formidab\w+|kjempestor\w*|stor\w*|rekordstor\w*|usedvanli?e?g\w*|uvanli?e?g\w*|voldsom\w*|massiv\w*|helt vill\w*|rekordhøy\w*|høg\w*|høy\w*|lang\w*)"
_CROWD = r"(?:pågang\w*|interess\w*|respons\w*|søkermengd\w*|søkermasse\w*|søk\w{0,2}arm(?:engd|asse)\w*|bunke\w*|antal\w*|tal(?:et)?|rekke|rekkje|tilstrø\w+ing\w*|(?:søker|søkar|søkjar|kandidat)felt\w*|felt(?:et)?|oppslutning\w*|oppslutnad\w*|søknadsbunke\w*|søknadsmengd\w*)"
_MANY = lazy_re(
    rf"\b(?:mange|rekordmange|et stort antall|eit stort tal)\s+{_WHO}\b"
    rf"|\b{_GREAT}\s+(?:\w+\s+){{0,2}}?{_CROWD}\b"
    rf"|\b{_CROWD}\s+(?:\w+\s+){{0,6}}?(?:er|var|vart|ble|blei|blitt|har vært|har vore)\s+(?:\w+\s+){{0,3}}?{_GREAT}\b"
    r"|\bflom(?:men)?\s+av\s+søk|\b(?:strømm?et|strøymde|strøymt|rent|rann|rant|tøt|tytt|raste|rasa|veltet|velta|flommet|flomma|haglet|hagla|regnet|regna|kom)\s+inn\s+med\s+søk|\bstrømm?et\s+inn\b|\bstrøymde\s+inn\b|\bmange\s+hundre\b|\bmange\s+(?:\w+\s+){0,2}å\s+vel(?:ge|je|ja)\s+mellom\b|\b(?:flere|fleire)\s+(?:titalls|hundre|hundretalls|dusin)\b"
    r"|\bmange\s+(?:har|hadde|som)\s+(?:søkt|søkte|ville|ville bli|ønsk\w+|ynsk\w+)",
    re.IGNORECASE,
)
_DATE = lazy_re(
    r"(?:\b(?P<weekday>mandag|måndag|tirsdag|tysdag|onsdag|torsdag|fredag|lørdag|laurdag|søndag|sundag)(?:en)?\s+(?:den\s+)?)?"
    r"\b(?P<day>[0-3]?\d)\.\s?(?:(?P<month>jan(?:uar)?|feb(?:ruar)?|mars?|apr(?:il)?|mai|juni?|juli?|aug(?:ust)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|des(?:ember)?)\b|(?P<m>[01]?\d)\.)(?:\s?(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_MET = lazy_re(r"\b(?:interv|samtale|prat|møt|snakk|besøk|prøvedag|prøvevakt|prøveforeles)\w*", re.IGNORECASE)
_FUTURE = lazy_re(
    r"\b(?:lyse[sr]?|utlys\w*|innen|fram til|frem til|ledig\w*|ny(?:e|tt)?\s|neste|opptak|starter|begynner|ring|kontakt|kurs)",
    re.IGNORECASE,
)
_POSITION = lazy_re(
    r"(?<!\ben )(?<!\bei )(?<!\bet )(?<!\beit )\b(?:stilling(?:en|a)?|jobb(?:en)?|vikariat(?:et)?|rollen?|rolla|hyr[ae]|vervet)\s+(?:(?:di|din|vår|hos oss)\s+)?som\s+"
    r"(?P<title>[\w/&-]+(?:\s+(?!(?:hos|i|ved|på|til|går|gjekk|gikk|er|har|var|får|fekk|fikk|og|som|med|for|ble|vart|blei|denne|tilbys|nå|no|du|vi|me|jeg|eg)\b)[\w/&-]+){0,3})",
    re.IGNORECASE,
)
_COMPANY = lazy_re(
    r"\b(?P<frame>hos|i|ved|for|av|til|vist)\s+(?P<name>[A-ZÆØÅ][\w&.-]*(?:\s+(?:[A-ZÆØÅ][\w&.-]*|og|&|i|kommune|fylkeskommune|sykehus|sjukehus|skole|skule|hotell|barnehage|universitetet|avdeling)){0,4})"
)
_ABOUT_JOB = lazy_re(
    r"\b(?:stilling\w*|jobb\w*|rolle\w*|rolla|søk(?:t|te|er|nad\w*|jand\w*)|vikariat\w*|del av|ansettelse\w*|tilsetting\w*|interesse\w*|prosess\w*)\b",
    re.IGNORECASE,
)
# «kommer fra stillingen som …»: where somebody else works.
_SOMEONE_ELSES = lazy_re(
    r"\b(?:kommer fra|kjem frå|har i dag|kom fra|kom frå|fra|frå|han|hun|ho)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_GREETING_WORDS = frozenset({
    "alle", "beaivi", "beaivvi", "buorre", "bures", "dag", "dear", "deg", "der", "dere", "det", "du",
    "dr", "dykk", "eahket", "er", "ettermiddag", "formiddag", "fra", "fru", "frå", "frøken", "god", "goddag", "halla", "hallo",
    "hei", "heia", "heisan", "heisann", "hello", "hey", "her", "herr", "hi", "hola", "hr", "idit", "igjen", "kandidat",
    "kjær", "kjære", "kveld", "morgen", "morgon", "morn", "og", "prof", "professor", "søkar", "søker", "søkjar", "til",
})  # fmt: skip
_NAME = lazy_re(r"[A-ZÆØÅÁČĐŊŠŦŽÄÖÜÉŁŚŻ][\w'’-]+")
_STOP_TITLE = frozenset({
    "anna", "annen", "bedriften", "den", "denne", "ei", "en", "et", "for", "her", "hos", "i",
    "jobb", "jobben", "kommunen", "ledig", "ledige", "med", "og", "oss", "på", "rolla", "rolle", "rollen",
    "selskapet", "som", "stilling", "stillinga", "stillingen", "til", "utlyst", "utlyste", "ved", "virksomhet", "virksomheten", "vår",
})  # fmt: skip


def _fold(word: str) -> str:
    """Case and accents away; æøå stay letters of their own."""
    return "".join(c if c in "æøå" else unicodedata.normalize("NFD", c)[0] for c in word.casefold())


def _name_parts(name: str) -> set[str]:
    return set(_in_order(name))


def _in_order(name: str) -> list[str]:
    return [_fold(p) for p in re.split(r"[\s\-–.'’]+", name) if len(p) > 1]


def _stems(text: str) -> set[str]:
    return {_fold(w)[:5] for w in re.findall(r"[^\W\d_]{3,}", text) if _fold(w) not in _STOP_TITLE}


def _related(a: set[str], b: set[str]) -> bool:
    """Some stem of one stands at the start of, or inside, a stem of the other."""
    return any(x[:4] == y[:4] or x in y or y in x for x in a for y in b)


class FactsFinder:
    """Signs from comparing the message with its context. Stateless."""

    name = Origin.FACTS
    identity = "facts-2"

    def find(self, document: Document) -> Iterable[Sign]:
        """FLT002 signs, each with a note that tells what differs."""
        if document.mode is Mode.TEMPLATE:
            return []
        return list(self._all(document))

    def _all(self, document: Document) -> Iterator[Sign]:
        for sentence in document.sentences:
            if document.fields_in(sentence.span):
                continue
            yield from _name(document, sentence)
            yield from _applicants(document, sentence)
            yield from _position(document, sentence)
            yield from _dates(document, sentence)
            yield from _weekday_of_meeting(document, sentence)


def _sign(
    sentence: Sentence, start: int, end: int, strength: float, why: str, note: str, *, decides: bool
) -> Sign:
    return Sign(
        code=_CODE,
        span=Span(sentence.span.start + start, sentence.span.start + end),
        sentence=sentence.index,
        strength=strength,
        origin=Origin.FACTS,
        why=why,
        decides=decides,
        note=note,
    )


#: «Kjære dr. Berg»: no end of what is greeted.
_TITLE_STOP = lazy_re(r"\b(?:dr|prof|hr|fr)\.", re.IGNORECASE)
_ASKED_FOR = lazy_re(r"\b(?:er det|snakker jeg med|snakkar eg med|er dette)\s+(?P<name>[A-ZÆØÅ]\w+)")


def _name(document: Document, sentence: Sentence) -> Iterator[Sign]:
    known = document.context.candidate_name
    if not known or sentence.kind is not BlockKind.GREETING or "[" in sentence.text or "<" in sentence.text:
        return
    head = _TITLE_STOP.sub(lambda m: m.group()[:-1] + " ", sentence.text)
    found = [m for m in _NAME.finditer(head) if _fold(m.group()) not in _GREETING_WORDS]
    parts = _name_parts(known)
    # «Hei Kari, det er Per fra …»: the name that is greeted comes before the first comma or full stop.
    stop = re.search(r"[,.!?–]", head.lstrip("–-« "))
    cut = stop.start() + len(head) - len(head.lstrip("–-« ")) if stop else len(head)
    greeted = [m for m in found if m.start() < cut]
    if not greeted:
        asked = _ASKED_FOR.search(head)
        greeted = [m for m in found if asked and m.start() == asked.start("name")]
    if not greeted or len(greeted) > 4 or re.fullmatch(r"X{2,}|N\.?N\.?", greeted[0].group()):
        return
    said = [p for m in greeted for p in sorted(_name_parts(m.group()))]
    own = _name_parts(document.context.company or "")
    if not said or set(said) <= own:
        return
    first = _name_parts(greeted[0].group())
    if parts.isdisjoint(first) and any(_misspelt(g, p) for g in first for p in parts):
        start, end = greeted[0].span()
        note = f"Hilsenen sier «{head[start:end]}», men navnet skrives {known}."
        yield _sign(sentence, start, end, 0.9, "name-spelling", note, decides=True)
        return
    spoken = [p for m in greeted for p in _in_order(m.group())]
    for said_part, real in zip(spoken, _in_order(known), strict=False):
        # «Kim-Arne» for Kim-André, «Jon Olav Fretland» for Jon Olav Frette: one of several names is another.
        if (
            len(spoken) > 1
            and said_part[0] == real[0]
            and said_part not in parts
            and real not in spoken
            and not (said_part.startswith(real) or real.startswith(said_part))
        ):
            start, end = greeted[0].start(), greeted[-1].end()
            note = f"Hilsenen sier «{head[start:end]}», men kandidaten heter {known}."
            yield _sign(sentence, start, end, 0.9, "name", note, decides=True)
            return
    for match in greeted[1:]:
        if any(_misspelt(g, p) for g in _name_parts(match.group()) - parts for p in parts - set(said)):
            note = f"Hilsenen sier «{match.group()}», men navnet skrives {known}."
            yield _sign(sentence, match.start(), match.end(), 0.9, "name-spelling", note, decides=True)
            return
    # A short form («Kris» for Kristian, «Alex» for Alexander) is no mistake; nor is a title before the surname.
    if any(
        p == g or (min(len(g), len(p)) >= 3 and (p.startswith(g) or g.startswith(p)))
        for p in parts
        for g in first
    ):
        return
    start, end = greeted[0].start(), greeted[-1].end()
    note = f"Hilsenen sier «{head[start:end]}», men kandidaten heter {known}."
    yield _sign(sentence, start, end, 0.97, "name", note, decides=True)


def _misspelt(said: str, real: str) -> bool:
    """One letter too many, too few or wrong («Jorun» for Jorunn, «Katrine» for Kathrine): a slip, not a short form."""
    if said == real or min(len(said), len(real)) < 3 or abs(len(said) - len(real)) > 1:
        return False
    if len(said) == len(real):
        differ = [i for i, (a, b) in enumerate(zip(said, real, strict=True)) if a != b]
        swapped = (
            len(differ) == 2
            and differ[1] == differ[0] + 1
            and said[differ[0]] == real[differ[1]]
            and said[differ[1]] == real[differ[0]]
        )
        # Short names one letter apart are two names («Mia», «Pia»; «Kari», «Mari»).
        return (len(differ) == 1 and len(real) >= 6 and differ[0] > 0) or (swapped and len(real) >= 4)
    short, long = sorted((said, real), key=len)
    return len(short) >= 4 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _applicants(document: Document, sentence: Sentence) -> Iterator[Sign]:
    count = document.context.applicants
    if count is None:
        return
    for match in _COUNT.finditer(sentence.text):
        n = number_of(match.group("n"))
        if n is None or n == count or n < 2:
            continue
        around = sentence.text[max(0, match.start() - 25) : match.end() + 45]
        if n < count and _SUBSET.search(around):
            continue
        note = f"Teksten sier {n}, men det var {count} søkere."
        rough = re.search(
            r"\b(?:over|mer enn|meir enn|nesten|nær|rundt|omtrent|ca\.?|cirka|om lag|drøyt|godt)\s*$",
            sentence.text[: match.start()],
        )
        if rough and abs(n - count) <= 0.3 * count:
            continue
        if n > count:
            yield _sign(sentence, match.start(), match.end(), 0.95, "applicants", note, decides=True)
        else:
            yield _sign(sentence, match.start(), match.end(), 0.4, "applicants", note, decides=False)
    if count < 10:
        many = _MANY.search(sentence.text)
        if many:
            note = f"Teksten sier at det var mange, men det var {count} søkere."
            yield _sign(
                sentence,
                many.start(),
                many.end(),
                0.9 if count <= 7 else 0.7,
                "many",
                note,
                decides=count <= 7,
            )


def _position(document: Document, sentence: Sentence) -> Iterator[Sign]:
    known = document.context.position
    if sentence.kind in (BlockKind.GREETING, *SIGNING):
        return
    if _FUTURE.search(sentence.text):
        return
    if known and (wanted := _stems(known)):
        company = _stems(document.context.company or "")
        for match in _POSITION.finditer(sentence.text):
            if _SOMEONE_ELSES.search(sentence.text, 0, match.start()):
                continue
            title = match.group("title")
            said = _stems(title)
            if (
                not said
                or any(_fold(w) in _fold(known) for w in re.findall(r"[^\W\d_]{4,}", title))
                or _related(said, wanted)
                or said & company
                or _related(_stems(sentence.text), wanted)
            ):
                continue
            start = match.start("title")
            note = f"Teksten nevner «{title}», men stillingen er {known}."
            yield _sign(sentence, start, start + len(title), 0.9, "position", note, decides=True)
            break
    yield from _company(document, sentence)


#: Two or more capitalised words, as firms have and most places have not.
_FIRM = lazy_re(
    r"(?:(?!Nord|Sør|Øst|Vest|Indre|Ytre|Øvre|Nedre|Nordre|Søndre|Østre|Vestre|Midt|Store|Lille)[A-ZÆØÅ][\w&.-]+)(?:\s+(?:&\s+)?[A-ZÆØÅ][\w&.-]*)+"
)
#: Advice to try another employer names one.
_ELSEWHERE = lazy_re(
    r"\b(?:råde?r?|rår|tilrå\w*|anbefal\w*|tips\w*|foresl\w*|også|òg|lyser|ledig\w*|heller|søk(?:je)? (?:hos|på)|som (?:i dag|er|no|nå|nettopp)|kommer fra|kjem frå|jobbe[tr]|jobba)\b",
    re.IGNORECASE,
)
_GENERIC = frozenset({
    "as", "asa", "da", "ans", "sa", "hf", "iks", "kf", "og", "i", "&", "avd", "avdeling", "norge", "norway", "group", "gruppen",
})  # fmt: skip


def _company_words(name: str) -> list[str]:
    return [w for w in (_fold(x) for x in re.findall(r"[\w&]+", name)) if w not in _GENERIC]


def _company(document: Document, sentence: Sentence) -> Iterator[Sign]:
    """Another firm than the sender's, where the sentence speaks of the job."""
    known = document.context.company
    if not known or not _ABOUT_JOB.search(sentence.text) or _ELSEWHERE.search(sentence.text):
        return
    own = _company_words(known)
    if any(w[:6] in _fold(sentence.text) for w in own if len(w) >= 4 and w not in _KINDS):
        return
    for match in _COMPANY.finditer(sentence.text):
        said = [
            w.removesuffix("s") if w.removesuffix("s") in own else w
            for w in _company_words(match.group("name"))
        ]
        if not said or all(w in own for w in said):
            continue
        # «Hotell Bergtoppen» for «Hotell Bergkrystall»: the same kind of firm with another name is a plain slip.
        shared = set(said) & set(own)
        if shared:
            strength = 0.9
        elif match.group("frame") == "hos":
            strength = 0.6
        elif match.group("frame") == "i" and _FIRM.fullmatch(match.group("name")):
            strength = 0.65  # «rollen som prosjektdirektør i Morild Marine»; one word may be a place
        else:
            continue
        name = match.group("name")
        note = f"Teksten nevner «{name}», men virksomheten er {known}."
        start = match.start("name")
        yield _sign(sentence, start, start + len(name), strength, "company", note, decides=bool(shared))
        return


#: Words for kinds of firms: sharing one of these alone does not make two names the same.
_KINDS = frozenset({
    "kommune", "fylkeskommune", "hotell", "sykehus", "sjukehus", "skole", "skule", "universitet", "universitetet", "museum",
    "barnehage", "bygg", "finans", "forsikring", "regnskap", "konsult", "rådgivning", "eiendom", "transport", "data", "drift",
    "legesenter", "helse", "helsehus", "restaurant", "senter", "senteret", "consulting", "gruppe", "norsk", "nordic", "bank",
    "sparebank", "advokatfirma", "entreprenør", "teknikk", "havteknikk",
})  # fmt: skip


def _dates(document: Document, sentence: Sentence) -> Iterator[Sign]:
    context = document.context
    anchor = context.interviewed_on or context.sent_on or context.decided_on or context.deadline
    if anchor is None:
        return
    for match in _DATE.finditer(sentence.text):
        month = _month(match)
        if month is None:
            continue
        try:
            day = dt.date(int(match.group("year") or anchor.year), month, int(match.group("day")))
        except ValueError:
            continue
        met = _MET.search(sentence.text) and not _FUTURE.search(sentence.text)
        if (
            met
            and context.interviewed_on
            and day != context.interviewed_on
            and day <= (context.sent_on or dt.date.max)
            and (day < context.interviewed_on or _LOOKS_BACK.search(sentence.text))
        ):
            note = (
                f"Teksten sier {match.group().strip()}, men intervjuet var {context.interviewed_on:%d.%m.%Y}."
            )
            yield _sign(sentence, match.start(), match.end(), 0.75, "interview-date", note, decides=False)
            continue
        weekday = match.group("weekday")
        if weekday and weekday.casefold() not in _WEEKDAYS[day.weekday()]:
            note = f"{match.group('day')}.{month}.{day.year} er en {_WEEKDAYS[day.weekday()][0]}."
            yield _sign(sentence, match.start(), match.end(), 0.5, "weekday", note, decides=False)


_WEEKDAY = lazy_re(
    r"\b(?P<weekday>mandag|måndag|tirsdag|tysdag|onsdag|torsdag|fredag|lørdag|laurdag|søndag|sundag)\b",
    re.IGNORECASE,
)
_BEFORE_TODAY = lazy_re(
    r"\b(?:takk|kom|var|møttes|møttest|snakket|snakka|besøk\w*|sist|forrige|førre)\b", re.IGNORECASE
)


_LOOKS_BACK = lazy_re(
    r"\b(?:takk\w*|du kom|kom du|var|møttes|møttest|snakket|snakka|sist|forrige|førre|viser? til|etter|hadde|fikk|fekk|stilte|gjennomført|gjennomførte)\b",
    re.IGNORECASE,
)


def _weekday_of_meeting(document: Document, sentence: Sentence) -> Iterator[Sign]:
    """«Takk for samtalen mandag» when the interview was on a Wednesday."""
    day = document.context.interviewed_on
    if day is None or _DATE.search(sentence.text) or _FUTURE.search(sentence.text):
        return
    match = _WEEKDAY.search(sentence.text)
    if match is None or not _MET.search(sentence.text) or not _BEFORE_TODAY.search(sentence.text):
        return
    if match.group("weekday").casefold() not in _WEEKDAYS[day.weekday()]:
        note = (
            f"Teksten sier {match.group('weekday')}, men {day:%d.%m.%Y} var en {_WEEKDAYS[day.weekday()][0]}."
        )
        yield _sign(sentence, match.start(), match.end(), 0.6, "meeting-weekday", note, decides=False)


def _month(match: re.Match[str]) -> int | None:
    if match.group("month"):
        return _MONTHS.get(match.group("month").casefold())
    return int(match.group("m")) if match.group("m") else None
