"""HTML and MJML: what a mail program would show, mapped to the tags' source.

A single expression takes the tokens that nearly all mark-up consists of, and knows where each begins; what it does not
know (an attribute without its closing quote, odd declarations) goes to the standard library's parser, which takes any
tag soup as browsers do. Template logic is masked first, so that a ``>`` inside ``{% if a > b %}`` closes no tag.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

from feedbackcheck.sources.css import hides, size_of_letters
from feedbackcheck.sources.directives import Comment
from feedbackcheck.sources.finish import Draft
from feedbackcheck.sources.front_matter import read_front_matter
from feedbackcheck.sources.logic import find_logic, logic_edits
from feedbackcheck.sources.mapped import Builder
from feedbackcheck.sources.merge_fields import role_of

__all__ = ["read_html", "visible_text", "without_raw"]

# Private-use characters stand in for template syntax while the HTML is parsed; the text is copied from the source.
_HOLE, _LESS, _MORE = "\ue000", "\ue001", "\ue002"

_SKIPPED = frozenset({
    "script", "style", "head", "title", "template", "svg", "object", "noscript", "audio", "video", "canvas", "select", "math", "iframe",
    "mj-head", "mj-preview", "mj-style", "mj-attributes", "mj-title", "mj-font", "mj-breakpoint", "xml",
})  # fmt: skip
_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "mj-image",
        "mj-spacer",
        "mj-divider",
    }
)
_SPACED = frozenset(
    {
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "table",
        "blockquote",
        "pre",
        "dl",
        "mj-text",
        "mj-section",
        "hr",
        "fieldset",
        "figure",
    }
)
_BLOCKS = frozenset({
    "div", "li", "tr", "td", "th", "section", "article", "header", "footer", "main", "aside", "nav", "address", "center", "body", "html", "form", "dt", "dd", "caption",
    "tbody", "thead", "tfoot", "figcaption", "mj-column", "mj-body", "mj-wrapper", "mj-table", "mj-button", "mj-raw", "mj-group", "mj-hero", "mjml", "details", "summary", "option",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "button", "picture", "map", "nobr", "menu", "dir", "meter", "output", "progress", "textarea", "slot", "param", "frame", "marquee", "ruby", "rt", "rp",
})  # fmt: skip
_QUOTE_CLASS = re.compile(
    r"\b(?:gmail_quote|gmail_quote_container|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|gmail_attr)\b"
)
_QUOTE_TO_END = re.compile(
    r"\b(?:divRplyFwdMsg|appendonsend|x_divRplyFwdMsg|reply-intro|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION)\b"
)
_PREHEADER = re.compile(r"\bpre-?header\b", re.IGNORECASE)
_RUN = re.compile(r"[^ \t\r\n\f]+(?: [^ \t\r\n\f]+)*")
_NO_HOLE = re.compile(f"[^{_HOLE}]+")
_FIELD = re.compile(
    r"\{\{\{?[^{}\n]{1,200}\}\}\}?|\$\{[^{}\n]{1,100}\}|<%[=-][^\n]{1,160}?%>|\{[!$]?[\w.\->]{1,60}\}|<<[^<>\n]{1,200}>>"
)


@dataclass(frozen=True, slots=True)
class _Tag:
    """What a start tag means, wherever it stands; worked out once for each way of writing it."""

    name: str
    hides: bool = False  # nothing in it is shown
    quotes: str = ""  # "inside" or "to-end": what it holds, or all that follows, is quoted history
    breaks: int = 0  # line breaks before it
    tight: bool = (
        False  # Word's own paragraphs stand close; a blank line between them is a paragraph of its own
    )
    size: str = ""  # of its letters: "none", "some" or, where nothing is said, ""
    field: bool = False  # «<fornavn>», a merge field that somebody wrote without escaping it


#: The tokens of well-formed mark-up. Every quantifier is possessive: an odd tag costs one look, never a search.
_TOKEN = re.compile(
    r"(?P<text>[^<&]++)"
    r"|</(?P<close>[a-zA-Z][^\s/<>]*+)\s*+>"
    r"|(?P<open><(?P<name>[a-zA-Z][^\s/<>\x00]*+)(?P<attributes>(?:(?:\s++|/(?!>)|(?<=[\"']))"
    r"[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>=`]++))?+)*+)\s*+(?P<closed>/?+)>)"
    r"|(?P<reference>&)"
    r"|<!--(?P<comment>(?!-?>)(?:[^-]++|-(?!->))*+)-->"
    r"|<!(?:(?i:doctype)\b[^>]*+|\[(?:if|else|endif)\b[^\]<>]*+\])>"
    r"|(?P<less><)(?![a-zA-Z/!?])(?=.)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>=`]++)))?+",
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9a-fA-F]{1,8}|[a-zA-Z][a-zA-Z0-9]{0,31});?")
_TIGHT = re.compile(r"margin(?:-bottom)?\s*:\s*0(?!\.)")


def _attributes(raw: str) -> dict[str, str | None]:
    given: dict[str, str | None] = {}
    for match in _ATTRIBUTE.finditer(raw):
        value = match[2] if match[2] is not None else match[3] if match[3] is not None else match[4]
        given[match[1].lower()] = unescape(value) if value and "&" in value else value
    return given


def _tag(name: str, given: dict[str, str | None]) -> _Tag:
    """What a start tag means."""
    if name not in _VOID and (name in _SKIPPED or _hidden(given)):
        return _Tag(name, hides=True)
    size = size_of_letters(given.get("style") or "")
    quotes = ""
    if name == "hr":
        quotes = "to-end" if given.get("id") == "stopSpelling" else ""
    elif name not in _VOID:
        marks = f"{given.get('id') or ''} {given.get('class') or ''}"
        if _QUOTE_TO_END.search(marks):
            quotes = "to-end"
        elif _QUOTE_CLASS.search(marks) or (
            name == "blockquote" and (given.get("type") or "").lower() == "cite"
        ):
            quotes = "inside"
    if name in _SPACED:
        tight = name == "p" and (
            "MsoNormal" in (given.get("class") or "") or bool(_TIGHT.search(given.get("style") or ""))
        )
        return _Tag(name, quotes=quotes, breaks=1 if tight else 2, tight=tight, size=size)
    if name in _BLOCKS:
        return _Tag(name, quotes=quotes, breaks=1, size=size)
    known = name in _INLINE or name in _VOID
    return _Tag(
        name,
        quotes=quotes,
        size=size,
        field=not known and not given and ":" not in name and role_of(name) is not None,
    )


def _hidden(given: dict[str, str | None]) -> bool:
    if "hidden" in given:
        return True
    if (style := given.get("style")) and hides(style):
        return True
    return bool(_PREHEADER.search(given.get("class") or ""))


@lru_cache(maxsize=512)
def _decoded(raw: str) -> tuple[str, int]:
    """The letter that a character reference stands for, and how much of ``raw`` it takes."""
    if raw[1] != "#" and not raw.endswith(";"):
        # «&aring» without its semicolon: only the name counts, what follows is text. No such name begins another.
        for length in range(3, len(raw) + 1):
            if (text := unescape(raw[:length])) != raw[:length]:
                return text, length
    return unescape(raw), len(raw)


class _Reader:
    """Takes the tokens in order and builds the text. All offsets are into ``source`` (``masked`` is as long)."""

    def __init__(self, source: str, masked: str) -> None:
        self.source = source
        self.masked = masked
        self.out = Builder()
        self.comments: list[Comment] = []
        self.quoted: list[tuple[int, int]] = []
        self.quote_from: int | None = None
        self._quote_stack: list[tuple[str, int, int]] = []
        self._skip: str | None = None
        self._skip_depth = 0
        # Elements that set the size of letters: name, depth, whether to nothing. Elements in them may set it anew.
        self._sizes: list[tuple[str, int, bool]] = []
        self._tiny = False
        self._pre = 0
        self._p_break = 2
        self._space: tuple[int, int] | None = None
        self._breaks = 0
        self._break_at = 0
        self._bullet: tuple[int, int] | None = None
        self._has_holes = _HOLE in masked

    def read(self) -> None:
        """Go through the whole of ``masked``."""
        masked = self.masked
        match_token = _TOKEN.match
        tags: dict[str, _Tag] = {}
        at, size = 0, len(masked)
        while at < size:
            token = match_token(masked, at)
            if token is None:
                at = self._odd(at)
                continue
            kind = token.lastgroup
            start, at = at, token.end()
            if kind == "text":
                self.words(start, at)
            elif kind == "close":
                self.closes(token["close"].lower(), start)
            elif kind == "open":
                raw = token["open"]
                tag = tags.get(raw)
                if tag is None:
                    name = token["name"].lower()
                    tag = tags[raw] = _tag(name, _attributes(token["attributes"]))
                if tag.name in _RAW and not token["closed"] and not self._raw_is_empty(tag.name, at):
                    at = self._odd(start)
                elif token["closed"]:
                    self.stands_alone(tag, start, at)
                else:
                    self.opens(tag, start, at)
            elif kind == "reference":
                at = self.reference(start)
            elif kind == "comment":
                self.comment(token["comment"], start)
            elif kind == "less":
                self.words(start, at)
        for _, _, begun in self._quote_stack:
            self.quoted.append((begun, self.out.length))
        if self.quote_from is not None:
            self.quoted.append((self.quote_from, self.out.length))

    def _raw_is_empty(self, name: str, at: int) -> bool:
        """True if the style sheet or script that begins at ``at`` was blanked, as closed ones are (see ``_mask``)."""
        close = self.masked.find("<", at)
        return close >= 0 and self.masked[close : close + 2 + len(name)].lower() == f"</{name}"

    def _odd(self, start: int) -> int:
        """Let the standard library's parser take what stands at ``start``; returns where it was done."""
        masked, at = self.masked, start
        parser = _Soup(self, start)
        for _ in range(_PATIENCE):
            end = masked.find(">", at) + 1
            if not end:
                break
            parser.take(masked[at:end])
            at = end
            if parser.is_done():
                return at
        parser.take(masked[at:])
        parser.close()
        return len(masked)

    # -- text

    def _flush(self, start: int) -> None:
        if self._breaks:
            if self.out.length:
                self.out.add("\n" * min(self._breaks, 2), self._break_at, max(self._break_at, start))
            self._breaks = 0
            self._space = None
        elif self._space is not None:
            if self.out.length:
                a, b = self._space
                if self.source[a:b] == " ":
                    self.out.add(" ", a)
                else:
                    self.out.add(" ", a, b)
            self._space = None
        if self._bullet is not None:
            self.out.add("- ", *self._bullet)
            self._bullet = None

    def words(self, start: int, end: int) -> None:
        """Source text between tags."""
        if self._skip is not None or self._tiny:
            return
        if self._pre:
            self._flush(start)
            self._copy(start, end)
            return
        last = start
        for run in _RUN.finditer(self.masked, start, end):
            a, b = run.span()
            if a > last:
                self._gap(last, a)
            if self._breaks or self._space is not None or self._bullet is not None:
                self._flush(a)
            self._copy(a, b)
            last = b
        if last < end:
            self._gap(last, end)

    def _gap(self, a: int, b: int) -> None:
        self._space = (self._space[0] if self._space else a, b)

    def _copy(self, a: int, b: int) -> None:
        """Verbatim, without the masked logic."""
        if not self._has_holes or self.masked.find(_HOLE, a, b) < 0:
            self.out.add(self.source[a:b], a)
            return
        for run in _NO_HOLE.finditer(self.masked, a, b):
            self.out.add(self.source[run.start() : run.end()], run.start())

    def _block(self, count: int, at: int) -> None:
        if not self._breaks:
            self._break_at = at
        self._breaks = max(self._breaks, count)

    def reference(self, start: int) -> int:
        """A character reference, or an ampersand that begins none; returns where it ends."""
        match = _REFERENCE.match(self.masked, start)
        if match is None:
            self.words(start, start + 1)
            return start + 1
        raw = match.group()
        if self._skip is not None or self._tiny:
            return match.end()
        text, length = _decoded(raw)
        end = start + length
        if text == raw:
            self.words(start, end)
        elif text.isspace() and text != "\u00a0":
            self._gap(start, end)
        else:
            self._flush(start)
            self.out.add(text, start, end)
        return end

    # -- tags

    def opens(self, tag: _Tag, start: int, end: int) -> None:
        name = tag.name
        if self._skip is not None:
            if name == self._skip:
                self._skip_depth += 1
            return
        if tag.hides:
            self._skip, self._skip_depth = name, 1
            return
        if tag.quotes or self._quote_stack:
            self._quote(tag)
        if tag.size or self._sizes:
            self._resize(tag)
        if tag.breaks:
            if tag.breaks == 2 or tag.tight:
                self._p_break = tag.breaks
                if name == "pre":
                    self._pre += 1
            self._block(tag.breaks, start)
            if name == "li":
                self._bullet = (start, end)
        elif name == "br":
            if not self._breaks:
                self._break_at = start
            self._breaks += 1
        elif tag.field and not self._tiny:
            self._flush(start)
            self.out.add(self.source[start:end], start)

    def stands_alone(self, tag: _Tag, start: int, end: int) -> None:
        """``<br/>``: as a start tag, where the element means anything without content."""
        if tag.breaks or tag.name == "br":
            self.opens(tag, start, end)
            if tag.name == "pre":
                self._pre -= 1

    def closes(self, name: str, start: int) -> None:
        if self._skip is not None:
            if name == self._skip:
                self._skip_depth -= 1
                if self._skip_depth == 0:
                    self._skip = None
            return
        if name in _SPACED:
            self._block(self._p_break if name == "p" else 2, start)
            if name == "pre":
                self._pre = max(0, self._pre - 1)
        elif name in _BLOCKS:
            self._block(1, start)
            self._bullet = None
        if self._sizes:
            self._unsize(name)
        for index in range(len(self._quote_stack) - 1, -1, -1):
            quoting, depth, begun = self._quote_stack[index]
            if quoting == name:
                if depth > 1:
                    self._quote_stack[index] = (name, depth - 1, begun)
                else:
                    del self._quote_stack[index]
                    self.quoted.append((begun, self.out.length))
                break

    def _resize(self, tag: _Tag) -> None:
        if tag.name in _VOID:
            return
        if tag.size and (tag.size == "none") != self._tiny and len(self._sizes) < _DEEPEST:
            self._tiny = tag.size == "none"
            self._sizes.append((tag.name, 1, self._tiny))
            return
        for index in range(len(self._sizes) - 1, -1, -1):
            name, depth, tiny = self._sizes[index]
            if name == tag.name:
                self._sizes[index] = (name, depth + 1, tiny)
                return

    def _unsize(self, name: str) -> None:
        for index in range(len(self._sizes) - 1, -1, -1):
            sizing, depth, tiny = self._sizes[index]
            if sizing == name:
                # Elements in it that were never closed end with it.
                del self._sizes[index + (depth > 1) :]
                if depth > 1:
                    self._sizes[index] = (name, depth - 1, tiny)
                self._tiny = bool(self._sizes) and self._sizes[-1][2]
                return

    def _quote(self, tag: _Tag) -> None:
        if tag.quotes == "to-end" and self.quote_from is None:
            self.quote_from = self.out.length
        if tag.name in _VOID:
            return
        for index, (name, depth, begun) in enumerate(self._quote_stack):
            if name == tag.name:
                self._quote_stack[index] = (name, depth + 1, begun)
                return
        if tag.quotes == "inside" and len(self._quote_stack) < _DEEPEST:
            self._quote_stack.append((tag.name, 1, self.out.length))

    def comment(self, body: str, start: int) -> None:
        if "feedbackcheck" in body:
            self.comments.append(Comment(start, start + len(body) + 7, body))


#: Quotations in quotations; each tag is compared with all that are open.
_DEEPEST = 50
#: Elements whose content is no mark-up.
_RAW = ("script", "style")
#: So many closing brackets are tried before the rest of a broken page goes to the tolerant parser as a whole.
_PATIENCE = 4


class _Soup(HTMLParser):
    """The standard library's tolerant parser on a part of the page, telling the reader what it finds."""

    def __init__(self, reader: _Reader, start: int) -> None:
        super().__init__(convert_charrefs=False)
        self._reader = reader
        self._lines = [start]
        self._fed = start

    def take(self, part: str) -> None:
        self._lines += [self._fed + m.end() for m in re.finditer("\n", part)]
        self._fed += len(part)
        self.feed(part)

    def is_done(self) -> bool:
        """True if nothing is left that waits for its end."""
        return not self.rawdata and self.cdata_elem is None

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_data(self, data: str) -> None:
        start = self._at()
        self._reader.words(start, start + len(data))

    def handle_charref(self, name: str) -> None:
        self._reader.reference(self._at())

    def handle_entityref(self, name: str) -> None:
        self._reader.reference(self._at())

    def _tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> tuple[_Tag, int, int]:
        start = self._at()
        return _tag(tag, dict(attrs)), start, start + len(self.get_starttag_text() or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._reader.opens(*self._tag(tag, attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._reader.stands_alone(*self._tag(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self._reader.closes(tag, self._at())

    def handle_comment(self, data: str) -> None:
        self._reader.comment(data, self._at())


_RAW_OPEN = re.compile(r"<(style|script)\b", re.IGNORECASE)
_RAW_CLOSE = re.compile(r"</(style|script)\s*+>", re.IGNORECASE)
_NO_BREAK = re.compile(r"[^\r\n]")


def without_raw(source: str) -> str:
    """The source, same length, without what style sheets and scripts hold; one that never ends is left as it is.

    They have braces of their own («@media x{#outlook a{…}}»), and no words.
    """
    closings: dict[str, list[int]] = {"style": [], "script": []}
    for match in _RAW_CLOSE.finditer(source):
        closings[match[1].lower()].append(match.start())
    pieces: list[str] = []
    done = 0
    for match in _RAW_OPEN.finditer(source):
        ends = closings[match[1].lower()]
        if match.start() < done or not ends or ends[-1] < match.end():
            continue
        begun = source.find(">", match.end()) + 1
        at = bisect_left(ends, begun)
        if begun and at < len(ends):
            pieces += [source[done:begun], _NO_BREAK.sub(" ", source[begun : ends[at]])]
            done = ends[at]
    return "".join(pieces) + source[done:]


def _mask(source: str, name: str) -> tuple[str, list[Comment]]:
    """The source, same length, with logic as holes and harmless brackets inside fields."""
    source = without_raw(source)
    tags = find_logic(source, name=name)
    comments = [
        Comment(tag.start, tag.end, tag.raw.strip("{}#!- \t"))
        for tag in tags
        if tag.kind == "comment" and "feedbackcheck" in tag.raw
    ]
    edits = logic_edits(source, tags)
    pieces: list[str] = []
    at = 0
    for start, end, _ in edits:
        if start < at:
            start = at
        if end <= start:
            continue
        pieces.append(source[at:start])
        hole = source[start:end]
        # Line ends stay, because the parser counts them.
        pieces.append("".join(c if c in "\r\n" else _HOLE for c in hole))
        at = end
    pieces.append(source[at:])
    masked = "".join(pieces)
    if "{" in masked or "<%" in masked or "<<" in masked:
        masked = _FIELD.sub(
            lambda m: m.group().replace("<", _LESS).replace(">", _MORE).replace("&", "+"), masked
        )
    return masked, comments


def _bounded(masked: str) -> str:
    """Openers that nothing closes, made harmless: the parser would look for their ends again and again.

    An unclosed comment hides the rest, as in browsers; other unclosed marks are text.
    """
    comment = masked.find("<!--", masked.rfind("-->") + 3 if "-->" in masked else 0)
    if comment >= 0:
        masked = masked[:comment] + "".join(c if c == "\n" else " " for c in masked[comment:])
    for opener, closer in (("<![", "]>"), ("<", ">")):
        last = masked.rfind(closer) + 1
        if opener in masked[last:]:
            masked = masked[:last] + masked[last:].replace(opener, _LESS + opener[1:])
    return masked


#: A run of blanks is begun at its beginning only, so that a page of them is gone through once.
_BLANKS = re.compile(
    r"(?<![ \t\u00a0])[ \t\u00a0]*+\n[ \t\u00a0\n]*+|\A[ \t\u00a0]++|(?<![ \t\u00a0])[ \t\u00a0]++\Z"
)


def read_html(source: str, *, name: str = "", kind: str = "html") -> Draft:
    """An HTML or MJML draft."""
    front = read_front_matter(source, name=name)
    masked, comments = _mask(source, name)
    if front.end:
        masked = "".join(c if c == "\n" else " " for c in masked[: front.end]) + masked[front.end :]
    masked = _bounded(masked)
    reader = _Reader(source, masked)
    reader.read()
    comments = sorted([*comments, *reader.comments], key=lambda c: c.start)
    text = reader.out.build()
    # Blanks left by &nbsp; and emptied cells at the ends of lines.
    edits = []
    for m in _BLANKS.finditer(text.text):
        new = "\n" * min(2, m.group().count("\n"))
        if new != m.group():
            edits.append((m.start(), m.end(), new))
    quoted = reader.quoted
    if edits:
        trimmed = text.edit(edits)
        quoted = [
            (
                trimmed.text_offset(text.source_start(a)),
                len(trimmed.text) if b >= len(text.text) else trimmed.text_offset(text.source_start(b)),
            )
            for a, b in quoted
        ]
        text = trimmed
    return Draft(
        text,
        source,
        kind,
        comments=comments,
        front=front,
        quoted=[q for q in quoted if q[1] > q[0]],
        quote_marks=False,
    )


def visible_text(source: str) -> str:
    """Only the words that an HTML mail shows."""
    return read_html(source).text.text
