"""Greetings and signatures: who is greeted, and who signs.

Whether a letter greets and signs by name is a matter of the place and the shape of a line, more than of its words:
«Storelva kommune» and «Guro Mæhlum» are two capitalised words each. Given names, words that only organisations have, and
the other lines of the signature decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from feedbackcheck.language.document import Document
from feedbackcheck.language.segment import SIGNING, BlockKind
from feedbackcheck.message import FieldRole, Span, Stage
from feedbackcheck.signs.base import Origin, Sign
from feedbackcheck.signs.matching.words import Stream

__all__ = ["shape_signs"]

# A greeting word at the beginning of a line or of what is to be said; «Til», «God dag» only with what follows.
_GREETING = re.compile(
    r"^ (?:(?:intro|start|åpning|åpne|opning|innled(?:ning|ing)?|si|sei|\d{1,2}|[a-h]|[-–•:.)(*☐])\^? ){0,5}"
    r"(?:hei(?:san|sann)?|hallo|halloi|halloen|halla|hola|hi|hello|dear|kjære?|kjæraste?|morn|heia|gode?\^? (?:dag|morgen|morgon|kveld|formiddag|ettermiddag)|goddag|"
    r"buorre\^? beaivi|bures|buerie\^? biejjie)\^? (?:(?:dr|prof|fru|herr|gode|igjen|att|der|du)\^? |[,.] )*"
    r"(?P<rest>.*)$"
)
_TO = re.compile(r"^ til\^ (?P<rest>.*)$")
# «Marius,», «{fornavn},» or «Tuva, takk for …» at the beginning names without a greeting word.
_BARE_NAME = re.compile(
    r"^ (?:(?:herr|fru|gode)\^ [^ ]+[\^¤] , |[^ ]+¤ (?:[^ ]+[\^¤] ){0,2}(?:, |! )|<name> (?:<[a-z]+> )?(?:, |! |$)|[^ ]+\^ [^ ]+\^ , $)"
)
_TO_FIELD = re.compile(r"^ til\^ (?:<(?:name|other)> )+$")
_FILLER = r"(?:(?:på|deg|du|der|og|takk|igjen|att|att|kjære|både|er|det|,|!|–|-|sann|herr|fru|hr|jeg|snakker|med|treffer|til|no|alle|og)[\^]? ){0,5}?"
# «Hei du, …» and «Hei!» followed by a lower-case word name nobody.
_NAMED = re.compile(rf"^{_FILLER}(?:[^ ]+¤ |<(?:name|contact|other)> )")
_CAPITAL = re.compile(r"^(?:på deg |du |deg , |, |igjen )?(?P<word>[^ ]+)\^ ")
# Capitalised words that are no person's name although they follow a greeting.
_NOBODY = frozenset(
    [
        "søker",
        "søkere",
        "søkar",
        "søkarar",
        "søkjar",
        "søkjarar",
        "kandidat",
        "kandidater",
        "kandidatar",
        "jobbsøker",
        "jobbsøkere",
        "deg",
        "dere",
        "dykk",
        "alle",
        "du",
        "vi",
        "takk",
        "tusen",
        "her",
        "dette",
        "det",
        "jeg",
        "eg",
        "me",
        "nå",
        "no",
        "viser",
        "tilbakemelding",
        "lærling",
        "applicant",
        "candidate",
        "sir",
        "madam",
        "there",
        "team",
        "kollega",
        "medlem",
    ]
)
_TO_NAMES = re.compile(r"^(?:[^ ]+¤ |<(?:name|other|contact)> |fru\^? |herr\^? |hr\^? )")
_TO_NOBODY = re.compile(
    r"^(?:alle|deg|dere|dykk|den|dei|de|søk[^ ]*|kandidat[^ ]*|jobbsøk[^ ]*|rette|vedkommende|vedkomande|samtlige|samtlege|mottaker[^ ]*|interessert[^ ]*|deltak[^ ]*)\^? "
)

# Words that only organisations, teams and titles have.
_ORGANISATION = re.compile(
    r"(?:^|-)(?:as|asa|sa|ba|ks|kf|iks|nuf|da|hf|rhf|hr|ab|inc|ltd|group|gruppen|gruppa|team|teamet|crew|gjengen|gjengane|avdeling|avdelinga|avdelingen|avd|seksjon|"
    r"seksjonen|kommune|kommunen|fylkeskommune|kontor|kontoret|sykehus|sykehuset|sjukehus|sjukehuset|skole|skolen|skule|skulen|barnehage|barnehagen|hotell|hotel|bank|"
    r"sparebank|forsikring|eiendom|bygg|industri|industrier|bemanning|rekruttering|rekrutteringa|rekrutteringen|recruiting|recruitment|talent|careers|people|personal|"
    r"personalavdelinga|administrasjon|administrasjonen|institutt|fakultet|universitet|universitetet|høgskolen|høyskolen|høgskulen|fagskolen|fagskule|etat|etaten|tjenesten|tenesta|senter|senteret|"
    r"butikk|butikken|kafé|kafe|restaurant|verksted|verkstedet|verkstad|forlag|forlaget|teater|museum|museet|stiftelse|stiftelsen|forening|foreningen|foreining|forbund|forbundet|"
    r"klubb|klubben|styret|ledelsen|leiinga|leiargruppa|alle|jentene|gutta|gjengen|hilsen|oss|norge|noreg|nord|sør|øst|vest|midt|software|solutions|consulting|konsult|systems|"
    r"logistikk|transport|energi|kraft|marine|maritim|maritime|offshore|subsea|sjømat|havbruk|helse|media|digital|tech|cloud|studio|partner|partners|service|services|drift|utvikling|"
    r"rederi|rederiet|landbrukskontoret|opplæringskontoret|vikarsentralen|vikarbyrå|vikariat|legesenter|legekontor|tannklinikk|klinikk|klinikken|omsorg|sykehjem|sjukeheim|sykehjemmet|"
    r"menighet|menigheten|kirke|kyrkje|kyrkjelege|fellesråd|bispedømme|bispedømmekontoret|direktoratet|direktorat|tilsynet|politidistrikt|forsvaret|fylkesmannen|statsforvalteren|tingrett|"
    r"virksomhet|bedrift|selskap|selskapet|firma|firmaet|avsender|resepsjonen|kundesenteret|produksjonen|redaksjonen|automatisk|system|systemet|jobbportal|hos|ved|og|den|det|for|i|på|med)$"
    r"|(?:avdeling|avdelinga|avdelingen|avdelingane|kommune|seksjonen|seksjon|teamet|team|gruppen|gruppa|kontoret|senteret|tjenesten|tenesta|enheten|eininga|byrået|huset|utvalget|utvalet|komiteen|"
    r"nemnda|skolen|skulen|sykehuset|sjukehuset|hotellet|banken|laget|verket|etaten|foreningen|foreininga|klinikken|sentralen|butikken|verkstedet|gjengen|administrasjonen|ledelsen|styret|sjukeheimen|hagen)$"
)
# Titles that may stand with a name, or alone (which names nobody).
_TITLE = re.compile(
    r"(?:leder|leiar|sjef|direktør|rektor|rådgiver|rådgivar|rådgjevar|konsulent|koordinator|ansvarlig|ansvarleg|partner|manager|lead|officer|advisor|advokat|lege|tannlege|sykepleier|"
    r"sjukepleiar|bas|formann|mester|meister|innehaver|innehavar|eier|eigar|styreleiar|styreleder|saksbehandler|sakshandsamar|rekrutterer|recruiter|redaktør|kapellmester|kokk|baker|bakar|"
    r"medarbeider|medarbeidar|assistent|lærer|lærar|professor|instituttleder|dekan|prost|sogneprest|kantor|ingeniør|architect|cto|ceo|cfo|coo|hr|gründer|grunder|bonde|avdelingsleder)(?:en|a)?$"
)
_CLOSING = re.compile(
    r"^ (?:(?:med|vennlig|venleg|venlig|vennleg|beste|varm|varme|hjertelig|hjerteleg|god|gode|kjær|hyggelig|solrik|mange|de|alt|best|kind|regards|hilsen|hilsener|hilsner|helsing|helsingar|"
    r"hilsningar|hilsninger|sportslig|sportsleg|cheers|ciao|ønske|ønsker|mvh|vh|vbh|m|v|h|klem|klemmer|fra|frå|på|vegne|vegner|av|snakkes|og|ein|en|stor|vennlegast|ærbødigst)[\^¤]? |[.,!:;)(–/-] )+"
)
_SIGNED_IN_LINE = re.compile(
    r" (?:hilsen|helsing|helsingar|mvh|vh|klem)\^? (?:fra |frå )?([^ ]+¤ (?:[^ ]+[\^¤] ){0,3})$"
)
# What stands below a signature without being one.
_NO_SIGNATURE = re.compile(
    r"^(?:tlf|telefon|mobil|mob|e-post|epost|www|http|adresse|postboks|ps|p\.s|dokumentet|vedlegg|kopi|denne|dette|sendt|send|ha|takk|alt|fortsatt|god|gode|lykke|lukke|med ønske|ønske)\b"
)
_CONTACT_FIELD = re.compile(
    r"t(?:ele|l)f|fon|mobil|phone|mail|post|tittel|title|nummer|adresse|dato|date", re.IGNORECASE
)
_MEMBER = re.compile(r"([^ ]+?)([\^¤]?) ")


def _sign(code: str, span: Span, sentence: int, strength: float, why: str) -> Sign:
    return Sign(code=code, span=span, sentence=sentence, strength=strength, origin=Origin.PATTERN, why=why)


def shape_signs(document: Document, streams: Sequence[Stream]) -> Iterator[Sign]:
    """ING08, ING09 and PER001 from greeting and signature lines."""
    yield from _greetings(document, streams)
    yield from _signature(document, streams)


def _greetings(document: Document, streams: Sequence[Stream]) -> Iterator[Sign]:
    call = document.stage is Stage.TELEFON
    greeted = False
    for sentence, s in zip(document.sentences, streams, strict=True):
        if sentence.kind in (BlockKind.SUBJECT, *SIGNING):
            continue
        # A greeting comes early; in a call script what is said may begin with one further down.
        if not call and (greeted or sentence.index > 5):
            break
        string = s.string.replace(" ¤", "")
        found = _GREETING.match(string)
        if (
            found is None
            and not call
            and not greeted
            and _BARE_NAME.match(string)
            and sentence.kind is not BlockKind.LIST
        ):
            greeted = True
            yield _sign("ING08", sentence.span, sentence.index, 0.9, "ING08/bare-navn")
            continue
        if found is None and (sentence.kind is BlockKind.GREETING or _TO_FIELD.match(string)):
            found = _TO.match(string)
            if found is not None:
                rest = found.group("rest")
                if _TO_NAMES.match(rest) or (
                    not _TO_NOBODY.match(rest)
                    and re.match(r"^(?:[^ ]+\^ ){1,4}$", rest)
                    and not _organisation(rest)
                ):
                    yield _sign("ING08", sentence.span, sentence.index, 0.85, "ING08/til-navn")
                elif _TO_NOBODY.match(rest):
                    yield _sign("PER001", sentence.span, sentence.index, 0.92, "PER001/til-ingen")
                greeted = True
                continue
        if found is None:
            continue
        greeted = True
        rest = found.group("rest")
        if _NAMED.match(rest):
            yield _sign("ING08", sentence.span, sentence.index, 0.97, "ING08/hilsen-med-navn")
            continue
        capital = _CAPITAL.match(rest)
        if (
            capital
            and capital.group("word") not in _NOBODY
            and not _organisation(capital.group("word") + "^ ")
        ):
            yield _sign("ING08", sentence.span, sentence.index, 0.93, "ING08/hilsen-med-ukjent-navn")
            continue
        fields = document.fields_in(sentence.span)
        if fields:
            # A field of an unknown name in a greeting is the name; one for the position or company is not.
            if any(f.role not in (FieldRole.POSITION, FieldRole.COMPANY) for f in fields):
                yield _sign("ING08", sentence.span, sentence.index, 0.9, "ING08/hilsen-med-felt")
            else:
                yield _sign("PER001", sentence.span, sentence.index, 0.8, "PER001/hilsen-uten-navn")
            continue
        if rest.strip() == "xx":
            yield _sign("ING08", sentence.span, sentence.index, 0.6, "ING08/hilsen-med-xx")
            continue
        if len(s) <= 9 and (sentence.kind is BlockKind.GREETING or len(s) <= 3):
            yield _sign(
                "PER001",
                sentence.span,
                sentence.index,
                0.95 if len(s) <= 3 else 0.85,
                "PER001/hilsen-uten-navn",
            )


def _organisation(words: str) -> bool:
    return any(_ORGANISATION.search(m.group(1)) for m in _MEMBER.finditer(words))


def _person(s: Stream, document: Document, span: Span) -> tuple[float, str]:
    """How sure it is that a signature line holds a person's name, and what shows it."""
    closing = _CLOSING.match(s.string)
    rest = s.string[closing.end() - 1 :] if closing else s.string
    rest = rest.strip() + " " if rest.strip() else ""
    for field in document.fields_in(span):
        if _CONTACT_FIELD.search(field.name):
            continue
        if field.role in (FieldRole.SENDER, FieldRole.CONTACT, FieldRole.NAME):
            return 0.93, "felt"
        if field.role is FieldRole.OTHER and re.search(
            r"avsend|signatur|sender|leder|leiar|saksb|ansvarlig|konsulent|owner|rekrutt|navn|namn|user",
            field.name,
            re.I,
        ):
            return 0.85, "felt"
    if not rest:
        return 0.0, ""
    head = re.split(r" [,|/(–-] |, ", " " + rest)[0].strip() + " "
    members = [(m.group(1), m.group(2)) for m in _MEMBER.finditer(head)]
    members = [m for m in members if m[0] not in (".", ",", "/", "v", "og", "&", ":")]
    if not members or len(members) > 6:
        return 0.0, ""
    capitals = [m for m in members if m[1]]
    named = [m for m in members if m[1] == "¤"]
    foreign = any(_ORGANISATION.search(w) for w, _ in members)
    hyphen = any("-" in w and w.split("-")[0] and m for w, m in members)
    titled = any(_TITLE.search(w) for w, _ in members)
    if named and not foreign and len(capitals) >= len(members) - 1 - titled:
        return (0.97 if members[0][1] == "¤" or titled else 0.85), "navn"
    if named and members[0][1] == "¤" and len(members) <= 5:
        return 0.8, "navn"
    if foreign or titled:
        return 0.0, ""
    # Two capitalised words without a known given name: a person a little more often than a company.
    if 2 <= len(members) <= 4 and len(capitals) == len(members) and not any(w.isdigit() for w, _ in members):
        return 0.55, "form"
    if len(members) == 1 and capitals and (closing or hyphen) and len(members[0][0]) > 2:
        return 0.6, "form"
    return 0.0, ""


def _own_line(document: Document, span: Span) -> bool:
    """True if nothing else stands on the sentence's line."""
    text = document.text
    before = text[max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1 : span.start]
    end = text.find("\n", span.end)
    return not before.strip() and not text[span.end : end if end >= 0 else len(text)].strip()


_TAIL = 5
_PLAIN_NAME = 0.97
_ENDED = (".", "!", "?", "»", '"', ":", "…", ")", "]")


def _signature(document: Document, streams: Sequence[Stream]) -> Iterator[Sign]:
    lines = [s for s in document.sentences if s.kind in SIGNING]
    found: list[tuple[int, float, str]] = []
    for line in lines:
        strength, how = _person(streams[line.index], document, line.span)
        if strength:
            found.append((line.index, strength, how))
    certain = [f for f in found if f[2] != "form"]
    if not certain:
        # A name alone on its line near the end signs, though no closing phrase stands before it.
        for line in document.sentences[max(1, len(document.sentences) - _TAIL) :]:
            if (
                line.kind is not BlockKind.BODY
                or line.text.endswith(_ENDED)
                or not _own_line(document, line.span)
            ):
                continue
            strength, how = _person(streams[line.index], document, line.span)
            if how and how != "form" and len(streams[line.index]) <= 8:
                certain.append((line.index, strength - 0.05, how))
    if not certain and document.sentences:
        # A short message may be signed on its last line of text: «Prøv igjen til høsten :) Hilsen Kari».
        last = document.sentences[-1]
        signed = _SIGNED_IN_LINE.search(streams[last.index].string)
        if signed and not _organisation(signed.group(1)):
            yield replace(_sign("ING09", last.span, last.index, _PLAIN_NAME, "ING09/navn"), decides=True)
            return
    if certain:
        # Where a known name signs, capitalised words without one are the company.
        for index, strength, how in certain:
            sign = _sign("ING09", document.sentences[index].span, index, strength, f"ING09/{how}")
            # A known given name that begins a line of the signature needs no second opinion.
            settled = how == "navn" and strength >= _PLAIN_NAME and document.sentences[index].kind in SIGNING
            yield replace(sign, decides=True) if settled else sign
        return
    shaped = [f for f in found if f[2] == "form"]
    company = (document.context.company or "").lower()
    if shaped and not (company and document.sentences[shaped[0][0]].text.lower() in company):
        index, strength, how = shaped[0]
        yield _sign("ING09", document.sentences[index].span, index, strength, f"ING09/{how}")
        return
    # A script for a call ends without a signature: what stands last is said, not signed.
    call = document.stage is Stage.TELEFON
    for line in lines:
        s = streams[line.index]
        closing = _CLOSING.match(s.string)
        rest = s.string[closing.end() - 1 :].strip() if closing else s.string.strip()
        if not rest or "@" in rest or rest[0].isdigit() or len(s) > 9 or line.text.endswith(_ENDED):
            continue
        fields = document.fields_in(line.span)
        if fields and not any(f.role in (FieldRole.COMPANY, FieldRole.OTHER) for f in fields):
            continue
        if fields and any(_CONTACT_FIELD.search(f.name) for f in fields):
            continue
        if _NO_SIGNATURE.match(rest) or (call and not _organisation(rest + " ")):
            continue
        yield _sign("PER001", line.span, line.index, 0.85, "PER001/uten-avsender")
        return
