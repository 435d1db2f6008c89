"""Turn a trained pipeline into the one that ships: lexicon, half precision, description."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.lexicon import Entry
from feedbackcheck.language.tagger import spans
from feedbackcheck.language.wordcodes import key_of
from feedbackcheck.training.language.train import marker_words, read_pipeline
from feedbackcheck.training.language.treebank import Sentence

if TYPE_CHECKING:
    from spacy.language import Language

META = {
    "lang": "nb",
    "name": "feedbackcheck",
    "version": "0.3.0",
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


def name_table(sentences: Iterable[Sentence], *, share: float = 0.97) -> dict[tuple[str, str], Entry]:
    """Return the features of proper nouns that occur twice or more and have practically only one set of them.

    In these treebanks given names have a gender and abbreviated ones («Nrk») say so; both languages agree on it.
    """
    feats: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word in sentence.words:
            if word.pos == "PROPN" and not set("\t\n") & set(word.form):
                feats[word.form.lower(), word.pos][word.feats] += 1
    found = {key: _only(counts, share, 2) for key, counts in feats.items()}
    return {key: Entry(None, only) for key, only in found.items() if only is not None}


def _only(counts: Counter[str], share: float, least: int) -> str | None:
    value, count = counts.most_common(1)[0]
    total = sum(counts.values())
    return value if total >= least and count >= share * total else None


def add_lexicon(nlp: Language, corpus: Mapping[str, Sequence[Sentence]]) -> None:
    """Add the lexicon of the training treebanks after the lemmatiser, in place of any that is there."""
    from feedbackcheck.language import lexicon

    lexicon.register()
    if lexicon.FACTORY not in nlp.pipe_names:
        nlp.add_pipe(lexicon.FACTORY, after="trainable_lemmatizer")
    component: Any = nlp.get_pipe(lexicon.FACTORY)
    names = name_table(sentence for part in corpus.values() for sentence in part)
    tables = {code: {**names, **word_table(part)} for code, part in corpus.items()}
    component.fill(tables, marker_words(corpus))


def known_names(sentences: Iterable[Sentence], *, least: int = 2, share: float = 0.95) -> dict[str, set[int]]:
    """Return the hashes of the names, by kind, that are capitalised and practically always entities of one kind.

    Persons are left out: one can be told from its neighbours, and another text's «Bergen» is another person.
    """
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    texts = []
    for sentence in sentences:
        words = sentence.words
        texts.append([word.form for word in words])
        for first, last, kind in spans([word.ent for word in words]):
            kinds[" ".join(word.form for word in words[first : last + 1])][kind] += 1
    longest = 4
    seen: Counter[str] = Counter()
    for forms in texts:
        for start in range(len(forms)):
            for end in range(start + 1, min(start + longest, len(forms)) + 1):
                name = " ".join(forms[start:end])
                if name in kinds:
                    seen[name] += 1
    found: dict[str, set[int]] = defaultdict(set)
    for name, counts in kinds.items():
        kind, count = counts.most_common(1)[0]
        total = counts.total()
        sure = total >= least and count >= share * total and total >= share * seen[name]
        if sure and kind != "PER" and name[0].isupper():
            found[kind].add(key_of(name))
    return found


def add_names(nlp: Language, sentences: Iterable[Sentence]) -> None:
    """Add the component that makes names agree after the entity recogniser, in place of any that is there."""
    from feedbackcheck.language import names

    names.register()
    if names.FACTORY not in nlp.pipe_names:
        nlp.add_pipe(names.FACTORY, last=True)
    component: Any = nlp.get_pipe(names.FACTORY)
    component.fill(known_names(sentences))


def add_tagger(nlp: Language, folder: Path) -> None:
    """Put the sequence tagger whose files lie in ``folder`` in the place of the parts that it does better."""
    from feedbackcheck.language import tagger

    tagger.register()
    for name in ("morphologizer", "ner", tagger.FACTORY):
        if name in nlp.pipe_names:
            nlp.remove_pipe(name)
    component: Any = nlp.add_pipe(tagger.FACTORY, after="tok2vec")
    component.from_disk(folder)


def fit_tokenizer(nlp: Language, sentences: Iterable[Sentence]) -> tuple[list[str], list[str]]:
    """Make spaCy's list of abbreviations and signs agree with the treebank; return what was taken out and what was put in.

    Out go those that the treebank splits more often than not («i.» ends a sentence, «):» is a bracket and a colon), in come
    abbreviations that it has at least twice and never splits («kap.»).
    """
    tokenizer: Any = nlp.tokenizer
    inner = getattr(tokenizer, "inner", tokenizer)
    rules = dict(inner.rules)
    whole: Counter[str] = Counter()
    split: Counter[str] = Counter()
    for sentence in sentences:
        words = sentence.words
        for index, word in enumerate(words):
            whole[word.form] += 1
            together = word.form
            for before, after in itertools.pairwise(words[index : index + 3]):
                if before.space_after:
                    break
                together += after.form
                if together in rules or after.form == ".":
                    split[together] += 1
    # Smileys stay, though the treebank takes them apart: letters have them, and nothing is gained by two odd tokens.
    taken = sorted(
        form
        for form, tokens in rules.items()
        if len(tokens) == 1 and split[form] > whole[form] and (form[0].isalpha() or form[0] == ")")
    )
    inner.rules = {form: tokens for form, tokens in rules.items() if form not in taken}
    given = [
        form
        for form, count in sorted(whole.items())
        if form[-1] == "."
        and form[0].isalpha()
        and count >= 2
        and not split[form]
        and len(inner(f"a {form} b")) > 3
    ]
    for form in given:
        inner.add_special_case(form, [{"ORTH": form}])
    return taken, given


def finish(
    trained: Path,
    target: Path,
    corpus: Mapping[str, Sequence[Sentence]],
    named: Iterable[Sentence],
    *,
    tagger: Path | None = None,
    notes: dict[str, Any] | None = None,
) -> None:
    """Write the pipeline in ``trained`` to ``target`` as it ships.

    ``corpus`` are the trees that the lexicon is made of, ``named`` the sentences whose entities tell what names are;
    ``tagger`` is the folder of a trained sequence tagger's files; ``notes`` are added to the description.
    """
    from feedbackcheck.language import storage

    nlp = read_pipeline(trained)
    if tagger is not None:
        add_tagger(nlp, tagger)
    fit_tokenizer(nlp, (sentence for part in corpus.values() for sentence in part))
    add_lexicon(nlp, corpus)
    add_names(nlp, named)
    storage.write_packed(nlp, target, {**META, **(notes or {})})
