"""Letters that stand as string values in JSON and YAML template files, mapped to line and column of the file.

Which values are letters: those under a key that says so (``body``, ``tekst``, ``mal`` …), and those that read like one.
A subject beside a body belongs to the same letter and comes first, as a mail program shows it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from feedbackcheck.errors import EmptySourceError, MalformedSourceError
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Directive, Span
from feedbackcheck.sources.directives import Comment, parse_directive
from feedbackcheck.sources.finish import Draft
from feedbackcheck.sources.mapped import Builder, Mapped

__all__ = ["Value", "read_strings"]


@dataclass(frozen=True, slots=True)
class Value:
    """A string in a file: where it hangs (JSON pointer), and its text mapped to the file."""

    path: tuple[str, ...]
    text: Mapped
    multiline: bool

    @property
    def pointer(self) -> str:
        return "/" + "/".join(p.replace("~", "~0").replace("/", "~1") for p in self.path)


_BODY_KEYS = frozenset({
    "body", "html", "text", "tekst", "mal", "template", "content", "innhold", "innhald", "message", "melding", "letter", "brev", "markdown", "html_body", "text_body", "body_html", "body_text",
    "bodyhtml", "bodytext", "brødtekst", "brodtekst", "avslag", "rejection", "epost", "email", "mail", "plain", "plaintext", "draft", "utkast", "mjml",
})  # fmt: skip
_SUBJECT_KEYS = frozenset({"subject", "emne", "emnefelt", "title", "tittel", "subject_line", "subjectline"})
_GREETING = lazy_re(
    r"(?:^|\n|>)\s*(?:hei\w*|kjære|hallo|god\s+dag|goddag|til)\b|\b(?:hilsen|helsing|mvh)\b", re.IGNORECASE
)
_HTML = lazy_re(r"<(?:p|div|br|table|html|body|span|strong|mjml|h[1-6]|ul|td)\b[^<>]*>", re.IGNORECASE)


#: So many letters back a twin is looked for.
_TWINS_WITHIN = 20


def read_strings(source: str, kind: str, *, name: str = "") -> list[Draft]:
    """Drafts of all letters in a data file.

    Raises:
        MalformedSourceError: no valid JSON or YAML; names the line.
        EmptySourceError: no value in it reads like a letter.
    """
    values = list(_json_values(source, name) if kind == "json" else _yaml_values(source, name))
    letters = [v for v in values if _is_letter(v)]
    if not letters:
        raise EmptySourceError(
            "Ingen verdi i filen ser ut som et brev",
            where=name or None,
            fix="Legg teksten under en nøkkel som «body» eller «tekst».",
        )
    # Plain text beside the same letter in HTML would be reported twice.
    letters = _without_twins(letters)
    comments = _yaml_comments(source) if kind == "yaml" else []
    subjects: dict[tuple[str, ...], list[Value]] = {}
    for value in values:
        if value.path and value.path[-1].lower() in _SUBJECT_KEYS:
            subjects.setdefault(value.path[:-1], []).append(value)
    return [
        _draft(
            v,
            next((s for s in subjects.get(v.path[:-1], ()) if s is not v), None),
            _from_outside(comments, v, values, source) if comments else [],
            source,
            kind,
            name,
        )
        for v in letters
    ]


def _is_letter(value: Value) -> bool:
    words = value.text.text
    count = len(re.findall(r"\w{2,}", words))
    key = next((p for p in reversed(value.path) if not p.isdigit()), "").lower()
    if key in _BODY_KEYS:
        return count >= 5
    if key in _SUBJECT_KEYS:
        return False
    return count >= 12 and bool(_GREETING.search(words))


def _without_twins(letters: list[Value]) -> list[Value]:
    out: list[Value] = []
    kept: dict[tuple[str, ...], list[set[str]]] = {}
    for value in letters:
        beside = kept.setdefault(value.path[:-1], [])
        words = set(re.findall(r"\w{4,}", re.sub(r"<[^<>]*>", " ", value.text.text.lower())))
        # Text and HTML of one letter stand close to each other; a list of hundreds is no such pair.
        if not any(_same_words(words, other) for other in beside[-_TWINS_WITHIN:]):
            beside.append(words)
            out.append(value)
    return out


def _same_words(first: set[str], second: set[str]) -> bool:
    return bool(first and second) and len(first & second) > 0.8 * max(len(first), len(second))


def _draft(
    value: Value, subject: Value | None, directives: list[Directive], source: str, kind: str, name: str
) -> Draft:
    from feedbackcheck.sources.html import read_html
    from feedbackcheck.sources.plain import read_plain

    inner = value.text
    html = bool(_HTML.search(inner.text))
    draft = read_html(inner.text, name=name) if html else read_plain(inner.text, name=name, wrapped=False)
    text = draft.text.onto(inner)
    moved = [Comment(inner.source_start(c.start), inner.source_end(c.end), c.body) for c in draft.comments]
    span = None
    quoted = draft.quoted
    if subject is not None and subject.text.text.strip() and "\n" not in subject.text.text.strip():
        words = subject.text
        gap = Builder()
        gap.add("\n\n", words.runs[-1][3], words.runs[-1][3])
        span = Span(0, len(words.text))
        head = words.then(gap.build())
        quoted = [(a + len(head.text), b + len(head.text)) for a, b in quoted]
        text = head.then(text)
    return Draft(
        text, source, kind, comments=moved, directives=directives, front=draft.front, quoted=quoted,
        part=value.pointer, subject=span, notices=draft.notices,
    )  # fmt: skip


def _from_outside(comments: list[Comment], value: Value, values: list[Value], source: str) -> list[Directive]:
    """YAML comments: above a key, or after it on its line, they hide in that value; ``ignore-file`` in all."""
    bounds = {id(v): (v.text.runs[0][2], v.text.runs[-1][3]) for v in values if v.text.runs}
    start, end = bounds[id(value)]
    out = []
    for comment in comments:
        parsed = parse_directive(comment.body)
        if parsed is None or any(a <= comment.start < b for a, b in bounds.values()):
            continue  # inside a block of text the comment belongs to the text
        codes, reason, verb = parsed
        where = Span(comment.start, comment.end)
        if verb == "ignore-file":
            out.append(Directive(codes, reason, "file", where, Span(0, len(source))))
            continue
        line_start = source.rfind("\n", 0, comment.start) + 1
        own_line = not source[line_start : comment.start].strip()
        following = min((a for a, _ in bounds.values() if a >= comment.end), default=None)
        on_line = line_start <= source.rfind("\n", 0, end) + 1 <= comment.start and start < comment.start
        if (
            following == start
            if own_line
            else on_line
            or (following == start and "\n" not in source[comment.end : start].rstrip(" |>-+0123456789\n"))
        ):
            out.append(Directive(codes, reason, "block", where, Span(start, end)))
    return out


# -- JSON

_TOKEN = lazy_re(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[{}\[\]:,])|(?P<other>[^\s{}\[\]:,"]+))', re.DOTALL
)
_ESCAPE = lazy_re(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


#: What Python's parser says, and what to do about it.
_JSON_ADVICE = {
    "Expecting value": "Her mangler en verdi.",
    "Expecting ',' delimiter": "Her mangler et komma, eller et hermetegn før.",
    "Expecting ':' delimiter": "Her mangler et kolon.",
    "Expecting property name enclosed in double quotes": "Navnet må stå i doble hermetegn; etter det siste skal det ikke være komma.",
    "Illegal trailing comma before end of object": "Fjern kommaet foran }.",
    "Illegal trailing comma before end of array": "Fjern kommaet foran ].",
    "Unterminated string starting at": "Et hermetegn som begynner her, blir aldri lukket.",
    "Invalid control character at": "Skriv linjeskift i en tekst som \\n.",
    "Invalid \\escape": "Skriv omvendt skråstrek dobbelt.",
    "Extra data": "Filen har mer etter at JSON-en er slutt.",
}


def _json_values(source: str, name: str) -> Iterator[Value]:
    try:
        # Numbers are not read: Python refuses to make one of more than 4,300 digits.
        json.loads(source, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise MalformedSourceError(
            f"Linje {error.lineno}, kolonne {error.colno}: ikke gyldig JSON",
            where=name or None,
            fix=_JSON_ADVICE.get(error.msg, "Rett opp filen."),
        ) from None
    except RecursionError:
        raise MalformedSourceError(
            "JSON-en har for mange nivåer", where=name or None, fix="Legg brevet i en fil for seg."
        ) from None
    # The document is valid, so a walk over its tokens is enough to know where every string hangs.
    stack: list[list[Any]] = []  # [is object, key or index, waiting for a key]
    for token in _TOKEN.finditer(source):
        mark = token["mark"]
        if mark in ("{", "["):
            stack.append([mark == "{", None if mark == "{" else 0, mark == "{"])
        elif mark in ("}", "]"):
            stack.pop()
        elif mark == ":":
            stack[-1][2] = False
        elif mark == ",":
            if stack[-1][0]:
                stack[-1][2] = True
            else:
                stack[-1][1] += 1
        elif token["string"] is not None:
            start, end = token.start("string") + 1, token.end("string") - 1
            if stack and stack[-1][0] and stack[-1][2]:
                stack[-1][1] = json.loads(token["string"])
            else:
                yield Value(tuple(str(level[1]) for level in stack), _json_text(source, start, end), False)


def _json_text(source: str, start: int, end: int) -> Mapped:
    out = Builder()
    at = start
    for match in _ESCAPE.finditer(source, start, end):
        out.add(source[at : match.start()], at)
        out.add(json.loads(f'"{match.group()}"'), match.start(), match.end())
        at = match.end()
    out.add(source[at:end], at)
    return out.build()


# -- YAML

_YAML_COMMENT = lazy_re(r"(?:^|(?<=[ \t]))#[ \t]*(feedbackcheck:[^\n\r]*)", re.MULTILINE)
_YAML_ESCAPE = lazy_re(
    r"\\(?:x[0-9a-fA-F]{2}|(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)|(?P<fold>[ \t]*\r?\n[ \t\r\n]*)",
    re.DOTALL,
)


def _yaml_comments(source: str) -> list[Comment]:
    return [Comment(m.start(), m.end(), m[1]) for m in _YAML_COMMENT.finditer(source)]


def _too_deep(source: str) -> bool:
    """True if nesting could overrun the C stack of libyaml, which knows no limit of its own and takes the process with it."""
    depth = 0
    for mark in re.finditer(r"[\[\]{}]", source):
        depth = depth + 1 if mark.group() in "[{" else max(0, depth - 1)
        if depth > 1000:
            return True
    return re.search(r"(?:[-?:][ \t]+){1000}", source) is not None


def _yaml_values(source: str, name: str) -> Iterator[Value]:
    import yaml

    if _too_deep(source):
        raise MalformedSourceError(
            "YAML-en har for mange nivåer", where=name or None, fix="Legg brevet i en fil for seg."
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        roots = _composed(source, loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MalformedSourceError(
            f"Linje {line}: ikke gyldig YAML", where=name or None, fix="Se etter innrykk, kolon og hermetegn."
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise MalformedSourceError(
            f"Ikke gyldig YAML ({(str(error).splitlines() or ['for mange nivåer'])[0][:80]})",
            where=name or None,
            fix="Rett opp filen.",
        ) from None
    seen: set[int] = set()
    stack: list[tuple[tuple[str, ...], Any]] = [
        (() if len(roots) == 1 else (str(i),), root)
        for i, root in reversed(list(enumerate(roots)))
        if root is not None
    ]
    while stack:
        path, node = stack.pop()
        if id(node) in seen:
            continue  # an alias: the letter is checked where it is written
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            stack += [((*path, str(k.value)), v) for k, v in reversed(node.value)]
        elif isinstance(node, yaml.SequenceNode):
            stack += [((*path, str(i)), v) for i, v in reversed(list(enumerate(node.value)))]
        elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str" and node.value.strip():
            yield Value(path, _yaml_text(source, node), node.style == "|")


def _yaml_text(source: str, node: Any) -> Mapped:
    start, end = node.start_mark.index, node.end_mark.index
    raw = source[start:end]
    if node.style in ("|", ">"):
        header = raw.find("\n") + 1
        return _aligned(node.value, source, start + header, end)
    if node.style == "'":
        return _aligned(node.value, source, start + 1, end - 1, quote="''")
    if node.style == '"':
        return _double_quoted(node.value, source, start + 1, end - 1)
    return _aligned(node.value, source, start, end)


def _aligned(value: str, source: str, start: int, end: int, quote: str = "") -> Mapped:
    """Map a value whose words stand in the file as they are, with other white space between them."""
    out = Builder()
    at = start
    position = 0
    for word in re.finditer(r"\S+", value):
        gap = value[position : word.start()]
        pieces = word.group().split("'") if quote else [word.group()]
        found = source.find(
            pieces[0] if not quote or len(pieces) == 1 else word.group().replace("'", quote), at, end
        )
        if found < 0:
            # Never seen; the whole node is better than a wrong place.
            out.add(gap + value[word.start() :], at, end)
            return out.build()
        _gap(out, gap, source, at, found)
        at = found
        for index, piece in enumerate(pieces):
            if index:
                out.add("'", at, at + 2)
                at += 2
            out.add(piece, at)
            at += len(piece)
        position = word.end()
    _gap(out, value[position:], source, at, end)
    return out.build()


def _gap(out: Builder, gap: str, source: str, start: int, end: int) -> None:
    if gap and source[start : start + len(gap)] == gap and end - start == len(gap):
        out.add(gap, start)
    elif gap:
        out.add(gap, start, end)


def _double_quoted(value: str, source: str, start: int, end: int) -> Mapped:
    out = Builder()
    at = start
    for match in _YAML_ESCAPE.finditer(source, start, end):
        out.add(source[at : match.start()], at)
        raw = match.group()
        at = match.end()
        if match["fold"] is not None:
            breaks = raw.count("\n")
            out.add(" " if breaks == 1 else "\n" * (breaks - 1), match.start(), match.end())
        elif raw[1] in "\r\n":
            continue
        else:
            out.add(_unescaped(raw), match.start(), match.end())
    out.add(source[at:end], at)
    mapped = out.build()
    return mapped if mapped.text == value else _aligned(value, source, start, end)


@lru_cache(maxsize=512)
def _unescaped(raw: str) -> str:
    """What an escape in double quotes stands for."""
    import yaml

    return str(json.loads(f'"{raw}"') if raw[:2] == "\\u" else yaml.safe_load(f'"{raw}"'))


# -- letters that JSON writes as two escapes, which YAML does not know

_PAIR = lazy_re(
    r"\\(?:u[dD](?P<high>[89abAB][0-9a-fA-F]{2})\\u[dD](?P<low>[c-fC-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
#: Private letters stand in for the halves while the file is parsed: written as long as they, so that no place moves.
_STANDING_IN = lazy_re("[\ue800-\uebff][\uec00-\uefff]")


def _with_stand_ins(source: str, quoted: Callable[[int], bool]) -> str:
    def halves(match: re.Match[str]) -> str:
        if match["high"] is None or not quoted(match.start()):
            return match.group()
        return f"\\ue{match['high']}\\ue{match['low']}"

    return _PAIR.sub(halves, source)


def _joined(value: str) -> str:
    return _STANDING_IN.sub(
        lambda m: chr(0x10000 + (ord(m[0][0]) - 0xE800) * 0x400 + ord(m[0][1]) - 0xEC00), value
    )


def _composed(source: str, loader: Any) -> list[Any]:
    """The documents of a YAML file; json.dumps may have written it, letters beyond the first plane as two escapes."""
    import yaml

    try:
        return list(yaml.compose_all(source, Loader=loader))
    except yaml.MarkedYAMLError:
        if _with_stand_ins(source, lambda _: True) == source:
            raise
    # Only in double quotes is a backslash an escape; which strings are in them the first reading tells.
    first = list(yaml.compose_all(_with_stand_ins(source, lambda _: True), Loader=loader))
    spans = sorted((n.start_mark.index, n.end_mark.index) for n in _scalars(first) if n.style == '"')
    starts = [a for a, _ in spans]

    def quoted(at: int) -> bool:
        index = bisect_right(starts, at) - 1
        return index >= 0 and at < spans[index][1]

    roots = list(yaml.compose_all(_with_stand_ins(source, quoted), Loader=loader))
    for node in _scalars(roots):
        if node.style == '"':
            node.value = _joined(node.value)
    return roots


def _scalars(roots: list[Any]) -> Iterator[Any]:
    """All scalars, keys too; each once."""
    import yaml

    seen: set[int] = set()
    stack = [root for root in roots if root is not None]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            stack += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            stack += node.value
        else:
            yield node
