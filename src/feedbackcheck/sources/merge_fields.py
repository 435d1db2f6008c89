"""Merge fields in a text, whatever system wrote them, and the role each plays.

One combined pattern finds candidates of every syntax; each is then weighed, because most brackets, quotation marks and
per cent signs in Norwegian letters are no fields: «quoted words» are ordinary quotation marks, ``[sic]`` is an editor's
mark, ``[vent]`` a stage direction of a call script, ``<https://…>`` an address. Which names speak for which role is
data (``data/merge_fields.toml``). Template logic is not found here, see :mod:`feedbackcheck.sources.logic`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from feedbackcheck.message import FieldRole, MergeField, Span
from feedbackcheck.sources.margins import is_alone

__all__ = ["GAP_CLOSE", "GAP_OPEN", "find_fields", "is_placeholder_only", "role_of"]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    parts: dict[str, tuple[FieldRole, int]]
    suffixes: tuple[tuple[str, FieldRole, int], ...]
    bare: dict[str, FieldRole]
    instruction_starts: tuple[str, ...]
    never_words: frozenset[str]
    never_starts: tuple[str, ...]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    import tomllib
    from importlib.resources import files

    data = tomllib.loads((files("feedbackcheck.data") / "merge_fields.toml").read_text(encoding="utf-8"))
    parts: dict[str, tuple[FieldRole, int]] = {}
    suffixes: list[tuple[str, FieldRole, int]] = []
    bare: dict[str, FieldRole] = {}
    for role in FieldRole:
        entry = data[role.value]
        weight = int(entry["weight"])
        for part in entry["parts"]:
            parts.setdefault(part, (role, weight))
        suffixes += [(suffix, role, weight) for suffix in entry["suffixes"]]
        for word in entry["bare"]:
            bare.setdefault(word, role)
    suffixes.sort(key=lambda item: -len(item[0]))
    return _Lexicon(
        parts, tuple(suffixes), bare, tuple(data["instructions"]["starts"]),
        frozenset(data["never"]["words"]), tuple(data["never"]["starts"]),
    )  # fmt: skip


#: Around what ``suggest`` asks the sender to fill in: no other syntax has them, and no keyboard types them by chance.
GAP_OPEN, GAP_CLOSE = "⟨", "⟩"

# Every way of writing a field. The order decides where two could begin at the same place.
_SYNTAXES: tuple[tuple[str, str], ...] = (
    ("gap", rf"{GAP_OPEN}[^{GAP_OPEN}{GAP_CLOSE}\n]{{1,160}}{GAP_CLOSE}"),
    ("handlebars", r"\{\{\{?(?![#/^!>]|\s*(?:else|end)\b)(?:[^{}\n]|\{\{[^{}\n]{0,80}\}\}|\{[^{}\n]{0,80}\}){1,200}\}\}\}?"),
    ("powerautomate", r"@\{[^{}\n]{1,160}\}"),
    ("erb", r"<%[=-][^%\n]{1,120}%>"),
    ("dollar", r"[$#]\{[^{}\n]{1,80}\}"),
    ("word", r"\{\s{0,2}MERGEFIELD\s[^{}\n]{1,80}\}"),
    ("brace", r"\{(?![%#])(?:[^{}\n]|\{[^{}\n]{0,60}\}){1,160}\}"),
    ("mailchimp", r"\*\|(?!\s?(?:IF|ELSE|ELSEIF|END|IFNOT|INTERESTED)\b)[^|\n*]{1,60}\|\*"),
    ("doublesquare", r"\[\[[^\[\]\n]{1,80}\]\]"),
    ("square", r"\[(?:[^\[\]\n]|\[[^\[\]\n]{0,60}\]){1,160}\](?!\()"),
    ("doubleangle", r"<<[^<>\n]{1,200}>>|««[^«»\n]{1,80}»»"),
    ("guillemets", r"«[^\W\d_][\w.\-]{1,40}»|«[^\W\d_][\w.\-]{0,30} [\w.\-]{1,30}»"),
    ("angle", r"<[^\W\d_][^<>\n@:=\"]{0,120}>"),
    ("percent", r"(?<![\w%])%%?[^\W\d_][\w.\-]{1,60}%%?(?![\w%])"),
    ("hash", r"(?<![\w#])##?[^\W\d_][\w.\- ]{1,40}##?(?![\w#])"),
    ("underscore", r"(?<!\w)__[^\W_][\w.\-]{0,40}?__(?!\w)"),
    ("at", r"(?<![\w@])@@[^\W\d_][\w.\-]{1,40}@@(?![\w@])"),
    ("round", r"(?<!\w)\([^\W\d_][^()\n]{1,24}\)"),
    ("datepattern", r"(?<![\w.])(?:[dD]{2}[./-][mM]{2}[./-](?:[yYåÅ]{4}|[yYåÅ]{2})|[yYåÅ]{4}-[mM]{2}-[dD]{2})(?!\w)|(?<!\w)dd\.\s?mm\.(?!\w)"),
    ("xx", r"(?<![\w+.@/-])(?:[Xx]{2,8}(?:[./:][Xx]{2,4}){0,2}|N\.N\.|NN)(?![\w@])"),
    ("halfopen", r"\{\{\s?[^\W\d_][\w.]{1,40}\}?(?![\w.}|]|[^{}\n]{0,40}\}\})|\[[^\W\d_][\w.]{2,24}(?=[,.!?]?[ \t]*$)"),
    ("blank", r"(?<![\w_.])_{4,}(?![\w_])|(?<!\.)\.{6,}(?!\.)|…{3,}"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SYNTAXES), re.MULTILINE)


# Nearly every finished letter has none of these characters in it, and is then done.
_TRIGGER = re.compile(r"[{\[<«%#_*@($⟨]|[Xx]{2}|N\.?N|\.{6}|…{3}|[yYåÅ]{2}|dd\.")

_SPLIT = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zæøå0-9])(?=[A-ZÆØÅ])|(?<=[A-ZÆØÅ])(?=[A-ZÆØÅ][a-zæøå])")
_IDENTIFIER = re.compile(r"[$@!]?[^\W\d_][\w]*(?:(?:\.|->|-|::)[\w]+)*(?:\[\w*\])?\Z")
_FALLBACK = re.compile(
    r"\|\s*(?:default|fallback|defaultvalue)\s*[:(=]\s*(?P<q>[\"'«“])?(?P<a>[^\"'»”)|]*)|"
    r"(?:\bor\b|\?\?|\|\||\?:)\s*[\"'](?P<b>[^\"']*)[\"']",
    re.IGNORECASE,
)
_ROMAN_AFTER = re.compile(r"\.?\s*(?:århundre|hundreår|olympiad|kapittel|bind)", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"</?(?:a|abbr|b|body|br|center|div|em|font|h[1-6]|head|hr|html|i|img|li|link|meta|ol|p|pre|s|small|span|strong|style|"
    r"sub|sup|table|tbody|td|th|thead|title|tr|u|ul)\b",
    re.IGNORECASE,
)


def _name_parts(name: str) -> list[str]:
    parts: list[str] = []
    for word in _SPLIT.findall(name):
        parts += [p.lower() for p in (_CAMEL.split(word) if not word.isupper() else [word])]
    return parts


def role_of(name: str) -> FieldRole | None:
    """What a field of this name stands for; None if nothing in the name is known.

    >>> role_of("candidate.firstName"), role_of("slettedato"), role_of("foo")
    (<FieldRole.NAME: 'name'>, <FieldRole.DATE: 'date'>, None)
    """
    return _role_of(name)


@lru_cache(maxsize=4096)
def _role_of(name: str) -> FieldRole | None:
    lexicon = _lexicon()
    lowered = name.strip().lower()
    if lowered in lexicon.bare:
        return lexicon.bare[lowered]
    parts = _name_parts(name)
    # camelCase cuts «firstName» in two; the whole word is in the list too.
    joined = "".join(parts)
    best: tuple[int, FieldRole] | None = None
    # An instruction («styrke fra intervjuet, gjerne med dato») says what it wants in its first words.
    instruction = name.count(" ") >= 2
    candidates = parts[:5] if instruction else [joined, *parts] if len(parts) > 1 else parts
    for part in candidates:
        part = part.rstrip("0123456789") or part
        known = lexicon.parts.get(part)
        if known is None and len(part) > 4:
            known = next(
                (
                    (r, w)
                    for suffix, r, w in lexicon.suffixes
                    if part.endswith(suffix) and len(part) > len(suffix)
                ),
                None,
            )
        if known is not None and (best is None or known[1] >= best[0]):
            best = (known[1], known[0])
            if instruction and known[1] > 1:
                break
    return best[1] if best else None


def _clean(syntax: str, raw: str) -> tuple[str, str | None]:
    """Name and fallback inside the brackets."""
    inner = raw
    if syntax == "handlebars":
        inner = raw.strip("{}").strip().strip("-~&").strip()
    elif syntax in ("powerautomate", "dollar"):
        inner = raw[2:-1]
    elif syntax == "erb":
        inner = raw[3:-2].strip("- ")
    elif syntax == "word":
        inner = raw[1:-1].strip()[len("MERGEFIELD") :].split("\\")[0].strip().strip('"')
        return inner, None
    elif syntax in ("mailchimp", "doublesquare", "doubleangle", "underscore", "at"):
        inner = raw[2:-2]
    elif syntax in ("brace", "square", "guillemets", "angle", "round"):
        inner = raw[1:-1]
    elif syntax == "gap":
        inner = raw[1:-1].rstrip("? ")
    elif syntax in ("percent", "hash"):
        inner = raw.strip("%#")
    elif syntax == "halfopen":
        inner = raw.strip("{}[")
    inner = inner.strip()
    fallback: str | None = None
    if syntax in ("handlebars", "dollar", "brace", "erb", "powerautomate"):
        match = _FALLBACK.search(inner)
        if match:
            fallback = (match["a"] if match["a"] is not None else match["b"] or "").strip() or None
        elif syntax == "brace":
            # Teamtailor: «{first-name there}», also nested «{first-name {last-name there}}».
            head, _, rest = inner.partition(" ")
            if (
                rest
                and ("-" in head or "_" in head or "." in head)
                and _IDENTIFIER.match(head)
                and role_of(head)
            ):
                return head, rest.strip(" {}") or None
        inner = re.split(r"\s*\||\s+(?:or|\?\?|\|\|)\s|\?\?|\|\|", inner, maxsplit=1)[0].strip()
        inner = inner.lstrip("$@!&=").strip()
    elif syntax == "mailchimp" and ":" in inner:
        inner, _, given = inner.partition(":")
        fallback = given.strip() or None
    return inner, fallback


def _weigh(syntax: str, raw: str, name: str, text: str, start: int, end: int) -> int:
    """2: a field; 1: a field where the text has other fields; 0: none."""
    lexicon = _lexicon()
    lowered = name.lower()
    if syntax in ("gap", "word", "mailchimp", "erb", "powerautomate"):
        return 2
    if syntax == "handlebars":
        return 2 if any(c.isalnum() for c in name) else 0
    if syntax in ("dollar", "doublesquare", "doubleangle"):
        return 2 if any(c.isalpha() for c in name) or name.isdigit() else 0
    if syntax == "xx":
        # XX as a number («XX. århundre», «Kong Johannes XX») is no gap; lower-case xx is only one in a date or time.
        if raw.islower() and not re.search(r"[./:]", raw):
            return 1
        if raw in ("XX", "XXX") and _ROMAN_AFTER.match(text, end):
            return 0
        if raw in ("XX", "XXX") and re.search(
            r"\b(?:[Pp]ave|[Kk]ong|[Dd]ronning|[Kk]apittel|[Dd]el|[Bb]ind)(?:\s\w+)?\s$",
            text[max(0, start - 30) : start],
        ):
            return 0
        return 2
    if syntax == "halfopen":
        # A bracket that was lost in editing: «Hei {{fornavn,».
        return 2 if (role_of(name) is not None if raw.startswith("{") else lowered in lexicon.bare) else 0
    if syntax in ("datepattern", "blank"):
        if syntax == "blank":
            # A rule drawn across the page is a divider, not a gap to fill.
            return 2 if is_alone(text, start, end) is None else 0
        return 2
    if not any(c.isalpha() for c in name):
        return 2 if syntax == "brace" and name.isdigit() else 0
    if syntax == "brace":
        if _IDENTIFIER.match(name):
            return 2
        return (
            2
            if role_of(name) or lowered.startswith(lexicon.instruction_starts)
            else 1
            if len(name) < 80
            else 0
        )
    if syntax in ("percent", "underscore", "at"):
        return (
            2 if role_of(name) or name.isupper() or "_" in name or "." in name or raw.startswith("%%") else 1
        )
    if syntax == "hash":
        if raw.startswith("##"):
            return 2 if raw.endswith("##") and (role_of(name) or " " not in name) else 0
        return 2 if raw.endswith("#") and not raw.endswith("##") and lowered in lexicon.bare else 0
    if syntax == "round":
        return (
            2 if lowered in lexicon.bare or lowered.startswith(("sett inn ", "set inn ", "fyll inn ")) else 0
        )
    if syntax == "angle":
        if _HTML_TAG.match(raw):
            return 0
        if lowered in lexicon.bare or (role_of(name) is not None and "://" not in raw):
            return 2
        return 2 if lowered.startswith(lexicon.instruction_starts) else 1 if _IDENTIFIER.match(name) else 0
    if syntax == "guillemets":
        if "_" in name:
            return 2
        if name[:1].isupper() and lowered in lexicon.bare and " " not in name:
            return 2
        return 1 if (role_of(name) is not None or name[:1].isupper()) and " " not in name else 0
    if syntax == "square":
        if lowered in lexicon.never_words:
            return 0
        role = role_of(name)
        if re.search(r"\d{3,}", name):
            return 0  # a case number, an issue key
        if _IDENTIFIER.match(name) and (
            role is not None or "_" in name or "." in name[:-1] or (name.isupper() and len(name) > 2)
        ):
            return 2
        if lowered.startswith(lexicon.never_starts) and lowered not in lexicon.bare:
            return 0
        if lowered.startswith(lexicon.instruction_starts):
            return 2
        if role is not None:
            return 2 if len(name.split()) <= 4 else 1
        # One lower-case noun that no list knows: «[kursleverandør]». Short ones are answers and stage directions.
        return 2 if name.isalpha() and len(name) > 5 else 1
    return 0


def find_fields(text: str) -> list[MergeField]:
    """All merge fields of ``text``, in order, not overlapping.

    Finished letters cost one scan for a bracket; a template well under a millisecond.
    """
    if _TRIGGER.search(text) is None:
        return []
    found: list[tuple[int, MergeField]] = []
    search = _pattern().search
    at = 0
    while (match := search(text, at)) is not None:
        syntax = match.lastgroup or ""
        raw = match.group()
        name, fallback = _clean(syntax, raw)
        weight = _weigh(syntax, raw, name, text, match.start(), match.end())
        if weight == 0:
            at = match.start() + 1  # a field may stand inside: «(ref. %REFNR%)»
            continue
        at = match.end()
        if syntax == "xx":
            role = FieldRole.NAME if raw in ("NN", "N.N.") else _role_from_before(text, match.start())
        elif syntax == "datepattern":
            role = FieldRole.DATE
        elif syntax == "blank":
            role = _role_from_before(text, match.start())
        else:
            role = role_of(name) or FieldRole.OTHER
            if role is FieldRole.OTHER and name.isdigit():
                role = _role_from_before(text, match.start())
        found.append(
            (weight, MergeField(Span(match.start(), match.end()), raw, name or raw, role, syntax, fallback))
        )
    sure = sum(1 for weight, _ in found if weight == 2)
    quoted = sum(1 for _, f in found if f.syntax == "guillemets" and f.role is not FieldRole.OTHER)

    def stands(weight: int, f: MergeField) -> bool:
        if weight == 2:
            return True
        if f.syntax != "guillemets":
            return sure >= 2
        # Doubtful ones count where the text evidently marks its fields so.
        return quoted >= (4 if f.role is FieldRole.OTHER or f.raw[1:2].islower() else 2)

    return [f for weight, f in found if stands(weight, f)]


_GREETING_BEFORE = re.compile(r"(?:^|\n)\s*(?:hei|hallo|kjære|god\s+\w+|goddag|til)\s*$", re.IGNORECASE)
_POSITION_BEFORE = re.compile(
    r"(?:stilling\w*|jobb\w*|rolle\w*)\s+(?:som|ved|på|av)\s*$|\bjobb\w* som\s*$", re.IGNORECASE
)
_DATE_BEFORE = re.compile(
    r"(?:\bden|\binnen|\bkl\.?|\bdato:?|\bfrist\w*|\bfram til|\bfrem til)\s*$", re.IGNORECASE
)
_CONTACT_BEFORE = re.compile(r"(?:tlf\.?|telefon|mobil|e-post)\s*:?\s*(?:på\s*)?$", re.IGNORECASE)
_COMPANY_BEFORE = re.compile(r"\b(?:hos|ved|i)\s*$", re.IGNORECASE)


def _role_from_before(text: str, start: int) -> FieldRole:
    """«XX» and «{0}» have no name; the words before tell what they stand for."""
    before = text[max(0, start - 40) : start]
    for pattern, role in (
        (_GREETING_BEFORE, FieldRole.NAME),
        (_POSITION_BEFORE, FieldRole.POSITION),
        (_DATE_BEFORE, FieldRole.DATE),
        (_CONTACT_BEFORE, FieldRole.CONTACT),
        (_COMPANY_BEFORE, FieldRole.COMPANY),
    ):
        if pattern.search(before):
            return role
    return FieldRole.OTHER


def is_placeholder_only(fields: tuple[MergeField, ...]) -> bool:
    """True if all that stands is gaps without a system («XX», «____», ⟨hvem?⟩): a letter half filled in, not a template."""
    return all(f.syntax in ("gap", "xx", "blank", "datepattern") for f in fields)
