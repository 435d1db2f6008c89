"""From files to messages: a reader a format, one registry by suffix and by content.

``read_path``, ``read_bytes`` and ``read_text`` are the doors; everything behind them is loaded when first needed, so
that importing this room costs nothing. A reader finds the text that the recipient will read, keeps the map back to the
source, and hands over a :class:`~feedbackcheck.sources.finish.Draft`; ``finish`` makes the message.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from feedbackcheck.errors import (
    EmptySourceError,
    SourceError,
    SourceTooLargeError,
    UnsupportedSourceError,
    reason,
)
from feedbackcheck.message import Context, Message
from feedbackcheck.sources.walk import SUFFIXES, TEMPLATE_SUFFIXES, iter_files

if TYPE_CHECKING:
    from feedbackcheck.sources.finish import Draft

__all__ = [
    "MAX_BYTES",
    "MAX_LETTERS",
    "SUFFIXES",
    "encode_like",
    "iter_files",
    "kind_of",
    "not_endless",
    "read_bytes",
    "read_limited",
    "read_path",
    "read_stream",
    "read_text",
    "read_texts",
]

#: No letter is larger; attached pictures and Outlook's markup included.
MAX_BYTES = 10 * 1024 * 1024
#: Containers may carry attachments that are not read.
MAX_CONTAINER_BYTES = 40 * 1024 * 1024
#: Letters (code points) of one message. A rejection has 300 to 5,000 and a long call script 20,000; what has ten times
#: that is a book or a log, which would take long to check and whose findings nobody would read.
MAX_LETTERS = 200_000
#: Plain text and Markdown are nearly all letters, so that they need not be read to know it.
MAX_TEXT_BYTES = 4 * MAX_LETTERS

_KINDS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".mjml": "mjml", ".docx": "docx", ".dotx": "docx", ".docm": "docx", ".dotm": "docx", ".eml": "eml", ".msg": "msg", ".oft": "msg",
    ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".rtf": "rtf",
}  # fmt: skip
_CONTAINERS = ("docx", "eml", "msg")
_UNSUPPORTED = {
    ".pdf": "Lagre brevet som .docx eller tekst.",
    ".doc": "Lagre det som .docx.",
    ".dot": "Lagre det som .dotx.",
    ".odt": "Lagre det som .docx.",
    ".pages": "Lagre det som .docx.",
    ".xls": "Lagre teksten for seg.",
    ".xlsx": "Bruk «feedbackcheck review» for regneark.",
    ".csv": "Bruk «feedbackcheck review» for tabeller.",
    ".parquet": "Bruk «feedbackcheck review» for tabeller.",
    ".mbox": "Bruk «feedbackcheck review» for postbokser.",
    ".pst": "Bruk «feedbackcheck review», eller eksporter meldingene som .msg.",
    ".jsonl": "Bruk «feedbackcheck review» for JSON-linjer.",
}


def kind_of(name: str, head: bytes = b"") -> str:
    """The reader for a file: ``text``, ``markdown``, ``html``, ``mjml``, ``docx``, ``eml``, ``msg``, ``rtf``, ``json``, ``yaml``.

    Args:
        name: file name; its suffix decides if it is known («avslag.html.j2» is HTML).
        head: the first bytes, for names that say nothing.

    Raises:
        UnsupportedSourceError: a kind of file that has no reader here; says what to do instead.
    """
    path = Path(name)
    suffixes = [s.lower() for s in path.suffixes[-3:]]
    while suffixes and suffixes[-1] in TEMPLATE_SUFFIXES:
        suffixes.pop()
    suffix = suffixes[-1] if suffixes else ""
    if suffix in _KINDS:
        kind = _KINDS[suffix]
        # A mail saved as text, or a web page saved as .docx, is what it is; other suffixes are believed.
        if (
            kind == "docx"
            and head
            and not head.startswith(b"PK")
            and not head.startswith(b"\xd0\xcf\x11\xe0")
        ):
            return _kind_of_content(head) if _kind_of_content(head) in ("html", "rtf") else kind
        return kind
    if suffix in _UNSUPPORTED:
        raise UnsupportedSourceError(
            f"Filer av typen {suffix} kan ikke sjekkes", where=name, fix=_UNSUPPORTED[suffix]
        )
    return _kind_of_content(head)


def _kind_of_content(head: bytes) -> str:
    import re

    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    lowered = start[:1024].lower()
    if head.startswith(b"PK\x03\x04"):
        return "docx" if b"word/" in head or b"[Content_Types].xml" in head[:4096] else "text"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "msg"
    if lowered.startswith(b"{\\rtf"):
        return "rtf"
    if b"<mjml" in lowered:
        return "mjml"
    if lowered.startswith((b"<!doctype html", b"<html", b"<?xml", b"<!--[if")) or re.match(
        rb"<(?:p|div|table|body|head|span|meta|style|h[1-6]|br|center|font)\b[^<>]*>", lowered
    ):
        return "html"
    if re.match(
        rb"(?:(?:return-path|received|from|to|subject|date|mime-version|message-id|delivered-to|x-[\w-]+|content-type):[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2,}",
        start,
        re.IGNORECASE,
    ) and re.search(
        rb"^(?:mime-version|message-id|received|content-type|return-path):",
        start,
        re.IGNORECASE | re.MULTILINE,
    ):
        return "eml"
    if re.match(rb"---[ \t]*\r?\n[\w\"'#-]", start) or re.match(rb"\+\+\+[ \t]*\r?\n", start):
        return "markdown"
    if re.search(rb"</(?:p|div|td|body|html)>", lowered):
        return "html"
    return "text"


def read_limited(path: Path) -> bytes:
    """The bytes of a file, if it is there, can be read, and is no larger than a letter can be.

    Raises:
        SourceError, SourceTooLargeError: says what is wrong.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise SourceError(
                "Stien er en mappe, ikke en fil",
                where=name,
                fix="Oppgi filene i den, eller hele mappen til «check».",
            )
        size = path.stat().st_size
        _check_size(size, name)
        with path.open("rb") as file:
            # A device or a growing file has no honest size; never read past the limit.
            data = file.read(MAX_CONTAINER_BYTES + 1)
    except FileNotFoundError:
        raise SourceError("Filen finnes ikke", where=name, fix="Sjekk stien.") from None
    except PermissionError:
        raise SourceError("Ingen rett til å lese filen", where=name, fix="Sjekk rettighetene.") from None
    except OSError as error:
        raise SourceError(f"Filen kan ikke leses ({reason(error)})", where=name, fix="Sjekk stien.") from None
    _check_size(len(data), name)
    return data


def read_stream(stream: BinaryIO) -> bytes:
    """What stands on standard input, and no more of it than shows that it is too large."""
    return stream.read(MAX_CONTAINER_BYTES + 1)


def _check_size(size: int, name: str) -> None:
    suffix = Path(name).suffix.lower()
    limit = MAX_CONTAINER_BYTES if _KINDS.get(suffix) in _CONTAINERS else MAX_BYTES
    if size > limit:
        raise SourceTooLargeError(
            f"Filen er på {size / 1_048_576:.0f} MB, mer enn grensen på {limit // 1_048_576} MB", where=name,
            fix="Oppgi bare brevet, eller bruk «feedbackcheck review» for mange.",
        )  # fmt: skip


def _endless(size: str, name: str) -> SourceTooLargeError:
    return SourceTooLargeError(
        f"Teksten er for lang for et brev ({size}; grensen er {_thousands(MAX_LETTERS)} tegn)",
        where=name or None, fix="Legg hvert brev i en fil for seg.",
    )  # fmt: skip


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def not_endless(message: Message) -> Message:
    """The message, if it may be a letter.

    Raises:
        SourceTooLargeError: its text is longer than :data:`MAX_LETTERS`.
    """
    if len(message.text) > MAX_LETTERS:
        raise _endless(f"{_thousands(len(message.text))} tegn", message.path or "")
    return message


def read_path(path: Path | str, *, context: Context | None = None) -> list[Message]:
    """Read a file.

    Returns:
        At least one message; data files (JSON, YAML) give one a letter that they hold.

    Raises:
        SourceError: the file cannot be read as a message; every subclass says what is wrong, where, and what to do.
        ContextError: front matter with a wrong value.
    """
    path = Path(path)
    return read_bytes(read_limited(path), name=str(path), context=context)


def read_bytes(
    data: bytes, *, name: str, kind: str | None = None, context: Context | None = None
) -> list[Message]:
    """Read a file's bytes; ``name`` decides the format if ``kind`` does not."""
    _check_size(len(data), name)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise EmptySourceError("Filen er tom", where=name, fix="Skriv brevet, eller oppgi en annen fil.")
    kind = kind or kind_of(name, data[:4096])
    if kind in ("docx", "msg", "eml"):
        from feedbackcheck.sources.finish import finish

        return [finish(_container(kind, data, name), name=name, known={"context": context})]
    from feedbackcheck.sources.encoding import decode, looks_binary

    if kind in ("text", "markdown") and len(data) > MAX_TEXT_BYTES and looks_binary(data) is None:
        raise _endless(f"{len(data) / 1_000_000:.0f} MB tekst", name)
    if kind == "rtf":
        from feedbackcheck.sources.rtf import without_binary

        data = without_binary(data)
    text = decode(data, name=name)
    messages = read_texts(str(text), name=name, kind=kind, context=context)
    if text.notice is None:
        return messages
    from dataclasses import replace

    return [replace(m, notices=(*m.notices, text.notice + ".")) for m in messages]


def _container(kind: str, data: bytes, name: str) -> Draft:
    if kind == "docx":
        from feedbackcheck.sources.word import read_word

        return read_word(data, name=name)
    if kind == "msg":
        from feedbackcheck.sources.outlook import read_outlook

        return read_outlook(data, name=name)
    from feedbackcheck.sources.mail import read_mail

    return read_mail(data, name=name)


def read_texts(text: str, *, name: str = "", kind: str | None = None, **known: Any) -> list[Message]:
    """Read decoded content: one message, or for JSON and YAML one a letter in it."""
    from feedbackcheck.sources.finish import finish

    kind = kind or kind_of(name, text[:4096].encode("utf-8", "replace"))
    if kind in ("json", "yaml"):
        from feedbackcheck.sources.strings import read_strings

        out = []
        lines: list[int] = []
        for index, draft in enumerate(read_strings(text, kind, name=name)):
            message = finish(
                draft,
                name=name,
                known={**known, "id": known.get("id") or draft.part or str(index), "_lines": lines},
            )
            out.append(message)
        return out
    return [finish(_draft(text, kind, name), name=name, known=known)]


def read_text(text: str, *, name: str = "", kind: str | None = None, **known: Any) -> Message:
    """Read decoded content as one message.

    Args:
        text: content of a draft, as an editor or a text field holds it.
        name: its file name, if it has one; tells the format.
        kind: the format, if known («text», «markdown», «html» …).
        known: fields of :class:`Message` that the caller decides (``id``, ``stage``, ``mode``, ``language``, ``context``).

    Raises:
        SourceError: it cannot be read in its format.
    """
    return read_texts(text, name=name, kind=kind, **known)[0]


def _draft(text: str, kind: str, name: str) -> Draft:
    if kind in ("html", "mjml"):
        from feedbackcheck.sources.html import read_html

        return read_html(text, name=name, kind=kind)
    if kind == "markdown":
        from feedbackcheck.sources.markdown import read_markdown

        return read_markdown(text, name=name)
    if kind == "rtf":
        from feedbackcheck.sources.rtf import read_rtf

        return read_rtf(text, name=name)
    if kind == "eml":
        from feedbackcheck.sources.mail import read_mail

        return read_mail(text.encode("utf-8"), name=name)
    if kind not in ("text",):
        raise UnsupportedSourceError(f"Formatet «{kind}» kan ikke leses som tekst", where=name or None)
    from feedbackcheck.sources.plain import read_plain

    return read_plain(text, name=name)


def encode_like(text: str, path: Path) -> bytes:
    """Encode changed content the way the file it replaces is encoded (byte-order mark included)."""
    return encode_like_bytes(text, read_limited(path), name=str(path))


def encode_like_bytes(text: str, data: bytes, *, name: str = "") -> bytes:
    """Encode ``text`` the way ``data`` is encoded (byte-order mark included)."""
    import codecs

    from feedbackcheck.sources.encoding import decode, encode_as

    encoding = decode(data, name=name).encoding
    if encoding in ("utf-16", "utf-32"):
        # Python would write the machine's own byte order, whichever the file has.
        order = "be" if data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) else "le"
        return f"\ufeff{text}".encode(f"{encoding}-{order}")
    # A page may say which encoding it has, and can write any letter as a reference.
    return encode_as(text, encoding, markup=kind_of(name, data[:4096]) in ("html", "mjml"))
