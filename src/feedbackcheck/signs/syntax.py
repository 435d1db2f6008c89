"""Signs from sentence structure: who does what to whom, and in which mood.

What words alone can't tell, a parse can: «Søknaden din ble vurdert» hides who assessed it, «… ble vurdert av meg og Kari» does
not; «søkere som ikke er innkalt» speaks of the reader as one of a mass, «vi gikk videre med søkere som …» speaks of others.
Only labels of Universal Dependencies are used (``nsubj``, ``nsubj:pass``, ``aux:pass``, ``obl``, ``acl:relcl``, ``Mood=Imp``,
``Voice=Pass`` …), so that any Norwegian pipeline will do.

Parsing needs spaCy, which takes half a second to import. A cheap look at the words decides which sentences are parsed at
all; a letter without a candidate never imports it. The commonest passives have word patterns too (``data/patterns``), so
that an installation without a pipeline still finds them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any, Final

from feedbackcheck.language.document import Document
from feedbackcheck.language.segment import BlockKind
from feedbackcheck.message import Span, Stage
from feedbackcheck.signs.base import Origin, Sign

__all__ = ["NEEDS", "SyntaxFinder"]

#: Parts of the pipeline that the constructions rely on.
NEEDS: Final = frozenset({"morph", "dep"})

# Verbs of assessment and decision, by the beginning of a participle or s-passive, in both målformer.
_DECISION: Final = re.compile(
    r"^(?:beslutt|bestemt|bestemmes|bestemmast|avgjort|avgjøres|avgjerast|vedtatt|vedteke|vedtas|konkluder|fastsatt|fastsett|fastslått|vurder|"
    r"bedøm|gjennomgå|behandl|handsama|ferdigvurder|ferdigbehandl|ferdighandsama|grader|rangert|rangeres|rangerast|silt|siles|sorter|screenet|innstilt|"
    r"innstilles|innstillast|innkalt|innkalla|innkalles|innkallast|invitert|inviteres|inviterast|valgt|valt|vald|velges|veljast|utvalgt|utvald|plukk|"
    r"prioriter|foretrukk|avslått|avslås|avslåast|avvist|avvises|avvisast|tilbudt|tilboden|tilbode|tilbydd|tilbys|tilbyast|ansatt|ansettes|tilsett|tilsatt|"
    r"tilsettes|tilsetjast|imøtekom|anses|ansett|ansett|vektlagt|foretatt|føreteke|foretas|fattet|truffet|forkast|utelatt|medtatt|besatt|besett|"
    r"kalt|kalla|kalles|kallast|lukket|lukka|henlagt|makulert|tatt|tas|teken|tekne|teke|takast|gitt|gis|gjeven|gjeve|funnet|funnen|funne|lagt|kontaktet|kontakta|kontaktes|"
    r"evaluer|veid|vege|holdt|halde)",
    re.IGNORECASE,
)
# These are about a decision only with a subject that says so.
_WEAK: Final = re.compile(
    r"^(?:tatt|tas|teken|tekne|teke|takast|gitt|gis|gjeven|gjeve|funnet|funnen|funne|lagt|lukk|kontakt|veid|vege|holdt|halde|makulert|kal)",
    re.IGNORECASE,
)
_BE: Final = frozenset(
    "er var bli blir ble blei blitt vart vert verte verta vorte vore være vere vera vært blitt".split()  # noqa: SIM905
)
_MODAL: Final = frozenset({"kan", "kunne", "bør", "burde", "skal", "å", "hvis", "dersom", "må"})
_SUBJECT: Final = re.compile(
    r"^(?:du|de|dere|dykk|søkn?ad|søkna|søker|søkar|søkjar|kandidat|profil|cv|papir|stilling|jobb|rolle|plass|tilbud|tilbod|innstilling|utvelg|utvelj|"
    r"ansett|tilset|vedtak|beslutning|avgjerd|avgjørelse|valg|val|vurdering|sak|dokument|navn|namn|andre|annen|annan|øvrige|begge|alle|samtlige|den|"
    r"det|finalist|prosess|rekruttering|vekt|rangering|grunnlag|erfaring|kompetanse|utdanning|kvalifikasjon|person|mange|nokon|noen|fleire|flere)",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"^(?:hensyn|omsyn|grunn|årsak|plass|tid|interesse|søkn|søke|søkj|dem|disse|de|dei|desse|alle)",
    re.IGNORECASE,
)
_READER: Final = re.compile(
    r"^(?:søker|søkere|søkeren|søkerne|søkar|søkarar|søkaren|søkarane|søkjar|søkjarar|søkjaren|søkjarane|kandidat|kandidaten|kandidatene|kandidater|"
    r"kandidatar|kandidatane|jobbsøker|jobbsøkere|jobbsøkjarar|finalister|finalistar)$",
    re.IGNORECASE,
)
_THAT_CANDIDATE: Final = re.compile(
    r"\b(?:vi|me|jeg|eg|styret|kunden|som\s+(?:fikk|fekk|får))\b", re.IGNORECASE
)
_HIRING: Final = re.compile(
    r"^(?:tilby|ansett|tilset|velg|vel|kall|innkall|inviter|engasjer|hyr|gi|gje|gir|gjev|be|spør|ta|tar|tek|anbefal)",
    re.IGNORECASE,
)
_YOU: Final = frozenset({"deg", "dere", "dykk", "du"})
# Imperatives that advise nothing: contact, farewell, applying again.
_NO_ADVICE: Final = re.compile(
    r"^(?:ring|kontakt|svar|send|meld|følg|fylg|hold|hald|ha|vær|ver|husk|takk|lykke|se|sjå|gi|gje|si|sei|kom|stikk|møt|hør|høyr|unnskyld|beklag|orsak|tilgi|velg|klikk|trykk|"
    r"logg|bruk|kos|nyt|håp|stå|hils|hels|slett|lagre|vennligst|vent|tro|tru|spør)$",
    re.IGNORECASE,
)
_NO_ADVICE_WORDS: Final = re.compile(
    r"\b(?:kontakt|tåler|tåle|usminket|ærlig\w*|ærleg\w*|smilet|trening|e-posten|mailen|opplevde|syntes|synest|igjen|att|på\s+nytt|lykke|lukke|talent\w*|linkedin|nettside\w*|utlysning\w*|utlysing\w*|ledige|samtykke\w*|slett\w*|personlig|personleg|tungt|motet|undersøk\w*|karakter|"
    r"prosessen|oss|meg|lurer|lurar|spørsmål|begrunnelse|grunngjeving|innsyn)\b",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(
    r"^[\W\d_]*(?:(?:så|men|og|da|vil\s+du[^,]*,|gjerne)\s+)?([a-zæøå]+)", re.IGNORECASE
)
# Words that begin a sentence without being an imperative; everything else is worth a parse if it is short enough a word.
_IMPERATIVE: Final = frozenset(
    "ta tak be bed søk søkje øv øve tren lær les skriv vis prøv få finn skaff bygg byggje jobb arbeid legg sett start begynn byrj gå snakk lag fyll del hent spill spel repeter pugg fokuser "  # noqa: SIM905
    "vurder tenk dokumenter spesifiser utdyp løft flytt kutt stryk kort forkort tydeliggjør konkretiser nevn nemn beskriv forklar vektlegg framhev fremhev styrk utvid fullfør test mål sammenlign samanlikn "
    "undersøk sjekk forbered førebu planlegg delta engasjer oppsøk hospiter sikt satse sats bytt legge dropp unngå behold fortsett hald hold".split()
)
_PASSIVE_HINT: Final = re.compile(
    r"\b(?:er|var|blir?|ble|blei|blitt|vart|vert|vorte|være|vere|vært|vore)\b|\b\w{3,}(?:es|ast|ås)\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+")


def _lower(token: Any) -> str:
    return str(token.text).lower()


def _feature(token: Any, name: str, value: str) -> bool:
    return value in token.morph.get(name)


#: Codes that the finder may speak of, and the strength of its sign.
STRENGTHS: Final = {"PER002": 0.72, "PER005": 0.9, "ING02": 0.93, "ING05": 0.78}


class SyntaxFinder:
    """Finds signs by the parse of the sentences that ask for one; finds nothing where there is no parser."""

    name = Origin.SYNTAX

    @property
    def identity(self) -> str:
        """Changes when a construction does. The pipeline's own identity is for its owner to add."""
        return "syntax-3"

    def find(self, document: Document, *, settled: Container[int] = ()) -> Iterator[Sign]:
        """Signs of the parsed sentences.

        Args:
            document: the message.
            settled: indices of sentences on which other evidence leaves nothing for a parse to decide.
        """
        if document.parser is None:
            return
        wanted = [
            s.index for s in document.sentences if s.index not in settled and candidate(document, s.index)
        ]
        if not wanted:
            return
        parses = document.parse(wanted, NEEDS)
        for index in wanted:
            doc = parses.get(index)
            if doc is None or not len(doc):
                continue
            yield from self._sentence(document, index, doc)

    def _sentence(self, document: Document, index: int, doc: Any) -> Iterator[Sign]:
        passive = agentless_passive(doc)
        if passive is not None:
            yield _sign(document, index, "PER002", passive, "passiv-uten-agent")
        third = reader_in_third_person(doc)
        if third is not None and document.stage is not Stage.TELEFON:
            yield _sign(document, index, "PER005", third, "leseren-i-tredje-person")
        refused = refused_reader(doc)
        if refused is not None:
            yield _sign(document, index, "ING02", refused, "nektet-deg")
        if document.stage is not Stage.TELEFON:
            advice = imperative_advice(doc)
            if advice is not None:
                yield _sign(document, index, "ING05", advice, "oppfordring")


def _sign(document: Document, index: int, code: str, tokens: tuple[int, int, Any], why: str) -> Sign:
    first, last, doc = tokens
    base = document.sentences[index].span.start
    end = doc[last].idx + len(doc[last].text)
    return Sign(
        code=code, span=Span(base + doc[first].idx, base + end), sentence=index, strength=STRENGTHS[code], origin=Origin.SYNTAX,
        why=f"{code}/{why}",
    )  # fmt: skip


def candidate(document: Document, index: int) -> bool:
    """Whether a sentence's words promise a construction, so that it is worth a parse."""
    sentence = document.sentences[index]
    if sentence.kind not in (BlockKind.BODY, BlockKind.LIST) or len(sentence.text) > 1200:
        return False
    words = [w.lower() for w in _WORD.findall(sentence.text)]
    if len(words) < 3:
        return False
    if _PASSIVE_HINT.search(sentence.text) and any(_DECISION.match(w) for w in words):
        return True
    if any(_READER.match(w) for w in words):
        return True
    # A refusal addresses the reader as object: «tilbyr deg ikke».
    negated = "ikke" in words or "ikkje" in words
    if negated and not _YOU.isdisjoint(words) and any(_HIRING.match(w) for w in words):
        return True
    if document.stage is Stage.TELEFON or len(words) < 5:
        return False
    begin = _BEGINS.match(sentence.text)
    return begin is not None and begin.group(1).lower() in _IMPERATIVE


def _subtree_edges(token: Any) -> tuple[int, int]:
    indices = [t.i for t in token.subtree]
    return min(indices), max(indices)


def _subject(token: Any) -> Any | None:
    for child in token.children:
        if child.dep_ in ("nsubj", "nsubj:pass", "csubj", "csubj:pass", "expl"):
            return child
    if token.dep_ in ("acl:relcl", "acl"):
        return token.head
    # «Søknadene er gjennomgått og vurdert»: a second verb shares the subject of the first.
    if token.dep_ in ("conj", "xcomp") and token.head is not token:
        return _subject(token.head)
    return None


def _auxiliary(token: Any) -> Any | None:
    for child in token.children:
        if child.dep_ in ("aux", "aux:pass", "cop") and _lower(child) in _BE:
            return child
    if token.dep_ in ("xcomp", "ccomp") and _lower(token.head) in _BE:
        return token.head
    if token.dep_ == "conj" and token.head is not token:
        return _auxiliary(token.head)
    return None


def _agent(token: Any) -> bool:
    """True if «av …» tells who did it."""
    for child in token.children:
        if child.dep_.startswith(("obl", "nmod")) and any(
            _lower(c) == "av" and c.dep_ == "case" for c in child.children
        ):
            if child.pos_ in ("PRON", "PROPN") and not _ASIDE.match(_lower(child)):
                return True
            if child.pos_ == "NOUN" and not _ASIDE.match(_lower(child)):
                return True
            if child.pos_ in ("DET", "NUM", "X", "ADJ"):
                return True
    return False


def _named_agent(doc: Any) -> bool:
    """«av» with a person right after it tells the agent wherever the parser hangs it: «ble tatt i går av Kari og meg»."""
    for token in doc:
        if _lower(token) == "av" and token.i + 1 < len(doc):
            after = doc[token.i + 1]
            if (after.pos_ == "PROPN" and after.text[:1].isupper()) or _feature(after, "Person", "1"):
                return True
    return False


def agentless_passive(doc: Any) -> tuple[int, int, Any] | None:
    """First and last token of an agentless passive of assessment or decision, if the sentence has one.

    s-passive («vurderes»), bli-, verte- and være-passive («ble vurdert», «vart valt ut», «er innstilt») and impersonal
    («det er besluttet») count; an active perfect («vi har vurdert»), an agent («av meg og Kari») and passives of other
    verbs («ble utlyst») do not.
    """
    for token in doc:
        if token.pos_ not in ("VERB", "ADJ", "AUX") or not _DECISION.match(_lower(token)):
            continue
        s_passive = _feature(token, "Voice", "Pass")
        auxiliary = None if s_passive else _auxiliary(token)
        if not s_passive and (auxiliary is None or _feature(token, "VerbForm", "Fin")):
            continue
        # What can or should happen later is no decision that was taken: «kan bli vurdert», «ønsker å bli vurdert».
        if any(_lower(c) in _MODAL for c in token.children if c.dep_ in ("aux", "mark")):
            continue
        if _agent(token) or _named_agent(doc):
            continue
        subject = _subject(token)
        if subject is not None:
            if _feature(subject, "Person", "1") or _lower(subject) in ("jeg", "eg", "vi", "me"):
                continue
            if not _SUBJECT.match(_lower(subject)) and not _SUBJECT.match(_compound(subject)):
                continue
            # «søkere som er plukket ut» tells which applicants are meant, not what was decided about this one.
            if token.dep_ in ("acl:relcl", "acl"):
                continue
        elif _WEAK.match(_lower(token)):
            continue
        members = [token.i, *([auxiliary.i] if auxiliary is not None else [])]
        if subject is not None and subject.i < token.i:
            members.append(subject.i)
        return min(members), max(members), doc
    return None


def _compound(token: Any) -> str:
    """The tail of a Norwegian compound that says what the thing is: «lærlingplassen» → «plassen»."""
    text = _lower(token)
    for tail in ("stilling", "jobb", "plass", "søknad", "prosess", "vurdering"):
        at = text.find(tail)
        if at > 0:
            return text[at:]
    return text


def reader_in_third_person(doc: Any) -> tuple[int, int, Any] | None:
    """The applicant as subject in the third person, where it can only be the reader.

    «Søkere som ikke er innkalt, …», «Kandidaten vil ikke bli tatt med» count. «Vi gikk videre med søkere som …» (an
    object) and «kandidaten vi valgte» (somebody else) do not.
    """
    for token in doc:
        if (
            token.pos_ != "NOUN"
            or not _READER.match(_lower(token))
            or token.dep_ not in ("nsubj", "nsubj:pass", "ROOT")
        ):
            continue
        relative = [c for c in token.children if c.dep_ in ("acl:relcl", "acl")]
        modifiers = {_lower(c) for c in token.children if c.dep_ in ("amod", "det", "nummod")}
        if modifiers & {
            "andre",
            "annen",
            "annan",
            "øvrige",
            "mange",
            "flere",
            "fleire",
            "én",
            "ein",
            "en",
            "to",
            "tre",
            "fire",
        }:
            continue
        if any(_THAT_CANDIDATE.search(" ".join(t.text for t in r.subtree)) for r in relative):
            continue
        plural = _feature(token, "Number", "Plur")
        definite = _feature(token, "Definite", "Def")
        predicate = token.head if token.dep_ != "ROOT" else token
        if any(_feature(c, "Person", "1") and c.dep_ in ("nsubj", "obj") for c in predicate.children):
            continue
        negated = any(_feature(t, "Polarity", "Neg") for t in doc)
        if (
            (plural and relative)
            or (plural and not definite and negated)
            or (not plural and (relative or negated or _lower(token) == "søker"))
        ):
            first, last = _subtree_edges(token)
            return first, last, doc
    return None


def refused_reader(doc: Any) -> tuple[int, int, Any] | None:
    """A negated verb of hiring with the reader as its object: «vi tilbyr deg ikke», «me kallar deg ikkje inn»."""
    for token in doc:
        if token.pos_ not in ("VERB", "AUX") or not _HIRING.match(_lower(token)):
            continue
        reader = [
            c
            for c in token.children
            if c.dep_ in ("obj", "iobj", "obl") and _lower(c) in ("deg", "dykk", "dere")
        ]
        if not reader or any(
            _lower(c) in ("hvis", "dersom", "om", "at") and c.dep_ == "mark" for c in token.children
        ):
            continue
        negations = [c for c in token.children if _feature(c, "Polarity", "Neg")]
        if not negations and token.dep_ in ("xcomp", "ccomp", "conj"):
            negations = [c for c in token.head.children if _feature(c, "Polarity", "Neg")]
        if negations and not _feature(token, "Mood", "Imp"):
            subject = _subject(token)
            if subject is not None and _lower(subject) in ("du", "dere", "det"):
                continue
            members = [token.i, *(t.i for t in (*reader, *negations))]
            return min(members), max(members), doc
    return None


def imperative_advice(doc: Any) -> tuple[int, int, Any] | None:
    """An imperative that tells the reader something to do for their own sake, with enough content to act on."""
    for token in doc:
        if (
            token.pos_ not in ("VERB", "AUX")
            or not _feature(token, "Mood", "Imp")
            or token.dep_ not in ("ROOT", "conj", "parataxis", "ccomp")
        ):
            continue
        if _NO_ADVICE.match(_lower(token)) or any(_feature(c, "Polarity", "Neg") for c in token.children):
            continue
        first, last = _subtree_edges(token)
        text = " ".join(t.text for t in doc[first : last + 1])
        content = [t for t in token.subtree if t.pos_ in ("NOUN", "VERB", "PROPN", "ADJ") and t.i != token.i]
        if len(content) < 2 or _NO_ADVICE_WORDS.search(text):
            continue
        return first, last, doc
    return None
