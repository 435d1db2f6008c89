"""One mail: its body, and what its headers tell of people, dates and position.

The standard library's old, lenient header policy is used: it is several times faster than the new one, and never
raises. Decoding and body choice are those of ``feedbackcheck.sources``.
"""

from __future__ import annotations

import email
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feedbackcheck.errors import AttachedLetterError, MalformedSourceError, SourceError
from feedbackcheck.message import Context
from feedbackcheck.review.columns import parse_day
from feedbackcheck.review.items import Item
from feedbackcheck.review.reading import Body, Facts, Reading

if TYPE_CHECKING:
    from feedbackcheck.review.quick_mail import Headers
    from feedbackcheck.sources.mail import Body as MailBody

__all__ = ["read_mail", "read_msg"]

_POSITION = re.compile(
    r"(?:stilling(?:en|a)?|jobb(?:en)?|rolle(?:n)?|rolla|vikariat(?:et)?)\s+som\s+(?P<a>[^–|,.:;()\[\]!?]{3,60})|"
    r"(?:søknad(?:en)?(?:\s+din)?\s+(?:på|som|til)|svar på søknad:?|avslag:?|tilbakemelding:?)\s+(?:stilling(?:en|a)?\s*:?\s+)?(?:som\s+)?(?P<b>[A-ZÆØÅ][^–|,.:;()\[\]!?]{2,60})",
    re.IGNORECASE,
)
_FOLDED = re.compile(r"\r?\n(?=[ \t])")
_AFTER = re.compile(r"\s+(?:hos|ved|i|på|-)\s.*$")
_PERSON = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,4}")


def _decoded(value: Any) -> str:
    """A header's words: encoded words decoded, raw eight-bit bytes as UTF-8 or Windows-1252."""
    return "" if value is None else _decode(str(value))


@lru_cache(maxsize=8192)
def _decode(text: str) -> str:
    if not text.isascii() and any("\udc80" <= c <= "\udcff" for c in text):
        raw = text.encode("ascii", "surrogateescape")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    if "=?" in text:
        from email.header import decode_header

        out = []
        try:
            for part, charset in decode_header(text):
                out.append(part if isinstance(part, str) else part.decode(charset or "utf-8", "replace"))
        except (LookupError, ValueError):  # an unknown charset, or no encoded word after all
            out = [text]
        text = "".join(out)
    return " ".join(text.split())


_ADDRESS = r"[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+"
#: «Kari Nordmann <kari@firma.no>» and a bare address, which need no parser of addresses.
_PLAIN_MAILBOX = re.compile(rf"(?P<name>[^\W_][\w’ -]*?) ?<(?P<address>{_ADDRESS})>|(?P<bare>{_ADDRESS})")


def _addresses(values: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """(name, address) of every mailbox in address headers."""
    return _parsed(tuple(str(v) for v in values))


@lru_cache(maxsize=4096)
def _parsed(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    decoded = [_decoded(v) for v in values]
    plain = _PLAIN_MAILBOX.fullmatch(decoded[0]) if len(decoded) == 1 else None
    if plain is not None:
        return ((plain["name"] or "", plain["address"] or plain["bare"]),)
    return tuple((n.strip().strip("'\""), a.strip()) for n, a in getaddresses(decoded) if n or a)


@lru_cache(maxsize=8192)
def _is_person(name: str) -> bool:
    """True for words that look like a person's name, not a mailbox, a team or a firm."""
    plain = re.sub(r"\([^)]*\)", "", name.replace(",", " ")).strip()
    words = plain.split()
    return (
        "@" not in name
        and bool(_PERSON.fullmatch(plain))
        and all(
            w[:1].isupper() or w.casefold() in ("de", "von", "van", "al", "bin", "der", "da") for w in words
        )
        and not _TEAM.search(plain)
    )


_TEAM = re.compile(
    r"\b(?:as|asa|hr|team\w*|rekrutt\w*|personal\w*|kommune|avdeling\w*|jobb\w*|post\w*|firma\w*|support|søker\w*|hr-?\w*|no-?reply|ikke|svar\w*)\b",
    re.IGNORECASE,
)


def _day(value: Any) -> date | None:
    if value is None:
        return None
    if match := re.match(r"\d{4}-\d\d-\d\d", str(value)):  # as Outlook's files have it
        return parse_day(match.group())
    try:
        return parsedate_to_datetime(_decoded(value)).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _kind(headers: Headers) -> str:
    """Mail whose headers say that nobody wrote it."""
    if _first(headers, "content-type").lower().startswith("multipart/report"):
        return "retur"
    if "auto-replied" in _first(headers, "auto-submitted").lower() or "x-autoreply" in headers:
        return "fravaer"
    if "list-unsubscribe" in headers or _first(headers, "precedence").lower() in ("bulk", "list"):
        return "kunde"
    return ""


@lru_cache(maxsize=8192)
def position_of(subject: str) -> str | None:
    """The position that a subject line names, as far as it can be told."""
    match = _POSITION.search(subject)
    if match is None:
        return None
    words = _AFTER.sub("", (match["a"] or match["b"]).strip()).strip(" -")
    return words if 2 < len(words) < 60 else None


def read_mail(item: Item, table: Any = None) -> Reading:
    """A mail of a mailbox.

    Raises:
        FeedbackcheckError: no headers, no text, or a structure that cannot be followed.
    """
    from feedbackcheck.review.quick_mail import quick_body

    data = item.data
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    body: MailBody | AttachedLetterError
    quick = quick_body(data)
    headers, body = quick if quick is not None else _slow(data, item)
    facts, context = _known(headers, item)
    if isinstance(body, AttachedLetterError):
        return _elsewhere(body, facts)
    subject = _first(headers, "subject")
    if table is not None:
        context, facts = table.join(context, facts)
    return Reading(
        facts=facts,
        context=context,
        body=Body(
            text=body.text,
            form=body.kind,
            part=body.part,
            flowed=body.flowed,
            delsp=body.delsp,
            subject=subject,
        ),
    )


#: Stands for a letter that is not read; it is judged as what it is: no rejection.
_ELSEWHERE = "Brevet ligger i et vedlegg til denne e-posten."


def _elsewhere(error: AttachedLetterError, facts: Facts) -> Reading:
    """A mail whose letter is in a file that is not read: counted as a kind of its own, never as a letter of few words."""
    kind = "vedlegg-pdf" if error.suffix == ".pdf" else "vedlegg"
    return Reading(
        facts=replace(facts, other_kind=facts.other_kind or kind),
        body=Body(text=_ELSEWHERE, form="text", part=error.suffix),
    )


def _slow(data: bytes, item: Item) -> tuple[Headers, MailBody | AttachedLetterError]:
    """Headers and body by the standard library."""
    from feedbackcheck.sources.attachments import letter_of

    try:
        message = email.message_from_bytes(data)
    except RecursionError:
        raise MalformedSourceError("E-posten har for mange deler inne i hverandre") from None
    if not message.keys():
        raise MalformedSourceError("Meldingen har ingen e-posthoder")
    headers: dict[str, list[str]] = {}
    for name, value in message.items():
        headers.setdefault(name.lower(), []).append(_FOLDED.sub("", str(value)))
    try:
        return headers, letter_of(message, strict=True)
    except AttachedLetterError as error:
        return headers, error
    except RecursionError:
        raise MalformedSourceError("E-posten har for mange deler inne i hverandre") from None
    except SourceError as error:
        error.add_note(_first(headers, "message-id").strip("<>") or item.position)
        raise


def _first(headers: Headers, name: str) -> str:
    return _decoded(next(iter(headers.get(name, ())), None))


def _known(headers: Headers, item: Item) -> tuple[Facts, Context]:
    to = _addresses(headers.get("to", []))
    sender = next(iter(_addresses(headers.get("from", []))), ("", ""))
    subject = _first(headers, "subject")
    identity = _first(headers, "message-id").strip("<>") or item.position
    candidate = to[0][0] if len(to) == 1 and _is_person(to[0][0]) else None
    position = position_of(subject)
    sent_on = _day(next(iter(headers.get("date", ())), None))
    if sent_on is not None and not date(1990, 1, 1) <= sent_on <= date.today() + timedelta(days=2):
        sent_on = None  # a clock that was wrong says nothing of the delay
    people = [identity, *(p for pair in to for p in pair if p)]
    facts = Facts(
        id=identity,
        people=tuple(people),
        sender=sender[1].casefold() or sender[0] or None,
        department=_first(headers, "organization") or None,
        sent_on=sent_on,
        job=position,
        other_kind=_kind(headers),
    )
    context = Context(
        candidate_name=candidate,
        sender=sender[0] if _is_person(sender[0]) else None,
        position=position,
        sent_on=sent_on,
    )
    return facts, context


def _listed(headers: Mapping[str, str]) -> Headers:
    return {name.lower(): [value] for name, value in headers.items()}


def read_msg(item: Item, table: Any = None) -> Reading:
    """An Outlook file.

    Raises:
        FeedbackcheckError: it is broken or holds no text.
    """
    from feedbackcheck.sources.finish import finish
    from feedbackcheck.sources.outlook import outlook_headers, read_outlook

    try:
        message = finish(read_outlook(item.data, strict=True))
    except AttachedLetterError as error:
        facts, _ = _known(_listed(outlook_headers(item.data)), item)
        return _elsewhere(error, facts)
    facts, context = _known(_listed(message.headers), item)
    if table is not None:
        context, facts = table.join(context, facts)
    from feedbackcheck.analysis import merge_contexts

    context = merge_contexts(message.context, context)
    return Reading(
        facts=facts, context=context, message=replace(message, id=facts.id, path=None, context=context)
    )
