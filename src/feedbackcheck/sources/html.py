"""HTML and MJML: what a mail program would show, mapped to the tags' source.

The standard library's parser does the tokenising (it takes any tag soup, as browsers do, and tells positions, which the
faster tree builders do not). Template logic is masked first, so that a ``>`` inside ``{% if a > b %}`` closes no tag.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from feedbackcheck.sources.directives import Comment
from feedbackcheck.sources.finish import Draft
from feedbackcheck.sources.front_matter import read_front_matter
from feedbackcheck.sources.logic import find_logic, logic_edits
from feedbackcheck.sources.mapped import Builder
from feedbackcheck.sources.merge_fields import role_of

__all__ = ["read_html", "visible_text"]

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
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|max-height\s*:\s*0",
    re.IGNORECASE,
)
_QUOTE_CLASS = re.compile(
    r"\b(?:gmail_quote|gmail_quote_container|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|gmail_attr)\b"
)
_QUOTE_TO_END = re.compile(
    r"\b(?:divRplyFwdMsg|appendonsend|x_divRplyFwdMsg|reply-intro|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION)\b"
)
_PREHEADER = re.compile(r"\bpre-?header\b", re.IGNORECASE)
_RUN = re.compile(r"[^ \t\r\n\f]+(?: [^ \t\r\n\f]+)*")
_FIELD = re.compile(
    r"\{\{\{?[^{}\n]{1,200}\}\}\}?|\$\{[^{}\n]{1,100}\}|<%[=-][^\n]{1,160}?%>|\{[!$]?[\w.\->]{1,60}\}|<<[^<>\n]{1,200}>>"
)


class _Reader(HTMLParser):
    def __init__(self, source: str, masked: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.masked = masked
        self.out = Builder()
        self.comments: list[Comment] = []
        self.quoted: list[tuple[int, int]] = []
        self.quote_from: int | None = None
        self._quote_stack: list[tuple[str, int, int]] = []
        self._skip: str | None = None
        self._skip_depth = 0
        self._pre = 0
        self._p_break = 2
        self._space: tuple[int, int] | None = None
        self._breaks = 0
        self._break_at = 0
        self._bullet: tuple[int, int] | None = None
        self._lines = [0, *(m.end() for m in re.finditer("\n", masked))]

    def at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

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

    def _words(self, start: int, end: int) -> None:
        """Source text between tags."""
        masked = self.masked[start:end]
        if self._pre:
            self._flush(start)
            self._copy(start, end)
            return
        last = 0
        for run in _RUN.finditer(masked):
            if run.start() > last:
                self._gap(start + last, start + run.start())
            self._flush(start + run.start())
            self._copy(start + run.start(), start + run.end())
            last = run.end()
        if last < len(masked):
            self._gap(start + last, end)

    def _gap(self, a: int, b: int) -> None:
        self._space = (self._space[0] if self._space else a, b)

    def _copy(self, a: int, b: int) -> None:
        """Verbatim, without the masked logic."""
        masked = self.masked
        if masked.find(_HOLE, a, b) < 0:
            self.out.add(self.source[a:b], a)
            return
        i = a
        while i < b:
            j = i
            while j < b and masked[j] != _HOLE:
                j += 1
            if j > i:
                self.out.add(self.source[i:j], i)
            while j < b and masked[j] == _HOLE:
                j += 1
            i = j

    def _block(self, count: int, at: int) -> None:
        if not self._breaks:
            self._break_at = at
        self._breaks = max(self._breaks, count)

    def handle_data(self, data: str) -> None:
        if self._skip is None:
            start = self.at()
            self._words(start, start + len(data))

    def _reference(self) -> None:
        if self._skip is not None:
            return
        start = self.at()
        match = re.compile(r"&#?\w{1,32};?").match(self.masked, start)
        if match is None:
            return
        raw = match.group()
        text = unescape(raw)
        end = match.end()
        if not raw.endswith(";"):
            # «&aring» without its semicolon: only the name counts, what follows is text.
            for length in range(len(raw), 2, -1):
                if unescape(raw[:length]) != raw[:length]:
                    text, end = unescape(raw[:length]), start + length
                    break
        if text.isspace() and text != "\u00a0":
            self._gap(start, end)
            return
        self._flush(start)
        self.out.add(text, start, end)

    def handle_charref(self, name: str) -> None:
        self._reference()

    def handle_entityref(self, name: str) -> None:
        self._reference()

    # -- tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not attrs and tag in _INLINE:
            return
        start = self.at()
        raw = self.get_starttag_text() or ""
        end = start + len(raw)
        if self._skip is not None:
            if tag == self._skip:
                self._skip_depth += 1
            return
        given = dict(attrs)
        if tag not in _VOID and (tag in _SKIPPED or self._hidden(given)):
            self._skip, self._skip_depth = tag, 1
            return
        self._quote_start(tag, given)
        if tag == "br":
            if not self._breaks:
                self._break_at = start
            self._breaks += 1
        elif tag in _SPACED:
            style = given.get("style") or ""
            tight = tag == "p" and (
                "MsoNormal" in (given.get("class") or "")
                or re.search(r"margin(?:-bottom)?\s*:\s*0(?!\.)", style)
            )
            # Word's own paragraphs stand close; a blank line between them is a paragraph of its own.
            self._p_break = 1 if tight else 2
            self._block(self._p_break, start)
            if tag == "pre":
                self._pre += 1
        elif tag in _BLOCKS:
            self._block(1, start)
            if tag == "li":
                self._bullet = (start, end)
        elif (
            tag not in _INLINE
            and tag not in _VOID
            and not attrs
            and ":" not in tag
            and role_of(tag) is not None
        ):
            # «<fornavn>» is a merge field that somebody wrote without escaping it.
            self._flush(start)
            self.out.add(self.source[start:end], start)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "hr") or (tag in _BLOCKS | _SPACED):
            self.handle_starttag(tag, attrs)
            if tag == "pre":
                self._pre -= 1

    def handle_endtag(self, tag: str) -> None:
        if self._skip is not None:
            if tag == self._skip:
                self._skip_depth -= 1
                if self._skip_depth == 0:
                    self._skip = None
            return
        start = self.at()
        if tag in _SPACED:
            self._block(self._p_break if tag == "p" else 2, start)
            if tag == "pre":
                self._pre = max(0, self._pre - 1)
        elif tag in _BLOCKS:
            self._block(1, start)
            self._bullet = None
        for index in range(len(self._quote_stack) - 1, -1, -1):
            name, depth, begun = self._quote_stack[index]
            if name == tag:
                if depth > 1:
                    self._quote_stack[index] = (name, depth - 1, begun)
                else:
                    del self._quote_stack[index]
                    self.quoted.append((begun, self.out.length))
                break

    def _hidden(self, given: dict[str, str | None]) -> bool:
        if "hidden" in given:
            return True
        style = given.get("style")
        if style and _HIDDEN_STYLE.search(style):
            return True
        return bool(_PREHEADER.search(given.get("class") or ""))

    def _quote_start(self, tag: str, given: dict[str, str | None]) -> None:
        if tag in _VOID and tag != "hr":
            return
        marks = f"{given.get('id') or ''} {given.get('class') or ''}"
        if self.quote_from is None and _QUOTE_TO_END.search(marks):
            self.quote_from = self.out.length
        if tag == "hr":
            if (given.get("id") or "") == "stopSpelling" and self.quote_from is None:
                self.quote_from = self.out.length
            return
        for index, (name, depth, begun) in enumerate(self._quote_stack):
            if name == tag:
                self._quote_stack[index] = (name, depth + 1, begun)
                return
        if _QUOTE_CLASS.search(marks) or (
            tag == "blockquote" and (given.get("type") or "").lower() == "cite"
        ):
            self._quote_stack.append((tag, 1, self.out.length))

    def handle_comment(self, data: str) -> None:
        if "feedbackcheck" in data:
            start = self.at()
            self.comments.append(Comment(start, start + len(data) + 7, data))

    def finish(self) -> None:
        self.close()
        for _, _, begun in self._quote_stack:
            self.quoted.append((begun, self.out.length))
        if self.quote_from is not None:
            self.quoted.append((self.quote_from, self.out.length))


_UNREAD = re.compile(r"(<(style|script)\b[^>]*>)(.*?)(</\2\s*>)", re.DOTALL | re.IGNORECASE)


def _mask(source: str, name: str) -> tuple[str, list[Comment]]:
    """The source, same length, with logic as holes and harmless brackets inside fields."""
    # Style sheets and scripts have braces of their own («@media x{#outlook a{…}}»), and no words.
    source = _UNREAD.sub(lambda m: m[1] + "".join(c if c in "\r\n" else " " for c in m[3]) + m[4], source)
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


def read_html(source: str, *, name: str = "", kind: str = "html") -> Draft:
    """An HTML or MJML draft."""
    front = read_front_matter(source, name=name)
    masked, comments = _mask(source, name)
    if front.end:
        masked = "".join(c if c == "\n" else " " for c in masked[: front.end]) + masked[front.end :]
    masked = _bounded(masked)
    reader = _Reader(source, masked)
    reader.feed(masked)
    reader.finish()
    comments = sorted([*comments, *reader.comments], key=lambda c: c.start)
    text = reader.out.build()
    # Blanks left by &nbsp; and emptied cells at the ends of lines.
    blanks = re.compile(r"[ \t\u00a0]*\n[ \t\u00a0]*(?:\n[ \t\u00a0]*)*|\A[ \t\u00a0]+|[ \t\u00a0]+\Z")
    edits = []
    for m in blanks.finditer(text.text):
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
