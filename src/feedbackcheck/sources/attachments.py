"""The letter in an attachment: «Se vedlagt svarbrev», and the mail itself says no more.

Common where letters are written in an archive system. An attachment is taken for the letter only where the mail has no
words of its own or is a cover note, and the attachment reads like a letter. PDF is told of, not read: no reader of it is
small, permissive and safe enough for mail from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.message import Message as EmailBase
from functools import partial
from pathlib import PurePosixPath

from feedbackcheck.errors import (
    AttachedLetterError,
    EmptySourceError,
    MalformedSourceError,
    SourceError,
    SourceTooLargeError,
)
from feedbackcheck.lazy import lazy_re
from feedbackcheck.sources.mail import Body, as_mail, body_of, draft_of_body, leaves

__all__ = ["Attachment", "attached_letter", "letter_of"]

#: Letters are small; a larger attachment is none.
_MOST = 20 << 20
_TRIED = 5
#: Letters in a file that holds more are no letter to one person.
_LONGEST = 200_000
_WORD = frozenset([".docx", ".docm", ".dotx", ".dotm"])
_READ = _WORD | frozenset([".txt", ".text", ".md", ".html", ".htm", ".rtf"])
_UNREAD = frozenset([".pdf", ".doc", ".dot", ".odt", ".ott", ".pages", ".wps", ".xps"])
_TYPES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template": ".dotx",
    "application/vnd.ms-word.document.macroenabled.12": ".docm",
    "application/pdf": ".pdf", "application/x-pdf": ".pdf", "application/msword": ".doc",
    "application/vnd.oasis.opendocument.text": ".odt", "application/rtf": ".rtf", "text/rtf": ".rtf",
    "text/plain": ".txt", "text/html": ".html",
}  # fmt: skip
_LETTER_NAME = lazy_re(
    r"svar|brev|avslag|vedtak|tilbakemeld|beskjed|melding|orienter|informasjon|søknad|soknad", re.IGNORECASE
)
_NO_LETTER_NAME = lazy_re(
    r"\bcv\b|^att\d+\.|vitnem|attest|utlysning|annonse|brosjyre|personvern|signatur|kart|veibeskriv",
    re.IGNORECASE,
)
_POINTS = lazy_re(
    r"\bvedlegg\w*|\bvedlagt\w*|\bvedlagd\w*|\blegg(?:er|es)?\s+ved\b|\bligg(?:er|j)?\s+ved\b|\bse\s+(?:svar)?brev|\battach(?:ed|ment)\w*|\benclosed\b",
    re.IGNORECASE,
)
_REFUSES = lazy_re(
    r"\bdessverre\b|\bdiverre\b|\bavsl[aå]\w*|\bbeklag\w*|\bgått\s+videre\b|\bgått\s+vidare\b|\btakke(?:r)?\s+nei\b|\bbesatt\b|\bikk?j?e\s+(?:fått|aktuell|nådd|blitt|vært)\b|\bunfortunately\b",
    re.IGNORECASE,
)
_ADDRESSES = lazy_re(
    r"\b(?:du|deg|din|ditt|dine|di|søk\w+|stilling\w*|kandidat\w*|hilsen|helsing|you|your)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail: its name and type as the mail says them, where it stands, and its bytes."""

    name: str
    type: str
    number: str
    data: Callable[[], bytes]

    @property
    def suffix(self) -> str:
        """What kind of file it is; its name says it better than its type, which many senders leave at octet-stream."""
        suffix = PurePosixPath(self.name.replace("\\", "/")).suffix.lower()
        return suffix if suffix in _READ or suffix in _UNREAD else _TYPES.get(self.type.lower(), suffix)


def letter_of(message: EmailBase, *, name: str = "", strict: bool = False) -> Body:
    """The body of a mail, or of the attachment that holds its letter.

    Args:
        strict: a cover note is no letter, so one whose letter cannot be read is an error too.

    Raises:
        AttachedLetterError: the letter is in a file that is not read (PDF …).
        SourceError: no text, or a broken mail or attachment.
    """
    problem: SourceError | None = None
    body: Body | None = None
    try:
        body = body_of(message, name=name)
    except EmptySourceError as error:
        problem = error
    found = attached_letter(body, _files(message), name=name, strict=strict)
    if found is not None:
        return found
    if body is None:
        raise problem or EmptySourceError("E-posten har ingen tekst", where=name or None)
    return body


def _files(message: EmailBase) -> list[Attachment]:
    out = []
    for number, part in leaves(message):
        if part is message:
            continue
        named = part.get_filename() or ""
        kind = part.get_content_type()
        if (
            named
            or part.get_content_disposition() == "attachment"
            or (kind in _TYPES and not kind.startswith("text/"))
        ):
            out.append(Attachment(str(named), kind, number, partial(_payload, part)))
    return out


def _payload(part: EmailBase) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def attached_letter(
    body: Body | None, files: Sequence[Attachment], *, name: str = "", strict: bool = False
) -> Body | None:
    """The letter among the files of a mail; None where the mail itself is the letter.

    Args:
        body: of the mail, if it has any.
        strict: as in :func:`letter_of`.

    Raises:
        AttachedLetterError: the letter is in a file that is not read, and there is nothing else, or ``strict``.
        SourceError: the file that should hold the letter is broken or hostile.
    """
    files = [f for f in files if f.suffix in _READ or f.suffix in _UNREAD]
    if not files:
        return None
    words = _words(body)
    if not _is_cover(words):
        return None
    count = len(words.split())
    readable = [f for f in files if f.suffix in _READ and not _NO_LETTER_NAME.search(f.name)]
    problem: SourceError | None = None
    # Named as a letter first, and Word before the rest, which may be a footer's text file.
    for file in sorted(readable, key=lambda f: (not _LETTER_NAME.search(f.name), f.suffix not in _WORD))[
        :_TRIED
    ]:
        try:
            found = _read(file, name)
        except SourceError as error:
            problem = problem or error
            continue
        if found is not None and len(found.text.split()) > count:
            return found
    if problem is not None and (strict or not count):
        raise MalformedSourceError(
            f"Vedlegget kan ikke leses: {problem.what}", where=name or None, fix=problem.fix
        )
    unread = [f for f in files if f.suffix in _UNREAD]
    # A note that says no by itself, in some words, is judged as it stands.
    if unread and (not count or (strict and not (_REFUSES.search(words) and count > 25))):
        raise AttachedLetterError(unread[0].suffix, where=name or None)
    return None


def _words(body: Body | None) -> str:
    """What a mail's body says without history and footers."""
    from feedbackcheck.sources.finish import finish

    if body is None:
        return ""
    try:
        return finish(as_mail(draft_of_body(body), {}, "eml")).text
    except EmptySourceError:
        return ""


def _is_cover(words: str) -> bool:
    """True for a note that sends the reader on to the attachment, or says next to nothing."""
    count = len(words.split())
    if _POINTS.search(words):
        return count <= 60
    return count <= 25 and not _REFUSES.search(words)


def _read(file: Attachment, name: str) -> Body | None:
    """A file as a body, if it reads like a letter."""
    data = file.data()
    if not data or len(data) > _MOST:
        return None
    suffix, part = file.suffix, f"{file.number} {file.suffix}"
    if suffix in _WORD:
        from feedbackcheck.sources.word import read_word

        made = Body(read_word(data, name=name).source, "text", part)
    else:
        from feedbackcheck.sources.encoding import decode

        text = str(decode(data, name=name)).replace("\r\n", "\n").replace("\r", "\n")
        if suffix == ".rtf":
            from feedbackcheck.sources.rtf import rtf_text

            text = rtf_text(text)
        made = Body(text, "html" if suffix in (".html", ".htm") else "text", part)
    if len(made.text) > _LONGEST:
        raise SourceTooLargeError("Teksten er for lang til å være et brev", fix="Lagre bare brevet i en fil.")
    words = _words(made)
    if len(words.split()) < 15 or not _ADDRESSES.search(words):
        return None
    return replace(made, notices=(f"Teksten er lest fra vedlegget ({suffix}).",))
