"""The whole training of the language pipeline: trees, names, finishing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from feedbackcheck.training.language.augment import AugmentSettings
from feedbackcheck.training.language.finish import finish
from feedbackcheck.training.language.train import (
    Progress,
    Trainer,
    TrainSettings,
    average,
    read_corpus,
    take_over,
)


def train_language(
    treebank: Path,
    work: Path,
    out: Path,
    *,
    budget_s: float,
    names_budget_s: float,
    names_again_s: float = 0.0,
    stage_s: float | None = None,
    start_from: Path | None = None,
    dev_share: float = 0.65,
    seed: int = 20260101,
    log: Callable[[str], None] = print,
) -> None:
    """Train for at most ``stage_s`` seconds, resuming what ``work`` holds, and write the pipeline to ``out``.

    First the trees (``budget_s``), all parts but the entity recogniser on one tok2vec, then that recogniser alone on its own
    (``names_budget_s``), last, if asked (``names_again_s``), that recogniser once more at a low rate, of which the mean with what it was
    before is kept: the two err differently. ``dev_share`` of the development parts trains too; the rest chooses. The best pipeline so far is
    written after every stage, so that a run may stop anywhere.
    """
    corpus = read_corpus(treebank, "train", log=log)
    more, dev = take_over(corpus, read_corpus(treebank, "dev", log=log), dev_share)
    trees = Trainer(
        corpus,
        dev,
        work / "trees",
        trees_settings(seed, budget_s, further=start_from is not None),
        more=more,
        start_from=start_from,
        log=log,
    )
    before = trees.progress.spent_s
    progress = trees.run(stage_s=stage_s) if before < budget_s else trees.progress
    stages = {"trees": progress}
    best = work / "trees" / "best"
    left = None if stage_s is None else max(0.0, stage_s - (progress.spent_s - before))
    named_dev = read_corpus(treebank, "norne-dev", log=log)
    more_names, dev_names = take_over(corpus, named_dev, dev_share, names_only=True)
    if progress.spent_s >= budget_s and names_budget_s > 0 and (left is None or left > 0):
        names = Trainer(
            corpus,
            dev_names,
            work / "names",
            names_settings(seed, names_budget_s),
            stage="names",
            more=more_names,
            trees_from=best,
            start_from=start_from,
            log=log,
        )
        stages["names"] = names.run(stage_s=left)
    if (work / "names" / "best").is_dir():
        best = work / "names" / "best"
    names_done = "names" in stages and stages["names"].spent_s >= names_budget_s
    if names_done and names_again_s > 0:
        again = Trainer(
            corpus,
            dev_names,
            work / "names-again",
            again_settings(seed, names_again_s),
            stage="names",
            more=more_names,
            trees_from=best,
            start_from=best,
            log=log,
        )
        stages["again"] = again.run()
        average(best, work / "names-again" / "best", work / "names-mean")
        best = work / "names-mean"
    trained = {code: [*part, *more[code]] for code, part in corpus.items()}
    sentences = sum(len(part) for part in trained.values())
    told = describe(stages, seed, sentences, dev_share=dev_share, further=start_from is not None)
    named = [sentence for code, part in corpus.items() for sentence in (*part, *more_names[code])]
    finish(best, out, trained, named, notes={"feedbackcheck_training": told})
    history = {name: stage.history for name, stage in stages.items()}
    (work / "history.json").write_text(json.dumps(history, indent=1), encoding="utf-8")
    log(f"wrote {out}")


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


def names_settings(seed: int, budget_s: float) -> TrainSettings:
    """The settings of the names stage: a lower rate, as the weights are good already, larger batches, more dropout."""
    return TrainSettings(
        seed=seed,
        budget_s=budget_s,
        learn_rate=0.001,
        final_learn_rate=0.00002,
        decay_from=0.2,
        batch_start=600,
        dropout=0.2,
        evaluate_every_s=420,
        dev_sentences=900,
        # Fewer new names than before: the recogniser should also learn which names the papers write of.
        augment=AugmentSettings(rename_person=0.15),
    )


def again_settings(seed: int, budget_s: float) -> TrainSettings:
    """The settings of the last stage: as for the names, at a third of the rate."""
    return replace(
        names_settings(seed, budget_s),
        learn_rate=0.0003,
        final_learn_rate=0.00001,
        decay_from=0.1,
        save_every_s=900,
        evaluate_every_s=900,
    )


def describe(
    stages: dict[str, Progress], seed: int, sentences: int, *, dev_share: float, further: bool
) -> dict[str, object]:
    """Return what the model card tells about a training."""
    told = {
        "trees": "all parts but the entity recogniser together on one tok2vec",
        "names": "then the entity recogniser alone, on a tok2vec of its own",
        "again": "then that once more at a low rate, of which the mean with the one before was kept",
    }
    parts = [
        f"{told[name]}: {stage.spent_s / 60:.0f} minutes on one shared core, {stage.steps} updates, "
        f"{stage.words / 1e6:.1f} million words ({stage.epochs} passes begun)"
        for name, stage in stages.items()
    ]
    begun = (
        "The run went on from the weights of the version before (`--from`), in which words had fewer features. "
        if further
        else ""
    )
    note = (
        f"Seed {seed}. {begun}{'; '.join(parts)}. The first {dev_share:.0%} of the development parts trained too, the rest chose among the "
        "weights of a stage. Adam with averaged weights, a short warm-up, a plateau and a linear fall of the rate over the "
        "budget; batches of growing size. Wall-clock budgets make a run repeatable in kind, not to the bit.\n\n"
        "Again from the start: `feedbackcheck train language --treebank DIR --work DIR --budget MINUTES`; it goes on from what `--work` holds. "
        "Further from this model: add `--from models/language` and a new work folder."
    )
    return {"sentences": sentences, "seed": seed, "dev_share": dev_share, "note": note}
