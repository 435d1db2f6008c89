"""Examples to tensors: words, shapes, vectors, layout, context, targets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.tokens import MARK, TITLE, tokenize
from feedbackcheck.language.topics import marked
from feedbackcheck.signs.recogniser_input import CODES, MAX_TOKENS, STAGES, about, sentence_features

from .datasets import Example, swap_names

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor


@dataclass(slots=True)
class Encoded:
    """An example as numbers: per sentence a list of (word, shape, form), features, targets."""

    example: Example
    sentences: list[tuple[list[int], list[int], list[int]]]
    features: list[list[float]]


class Lexicon:
    """Words to numbers, and forms to vectors: every form is looked up once."""

    def __init__(self, vocabulary: Sequence[str], dim: int = 128) -> None:
        self.vocabulary = list(vocabulary)
        self.index = {w: i for i, w in enumerate(self.vocabulary)}
        self.dim = dim
        self._forms: dict[str, int] = {}
        self._rows: list[NDArray[np.float32]] = []
        self._table: NDArray[np.float32] | None = None

    def form(self, norm: str, shape: int) -> int:
        """Row of a word form in :meth:`table`; marks have a zero vector."""
        import numpy as np

        from feedbackcheck.language.vectors import load_vectors

        key = "" if shape == MARK else norm
        row = self._forms.get(key)
        if row is None:
            row = self._forms[key] = len(self._rows)
            self._rows.append(load_vectors().vector(key) if key else np.zeros(self.dim, dtype=np.float32))
            self._table = None
        return row

    def table(self) -> NDArray[np.float32]:
        """Vectors by form row."""
        import numpy as np

        if self._table is None:
            self._table = np.stack(self._rows)
        return self._table

    def encode(self, example: Example) -> Encoded:
        """Look every word of an example up."""
        rows = []
        for text in example.message.sentences():
            words, shapes, forms = [], [], []
            for token in tokenize(text, MAX_TOKENS):
                words.append(self.index.get(token.norm, 1))
                shapes.append(marked(token))
                forms.append(self.form(token.norm, token.shape))
            if not words:
                words, shapes, forms = [1], [0], [self.form("", MARK)]
            rows.append((words, shapes, forms))
        return Encoded(example, rows, sentence_features(example.message))


class PieceReader(Lexicon):
    """Reads sentences with a transformers tokeniser: piece ids in place of words, no vectors."""

    def __init__(self, tokenizer: Any, *, limit: int = 128) -> None:
        super().__init__([], dim=1)
        self.tokenizer = tokenizer
        self.limit = limit
        self.form("", MARK)

    def encode(self, example: Example) -> Encoded:
        """Cut every sentence of an example into pieces."""
        found = self.tokenizer(example.message.sentences(), truncation=True, max_length=self.limit)[
            "input_ids"
        ]
        rows = [(list(ids), [0] * len(ids), [0] * len(ids)) for ids in found]
        return Encoded(example, rows, sentence_features(example.message))


def augment(example: Example, rng: random.Random, first_names: Sequence[str]) -> Example:
    """A variant of an example: another name, no capitals, typing errors, no context, no stops.

    Sentences keep their labels; what changes is only what must not matter.
    """
    message = example.message
    if first_names and rng.random() < 0.5:
        example = swap_names(example, first_names, rng)
        message = example.message
    if (
        rng.random() < 0.3
        and message.context
        and not any(row[CODES.index("FLT002")] for row in example.labels)
    ):
        keep = {k: v for k, v in message.context.items() if rng.random() < 0.4}
        message = replace(message, context=keep)
    if rng.random() < 0.06:
        lowered = message.text.lower()
        if len(lowered) == len(message.text):
            message = replace(message, text=lowered)
    if rng.random() < 0.12:
        message = replace(message, text=_typos(message.text, rng))
    return replace(example, message=message)


def _typos(text: str, rng: random.Random) -> str:
    """Swap or repeat a few letters, length kept."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 120)):
        at = rng.randrange(1, max(2, len(letters) - 1))
        if at + 1 < len(letters) and letters[at].isalpha() and letters[at + 1].isalpha():
            letters[at], letters[at + 1] = letters[at + 1].lower(), letters[at].lower()
    return "".join(letters)


@dataclass(slots=True)
class Batch:
    """Tensors of some messages; sentences flat, with their place in ``rows``/``columns``."""

    words: Tensor
    shapes: Tensor
    forms: Tensor
    mask: Tensor
    rows: Tensor
    columns: Tensor
    features: Tensor
    about: Tensor
    present: Tensor
    labels: Tensor
    counted: Tensor
    weight: Tensor
    is_rejection: Tensor
    stage: Tensor
    quality: Tensor
    whole: Tensor


def collate(items: Sequence[Encoded], *, rng: random.Random | None = None, hide_stage: float = 0.0) -> Batch:
    """Put encoded examples into one batch; with ``rng`` the stage is hidden in that share of them."""
    import numpy as np
    import torch

    flat = [(m, s, sent) for m, item in enumerate(items) for s, sent in enumerate(item.sentences)]
    longest = max(len(sent[0]) for _, _, sent in flat)
    words = np.zeros((len(flat), longest), dtype=np.int64)
    shapes, forms = np.zeros_like(words), np.zeros_like(words)
    mask = np.zeros((len(flat), longest), dtype=bool)
    for i, (_, _, (w, sh, f)) in enumerate(flat):
        words[i, : len(w)], shapes[i, : len(w)], forms[i, : len(w)] = w, sh, f
        mask[i, : len(w)] = True
    most = max(len(item.sentences) for item in items)
    n_codes = len(CODES)
    n_features = len(items[0].features[0])
    features = np.zeros((len(items), most, n_features), dtype=np.float32)
    present = np.zeros((len(items), most), dtype=bool)
    labels = np.zeros((len(items), most, n_codes), dtype=np.float32)
    counted = np.zeros_like(labels)
    for m, item in enumerate(items):
        n = len(item.sentences)
        features[m, :n] = item.features
        present[m, :n] = True
        labels[m, :n] = item.example.labels
        counted[m, :n] = item.example.counted
    hidden = [rng is not None and rng.random() < hide_stage for _ in items]
    known_quality = [item.example.quality for item in items]
    return Batch(
        words=torch.from_numpy(words),
        shapes=torch.from_numpy(shapes),
        forms=torch.from_numpy(forms),
        mask=torch.from_numpy(mask),
        rows=torch.tensor([m for m, _, _ in flat]),
        columns=torch.tensor([s for _, s, _ in flat]),
        features=torch.from_numpy(features),
        about=torch.tensor(
            [about(i.example.message, hide_stage=h) for i, h in zip(items, hidden, strict=True)]
        ),
        present=torch.from_numpy(present),
        labels=torch.from_numpy(labels),
        counted=torch.from_numpy(counted),
        weight=torch.tensor([i.example.weight for i in items], dtype=torch.float32),
        is_rejection=torch.tensor([float(i.example.is_rejection) for i in items]),
        stage=torch.tensor([STAGES.index(i.example.stage) for i in items]),
        quality=torch.tensor([float("nan") if q is None else (q - 3) / 2 for q in known_quality]),
        whole=torch.tensor([i.example.kind != "snippet" for i in items]),
    )


def title_names(examples: Sequence[Example]) -> list[str]:
    """First names that the corpora's own contexts and greetings show, for swapping."""
    names: set[str] = set()
    for example in examples:
        full = str(example.message.context.get("candidate_name") or "").split()
        if full and tokenize(full[0]) and tokenize(full[0])[0].shape == TITLE:
            names.add(full[0])
    return sorted(names)
