"""The whole training of the language pipeline: trees, tagger, finishing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from feedbackcheck.training.language.finish import finish
from feedbackcheck.training.language.silver import SilverText, agreed_names
from feedbackcheck.training.language.tagger import TaggerSettings, TaggerTrainer
from feedbackcheck.training.language.train import (
    Progress,
    Trainer,
    TrainSettings,
    blank,
    read_corpus,
    take_over,
)
from feedbackcheck.training.language.treebank import Sentence

_ENCODER = "pretrained.pt"
_SILVER_S = 260.0  # to look for paragraphs that pipelines agree on


def train_language(
    treebank: Path,
    work: Path,
    out: Path,
    *,
    budget_s: float,
    tagger_budget_s: float,
    text: Path | None = None,
    pretraining_s: float = 1560.0,
    silver_from: Sequence[str] = (),
    silver_budget_s: float = 1080.0,
    stage_s: float | None = None,
    start_from: Path | None = None,
    dev_share: float = 0.65,
    seed: int = 20260101,
    log: Callable[[str], None] = print,
) -> None:
    """Train for at most ``stage_s`` seconds, resuming what ``work`` holds, and write the pipeline to ``out``.

    First the parts that share a tok2vec, lemmas and trees among them (``budget_s``). Then the sequence tagger (``tagger_budget_s``), for
    word classes, features, names and sentences; it begins from two language models that read the running text in ``text`` for
    ``pretraining_s`` seconds, which happens once and in one go, outside ``stage_s``; without a text it begins from nothing. Last, where other
    pipelines ``silver_from`` are given, the tagger goes on (``silver_budget_s``) with paragraphs of the text on whose names they and it agree.
    ``dev_share`` of the development parts trains too; the rest chooses. The pipeline so far is written after every stage, so that a
    run may stop anywhere.
    """
    data = _Data.read(treebank, dev_share, log)
    trees = Trainer(
        data.corpus,
        data.dev,
        work / "trees",
        trees_settings(seed, budget_s, further=start_from is not None),
        more=data.more,
        start_from=start_from,
        log=log,
    )
    before = trees.progress.spent_s
    progress = trees.run(stage_s=stage_s) if before < budget_s else trees.progress
    left = None if stage_s is None else max(0.0, stage_s - (progress.spent_s - before))
    stages = {"trees": progress}

    def write(tagger: Path | None) -> None:
        told = describe(
            stages,
            seed,
            sum(len(part) for part in data.trained.values()),
            dev_share=dev_share,
            further=start_from is not None,
            pretrained=text is not None,
        )
        notes = {"feedbackcheck_training": told}
        finish(work / "trees" / "best", out, data.trained, data.named, tagger=tagger, notes=notes)
        history = {name: stage.history for name, stage in stages.items()}
        (work / "history.json").write_text(json.dumps(history, indent=1), encoding="utf-8")
        log(f"wrote {out}")

    if progress.spent_s < budget_s or tagger_budget_s <= 0 or (left is not None and left <= 0):
        write(None)
        return
    pretrained = None
    if text is not None:
        pretrained = work / _ENCODER
        if not pretrained.is_file():
            _pretrain(text, data.corpus, pretrained, pretraining_s, log)
    settings = TaggerSettings(seed=seed, budget_s=tagger_budget_s)
    stages["tagger"] = data.teach(work, settings, left, log, pretrained=pretrained)
    write(work / "tagger")
    if stages["tagger"].spent_s >= tagger_budget_s and text is not None and silver_from:
        silver = work / "silver"
        found = _silver(text, out, silver_from, silver / "names.json", log)
        gentler = replace(settings, seed=seed + 1, budget_s=silver_budget_s, learn_rate=8e-4, unknown=0.15)
        stages["silver"] = data.teach(
            silver, gentler, left, log, silver=found, start_from=work, pretrained=pretrained
        )
        write(silver / "tagger")


@dataclass(frozen=True)
class _Data:
    """What is trained on, by language: trees with names, trees alone, names alone, and what is left of dev to choose by."""

    corpus: dict[str, list[Sentence]]
    more: dict[str, list[Sentence]]
    more_named: dict[str, list[Sentence]]
    dev: dict[str, list[Sentence]]
    dev_named: dict[str, list[Sentence]]

    @classmethod
    def read(cls, treebank: Path, dev_share: float, log: Callable[[str], None]) -> _Data:
        corpus = read_corpus(treebank, "train", log=log)
        more, dev = take_over(corpus, read_corpus(treebank, "dev", log=log), dev_share)
        named_dev = read_corpus(treebank, "norne-dev", log=log)
        more_named, dev_named = take_over(corpus, named_dev, dev_share, names_only=True)
        return cls(corpus, more, more_named, dev, dev_named)

    @property
    def trained(self) -> dict[str, list[Sentence]]:
        """The trees that train."""
        return {code: [*part, *self.more[code]] for code, part in self.corpus.items()}

    @property
    def named(self) -> list[Sentence]:
        """The sentences whose names train."""
        return [s for code, part in self.corpus.items() for s in (*part, *self.more_named[code])]

    def teach(
        self,
        folder: Path,
        settings: TaggerSettings,
        stage_s: float | None,
        log: Callable[[str], None],
        **options: Any,
    ) -> Progress:
        """Train a tagger in ``folder``, write its component to ``folder/tagger``, and return where it stands."""
        trainer = TaggerTrainer(
            self.corpus,
            self.dev,
            self.dev_named,
            folder,
            settings,
            more=self.more,
            more_named=self.more_named,
            log=log,
            **options,
        )
        trainer.run(stage_s=stage_s)
        log(f"tagger: {trainer.evaluate()}")
        trainer.write(folder / "tagger")
        return Progress(trainer.spent_s, trainer.steps, trainer.words, trainer.epochs)


def _silver(
    text: Path, own: Path, others: Sequence[str], kept: Path, log: Callable[[str], None]
) -> list[SilverText]:
    """Paragraphs on whose names the pipeline so far and ``others`` agree, found once a work folder."""
    from feedbackcheck.language import pipeline
    from feedbackcheck.training.language.vectors import iter_paragraphs

    if not kept.is_file():
        found = agreed_names(
            iter_paragraphs(text),
            [pipeline.load(name) for name in (str(own), *others)],
            seconds=_SILVER_S,
            log=log,
        )
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return [[(form, label) for form, label in labelled] for labelled in json.loads(kept.read_text("utf-8"))]


def _pretrain(
    text: Path,
    corpus: dict[str, list[Sentence]],
    out: Path,
    seconds: float,
    log: Callable[[str], None],
) -> None:
    from feedbackcheck.training.language.tagger_pretraining import PretrainingSettings, pretrain, read_text
    from feedbackcheck.training.language.vectors import iter_paragraphs

    tokenizer = blank().tokenizer

    def words(line: str) -> Sequence[str]:
        return [token.text for token in tokenizer(line) if not token.is_space]

    settings = PretrainingSettings(seconds=seconds)
    running = read_text(iter_paragraphs(text), words, corpus, settings)
    log(f"pretraining: {len(running.forms)} words, {len(running.targets)} forms")
    log(f"pretraining: {pretrain(running, out, settings, log=log)}")


def trees_settings(seed: int, budget_s: float, *, further: bool) -> TrainSettings:
    """The settings of the trees stage; ``further``: on from good weights, which a high rate would spoil."""
    if not further:
        return TrainSettings(seed=seed, budget_s=budget_s)
    return TrainSettings(
        seed=seed,
        budget_s=budget_s,
        learn_rate=0.001,
        final_learn_rate=0.00002,
        decay_from=0.2,
        batch_start=600,
        dropout=0.15,
        evaluate_every_s=600,
        dev_sentences=900,
    )


def describe(
    stages: dict[str, Progress],
    seed: int,
    sentences: int,
    *,
    dev_share: float,
    further: bool,
    pretrained: bool,
) -> dict[str, object]:
    """Return what the model card tells about a training."""
    told = {
        "trees": "the parts on the shared tok2vec",
        "tagger": "then the sequence tagger, "
        + ("from two language models of running text" if pretrained else "from nothing"),
        "silver": "then that on, with running text on whose names it and other pipelines agree",
    }
    parts = [
        f"{told[name]}: {stage.spent_s / 60:.0f} minutes, {stage.steps} updates, "
        f"{stage.words / 1e6:.1f} million words ({stage.epochs} passes begun)"
        for name, stage in stages.items()
    ]
    begun = "The run went on from the weights of the version before (`--from`). " if further else ""
    note = (
        f"Seed {seed}. {begun}{'; '.join(parts)}. The first {dev_share:.0%} of the development parts trained too, the rest chose. "
        "Adam with averaged weights, a short warm-up, a plateau and a linear fall of the rate over the "
        "budget. Wall-clock budgets make a run repeatable in kind, not to the bit.\n\n"
        "Again from the start: `feedbackcheck train language --treebank DIR --text FILE --work DIR --budget MINUTES`; it goes on from what "
        "`--work` holds. With the trees further from this model: add `--from models/language` and a new work folder."
    )
    return {"sentences": sentences, "seed": seed, "dev_share": dev_share, "note": note}
