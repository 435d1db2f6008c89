"""Signs from word patterns.

A pattern matches words of one sentence whatever their inflection, målform and order (see ``matching.dsl``). Patterns are
indexed by the rarest word they need, and tried only where every word that they need stands, so that a thousand patterns
cost a sentence no more than the few that nearly match.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from feedbackcheck.language.document import Document
from feedbackcheck.message import MergeField, Span
from feedbackcheck.signs.base import Origin, Sign
from feedbackcheck.signs.matching.shapes import shape_signs
from feedbackcheck.signs.matching.store import DATA, Compiled, builtin, expand, load_packs
from feedbackcheck.signs.matching.words import Stream, stream

__all__ = ["PatternFinder", "given_names", "load_packs"]

_MEMO_LIMIT = 50_000


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Given names of people in Norway, lower-cased (see ``data/given_names.txt``)."""
    lines = (DATA / "given_names.txt").read_text("utf-8").splitlines()
    return frozenset(w.lower() for line in lines if not line.startswith("#") for w in line.split())


class _Line:
    """A match line: its expression is compiled when a sentence first holds all its words."""

    __slots__ = ("_search", "expression", "lemmas", "required")

    def __init__(self, row: Sequence[Any], lemmas: dict[str, str]) -> None:
        self.expression: str = row[0]
        self.required: frozenset[int] = frozenset(row[1])
        self.lemmas = lemmas
        self._search: Callable[[str], re.Match[str] | None] | None = None

    def search(self, string: str) -> re.Match[str] | None:
        if self._search is None:
            self._search = re.compile(expand(self.expression, self.lemmas)).search
        return self._search(string)


class _Rule:
    """A pattern with its lines."""

    __slots__ = ("after", "before", "code", "decides", "id", "kinds", "langs", "max_body", "maximum", "minimum", "modes", "needs", "note", "plain", "position", "raw", "stages", "strength", "unless", "unless_after")  # fmt: skip

    def __init__(self, row: dict[str, Any], lemmas: dict[str, str]) -> None:
        self.id: str = row["id"]
        self.code: str = row["code"]
        self.strength: float = row["s"]
        self.kinds = frozenset(row["k"])
        self.decides: bool = row.get("d", False)
        self.stages = frozenset(row.get("stages", ()))
        self.modes = frozenset(row.get("modes", ()))
        self.langs = frozenset(row.get("langs", ()))
        self.minimum: int = row.get("min", 0)
        self.maximum: int = row.get("max", 0)
        self.max_body: int = row.get("body", 0)
        self.position: str = row.get("pos", "")
        self.note: str | None = row.get("note")
        self.unless = [_Line(x, lemmas) for x in row.get("unless", ())]
        self.unless_after = [_Line(x, lemmas) for x in row.get("ua", ())]
        self.needs = [_Line(x, lemmas) for x in row.get("needs", ())]
        self.before = [_Line(x, lemmas) for x in row.get("before", ())]
        self.after = [_Line(x, lemmas) for x in row.get("after", ())]
        self.raw: list[re.Pattern[str]] | tuple[str, ...] = tuple(row.get("raw", ()))
        # Most patterns have no condition beyond their words.
        self.plain = not (
            self.stages or self.modes or self.langs or self.minimum or self.maximum or self.position or self.max_body or self.unless
            or self.unless_after or self.needs or self.before or self.after
        )  # fmt: skip


class _Index:
    """One compiled file (the package's own, or a pack) made ready for matching."""

    def __init__(self, compiled: Compiled) -> None:
        data = compiled.data
        lemmas: dict[str, str] = data["lemmas"]
        self.known: dict[str, tuple[int, ...]] = data["words"]
        self.heads: dict[str, tuple[int, ...]] = data["heads"]
        self.tails: dict[str, tuple[int, ...]] = data["tails"]
        self.head_lengths, self.tail_lengths = compiled.lengths
        self.memo: dict[str, tuple[int, ...]] = {}
        self.by_anchor: dict[int, list[tuple[_Rule, _Line]]] = {}
        self.always: list[tuple[_Rule, _Line]] = []
        self.raw: list[_Rule] = []
        for row in compiled.patterns:
            rule = _Rule(row, lemmas)
            for words in row["m"]:
                line = _Line(words, lemmas)
                if words[1]:
                    self.by_anchor.setdefault(words[1][0], []).append((rule, line))
                else:
                    self.always.append((rule, line))
            if rule.raw:
                self.raw.append(rule)

    def atoms(self, word: str) -> tuple[int, ...]:
        """Atoms that a word fulfils."""
        found = self.memo.get(word)
        if found is None:
            if len(self.memo) > _MEMO_LIMIT:
                self.memo.clear()
            out = list(self.known.get(word, ()))
            for n in self.head_lengths:
                out += self.heads.get(word[:n], ()) if len(word) >= n else ()
            for n in self.tail_lengths:
                out += self.tails.get(word[-n:], ()) if len(word) >= n else ()
            if word[:1].isdigit():
                out += self.known.get("#num", ())
            found = self.memo[word] = tuple(out)
        return found

    def sentence_atoms(self, s: Stream) -> set[int]:
        out: set[int] = set()
        update, memo, atoms = out.update, self.memo, self.atoms
        for word in s.words:
            found = memo.get(word)
            update(atoms(word) if found is None else found)
        if "^ " in s.string:
            update(self.known.get("#cap", ()))
        if "¤ " in s.string:
            update(self.known.get("#cap", ()))
            update(self.known.get("#name", ()))
        return out


class _View:
    """A document as the patterns see it: streams and atoms of its sentences, made once each."""

    def __init__(self, document: Document, index: _Index, streams: list[Stream]) -> None:
        self.document = document
        self.index = index
        self.streams = streams
        self._atoms: list[set[int] | None] = [None] * len(streams)
        body = [s.index for s in document.sentences if s.kind.value in ("body", "list")]
        self.body = len(body)
        self.first = body[0] if body else -1
        self.last = body[-1] if body else -1

    def atoms(self, i: int) -> set[int]:
        found = self._atoms[i]
        if found is None:
            found = self._atoms[i] = self.index.sentence_atoms(self.streams[i])
        return found

    def any_line(self, lines: Iterable[_Line], i: int, start: int = 0) -> bool:
        if not 0 <= i < len(self.streams):
            return False
        atoms = self.atoms(i)
        string = self.streams[i].string[start:] if start else self.streams[i].string
        return any(line.required <= atoms and line.search(string) is not None for line in lines)

    def allowed(self, rule: _Rule, i: int, end: int) -> bool:
        d = self.document
        if rule.stages and (d.stage is None or d.stage.value not in rule.stages):
            return False
        if rule.modes and d.mode.value not in rule.modes:
            return False
        if rule.langs and (d.sentence_languages[i] or d.language) not in rule.langs:
            return False
        n = len(self.streams[i])
        if n < rule.minimum or (rule.maximum and n > rule.maximum):
            return False
        if rule.max_body and self.body > rule.max_body:
            return False
        if rule.position and i != (self.first if rule.position == "first" else self.last):
            return False
        if rule.unless and self.any_line(rule.unless, i):
            return False
        # The match consumed the space before the rest; the rest must begin with one.
        if rule.unless_after and self.any_line(rule.unless_after, i, max(0, end - 1)):
            return False
        if rule.needs and not self.any_line(rule.needs, i):
            return False
        if rule.before and not self.any_line(rule.before, i - 1):
            return False
        return not (rule.after and not self.any_line(rule.after, i + 1))

    def matches(self, i: int) -> Iterator[tuple[_Rule, Span]]:
        s = self.streams[i]
        kind = self.document.sentences[i].kind.value
        atoms = self.atoms(i)
        string = s.string
        by_anchor = self.index.by_anchor
        for atom in atoms & by_anchor.keys():
            for rule, line in by_anchor[atom]:
                if line.required <= atoms and kind in rule.kinds:
                    found = line.search(string)
                    if found is not None and (rule.plain or self.allowed(rule, i, found.end())):
                        yield rule, s.span(found.start(), found.end())
        for rule, line in self.index.always:
            if kind in rule.kinds:
                found = line.search(string)
                if found is not None and (rule.plain or self.allowed(rule, i, found.end())):
                    yield rule, s.span(found.start(), found.end())
        if self.index.raw:
            sentence = self.document.sentences[i]
            for rule in self.index.raw:
                if kind not in rule.kinds:
                    continue
                if isinstance(rule.raw, tuple):
                    rule.raw = [re.compile(x) for x in rule.raw]
                for expression in rule.raw:
                    # Expressions may be quadratic, and no sentence is this long.
                    found = expression.search(sentence.text[:4000])
                    if found is not None and self.allowed(rule, i, 0):
                        start = sentence.span.start
                        yield rule, Span(start + found.start(), start + max(found.end(), found.start() + 1))
                        break


class PatternFinder:
    """Finds signs by the package's patterns and by rule packs.

    Args:
        packs: pattern files or folders of a user.

    Raises:
        ConfigError: a pack cannot be used.
    """

    name = Origin.PATTERN

    def __init__(self, packs: Sequence[str | Path] = ()) -> None:
        compiled = (builtin(), *load_packs(packs))
        self._identity = "+".join(c.digest for c in compiled)
        self._indexes = [_Index(c) for c in compiled]

    @property
    def identity(self) -> str:
        """Digest of the pattern files."""
        return self._identity

    def find(self, document: Document) -> Iterator[Sign]:
        """Signs of every sentence, the strongest first where two of one code overlap."""
        streams = self._streams(document)
        views = [_View(document, index, streams) for index in self._indexes]
        shaped: dict[int, list[Sign]] = {}
        for sign in shape_signs(document, streams):
            shaped.setdefault(sign.sentence, []).append(sign)
        for i in range(len(document.sentences)):
            signs = shaped.get(i, [])
            for view in views:
                for rule, span in view.matches(i):
                    signs.append(
                        Sign(
                            code=rule.code, span=span, sentence=i, strength=rule.strength, origin=Origin.PATTERN,
                            why=rule.id, decides=rule.decides, note=rule.note,
                        )
                    )  # fmt: skip
            yield from _best(signs)

    def matches(self, document: Document) -> Iterator[tuple[int, str, str]]:
        """Every pattern that matches, overlapping or not: sentence, code, pattern id (for measuring)."""
        streams = self._streams(document)
        for sign in shape_signs(document, streams):
            yield sign.sentence, sign.code, sign.why
        for index in self._indexes:
            view = _View(document, index, streams)
            for i in range(len(document.sentences)):
                for identity, code in {(rule.id, rule.code) for rule, _ in view.matches(i)}:
                    yield i, code, identity

    @staticmethod
    def _streams(document: Document) -> list[Stream]:
        names = given_names()
        text = document.text
        fields: Sequence[MergeField] = document.message.fields
        if not fields:
            return [stream(text, s.span.start, s.span.end, (), names) for s in document.sentences]
        starts, ends = [f.span.start for f in fields], [f.span.end for f in fields]
        return [
            stream(
                text, s.span.start, s.span.end,
                fields[bisect_right(ends, s.span.start) : bisect_left(starts, s.span.end)], names,
            )
            for s in document.sentences
        ]  # fmt: skip


def _best(signs: list[Sign]) -> list[Sign]:
    if len(signs) < 2:
        return signs
    signs.sort(key=lambda s: (-s.decides, -s.strength, s.span.start, -len(s.span), s.why))
    out: list[Sign] = []
    for sign in signs:
        if not any(o.code == sign.code and o.span.overlap(sign.span) for o in out):
            out.append(sign)
    return out
