"""Teach the sequence tagger word classes, features and names from the treebanks, and write its spaCy component.

Torch does the training; the pretrained layers come from :mod:`.tagger_pretraining`.
"""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.tagger import LABELS, NETWORK, WEIGHTS, best_path, spans
from feedbackcheck.language.tagger_features import COLUMNS, TABLES, TextLanguage, dense, hashed
from feedbackcheck.training.language.augment import AugmentSettings
from feedbackcheck.training.language.silver import SilverText
from feedbackcheck.training.language.train import TrainSettings, epoch, marker_words
from feedbackcheck.training.language.treebank import Sentence, group

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from feedbackcheck.training.language.tagger_network import TaggerNetwork

_STATE = "tagger.pt"
_NONE = -100  # a label that is not taught
_FORBIDDEN = -1e4
_BREAKS = {"\n": 1, "\n\n": 2}


@dataclass(frozen=True)
class TaggerSettings:
    """What a training run is; ``budget_s`` counts over all stages."""

    seed: int = 1
    budget_s: float = 1800
    learn_rate: float = 2e-3
    pretrained_rate: float = 0.5
    warmup_steps: int = 300
    batch_words: int = 1500
    unknown: float = 0.12
    silver_texts: int = 12_000
    language_hidden: float = 0.15
    averaged_over: int = 1000
    save_every_s: float = 300
    threads: int | None = None
    documents: TrainSettings = field(
        default_factory=lambda: TrainSettings(
            document_sizes=(1, 2, 3, 4, 6, 8), augment=AugmentSettings(rename_person=0.15)
        )
    )


@dataclass(frozen=True)
class TaggerLabels:
    """What the network tells apart: (word class, features) pairs and B-, I- and O labels."""

    morphs: tuple[tuple[str, str], ...]
    entities: tuple[str, ...]

    @classmethod
    def of(cls, corpus: Mapping[str, Sequence[Sentence]]) -> TaggerLabels:
        """Take all that the trees of ``corpus`` have."""
        words = [word for part in corpus.values() for sentence in part for word in sentence.words]
        entities = {word.ent for word in words} - {"O"}
        return cls(tuple(sorted({(word.pos, word.feats) for word in words})), ("O", *sorted(entities)))

    def moves(self) -> NDArray[np.float32]:
        """Return what forbids an I- label after anything but its own kind, shape (from, to)."""
        import numpy as np

        out = np.zeros((len(self.entities), len(self.entities)), dtype=np.float32)
        for i, before in enumerate(self.entities):
            for j, label in enumerate(self.entities):
                if label.startswith("I-") and before[2:] != label[2:]:
                    out[i, j] = _FORBIDDEN
        return out


@dataclass(slots=True)
class _Text:
    """A training text in numbers; ``morphs`` or ``entities`` are :data:`_NONE` where the source has none."""

    words: list[int]
    breaks: list[int]
    language: int
    morphs: list[int]
    entities: list[int]
    starts: list[int]
    has_entities: bool


class _Words:
    """The forms met so far, with what the network is given of each."""

    def __init__(self) -> None:
        import torch

        self._known: dict[str, int] = {}
        self.hashed = torch.zeros(0, COLUMNS, dtype=torch.long)
        self.dense = torch.zeros(0, dense(["a"]).shape[1])

    def rows(self, words: Sequence[str]) -> list[int]:
        """Return the rows of ``words`` in the two tables."""
        import torch

        new = [word for word in dict.fromkeys(words) if word not in self._known]
        if new:
            first = len(self._known)
            grown = max(2 * len(self.hashed), first + len(new), 100_000)
            if first + len(new) > len(self.hashed):
                for name in ("hashed", "dense"):
                    old = getattr(self, name)
                    table = old.new_zeros(grown, old.shape[1])
                    table[:first] = old[:first]
                    setattr(self, name, table)
            self.hashed[first : first + len(new)] = torch.tensor([hashed(word) for word in new])
            self.dense[first : first + len(new)] = torch.from_numpy(dense(new))
            self._known.update({word: first + n for n, word in enumerate(new)})
        return [self._known[word] for word in words]


class TaggerTrainer:
    """One run in a work folder: ``tagger.pt`` holds what to resume from and the averaged weights."""

    def __init__(
        self,
        corpus: Mapping[str, Sequence[Sentence]],
        dev: Mapping[str, Sequence[Sentence]],
        named_dev: Mapping[str, Sequence[Sentence]],
        work: Path,
        settings: TaggerSettings,
        *,
        more: Mapping[str, Sequence[Sentence]] | None = None,
        more_named: Mapping[str, Sequence[Sentence]] | None = None,
        silver: Sequence[SilverText] = (),
        pretrained: Path | None = None,
        start_from: Path | None = None,
        log: Callable[[str], None] = print,
    ) -> None:
        """Prepare a run.

        ``corpus`` has trees and names and decides the labels; ``more`` has trees alone, ``more_named`` names alone, ``silver`` names that
        pipelines agree on. ``pretrained`` is what :func:`.tagger_pretraining.pretrain` saved, ``start_from`` the work
        folder of another run, whose averaged weights this one goes on from.
        """
        import torch

        from feedbackcheck.training.language.tagger_network import TaggerNetwork

        torch.manual_seed(settings.seed)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        self.settings, self.log, self.work = settings, log, work
        self.sources = ((corpus, True, True), (more or {}, True, False), (more_named or {}, False, True))
        self.dev, self.named_dev = dev, named_dev
        self.labels = TaggerLabels.of(corpus)
        self.markers = {code: sorted(words) for code, words in marker_words(corpus).items()}
        self._language = TextLanguage(self.markers)
        self._words = _Words()
        self._morph_rows = {morph: n for n, morph in enumerate(self.labels.morphs)}
        self._entity_rows = {label: n for n, label in enumerate(self.labels.entities)}
        classes = sorted({pos for pos, _ in self.labels.morphs})
        self._class_of = torch.tensor([classes.index(pos) for pos, _ in self.labels.morphs])
        self.network = TaggerNetwork(
            self._words.dense.shape[1], len(self.labels.morphs), len(classes), len(self.labels.entities)
        )
        if pretrained is not None:
            self.network.encoder.load_state_dict(torch.load(pretrained, weights_only=True))
        else:
            some = [word.form for part in corpus.values() for s in part[:2000] for word in s.words]
            self.network.encoder.embed.standardise(dense(list(dict.fromkeys(some))))
        if start_from is not None:
            earlier = torch.load(start_from / _STATE, weights_only=True)
            self.network.load_state_dict(earlier["mean"])
        self.silver = silver
        self.mean = copy.deepcopy(self.network)
        lower = [p for p in self.network.encoder.pretrained_parameters() if p.requires_grad]
        below = {id(p) for p in lower}
        upper = [p for p in self.network.parameters() if p.requires_grad and id(p) not in below]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": lower, "share": settings.pretrained_rate if pretrained else 1.0},
                {"params": upper, "share": 1.0},
            ],
            lr=settings.learn_rate,
            weight_decay=0.02,
            betas=(0.9, 0.99),
        )
        self.spent_s, self.steps, self.words, self.epochs = 0.0, 0, 0, 0
        self._resume()

    @property
    def _file(self) -> Path:
        return self.work / _STATE

    def _resume(self) -> None:
        import torch

        if self._file.is_file():
            stored = torch.load(self._file, weights_only=True)
            self.network.load_state_dict(stored["network"])
            self.mean.load_state_dict(stored["mean"])
            self.optimiser.load_state_dict(stored["optimiser"])
            self.spent_s, self.steps = stored["spent_s"], stored["steps"]
            self.words, self.epochs = stored["words"], stored["epochs"]
            self.log(f"tagger: resumed after {self.spent_s:.0f} s, {self.steps} steps")

    def save(self) -> None:
        """Write what a later run resumes from; the file before is replaced only when the new one is whole."""
        import torch

        self.work.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        torch.save(
            {
                "network": self.network.state_dict(),
                "mean": self.mean.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "spent_s": self.spent_s,
                "steps": self.steps,
                "words": self.words,
                "epochs": self.epochs,
            },
            fresh,
        )
        fresh.replace(self._file)

    def run(self, *, stage_s: float | None = None) -> None:
        """Train until the budget or this stage's seconds are spent, and save."""
        import torch

        settings = self.settings
        began, before = time.monotonic(), self.spent_s
        end = min(settings.budget_s, before + (settings.budget_s if stage_s is None else stage_s))
        saved = self.spent_s
        self.network.train()
        while self.spent_s < end:
            self.epochs += 1
            rng = random.Random(settings.seed + 1000 * self.epochs + self.steps)
            torch.manual_seed(settings.seed + self.steps)
            for batch in self._batches(rng):
                self.spent_s = before + time.monotonic() - began
                if self.spent_s >= end:
                    break
                self._update(batch)
                if self.spent_s - saved >= settings.save_every_s:
                    saved = self.spent_s
                    self.save()
                    self.log(
                        f"tagger: {self.spent_s:.0f} s, {self.steps} steps, {self.epochs} passes, {self.evaluate()}"
                    )
        self.spent_s = min(before + time.monotonic() - began, settings.budget_s)
        self.save()

    def _update(self, batch: Sequence[_Text]) -> None:
        import torch

        settings = self.settings
        left = 1 - self.spent_s / settings.budget_s
        rate = settings.learn_rate * min(1.0, (self.steps + 1) / settings.warmup_steps)
        rate *= 0.02 + 0.98 * min(1.0, left / 0.8)
        for part in self.optimiser.param_groups:
            part["lr"] = rate * part["share"]
        loss = self._loss(batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.steps += 1
        self.words += sum(len(text.words) for text in batch)
        keep = min(1 - 1 / settings.averaged_over, (1 + self.steps) / (50 + self.steps))
        with torch.no_grad():
            for mean, now in zip(self.mean.parameters(), self.network.parameters(), strict=True):
                mean.lerp_(now, 1 - keep)

    def _text(self, sentences: Iterable[Sentence], *, trees: bool, names: bool) -> _Text:
        forms, text = [], _Text([], [], 3, [], [], [], names)
        gap = 0
        for sentence in sentences:
            for place, word in enumerate(sentence.words):
                forms.append(word.form)
                text.breaks.append(gap if place == 0 else 0)
                text.morphs.append(self._morph_rows.get((word.pos, word.feats), _NONE) if trees else _NONE)
                text.entities.append(self._entity_rows.get(word.ent, 0) if names else 0)
                text.starts.append(int(place == 0))
            gap = _BREAKS.get(sentence.break_after, 0)
        text.words, text.language = self._words.rows(forms), self._language(forms)
        return text

    def _silver_text(self, labelled: SilverText) -> _Text:
        forms = [form for form, _ in labelled]
        none = [_NONE] * len(forms)
        names = [self._entity_rows.get(label, 0) for _, label in labelled]
        return _Text(
            self._words.rows(forms), [0] * len(forms), self._language(forms), none, names, none, True
        )

    def _batches(self, rng: random.Random) -> Iterator[list[_Text]]:
        settings = self.settings
        texts = [
            self._text(document, trees=trees, names=names)
            for corpus, trees, names in self.sources
            for document in epoch(
                {code: list(part) for code, part in corpus.items()}, settings.documents, rng
            )
        ]
        drawn = rng.sample(list(self.silver), min(settings.silver_texts, len(self.silver)))
        texts += [self._silver_text(labelled) for labelled in drawn]
        rng.shuffle(texts)
        pool_size = 1500
        for start in range(0, len(texts), pool_size):
            pool = sorted(
                texts[start : start + pool_size], key=lambda text: len(text.words) + 5 * rng.random()
            )
            batches: list[list[_Text]] = [[]]
            size = 0
            for text in pool:
                if size >= settings.batch_words:
                    batches.append([])
                    size = 0
                batches[-1].append(text)
                size += len(text.words)
            rng.shuffle(batches)
            yield from batches

    def _states(self, network: TaggerNetwork, batch: Sequence[_Text], *, hide: bool) -> tuple[Any, Any, Any]:
        """The network's states (texts, words, width), where words stand, and the padded labels' shape."""
        import torch

        longest = max(len(text.words) for text in batch)
        rows = torch.tensor([text.words + [0] * (longest - len(text.words)) for text in batch])
        lengths = torch.tensor([len(text.words) for text in batch])
        breaks = torch.tensor([text.breaks + [0] * (longest - len(text.breaks)) for text in batch])
        languages = torch.tensor([text.language for text in batch])
        unknown = None
        if hide:
            unknown = torch.rand(rows.shape) < self.settings.unknown
            hidden = torch.rand(languages.shape) < self.settings.language_hidden
            languages = languages.masked_fill(hidden, 3)
        states = network(
            self._words.hashed[rows],
            self._words.dense[rows],
            languages[:, None].expand_as(rows),
            breaks,
            lengths,
            unknown,
        )
        return states, torch.arange(longest)[None] < lengths[:, None], longest

    def _loss(self, batch: Sequence[_Text]) -> torch.Tensor:
        import torch
        from torch.nn import functional

        from feedbackcheck.training.language.tagger_network import path_loss

        network = self.network
        with torch.autocast("cpu", torch.bfloat16):  # twice as fast where the processor knows bfloat16
            states, mask, longest = self._states(network, batch, hide=True)
            seen = states[mask]
            morph_scores = network.morphs(seen).float()
            class_scores = network.classes(seen).float()
            start_scores = network.starts(seen).float()[:, 0]
            name_scores = network.entities(states).float()
        morphs = torch.tensor([label for text in batch for label in text.morphs])
        starts = torch.tensor([float(label) for text in batch for label in text.starts])
        loss = torch.zeros(())
        told = starts >= 0
        if told.any():
            loss = 0.3 * functional.binary_cross_entropy_with_logits(start_scores[told], starts[told])
        taught = morphs >= 0
        if taught.any():
            goal = morphs[taught]
            loss = loss + functional.cross_entropy(morph_scores[taught], goal)
            loss = loss + 0.5 * functional.cross_entropy(class_scores[taught], self._class_of[goal])
        named = torch.tensor([text.has_entities for text in batch])
        if named.any():
            goal = torch.tensor([text.entities + [0] * (longest - len(text.entities)) for text in batch])
            total = path_loss(name_scores[named], goal[named], mask[named].float(), network.moves)
            loss = loss + 1.5 * total / mask[named].sum()
        return loss

    def evaluate(self) -> dict[str, float]:
        """Score the averaged weights on dev, treebank tokens: word classes, features, names' F."""
        import torch

        network = self.mean.eval()
        moves = network.moves.detach().numpy() + self.labels.moves()
        found = {}
        with torch.no_grad():
            for code, part in self.dev.items():
                right = [0, 0]
                for document in group(list(part), 10):
                    states, _, _ = self._states(
                        network, [self._text(document, trees=True, names=False)], hide=False
                    )
                    told = [self.labels.morphs[n] for n in network.morphs(states[0]).argmax(1).tolist()]
                    for word, (pos, feats) in zip((w for s in document for w in s.words), told, strict=True):
                        right[0] += pos == word.pos
                        right[1] += feats == word.feats
                words = sum(len(sentence.words) for sentence in part)
                found[f"{code} classes"] = round(100 * right[0] / words, 2)
                found[f"{code} features"] = round(100 * right[1] / words, 2)
            for code, part in self.named_dev.items():
                hits = told_or_true = 0
                for document in group(list(part), 10):
                    states, _, _ = self._states(
                        network, [self._text(document, trees=False, names=True)], hide=False
                    )
                    path = best_path(network.entities(states[0]).numpy(), moves)
                    told_spans = set(spans([self.labels.entities[n] for n in path]))
                    true_spans = set(spans([word.ent for s in document for word in s.words]))
                    hits += len(told_spans & true_spans)
                    told_or_true += len(told_spans) + len(true_spans)
                found[f"{code} names"] = round(200 * hits / max(told_or_true, 1), 2)
        return found

    def write(self, folder: Path) -> None:
        """Write the averaged weights as the files of the component."""
        write_tagger(self.mean, self.labels, self.markers, folder)


def write_tagger(
    network: TaggerNetwork, labels: TaggerLabels, markers: Mapping[str, Sequence[str]], folder: Path
) -> None:
    """Write a trained network as :class:`feedbackcheck.language.tagger.Tagger` reads it.

    Tables are int8 with a scale a row, the first dense layer float16, the graph's weights int8.
    """
    import numpy as np
    import onnx

    from feedbackcheck.training.language.tagger_network import graph
    from feedbackcheck.training.onnx_graph import quantise

    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    embed = network.encoder.embed
    arrays: dict[str, Any] = {}
    for (name, _, _), table in zip(TABLES, embed.tables, strict=True):
        weights = table.weight.detach().numpy()
        scale = (np.abs(weights).max(axis=1) / 127 + 1e-8).astype(np.float16)
        scale = np.maximum(scale, np.float16(1e-6))
        arrays[f"table_{name}"] = np.clip(
            np.rint(weights / scale[:, None].astype(np.float32)), -127, 127
        ).astype(np.int8)
        arrays[f"scale_{name}"] = scale
    arrays["dense_scale"] = embed.scale.detach().numpy()
    arrays["weight"] = embed.of_form.weight.detach().numpy().T.astype(np.float16)
    arrays["bias"] = embed.of_form.bias.detach().numpy()
    by_language, by_break = (
        embed.of_place.weight.detach().numpy().T.reshape(2, -1, embed.of_place.out_features)
    )
    arrays["languages"] = embed.language.weight.detach().numpy() @ by_language
    arrays["breaks"] = embed.breaks.weight.detach().numpy() @ by_break
    arrays["moves"] = network.moves.detach().numpy() + labels.moves()
    np.savez(folder / WEIGHTS, **arrays)
    onnx.save(graph(network), folder / NETWORK)
    quantise(folder / NETWORK)
    about = {"morphs": labels.morphs, "entities": labels.entities, "markers": markers}
    (folder / LABELS).write_text(json.dumps(about, ensure_ascii=False) + "\n", encoding="utf-8")
