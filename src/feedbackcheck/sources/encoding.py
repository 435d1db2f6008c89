"""From bytes to text: the encoding is found, or the reader says why it cannot be.

Byte-order marks and valid UTF-8 decide nearly always. What is left in Norwegian offices is Windows-1252, UTF-16 from
«Unicode text» exports, and now and then a DOS or Macintosh code page; the Norwegian letters tell these apart better
than statistics do on a letter of a hundred words, so charset-normalizer is only asked when they are silent.
"""

from __future__ import annotations

import codecs
import re

from feedbackcheck.errors import BinarySourceError, SourceEncodingError, UnsupportedSourceError

__all__ = ["Decoded", "decode", "looks_binary"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What a file really is, told by its first bytes: name for the user, and what to do.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "en PDF", "Lagre brevet som .docx eller tekst."),
    (b"\x89PNG", "et bilde", "Oppgi selve teksten."),
    (b"\xff\xd8\xff", "et bilde", "Oppgi selve teksten."),
    (b"GIF8", "et bilde", "Oppgi selve teksten."),
    (b"\x1f\x8b", "en komprimert fil", "Pakk den ut først."),
    (b"7z\xbc\xaf", "en komprimert fil", "Pakk den ut først."),
    (b"Rar!", "en komprimert fil", "Pakk den ut først."),
    (b"PK\x03\x04", "et zip-arkiv", "Pakk det ut først."),
    (b"\xd0\xcf\x11\xe0", "et eldre Office-dokument", "Lagre det som .docx."),
    (b"!BDN", "et Outlook-arkiv (.pst)", "Eksporter meldingene som .msg eller .eml."),
    (b"\x7fELF", "et program", "Oppgi en tekstfil."),
    (b"MZ\x90", "et program", "Oppgi en tekstfil."),
    (b"SQLite format 3", "en database", "Oppgi en tekstfil."),
)

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_META = re.compile(
    rb"""(?:<meta[^>]{0,120}charset\s*=\s*["']?|<\?xml[^>]{0,60}encoding\s*=\s*["'])([\w.:-]{2,30})""",
    re.IGNORECASE,
)
_CODE_PAGES = ("cp1252", "mac_roman", "cp865", "iso8859_1")
# Letters and marks that Norwegian letters hold beyond ASCII, and ones that only a wrong code page gives.
_WANTED = re.compile(r"[æøåÆØÅéèêóòôäöüÉÄÖ«»–—’‘“”…•§°½€áčđŋšŧžÁČĐŊŠŦŽ\u00a0]")
_IN_WORD = re.compile(r"[a-zæøå][æøå]|[æøå][a-zæøå]|\b[ÆØÅ][a-zæøå]|\b[åø]\b", re.IGNORECASE)


class Decoded(str):
    """Decoded text that remembers its ``encoding`` and, if some bytes were lost, a ``notice``."""

    encoding: str
    notice: str | None

    def __new__(cls, text: str, encoding: str, notice: str | None = None) -> Decoded:
        self = super().__new__(cls, text)
        self.encoding = encoding
        self.notice = notice
        return self


def looks_binary(data: bytes) -> tuple[str, str] | None:
    """What a file that is no text is, and what to do about it; None if it may be text."""
    for signature, what, fix in _SIGNATURES:
        if data.startswith(signature):
            return what, fix
    head = data[:8192]
    if len(_CONTROL.findall(head)) > len(head) * 0.01 and _utf16_guess(head) is None:
        return "en binærfil", "Oppgi en tekstfil, .html, .docx, .eml eller .msg."
    return None


def _utf16_guess(head: bytes) -> str | None:
    """UTF-16 without a byte-order mark: every other byte of ASCII text is zero."""
    if len(head) < 8:
        return None
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


_NO_CHARSETS = frozenset(
    {
        "unicode-escape",
        "raw-unicode-escape",
        "unicode_escape",
        "raw_unicode_escape",
        "idna",
        "punycode",
        "undefined",
    }
)


def decode(data: bytes, *, name: str = "", declared: str | None = None) -> Decoded:
    """Decode a file or a mail part.

    Args:
        data: the bytes.
        name: for the error message.
        declared: encoding that a header claims; believed if the bytes agree.

    Raises:
        BinarySourceError, UnsupportedSourceError: no text.
        SourceEncodingError: no encoding fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            # Programs that know bytes only end a file or a mail part with one «\n», half a letter of UTF-16.
            whole = data[:-1] if encoding == "utf-16" and len(data) % 2 and data[-1:] in b"\n\x00" else data
            try:
                return Decoded(whole.decode(encoding), encoding)
            except UnicodeDecodeError as error:
                raise SourceEncodingError(
                    f"Filen sier at den er {encoding.upper().removesuffix('-SIG')}, men byte {error.start} passer ikke",
                    where=name, fix="Lagre den på nytt som UTF-8.",
                ) from None  # fmt: skip
    binary = looks_binary(data)
    if binary is not None:
        what, fix = binary
        kind = UnsupportedSourceError if "PDF" in what or "Office" in what else BinarySourceError
        raise kind(f"Filen er {what}, ikke tekst", where=name, fix=fix)
    wide = _utf16_guess(data[:4096])
    if wide is not None:
        try:
            return Decoded(data.decode(wide), wide)
        except UnicodeDecodeError:
            pass
    if declared is not None:
        text = _as(data, declared)
        if text is not None:
            return text
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    match = _META.search(data[:2048])
    if match is not None:
        text = _as(data, match[1].decode("ascii"))
        if text is not None:
            return text
    return _nearly_utf8(data) or _code_page(data) or _asked(data, name)


def _as(data: bytes, encoding: str) -> Decoded | None:
    try:
        found = codecs.lookup(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None
    label = found.name
    # Python's own codecs that turn bytes into bytes, or text into something else, are nobody's character set.
    if not getattr(found, "_is_text_encoding", True) or label in _NO_CHARSETS:
        return None
    # What calls itself Latin-1 is Windows-1252 (the WHATWG says so too), and what calls itself ASCII is anything.
    label = "cp1252" if label in ("iso8859-1", "ascii") else label
    try:
        text = data.decode(label)
    except (UnicodeError, ValueError):
        return None
    if label == "cp1252" and _mojibake(text) and _valid_utf8(data):
        return None
    return Decoded(text, label)


def _valid_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mojibake(text: str) -> bool:
    return bool(re.search("Ã[¥¦¸˜…†\u0085\u0098\u0086]", text))


def _nearly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes (cut or pasted together) is still UTF-8."""
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    good = sum(1 for c in text if c > "\x7f") - lost
    if lost <= 3 and good >= 4 * lost:
        return Decoded(text, "utf-8", f"{lost} ugyldig{'e' if lost > 1 else ''} byte i UTF-8 er erstattet")
    return None


def _code_page(data: bytes) -> Decoded | None:
    best: tuple[float, str, str] | None = None
    for encoding in _CODE_PAGES:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        high = [c for c in text if c > "\x7f"]
        odd = sum(1 for c in high if not _WANTED.match(c))
        score = len(_IN_WORD.findall(text)) + 0.3 * (len(high) - odd) - 3 * odd
        if odd <= 0.1 * len(high) + 0.5 and (best is None or score > best[0]):
            best = (score, encoding, text)
    if best is None or best[0] <= 0:
        return None
    return Decoded(best[2], best[1])


def _asked(data: bytes, name: str) -> Decoded:
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:200_000]).best()
    if guess is not None and guess.encoding not in ("ascii",):
        try:
            text = data.decode(guess.encoding)
        except (UnicodeDecodeError, LookupError):
            text = ""
        letters = sum(1 for c in text if c.isalpha() or c.isspace())
        # Any bytes decode as some code page; a letter is mostly letters and spaces.
        if letters > 0.75 * max(1, len(text)):
            return Decoded(text, guess.encoding)
    raise SourceEncodingError("Tegnsettet er ukjent", where=name, fix="Lagre filen som UTF-8.")


def encode_as(text: str, encoding: str, *, markup: bool = False) -> bytes:
    """Encode in the encoding a file had; letters that it lacks become references in mark-up, else the file UTF-8."""
    try:
        return text.encode(encoding, "xmlcharrefreplace" if markup else "strict")
    except (UnicodeEncodeError, LookupError):
        return text.encode("utf-8")
