"""The whole training of the language pipeline: joint stage, names stage, finishing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from feedbackcheck.training.language.finish import finish
from feedbackcheck.training.language.train import Trainer, TrainSettings, read_corpus


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
    history = {"joint": progress.history}
    best = work / "joint" / "best"
    left = None if stage_s is None else max(0.0, stage_s - (progress.spent_s - before))
    if progress.spent_s >= budget_s and names_budget_s > 0 and (left is None or left > 0):
        settings = TrainSettings(
            seed=seed,
            budget_s=names_budget_s,
            learn_rate=0.001,
            final_learn_rate=0.00003,
            batch_start=600,
            save_every_s=300,
        )
        names = Trainer(corpus, dev, dev_entities, work / "names", settings, names_from=best, log=log)
        history["names"] = names.run(stage_s=left).history
        best = work / "names" / "best"
    elif (work / "names" / "best").is_dir():
        best = work / "names" / "best"
    finish(best, out, [sentence for part in corpus.values() for sentence in part])
    (work / "history.json").write_text(json.dumps(history, indent=1), encoding="utf-8")
    log(f"wrote {out}")
