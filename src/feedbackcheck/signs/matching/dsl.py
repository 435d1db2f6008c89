r"""The language of match lines.

A line is a row of elements, each of which matches one or more whole words, whatever their case:

==================  =============================================================================================
``ord``             the word itself
``ord*`` ``*ord``   a word that begins (ends) so; ``*ord*`` holds it
``@gå``             any form of a lemma class of the lexicon (both målformer)
``$vi``             a fragment of the lexicon, put in as it stands
``(a b|c|@d)``      one of several rows
``x?``              the element (or group) before may be left out
``_``               any one word
``..`` ``..6``      a gap: up to 3 (6) words of any kind, as few as possible; ``...`` up to the end of the sentence
``{a & b & c}``     the parts in any order, with gaps of up to 3 words between; ``{a & b}6`` up to 6
``!x``              the next words are not ``x``
``NUM``             a number in digits
``CAP``             a capitalised word that does not begin the sentence
``NAME``            a known given name with the capitalised words that follow it
``FIELD``           a merge field; ``FIELD:name`` one that plays this role
``^`` ``$``         beginning, end of the sentence (final punctuation aside)
``, . ? ! : ; %``   punctuation stands for itself
==================  =============================================================================================

Gap words are what makes inserted adverbs harmless: ``vi .. @velge`` matches «vi har dessverre til slutt valgt».
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from feedbackcheck.message import FieldRole

__all__ = ["Atom", "DslError", "Lexicon", "Line", "compile_line"]

_MARK: Final = r"[\^¤]?"
_PUNCTUATION: Final = frozenset(",.?!:;%-–()/…=")
_MAX_DEPTH: Final = 12


class DslError(ValueError):
    """A match line that cannot be read; the text says why, in Norwegian."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lemma classes (name → forms) and fragments (name → row of elements)."""

    lemmas: Mapping[str, tuple[str, ...]]
    fragments: Mapping[str, str]


Atom = frozenset[str]
"""Forms of which one must stand in the sentence. ``ord*`` and ``*ord`` are kept as such; ``#num`` … are word kinds."""


@dataclass(frozen=True, slots=True)
class Line:
    """A compiled match line: its expression (lemma classes as ``\\x01name\\x01``) and what the sentence must hold."""

    expression: str
    required: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """An expression and the atoms without which it cannot match."""

    expression: str
    required: tuple[Atom, ...] = ()


class _Reader:
    def __init__(self, line: str, lexicon: Lexicon, depth: int = 0) -> None:
        self.line = line
        self.at = 0
        self.lexicon = lexicon
        self.depth = depth
        if depth > _MAX_DEPTH:
            raise DslError("fragmenter viser til hverandre i ring")

    def fail(self, why: str) -> DslError:
        return DslError(f"{why} ved tegn {self.at + 1} i «{self.line}»")

    def peek(self) -> str:
        return self.line[self.at : self.at + 1]

    def skip(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def row(self, stop: str) -> _Part:
        parts: list[_Part] = []
        while True:
            self.skip()
            char = self.peek()
            if not char or char in stop:
                break
            parts.append(self.element())
        if not parts:
            raise self.fail("tomt ledd")
        return _join(parts)

    def element(self) -> _Part:
        negated = False
        if self.peek() == "!" and self.line[self.at + 1 : self.at + 2].strip():
            self.at += 1
            negated = True
        part = self.primary()
        if self.peek() == "?":
            self.at += 1
            part = _Part(f"(?:{part.expression})?")
        if negated:
            part = _Part(f"(?!{part.expression})")
        return part

    def primary(self) -> _Part:
        char = self.peek()
        if char == "(":
            self.at += 1
            options = [self.row("|)")]
            while self.peek() == "|":
                self.at += 1
                options.append(self.row("|)"))
            if self.peek() != ")":
                raise self.fail("mangler «)»")
            self.at += 1
            return _either(options)
        if char == "{":
            self.at += 1
            members = [self.row("&}")]
            while self.peek() == "&":
                self.at += 1
                members.append(self.row("&}"))
            if self.peek() != "}":
                raise self.fail("mangler «}»")
            self.at += 1
            gap = self.digits(3)
            if not 2 <= len(members) <= 4:
                raise self.fail("{…} skal ha to til fire ledd")
            return _unordered(members, gap)
        return self.word()

    def digits(self, default: int) -> int:
        found = re.compile(r"\d{1,2}").match(self.line, self.at)
        if not found:
            return default
        self.at = found.end()
        return int(found.group())

    def word(self) -> _Part:
        found = re.compile(r"\.\.\.|\.\.|[^\s()|{}&?]+|\?").match(self.line, self.at)
        if not found:
            raise self.fail(f"uventet «{self.peek()}»")
        token = found.group()
        self.at = found.end()
        if token == "...":
            return _Part(r"(?:[^ ]+ ){0,60}?")
        if token == "..":
            return _Part(rf"(?:[^ ]+ ){{0,{self.digits(3)}}}?")
        if token == "_":
            return _Part(r"[^ ]+ ")
        if token == "^":
            return _Part(r"(?<![^ ] )")
        if token == "$":
            return _Part(r"(?:[.!?:,;)…]+ )*$")
        if token == "NUM":
            return _Part(r"\d[^ ]* ", (frozenset({"#num"}),))
        if token == "CAP":
            return _Part(r"(?<=[^ ] )[^ ]+[\^¤] ", (frozenset({"#cap"}),))
        if token == "NAME":
            return _Part(r"[^ ]+¤ (?:[^ ]+[\^¤] ){0,3}", (frozenset({"#name"}),))
        if token == "FIELD":
            return _Part(r"<[a-z]+> ", (frozenset(f"<{r.value}>" for r in FieldRole),))
        if token.startswith("FIELD:"):
            role = token[6:]
            if role not in FieldRole.__members__.values():
                raise self.fail(f"ukjent rolle «{role}»")
            return _Part(rf"<{role}> ", (frozenset({f"<{role}>"}),))
        if token.startswith("@"):
            name = token[1:]
            forms = self.lexicon.lemmas.get(name)
            if forms is None:
                raise self.fail(f"ukjent bøyingsklasse «@{name}»")
            return _Part(f"(?:\x01{name}\x01){_MARK} ", (frozenset(forms),))
        if token.startswith("$"):
            fragment = self.lexicon.fragments.get(token[1:])
            if fragment is None:
                raise self.fail(f"ukjent fragment «{token}»")
            inner = _Reader(fragment, self.lexicon, self.depth + 1)
            row = inner.row("|")
            if inner.at < len(inner.line):
                raise inner.fail("et fragment med flere muligheter skal stå i ( )")
            return row
        if token in _PUNCTUATION:
            return _Part(re.escape(token) + " ", (frozenset({token}),) if token != "." else ())
        return self.literal(token)

    def literal(self, token: str) -> _Part:
        low = token.lower()
        if token != low:
            raise self.fail(f"«{token}» har store bokstaver; ord skrives med små")
        head, tail = low.startswith("*"), low.endswith("*")
        core = low.strip("*")
        if (
            not core
            or not re.fullmatch(r"@|[-]?[^\W_]+(?:[-'./&+@:][^\W_]+)*[-+#]*", core)
            or (core[0] in "@-" and not head)
        ):
            raise self.fail(f"«{token}» er ikke et ord")
        escaped = re.escape(core)
        if head and tail:
            return _Part(rf"[^ ]*{escaped}[^ ]* ")
        if tail:
            return _Part(rf"{escaped}[^ ]* ", (frozenset({low}),))
        if head:
            return _Part(rf"[^ ]*{escaped}{_MARK} ", (frozenset({low}),))
        return _Part(rf"{escaped}{_MARK} ", (frozenset({low}),))


def _join(parts: Iterable[_Part]) -> _Part:
    parts = list(parts)
    required: list[Atom] = []
    for part in parts:
        required += [a for a in part.required if a not in required]
    return _Part("".join(p.expression for p in parts), tuple(required))


def _either(options: list[_Part]) -> _Part:
    expression = "(?:" + "|".join(o.expression for o in options) + ")"
    # What every option needs is one word out of the union of one atom of each.
    if all(o.required for o in options):
        union = frozenset().union(*(min(o.required, key=atom_weight) for o in options))
        return _Part(expression, (union,))
    return _Part(expression)


def _unordered(members: list[_Part], gap: int) -> _Part:
    between = rf"(?:[^ ]+ ){{0,{gap}}}?"
    rows = [between.join(m.expression for m in order) for order in permutations(members)]
    return _Part("(?:" + "|".join(rows) + ")", _join(members).required)


# How common words are, roughly, per thousand sentences of letters: an anchor should be rare.
_COMMON: Final = {
    w: n
    for n, row in (
        (500, ", . og i å vi du det er til som en har ikke på for at med av"),
        (
            250,
            "deg din ditt dine de den et ein ei eg jeg oss vår vårt me så om men kan fra frå var ble blei vart vil skal hos #cap",
        ),
        (
            120,
            "#num ? ! : - – ( ) / mer meir mange andre andre eller enn seg være vere blitt vært vore også òg når da då hva kva",
        ),
        (
            100,
            "stillingen stillinga stilling søknaden søknad søknaden jobben jobb takk hei ser gjerne få ta gå veldig svært #name <name>",
        ),
        (
            60,
            "gjør gjer gjorde hadde noe noko noen nokon bare berre nå no her der hvor kor hvis dersom dette disse alle flere fleire",
        ),
    )
    for w in row.split()
}


def atom_weight(atom: Atom) -> int:
    """How often a sentence holds one of the forms (rough, relative)."""
    return sum(_COMMON.get(form, 30 if form.startswith("*") or form.endswith("*") else 4) for form in atom)


def compile_line(line: str, lexicon: Lexicon) -> Line:
    """Compile a match line.

    Raises:
        DslError: the line cannot be read, or matches nothing in particular.
    """
    reader = _Reader(line, lexicon)
    part = reader.row("|)&}")
    if reader.at < len(line):
        raise reader.fail(f"uventet «{reader.peek()}»")
    expression = r"(?:(?<= ))" + part.expression
    try:
        re.compile(expression.replace("\x01", ""))
    except re.error as error:
        raise DslError(f"«{line}» lar seg ikke lese: {error}") from None
    return Line(expression, tuple(sorted(part.required, key=atom_weight)))
