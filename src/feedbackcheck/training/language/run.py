"""The whole training of the language pipeline: joint stage, names stage, finishing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from feedbackcheck.training.language.augment import AugmentSettings
from feedbackcheck.training.language.finish import finish
from feedbackcheck.training.language.train import Progress, Trainer, TrainSettings, read_corpus


def train_language(
    treebank: Path,
    work: Path,
    out: Path,
    *,
    budget_s: float,
    names_budget_s: float,
    stage_s: float | None = None,
    start_from: Path | None = None,
    seed: int = 20260101,
    log: Callable[[str], None] = print,
) -> None:
    """Train for at most ``stage_s`` seconds, resuming what ``work`` holds, and write the pipeline to ``out``.

    First all parts together on one tok2vec (``budget_s``), then the entity recogniser alone on its own copy
    (``names_budget_s``). The best pipeline so far is written after every stage, so that a run may stop anywhere.
    """
    corpus, dev = read_corpus(treebank, "train", log=log), read_corpus(treebank, "dev", log=log)
    dev_entities = read_corpus(treebank, "norne-dev", log=log)
    joint = Trainer(
        corpus,
        dev,
        dev_entities,
        work / "joint",
        TrainSettings(seed=seed, budget_s=budget_s),
        start_from=start_from,
        log=log,
    )
    before = joint.progress.spent_s
    progress = joint.run(stage_s=stage_s) if before < budget_s else joint.progress
    stages = {"joint": progress}
    best = work / "joint" / "best"
    left = None if stage_s is None else max(0.0, stage_s - (progress.spent_s - before))
    if progress.spent_s >= budget_s and names_budget_s > 0 and (left is None or left > 0):
        names = Trainer(
            corpus,
            dev,
            dev_entities,
            work / "names",
            names_settings(seed, names_budget_s),
            names_from=best,
            log=log,
        )
        stages["names"] = names.run(stage_s=left)
    if (work / "names" / "best").is_dir():
        best = work / "names" / "best"
    sentences = sum(len(part) for part in corpus.values())
    finish(best, out, corpus, notes={"feedbackcheck_training": describe(stages, seed, sentences)})
    history = {name: stage.history for name, stage in stages.items()}
    (work / "history.json").write_text(json.dumps(history, indent=1), encoding="utf-8")
    log(f"wrote {out}")


def names_settings(seed: int, budget_s: float) -> TrainSettings:
    """The settings of the names stage: a lower rate, as the weights are good already, and larger batches."""
    return TrainSettings(
        seed=seed,
        budget_s=budget_s,
        learn_rate=0.001,
        final_learn_rate=0.00003,
        batch_start=600,
        save_every_s=300,
        evaluate_every_s=300,
        dev_sentences=1000,
        # Fewer new names than before: the recogniser should also learn which names the papers write of.
        augment=AugmentSettings(rename_person=0.15),
    )


def describe(stages: dict[str, Progress], seed: int, sentences: int) -> dict[str, object]:
    """Return what the model card tells about a training."""
    told = {
        "joint": "all parts together on one tok2vec",
        "names": "then the entity recogniser alone, on a copy of the tok2vec of its own",
    }
    parts = [
        f"{told[name]}: {stage.spent_s / 60:.0f} minutes on one shared core, {stage.steps} updates, "
        f"{stage.words / 1e6:.1f} million words ({stage.epochs} passes begun)"
        for name, stage in stages.items()
    ]
    note = (
        f"Seed {seed}. {'; '.join(parts)}. Adam with averaged weights, a short warm-up, a plateau and a linear fall of the rate over the "
        "budget; batches of growing size; of each stage the weights that scored best on dev. Wall-clock budgets make a run repeatable in kind, not to the bit.\n\n"
        "Again from the start: `feedbackcheck train language --treebank DIR --work DIR --budget MINUTES`; it goes on from what `--work` holds. "
        "Further from this model: add `--from models/language` and a new work folder."
    )
    return {"sentences": sentences, "seed": seed, "own_names_tok2vec": "names" in stages, "note": note}
