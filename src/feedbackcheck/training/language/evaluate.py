"""Measure a pipeline: on the official treebank tests, on NorNE's entities, on our letters, and its speed.

spaCy's own scorer gives the treebank figures, from running text and in documents of ten sentences, as the published figures
of the official pipelines were made; so the columns of :func:`table` can be compared.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.relations import agent_of, is_passive, role_of
from feedbackcheck.training.language.train import raw_examples
from feedbackcheck.training.language.treebank import Sentence, group

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from feedbackcheck.language.pipeline import Pipeline

#: Rows of the table, in order: key, what it is called.
ROWS = (
    ("upos", "UPOS"),
    ("feats", "morphology"),
    ("feats_one", "  one gender"),
    ("lemma", "lemma"),
    ("uas", "UAS"),
    ("las", "LAS"),
    ("ents", "entities F"),
    ("sents", "sentences F"),
    ("size", "size, MB"),
)
_SPACY_KEYS = {
    "upos": "pos_acc",
    "feats": "morph_acc",
    "feats_one": "morph_one_acc",
    "lemma": "lemma_acc",
    "uas": "dep_uas",
    "las": "dep_las",
    "sents": "sents_f",
}


def published() -> dict[str, dict[str, float]]:
    """Return the published figures of the official pipelines, by name and row."""
    data = resources.files("feedbackcheck.training.language").joinpath("published.toml")
    return tomllib.loads(data.read_text(encoding="utf-8"))


def one_common_gender(feats: str) -> str:
    """Return features with common gender under one name.

    Universal Dependencies has two that mean the same, ``Gender=Com`` and ``Gender=Fem,Masc``, and prefers the first
    (universaldependencies.org, u/feat/Gender). The nynorsk treebank has had both: the official development part at hand writes the
    one at adjectives, the official test part the other.
    """
    return feats.replace("Gender=Fem,Masc", "Gender=Com")


def _evaluate(pipeline: Pipeline, sentences: Sequence[Sentence], needs: frozenset[str]) -> dict[str, Any]:
    nlp = pipeline.nlp
    wanted = pipeline.components(needs & pipeline.parts)
    with nlp.select_pipes(enable=list(wanted)):
        examples = list(raw_examples(nlp, group(sentences, 10)))
        return nlp.evaluate(examples, batch_size=32, scorer=scorer(nlp))


def scorer(nlp: Any) -> Any:
    """Return spaCy's scorer, which also counts features with common gender under one name (``morph_one_acc``)."""
    from spacy.scorer import Scorer

    def features(token: Any, _: str) -> str:
        # Nothing said is an empty string to the scorer, which no features at all must not be.
        return one_common_gender(str(token.morph)) or "_" if token.has_morph() else ""

    class OneGender(Scorer):
        def score(self, examples: Any, *, per_component: bool = False) -> dict[str, Any]:
            found = super().score(examples, per_component=per_component)
            if found.get("morph_acc") is not None:
                found |= Scorer.score_token_attr(examples, "morph_one", getter=features)
            return found

    return OneGender(nlp=nlp)


def tree_scores(pipeline: Pipeline, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Return the treebank figures in per cent; parts that the pipeline lacks are absent."""
    found = _evaluate(pipeline, sentences, frozenset({"morph", "lemma", "dep", "sents"}))
    return {row: 100 * found[key] for row, key in _SPACY_KEYS.items() if found.get(key) is not None}


def entity_scores(pipeline: Pipeline, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Return the entities' F in per cent, for all labels together and for each (``ents:PER``)."""
    found = _evaluate(pipeline, sentences, frozenset({"ner"}))
    if found.get("ents_f") is None:
        return {}
    scores = {"ents": 100 * found["ents_f"]}
    for label, values in sorted((found.get("ents_per_type") or {}).items()):
        scores[f"ents:{label}"] = 100 * values["f"]
    return scores


@dataclass
class Count:
    """True positives, false positives and false negatives."""

    hit: int = 0
    false: int = 0
    missed: int = 0

    def add(self, found: Iterable[object], gold: Iterable[object]) -> None:
        """Count two sets of comparable things against each other."""
        found_set, gold_set = set(found), set(gold)
        self.hit += len(found_set & gold_set)
        self.false += len(found_set - gold_set)
        self.missed += len(gold_set - found_set)

    @property
    def precision(self) -> float:
        """Share of what was found that is right, per cent."""
        return 100 * self.hit / (self.hit + self.false) if self.hit + self.false else 0.0

    @property
    def recall(self) -> float:
        """Share of what is right that was found, per cent."""
        return 100 * self.hit / (self.hit + self.missed) if self.hit + self.missed else 0.0

    @property
    def f(self) -> float:
        """The harmonic mean of the two, per cent."""
        total = 2 * self.hit + self.false + self.missed
        return 200 * self.hit / total if total else 0.0


@dataclass
class LetterScores:
    """How a pipeline does on letters."""

    sentences: Count = field(default_factory=Count)
    names: Count = field(default_factory=Count)
    names_by_place: dict[str, Count] = field(default_factory=dict)
    passives: Count = field(default_factory=Count)
    agents: Count = field(default_factory=Count)
    persons: Count = field(default_factory=Count)

    def lines(self) -> list[str]:
        """Return the figures as lines of text."""
        rows = [
            ("sentence spans", self.sentences),
            ("persons' names", self.names),
            ("passive verbs", self.passives),
            ("agents of passives", self.agents),
            ("person of subject and object", self.persons),
        ]
        shown = [f"{'':<30}{'F':>6}{'P':>7}{'R':>7}"]
        shown += [f"{name:<30}{c.f:6.1f}{c.precision:7.1f}{c.recall:7.1f}" for name, c in rows]
        shown += [
            f"{'  names found: ' + place:<30}{'':>6}{'':>7}{c.recall:7.1f}"
            for place, c in sorted(self.names_by_place.items())
        ]
        return shown


def read_letters(path: Path) -> list[dict[str, Any]]:
    """Read the labelled letters (``corpora/letters/letters.jsonl``)."""
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def letter_scores(pipeline: Pipeline, letters: Sequence[dict[str, Any]]) -> LetterScores:
    """Score sentence ends on whole letters, and the rest sentence by sentence as the rules see them."""
    scores = LetterScores()
    whole = pipeline.parse([letter["text"] for letter in letters], frozenset({"sents"}) & pipeline.parts)
    for letter, doc in zip(letters, whole, strict=True):
        if doc.has_annotation("SENT_START"):
            scores.sentences.add(_sentence_spans(doc), [tuple(span) for span in letter["sentences"]])
        _score_sentences(pipeline, letter, scores)
    return scores


def _score_sentences(pipeline: Pipeline, letter: dict[str, Any], scores: LetterScores) -> None:
    spans = letter["sentences"]
    needs = frozenset({"morph", "dep", "ner"}) & pipeline.parts
    docs = pipeline.parse([letter["text"][start:end] for start, end in spans], needs)
    names: set[tuple[int, int]] = set()
    passives: set[tuple[int, int]] = set()
    persons: set[tuple[int, str, int]] = set()
    agents: dict[tuple[int, int], int] = {}
    for (offset, _), doc in zip(spans, docs, strict=True):
        for entity in doc.ents:
            if entity.label_ == "PER":
                names.add((offset + entity.start_char, offset + entity.end_char))
        for token in doc:
            here = (offset + token.idx, offset + token.idx + len(token))
            if is_passive(token):
                passives.add(here)
                agent = agent_of(token)
                if agent is not None:
                    agents[here] = offset + agent.idx
            role = role_of(token)
            if role is not None:
                persons.add((here[0], *role))
    gold_names = {(name["start"], name["end"]): name["place"] for name in letter["names"]}
    scores.names.add(names, gold_names)
    for span, place in gold_names.items():
        scores.names_by_place.setdefault(place, Count()).add(names & {span}, {span})
    gold_passives = {(item["start"], item["end"]): item["agent"] for item in letter["passives"]}
    scores.passives.add(passives, gold_passives)
    for verb, agent_span in gold_passives.items():
        place_of_agent = agents.pop(verb, None)
        inside = (
            place_of_agent is not None
            and agent_span is not None
            and agent_span[0] <= place_of_agent < agent_span[1]
        )
        if agent_span is None:
            scores.agents.false += place_of_agent is not None
        elif inside:
            scores.agents.hit += 1
        else:
            scores.agents.missed += 1
            scores.agents.false += place_of_agent is not None
    scores.agents.false += len(agents)  # an agent of a verb that is no passive
    scores.persons.add(persons, [(item["start"], item["role"], item["person"]) for item in letter["persons"]])


def _sentence_spans(doc: Doc) -> list[tuple[int, int]]:
    spans = []
    for sentence in doc.sents:
        text = sentence.text
        start = sentence.start_char + len(text) - len(text.lstrip())
        if text.strip():
            spans.append((start, start + len(text.strip())))
    return spans


def speed(pipeline: Pipeline, texts: Sequence[str], *, repeat: int = 3) -> dict[str, float]:
    """Return words a second of processor time, the best of ``repeat`` runs, for ``spacy.blank("nb")`` and for sets of parts."""
    import spacy

    blank = spacy.blank("nb")
    words = sum(len(blank.make_doc(text)) for text in texts)
    runs: dict[str, Any] = {'spacy.blank("nb")': lambda: [blank.make_doc(text) for text in texts]}
    for needs in (frozenset({"morph"}), frozenset({"morph", "dep"}), pipeline.parts):
        if needs <= pipeline.parts:
            label = "all parts" if needs == pipeline.parts else " + ".join(sorted(needs))
            runs[label] = lambda needs=needs: pipeline.parse(texts, needs)
    result = {}
    for label, run in runs.items():
        best = float("inf")
        for _ in range(repeat):
            began = time.process_time()
            run()
            best = min(best, time.process_time() - began)
        result[label] = words / best
    return result


def table(ours: dict[str, dict[str, float]]) -> list[str]:
    """Return the comparison as lines: our columns (by heading), then the published ones."""
    columns = {**ours, **{name.removeprefix("nb_core_news_"): row for name, row in published().items()}}
    lines = [f"{'':<14}" + "".join(f"{heading:>12}" for heading in columns)]
    for key, name in ROWS:
        cells = [f"{row[key]:12.1f}" if key in row else f"{'–':>12}" for row in columns.values()]
        lines.append(f"{name:<14}" + "".join(cells))
    return lines
