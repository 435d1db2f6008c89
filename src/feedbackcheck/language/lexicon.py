"""Lemmas and features of words that the treebanks know, put right after the statistical components.

The network generalises well and still errs on words that it has seen, above all where bokmål and nynorsk differ («du» has a
number in one treebank and none in the other). The lexicon maps a form and its part of speech, in one of the two languages, to the lemma
and the features that the training treebank gives it practically always. Which language a text is in is told by its
function words; where they tell nothing, only what both languages agree on is used.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

FACTORY = "feedbackcheck_lexicon"
# A compound takes gender and inflection from its last part. Shorter parts than these are found in words by accident.
_LAST_PART = 5
_FIRST_PART = 3
LANGUAGES = ("nb", "nn")


class Entry(NamedTuple):
    """What is certain of a word; None: leave it to the statistical component. ``feats`` is "" for no features."""

    lemma: str | None
    feats: str | None


Table = dict[tuple[str, str], Entry]  # (lower-case form, part of speech)


class Lexicon:
    """A spaCy component that overrides ``token.lemma_`` (where one is set) and ``token.morph`` from its tables."""

    def __init__(
        self,
        tables: Mapping[str, Table] | None = None,
        markers: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """Begin empty, or as :meth:`fill` says."""
        self.fill(tables or {}, markers or {})

    def fill(self, tables: Mapping[str, Table], markers: Mapping[str, Iterable[str]]) -> None:
        """Replace all content; ``tables`` and ``markers`` (forms of one language only) are keyed by ``nb`` and ``nn``."""
        self._tables: dict[str, Table] = {code: dict(tables.get(code, {})) for code in LANGUAGES}
        self._packed: dict[str, bytes] = {}
        self.markers = {code: frozenset(markers.get(code, ())) for code in LANGUAGES}

    def table(self, code: str) -> Table:
        """Return one language's table, unpacked when first asked for."""
        packed = self._packed.pop(code, None)
        if packed is not None:
            self._tables[code] = _parse(gzip.decompress(packed).decode("utf-8"))
        return self._tables[code]

    def language_of(self, doc: Doc) -> str | None:
        """Return ``nb`` or ``nn`` by the function words of the document, None when they do not tell."""
        bokmaal = sum(token.lower_ in self.markers["nb"] for token in doc)
        nynorsk = sum(token.lower_ in self.markers["nn"] for token in doc)
        if bokmaal == nynorsk:
            return None
        return "nb" if bokmaal > nynorsk else "nn"

    def __call__(self, doc: Doc) -> Doc:
        """Correct every token that the lexicon knows."""
        code = self.language_of(doc)
        for token in doc:
            entry = self._entry(token.lower_, token.pos_, code)
            if entry is None and token.pos_ == "NOUN":
                entry = self._compound(token.lower_, code)
            if entry is None:
                continue
            if entry.lemma is not None and token.lemma:
                token.lemma_ = entry.lemma
            if entry.feats is not None and entry.feats != str(token.morph):
                token.set_morph(entry.feats)  # type: ignore[attr-defined]  # missing from spaCy's stubs
        return doc

    def _entry(self, form: str, pos: str, code: str | None) -> Entry | None:
        if code is not None:
            return self.table(code).get((form, pos))
        return _common(self.table("nb").get((form, pos)), self.table("nn").get((form, pos)))

    def _compound(self, form: str, code: str | None) -> Entry | None:
        """Read a noun that the table lacks as a compound whose last part, the longest that fits, it knows."""
        for start in range(_FIRST_PART, len(form) - _LAST_PART + 1):
            entry = self._entry(form[start:], "NOUN", code)
            if entry is not None:
                return Entry(None if entry.lemma is None else form[:start] + entry.lemma, entry.feats)
        return None

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write a compressed table a language and the markers."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for code in LANGUAGES:
            text = "".join(
                f"{form}\t{pos}\t{'' if entry.lemma is None else entry.lemma}\t{'?' if entry.feats is None else entry.feats}\n"
                for (form, pos), entry in sorted(self.table(code).items())
            )
            # A fixed time stamp keeps the file's checksum a function of the table.
            (folder / f"{code}.tsv.gz").write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
            markers = "".join(f"{form}\n" for form in sorted(self.markers[code]))
            (folder / f"{code}.markers").write_text(markers, encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Lexicon:
        """Read the markers, and the tables without unpacking them: many runs need one language only, or none."""
        folder = Path(path)
        for code in LANGUAGES:
            self._packed[code] = (folder / f"{code}.tsv.gz").read_bytes()
            self.markers[code] = frozenset((folder / f"{code}.markers").read_text(encoding="utf-8").split())
        return self


def _parse(text: str) -> Table:
    table: Table = {}
    for line in text.splitlines():
        form, pos, lemma, feats = line.split("\t")
        table[form, pos] = Entry(lemma or None, None if feats == "?" else feats)
    return table


def _common(left: Entry | None, right: Entry | None) -> Entry | None:
    if left is None or right is None:
        return left or right
    return Entry(
        left.lemma if left.lemma == right.lemma else None, left.feats if left.feats == right.feats else None
    )


def register() -> None:
    """Make the component known to spaCy."""
    from spacy.language import Language

    if Language.has_factory(FACTORY):
        return

    @Language.factory(FACTORY, assigns=["token.lemma", "token.morph"], requires=["token.pos"])
    def create(nlp: Language, name: str) -> Any:
        return Lexicon()
