"""A tokeniser that keeps every merge field whole and leaves all other text to spaCy's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.mergefields import merge_field_pattern

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc

REGISTERED_NAME = "feedbackcheck.MergeFieldTokenizer.v1"


class MergeFieldTokenizer:
    """Wrap a spaCy tokeniser so that a merge field of any known syntax is one token.

    Text without merge fields takes the inner tokeniser's path unchanged. Punctuation after a field splits as it does after a
    word: «Hei {{fornavn}},» is three tokens.
    """

    def __init__(self, inner: Tokenizer) -> None:
        self.inner = inner
        self._find = merge_field_pattern().finditer

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
    def create() -> Callable[[Language], MergeFieldTokenizer]:
        def make(nlp: Language) -> MergeFieldTokenizer:
            from spacy.language import create_tokenizer

            return MergeFieldTokenizer(create_tokenizer()(nlp))

        return make
