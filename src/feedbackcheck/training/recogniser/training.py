"""Training of the recurrent recogniser, and what it says of labelled messages."""

from __future__ import annotations

import copy
import json
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.tokens import N_SHAPES
from feedbackcheck.language.topics import N_MARKED
from feedbackcheck.signs.recogniser_input import CODES, N_ABOUT, N_FEATURES

from .datasets import Example, insert_snippet
from .features import Batch, Encoded, Lexicon, augment, collate, title_names

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .models import Recogniser


@dataclass(frozen=True)
class TrainingPlan:
    """Every knob of a run; the defaults are what ships."""

    epochs: int = 12
    more_epochs: int = 4
    batch_tokens: int = 2600
    learning_rate: float = 1.6e-3
    encoder_rate: float = 8e-4
    table_rate: float = 5e-4
    weight_decay: float = 0.02
    width: int = 192
    deep: bool = False
    out: int = 192
    context: int = 96
    dropout: float = 0.3
    word_dropout: float = 0.06
    smoothing: float = 0.01
    hide_stage: float = 0.25
    average: float = 0.99
    local_loss: float = 0.3
    rejection_loss: float = 0.6
    wide_weight: float = 0.4
    seed: int = 1
    pretrained: bool = True
    half: bool = True
    augmented: bool = True
    inserted: float = 0.5
    positive_power: float = 0.15


@dataclass(slots=True)
class Answers:
    """What a model says of examples: code logits per sentence, message outputs."""

    logits: list[NDArray[np.float32]]
    is_rejection: NDArray[np.float32]
    stage: NDArray[np.float32]
    quality: NDArray[np.float32]


def build(plan: TrainingPlan, lexicon: Lexicon, pretrained: Path | None) -> Recogniser:
    """A fresh model, its first layer from the pretrained language models if there are any."""
    import torch

    from .models import MessageLayer, Recogniser, SentenceEncoder, WordEncoder

    torch.manual_seed(plan.seed)
    if pretrained is not None:
        stored = torch.load(pretrained, map_location="cpu", weights_only=True)
        words = WordEncoder(
            len(stored["vocabulary"]),
            lexicon.dim,
            stored["plan"]["word_width"],
            stored["plan"]["width"],
            0.2,
            n_shapes=N_MARKED,
        )
        state = dict(stored["encoder"])
        # The language models know shapes only; every topic starts as its shape and learns what it adds.
        state["shapes.weight"] = state["shapes.weight"].repeat(N_MARKED // N_SHAPES, 1)
        if not plan.pretrained:  # for the comparison: same sizes, no language model
            state = {k: v for k, v in state.items() if k in ("mean", "scale")}
        words.load_state_dict(state, strict=plan.pretrained)
    else:
        words = WordEncoder(len(lexicon.vocabulary), lexicon.dim, 64, 192, 0.2, n_shapes=N_MARKED)
        words.set_vector_scale(lexicon.table())
    sentence = SentenceEncoder(words, len(CODES), plan.width, plan.out, plan.dropout, deep=plan.deep)
    message = MessageLayer(len(CODES), plan.out, N_FEATURES, N_ABOUT, plan.context, plan.dropout)
    return Recogniser(sentence, message)


def run(model: Recogniser, batch: Batch, table: Any, *, word_dropout: float = 0.0) -> tuple[Any, Any, Any]:
    """Sentence encoder in groups of like length, then the message layer: (logits, local, message outputs)."""
    import torch

    words, forms = batch.words, batch.forms
    if word_dropout:
        gone = (torch.rand(words.shape) < word_dropout) & batch.mask
        words = words.masked_fill(gone, 1)
    lengths = batch.mask.sum(1)
    order = torch.argsort(lengths)
    vectors_out, local_out = [], []
    for part in torch.tensor_split(order, max(1, min(6, len(order) // 24))):
        longest = int(lengths[part].max())
        vectors = table[forms[part, :longest]]
        if word_dropout:
            vectors = vectors * (torch.rand(vectors.shape[:2]) >= word_dropout / 2).unsqueeze(-1)
        encoded, local, _ = model.sentence(
            words[part, :longest], batch.shapes[part, :longest], vectors, batch.mask[part, :longest]
        )
        vectors_out.append(encoded.float())
        local_out.append(local.float())
    back = torch.argsort(order)
    encoded = torch.cat(vectors_out)[back]
    local = torch.cat(local_out)[back]
    shape = batch.features.shape[:2]
    grid = torch.zeros(*shape, encoded.shape[1])
    grid_local = torch.zeros(*shape, local.shape[1])
    grid = grid.index_put((batch.rows, batch.columns), encoded)
    grid_local = grid_local.index_put((batch.rows, batch.columns), local)
    logits, whole = model.message(grid, grid_local, batch.features, batch.about, batch.present)
    return logits.float(), grid_local, whole.float()


def loss_of(
    logits: Any, local: Any, whole: Any, batch: Batch, plan: TrainingPlan, positive: Any, teacher: Any = None
) -> Any:
    """Binary cross entropy over the labels that count, plus the heads on the whole message."""
    import torch
    from torch.nn import functional

    target = batch.labels * (1 - 2 * plan.smoothing) + plan.smoothing
    weight = batch.counted * batch.present.unsqueeze(-1) * batch.weight[:, None, None]
    pos = torch.where(batch.labels > 0.5, positive, torch.ones(()))
    main = functional.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight * pos
    side = functional.binary_cross_entropy_with_logits(local, target, reduction="none") * weight * pos
    scale = weight.sum() / len(CODES) + 1
    total = (main.sum() + plan.local_loss * side.sum()) / scale
    if teacher is not None:  # distillation: the ensemble's probabilities, for every label, optional ones too
        shown = batch.present.unsqueeze(-1).float()
        soft = functional.binary_cross_entropy_with_logits(logits, teacher, reduction="none") * shown
        total = 0.3 * total + 0.7 * soft.sum() / shown.sum()
    if bool(batch.whole.any()):
        kept = batch.whole
        rejection = functional.binary_cross_entropy_with_logits(whole[kept, 0], batch.is_rejection[kept])
        total = total + plan.rejection_loss * rejection
        real = kept & (batch.is_rejection > 0.5)
        if bool(real.any()):
            total = total + 0.05 * functional.cross_entropy(whole[real, 1:5], batch.stage[real])
        known = real & ~torch.isnan(batch.quality)
        if bool(known.any()):
            total = total + 0.1 * functional.mse_loss(torch.tanh(whole[known, 5]), batch.quality[known])
    return total


def batches(items: Sequence[Encoded], tokens: int, rng: random.Random) -> list[list[Encoded]]:
    """Random batches of about ``tokens`` tokens each."""
    order = list(items)
    rng.shuffle(order)
    out: list[list[Encoded]] = []
    now: list[Encoded] = []
    filled = 0
    for item in order:
        now.append(item)
        filled += sum(len(s[0]) for s in item.sentences)
        if filled >= tokens:
            out.append(now)
            now, filled = [], 0
    if now:
        out.append(now)
    return out


def varied(
    examples: Sequence[Example], names: Sequence[str], inserted: float, rng: random.Random
) -> list[Example]:
    """An epoch's examples: each varied, and in that share of the messages a snippet or two put in.

    A snippet that stands in a message is not seen on its own in the same epoch.
    """
    snippets = [e for e in examples if e.kind == "snippet"]
    rng.shuffle(snippets)
    by_lang = {lang: [s for s in snippets if s.message.lang == lang] for lang in ("nb", "nn")}
    out = []
    for example in examples:
        if example.kind == "snippet":
            continue
        changed = augment(example, rng, names)
        pool = by_lang[example.message.lang]
        while example.kind == "message" and pool and rng.random() < inserted:
            changed = insert_snippet(changed, pool.pop(), rng)
        out.append(changed)
    out += [augment(s, rng, ()) for pool in by_lang.values() for s in pool]
    return out


def positive_weights(examples: Sequence[Example], power: float) -> NDArray[np.float32]:
    """(negatives / positives) ** power a code: rare codes are heard a little more."""
    import numpy as np

    positives = np.full(len(CODES), 5.0)
    total = 0.0
    for example in examples:
        positives += example.weight * np.asarray(example.labels).sum(0)
        total += example.weight * len(example.labels)
    return np.asarray((total / positives) ** power, dtype=np.float32)


def train(
    examples: Sequence[Example],
    plan: TrainingPlan,
    vocabulary: Sequence[str],
    pretrained: Path | None,
    *,
    watch: Callable[[int, Recogniser, Lexicon], None] | None = None,
    teacher: Mapping[str, NDArray[np.float32]] | None = None,
    reader: Lexicon | None = None,
    fresh: Callable[[TrainingPlan], Recogniser] | None = None,
    go_on: Recogniser | None = None,
    log: Callable[[str], None] = lambda text: None,
) -> tuple[Recogniser, Lexicon]:
    """Train one model; what is returned carries the averaged weights.

    ``reader`` and ``fresh`` put another way of reading words, and another model, in place of the recurrent ones. ``go_on`` is a
    trained model to continue from (it is not changed).

    ``teacher`` maps example ids to code probabilities (sentences, codes) to distil from. ``watch`` is called after an
    epoch with the averaged model.
    """
    import numpy as np
    import torch

    rng = random.Random(plan.seed)
    np.random.seed(plan.seed)
    lexicon = reader or Lexicon(vocabulary)
    names = title_names(examples)
    plain = [lexicon.encode(e) for e in examples]
    model = build(plan, lexicon, pretrained) if fresh is None else fresh(plan)
    if go_on is not None:
        model.load_state_dict(go_on.state_dict())
    averaged = copy.deepcopy(model)
    positive = torch.from_numpy(positive_weights(examples, plan.positive_power))
    groups = model.groups(plan.learning_rate, plan.encoder_rate, plan.table_rate)
    optimiser = torch.optim.AdamW(groups, weight_decay=plan.weight_decay, betas=(0.9, 0.98))
    base = [g["lr"] for g in optimiser.param_groups]
    steps_an_epoch = len(batches(plain, plan.batch_tokens, random.Random(0)))
    total_steps = steps_an_epoch * plan.epochs
    step = 0
    for epoch in range(plan.epochs):
        began = time.monotonic()
        items = (
            [lexicon.encode(e) for e in varied(examples, names, plan.inserted, rng)]
            if plan.augmented
            else plain
        )
        table = torch.from_numpy(lexicon.table())
        model.train()
        running = 0.0
        parts = batches(items, plan.batch_tokens, rng)
        for part in parts:
            batch = collate(part, rng=rng, hide_stage=plan.hide_stage)
            rate = min(1.0, (step + 1) / 60) * (
                0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / total_steps)))
            )
            for group, lr in zip(optimiser.param_groups, base, strict=True):
                group["lr"] = lr * rate
            with torch.autocast("cpu", torch.bfloat16, enabled=plan.half):
                logits, local, whole = run(model, batch, table, word_dropout=plan.word_dropout)
            soft = None
            if teacher is not None:
                soft = torch.zeros_like(batch.labels)
                for i, item in enumerate(part):
                    known = teacher[item.example.id]
                    soft[i, : len(known)] = torch.from_numpy(known)
            loss = loss_of(logits, local, whole, batch, plan, positive, soft)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            running += float(loss.detach())
            step += 1
            decay = min(plan.average, (step + 1) / (step + 15))
            with torch.no_grad():
                for mine, theirs in zip(averaged.parameters(), model.parameters(), strict=True):
                    mine.lerp_(theirs, 1 - decay)
        averaged.eval()
        log(f"epoch {epoch + 1}: loss {running / len(parts):.4f}, {time.monotonic() - began:.0f} s")
        if watch is not None:
            watch(epoch + 1, averaged, lexicon)
    averaged.eval()
    return averaged, lexicon


def answer(
    model: Recogniser, lexicon: Lexicon, examples: Sequence[Example], *, hide_stage: bool = False
) -> Answers:
    """Run a trained model over examples."""
    import numpy as np
    import torch

    items = [lexicon.encode(e) for e in examples]
    table = torch.from_numpy(lexicon.table())
    logits: list[NDArray[np.float32]] = []
    whole: list[NDArray[np.float32]] = []
    model.eval()
    with torch.no_grad():
        for at in range(0, len(items), 24):
            part = items[at : at + 24]
            batch = collate(part, rng=random.Random(0) if hide_stage else None, hide_stage=1.0)
            scores, _, message = run(model, batch, table)
            for i, item in enumerate(part):
                logits.append(scores[i, : len(item.sentences)].numpy())
            whole.append(message.numpy())
    flat = np.concatenate(whole)
    return Answers(logits, flat[:, 0], flat[:, 1:5], 3 + 2 * np.tanh(flat[:, 5]))


def save_answers(path: Path, examples: Sequence[Example], answers: Answers) -> None:
    """Keep answers for later (thresholds, combination, comparison)."""
    with path.open("w", encoding="utf-8") as stream:
        for i, example in enumerate(examples):
            stream.write(
                json.dumps(
                    {
                        "id": example.id,
                        "logits": [[round(float(x), 4) for x in row] for row in answers.logits[i]],
                        "is_rejection": float(answers.is_rejection[i]),
                        "stage": [float(x) for x in answers.stage[i]],
                        "quality": float(answers.quality[i]),
                    }
                )
                + "\n"
            )
