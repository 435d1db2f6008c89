"""A tokeniser that keeps every merge field whole, tells a full stop from an ordinal's, and leaves all else to spaCy's own.

spaCy's Norwegian rules take any number with a stop after it for an ordinal. Here it is one only before a small letter («3. mai») or at
the start of a line («1. Personalia»); elsewhere the stop ends a sentence («… i 2026. Vi …»). A single word in guillemets is a
field of Word's («Fornavn») only where its name says so; most often it is a quoted word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.mergefields import merge_field_pattern

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc

REGISTERED_NAME = "feedbackcheck.MergeFieldTokenizer.v1"


# A number whose stop ends the sentence: not before a small letter, and not first in its line; a year before anything.
_LAST_NUMBER = r"(?<=[ (–/-])(?:\d+(?:[.,:]\d+)*(?=\.(?:[ \t]+[^\Wa-zæøåéü]|[ \t]+[«\"“–(-]|\s*(?:\n|\Z)))|\d{3,}(?=\.(?:\s|\Z)))"


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(f"{merge_field_pattern().pattern}|{_LAST_NUMBER}")


def _names_a_field(name: str) -> bool:
    """Return whether a word in guillemets is a merge field: «Fornavn» and «soknad_id» are, «kultur» and «Arven» are quoted."""
    from feedbackcheck.sources.merge_fields import role_of

    if "_" in name or any(character.isdigit() for character in name):
        return True
    return name[0].isupper() and role_of(name) is not None


class MergeFieldTokenizer:
    """Wrap a spaCy tokeniser so that a merge field of any known syntax is one token, and so is a number before a full stop.

    Text without either takes the inner tokeniser's path unchanged. Punctuation after a field splits as it does after a
    word: «Hei {{fornavn}},» is three tokens.
    """

    def __init__(self, inner: Tokenizer) -> None:
        self.inner = inner
        self._find = _pattern().finditer

    @property
    def vocab(self) -> Any:
        """The vocabulary of the inner tokeniser."""
        return self.inner.vocab

    def __call__(self, text: str) -> Doc:
        """Tokenise ``text`` without loss: the document's text is ``text``."""
        from spacy.tokens import Doc

        words: list[str] = []
        spaces: list[bool] = []
        position = 0
        for match in self._find(text):
            if text[match.start()] == "«" and not _names_a_field(match.group()[1:-1]):
                continue
            self._add(text[position : match.start()], words, spaces)
            position = match.end()
            words.append(match.group())
            spaces.append(text[position : position + 1] == " ")
            if spaces[-1]:
                position += 1
        if not words:
            doc: Doc = self.inner(text)
            return doc
        self._add(text[position:], words, spaces)
        return Doc(self.inner.vocab, words=words, spaces=spaces)

    def _add(self, piece: str, words: list[str], spaces: list[bool]) -> None:
        if piece:
            for token in self.inner(piece):
                words.append(token.text)
                spaces.append(bool(token.whitespace_))

    def pipe(self, texts: Any, batch_size: int = 1000) -> Any:
        """Tokenise a stream of texts."""
        for text in texts:
            yield self(text)

    def explain(self, text: str) -> Any:
        """The inner tokeniser's explanation (merge fields are not part of it)."""
        return self.inner.explain(text)

    def to_bytes(self, **kwargs: Any) -> bytes:
        """Serialise the inner tokeniser; the merge-field pattern is code."""
        data: bytes = self.inner.to_bytes(**kwargs)
        return data

    def from_bytes(self, data: bytes, **kwargs: Any) -> MergeFieldTokenizer:
        """Restore the inner tokeniser."""
        self.inner.from_bytes(data, **kwargs)
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Write the inner tokeniser to ``path``."""
        self.inner.to_disk(path, **kwargs)

    def from_disk(self, path: str | Path, **kwargs: Any) -> MergeFieldTokenizer:
        """Restore the inner tokeniser from ``path``."""
        self.inner.from_disk(path, **kwargs)
        return self


def register() -> None:
    """Make the tokeniser known to spaCy's registry, so that a saved pipeline's configuration can name it."""
    from spacy.util import registry

    if registry.has("tokenizers", REGISTERED_NAME):
        return

    @registry.tokenizers(REGISTERED_NAME)  # type: ignore[untyped-decorator]  # spaCy leaves it untyped
    def create(spacys_rules: bool = True) -> Callable[[Language], MergeFieldTokenizer]:
        """``spacys_rules`` are the language's own; one that is about to be read from disk brings all it needs."""

        def make(nlp: Language) -> MergeFieldTokenizer:
            from spacy.language import create_tokenizer
            from spacy.tokenizer import Tokenizer

            return MergeFieldTokenizer(create_tokenizer()(nlp) if spacys_rules else Tokenizer(nlp.vocab))

        return make
