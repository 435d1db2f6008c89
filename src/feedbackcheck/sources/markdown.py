"""Markdown: the words without the marks, each mapped to where it stands.

Markdown parsers tell the line of a block but not the column of a word, so marks are taken out here by rule, in the
subset that letters use: headings, emphasis, links, lists, quotations, code, comments and inline HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from html import unescape

from feedbackcheck.lazy import lazy_re
from feedbackcheck.sources.finish import Draft, clean
from feedbackcheck.sources.front_matter import read_front_matter
from feedbackcheck.sources.mapped import Edit, Mapped
from feedbackcheck.sources.merge_fields import find_fields
from feedbackcheck.sources.plain import strip_markup
from feedbackcheck.sources.unwrap import unwrap

__all__ = ["read_markdown"]

_FENCE = lazy_re(
    r"^[ ]{0,3}(?P<f>`{3,}|~{3,})[^\n`]*\n(?:.*?^[ ]{0,3}(?P=f)[`~]*[ \t]*(?:\n|\Z)|.*\Z)",
    re.DOTALL | re.MULTILINE,
)
_LINE_MARKS = lazy_re(
    r"^(?P<heading>[ ]{0,3}\#{1,6}[ \t]+)|^(?P<quote>[ ]{0,3}(?:>[ ]?)+)|"
    r"^(?P<rule>[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|={3,})$\n?)|"
    r"(?P<tail>(?<![ \t])[ \t]++\#+[ \t]*$)|^(?P<reference>[ ]{0,3}\[[^\]\n]+\]:[ \t]*\S+[^\n]*\n?)",
    re.MULTILINE,
)
_INLINE = lazy_re(
    r"(?P<image>!\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*+\]\((?:[^()\n]|\([^()\n]*\))*+\))|"
    r"(?P<link>\[(?P<label>[^\[\]\n]+)\]\((?:[^()\n]|\([^()\n]*\))*+\))|"
    r"<(?P<auto>(?:https?://|mailto:)[^<>\s]+|[^<>\s@]+@[^<>\s]+)>|"
    r"(?P<tag></?(?:a|abbr|b|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|s|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>\n]*>)|"
    r"(?P<escape>\\[!-/:-@\[-`{-~])|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});)|"
    r"(?P<code>(?<!`)(?P<ticks>`{1,2})(?P<inside>[^`\n]+)(?P=ticks)(?!`))|"
    r"(?P<strong>(?<![\\*])(?P<s>\*{1,3})(?=\S)(?P<sin>[^*\n]*(?:\n[^*\n]+)?[^*\s])(?P=s)(?!\*))|"
    r"(?P<under>(?<![\w\\])(?P<u>_{1,3})(?=\S)(?P<uin>[^_\n]*(?:\n[^_\n]+)?[^_\s])(?P=u)(?![\w_]))|"
    r"(?P<strike>~~(?P<kin>[^~\n]+)~~)"
)


def _marks(text: Mapped) -> Mapped:
    words = text.text
    edits: list[Edit] = []
    for match in _LINE_MARKS.finditer(words):
        # A setext underline («===») and a drawn line are no words; neither is a list marker, which stays.
        if match["tail"] is not None:
            line = words[words.rfind("\n", 0, match.start()) + 1 : match.start()]
            if not line.lstrip().startswith("#"):
                continue
        edits.append((match.start(), match.end(), ""))
    return text.edit(edits)


def _cuts(fields: list[tuple[int, int]], ends: list[int], start: int, end: int) -> bool:
    """True if a field meets ``start`` to ``end`` and does not stand well inside it (fields in order)."""
    first = bisect_right(ends, start)
    last = bisect_left(fields, (end, 0)) - 1
    # Those between the first and the last that it meets stand inside.
    return any(
        first <= i <= last and not (start < fields[i][0] and fields[i][1] < end) for i in (first, last)
    )


def _inline(text: Mapped) -> Mapped:
    # Marks may stand inside each other («**[her](…)**»), so the text is gone over until nothing changes.
    for _ in range(4):
        words = text.text
        fields = [(f.span.start, f.span.end) for f in find_fields(words)]
        ends = [b for _, b in fields]
        edits: list[Edit] = []
        for match in _INLINE.finditer(words):
            start, end = match.span()
            kind = next(
                k
                for k in (
                    "image",
                    "link",
                    "auto",
                    "tag",
                    "escape",
                    "entity",
                    "code",
                    "strong",
                    "under",
                    "strike",
                )
                if match[k] is not None
            )
            if kind in ("strong", "under", "tag", "code", "strike") and _cuts(fields, ends, start, end):
                continue  # «__NAVN__», «*|FNAME|*», «<fornavn>»
            if kind == "image":
                edits.append((start, end, ""))
            elif kind == "tag":
                edits.append(
                    (
                        start,
                        end,
                        "\n"
                        if match["tag"].startswith(("<br", "</p", "</div", "</li", "</tr"))
                        and words[end : end + 1] != "\n"
                        else "",
                    )
                )
            elif kind == "auto":
                edits += [(start, start + 1, ""), (end - 1, end, "")]
            elif kind in ("escape", "entity"):
                continue  # last, so that an escaped mark is not taken for one in the next round
            else:
                inner = {"link": "label", "code": "inside", "strong": "sin", "under": "uin", "strike": "kin"}[
                    kind
                ]
                edits += [(start, match.start(inner), ""), (match.end(inner), end, "")]
        changed = text.edit(edits)
        if changed is text:
            break
        text = changed
    last: list[Edit] = []
    for match in _INLINE.finditer(text.text):
        if match["escape"] is not None:
            last.append((match.start(), match.start() + 1, ""))
        elif match["entity"] is not None and (new := unescape(match.group())) != match.group():
            last.append((match.start(), match.end(), new))
    return text.edit(last)


def read_markdown(source: str, *, name: str = "") -> Draft:
    """A Markdown draft."""
    front = read_front_matter(source, name=name)
    text, comments = strip_markup(source, name=name, start=front.end)
    text = clean(text)
    fences = [(m.start(), m.end(), "") for m in _FENCE.finditer(text.text)]
    without = text.edit(fences)
    if without.text.strip():
        text = without
    # Breaks are judged before the marks go, because two spaces or a backslash at a line's end are marks.
    text = unwrap(_marks(text), reflow=True)
    text = text.edit(
        [(m.start(), m.end(), "") for m in re.finditer(r"\\(?=\n)|(?<![ \t])[ \t]++(?=\n)", text.text)]
    )
    return Draft(_inline(text), source, "markdown", comments=comments, front=front)
