"""More names to learn from: running text in which pipelines that err differently find the same ones.

A name is taken where more than half of them find it, and a paragraph only where nothing else that one of them finds is left over, so what is kept
is mostly right («tri-training», Zhou and Li 2005), and it holds many names that the treebanks lack.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from feedbackcheck.language.pipeline import Pipeline

#: The words of a paragraph with their B-, I- and O labels.
SilverText = list[tuple[str, str]]
#: First and last-plus-one letter of a name in its paragraph, and its kind.
Name = tuple[int, int, str]

_NER = frozenset({"ner"})
_BATCH = 200
_CAPITAL_WITHIN = re.compile(r"(?<=[a-zæøå,] )[A-ZÆØÅ][a-zæøå]+")
_SHORTEST, _LONGEST = 40, 900  # letters


def agreed_names(
    lines: Iterable[str],
    pipelines: Sequence[Pipeline],
    *,
    seconds: float,
    seed: int = 9,
    log: Callable[[str], None] = print,
) -> list[SilverText]:
    """Return the paragraphs of ``lines`` on whose names ``pipelines`` agree, in the words of the first; each holds a name.

    Paragraphs are taken at random for ``seconds`` on the wall clock.
    """
    from spacy.util import minibatch

    paragraphs = [line.strip() for line in lines]
    random.Random(seed).shuffle(paragraphs)
    wanted = (p for p in paragraphs if _SHORTEST < len(p) < _LONGEST and _CAPITAL_WITHIN.search(p))
    began, read = time.monotonic(), 0
    kept: list[SilverText] = []
    for batch in minibatch(wanted, _BATCH):  # type: ignore[no-untyped-call]
        if time.monotonic() - began > seconds:
            break
        read += len(batch)
        for docs in zip(*(pipeline.parse(batch, _NER) for pipeline in pipelines), strict=True):
            labelled = _labelled(docs[0], agreed([_names(doc) for doc in docs]))
            if labelled is not None:
                kept.append(labelled)
    log(f"silver: {len(kept)} of {read} paragraphs, {sum(map(len, kept))} words")
    return kept


def agreed(votes: Sequence[set[Name]]) -> set[Name]:
    """Return the names that more than half of ``votes`` hold; none where anything that overlaps none of them is found too."""
    count = Counter(name for names in votes for name in names)
    taken = {name for name, found in count.items() if 2 * found > len(votes)}
    covered = all(any(start < name[1] and name[0] < end for start, end, _ in taken) for name in count)
    return taken if covered else set()


def _names(doc: Doc) -> set[Name]:
    return {(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents}


def _labelled(doc: Doc, names: set[Name]) -> SilverText | None:
    found = [doc.char_span(start, end, label=kind) for start, end, kind in sorted(names)]
    spans = [span for span in found if span is not None]
    if not spans or len(spans) < len(found):
        return None
    doc.ents = spans
    return [
        (token.text, f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O")
        for token in doc
        if not token.is_space
    ]
