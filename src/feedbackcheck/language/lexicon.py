"""Lemmas of words that the treebanks know, put right after the statistical lemmatiser.

An edit-tree lemmatiser generalises well and still errs on some words that it has seen. The lexicon maps (form, part of speech) to
the one lemma that the training treebanks give it; words with several are left to the lemmatiser.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

FACTORY = "feedbackcheck_lexicon"
_FILE = "lemmas.tsv.gz"


class LemmaLexicon:
    """A spaCy component that overrides ``token.lemma_`` from a table keyed by lower-case form and part of speech."""

    def __init__(self, table: Mapping[tuple[str, str], str] | None = None) -> None:
        self.table: dict[tuple[str, str], str] = dict(table or {})

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemma of every token that the table knows."""
        table = self.table
        for token in doc:
            lemma = table.get((token.lower_, token.pos_))
            if lemma is not None:
                token.lemma_ = lemma
        return doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the table as sorted, compressed lines of form, part of speech and lemma."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{form}\t{pos}\t{lemma}\n" for (form, pos), lemma in sorted(self.table.items()))
        # A fixed time stamp keeps the file's checksum a function of the table.
        (folder / _FILE).write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> LemmaLexicon:
        """Read the table back."""
        text = gzip.decompress((Path(path) / _FILE).read_bytes()).decode("utf-8")
        for line in text.splitlines():
            form, pos, lemma = line.split("\t")
            self.table[form, pos] = lemma
        return self


def register() -> None:
    """Make the component known to spaCy."""
    from spacy.language import Language

    if Language.has_factory(FACTORY):
        return

    @Language.factory(FACTORY, assigns=["token.lemma"], requires=["token.pos", "token.lemma"])
    def create(nlp: Language, name: str) -> Any:
        return LemmaLexicon()
