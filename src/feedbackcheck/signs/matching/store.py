"""Pattern files: read, check, compile, keep.

Patterns live in ``data/patterns/*.toml`` (one file a code), word classes in ``data/lexicon.toml``. Parsing TOML takes a
third of a second, which is too long before a first finding, so their compiled form is kept beside them as
``data/patterns.json`` with the digest of what it was made from. A digest that does not fit (somebody edited a pattern)
means that the TOML files are compiled afresh: slower, never wrong. ``python -m feedbackcheck.training.patterns --compile``
writes the file anew; a test sees to it that it is fresh.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from feedbackcheck.errors import ConfigError, reason
from feedbackcheck.signs.matching.dsl import Atom, DslError, Lexicon, Line, atom_weight, compile_line

__all__ = [
    "Compiled",
    "Pattern",
    "builtin",
    "compile_builtin",
    "data_digest",
    "load_lexicon",
    "load_packs",
    "read_file",
]

DATA: Final = Path(__file__).resolve().parents[2] / "data"
COMPILED: Final = DATA / "patterns.json"
_FORMAT: Final = 4
_CODE: Final = re.compile(r"(?:[A-ZÆØÅ]{3,5}\d{3}|ING\d{2})$")
_PRIOR_WEIGHT: Final = 5.0

KINDS: Final = ("subject", "greeting", "body", "list", "closing", "signature")
DEFAULT_KINDS: Final = ("subject", "greeting", "body", "list", "closing")
_KEYS: Final = {
    "id": str, "match": list, "raw": list, "unless": list, "unless_after": list, "needs": list, "strength": float, "decides": bool,
    "kinds": list, "stages": list, "modes": list, "languages": list, "max_words": int, "min_words": int, "position": str,
    "positive": list, "negative": list, "note": str, "comment": str, "code": str, "after": list, "before": list, "max_body": int,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One pattern as the data file tells it.

    Attributes:
        id: «CODE/name».
        code: what it is a sign of.
        match: match lines, one of which is enough.
        raw: regular expressions on the sentence as written, for what words can't show (spacing).
        unless, unless_after: lines that take the sign back when they match anywhere in the sentence, or after the match.
        needs: lines of which one must match somewhere in the sentence.
        before, after: lines of which one must match the sentence before, or after.
        strength: how likely the code is where the pattern matches; ``counts`` moves it to what was measured.
        counts: right and wrong matches on the training messages (weighted).
        kinds, stages, modes, languages: where it applies (empty: everywhere).
        min_words, max_words: length of the sentence in tokens (0: any).
        max_body: the message has at most so many sentences of text (0: any).
        position: "first" or "last" body sentence of the message ("" any).
    """

    id: str
    code: str
    match: tuple[str, ...]
    raw: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    strength: float = 0.8
    counts: tuple[float, float] = (0.0, 0.0)
    decides: bool = False
    kinds: tuple[str, ...] = DEFAULT_KINDS
    stages: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    min_words: int = 0
    max_words: int = 0
    max_body: int = 0
    position: str = ""
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    note: str = ""

    @property
    def calibrated(self) -> float:
        """The strength after what was measured: a mean of the author's guess (worth five matches) and the counts."""
        right, wrong = self.counts
        value = (self.strength * _PRIOR_WEIGHT + right) / (_PRIOR_WEIGHT + right + wrong)
        return round(min(0.99, max(0.01, value)), 3)


def _toml(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"mønsterfilen kan ikke leses ({reason(error)})", where=str(path)) from None
    except UnicodeDecodeError:
        raise ConfigError("mønsterfilen er ikke UTF-8", where=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"mønsterfilen er ikke gyldig TOML: {error}", where=str(path)) from None


def _lexicon_of(data: Mapping[str, Any], where: str, base: Lexicon | None = None) -> Lexicon:
    lemmas = dict(base.lemmas) if base else {}
    fragments = dict(base.fragments) if base else {}
    for table, target in (("lemma", lemmas), ("fragment", fragments)):
        values = data.get(table, {})
        if not isinstance(values, Mapping) or not all(
            isinstance(v, str) and v.strip() for v in values.values()
        ):
            raise ConfigError(f"«[{table}]» må være en tabell av tekster", where=where)
        for name, text in values.items():
            if table == "lemma":
                lemmas[name] = tuple(dict.fromkeys(text.lower().split()))
            else:
                fragments[name] = text
        del target
    return Lexicon(lemmas, fragments)


def load_lexicon(path: Path = DATA / "lexicon.toml") -> Lexicon:
    """The word classes and fragments of a lexicon file."""
    return _lexicon_of(_toml(path), str(path))


def read_file(
    path: Path,
    *,
    base: Lexicon | None = None,
    counts: Mapping[str, Sequence[float]] | None = None,
    code: str = "",
) -> tuple[list[Pattern], Lexicon]:
    """Patterns of one file, with the lexicon they may use.

    Raises:
        ConfigError: naming the file and the pattern.
    """
    where = str(path)
    data = _toml(path)
    lexicon = _lexicon_of(data, where, base)
    default_code = str(data.get("code", code))
    entries = data.get("pattern", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise ConfigError("mønstrene må stå som [[pattern]]", where=where)
    unknown = set(data) - {"code", "pattern", "lemma", "fragment"}
    if unknown:
        raise ConfigError(
            f"ukjent nøkkel «{sorted(unknown)[0]}»",
            where=where,
            fix="Kjente er code, pattern, lemma og fragment.",
        )
    patterns: list[Pattern] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        name = entry.get("id")
        place = f"{where}, mønster {name if isinstance(name, str) else number}"
        pattern = _pattern(entry, default_code, place, counts or {})
        if pattern.id in seen:
            raise ConfigError("to mønstre har samme id", where=place)
        seen.add(pattern.id)
        patterns.append(pattern)
    return patterns, lexicon


def _pattern(
    entry: Mapping[str, Any], default_code: str, place: str, counts: Mapping[str, Sequence[float]]
) -> Pattern:
    for key, value in entry.items():
        wanted = _KEYS.get(key)
        if wanted is None:
            raise ConfigError(
                f"ukjent nøkkel «{key}»", where=place, fix=f"Kjente er {', '.join(sorted(_KEYS))}."
            )
        kind_fits = (
            isinstance(value, (int, float)) and not isinstance(value, bool)
            if wanted is float
            else isinstance(value, wanted)
        )
        if not kind_fits or (wanted is list and not all(isinstance(x, str) for x in value)):
            shown = {
                str: "tekst",
                list: "en liste av tekster",
                float: "et tall",
                bool: "true eller false",
                int: "et heltall",
            }[wanted]
            raise ConfigError(f"«{key}» må være {shown}", where=place)
    code = str(entry.get("code", default_code))
    if not _CODE.fullmatch(code):
        raise ConfigError(
            f"«{code}» er ikke en regelkode",
            where=place,
            fix='Skriv code = "KLI001" øverst i filen eller i mønsteret.',
        )
    if not entry.get("id"):
        raise ConfigError("mønsteret mangler id", where=place)
    if not entry.get("match") and not entry.get("raw"):
        raise ConfigError("mønsteret mangler match", where=place)
    strength = float(entry.get("strength", 0.8))
    if not 0 <= strength <= 1:
        raise ConfigError("«strength» må være mellom 0 og 1", where=place)
    for key, known in (
        ("kinds", KINDS), ("stages", ("soknad", "intervju", "finale", "telefon")), ("modes", ("message", "template")), ("languages", ("nb", "nn")),
    ):  # fmt: skip
        for value in entry.get(key, ()):
            if value not in known:
                raise ConfigError(
                    f"«{value}» er ukjent i «{key}»", where=place, fix=f"Kjente er {', '.join(known)}."
                )
    if entry.get("position", "") not in ("", "first", "last"):
        raise ConfigError("«position» må være first eller last", where=place)
    identity = f"{code}/{entry['id']}"
    right, wrong = counts.get(identity, (0.0, 0.0))

    def row(key: str) -> tuple[str, ...]:
        return tuple(entry.get(key, ()))

    return Pattern(
        id=identity, code=code, match=row("match"), raw=row("raw"), unless=row("unless"), unless_after=row("unless_after"),
        needs=row("needs"), before=row("before"), after=row("after"), strength=strength, counts=(right, wrong),
        decides=bool(entry.get("decides", False)), kinds=row("kinds") or DEFAULT_KINDS, stages=row("stages"), modes=row("modes"),
        languages=row("languages"), min_words=int(entry.get("min_words", 0)), max_words=int(entry.get("max_words", 0)), max_body=int(entry.get("max_body", 0)),
        position=str(entry.get("position", "")), positive=row("positive"), negative=row("negative"), note=str(entry.get("note", "")),
    )  # fmt: skip


# What most expressions repeat, shortened to one character that no word holds: half the size is half the load time.
_SHORT: Final = (("\x01", "¦"), ("(?:[^ ]+ )", "§"), (r"[\^¤]? ", "±"))


def shorten(expression: str) -> str:
    """The kept form of an expression."""
    for long, short in _SHORT:
        expression = expression.replace(long, short)
    return expression


def expand(expression: str, lemmas: Mapping[str, str]) -> str:
    """The expression itself: the inverse of :func:`shorten`, with the forms of the word classes put in."""
    expression = re.sub("¦(.*?)¦", lambda m: lemmas[m.group(1)], expression)
    for long, short in _SHORT[1:]:
        expression = expression.replace(short, long)
    return expression


class Compiled:
    """Patterns ready to be tried: an index from words to the lines that may match.

    The plain-data form (``data``) is what the JSON file holds:

    - ``lemmas``: class → alternatives as an expression;
    - ``words``: word → atoms it fulfils; ``heads``/``tails``: the same for «ord*» and «*ord»;
    - ``patterns``: one row a pattern (see :meth:`pack`).
    """

    __slots__ = ("data", "digest", "lengths", "patterns", "words")

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.digest = str(data["digest"])
        self.words: dict[str, tuple[int, ...]] = data["words"]
        self.lengths = (
            tuple(sorted({len(x) for x in data["heads"]})),
            tuple(sorted({len(x) for x in data["tails"]})),
        )
        self.patterns: list[dict[str, Any]] = data["patterns"]

    @classmethod
    def pack(cls, patterns: Iterable[tuple[Pattern, Lexicon]], digest: str) -> Compiled:
        """Compile patterns, each with the lexicon of its file.

        Raises:
            ConfigError: a line that cannot be read, naming its pattern.
        """
        atoms: dict[Atom, int] = {}
        words: dict[str, list[int]] = {}
        heads: dict[str, list[int]] = {}
        tails: dict[str, list[int]] = {}
        lemmas: dict[str, str] = {}

        def number(atom: Atom) -> int:
            if atom not in atoms:
                atoms[atom] = index = len(atoms)
                for form in atom:
                    if form.endswith("*") and len(form) > 1:
                        heads.setdefault(form[:-1], []).append(index)
                    elif form.startswith("*") and len(form) > 1:
                        tails.setdefault(form[1:], []).append(index)
                    else:
                        words.setdefault(form, []).append(index)
            return atoms[atom]

        def line(text: str, pattern: Pattern, lexicon: Lexicon) -> list[Any]:
            try:
                compiled: Line = compile_line(text, lexicon)
            except DslError as error:
                raise ConfigError(str(error), where=f"mønster {pattern.id}") from None
            for name in re.findall("\x01(.*?)\x01", compiled.expression):
                forms = "|".join(re.escape(f) for f in sorted(lexicon.lemmas[name], key=len, reverse=True))
                if lemmas.setdefault(name, forms) != forms:
                    raise ConfigError(
                        f"bøyingsklassen «{name}» er gitt ulike former i to filer",
                        where=f"mønster {pattern.id}",
                    )
            # The rarest requirements come first: index by the first, test the next few.
            return [
                shorten(compiled.expression),
                [number(a) for a in sorted(compiled.required, key=atom_weight)[:6]],
            ]

        rows: list[dict[str, Any]] = []
        for p, words_of in patterns:
            for raw in p.raw:
                try:
                    re.compile(raw)
                except re.error as error:
                    raise ConfigError(
                        f"«{raw}» er ikke et regulært uttrykk: {error}", where=f"mønster {p.id}"
                    ) from None
            row: dict[str, Any] = {
                "id": p.id, "code": p.code, "s": p.calibrated, "m": [line(x, p, words_of) for x in p.match], "k": list(p.kinds),
            }  # fmt: skip
            optional: dict[str, Any] = {
                "raw": list(p.raw), "unless": [line(x, p, words_of) for x in p.unless], "ua": [line(x, p, words_of) for x in p.unless_after],
                "needs": [line(x, p, words_of) for x in p.needs], "before": [line(x, p, words_of) for x in p.before], "after": [line(x, p, words_of) for x in p.after],
                "d": p.decides, "stages": list(p.stages), "modes": list(p.modes), "langs": list(p.languages),
                "min": p.min_words, "max": p.max_words, "body": p.max_body, "pos": p.position, "note": p.note,
            }  # fmt: skip
            row.update({key: value for key, value in optional.items() if value})
            rows.append(row)
        return cls({
            "format": _FORMAT, "digest": digest, "lemmas": lemmas, "words": words, "heads": heads, "tails": tails, "patterns": rows,
        })  # fmt: skip


def _files() -> list[Path]:
    return [DATA / "lexicon.toml", DATA / "given_names.txt", *sorted((DATA / "patterns").glob("*.toml"))]


def data_digest(files: Sequence[Path] | None = None) -> str:
    """Digest of the pattern files' content."""
    digest = hashlib.blake2b(str(_FORMAT).encode(), digest_size=12)
    for path in files if files is not None else _files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read_builtin() -> list[tuple[Pattern, Lexicon]]:
    """All patterns that come with the package, with their examples, each with the lexicon of its file."""
    lexicon = load_lexicon()
    measured = DATA / "patterns" / "strengths.toml"
    counts = _toml(measured).get("counts", {}) if measured.exists() else {}
    patterns: list[tuple[Pattern, Lexicon]] = []
    for path in sorted((DATA / "patterns").glob("*.toml")):
        if path.name != "strengths.toml":
            found, words = read_file(path, base=lexicon, counts=counts, code=path.stem)
            patterns += [(p, words) for p in found]
    return patterns


def compile_builtin(*, write: bool = False) -> Compiled:
    """Compile the package's own patterns from their TOML files; ``write`` keeps the result as ``patterns.json``."""
    compiled = Compiled.pack(read_builtin(), data_digest())
    if write:
        COMPILED.write_text(
            json.dumps(compiled.data, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8"
        )
    return compiled


@lru_cache(maxsize=1)
def builtin() -> Compiled:
    """The package's own patterns, from the kept form when it is fresh."""
    try:
        data = json.loads(COMPILED.read_text("utf-8"))
        if data.get("format") == _FORMAT and data.get("digest") == data_digest():
            return Compiled(data)
    except (OSError, ValueError):
        pass
    return compile_builtin()


def load_packs(paths: Sequence[str | Path]) -> tuple[Compiled, ...]:
    """Rule packs of a user: files, or folders of ``*.toml`` files, in the format of ``data/patterns``.

    A pack may use the word classes of the package and add ``[lemma]`` and ``[fragment]`` tables of its own.

    Raises:
        ConfigError: naming the file and the pattern.
    """
    packs: list[Compiled] = []
    lexicon: Lexicon | None = None
    for given in paths:
        path = Path(given)
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            raise ConfigError("mappen har ingen mønsterfiler (*.toml)", where=str(path))
        for file in files:
            lexicon = lexicon or load_lexicon()
            patterns, words = read_file(file, base=lexicon)
            try:
                packs.append(Compiled.pack([(p, words) for p in patterns], data_digest([file])))
            except ConfigError as error:
                raise ConfigError(error.what, where=f"{file}, {error.where}", fix=error.fix) from None
    return tuple(packs)
