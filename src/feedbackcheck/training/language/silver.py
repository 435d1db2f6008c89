"""More names to learn from: running text in which two pipelines that err differently find the same ones.

Paragraphs where they disagree on a single name are left out, so what is kept is mostly right («tri-training», Zhou and Li 2005), and
it holds many names that the treebanks lack.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from feedbackcheck.language.pipeline import Pipeline

#: The words of a paragraph with their B-, I- and O labels.
SilverText = list[tuple[str, str]]

_NER = frozenset({"ner"})
_BATCH = 200
_CAPITAL_WITHIN = re.compile(r"(?<=[a-zæøå,] )[A-ZÆØÅ][a-zæøå]+")
_SHORTEST, _LONGEST = 40, 900  # letters


def agreed_names(
    lines: Iterable[str],
    first: Pipeline,
    second: Pipeline,
    *,
    seconds: float,
    seed: int = 9,
    log: Callable[[str], None] = print,
) -> list[SilverText]:
    """Return the paragraphs of ``lines``, in the words of ``first``, in which both find the same names and at least one.

    Paragraphs are taken at random for ``seconds`` on the wall clock.
    """
    paragraphs = [line.strip() for line in lines]
    random.Random(seed).shuffle(paragraphs)
    wanted = (p for p in paragraphs if _SHORTEST < len(p) < _LONGEST and _CAPITAL_WITHIN.search(p))
    began, read = time.monotonic(), 0
    kept: list[SilverText] = []
    for batch in _batches(wanted):
        if time.monotonic() - began > seconds:
            break
        read += len(batch)
        pairs = zip(first.parse(batch, _NER), second.parse(batch, _NER), strict=True)
        kept += [_labelled(own) for own, other in pairs if own.ents and _names(own) == _names(other)]
    log(f"silver: {len(kept)} of {read} paragraphs, {sum(map(len, kept))} words")
    return kept


def _batches(paragraphs: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for paragraph in paragraphs:
        batch.append(paragraph)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _names(doc: Doc) -> set[tuple[int, int, str]]:
    return {(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents}


def _labelled(doc: Doc) -> SilverText:
    return [
        (token.text, f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O")
        for token in doc
        if not token.is_space
    ]
