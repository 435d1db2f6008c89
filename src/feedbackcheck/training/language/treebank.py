"""Read CoNLL-U treebanks with entities, drop broken trees, and turn sentences into spaCy documents."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab


@dataclass(frozen=True, slots=True)
class Word:
    """One syntactic word. ``head`` is the index of the head within the sentence (a root points at itself)."""

    form: str
    lemma: str
    pos: str
    feats: str
    head: int
    dep: str
    ent: str = "O"
    space_after: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of one sentence; ``language`` is ``nb`` or ``nn``; ``break_after`` is the white space that follows it."""

    words: tuple[Word, ...]
    language: str
    break_after: str = " "

    @property
    def text(self) -> str:
        """The sentence as running text."""
        return "".join(word.form + (" " if word.space_after else "") for word in self.words).rstrip()


def _entity(misc: str) -> str:
    for field in misc.split("|"):
        if field.startswith("name="):
            return field[5:]
    return "O"


def read_conllu(path: Path, language: str) -> Iterator[Sentence]:
    """Yield the sentences of a ``.conllu`` or ``.conllu.xz`` file, valid or not.

    Entities are read from ``name=B-PER`` in the last column. Multiword ranges and empty nodes are skipped: the Norwegian
    treebanks have none.
    """
    opener = lzma.open if path.suffix == ".xz" else open
    rows: list[list[str]] = []
    with opener(path, "rt", encoding="utf-8") as stream:
        for raw in stream:
            line = raw.rstrip("\n")
            if line.startswith("#"):
                continue
            if line:
                cells = line.split("\t")
                if cells[0].isdigit():
                    rows.append(cells)
            elif rows:
                yield _sentence(rows, language)
                rows = []
    if rows:
        yield _sentence(rows, language)


def _sentence(rows: Sequence[Sequence[str]], language: str) -> Sentence:
    words = []
    for index, (_, form, lemma, pos, _, feats, head, dep, _, misc) in enumerate(rows):
        words.append(
            Word(
                form=form,
                lemma=lemma,
                pos=pos,
                feats="" if feats == "_" else feats,
                head=index if head == "0" else int(head) - 1,
                dep="ROOT" if dep == "root" else dep,
                ent=_entity(misc),
                space_after="SpaceAfter=No" not in misc.split("|"),
            )
        )
    return Sentence(tuple(words), language)


def is_tree(sentence: Sentence) -> bool:
    """Return whether the heads form a tree: one root, no cycle, every head inside the sentence."""
    heads = [word.head for word in sentence.words]
    size = len(heads)
    if any(not 0 <= head < size for head in heads):
        return False
    roots = [index for index, head in enumerate(heads) if head == index]
    if len(roots) != 1:
        return False
    for start in range(size):
        node, steps = start, 0
        while heads[node] != node:
            node = heads[node]
            steps += 1
            if steps > size:
                return False
    return True


def read_trees(path: Path, language: str) -> tuple[list[Sentence], int]:
    """Return the valid sentences of a treebank file and the number of invalid ones that were dropped."""
    kept, dropped = [], 0
    for sentence in read_conllu(path, language):
        if is_tree(sentence):
            kept.append(sentence)
        else:
            dropped += 1
    return kept, dropped


def group(sentences: Sequence[Sentence], size: int) -> list[list[Sentence]]:
    """Cut ``sentences`` into consecutive groups of ``size``, as documents for evaluation."""
    return [list(sentences[start : start + size]) for start in range(0, len(sentences), size)]


def with_last_space(sentence: Sentence) -> Sentence:
    """Return the sentence with a space recorded after its last word, so that another can follow."""
    if not sentence.words or sentence.words[-1].space_after:
        return sentence
    return replace(sentence, words=(*sentence.words[:-1], replace(sentence.words[-1], space_after=True)))


def to_doc(vocab: Vocab, sentences: Iterable[Sentence]) -> Doc:
    """Build one annotated spaCy document of consecutive sentences.

    A ``break_after`` that is not a plain space becomes white-space tokens of the kind spaCy's tokeniser makes, attached to
    the word before and inside its sentence.
    """
    from spacy.tokens import Doc

    words: list[str] = []
    spaces: list[bool] = []
    pos: list[str] = []
    morphs: list[str] = []
    lemmas: list[str] = []
    heads: list[int] = []
    deps: list[str] = []
    ents: list[str] = []
    starts: list[bool | int | None] = []
    for sentence in sentences:
        offset = len(words)
        last = len(sentence.words) - 1
        layout = sentence.break_after
        for index, word in enumerate(sentence.words):
            words.append(word.form)
            spaces.append(layout == " " if index == last else word.space_after)
            pos.append(word.pos)
            morphs.append(word.feats)
            lemmas.append(word.lemma)
            heads.append(offset + word.head)
            deps.append(word.dep)
            ents.append(word.ent)
            starts.append(index == 0)
        if layout.strip(" "):
            words.append(layout)
            spaces.append(False)
            pos.append("SPACE")
            morphs.append("")
            lemmas.append(layout)
            heads.append(len(words) - 2)
            deps.append("dep")
            ents.append("O")
            starts.append(False)
    return Doc(
        vocab,
        words=words,
        spaces=spaces,
        pos=pos,
        morphs=morphs,
        lemmas=lemmas,
        heads=heads,
        deps=deps,
        ents=ents,
        sent_starts=starts,
    )
