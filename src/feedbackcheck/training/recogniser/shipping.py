"""From corpora to the shipped folder: train, choose, export, measure.

Two sets of models are trained. The *reported* ones have seen neither the held-out writers (which give calibration,
weights and thresholds) nor dev (which gives the figures). The *shipped* ones have seen everything, with the same
plan; their thresholds are those of the reported ones.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.signs.recogniser_input import CODES

from .comparison import Row, figures, store, timed
from .datasets import Example, is_held_out, leaks, load_file, load_training
from .training import Answers, TrainingPlan, answer, train
from .wide import train_gate, train_stage, train_wide, wide_logits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from feedbackcheck.signs.ngrams import NgramModel

    from .features import Lexicon
    from .models import Recogniser


@dataclass(frozen=True)
class Split:
    """Who teaches, who calibrates, who judges.

    ``held_partial`` are rejections of which only some codes were judged: they tell of the gate, and of no threshold.
    """

    taught: list[Example]
    held: list[Example]
    held_partial: list[Example]
    held_other: list[Example]
    dev: list[Example]


def split(corpora: Path) -> Split:
    """Hold some of the training writers and a quarter of the other mail out; dev judges."""
    examples = load_training(corpora)
    held = [e for e in examples if is_held_out(e)]
    return Split(
        taught=[e for e in examples if not is_held_out(e)],
        held=[e for e in held if e.kind == "message"],
        held_partial=[e for e in held if e.kind == "partial"],
        held_other=[e for e in held if e.kind == "other"],
        dev=load_file(corpora / "dev.jsonl"),
    )


def everything_of(parts: Split) -> list[Example]:
    """All examples, dev too: what a shipped model may train on."""
    return [*parts.taught, *parts.held, *parts.held_partial, *parts.held_other, *parts.dev]


def vocabulary_of(pretrained: Path | None, examples: Sequence[Example], size: int = 12_000) -> list[str]:
    """The pretrained models' words, else the corpora's."""
    if pretrained is not None:
        words: list[str] = json.loads(pretrained.with_name("vocab.json").read_text("utf-8"))
        return words
    from collections import Counter

    from feedbackcheck.language.tokens import tokenize

    from .pretraining import build_vocabulary

    counts: Counter[str] = Counter()
    for example in examples:
        counts.update(t.norm for t in tokenize(example.message.text))
    return build_vocabulary(counts, Counter(), size)


def mean_answers(answers: Sequence[Answers]) -> Answers:
    """An ensemble's answers: the mean of its members' logits."""
    import numpy as np

    return Answers(
        [np.mean(parts, axis=0) for parts in zip(*(a.logits for a in answers), strict=True)],
        np.mean([a.is_rejection for a in answers], axis=0),
        np.mean([a.stage for a in answers], axis=0),
        np.mean([a.quality for a in answers], axis=0),
    )


def widened(answers: Answers, wide: NgramModel, examples: Sequence[Example], weight: float) -> Answers:
    """The networks' log-odds with the n-gram model's added."""
    more = wide_logits(wide, examples)
    return replace(answers, logits=[a + weight * b for a, b in zip(answers.logits, more, strict=True)])


def train_seeds(
    examples: Sequence[Example],
    plan: TrainingPlan,
    seeds: Sequence[int],
    vocabulary: Sequence[str],
    pretrained: Path | None,
    *,
    go_on: Sequence[Recogniser] | None = None,
    log: Callable[[str], None],
) -> tuple[list[Recogniser], Lexicon]:
    """One model a seed, from scratch or going on from ``go_on`` (one a seed) for a few gentler epochs."""
    models = []
    lexicon: Any = None
    for i, seed in enumerate(seeds):
        log(f"frø {seed}: {len(examples)} meldinger og utdrag")
        own = replace(plan, seed=seed)
        if go_on is not None:
            own = replace(
                own,
                epochs=plan.more_epochs,
                learning_rate=plan.learning_rate / 2,
                encoder_rate=plan.encoder_rate / 2,
                seed=seed + 1000,
            )
        start = go_on[i] if go_on is not None else None
        model, lexicon = train(examples, own, vocabulary, pretrained, go_on=start, log=log)
        models.append(model)
    return models, lexicon


@dataclass(frozen=True)
class Decision:
    """What is decided on the held-out writers: calibration, weights, thresholds, the gate.

    ``gate`` weighs the network's view of the whole message against its words' (``network``, ``words``, ``offset``).
    """

    slopes: NDArray[np.float32]
    offsets: NDArray[np.float32]
    combine: dict[str, Any]
    gate: dict[str, float]


def decide(
    examples: Sequence[Example],
    answers: Answers,
    other: Sequence[Example],
    other_answers: Answers,
    *,
    more: tuple[Sequence[Example], Answers] | None = None,
    gate: NgramModel | None = None,
    syntax: bool = True,
) -> Decision:
    """Calibrate on ``examples`` that the models have not seen, and choose weights and thresholds there.

    The gate is weighed on them, on ``more`` (rejections that are judged in part) and on ``other``.
    """
    import numpy as np

    from .combination import fit, strengths, with_thresholds
    from .thresholds import flatten, platt

    scores, labels, counted = flatten(examples, answers.logits)
    slopes, offsets = platt(scores, labels, counted)
    signs = np.concatenate(strengths([e for e in examples if e.kind == "message"], syntax=syntax))
    odds = scores * slopes + offsets
    weights = fit(odds, signs, labels, counted)
    combine = with_thresholds(weights, odds, signs, labels, counted)

    def words(of: Sequence[Example]) -> NDArray[np.float32]:
        if gate is None:
            return np.zeros(len(of), dtype=np.float32)
        return gate.logits([e.message.sentences() for e in of])[:, 0]

    rejections = [(answers.is_rejection, words(examples))]
    if more is not None:
        rejections.append((more[1].is_rejection, words(more[0])))
    fitted = fit_gate(rejections, [(other_answers.is_rejection, words(other))])
    return Decision(slopes, offsets, combine, fitted)


Odds = tuple["NDArray[np.float32]", "NDArray[np.float32]"]


def fit_gate(rejections: Sequence[Odds], other: Sequence[Odds]) -> dict[str, float]:
    """Weigh the network's and the words' log-odds that a message is a rejection, on messages that neither has seen.

    A rejection lost costs all its findings, another mail let through a few that are easily seen to be beside the point:
    both kinds weigh the same, however many there are of each.

    Args:
        rejections, other: log-odds by the network and by the words, each (messages,).
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    x = np.concatenate([np.stack(odds, axis=1) for odds in (*rejections, *other)])
    n = sum(len(odds[0]) for odds in rejections)
    if n in (0, len(x)):  # an employer's own mail may have but one kind
        return {"network": 1.0, "words": 0.0, "offset": 0.0}
    y = np.concatenate([np.ones(n), np.zeros(len(x) - n)])
    model = LogisticRegression(class_weight="balanced").fit(x, y)
    network, words = (round(float(w), 4) for w in model.coef_[0])
    return {"network": network, "words": words, "offset": round(float(model.intercept_[0]), 4)}


def ship(
    corpora: Path,
    out: Path,
    *,
    plan: TrainingPlan,
    seeds: Sequence[int],
    pretrained: Path | None,
    with_dev: bool,
    syntax: bool = True,
    log: Callable[[str], None],
) -> dict[str, Any]:
    """Train, choose, export and measure; returns the figures that the manifest and the card tell."""
    from .export import write_model

    parts = split(corpora)
    vocabulary = vocabulary_of(pretrained, parts.taught)
    reported, lexicon = train_seeds(parts.taught, plan, seeds, vocabulary, pretrained, log=log)
    wide, gate = train_wide(parts.taught), train_gate(parts.taught)

    def ask(examples: Sequence[Example]) -> Answers:
        return widened(
            mean_answers([answer(m, lexicon, examples) for m in reported]), wide, examples, plan.wide_weight
        )

    held, other, (dev, milliseconds) = (
        ask(parts.held),
        ask(parts.held_other),
        timed(lambda: ask(parts.dev), len(parts.dev)),
    )
    decision = decide(
        parts.held,
        held,
        parts.held_other,
        other,
        more=(parts.held_partial, ask(parts.held_partial)) if parts.held_partial else None,
        gate=gate,
        syntax=syntax,
    )
    row = figures(
        f"{len(seeds)} × BiLSTM" + (", forhåndstrent" if pretrained else "") + ", n-gram",
        (parts.held, held.logits),
        (parts.dev, dev.logits),
        milliseconds=milliseconds,
    )
    log(json.dumps(asdict(row), ensure_ascii=False))
    final = reported
    if with_dev:
        everything = everything_of(parts)
        final, _ = train_seeds(everything, plan, seeds, vocabulary, pretrained, go_on=reported, log=log)
        wide, gate = train_wide(everything), train_gate(everything)
    write_model(
        out,
        final,
        vocabulary,
        decision,
        wide=wide,
        stage=train_stage(parts.taught if not with_dev else everything_of(parts)),
        gate=gate,
        about={
            "wide": plan.wide_weight,
            "stage_words": 4.0,
            "plan": asdict(plan),
            "seeds": list(seeds),
            "trained_with_dev": with_dev,
            "corpora": corpus_counts(corpora),
            "dev_without_dev": asdict(row),
        },
    )
    row = with_measures(row, measure(out, parts.dev))
    store(out, [row])
    return asdict(row)


def measure(folder: Path, letters: Sequence[Example]) -> dict[str, float]:
    """Size, processor milliseconds a letter with no sentence cached, and seconds to load with imports (a fresh process)."""
    import subprocess
    import sys

    from feedbackcheck.signs.recogniser import Recogniser

    size = (
        sum(p.stat().st_size for p in folder.iterdir() if p.suffix in (".onnx", ".txt", ".json", ".npz"))
        / 1e6
    )
    recogniser = Recogniser(folder)
    recogniser.predict([letters[0].message])
    began = time.process_time()
    for letter in letters:
        recogniser.predict([letter.message])
    milliseconds = 1000 * (time.process_time() - began) / len(letters)
    program = (
        "import sys, time; began = time.perf_counter()\n"
        "from pathlib import Path\n"
        "from feedbackcheck.signs.recogniser import Recogniser\n"
        "Recogniser(Path(sys.argv[1])).encode(['Takk for søknaden.'])\n"
        "print(time.perf_counter() - began)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True
    )
    return {
        "megabytes": round(size, 1),
        "milliseconds": round(milliseconds, 1),
        "load_seconds": round(float(done.stdout), 2),
    }


def with_measures(row: Row, measures: Mapping[str, float]) -> Row:
    """The row with size, speed and load time filled in."""
    return replace(
        row,
        megabytes=measures["megabytes"],
        milliseconds=measures["milliseconds"],
        load_seconds=measures["load_seconds"],
    )


def compare(
    corpora: Path,
    out: Path,
    *,
    plan: TrainingPlan,
    pretrained: Path | None,
    spacy_seconds: float,
    log: Callable[[str], None],
) -> list[Row]:
    """Train the models to beat on the same split, and add them to the table."""
    from .baselines import SpacyTextcat, TfidfModel

    parts = split(corpora)
    rows = []
    for name, model in (
        ("TF-IDF + logistisk", TfidfModel()),
        ("spaCy textcat", SpacyTextcat(seconds=spacy_seconds)),
    ):
        log(name)
        model.fit(parts.taught)
        held = model.logits(parts.held)
        dev, milliseconds = timed(partial(model.logits, parts.dev), len(parts.dev))
        rows.append(
            figures(
                name,
                (parts.held, held),
                (parts.dev, dev),
                megabytes=model.size() / 1e6,
                milliseconds=milliseconds,
            )
        )
        store(out, rows)
    vocabulary = vocabulary_of(pretrained, parts.taught)
    for name, changed in (
        ("BiLSTM uten forhåndstrening", replace(plan, pretrained=False)),
        ("BiLSTM uten variasjon av teksten", replace(plan, augmented=False)),
    ):
        log(name)
        model_, lexicon = train(parts.taught, changed, vocabulary, pretrained, log=log)
        held_ = answer(model_, lexicon, parts.held)
        dev_, milliseconds = timed(partial(answer, model_, lexicon, parts.dev), len(parts.dev))
        rows.append(
            figures(name, (parts.held, held_.logits), (parts.dev, dev_.logits), milliseconds=milliseconds)
        )
        store(out, rows)
    return rows


def corpus_counts(corpora: Path) -> dict[str, int]:
    """Messages a file."""
    return {
        path.name: sum(1 for line in path.read_text("utf-8").splitlines() if line.strip())
        for path in sorted(corpora.glob("*.jsonl"))
    }


def check_leaks(corpora: Path, threshold: float = 0.5) -> list[tuple[str, str, float]]:
    """Dev messages that share so many of their four-word runs with a training one (see ``datasets.leaks``)."""
    return leaks(load_training(corpora), load_file(corpora / "dev.jsonl"), threshold)


__all__ = ["CODES", "check_leaks", "compare", "decide", "measure", "ship", "split", "train_seeds"]
