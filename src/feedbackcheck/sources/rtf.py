"""Rich text: what Word and Outlook keep inside messages, read as plain text.

Outlook's compressed form (LZFu, MS-OXRTFCP) is unpacked here too. Only text is wanted, so styles, pictures and tables
are passed over; HTML that Outlook wrapped in RTF (``\\fromhtml``) comes out as the text it shows.
"""

from __future__ import annotations

import re
import struct

from feedbackcheck.errors import MalformedSourceError
from feedbackcheck.lazy import lazy_re
from feedbackcheck.sources.finish import Draft
from feedbackcheck.sources.mapped import Mapped
from feedbackcheck.sources.unwrap import unwrap
from feedbackcheck.sources.word import paragraph_starts

__all__ = ["read_rtf", "rtf_text", "unpack_lzfu", "without_binary"]

_PREBUF = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    b"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_MAX_UNPACKED = 20 * 1024 * 1024


def unpack_lzfu(data: bytes) -> bytes:
    """Unpack compressed RTF.

    Raises:
        ValueError: it is damaged.
    """
    if len(data) < 16:
        raise ValueError("too short")
    size, raw_size, kind = struct.unpack("<III", data[:12])
    if kind == 0x414C454D:  # «MELA»: stored
        return data[16 : 16 + raw_size]
    if kind != 0x75465A4C:
        raise ValueError("not compressed RTF")
    if raw_size > _MAX_UNPACKED:
        raise ValueError("too large")
    window = bytearray(4096)
    window[: len(_PREBUF)] = _PREBUF
    write = len(_PREBUF)
    out = bytearray()
    at, stop = 16, min(len(data), size + 4)
    while at < stop and len(out) < raw_size:
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= stop:
                break
            if control & (1 << bit):
                if at + 1 >= stop:
                    return bytes(out)
                reference = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write:
                    return bytes(out)
                for i in range(length):
                    byte = window[(offset + i) & 4095]
                    out.append(byte)
                    window[write] = byte
                    write = (write + 1) & 4095
            else:
                byte = data[at]
                at += 1
                out.append(byte)
                window[write] = byte
                write = (write + 1) & 4095
    return bytes(out[:raw_size])


_TOKEN = lazy_re(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z0-9\r\n])|\\\r?\n|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_DESTINATIONS = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "headerl", "headerr", "headerf", "footerl", "footerr", "footerf", "footnote", "themedata", "colorschememapping", "datastore",
    "latentstyles", "listtable", "listoverridetable", "generator", "fldinst", "xe", "tc", "bkmkstart", "bkmkend", "rsidtbl", "mmathPr", "pntext", "pntxta", "pntxtb", "revtbl", "filetbl", "nonshppict", "wgrffmtfilter", "xmlnstbl",
})  # fmt: skip
#: Properties of letters that nobody sees: hidden, and deleted with changes tracked.
_UNSEEN = frozenset({"v", "deleted"})
_SPECIAL = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\n", "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip


_BINARY = re.compile(rb"\\(?:bin(\d{1,10})(?![\d-]) ?|[^b]|b(?!in-?\d))", re.DOTALL)


def without_binary(rtf: bytes) -> bytes:
    """The document without the raw bytes of pictures and objects (``\\bin``), which may hold any letter and brace."""
    if b"\\bin" not in rtf:
        return rtf
    pieces: list[bytes] = []
    done = at = 0
    while (match := _BINARY.search(rtf, at)) is not None:
        at = match.end()
        if match[1] is not None:
            pieces.append(rtf[done : match.start()])
            done = at = min(len(rtf), at + int(match[1]))
    return b"".join(pieces) + rtf[done:]


def rtf_text(rtf: str) -> str:
    """The words of an RTF document. Lenient: what is not understood is passed over.

    Text that is hidden, or deleted while changes were tracked, is no part of the letter.
    """
    codepage = "cp1252"
    match = re.search(r"\\ansicpg(\d+)", rtf[:2000])
    if match:
        codepage = f"cp{match[1]}" if match[1] != "65001" else "utf-8"
    from_html = "\\fromhtml" in rtf[:2000]
    out: list[str] = []
    pending = bytearray()
    stack: list[tuple[bool, int, bool, frozenset[str]]] = []
    skipped, unicode_skip, in_html_rtf = False, 1, False
    unseen: frozenset[str] = frozenset()
    to_skip = 0

    def flush() -> None:
        if pending:
            try:
                out.append(pending.decode(codepage, "replace"))
            except LookupError:
                out.append(pending.decode("cp1252", "replace"))
            pending.clear()

    for token in _TOKEN.finditer(rtf):
        word, number, hexed, symbol, brace, text = token.groups()
        if hexed is not None:
            if to_skip:
                to_skip -= 1
            elif not skipped and not in_html_rtf and not unseen:
                pending.append(int(hexed, 16))
            continue
        if brace == "{":
            flush()
            stack.append((skipped, unicode_skip, in_html_rtf, unseen))
            to_skip = 0
        elif brace == "}":
            flush()
            if stack:
                skipped, unicode_skip, in_html_rtf, unseen = stack.pop()
            to_skip = 0
        elif word is not None:
            if word == "htmlrtf":
                flush()
                in_html_rtf = number != "0"
            elif word in _DESTINATIONS:
                skipped = True
            elif word == "htmltag":
                skipped = True
                # Tags that break lines are all that is left of the HTML.
                rest = rtf[token.end() : token.end() + 40].lower()
                if re.match(r"\s*</?(?:p|div|br|tr|li|h\d|table)\b", rest):
                    flush()
                    out.append("\n")
            elif word in _UNSEEN and not from_html:
                flush()
                unseen = unseen - {word} if number == "0" else unseen | {word}
            elif word == "plain":
                flush()
                unseen = frozenset()
            elif word == "uc":
                unicode_skip = int(number or 1)
            elif word == "u" and number is not None:
                flush()
                if not skipped and not in_html_rtf and not unseen:
                    out.append(chr(int(number) % 65536))
                to_skip = unicode_skip
            elif word in _SPECIAL and not skipped and not in_html_rtf and not unseen:
                flush()
                if not (from_html and word in ("par", "line")):
                    out.append(_SPECIAL[word])
        elif symbol is not None:
            flush()
            if symbol == "*":
                skipped = True
            elif skipped or in_html_rtf or unseen:
                continue
            elif symbol == "~":
                out.append(" ")
            elif symbol == "_":
                out.append("-")
            elif symbol in "\\{}":
                out.append(symbol)
        elif text is not None:
            flush()
            if to_skip:
                text, to_skip = text[to_skip:], max(0, to_skip - len(text))
            if not skipped and not in_html_rtf and not unseen:
                out.append(text)
    flush()
    joined = "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<![ \t])[ \t]++\n", "\n", joined)).strip()


def read_rtf(source: str, *, name: str = "") -> Draft:
    """A draft in an .rtf file; places are told by paragraph."""
    if not source.lstrip().startswith("{\\rtf"):
        raise MalformedSourceError("Filen er ikke RTF", where=name or None, fix="Lagre brevet som .docx.")
    text = rtf_text(source)
    return Draft(unwrap(Mapped.whole(text)), text, "rtf", part="paragraph", paragraphs=paragraph_starts(text))
