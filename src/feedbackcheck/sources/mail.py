"""Mail files (.eml) by the standard library's parser: the body that the recipient reads, and the headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.message import Message as EmailBase
from typing import Any, cast

from feedbackcheck.errors import EmptySourceError, MalformedSourceError, SourceEncodingError, SourceError
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Mode
from feedbackcheck.sources.encoding import decode
from feedbackcheck.sources.finish import Draft, clean
from feedbackcheck.sources.html import read_html, visible_text
from feedbackcheck.sources.plain import flowed
from feedbackcheck.sources.unwrap import unwrap
from feedbackcheck.sources.versions import between_tags, differ, may_differ

__all__ = [
    "Body",
    "as_mail",
    "body_of",
    "choose",
    "draft_of_body",
    "headers_of",
    "leaves",
    "parse_mail",
    "read_mail",
]

_MAX_PARTS = 2000
#: No header is longer, and no mail has more of those that are parsed: the standard library takes a second for 25,000
#: letters of some.
_MAX_HEADER, _MAX_HEADERS = 10_000, 100_000
_MAX_PARAMETERS = 200
_TWO_VERSIONS = "E-posten har to utgaver av teksten som ikke er like; HTML-utgaven, som de fleste mottakere ser, er kontrollert."
_STUB = lazy_re(
    r"(?:e-post\w{0,30}|melding\w{0,30}|mail\w{0,30}|message|email)\W[^\n]{0,80}\b(?:html|støtter ikke|does not support|viewer)|\bhtml\b[^\n]{0,60}\b(?:e-post|leser|client|viewer|compatible|versjon)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Body:
    """The part of a mail that is read. ``part``: its number and type, as in «1.2 text/html»."""

    text: str
    kind: str  # "text" or "html"
    part: str
    flowed: bool = False
    delsp: bool = False
    notices: tuple[str, ...] = ()


def parse_mail(data: bytes, *, name: str = "") -> EmailMessage:
    """Parse one mail.

    Raises:
        MalformedSourceError: no mail at all, nested deeper than any mail is, or with headers that no mail has.
    """
    from email import policy
    from email.parser import BytesParser

    # A line «From …» before the headers is left over from an mbox.
    if data.startswith(b"From ") and b"\n" in data:
        data = data.split(b"\n", 1)[1]
    try:
        bounded = policy.default.clone(header_factory=_bounded(policy.default.header_factory, name))
        message = BytesParser(policy=bounded).parsebytes(data)
    except SourceError:
        raise
    except RecursionError:
        raise MalformedSourceError(
            "E-posten har for mange deler inne i hverandre",
            where=name or None,
            fix="Lagre selve brevet på nytt.",
        ) from None
    except Exception as error:
        raise MalformedSourceError(
            f"E-posten kan ikke tolkes ({type(error).__name__})",
            where=name or None,
            fix="Lagre den på nytt som .eml.",
        ) from None
    if not message.keys():
        raise MalformedSourceError(
            "Filen har ingen e-posthoder",
            where=name or None,
            fix="Lagre meldingen på nytt som .eml, eller som .txt.",
        )
    return message


def _bounded(parse: Callable[[str, str], Any], name: str) -> Callable[[str, str], Any]:
    """The parser of headers for one mail: each is parsed once, and those that would take long are refused."""
    parsed: dict[tuple[str, str], Any] = {}
    left = _MAX_HEADERS

    def factory(header: str, value: str) -> Any:
        nonlocal left
        known = parsed.get((header, value))
        if known is None:
            endless = len(value) > _MAX_HEADER or value.count(";") > _MAX_PARAMETERS
            left -= 0 if endless else len(value)
            if endless or left < 0:
                raise MalformedSourceError(
                    f"Hodefeltet «{header[:40]}» i e-posten er lengre enn noen e-post har ({len(value)} tegn)"
                    if endless
                    else "E-posten har flere og lengre hodefelt enn noen e-post har",
                    where=name or None,
                    fix="Lagre meldingen på nytt, eller lagre brevet som .txt.",
                )
            known = parsed[header, value] = parse(header, value)
        return known

    return factory


def _header(message: EmailBase, key: str) -> str:
    raw = next((str(v) for k, v in message.raw_items() if k.lower() == key), "")
    if any("\udc80" <= c <= "\udcff" for c in raw):
        # Bytes outside ASCII are against the rules, but old systems send them.
        try:
            raw = str(decode(raw.encode("ascii", "surrogateescape")))
        except (SourceError, UnicodeEncodeError):
            raw = raw.encode("ascii", "ignore").decode()
        return re.sub(r"\s+", " ", raw).strip()
    try:
        value = message.get(key)
        text = str(value) if value is not None else ""
    except Exception:
        # The header parser of the standard library fails on some broken headers; the raw words are better than none.
        text = raw
    return re.sub(r"\s+", " ", text.replace("\ufffd", "")).strip()


def headers_of(message: EmailBase) -> dict[str, str]:
    """``subject``, ``from``, ``to``, ``cc``, ``date``, ``message-id``, decoded; only those that are there."""
    found = {
        key: _header(message, key)
        for key in ("subject", "from", "to", "cc", "date", "message-id", "auto-submitted")
    }
    return {key: value for key, value in found.items() if value}


def leaves(message: EmailBase) -> list[tuple[str, EmailBase]]:
    """Leaf parts with their numbers as IMAP counts them; attached mails are not entered. Iterative: mail may be deep."""
    out: list[tuple[str, EmailBase]] = []
    stack: list[tuple[str, EmailBase]] = [("", message)]
    seen = 0
    while stack:
        number, part = stack.pop()
        seen += 1
        if seen > _MAX_PARTS:
            break
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            children = cast("list[EmailBase]", part.get_payload())
            stack += [
                (f"{number}.{i + 1}" if number else str(i + 1), child)
                for i, child in reversed(list(enumerate(children)))
            ]
        else:
            out.append((number or "1", part))
    return out


def _text_of(part: EmailBase, name: str) -> tuple[str, str | None]:
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    if not data:
        return "", None
    declared = part.get_content_charset()
    text = decode(data, name=name, declared=declared)
    notice = text.notice
    if declared and notice is None and text.encoding.replace("-", "_") not in _same(declared):
        notice = f"Tegnsettet «{declared}» passet ikke; teksten er lest som {text.encoding}."
    return str(text).replace("\r\n", "\n").replace("\r", "\n"), notice


def _same(declared: str) -> set[str]:
    import codecs

    try:
        label = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return set()
    return {
        label.replace("-", "_"),
        "cp1252" if label in ("iso8859-1", "ascii") else label,
        "utf_8" if label == "ascii" else label,
        "utf_8_sig",
        "utf_16" if "16" in label else label,
    }


def body_of(message: EmailBase, *, name: str = "", depth: int = 0) -> Body:
    """The readable part of a mail.

    ``text/plain`` is preferred, because that is where positions are plain, unless it is an empty stub or the HTML says
    something else, which is what most programs show.

    Raises:
        MalformedSourceError: the MIME structure is broken so that no text can be found.
        EmptySourceError: there is no text part.
    """
    plain: list[tuple[str, EmailBase]] = []
    rich: list[tuple[str, EmailBase]] = []
    attached: list[EmailBase] = []
    for number, part in leaves(message):
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            attached += cast("list[EmailBase]", part.get_payload())
        elif part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        elif kind == "text/html":
            rich.append((number, part))
        elif kind in ("text/plain", "text/enriched") or (kind == "text/x-plain"):
            plain.append((number, part))
    problem: SourceError | None = None
    texts: list[Body] = []
    for number, part, kind in [*((n, p, "text") for n, p in plain), *((n, p, "html") for n, p in rich)]:
        try:
            text, notice = _text_of(part, name)
        except SourceError as error:
            problem = problem or error
            continue
        if not text.strip():
            continue
        if any(
            d.__class__.__name__ in ("InvalidBase64CharactersDefect", "InvalidBase64LengthDefect")
            for d in part.defects
        ) and _garbled(text):
            problem = problem or MalformedSourceError(
                "Base64-innholdet i e-posten er ødelagt", where=name or None, fix="Lagre meldingen på nytt."
            )
            continue
        is_flowed = kind == "text" and str(part.get_param("format", "") or "").lower() == "flowed"
        delsp = str(part.get_param("delsp", "") or "").lower() == "yes"
        texts.append(
            Body(
                text,
                kind,
                f"{number} text/{'plain' if kind == 'text' else 'html'}",
                is_flowed,
                delsp,
                (notice,) if notice else (),
            )
        )
    chosen = choose(texts, alternatives=_are_alternatives(message, texts))
    if chosen is not None:
        if "multipart" in message.get_content_type() and not message.is_multipart():
            raise _broken(name)
        # «Se vedlagt e-post.»: the letter is the mail inside.
        if not attached or depth >= 5 or len(chosen.text.split()) > 12:
            return chosen
        inner = _inside(attached, name, depth)
        return inner if inner is not None and len(inner.text.split()) > len(chosen.text.split()) else chosen
    if attached and depth < 5:
        return body_of(attached[0], name=name, depth=depth + 1)
    if problem is not None:
        raise (
            problem
            if isinstance(problem, MalformedSourceError | SourceEncodingError)
            else MalformedSourceError(problem.what, where=name or None, fix=problem.fix)
        )
    if message.get_content_maintype() == "multipart" and (not message.is_multipart() or message.defects):
        raise _broken(name)
    raise EmptySourceError(
        "E-posten har ingen tekst", where=name or None, fix="Er brevet et vedlegg, så lagre det for seg."
    )


def _inside(attached: list[EmailBase], name: str, depth: int) -> Body | None:
    try:
        inner = body_of(attached[0], name=name, depth=depth + 1)
    except SourceError:
        return None
    return replace(inner, notices=(*inner.notices, "Teksten er lest fra e-posten som ligger ved."))


def _broken(name: str) -> MalformedSourceError:
    return MalformedSourceError(
        "MIME-strukturen er ødelagt (delene mangler skillelinje)",
        where=name or None,
        fix="Lagre meldingen på nytt som .eml.",
    )


def _garbled(text: str) -> bool:
    odd = sum(1 for c in text if (c < " " and c not in "\t\n\r") or c == "\ufffd")
    return odd > 0.02 * len(text) or not re.search(r"\w{3,}\s+\w{2,}", text)


def _first(texts: list[Body], kind: str) -> Body | None:
    return next((b for b in texts if b.kind == kind), None)


def _are_alternatives(message: EmailBase, texts: list[Body]) -> bool:
    """True if the first plain text and the first HTML are versions of each other, and not shown one after the other."""
    plain, rich = _first(texts, "text"), _first(texts, "html")
    if plain is None or rich is None:
        return False
    node = message
    numbers = (body.part.partition(" ")[0].split(".") for body in (plain, rich))
    for a, b in zip(*numbers, strict=False):
        if a != b:
            break
        node = cast("list[EmailBase]", node.get_payload())[int(a) - 1]
    return node.get_content_type() == "multipart/alternative"


def choose(texts: list[Body], *, alternatives: bool = True) -> Body | None:
    """The body to read: plain text, unless it is a stub or the HTML says something else.

    Args:
        alternatives: they are versions of one text, of which a mail program shows the HTML.
    """
    plain, rich = _first(texts, "text"), _first(texts, "html")
    if plain is None or rich is None:
        return rich or plain
    if len(rich.text) >= 2_000_000:
        return plain
    words = len(re.findall(r"\w+", plain.text))
    between = between_tags(rich.text)
    said = len(re.findall(r"\w+", between))
    enough = words >= 40 and words >= 0.66 * said
    if enough and not (alternatives and may_differ(plain.text, between)):
        return plain
    shown = said if enough else len(re.findall(r"\w+", visible_text(rich.text)))
    stub = words < 40 and bool(_STUB.search(plain.text))
    if stub:
        return rich
    if shown >= 8 and alternatives and words >= 8 and differ(plain.text, rich.text):
        return replace(rich, notices=(*rich.notices, _TWO_VERSIONS))
    return rich if not enough and shown >= 8 and words < 0.6 * shown else plain


def draft_of_body(body: Body, *, name: str = "") -> Draft:
    """A draft of a mail's body; its source is the decoded part."""
    if body.kind == "html":
        draft = read_html(body.text, name=name)
    else:
        from feedbackcheck.sources.plain import strip_markup

        stripped, comments = strip_markup(body.text, name=name)
        text = clean(stripped)
        text = flowed(text, delsp=body.delsp) if body.flowed else unwrap(text)
        draft = Draft(text, body.text, "text", comments=comments, quote_marks=True)
    draft.part = body.part
    draft.mail = True
    draft.notices += body.notices
    return draft


def read_mail(data: bytes, *, name: str = "") -> Draft:
    """A .eml draft."""
    from feedbackcheck.sources.attachments import letter_of

    message = parse_mail(data, name=name)
    draft = draft_of_body(letter_of(message, name=name), name=name)
    headers = headers_of(message)
    return as_mail(draft, headers, "eml")


def as_mail(draft: Draft, headers: Mapping[str, str], kind: str) -> Draft:
    """Mark a draft as mail with these headers, which are only weak evidence of the context."""
    draft.kind = kind
    draft.headers = headers
    draft.mode = Mode.MESSAGE
    if headers:
        draft.extra = {"headers": dict(headers)}
    return draft
