"""A message made ready for the signs: its sentences, its language, and a parse on demand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.segment import Sentence
from feedbackcheck.message import Context, MergeField, Message, Mode, Span, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Document"]


@dataclass(slots=True)
class Document:
    """What the sign finders see.

    Attributes:
        message: the message itself.
        sentences: its sentences in order.
        language: "nb" or "nn", for the message as a whole.
        sentence_languages: "nb", "nn" or "" (could be either) for each sentence.
        stage: given stage, or None when it must be guessed.
        mode: template or message.
        parser: parses sentences by spaCy; None where no pipeline is wanted. Called at most once per sentence.
    """

    message: Message
    sentences: tuple[Sentence, ...]
    language: str
    sentence_languages: tuple[str, ...]
    stage: Stage | None
    mode: Mode
    parser: Callable[[Sequence[str], frozenset[str]], Sequence[Any]] | None = None
    _parses: dict[int, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def context(self) -> Context:
        return self.message.context

    def fields_in(self, span: Span) -> list[MergeField]:
        """Merge fields that touch ``span``."""
        fields = self.message.fields
        first = bisect_right(fields, span.start, key=lambda f: f.span.end)
        return list(fields[first : bisect_left(fields, span.end, key=lambda f: f.span.start)])

    def parse(self, indices: Sequence[int], needs: frozenset[str]) -> dict[int, Any]:
        """spaCy docs of the sentences at ``indices`` (token offsets count from the sentence's start).

        Empty if there is no parser, or one that lacks a part of ``needs``.
        """
        if self.parser is None:
            return {}
        missing = [i for i in indices if i not in self._parses]
        if missing:
            docs = self.parser([self.sentences[i].text for i in missing], needs)
            if not docs:
                return {}
            self._parses.update(zip(missing, docs, strict=True))
        return {i: self._parses[i] for i in indices}
