"""The sequence tagger's beginning: two language models over running text, one from each side.

A forward LSTM foretells the next word, a backward one the word before, with a sampled softmax; their layers and the words'
vectors are what :class:`.tagger.TaggerTrainer` starts from. Stops by the clock.
"""

from __future__ import annotations

import random
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.tagger_features import TextLanguage, dense, hashed
from feedbackcheck.training.language.train import marker_words
from feedbackcheck.training.language.treebank import Sentence, group

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

_UNKNOWN, _END = 0, 1
_NYNORSK = 2
_LONGEST = 150
_SHORTEST = 4


@dataclass(frozen=True)
class PretrainingSettings:
    """What is trained; ``seconds`` is the wall clock, ``words`` the number of words that are foretold."""

    seconds: float = 1560
    words: int = 30_000
    projected: int = 128
    negatives: int = 1024
    batch_words: int = 4096
    learn_rate: float = 3e-3
    unknown: float = 0.1
    seed: int = 5
    threads: int | None = None


@dataclass(slots=True)
class RunningText:
    """Running text in numbers.

    ``forms`` are rows of the form tables, all texts one after another; text ``n`` is ``forms[starts[n]:starts[n + 1]]``.
    """

    forms: NDArray[np.int32]
    starts: NDArray[np.int64]
    languages: NDArray[np.int8]
    targets: NDArray[np.int32]
    hashed: NDArray[np.int32]
    dense: NDArray[np.float16]
    vocabulary: int


def read_text(
    lines: Iterable[str],
    tokenize: Callable[[str], Sequence[str]],
    corpus: Mapping[str, Sequence[Sentence]],
    settings: PretrainingSettings,
) -> RunningText:
    """Cut ``lines`` into words; lines of the smaller language, nynorsk, count twice, and the trees' sentences are read too."""
    import numpy as np

    language = TextLanguage(marker_words(corpus))
    known: dict[str, int] = {}
    forms, starts, languages = array("i"), [0], []

    def add(words: Sequence[str]) -> None:
        told = language(words)
        for start in range(0, len(words), _LONGEST):
            part = words[start : start + _LONGEST]
            if len(part) >= _SHORTEST:
                forms.extend(known.setdefault(word, len(known)) for word in part)
                starts.append(len(forms))
                languages.append(told)

    shuffled = [line.strip() for line in lines]
    random.Random(settings.seed).shuffle(shuffled)
    for line in shuffled:
        if len(line) >= 15:
            words = tokenize(line[:20_000])
            for _ in range(2 if language(words) == _NYNORSK else 1):
                add(words)
    for part in corpus.values():
        for document in group(list(part), 4):
            add([word.form for sentence in document for word in sentence.words])
    rows = np.frombuffer(forms, dtype=np.int32)
    counts: Counter[str] = Counter()
    for form, count in zip(known, np.bincount(rows, minlength=len(known)).tolist(), strict=True):
        counts[form.lower()] += count
    frequent = {word: n + 2 for n, (word, _) in enumerate(counts.most_common(settings.words))}
    all_forms = list(known)
    step = 20_000
    return RunningText(
        rows,
        np.asarray(starts),
        np.asarray(languages, dtype=np.int8),
        np.asarray([frequent.get(form.lower(), _UNKNOWN) for form in all_forms], dtype=np.int32),
        np.asarray([hashed(form) for form in all_forms], dtype=np.int32),
        np.concatenate(
            [
                dense(all_forms[start : start + step]).astype(np.float16)
                for start in range(0, len(all_forms), step)
            ]
        ),
        len(frequent) + 2,
    )


class _Foretelling:
    """The encoder with the two heads that foretell words."""

    def __init__(self, text: RunningText, settings: PretrainingSettings) -> None:
        import numpy as np
        import torch
        from torch import nn

        from feedbackcheck.training.language.tagger_network import FIRST, Encoder

        self.text, self.settings = text, settings
        self.encoder = Encoder(text.dense.shape[1])
        self.encoder.embed.standardise(text.dense[:20_000].astype(np.float32))
        self.heads = nn.ModuleList([nn.Linear(FIRST, settings.projected) for _ in range(2)])
        self.output = nn.Embedding(text.vocabulary, settings.projected)
        nn.init.normal_(self.output.weight, std=0.05)
        self.bias = nn.Parameter(torch.zeros(text.vocabulary))
        counts = np.bincount(text.targets[text.forms], minlength=text.vocabulary).astype(float)
        counts[_UNKNOWN], counts[_END] = 0, len(text.starts)
        # Negatives are drawn by frequency^0.75; the logits are corrected for it, so the loss estimates the full softmax.
        chance = counts**0.75 / (counts**0.75).sum()
        self.chance = torch.from_numpy(chance)
        self.log_chance = torch.from_numpy(np.log(np.maximum(chance * settings.negatives, 1e-9))).float()
        self.hashed = torch.from_numpy(text.hashed.astype(np.int64))
        self.dense = torch.from_numpy(text.dense)
        self.targets = torch.from_numpy(text.targets.astype(np.int64))
        self.lengths = np.diff(text.starts)

    def parameters(self) -> list[torch.nn.Parameter]:
        return [
            *(p for p in self.encoder.pretrained_parameters() if p.requires_grad),
            *self.heads.parameters(),
            *self.output.parameters(),
            self.bias,
        ]

    def loss(self, rows: NDArray[np.int64], *, hide: bool) -> torch.Tensor:
        import numpy as np
        import torch
        from torch.nn import functional

        text, lengths = self.text, self.lengths[rows]
        longest = int(lengths.max())
        forms_ = np.zeros((len(rows), longest), np.int64)
        for n, row in enumerate(rows):
            forms_[n, : lengths[n]] = text.forms[text.starts[row] : text.starts[row + 1]]
        forms, sizes = torch.from_numpy(forms_), torch.from_numpy(lengths)
        mask = torch.arange(longest)[None] < sizes[:, None]
        languages = torch.from_numpy(text.languages[rows].astype(np.int64))
        unknown = torch.rand(forms.shape) < self.settings.unknown if hide else None
        with torch.autocast("cpu", torch.bfloat16):  # twice as fast where the processor knows bfloat16
            words = self.encoder.embed(
                self.hashed[forms],
                self.dense[forms].float(),
                languages[:, None].expand_as(forms),
                torch.zeros_like(forms),
                unknown,
            )
            ahead, back = self.encoder.directions(words, sizes)
        goals = self.targets[forms]
        after = torch.cat([goals[:, 1:], goals.new_zeros(len(rows), 1)], 1)
        after[torch.arange(len(rows)), sizes - 1] = _END
        before = torch.cat([goals.new_full((len(rows), 1), _END), goals[:, :-1]], 1)
        sampled = torch.multinomial(self.chance, self.settings.negatives, replacement=True)
        # The sampling correction rides along as one more column of the product.
        columns = torch.cat(
            [self.output(sampled), (self.bias[sampled] - self.log_chance[sampled])[:, None]], 1
        )
        total = torch.zeros(())
        for states, goal, head in ((ahead, after, self.heads[0]), (back, before, self.heads[1])):
            keep = mask & (goal > _UNKNOWN)
            seen, wanted = head(states[keep].float()), goal[keep]
            with torch.autocast("cpu", torch.bfloat16):
                negative = (torch.cat([seen, torch.ones(len(seen), 1)], 1) @ columns.t()).float()
            positive = (seen * self.output(wanted)).sum(1) + self.bias[wanted] - self.log_chance[wanted]
            logits = torch.cat([positive[:, None], negative], 1)
            total = total + functional.cross_entropy(logits, torch.zeros(len(wanted), dtype=torch.long))
        return total / 2


def _batches(
    rows: NDArray[np.int64], lengths: NDArray[np.int64], size: int, rng: Any
) -> Iterator[NDArray[np.int64]]:
    import numpy as np

    while True:
        shuffled = rng.permutation(rows)
        for pool_ in np.array_split(shuffled, max(1, len(shuffled) // 10_000)):
            pool = pool_[np.argsort(lengths[pool_], kind="stable")]
            cuts = np.searchsorted(np.cumsum(lengths[pool]), np.arange(size, lengths[pool].sum(), size))
            parts = [part for part in np.split(pool, cuts) if len(part)]
            for n in rng.permutation(len(parts)):
                yield parts[n]


def pretrain(
    text: RunningText, out: Path, settings: PretrainingSettings, *, log: Callable[[str], None] = print
) -> dict[str, float]:
    """Train until the clock stops, save the encoder to ``out``; return words seen and the loss on held-out texts."""
    import numpy as np
    import torch

    torch.manual_seed(settings.seed)
    if settings.threads:
        torch.set_num_threads(settings.threads)
    rng = np.random.default_rng(settings.seed)
    model = _Foretelling(text, settings)
    parameters = model.parameters()
    optimiser = torch.optim.AdamW(parameters, lr=settings.learn_rate, weight_decay=0.01, betas=(0.9, 0.99))
    order = rng.permutation(len(model.lengths))
    aside = min(400, len(order) // 10 + 1)
    held, rows = order[:aside], order[aside:]
    began = told = time.monotonic()
    seen = 0
    for step, batch in enumerate(_batches(rows, model.lengths, settings.batch_words, rng)):
        done = (time.monotonic() - began) / settings.seconds
        if done >= 1:
            break
        rate = settings.learn_rate * min(1.0, (step + 1) / 200) * (0.03 + 0.97 * (1 - done))
        for part in optimiser.param_groups:
            part["lr"] = rate
        loss = model.loss(batch, hide=True)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        seen += int(model.lengths[batch].sum())
        if time.monotonic() - told > 120:
            told = time.monotonic()
            log(
                f"pretraining: {told - began:.0f} s, {seen / 1e6:.1f} million words, loss {float(loss.detach()):.3f}"
            )
    with torch.no_grad():
        loss_held = float(
            np.mean([float(model.loss(part, hide=False)) for part in np.array_split(held, 8) if len(part)])
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(model.encoder.state_dict(), out)
    return {"words": seen, "loss": loss_held, "seconds": time.monotonic() - began}
