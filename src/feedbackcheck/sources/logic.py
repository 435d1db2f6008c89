"""Template logic: found, checked for balance, and taken out of the text.

Logic is neither text nor error: what stands in ``{% if %}``, ``{{#each}}`` or ``<% %>`` is for the program, what stands
between is for the reader. Only logic that never ends is an error, because then nobody can say what the letter reads.
Covers Jinja, Nunjucks, Twig, Liquid, Handlebars, Mustache, ERB, EJS, Freemarker-like comments and Mailchimp.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from feedbackcheck.errors import MalformedSourceError
from feedbackcheck.sources.mapped import Edit
from feedbackcheck.sources.margins import is_alone

__all__ = ["Tag", "find_logic", "logic_edits"]


@dataclass(frozen=True, slots=True)
class Tag:
    """One piece of logic. ``kind``: open, close, middle (else), comment or statement; ``word`` names the block."""

    start: int
    end: int
    kind: str
    word: str
    raw: str


_BLOCKS = frozenset({
    "if", "for", "unless", "case", "block", "macro", "call", "filter", "with", "autoescape", "trans", "blocktrans", "blocktranslate", "while",
    "capture", "tablerow", "ifchanged", "spaceless", "apply", "sandbox", "embed", "asyncEach", "asyncAll", "switch", "comment", "raw", "verbatim", "form", "style", "schema",
})  # fmt: skip
_MIDDLE = frozenset({"else", "elif", "elsif", "elseif", "when", "default", "empty", "pluralize", "plural"})

_START = re.compile(
    r"\{%|\{#(?=[\s\-]|[^\n{}]{1,200}#\})|\{\{(?:~?\s*[#/^!>]|[~-]?\s*(?:else|end)\b|-?\s*(?:if|range|with|define|block|template)\s+[^\s}])|"
    r"<%(?![=-]?=)|\*\|(?:IF|ELSE|ELSEIF|END|IFNOT)\b|<\?(?:php\b|=)|</?#[a-z]{2,12}\b|<#--"
)
_OPEN = re.compile(r"\{%|\{#|\{\{|<%|\*\||<\?|</?#")
_CLOSE = {"{%": "%}", "{#": "#}", "<%": "%>", "*|": "|*", "<?": "?>"}
_WORD = re.compile(r"[^\W\d]\w*")


def _malformed(text: str, offset: int, what: str, name: str) -> MalformedSourceError:
    line = text.count("\n", 0, offset) + 1
    return MalformedSourceError(f"Linje {line}: {what}", where=name or None, fix="Rett opp mallogikken.")


@lru_cache(maxsize=1)
def _raw_end() -> re.Pattern[str]:
    return re.compile(r"\{%-?\s*end(raw|verbatim|comment)\s*-?%\}")


def find_logic(text: str, *, name: str = "") -> list[Tag]:
    """All logic in ``text``, in order.

    Raises:
        MalformedSourceError: logic that is opened and never closed, or closed and never opened; names the line.
    """
    if _OPEN.search(text) is None:
        return []
    tags: list[Tag] = []
    stack: list[Tag] = []
    at = 0
    while True:
        match = _START.search(text, at)
        if match is None:
            break
        start = match.start()
        opener = text[start : start + 2]
        if opener == "{{":
            tag = _handlebars(text, start, name)
        elif text.startswith(("<#", "</#"), start):
            tag = _freemarker(text, start, name)
        elif opener == "{#":
            end = text.find("#}", start + 2)
            if end < 0:
                raise _malformed(text, start, "kommentaren «{#» er ikke avsluttet med «#}»", name)
            tag = Tag(start, end + 2, "comment", "", text[start : end + 2])
        else:
            closer = _CLOSE[opener]
            end = text.find(closer, start + 2)
            # Logic stays on its line or a few; an opener that swallows a page is an opener without its end.
            if end < 0 or (opener == "{%" and "{%" in text[start + 2 : end]):
                raise _malformed(text, start, f"«{opener}» er ikke avsluttet med «{closer}»", name)
            tag = _tag(text, start, end + 2, opener)
        at = tag.end
        if tag.kind == "open" and tag.word in ("raw", "verbatim", "comment") and opener == "{%":
            end_match = _raw_end().search(text, tag.end)
            if end_match is None:
                raise _malformed(text, start, f"«{tag.raw}» er ikke avsluttet", name)
            if tag.word == "comment":
                tags.append(Tag(start, end_match.end(), "comment", "", text[start : end_match.end()]))
            else:
                tags.append(Tag(start, tag.end, "statement", tag.word, tag.raw))
                tags.append(Tag(end_match.start(), end_match.end(), "statement", tag.word, end_match.group()))
            at = end_match.end()
            continue
        if tag.kind == "open":
            stack.append(tag)
        elif tag.kind == "close":
            if not stack:
                raise _malformed(text, start, f"«{tag.raw}» avslutter noe som ikke er åpnet", name)
            top = stack.pop()
            if tag.word and top.word and tag.word != top.word:
                raise _malformed(text, start, f"«{tag.raw}» passer ikke til «{top.raw}»", name)
        tags.append(tag)
    if stack:
        raise _malformed(text, stack[-1].start, f"«{stack[-1].raw}» er ikke avsluttet", name)
    return tags


def _handlebars(text: str, start: int, name: str) -> Tag:
    comment = re.compile(r"\{\{~?\s*!--").match(text, start)
    if comment:
        end = text.find("--", comment.end())
        close = re.compile(r"--~?\}\}").search(text, comment.end())
        if end < 0 or close is None:
            raise _malformed(text, start, "kommentaren «{{!--» er ikke avsluttet med «--}}»", name)
        return Tag(start, close.end(), "comment", "", text[start : close.end()])
    end = text.find("}}", start + 2)
    if end < 0:
        raise _malformed(text, start, "«{{» er ikke avsluttet med «}}»", name)
    end += 2
    raw = text[start:end]
    inner = raw[2:-2].strip("~ \t\n")
    if inner.startswith("- ") or inner.endswith(" -"):
        inner = inner.strip("- \t\n")  # Go trims white space so
    sign, body = inner[:1], inner[1:].strip()
    if sign == "!":
        return Tag(start, end, "comment", "", raw)
    if sign in "#^" and body:
        # «{{^}}» alone is else; «{{#> layout}}», «{{#*inline}}» open too.
        return Tag(start, end, "open", body.lstrip("<>*$ ").split()[0] if body.lstrip("<>*$ ") else "", raw)
    if sign == "/":
        return Tag(start, end, "close", body.split()[0] if body else "", raw)
    if inner == "end":
        return Tag(start, end, "close", "", raw)
    if sign in "^" or inner.startswith("else"):
        return Tag(start, end, "middle", "else", raw)
    if inner.split()[:1] and inner.split()[0] in ("if", "range", "with", "define", "block"):
        return Tag(start, end, "open", "", raw)
    return Tag(start, end, "statement", "", raw)


_FREEMARKER_BLOCKS = frozenset(
    {"if", "list", "items", "macro", "switch", "attempt", "escape", "function", "compress", "noparse"}
)


def _freemarker(text: str, start: int, name: str) -> Tag:
    if text.startswith("<#--", start):
        end = text.find("-->", start)
        if end < 0:
            raise _malformed(text, start, "kommentaren «<#--» er ikke avsluttet med «-->»", name)
        return Tag(start, end + 3, "comment", "", text[start : end + 3])
    end = text.find(">", start)
    if end < 0:
        raise _malformed(text, start, "«<#» er ikke avsluttet med «>»", name)
    raw = text[start : end + 1]
    word = _WORD.findall(raw)[0]
    if word not in _FREEMARKER_BLOCKS:
        return Tag(
            start,
            end + 1,
            "middle" if word in ("else", "elseif", "case", "default") else "statement",
            word,
            raw,
        )
    return Tag(start, end + 1, "close" if raw.startswith("</") else "open", f"#{word}", raw)


def _tag(text: str, start: int, end: int, opener: str) -> Tag:
    raw = text[start:end]
    inner = raw[2:-2].strip("-~+ \t\r\n")
    words = _WORD.findall(inner)
    word = words[0] if words else ""
    if opener == "*|":
        if word == "END":
            return Tag(start, end, "close", "IF", raw)
        return Tag(start, end, "middle" if word.startswith("ELSE") else "open", "IF", raw)
    if opener in ("<%", "<?"):
        if inner.startswith("#"):
            return Tag(start, end, "comment", "", raw)
        return Tag(
            start,
            end,
            "middle" if word in _MIDDLE or (inner.startswith("}") and "else" in words) else "statement",
            word,
            raw,
        )
    if word in _MIDDLE:
        return Tag(start, end, "middle", word, raw)
    if word.startswith("end") and (word == "end" or word[3:] in _BLOCKS or word[3:] == "set"):
        return Tag(start, end, "close", "" if word == "end" else word[3:], raw)
    # Short forms have no end: Django's «{% trans "Hei" %}», Twig's «{% block tittel sidetittel %}».
    short = (word == "trans" and bool(re.search("[\"']", inner))) or (
        word == "block" and len(words) > 2 and words[2] not in ("scoped", "required")
    )
    if word in _BLOCKS and not short:
        return Tag(start, end, "open", word, raw)
    if word == "set" and "=" not in inner:
        return Tag(start, end, "open", "set", raw)
    return Tag(start, end, "statement", word, raw)


def logic_edits(text: str, tags: list[Tag]) -> list[Edit]:
    """Edits that take the logic out: a tag alone on its line goes with the line, an inline ``else`` with its branch.

    Of an inline choice («Hei {% if n %}{{n}}{% else %}der{% endif %},») one branch is kept, so that the sentence reads
    as the recipient will read it; an alternative of more than four words is kept too, because it is worth checking.
    """
    edits: list[Edit] = []
    for index, tag in enumerate(tags):
        if (line := is_alone(text, tag.start, tag.end)) is not None:
            edits.append((line[0], min(line[1] + 1, len(text)), ""))
            continue
        if tag.kind == "middle" and index + 1 < len(tags) and tags[index + 1].kind in ("middle", "close"):
            branch = text[tag.end : tags[index + 1].start]
            previous = text[tags[index - 1].end : tag.start] if index else ""
            if "\n" not in branch:
                if len(branch.split()) <= 4 and previous.strip():
                    edits.append((tag.start, tags[index + 1].start, ""))
                else:
                    edits.append((tag.start, tag.end, " "))
                continue
        edits.append((tag.start, tag.end, ""))
    return edits
