"""Outlook messages and templates (.msg, .oft), by python-oxmsg: plain body, HTML, or compressed RTF."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from feedbackcheck.errors import EmptySourceError, MalformedSourceError, UnsupportedSourceError
from feedbackcheck.sources.attachments import Attachment, attached_letter
from feedbackcheck.sources.encoding import decode
from feedbackcheck.sources.finish import Draft, clean
from feedbackcheck.sources.html import read_html
from feedbackcheck.sources.mail import Body, as_mail, choose
from feedbackcheck.sources.plain import strip_markup
from feedbackcheck.sources.rtf import rtf_text, unpack_lzfu, without_binary
from feedbackcheck.sources.unwrap import unwrap
from feedbackcheck.sources.word import paragraph_starts

__all__ = ["outlook_headers", "read_outlook"]

_PID_BODY, _PID_HTML, _PID_RTF, _PID_SENDER = 0x1000, 0x1013, 0x1009, 0x0C1A
_PID_FILE, _PID_ID = 0x3704, 0x1035


def read_outlook(data: bytes, *, name: str = "", strict: bool = False) -> Draft:
    """A .msg or .oft draft. The source is the body as text, and places are told by paragraph.

    Args:
        strict: a cover note is no letter (see :func:`feedbackcheck.sources.attachments.letter_of`).

    Raises:
        AttachedLetterError: the letter is in an attachment that is not read.
        MalformedSourceError: the file is damaged.
        UnsupportedSourceError: an Office document that is no message.
        EmptySourceError: it has no body.
    """
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        raise MalformedSourceError(
            "Filen er ikke en Outlook-melding", where=name or None, fix="Lagre meldingen på nytt fra Outlook."
        )
    message = _load(data, name)
    bodies = _bodies(message, name)
    chosen = choose(bodies) if bodies else None
    chosen = attached_letter(chosen, _files(message), name=name, strict=strict) or chosen
    if chosen is None:
        raise EmptySourceError(
            "Meldingen har ingen tekst", where=name or None, fix="Skriv brevet, eller oppgi en annen fil."
        )
    if chosen.kind == "html":
        # Its HTML is Outlook's own and nobody sees its lines, so the words are the source.
        shown = read_html(chosen.text, name=name)
        source = clean(shown.text).text
        quoted = shown.quoted if len(source) == len(shown.text.text) else []
        text, comments = strip_markup(source, name=name)
    else:
        source, quoted = chosen.text, []
        text, comments = strip_markup(source, name=name)
        text = unwrap(clean(text))
    draft = Draft(
        text,
        source,
        "msg",
        comments=comments,
        quoted=quoted if text.text == source else [],
        quote_marks=chosen.kind != "html",
        part="paragraph",
        paragraphs=paragraph_starts(source),
        mail=True,
    )
    draft.notices += chosen.notices
    as_mail(draft, _headers(message), "msg")
    if name.lower().endswith(".oft"):
        draft.mode = None  # a template as long as fields stand in it
    return draft


def _load(data: bytes, name: str) -> Any:
    import warnings

    from oxmsg import Message

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            message = Message.load(data)
            str(message.subject)
    except KeyError:
        raise UnsupportedSourceError(
            "Filen er et Office-dokument, ikke en Outlook-melding",
            where=name or None,
            fix="Lagre brevet som .docx eller .msg.",
        ) from None
    except Exception as error:  # damaged OLE files raise anything from struct.error to IndexError
        raise MalformedSourceError(
            f"Outlook-meldingen er ødelagt ({type(error).__name__})",
            where=name or None,
            fix="Lagre den på nytt fra Outlook.",
        ) from None
    return message


def _quiet(read: Any) -> Any:
    """A property, or None if it is missing or damaged."""
    try:
        return read()
    except Exception:
        return None


def _bodies(message: Any, name: str) -> list[Body]:
    out: list[Body] = []
    properties = message.properties
    plain = _quiet(lambda: properties.str_prop_value(_PID_BODY))
    if plain and plain.strip("\x00 \r\n\t"):
        out.append(Body(_lines(plain), "text", "body"))
    html = _quiet(lambda: properties.binary_prop_value(_PID_HTML))
    if html:
        out.append(Body(_lines(str(decode(html, name=name))), "html", "html"))
    else:
        text = _quiet(lambda: properties.str_prop_value(_PID_HTML))
        if text:
            out.append(Body(_lines(text), "html", "html"))
    if not out:
        packed = _quiet(lambda: properties.binary_prop_value(_PID_RTF))
        if packed:
            rtf = _quiet(lambda: unpack_lzfu(packed))
            if rtf is None:
                raise MalformedSourceError(
                    "Meldingens RTF er ødelagt", where=name or None, fix="Lagre den på nytt fra Outlook."
                )
            words = rtf_text(without_binary(rtf).decode("latin-1"))
            if words:
                out.append(Body(words, "text", "rtf"))
    return out


def _files(message: Any) -> list[Attachment]:
    """Files that lie in the message itself; links and attached messages are passed by."""
    out = []
    for number, file in enumerate(_quiet(lambda: message.attachments) or (), start=1):
        named = _quiet(partial(_name_of, file)) or ""
        kind = _quiet(partial(getattr, file, "mime_type")) or ""
        out.append(Attachment(named, kind, str(number), partial(_bytes_of, file)))
    return out


def _name_of(file: Any) -> str:
    name = file.file_name or file.properties.str_prop_value(_PID_FILE) or ""
    return str(name).rstrip("\x00")


def _bytes_of(file: Any) -> bytes:
    data = _quiet(partial(getattr, file, "file_bytes"))
    return data if isinstance(data, bytes) else b""


def _lines(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text.rstrip("\x00"))


def outlook_headers(data: bytes) -> dict[str, str]:
    """``subject``, ``from``, ``to``, ``date`` of a message, those that are there.

    Raises:
        SourceError: as :func:`read_outlook`.
    """
    return _headers(_load(data, ""))


def _headers(message: Any) -> dict[str, str]:
    def quote(name: str) -> str:
        return '"' + name.replace('"', "'") + '"' if "," in name or ";" in name else name

    def address(one: Any) -> str:
        # Inside an organisation Exchange writes a path of its own in place of an address.
        mail = one.email_address if "@" in (one.email_address or "") else ""
        if not mail or one.name == mail:
            return mail or quote(one.name)
        return f"{quote(one.name)} <{mail}>"

    found = {
        "subject": _quiet(lambda: message.subject),
        "from": _quiet(lambda: message.sender or message.properties.str_prop_value(_PID_SENDER)),
        "to": _quiet(lambda: ", ".join(address(r) for r in message.recipients)),
        "date": _quiet(lambda: message.sent_date.isoformat()),
        "message-id": _quiet(lambda: message.properties.str_prop_value(_PID_ID)),
    }
    return {k: str(v).strip() for k, v in found.items() if v and str(v).strip()}
