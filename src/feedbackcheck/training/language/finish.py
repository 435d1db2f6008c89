"""Turn a trained pipeline into the one that ships: lexicon, half precision, description."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def lemma_table(
    sentences: Iterable[Sentence], *, at_least: int = 2, share: float = 0.97
) -> dict[tuple[str, str], str]:
    """Return the lemma of every (lower-case form, part of speech) that has practically only one.

    ``at_least`` occurrences are asked for, and ``share`` of them with the same lemma. Bokmål and nynorsk count together, so
    a form whose lemma differs between them is left out. Names and punctuation are left to the lemmatiser.
    """
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word in sentence.words:
            if word.pos not in {"PROPN", "PUNCT", "SYM", "X", "NUM"}:
                counts[word.form.lower(), word.pos][word.lemma] += 1
    table = {}
    for key, lemmas in counts.items():
        lemma, count = lemmas.most_common(1)[0]
        total = sum(lemmas.values())
        if total >= at_least and count / total >= share and "\t" not in key[0] + lemma:
            table[key] = lemma
    return table


def add_lexicon(nlp: Language, table: dict[tuple[str, str], str]) -> None:
    """Add the lemma lexicon after the lemmatiser, or replace the one that is there."""
    from feedbackcheck.language import lexicon

    lexicon.register()
    if lexicon.FACTORY not in nlp.pipe_names:
        nlp.add_pipe(lexicon.FACTORY, after="trainable_lemmatizer")
    component: Any = nlp.get_pipe(lexicon.FACTORY)
    component.table = dict(table)


def finish(
    trained: Path, target: Path, sentences: Iterable[Sentence], *, notes: dict[str, Any] | None = None
) -> None:
    """Write the pipeline in ``trained`` to ``target`` as it ships. ``notes`` are added to its description."""
    from feedbackcheck.language import storage

    nlp = read_pipeline(trained)
    add_lexicon(nlp, lemma_table(sentences))
    storage.write_packed(nlp, target, {**META, **(notes or {})})
