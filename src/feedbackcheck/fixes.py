"""Puts suggestions into files: safe ones by ``--fix``, unsafe ones when asked for.

An edit is made only where the source reads exactly like the text, so that tags, entities and escapes are never broken,
and the new words are escaped for the format they go into.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedbackcheck.findings import Applicability
from feedbackcheck.message import Message, Span
from feedbackcheck.report import Report
from feedbackcheck.sources.branches import choices, has_words
from feedbackcheck.suggest.plan import ORDER
from feedbackcheck.suggest.runs import is_heading, leaves_part

__all__ = [
    "FIXABLE_KINDS",
    "Change",
    "Edit",
    "Written",
    "apply_edits",
    "edits_for",
    "escape_for",
    "file_edit",
    "offers_edit",
    "with_line_ends",
    "write_back",
    "write_changes",
]

#: Formats whose file content is the message's source, so that an edit can be written back.
FIXABLE_KINDS = frozenset({"text", "markdown", "html", "mjml", "json", "yaml"})


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace a run of the source by ``text``."""

    start: int
    end: int
    text: str
    code: str = ""


# Quotes, escapes, and what ends a plain scalar or begins a comment: how they must be written depends on the quoting.
_RISKY_IN_YAML = re.compile(r"""["'\\\n]|:(?:\s|$)|\s#|[\[\]{},&*!|>%@`]""")


def _fits(kind: str, text: str) -> bool:
    """True if ``text`` can be put into a file of ``kind`` without knowing how the value around it is quoted."""
    if kind == "yaml":
        return not _RISKY_IN_YAML.search(text)
    return kind != "json" or "\n" not in text


def escape_for(kind: str, text: str, source: str = "ø") -> str:
    """``text`` as it must stand in a file of ``kind``, whose content is ``source``.

    A file that writes its letters as entities or escapes may not say which encoding it has, so it gets no bare «ø».
    """
    if kind in ("html", "mjml"):
        escaped = html.escape(text, quote=False)
        return escaped.encode("ascii", "xmlcharrefreplace").decode() if source.isascii() else escaped
    if kind == "json":
        return json.dumps(text, ensure_ascii=source.isascii())[1:-1]
    return text


def with_line_ends(kind: str, text: str, source: str, place: Span) -> str:
    """``text`` with its line breaks as the file has them: markup in HTML, else the file's own line ends."""
    if kind in ("html", "mjml"):
        text = as_markup(text, source[: place.start], source[place.end :])
    own = "\r\n" if "\r\n" in source else "\r" if "\r" in source and "\n" not in source else "\n"
    return text if own == "\n" else re.sub(r"\r?\n", own, text)


def as_markup(text: str, before: str, after: str) -> str:
    """Line breaks of an insertion as markup: paragraphs where it stands at the edge of one, else line breaks."""
    opening = re.search(r"<p\b([^>]*)>(?:(?!</p>).)*$", before, re.IGNORECASE | re.DOTALL)
    at_edge = re.match(r"\s*</p>", after, re.IGNORECASE) or re.search(
        r"<p\b[^>]*>\s*$", before, re.IGNORECASE
    )
    paragraph = "<br><br>"
    if opening and at_edge:
        # The new paragraph looks like the one that it stands beside.
        looks = re.sub(r"""\s+id\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", "", opening[1], flags=re.IGNORECASE)
        paragraph = f"</p>\n<p{looks}>"
    return re.sub(r"\n\n|\n", lambda m: paragraph if len(m.group()) == 2 else "<br>", text)


def may_replace(message: Message, span: Span) -> bool:
    """True if nothing but words stands in the source of ``span``: no tag, no template logic, no comment."""
    if message.source_map.is_verbatim(span):
        return True
    run = message.source_map.span(span).of(message.source)
    words = span.of(message.text)
    if message.kind in ("html", "mjml"):
        return "<" not in run and html.unescape(run).split() == words.split()
    if message.kind == "json":
        try:
            return bool(json.loads(f'"{run}"', strict=False) == words)
        except ValueError:
            return False
    # Lines that were broken at a width, and blanks: nothing that the edit could lose.
    return run.split() == words.split()


def file_edit(message: Message, span: Span, text: str, code: str = "") -> Edit | None:
    """The edit of the file that puts ``text`` in place of a text span; None where it would break what stands there.

    Every edit of a file goes through here, whoever asked for it. White space at the ends of the span is left out of the
    edit where mark-up stands in its source («</p><p>» between two paragraphs). A heading is not replaced by a sentence,
    and of a sentence that runs on over a line break no half is replaced.
    """
    if message.kind not in FIXABLE_KINDS or not _fits(message.kind, text):
        return None
    if not len(span):
        return _inserted(message, span.start, text, code)
    if _opens(text) != _opens(span.of(message.text)):
        return None  # «Hei, det er Eivind. …» in a script: the quotation would be left open
    if leaves_part(message.text, span, text) or (_whole_sentence(text) and is_heading(message, span)):
        return None
    return _replaced(message, span, text, code)


def _opens(text: str) -> int:
    """How many quotation marks and brackets open in ``text`` and do not close, less those that only close."""
    return sum(text.count(a) - text.count(b) for a, b in ("«»", "“”", "()", "[]"))


def _whole_sentence(text: str) -> bool:
    return not text.strip() or text.rstrip().endswith((".", "!", "?", ":"))


def _replaced(message: Message, span: Span, text: str, code: str) -> Edit | None:
    if not may_replace(message, span):
        words = span.of(message.text)
        inner = Span(
            span.end - len(words.lstrip()),
            max(span.end - len(words.lstrip()), span.start + len(words.rstrip())),
        )
        if inner == span or not len(inner) or not may_replace(message, inner):
            return None
        span, text = inner, text.strip()
    source = message.source_map.span(span)
    text = escape_for(message.kind, text, message.source)
    if not text and message.kind in ("html", "mjml"):
        source = emptied(message.source, source)
    return Edit(source.start, source.end, with_line_ends(message.kind, text, message.source, source), code)


def _inserted(message: Message, at: int, text: str, code: str) -> Edit:
    place = insertion_place(message, at)
    text = escape_for(message.kind, text, message.source)
    # What the letter lacks is lacking for every reader, so it stands in no branch; what goes with a sentence stays by it.
    if code.startswith(("MAN", "PRO")):
        for_all = outside(message, place, before=not _follows_words(message.text, at))
        if for_all != place:
            return Edit(for_all, for_all, _beside(message, for_all, text), code)
    return Edit(place, place, with_line_ends(message.kind, text, message.source, Span(place, place)), code)


def _follows_words(text: str, at: int) -> bool:
    """True if an insertion at ``at`` belongs to the words before it, False if to those after it."""
    return at > 0 and (not text[at - 1].isspace() or not text[at:].strip())


# What closes or opens a run of marked words: a sentence put beside them is no part of the link or the bold type.
_CLOSING_MARKS = {
    "html": re.compile(
        r"(?:</(?:a|abbr|b|big|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|tt|u)\s*>)+",
        re.IGNORECASE,
    ),
    "markdown": re.compile(r"(?:\*{1,3}(?!\*)|_{1,3}(?!\w)|~~|`{1,2}|\]\((?:[^()\n]|\([^()\n]*\))*\))+"),
}
_OPENING_MARKS = {
    "html": re.compile(
        r"(?:<(?:a|abbr|b|big|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|tt|u)\b[^<>]*>)+$",
        re.IGNORECASE,
    ),
    "markdown": re.compile(r"(?<![\w*_])(?:\*{1,3}|_{1,3}|~~|\[)+$"),
}


def insertion_place(message: Message, at: int) -> int:
    """Where in the source an insertion at text offset ``at`` belongs."""
    text, source = message.text, message.source
    marks = "html" if message.kind == "mjml" else message.kind
    if _follows_words(text, at):
        place = message.source_map.end(len(text[:at].rstrip()) if text[at - 1].isspace() else at)
        closing = _CLOSING_MARKS[marks].match(source, place) if marks in _CLOSING_MARKS else None
        return closing.end() if closing else place
    if not text[:at].strip() and not text.strip():
        return message.source_map.start(at)
    words = at + len(text[at:]) - len(text[at:].lstrip())
    place = message.source_map.start(words)
    if marks in _OPENING_MARKS:
        opening = _OPENING_MARKS[marks].search(source, max(0, place - 500), place)
        return opening.start() if opening else place
    return place


def outside(message: Message, place: int, *, before: bool) -> int:
    """``place``, or the edge of the outermost choice around it («{% if %} … {% endif %}»)."""
    around = [c.span for c in choices(message.source) if c.span.start < place < c.span.end]
    if not around:
        return place
    return min(s.start for s in around) if before else max(s.end for s in around)


def _beside(message: Message, place: int, text: str) -> str:
    """A new sentence as it stands beside a choice: on lines of its own, in HTML as paragraphs where the choice holds such."""
    source, words = message.source, text.strip()
    after = place > 0 and any(c.span.end == place for c in choices(source))
    if message.kind in ("html", "mjml"):
        inside = next(c.span for c in choices(source) if place in (c.span.start, c.span.end))
        if re.search(r"<p\b", inside.of(source), re.IGNORECASE):
            made = "\n".join(f"<p>{part}</p>" for part in words.split("\n\n"))
            return f"\n{made}" if after else f"{made}\n"
        return with_line_ends(message.kind, text, source, Span(place, place))
    line_start = source.rfind("\n", 0, place) + 1
    line_end = source.find("\n", place)
    rest = source[place : line_end if line_end >= 0 else len(source)] if after else source[line_start:place]
    if rest.strip():
        return text
    gap = "\n\n" if "\n\n" in text[: len(text) - len(text.lstrip())] + text[len(text.rstrip()) :] else "\n"
    made = f"{gap}{words}" if after else f"{words}{gap}"
    return with_line_ends(message.kind, made, source, Span(place, place))


_OPENING = re.compile(r"<(p|li|div)\b[^<>]*>\s*$", re.IGNORECASE)


def emptied(source: str, place: Span) -> Span:
    """What to delete when the words at ``place`` go: their paragraph too, with its line, if it holds nothing else."""
    # Only an opening tag directly before the words counts, so a short look back is enough however large the file is.
    opening = _OPENING.search(source, max(0, place.start - 2_000), place.start)
    if opening is None:
        return place
    closing = re.compile(rf"\s*</{opening[1]}\s*>\s*", re.IGNORECASE).match(source, place.end)
    return Span(opening.start(), closing.end()) if closing else place


def offers_edit(report: Report, *, unsafe: bool = False) -> bool:
    """True if a suggestion could be made without asking, were the file of a kind that can be written."""
    allowed = {Applicability.SAFE} | ({Applicability.UNSAFE} if unsafe else set())
    return any(
        s.applicability in allowed and not s.needs and (s.span or f.span)
        for f in report.findings
        for s in f.suggestions
    )


def edits_for(report: Report, *, unsafe: bool = False) -> list[Edit]:
    """The edits of a report's suggestions that may be made without asking, in order and without overlap.

    The first applicable suggestion of each finding is taken; of overlapping edits the first stands.
    """
    message = report.message
    allowed = {Applicability.SAFE} | ({Applicability.UNSAFE} if unsafe else set())
    edits: list[Edit] = []
    said: set[str] = set()
    for finding in report.findings:
        for suggestion in finding.suggestions:
            span = suggestion.span or finding.span
            if suggestion.applicability not in allowed or span is None or suggestion.needs:
                continue
            edit = file_edit(message, span, suggestion.text, finding.code)
            if edit is None:
                continue
            # Two sentences with the same fault may be offered the same whole sentence; a letter says it once.
            if suggestion.text in said:
                break
            if suggestion.text.rstrip().endswith((".", "!", "?")):
                said.add(suggestion.text)
            edits.append(edit)
            break
    return without_overlap(_in_letter_order(without_emptied_branches(message.source, edits)))


def _in_letter_order(edits: Iterable[Edit]) -> list[Edit]:
    """Insertions at one place made into one, in the order in which a letter says things."""

    def rank(edit: Edit) -> int:
        code = edit.code.replace("MAN", "ING")
        return ORDER.index(code) if code in ORDER else -1

    out: list[Edit] = []
    at: dict[int, list[Edit]] = {}
    for edit in edits:
        if edit.start == edit.end:
            at.setdefault(edit.start, []).append(edit)
        else:
            out.append(edit)
    for place, found in at.items():
        found.sort(key=rank)
        out.append(Edit(place, place, "".join(e.text for e in found), found[0].code))
    return out


def without_emptied_branches(source: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits less those that would leave a branch of a template without a word."""
    out = list(edits)
    for choice in choices(source) if edits else ():
        for branch in choice.branches:
            inside = [e for e in out if e.start < branch.end and branch.start < max(e.end, e.start + 1)]
            if inside and has_words(branch.of(source)) and not has_words(_of_branch(source, branch, inside)):
                out = [e for e in out if e not in inside]
    return out


def _of_branch(source: str, branch: Span, edits: Iterable[Edit]) -> str:
    """What a branch reads after the edits."""
    parts, at = [], branch.start
    for edit in sorted(edits):
        parts += [source[at : max(at, edit.start)], edit.text]
        at = max(at, edit.end)
    return "".join([*parts, source[at : branch.end]])


def without_overlap(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in order, each beginning where the one before has ended or later."""
    out: list[Edit] = []
    for edit in sorted(set(edits)):
        if not out or edit.start >= out[-1].end:
            out.append(edit)
    return out


def apply_edits(source: str, edits: Sequence[Edit]) -> str:
    """The source with the edits made."""
    parts, at = [], 0
    for edit in edits:
        parts += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, source[at:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Replace a run of a message's text. Changes come in order; those at one place stand in theirs.

    ``says`` and ``unsays`` name what a change puts in and takes out («ING02»): what is said anew in one place must have
    gone from the other, so such changes are made together or not at all.
    """

    start: int
    end: int
    text: str
    code: str = ""
    says: frozenset[str] = frozenset()
    unsays: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """A file's new content, and the indices of the changes that could not be made in it."""

    source: str
    left: tuple[int, ...] = ()


def write_changes(message: Message, changes: Sequence[Change]) -> Written:
    """Make changes to a message's text in its source, so that the source, read again, is the changed text.

    What would break tags, comments, links or template logic between the words is left, and what depends on it too.
    """
    wanted = dict(enumerate(changes))
    after = _made(message, wanted)
    if after is None:
        # Something will not go in: the changes one by one, as many as read back as they should.
        kept: dict[int, Change] = {}
        for together in _dependent(changes):
            more = dict(sorted({**kept, **{i: changes[i] for i in together}}.items()))
            if _made(message, more) is not None:
                kept = more
        wanted, after = kept, _made(message, kept)
    left = tuple(i for i in range(len(changes)) if i not in wanted)
    return Written(message.source if after is None else after, left)


def _dependent(changes: Sequence[Change]) -> list[tuple[int, ...]]:
    """Indices of changes that are made together or not at all, in order."""
    groups: list[set[int]] = []
    for i, change in enumerate(changes):
        mine = {i}
        for j, other in enumerate(changes):
            if i != j and (change.says & other.unsays or change.unsays & other.says):
                mine.add(j)
        touching = [g for g in groups if g & mine]
        groups = [g for g in groups if not g & mine] + [mine.union(*touching)]
    return sorted(tuple(sorted(g)) for g in groups)


def _made(message: Message, changes: Mapping[int, Change]) -> str | None:
    """The source with all the changes made; None if one cannot be, or if it does not read as it should afterwards."""
    from feedbackcheck.errors import FeedbackcheckError
    from feedbackcheck.sources import read_text

    edits: list[Edit] = []
    for change in changes.values():
        made = _edits_of(message, change)
        if made is None:
            return None
        edits += made
    joined = _joined(message, edits)
    if joined is None or len(without_emptied_branches(message.source, joined)) < len(joined):
        return None
    after = apply_edits(message.source, joined)
    wished = message.text
    for change in reversed(list(changes.values())):
        wished = wished[: change.start] + change.text + wished[change.end :]
    try:
        read = read_text(after, name=message.path or "", kind=message.kind).text
    except FeedbackcheckError:
        return None
    return after if read.split() == wished.split() else None


def _edits_of(message: Message, change: Change) -> list[Edit] | None:
    """The raw edits of one change: words still without mark-up and escapes. None if it would break what stands there."""
    text, source_map = message.text, message.source_map
    span = Span(change.start, change.end)
    words = span.of(text)
    if not words.strip():
        if words and may_replace(message, span):
            place = source_map.span(span)
            return [Edit(place.start, place.end, change.text, change.code)]
        # A line break alone may be put in: it sets a closing off from a new sentence.
        if not change.text.strip() and (words or "\n" not in change.text):
            return []
        at = change.start
        place_ = insertion_place(message, at)
        before = not _follows_words(text, at)
        return [Edit(*(outside(message, place_, before=before),) * 2, change.text, change.code)]
    if change.text.strip():
        return _swapped(message, span, change)
    if may_replace(message, span) or _only_breaks(message, span):
        place = source_map.span(span)
        return [Edit(place.start, place.end, change.text, change.code)]
    out = []
    for line in re.finditer(r"\S[^\n]*", words):
        part = Span(span.start + line.start(), span.start + line.start() + len(line.group().rstrip()))
        found = _run_of(message, part)
        if found is None:
            return None
        out.append(Edit(found.start, _line_end(message, found), "", change.code))
    return out


def _line_end(message: Message, run: Span) -> int:
    """Where a deletion ends: with its line, and the blank line after it, if nothing else stands on it."""
    source = message.source
    if message.kind in ("html", "mjml") or source[source.rfind("\n", 0, run.start) + 1 : run.start].strip():
        return run.end
    rest = re.compile(r"[ \t]*\r?\n(?:[ \t]*\r?\n)?").match(source, run.end)
    return rest.end() if rest else run.end


def _swapped(message: Message, span: Span, change: Change) -> list[Edit] | None:
    words, text = span.of(message.text), change.text
    if not may_replace(message, span):
        lead, tail = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
        span = Span(span.start + lead, span.end - tail)
        text = text.strip() if (lead or tail) else text
    found = _run_of(message, span)
    return None if found is None else [Edit(found.start, found.end, text, change.code)]


_TYPE = re.compile(r"</?(?:b|em|font|i|small|span|strong|u)\b[^<>]*>", re.IGNORECASE)


def _only_breaks(message: Message, span: Span) -> bool:
    """True if besides the words, which may be replaced, only line breaks stand in the source of ``span``."""
    if message.kind not in ("html", "mjml"):
        return False
    run = message.source_map.span(span).of(message.source)
    return (
        "<" in run
        and html.unescape(re.sub(r"<br\b[^<>]*>", " ", run, flags=re.IGNORECASE)).split()
        == span.of(message.text).split()
    )


def _run_of(message: Message, span: Span) -> Span | None:
    """The source of a whole sentence that may go, with the bold type in it; None where more than that would be lost."""
    place = message.source_map.span(span)
    if may_replace(message, span):
        return place
    words = span.of(message.text).split()
    if message.kind in ("html", "mjml"):
        run = place.of(message.source)
        # Type that begins in the sentence must end in it; its last tag may stand just behind.
        closing = _CLOSING_MARKS["html"].match(message.source, place.end)
        for end in (place.end, closing.end() if closing else place.end):
            run = message.source[place.start : end]
            tags = _TYPE.findall(run)
            balanced = sum(1 if t[1] != "/" else -1 for t in tags) == 0
            if balanced and html.unescape(_TYPE.sub("", run)).split() == words:
                return Span(place.start, end)
        return None
    if message.kind == "markdown":
        end = place.end
        for marks_after in (re.compile(""), _CLOSING_MARKS["markdown"]):
            match = marks_after.match(message.source, place.end)
            end = match.end() if match else place.end
            run = message.source[place.start : end]
            marks = re.findall(r"\*+|(?<!\w)_+|_+(?!\w)", run)
            if len(marks) % 2 == 0 and re.sub(r"\*+|(?<!\w)_+|_+(?!\w)", "", run).split() == words:
                return Span(place.start, end)
    return None


def _joined(message: Message, edits: Sequence[Edit]) -> list[Edit] | None:
    """Raw edits as they go into the file: those that touch made into one, escaped, with the file's own line breaks."""
    groups: list[list[Edit]] = []
    for edit in sorted(edits, key=lambda e: e.start):
        last = max((e.end for e in groups[-1]), default=0) if groups else -1
        if edit.start < last:
            return None
        if groups and edit.start == last:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    out: list[Edit] = []
    edges = {e for c in choices(message.source) for e in (c.span.start, c.span.end)}
    for group in groups:
        start, end = group[0].start, group[-1].end
        text = escape_for(message.kind, "".join(e.text for e in group), message.source)
        if start == end and start in edges:
            text = _beside(message, start, text)
        else:
            place = Span(start, end)
            if not text.strip() and message.kind in ("html", "mjml"):
                place = emptied(message.source, place)
            if out and place.start < out[-1].end:
                place = Span(out[-1].end, max(place.end, out[-1].end))
            text = with_line_ends(message.kind, text, message.source, place)
            start, end = place.start, place.end
        out.append(Edit(start, end, text, group[0].code))
    return out


def write_back(path: Path, before: str, after: str) -> None:
    """Replace a file's content ``before`` by ``after`` in the file's encoding, if nothing else is lost by it.

    Raises:
        SourceError: the file has changed since it was read, or holds bytes that are no text.
        UsageError: it cannot be written.
    """
    from feedbackcheck.errors import SourceError
    from feedbackcheck.files import write_atomically
    from feedbackcheck.sources import encode_like_bytes, read_limited

    data = read_limited(path)
    if encode_like_bytes(before, data, name=str(path)) != data:
        raise SourceError(
            "Filen er ikke rettet: den er endret underveis, eller har tegn som ville gått tapt",
            where=str(path),
            fix="Lagre den som UTF-8 og prøv igjen.",
        )
    write_atomically(path, encode_like_bytes(after, data, name=str(path)))
