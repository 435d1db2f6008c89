"""Train the language pipeline in stages that resume.

The model is spaCy's (``pipeline.cfg``) and so is every update; the loop around it is ours for one reason: a training takes
hours on two cores and must be able to stop at any minute and go on. A checkpoint holds the weights, the optimiser's moments and
averages, the random state and the seconds spent, so the learning rate follows the whole budget, not the stage.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.training.language.augment import Augmenter, AugmentSettings
from feedbackcheck.training.language.treebank import Sentence, group, read_trees, to_doc, with_last_space

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example
    from thinc.optimizers import Optimizer

CONFIG = Path(__file__).with_name("pipeline.cfg")
_TREE_SCORES = ("pos_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f")
LANGUAGES = {"nb": "bokmaal", "nn": "nynorsk"}


@dataclass(frozen=True)
class TrainSettings:
    """What a training run is; ``budget_s`` is the whole budget in seconds, over all stages."""

    seed: int = 20260101
    budget_s: float = 3 * 3600
    learn_rate: float = 0.002
    final_learn_rate: float = 0.00005
    warmup: float = 0.02
    decay_from: float = 0.35
    batch_start: int = 300
    batch_end: int = 1200
    dropout: float = 0.1
    document_sizes: tuple[int, ...] = (1, 1, 2, 2, 3, 4)
    save_every_s: float = 420
    evaluate_every_s: float = 900
    dev_sentences: int = 400
    augment: AugmentSettings = field(default_factory=AugmentSettings)


@dataclass
class Progress:
    """Where a run stands; saved with every checkpoint."""

    spent_s: float = 0.0
    steps: int = 0
    words: int = 0
    epochs: int = 0
    best: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


def read_corpus(folder: Path, part: str, *, log: Callable[[str], None] = print) -> dict[str, list[Sentence]]:
    """Read ``part`` (train, dev, test, norne-dev, norne-test) of both languages from a treebank folder."""
    corpus = {}
    for code, name in LANGUAGES.items():
        prefix = (
            f"norne-no_{name}-ud-{part.removeprefix('norne-')}"
            if part.startswith("norne-")
            else f"no_{name}-ud-{part}"
        )
        paths = sorted(folder.glob(f"{prefix}*.conllu*"))
        if not paths:
            from feedbackcheck.errors import ModelError

            raise ModelError(
                f"fant ingen trebank «{prefix}*.conllu»",
                where=str(folder),
                fix="Oppgi mappen med --treebank.",
            )
        sentences, dropped = read_trees(paths[0], code)
        log(f"{paths[0].name}: {len(sentences)} sentences, {dropped} invalid trees dropped")
        corpus[code] = sentences
    return corpus


def blank(config_path: Path = CONFIG, markers: Mapping[str, Iterable[str]] | None = None) -> Language:
    """Return the untrained pipeline that the configuration describes.

    ``markers`` are the function words of one language only, from which the network is told the language of a text.
    """
    from spacy import util

    _register()
    config = util.load_config(config_path)
    words = {code: sorted((markers or {}).get(code, ())) for code in LANGUAGES}
    for component in config["components"].values():
        for model in (component.get("model", {}), component.get("model", {}).get("tok2vec", {})):
            if "markers" in model.get("embed", {}):
                model["embed"]["markers"] = words
    return util.load_model_from_config(config, auto_fill=True)


def _register() -> None:
    from feedbackcheck.language import embed, lexicon, names, spacy_vectors, tagger, tokenizer

    for part in (tokenizer, spacy_vectors, embed, lexicon, names, tagger):
        part.register()


def read_pipeline(folder: Path) -> Language:
    """Load a pipeline of ours from disk, packed or not."""
    import spacy

    from feedbackcheck.language import storage

    _register()
    return storage.read_packed(folder) if storage.is_packed(folder) else spacy.load(folder)


def examples(nlp: Language, documents: Iterable[Sequence[Sentence]]) -> Iterator[Example]:
    """Yield training examples with the treebank's own tokens."""
    from spacy.tokens import Doc
    from spacy.training import Example

    for sentences in documents:
        reference = to_doc(nlp.vocab, sentences)
        words = [token.text for token in reference]
        spaces = [bool(token.whitespace_) for token in reference]
        yield Example(Doc(nlp.vocab, words=words, spaces=spaces), reference)


def raw_examples(nlp: Language, documents: Iterable[Sequence[Sentence]]) -> Iterator[Example]:
    """Yield evaluation examples that start from running text, tokenised by the pipeline itself."""
    from spacy.training import Example

    for sentences in documents:
        reference = to_doc(nlp.vocab, [with_last_space(sentence) for sentence in sentences])
        yield Example(nlp.make_doc(reference.text), reference)


def epoch(
    corpus: dict[str, list[Sentence]], settings: TrainSettings, rng: random.Random
) -> list[list[Sentence]]:
    """Cut both corpora into short runs of sentences, augment them and shuffle the runs.

    Short, because a transition parser's cost grows faster than a document's length and its steps run side by side in a batch.
    """
    augmenter = Augmenter(settings.augment, rng)
    documents = []
    for sentences in corpus.values():
        start = 0
        while start < len(sentences):
            size = rng.choice(settings.document_sizes)
            documents.append(sentences[start : start + size])
            start += size
    rng.shuffle(documents)
    return [augmenter.document(document) for document in documents]


def learn_rate(settings: TrainSettings, done: float) -> float:
    """Return the learning rate at ``done`` of the budget: a short warm-up, a plateau, a linear fall."""
    if done < settings.warmup:
        return settings.learn_rate * max(done / settings.warmup, 0.05)
    if done < settings.decay_from:
        return settings.learn_rate
    left = max(0.0, 1 - done) / (1 - settings.decay_from)
    return settings.final_learn_rate + (settings.learn_rate - settings.final_learn_rate) * left


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


def take_over(
    corpus: Mapping[str, Sequence[Sentence]],
    dev: Mapping[str, Sequence[Sentence]],
    share: float,
    *,
    names_only: bool = False,
) -> tuple[dict[str, list[Sentence]], dict[str, list[Sentence]]]:
    """Move the first ``share`` of each dev part into training; return what trains besides ``corpus`` and what is left to choose by.

    Sentences with a word class or features that the training part does not have are left out, as the network knows no such label,
    unless ``names_only`` are trained.
    """
    taken: dict[str, list[Sentence]] = {}
    left: dict[str, list[Sentence]] = {}
    known = {(word.pos, word.feats) for part in corpus.values() for s in part for word in s.words}
    for code, sentences in dev.items():
        cut = round(share * len(sentences))
        taken[code] = [
            s
            for s in sentences[:cut]
            if names_only or all((word.pos, word.feats) in known for word in s.words)
        ]
        left[code] = list(sentences[cut:])
    return taken, left


class Trainer:
    """One run in a work folder: ``checkpoint/`` to resume from, ``best/`` with the averaged weights.

    It trains the parts that share the tok2vec. The morphologizer is there for what it teaches the tok2vec; in the finished
    pipeline the sequence tagger takes its place.
    """

    def __init__(
        self,
        corpus: dict[str, list[Sentence]],
        dev: dict[str, list[Sentence]],
        work: Path,
        settings: TrainSettings,
        *,
        more: Mapping[str, Sequence[Sentence]] | None = None,
        config: Path = CONFIG,
        start_from: Path | None = None,
        log: Callable[[str], None] = print,
    ) -> None:
        """Prepare a run.

        ``more`` trains besides ``corpus``, which alone decides the labels. ``start_from`` is a pipeline whose weights a new
        run goes on from.
        """
        from thinc.api import Adam, fix_random_seed

        self.corpus = {code: [*part, *(more or {}).get(code, ())] for code, part in corpus.items()}
        self.dev, self.work, self.settings, self.log = dev, work, settings, log
        self.progress = Progress()
        fix_random_seed(settings.seed)
        self.rng = random.Random(settings.seed)
        self.optimizer: Optimizer = Adam(settings.learn_rate, L2=0.01, grad_clip=1.0, use_averages=True)
        checkpoint = work / "checkpoint"
        self.nlp = blank(config, marker_words(corpus))
        whole = group([sentence for part in corpus.values() for sentence in part], 8)
        some = epoch({code: part[:2000] for code, part in corpus.items()}, settings, random.Random(1))
        sample = [*examples(self.nlp, whole), *examples(self.nlp, some)]
        self.nlp.initialize(lambda: sample)
        if checkpoint.is_dir():
            self._restore(checkpoint)
        elif start_from is not None:
            self._take_weights(start_from)

    def run(self, *, stage_s: float | None = None) -> Progress:
        """Train until the budget or this stage's seconds are spent, save, and return the progress."""
        from thinc.api import fix_random_seed

        settings, progress = self.settings, self.progress
        began, spent_before = time.monotonic(), progress.spent_s
        saved = evaluated = progress.spent_s
        stage_end = min(
            settings.budget_s, spent_before + (stage_s if stage_s is not None else settings.budget_s)
        )
        losses: dict[str, float] = {}
        while progress.spent_s < stage_end:
            # Each epoch has its own seed, so that a resumed stage does not see the first epoch's order again.
            self.rng.seed(settings.seed + 1000 * progress.epochs + progress.steps)
            fix_random_seed(settings.seed + progress.steps)
            progress.epochs += 1
            for batch in self._batches():
                progress.spent_s = spent_before + time.monotonic() - began
                if progress.spent_s >= stage_end:
                    break
                self.optimizer.learn_rate = learn_rate(settings, progress.spent_s / settings.budget_s)
                self.nlp.update(batch, drop=settings.dropout, sgd=self.optimizer, losses=losses)
                progress.steps += 1
                progress.words += sum(len(example.reference) for example in batch)
                if progress.steps % 200 == 0:
                    shown = " ".join(f"{name} {value / 200:.1f}" for name, value in losses.items())
                    speed = progress.words / max(progress.spent_s, 1)
                    self.log(
                        f"{progress.spent_s:6.0f} s  step {progress.steps}  epoch {progress.epochs}  "
                        f"{speed:.0f} words/s  rate {self.optimizer.learn_rate:.5f}  {shown}"
                    )
                    losses = {}
                if progress.spent_s - evaluated >= settings.evaluate_every_s:
                    evaluated = progress.spent_s
                    self._evaluate()
                if progress.spent_s - saved >= settings.save_every_s:
                    saved = progress.spent_s
                    self.save()
        progress.spent_s = min(spent_before + time.monotonic() - began, settings.budget_s)
        self._evaluate()
        self.save()
        return progress

    def _batches(self) -> Iterator[list[Example]]:
        """Yield batches of documents of like length: a batch takes as many parser steps as its longest document."""
        settings, rng = self.settings, self.rng
        documents = epoch(self.corpus, settings, rng)
        pool_size = 640
        for start in range(0, len(documents), pool_size):
            pool = documents[start : start + pool_size]
            lengths = [sum(len(sentence.words) for sentence in document) for document in pool]
            order = sorted(range(len(pool)), key=lambda index: lengths[index] + 4 * rng.random())
            done = min(1.0, self.progress.spent_s / (0.5 * settings.budget_s))
            limit = settings.batch_start + (settings.batch_end - settings.batch_start) * done
            batches: list[list[int]] = [[]]
            size = 0
            for index in order:
                if size >= limit:
                    batches.append([])
                    size = 0
                batches[-1].append(index)
                size += lengths[index]
            rng.shuffle(batches)
            for batch in batches:
                yield list(examples(self.nlp, [pool[index] for index in batch]))

    def _evaluate(self) -> None:
        """Score a part of dev with the averaged weights; keep the pipeline if it is the best so far."""
        with self.nlp.use_params(self.optimizer.averages):
            scores: dict[str, float] = {}
            for code in self.corpus:
                scores.update(self._score(self.dev[code], code))
            total = sum(scores.values()) / len(scores)
            self.log(f"dev {total:.2f} " + " ".join(f"{key} {value}" for key, value in scores.items()))
            self.progress.history.append({"spent_s": round(self.progress.spent_s), **scores})
            if total >= self.progress.best:
                self.progress.best = total
                _replace_folder(self.work / "best", self.nlp.to_disk)

    def _score(self, sentences: Sequence[Sentence], code: str) -> dict[str, float]:
        part = group(sentences[: self.settings.dev_sentences], 10)
        found = self.nlp.evaluate(list(raw_examples(self.nlp, part)))
        return {f"{code}_{key}": round(100 * (found[key] or 0.0), 2) for key in _TREE_SCORES}

    def save(self) -> None:
        """Write the checkpoint; the one before is replaced only when the new one is whole."""

        def write(folder: Path) -> None:
            self.nlp.to_disk(folder / "model")
            _write_optimizer(self.nlp, self.optimizer, folder / "optimizer.npz")
            (folder / "progress.json").write_text(
                json.dumps(asdict(self.progress), indent=1), encoding="utf-8"
            )

        _replace_folder(self.work / "checkpoint", write)

    def _restore(self, folder: Path) -> None:
        self.nlp.from_disk(folder / "model")
        _read_optimizer(self.nlp, self.optimizer, folder / "optimizer.npz")
        self.progress = Progress(**json.loads((folder / "progress.json").read_text(encoding="utf-8")))
        self.log(f"resumed after {self.progress.spent_s:.0f} s, {self.progress.steps} steps")

    def _take_weights(self, folder: Path) -> None:
        """Copy the weights of a finished pipeline into the components that this stage trains, as far as they fit."""
        finished = read_pipeline(folder)
        for name, component in self.nlp.pipeline:
            if name not in finished.pipe_names:
                continue
            source: Any = finished.get_pipe(name)
            target: Any = component
            if _same_labels(source, target):
                left_out = widen(source.model, target.model)
                self.log(
                    f"{name}: weights of {folder}" + (f", but not {left_out} layers" if left_out else "")
                )
            else:
                self.log(f"{name}: other labels than {folder}, begun anew")


def _same_labels(source: Any, target: Any) -> bool:
    if getattr(source, "labels", ()) != getattr(target, "labels", ()):
        return False
    trees, other_trees = getattr(source, "trees", None), getattr(target, "trees", None)
    if trees is None or other_trees is None:
        return trees is other_trees
    # Training goes on adding trees that are no labels, so the older store may be the longer one.
    return all(str(trees[int(label)]) == str(other_trees[int(label)]) for label in source.labels)


def widen(source: Any, target: Any) -> int:
    """Copy the weights of ``source``, a network, into the larger ``target``; return how many of its layers found no place.

    Layers of one kind are paired in order. The layer that mixes a word's features may have more inputs in ``target``: those for
    features that both have are copied, the others keep small random weights, so that it computes nearly the same at first.
    """
    kinds: dict[str, list[Any]] = {}
    for node in _weighted(target):
        kinds.setdefault(node.name, []).append(node)
    left_out = 0
    mixed = False
    for node in _weighted(source):
        others = kinds.get(node.name, [])
        other = others.pop(0) if others else None
        first_mixer = node.name == "maxout" and not mixed
        mixed = mixed or node.name == "maxout"
        if other is None:
            left_out += 1
            continue
        for name in node.param_names:
            if not node.has_param(name):
                continue
            old, new = node.get_param(name), other.get_param(name)
            if old.shape == new.shape:
                other.set_param(name, old.copy())
            elif (
                first_mixer
                and name == "W"
                and old.shape[:2] == new.shape[:2]
                and old.shape[2] <= new.shape[2]
            ):
                wider = 0.3 * new
                wider[:, :, _common_inputs(source, target)] = old
                other.set_param(name, wider)
            else:
                left_out += 1
    return left_out


def _weighted(model: Any) -> list[Any]:
    return [
        node for node in model.walk(order="dfs_pre") if any(node.has_param(name) for name in node.param_names)
    ]


def _common_inputs(source: Any, target: Any) -> list[int]:
    """Return where the mixing layer of ``target`` has the inputs of that of ``source``, in the latter's order."""
    places: list[dict[tuple[str, int], range]] = []
    for model in (source, target):
        start, found = 0, dict[tuple[str, int], range]()
        counts: Counter[str] = Counter()
        for node in _weighted(model):
            if node.name in {"hashembed", "static_vectors", "feedbackcheck_company"}:
                width = node.get_dim("nO")
                found[node.name, counts[node.name]] = range(start, start + width)
                counts[node.name] += 1
                start += width
        places.append(found)
    return [place for key in places[0] for place in places[1][key]]


def _replace_folder(target: Path, write: Callable[[Path], object]) -> None:
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    write(fresh)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def _parameters(nlp: Language) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield every weight's name, the same in any process, with the key that the optimiser knows it by in this one."""
    seen: set[int] = set()
    for name, pipe in nlp.pipeline:
        model: Any = getattr(pipe, "model", None)
        if model is None or model is True:
            continue
        for index, node in enumerate(model.walk()):
            if node.id in seen:
                continue
            seen.add(node.id)
            for parameter in node.param_names:
                yield f"{name}/{index}/{parameter}", (node.id, parameter)


def _write_optimizer(nlp: Language, optimizer: Optimizer, path: Path) -> None:
    import numpy as np

    arrays: dict[str, Any] = {}
    for name, key in _parameters(nlp):
        if key in optimizer.mom1:
            arrays[f"{name}|mom1"] = optimizer.mom1[key]
            arrays[f"{name}|mom2"] = optimizer.mom2[key]
            arrays[f"{name}|steps"] = np.asarray(optimizer.nr_update[key])
            if optimizer.averages is not None:
                arrays[f"{name}|mean"] = optimizer.averages[key]
    np.savez(path, **arrays)


def _read_optimizer(nlp: Language, optimizer: Optimizer, path: Path) -> None:
    import numpy as np

    with np.load(path) as stored:
        for name, key in _parameters(nlp):
            if f"{name}|mom1" not in stored:
                continue
            optimizer.mom1[key] = stored[f"{name}|mom1"]
            optimizer.mom2[key] = stored[f"{name}|mom2"]
            optimizer.nr_update[key] = int(stored[f"{name}|steps"])
            if optimizer.averages is not None:
                optimizer.averages[key] = stored[f"{name}|mean"]
