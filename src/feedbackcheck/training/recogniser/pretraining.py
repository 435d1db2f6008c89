"""Cheap self-supervised start for the sentence encoder: two language models, one from each side.

A forward LSTM learns to foretell the next word, a backward LSTM the one before, over running Norwegian text, with
a sampled softmax. The recogniser's first layer starts from their weights: word order and government are then known
before the first labelled sentence is seen. Half an hour on one core is enough to pay; the run stops by the clock.

Text that looks like letters counts most: lines are ranked by how much likelier their words are in the corpora than
in the running text, and the best are taken.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.tokens import MARKS, tokenize
from feedbackcheck.training.language.vectors import iter_paragraphs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SENTENCE_END = re.compile(r"(?<=[.!?…])[»”\"')]*\s+(?=[A-ZÆØÅ«–(])")

PAD, UNKNOWN, BEGIN, END = 0, 1, 2, 3
SPECIALS = ("<pad>", "<unk>", "<s>", "</s>")


@dataclass(frozen=True)
class PretrainingPlan:
    """What is trained, and for how long.

    ``tokens`` bounds the running text taken, ``seconds`` the wall clock, ``words`` the vocabulary.
    """

    words: int = 20_000
    tokens: int = 9_000_000
    seconds: float = 1080.0
    width: int = 192
    word_width: int = 64
    projected: int = 128
    negatives: int = 1024
    batch_tokens: int = 3072
    learning_rate: float = 3e-3
    seed: int = 11


def build_vocabulary(domain: Counter[str], running: Counter[str], size: int) -> list[str]:
    """Specials, marks, every word the corpora have twice, then the running text's most frequent, ``size`` in all."""
    words = [*SPECIALS, *MARKS]
    seen = set(words)
    for word, count in domain.most_common():
        if count >= 2 and word not in seen:
            seen.add(word)
            words.append(word)
    for word, _ in running.most_common():
        if len(words) >= size:
            break
        if word not in seen:
            seen.add(word)
            words.append(word)
    return words[:size]


def rank_lines(lines: Iterable[str], domain: Counter[str], running: Counter[str]) -> list[tuple[float, str]]:
    """Score each line by the mean log ratio of its words' frequency in the corpora to that in the running text."""
    n_domain, n_running = sum(domain.values()), sum(running.values())
    ratio: dict[str, float] = {}
    for word, count in domain.items():
        if count >= 3:
            ratio[word] = math.log((count + 1) / n_domain) - math.log((running[word] + 20) / n_running)
    scored = []
    for line in lines:
        words = line.lower().split()
        if len(words) < 4:
            continue
        score = sum(max(-2.0, min(3.0, ratio.get(w.strip(".,:;!?«»()"), -0.6))) for w in words) / len(words)
        scored.append((score, line))
    scored.sort(key=lambda item: -item[0])
    return scored


def prepare(text: Path, corpus_texts: list[str], out: Path, plan: PretrainingPlan) -> dict[str, Any]:
    """Choose text, build the vocabulary, and write ``tokens.npz`` (ids, shapes, offsets) and ``vocab.json``."""
    import numpy as np

    domain: Counter[str] = Counter()
    for body in corpus_texts:
        for line in body.split("\n"):
            domain.update(t.norm for t in tokenize(line))
    running: Counter[str] = Counter()
    lines: list[str] = []
    for line in iter_paragraphs(text):
        line = line.strip()
        if len(line) > 15:
            lines.append(line)
            running.update(w.strip(".,:;!?«»()") for w in line.lower().split())
    vocabulary = build_vocabulary(domain, running, plan.words)
    index = {w: i for i, w in enumerate(vocabulary)}
    ids: list[int] = []
    shapes: list[int] = []
    starts = [0]
    chosen: list[str] = [line for body in corpus_texts for line in body.split("\n") if line.strip()] * 2
    budget = plan.tokens
    for _, line in rank_lines(lines, domain, running):
        chosen.append(line)
        budget -= line.count(" ") + 1
        if budget <= 0:
            break
    forms: dict[str, int] = {}
    form_ids: list[int] = []
    for line in chosen:
        for sentence in _SENTENCE_END.split(line):
            tokens = tokenize(sentence, 60)
            if len(tokens) < 3:
                continue
            for token in tokens:
                ids.append(index.get(token.norm, UNKNOWN))
                shapes.append(token.shape)
                form_ids.append(forms.setdefault(token.norm, len(forms)))
            starts.append(len(ids))
    out.mkdir(parents=True, exist_ok=True)
    np.savez(
        out / "tokens.npz",
        ids=np.asarray(ids, dtype=np.int32),
        shapes=np.asarray(shapes, dtype=np.int8),
        forms=np.asarray(form_ids, dtype=np.int32),
        starts=np.asarray(starts, dtype=np.int64),
    )
    (out / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (out / "forms.json").write_text(json.dumps(list(forms), ensure_ascii=False), encoding="utf-8")
    return {"tokens": len(ids), "sentences": len(starts) - 1, "forms": len(forms), "words": len(vocabulary)}


def form_vectors(forms: list[str]) -> NDArray[np.float32]:
    """Floret vectors of word forms, standardised, shape (len(forms), dim)."""
    import numpy as np

    from feedbackcheck.language.vectors import load_vectors

    table = load_vectors()
    out = np.zeros((len(forms), table.dim), dtype=np.float32)
    for i, form in enumerate(forms):
        out[i] = table.vector(form)
    return out


def pretrain(
    folder: Path,
    plan: PretrainingPlan,
    *,
    vectors: NDArray[np.float32],
    log: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Train on what :func:`prepare` wrote until the clock stops; save ``encoder.pt`` there.

    ``vectors`` has shape (number of forms, dim). Returns the figures: loss and accuracy on held-out sentences.
    """
    import numpy as np
    import torch
    from torch.nn import functional

    from feedbackcheck.training.recogniser.models import WordEncoder

    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    stored = np.load(folder / "tokens.npz")
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    ids, shapes, forms, starts = (stored[k] for k in ("ids", "shapes", "forms", "starts"))
    lengths = np.diff(starts)
    encoder = WordEncoder(len(vocabulary), vectors.shape[1], plan.word_width, plan.width)
    encoder.set_vector_scale(vectors)
    head = torch.nn.ModuleList([torch.nn.Linear(plan.width, plan.projected) for _ in range(2)])
    output = torch.nn.Embedding(len(vocabulary), plan.projected)
    torch.nn.init.normal_(output.weight, std=0.05)
    bias = torch.nn.Parameter(torch.zeros(len(vocabulary)))
    counts = np.bincount(ids, minlength=len(vocabulary)).astype(np.float64)
    counts[[PAD, UNKNOWN, BEGIN]] = 0
    counts[END] = len(starts)
    # Negatives are drawn by frequency^0.75; the logits are corrected for it, so the loss estimates the full softmax.
    chance = counts**0.75
    chance /= chance.sum()
    log_chance = torch.from_numpy(np.log(np.maximum(chance * plan.negatives, 1e-9))).float()
    table = torch.from_numpy(vectors)
    parameters = [*encoder.parameters(), *head.parameters(), *output.parameters(), bias]
    optimiser = torch.optim.AdamW(parameters, lr=plan.learning_rate, weight_decay=0.01, betas=(0.9, 0.99))

    def batch(rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        longest = int(lengths[rows].max())
        b_ids = np.zeros((len(rows), longest), dtype=np.int64)
        b_shapes = np.zeros_like(b_ids)
        b_forms = np.zeros_like(b_ids)
        for i, row in enumerate(rows):
            span = slice(starts[row], starts[row + 1])
            n = int(lengths[row])
            b_ids[i, :n], b_shapes[i, :n], b_forms[i, :n] = ids[span], shapes[span], forms[span]
        mask = torch.from_numpy(np.arange(longest)[None, :] < lengths[rows][:, None])
        return torch.from_numpy(b_ids), torch.from_numpy(b_shapes), table[torch.from_numpy(b_forms)], mask

    def loss_of(rows: NDArray[np.int64]) -> tuple[torch.Tensor, float]:
        words, b_shapes, b_vectors, mask = batch(rows)
        dropped = words
        if encoder.training:  # the word table must not be relied on alone
            dropped = words.masked_fill(torch.rand(words.shape) < 0.1, UNKNOWN)
        with torch.autocast("cpu", torch.bfloat16):  # twice as fast where the processor knows bfloat16
            forward, backward = encoder.directions(dropped, b_shapes, b_vectors, mask)
        after = torch.cat([words[:, 1:], torch.full((len(rows), 1), PAD)], 1)
        after[torch.arange(len(rows)), mask.sum(1) - 1] = END
        before = torch.cat([torch.full((len(rows), 1), END), words[:, :-1]], 1)
        sampled = torch.from_numpy(rng.choice(len(vocabulary), plan.negatives, p=chance))
        total = torch.zeros(())
        right = 0.0
        for states, target, project in ((forward, after, head[0]), (backward, before, head[1])):
            keep = mask & (target > UNKNOWN)
            h = project(states[keep].float())
            goal = target[keep]
            # The sampling correction rides along as one more column of the product; accidental hits are left in,
            # they are few and all words alike.
            wide = torch.cat([h, torch.ones(len(h), 1)], 1)
            columns = torch.cat([output(sampled), (bias[sampled] - log_chance[sampled]).unsqueeze(1)], 1)
            with torch.autocast("cpu", torch.bfloat16):
                negative = (wide @ columns.t()).float()
            positive = (h * output(goal)).sum(1) + bias[goal] - log_chance[goal]
            logits = torch.cat([positive[:, None], negative], 1)
            total = total + functional.cross_entropy(logits, torch.zeros(len(goal), dtype=torch.long))
            right += float((logits.argmax(1) == 0).float().mean()) / 2
        return total / 2, right

    order = rng.permutation(len(lengths))
    held, train_rows = order[:600], order[600:]

    def batches() -> Iterator[NDArray[np.int64]]:
        while True:
            shuffled = rng.permutation(train_rows)
            for pool in np.array_split(shuffled, max(1, len(shuffled) // 20_000)):
                pool = pool[np.argsort(lengths[pool], kind="stable")]
                cuts, begin, filled = [], 0, 0
                for i, row in enumerate(pool):
                    filled += int(lengths[row])
                    if filled >= plan.batch_tokens:
                        cuts.append(pool[begin : i + 1])
                        begin, filled = i + 1, 0
                for i in rng.permutation(len(cuts)):
                    yield cuts[i]

    def evaluate() -> tuple[float, float]:
        encoder.eval()
        with torch.no_grad():
            figures = [loss_of(part) for part in np.array_split(held, 6)]
        encoder.train()
        return float(np.mean([float(f[0]) for f in figures])), float(np.mean([f[1] for f in figures]))

    def save(figures: dict[str, Any]) -> None:
        torch.save(
            {
                "encoder": encoder.state_dict(),
                "vocabulary": vocabulary,
                "plan": asdict(plan),
                "figures": figures,
            },
            folder / "encoder.pt",
        )

    began = time.monotonic()
    seen, step, told = 0, 0, began
    figures: dict[str, Any] = {}
    encoder.train()
    for rows in batches():
        done = (time.monotonic() - began) / plan.seconds
        if done >= 1:
            break
        rate = plan.learning_rate * min(1.0, (step + 1) / 200) * (0.03 + 0.97 * (1 - done))
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss, _ = loss_of(rows)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        step += 1
        seen += int(lengths[rows].sum())
        if time.monotonic() - told > 120:
            told = time.monotonic()
            loss_held, accuracy = evaluate()
            figures = {"step": step, "tokens": seen, "loss": loss_held, "accuracy": accuracy}
            log(f"{json.dumps(figures)} {seen / (told - began):.0f} tokens/s")
            save(figures)
    loss_held, accuracy = evaluate()
    figures = {
        "step": step,
        "tokens": seen,
        "loss": loss_held,
        "accuracy": accuracy,
        "seconds": time.monotonic() - began,
    }
    save(figures)
    return figures


def pretrain_from(
    text: Path, corpora: Path, work: Path, *, minutes: float, log: Callable[[str], None]
) -> None:
    """Prepare ``text`` and pretrain in ``work``, with the training corpora's own messages (never dev's) among the text."""
    from .datasets import load_training

    plan = PretrainingPlan(seconds=60 * minutes)
    log(json.dumps(prepare(text, [e.message.text for e in load_training(corpora)], work, plan)))
    forms = json.loads((work / "forms.json").read_text(encoding="utf-8"))
    log(json.dumps(pretrain(work, plan, vectors=form_vectors(forms), log=log)))
