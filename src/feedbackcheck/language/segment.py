"""Lines, blocks and sentences of a letter, without a parser.

Letters are short lines, greetings, lists and fragments; a splitter made for them is right more often than a parser
trained on news, and needs no model. Measured on the hand-segmented corpora by ``tests/language/test_segment.py``.
A sentence never crosses a line break (convention of the labelled corpora).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from feedbackcheck.message import Span

__all__ = ["SIGNING", "BlockKind", "Sentence", "segment", "split_sentences"]


class BlockKind(StrEnum):
    """What part of the letter a sentence stands in."""

    SUBJECT = "subject"
    GREETING = "greeting"
    BODY = "body"
    LIST = "list"
    CLOSING = "closing"
    SIGNATURE = "signature"


#: Where somebody signs: the closing words and the lines under them.
SIGNING = (BlockKind.CLOSING, BlockKind.SIGNATURE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or fragment) of a letter; ``paragraph`` counts runs of lines between blank lines."""

    index: int
    span: Span
    text: str
    kind: BlockKind
    paragraph: int


# Abbreviations after which a full stop ends no sentence. Single letters (initials) are handled in the pattern.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«\"/])(?:adm|adr|ang|avd|bl|bl\.a|ca|dir|d\.å|dr|ds|dvs|e\.l|eks|ev|evt|f|f\.eks|fl|forts|fr|frk|gj|h\.h\.v|hhv|hr|inkl|"
    r"innl|jf|jfr|kap|kgl|kl|konst|kst|kr|m\.a|m\.fl|m\.m|m\.v|maks|mht|mill|min|mob|mrd|mv|nr|o\.l|o\.a|off|op|osb|p\.t|pga|pkt|pr|"
    r"prof|pst|red|ref|resp|rev|s|saksnr|sek|sen|siv|sj|st|stk|str|t\.d|t\.o\.m|tel|tlf|tom|vedr|vedk|vs|årg|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|nov|des|(?-i:[A-ZÆØÅ]|[A-ZÆØÅ]\.[A-ZÆØÅ]))$",
    re.IGNORECASE,
)
_ALWAYS_SPLIT = re.compile(r"(?:^|\s)(?:osv|mv|m\.m|m\.v|e\.l|o\.l)$", re.IGNORECASE)
# Begins where a run of stops begins and gives nothing back, so that a page of dots is gone through once.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[»”\"'’)\]*_]*+(?=\s+\S)")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_NEXT = re.compile(r"\s+(\S)")
_ENUMERATION = re.compile(r"^\s*(?:[-–•*]\s*)?\d{1,2}$")
#: Brackets in which a stop ends no sentence.
_HOLDING = (("[", "]"), ("{", "}"))
_TAIL = 60


def _split_line(line: str) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    start = 0
    counted = 0  # brackets before this are counted in ``depth``
    depth = [0] * len(_HOLDING)
    for stop in _STOP.finditer(line):
        # No abbreviation is longer, and a line without end has a stop every few letters.
        before = line[max(start, stop.start() - _TAIL) : stop.start()]
        whole = stop.start() - start <= _TAIL
        for i, (opening, closing) in enumerate(_HOLDING):
            depth[i] += line.count(opening, counted, stop.start()) - line.count(
                closing, counted, stop.start()
            )
        counted = stop.start()
        following = _NEXT.match(line, stop.end())
        if following is None:
            continue
        nxt = following.group(1)
        marks = stop.group().rstrip("»”\"'’)]*_")
        if marks == ".":
            if _ABBREVIATION.search(before) and not (_ALWAYS_SPLIT.search(before) and nxt.isupper()):
                continue
            numbered = whole and _ENUMERATION.match(before)
            if before[-1:].isdigit() and not numbered and (nxt.islower() or nxt.isdigit()):
                continue  # «21. mars», «2. linje»
            if numbered and nxt.islower():
                continue
        elif nxt.islower() and marks in ("...", "…", "…."):
            continue
        # A stop inside an open bracket or merge field ends nothing: «[krav, f.eks. førerkort]».
        if any(d > 0 for d in depth) and not stop.group().endswith(("]", "}")):
            continue
        if stop.group().endswith(")") and nxt.islower():
            continue
        out.append((start, stop.end()))
        start = counted = stop.end()
        depth = [0] * len(_HOLDING)
    out.append((start, len(line)))
    return out


def split_sentences(text: str) -> list[Span]:
    """Sentence spans of ``text``, trimmed of white space, in order."""
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        for a, b in _split_line(line.group()):
            piece = line.group()[a:b]
            start = line.start() + a + len(piece) - len(piece.lstrip())
            end = line.start() + b - (len(piece) - len(piece.rstrip()))
            if end > start:
                spans.append(Span(start, end))
    return spans


_GREETING = re.compile(
    r"^[\s«\"“–-]*(?:hei(?:san|sann)?|hallo|halla|hola|hi|hello|dear|kjære|kjær[ea]?|god\s+(?:dag|morgen|morgon|kveld|formiddag|ettermiddag)|goddag|heia|morn|"
    r"til\s+(?:deg|alle|søk(?:er|ar)\w*|kandidat\w*|den\s+det|dere|dykk)|hyggelig\s+(?:hilsen|dag)|b(?:u|uo)r(?:es|is|re)\b)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^[\s«\"“–-]*(?:(?:med\s+)?(?:de\s+)?(?:vennlig|venleg|venlig|beste?|varm[e]?|hjerteli[g]?|hjarteleg|god[e]?|kjær|hyggelig|hyggeleg|solrik|mange)\w*\s+(?:hilsen|helsing|hilsner|hilsningar?|helsingar?|hilsninger)|"
    r"(?:de\s+)?(?:beste|bestemte)\s+hilsener|(?:m\.?\s?v\.?\s?h\.?|vh|hilsen|hels(?:ing|ar)|hilsner|klem|alt\s+godt(?=,?\s*$)|best\s+regards|kind\s+regards|regards|mvh)\b)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^\s*(?:emne|subject|tittel|vedrørende|vedr\.|ang\.|sak|gjelder|gjeld)\s*:", re.IGNORECASE
)
_LIST = re.compile(r"\s*(?:[-–•*·▪◦]\s+|\d{1,2}[.)]\s|[a-e]\)\s)")


def segment(text: str, *, subject: Span | None = None) -> list[Sentence]:
    """Sentences with the kind of block each stands in.

    Args:
        text: analysed text of a message.
        subject: span of the subject line's words, when the reader knows it.
    """
    spans = split_sentences(text)
    sentences: list[Sentence] = []
    paragraph, last_end, closed, greeted = 0, 0, False, False
    line_start, line_end = 0, -1
    for index, span in enumerate(spans):
        gap = text[last_end : span.start]
        if index and gap.count("\n") > 1:
            paragraph += 1
        words = span.of(text)
        broken = max(text.rfind("\n", last_end, span.start), text.rfind("\r", last_end, span.start))
        if broken >= 0:
            line_start = broken + 1
        if span.start > line_end:
            line_end = text.find("\n", span.start)
            line_end = line_end if line_end >= 0 else len(text)
        # All that is no white space is in some sentence.
        first_of_line = not index or last_end <= line_start
        last_end = span.end
        kind = BlockKind.BODY
        if (subject and subject.overlap(span)) or (index == 0 and _SUBJECT.match(words)):
            kind = BlockKind.SUBJECT
        elif closed and len(words) < 90 and (first_of_line or sentences[-1].kind is BlockKind.SIGNATURE):
            kind = BlockKind.SIGNATURE
        elif first_of_line and len(words) < 60 and _CLOSING.match(words):
            kind = BlockKind.CLOSING
            closed = True
        elif not greeted and first_of_line and index < 6 and len(words) < 80 and _GREETING.match(words):
            kind = BlockKind.GREETING
            greeted = True
        elif _LIST.match(text, line_start, line_end):
            kind = BlockKind.LIST
        if kind is BlockKind.SIGNATURE and words.endswith((".", "!", "?")) and len(words.split()) > 3:
            kind = BlockKind.BODY  # a postscript
        sentences.append(Sentence(index, span, words, kind, paragraph))
    return _tail(sentences)


def _tail(sentences: list[Sentence]) -> list[Sentence]:
    """Short capitalised lines at the very end are a signature even without «Med vennlig hilsen»."""
    if any(s.kind is BlockKind.CLOSING for s in sentences):
        return sentences
    out = list(sentences)
    for i in range(len(out) - 1, max(0, len(out) - 5), -1):
        s = out[i]
        if s.kind is not BlockKind.BODY or len(s.text) > 60 or s.text.endswith((".", "!", "?", ":")):
            break
        if s.text[:1].islower() and i == len(out) - 1:
            break
        out[i] = Sentence(s.index, s.span, s.text, BlockKind.SIGNATURE, s.paragraph)
    return out
