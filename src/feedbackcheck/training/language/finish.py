"""Turn a trained pipeline into the one that ships: lexicon, half precision, description."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.lexicon import Entry
from feedbackcheck.training.language.train import read_pipeline
from feedbackcheck.training.language.treebank import Sentence

if TYPE_CHECKING:
    from spacy.language import Language

META = {
    "lang": "nb",
    "name": "feedbackcheck",
    "version": "0.1.0",
    "description": "Norwegian (bokmål and nynorsk): morphology, lemmas, dependencies, sentences, entities.",
    "author": "The feedbackcheck authors",
    "license": "MIT",
    "sources": [
        {
            "name": "Norwegian Dependency Treebank, converted to Universal Dependencies",
            "license": "CC0 1.0 (annotation)",
        },
        {"name": "NorNE entities", "license": "CC0 1.0 (annotation)"},
    ],
}


def word_table(sentences: Iterable[Sentence], *, share: float = 0.97) -> dict[tuple[str, str], Entry]:
    """Return lemma and features of every (lower-case form, part of speech) that has practically only one.

    ``share`` of the occurrences must agree. Features are asked for twice at least, as they vary more than lemmas do. Names,
    numbers and punctuation are left to the network.
    """
    lemmas: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    feats: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word in sentence.words:
            if word.pos not in {"PROPN", "PUNCT", "SYM", "X", "NUM"}:
                key = (word.form.lower(), word.pos)
                lemmas[key][word.lemma] += 1
                feats[key][word.feats] += 1
    table = {}
    for key in lemmas:
        entry = Entry(_only(lemmas[key], share, 1), _only(feats[key], share, 2))
        if entry != (None, None) and not any(mark in f"{key[0]}{entry.lemma}" for mark in "\t\n"):
            table[key] = entry
    return table


def _only(counts: Counter[str], share: float, least: int) -> str | None:
    value, count = counts.most_common(1)[0]
    total = sum(counts.values())
    return value if total >= least and count >= share * total else None


def marker_words(corpus: Mapping[str, Sequence[Sentence]], *, least: int = 25) -> dict[str, set[str]]:
    """Return the function words that tell bokmål and nynorsk apart: at least fifty times as frequent in one as in the other."""
    closed = {"ADP", "ADV", "AUX", "CCONJ", "DET", "PART", "PRON", "SCONJ"}
    counts = {
        code: Counter(
            word.form.lower() for sentence in sentences for word in sentence.words if word.pos in closed
        )
        for code, sentences in corpus.items()
    }
    markers: dict[str, set[str]] = {}
    for code, own in counts.items():
        others = Counter[str]()
        for other, count in counts.items():
            if other != code:
                others += count
        markers[code] = {form for form, count in own.items() if count >= least and count >= 50 * others[form]}
    return markers


def add_lexicon(nlp: Language, corpus: Mapping[str, Sequence[Sentence]]) -> None:
    """Add the lexicon of the training treebanks after the lemmatiser, in place of any that is there."""
    from feedbackcheck.language import lexicon

    lexicon.register()
    if lexicon.FACTORY not in nlp.pipe_names:
        nlp.add_pipe(lexicon.FACTORY, after="trainable_lemmatizer")
    component: Any = nlp.get_pipe(lexicon.FACTORY)
    component.fill({code: word_table(part) for code, part in corpus.items()}, marker_words(corpus))


def finish(
    trained: Path,
    target: Path,
    corpus: Mapping[str, Sequence[Sentence]],
    *,
    notes: dict[str, Any] | None = None,
) -> None:
    """Write the pipeline in ``trained`` to ``target`` as it ships. ``notes`` are added to its description."""
    from feedbackcheck.language import storage

    nlp = read_pipeline(trained)
    add_lexicon(nlp, corpus)
    storage.write_packed(nlp, target, {**META, **(notes or {})})
