"""Quoted history and footers: what stands in a sent mail but is not the message.

A draft that is *only* forwarded or quoted text is not emptied: then the header block and the quotation marks go, and the
words stay.
"""

from __future__ import annotations

import re
from functools import lru_cache

from feedbackcheck.lazy import lazy_re
from feedbackcheck.sources.mapped import Edit, Mapped

__all__ = ["without_history"]

#: Fewer words than this above the quotation: the quotation is the message.
_OWN_WORDS = 4

_HEADER_KEYS = r"(?:Fra|Frå|From|Från|Von|Til|To|Till|An|Sendt|Sent|Skickat|Gesendet|Dato|Date|Datum|Emne|Subject|Ämne|Betreff|Kopi|Cc|Kopia|Svar til|Reply-To|Viktighet|Importance)"


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    return re.compile(
        r"^[ \t>*]*+(?:"
        r"[-_][-_ ]{2,}+\s*+(?:Opprinnelig melding|Opphavleg melding|Original melding|Original Message|Oprindelig meddelelse|Ursprungligt meddelande|"
        r"Videresendt melding|Vidaresend melding|Forwarded message|Videresendt|Ursprüngliche Nachricht|Begin forwarded message)[ \t]*+[-_ ]*+$"
        r"|(?:Start på videresendt melding|Begynnelse på videresendt melding|Begin forwarded message)[ \t]*+(?::[ \t]*+)?$"
        r"|(?:Den|På|On|Am|Le)\s[^\n]{6,160}?\s(?:skrev|skreiv|wrote|schrieb|a écrit)(?:\s[^\n]{0,120})?:\s*$"
        r"|[^\n]{3,80}<[^<>\n@]{1,200}+@[^<>\n@]{1,200}+>\s(?:skrev|skreiv|wrote)(?:\s[^\n]{0,80})?:\s*$"
        r"|\*?(?:Fra|Frå|From|Från)\s?:\*?\s[^\n]{2,200}\n(?=(?:[^\n]*\n){0,3}[ \t>*]*(?:Sendt|Sent|Dato|Date|Skickat|Datum)\s?:)(?:[ \t>*]*\*?"
        + _HEADER_KEYS
        + r"\s?:\*?[^\n]{0,300}\n?){1,8}"
        r")",
        re.MULTILINE | re.IGNORECASE,
    )


_RULE_BEFORE = lazy_re(r"\n[ \t]*(?:_{10,}|-{10,}|\*{10,})[ \t]*\n?\s*\Z")
_HEADER_BLOCK = lazy_re(r"\A(?:[ \t>*]*\*?" + _HEADER_KEYS + r"\s?:\*?[^\n]*\n)+", re.IGNORECASE)
_QUOTED_LINE = lazy_re(r"^[ \t]*(?:>[ \t]?)+(?=[^\n]*)|^[ \t]*\|[ \t]", re.MULTILINE)
_QUOTED_RUN = lazy_re(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)


@lru_cache(maxsize=1)
def _footers() -> re.Pattern[str]:
    return re.compile(
        r"(?:denne|dette|this)\s(?:e-?post\w*|e-?mail|melding\w*|meldinga|message|mail\w*)\b[^\n]{0,120}\b(?:konfidensiel\w*|fortroleg\w*|fortrolig\w*|confidential|taushetsbelagt\w*|teieplikt|privileged|intended (?:solely|only)|"
        r"kun (?:ment )?for (?:adressaten|mottaker\w*)|berre (?:meint )?for (?:adressaten|mottakar\w*))|"
        r"(?:dersom|hvis|om)\s(?:du|De)\s(?:har mottatt|har motteke|mottar|mottek|ikke er (?:den )?rette?)\b[^\n]{0,80}\b(?:ved en feil|ved ein feil|feilaktig|mottaker|mottakar)|"
        r"if you (?:have received|are not the intended|received)\b|(?:tenk|vennligst tenk|ta omsyn)\s(?:på|til)\smiljøet|(?:please )?(?:consider|think of) the environment|"
        r"(?:meld (?:deg|meg) av|avmeld\w*|avslutt abonnement\w*|unsubscribe|endre innstillinger for varsler|vis (?:denne )?e-posten i nettleseren|view (?:this email )?in (?:your )?browser)|"
        r"(?:sendt fra min|sendt fra|sendt frå|sent from my|hent outlook for|get outlook for|last ned outlook)\s(?:iphone|ipad|mobil\w*|android\w*|samsung\w*|outlook|e-post|my|ios)|"
        r"(?:virusfri|virus-free|sjekket for virus|scanned by|avast|mimecast)\b[^\n]{0,60}$|caution: this email|"
        r"personvernerklæring\w{0,30}\s?[:|–-]?\s?(?:https?://|www\.)\S{1,500}\s*$|(?:org\.?\s?(?:nr|nummer)\.?:?\s?(?:NO\s?)?\d{3}\s?\d{3}\s?\d{3})",
        re.IGNORECASE,
    )


_PARAGRAPH = lazy_re(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]+)*")
_DELIMITER = lazy_re(r"^-- ?$", re.MULTILINE)
_SIGNATURE_LINES = 6


def _words(text: str) -> int:
    return len(re.findall(r"\w{2,}", text))


def without_history(
    text: Mapped, *, quoted: list[tuple[int, int]] | None = None, mail: bool = False, quote_marks: bool = True
) -> tuple[Mapped, list[str]]:
    """The message without quoted history and footers, and notices of what was left out.

    Args:
        text: the message as it was read.
        quoted: runs that the format itself marks as quoted (``blockquote type=cite``, ``divRplyFwdMsg``).
        mail: sent mail, where signatures repeat and are cut after some lines.
        quote_marks: ``>`` at the start of a line marks a quotation (not in Markdown and templates).
    """
    notices: list[str] = []
    words = text.text
    runs = sorted(quoted or [])
    if quote_marks and ">" in words:
        runs += [(m.start(), m.end()) for m in _QUOTED_RUN.finditer(words)]
    mark = _first_mark(words)
    if mark is not None:
        runs.append((mark, len(words)))
    if runs:
        edits = _merge(runs)
        left = text.edit([(a, b, "") for a, b in edits])
        if _words(left.text) >= _OWN_WORDS:
            text = left
            notices.append("Sitert historikk er utelatt.")
        else:
            text = _unquote(text, mark)
            notices.append("Meldingen er videresendt eller sitert: hodet er utelatt, teksten er sjekket.")
    return _without_footers(text, notices, mail)


def _first_mark(words: str) -> int | None:
    match = _marks().search(words)
    if match is None:
        return None
    # A line drawn above the header block belongs to it.
    rule = _RULE_BEFORE.search(words, max(0, match.start() - 400), match.start())
    return rule.start() if rule else match.start()


def _merge(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(runs):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _unquote(text: Mapped, mark: int | None) -> Mapped:
    if mark is not None:
        match = _marks().search(text.text)
        end = match.end() if match else mark
        edits: list[Edit] = [(0, end, "")]
        header = _HEADER_BLOCK.match(text.text[end:].lstrip("\n\r "))
        skipped = len(text.text[end:]) - len(text.text[end:].lstrip("\n\r "))
        if header:
            edits = [(0, end + skipped + header.end(), "")]
        rest = text.edit(edits)
        if _words(rest.text) < _OWN_WORDS:
            return text
        text = rest
        again = _first_mark(text.text)
        if again is not None and _words(text.text[:again]) >= _OWN_WORDS:
            text = text.edit([(again, len(text.text), "")])
    return text.edit([(m.start(), m.end(), "") for m in _QUOTED_LINE.finditer(text.text) if ">" in m.group()])


def _without_footers(text: Mapped, notices: list[str], mail: bool) -> tuple[Mapped, list[str]]:
    words = text.text
    edits: list[Edit] = []
    paragraphs = list(_PARAGRAPH.finditer(words))
    for index in range(len(paragraphs) - 1, 0, -1):
        paragraph = paragraphs[index]
        if index < len(paragraphs) - 12:
            break
        lines = list(re.finditer(r"[^\n]+", paragraph.group()))
        hits = [line for line in lines if _footers().search(line.group())]
        if not hits:
            continue
        start = paragraph.start() + hits[0].start()
        # A disclaimer runs to the end of its paragraph, also over hard-wrapped lines.
        if hits[0] is lines[0] or len(paragraph.group()) - hits[0].start() > 0:
            edits.append((start, paragraph.end(), ""))
    edits.reverse()
    if edits and _words(text.edit(edits).text) >= _OWN_WORDS:
        text = text.edit(edits)
        notices.append("Bunntekst er utelatt.")
    if mail:
        match = next(reversed(list(_DELIMITER.finditer(text.text))), None)
        if match is not None and _words(text.text[: match.start()]) >= _OWN_WORDS:
            lines = [m for m in re.finditer(r"[^\n]+", text.text[match.end() :]) if m.group().strip()]
            cut: list[Edit] = [(match.start(), match.end(), "")]
            if len(lines) > _SIGNATURE_LINES:
                cut.append((match.end() + lines[_SIGNATURE_LINES].start(), len(text.text), ""))
                notices.append("En lang signatur er forkortet.")
            text = text.edit(cut)
    return text, notices
