"""The networks: words → sentence → message, in torch.

``WordEncoder`` reads a sentence's words (frozen floret vectors, a trainable table for frequent words, the way the
word is written) with one LSTM from each side. ``SentenceEncoder`` pools its states once for every code (label-wise
attention, so that the words that carried a code can be shown). ``MessageLayer`` reads the sentences in order.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from feedbackcheck.language.tokens import N_SHAPES


def mirrored(mask: Tensor) -> Tensor:
    """For each row of ``mask`` the places in reverse order within its length, padding left where it is."""
    lengths = mask.long().sum(1, keepdim=True)
    places = torch.arange(mask.shape[1], device=mask.device).unsqueeze(0)
    return torch.where(places < lengths, lengths - 1 - places, places)


class BothWays(nn.Module):
    """One LSTM from each side of rows padded on the right.

    The backward one starts at a row's own end, not at the padding, so a row gives the same states in any batch.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.forwards = nn.LSTM(inputs, width, batch_first=True)
        self.backwards = nn.LSTM(inputs, width, batch_first=True)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """States from the left and from the right, each (rows, length, width)."""
        ahead, _ = self.forwards(x)
        index = mirrored(mask).unsqueeze(-1)
        back, _ = self.backwards(torch.gather(x, 1, index.expand(-1, -1, x.shape[2])))
        return ahead, torch.gather(back, 1, index.expand(-1, -1, back.shape[2]))


class WordEncoder(nn.Module):
    """Words to states.

    Inputs: ``words`` and ``shapes`` int64 (batch, length), ``vectors`` float32 (batch, length, dim), ``mask`` bool
    (batch, length). Rows are padded on the right.
    """

    def __init__(
        self,
        n_words: int,
        dim: int,
        word_width: int = 64,
        width: int = 256,
        dropout: float = 0.1,
        *,
        n_shapes: int = N_SHAPES,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(n_words, word_width, padding_idx=0)
        nn.init.normal_(self.words.weight, std=0.1)
        self.shapes = nn.Embedding(n_shapes, 8)
        self.vectors = nn.Linear(dim, 128)
        self.norm = nn.LayerNorm(128 + word_width + 8)
        self.dropout = nn.Dropout(dropout)
        self.width = width
        self.both = BothWays(128 + word_width + 8, width)
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("scale", torch.ones(dim))

    def set_vector_scale(self, vectors: object) -> None:
        """Standardise the vectors from now on by the mean and spread of ``vectors``, shape (n, dim)."""
        values = torch.as_tensor(vectors, dtype=torch.float32)
        self.mean.copy_(values.mean(0))  # type: ignore[operator]
        self.scale.copy_(1.0 / (values.std(0) + 1e-6))  # type: ignore[operator]

    def embed(self, words: Tensor, shapes: Tensor, vectors: Tensor) -> Tensor:
        """Inputs of the LSTMs, shape (batch, length, 128 + word_width + 8)."""
        standard = (vectors - self.mean) * self.scale
        parts = torch.cat([self.vectors(standard), self.words(words), self.shapes(shapes)], -1)
        out: Tensor = self.dropout(self.norm(parts))
        return out

    def directions(
        self, words: Tensor, shapes: Tensor, vectors: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """States from the left and from the right, each (batch, length, width)."""
        ahead, back = self.both(self.embed(words, shapes, vectors), mask)
        return ahead, back


class SentenceEncoder(nn.Module):
    """A sentence to a vector, one score a code, and the weights of the words for each code.

    A layer over the two directions' states mixes them: a second pair of LSTMs if ``deep``, else a dense layer over each
    word and its neighbours. Each code looks at the words through its own attention; what it sees gives its local score.
    """

    def __init__(
        self,
        word_encoder: WordEncoder,
        n_codes: int,
        width: int = 192,
        out: int = 192,
        dropout: float = 0.3,
        *,
        deep: bool = False,
    ) -> None:
        super().__init__()
        self.word_encoder = word_encoder
        low = 2 * word_encoder.width
        self.second = BothWays(low, width // 2) if deep else None
        self.mix = None if deep else nn.Conv1d(low, width, 3, padding=1)
        high = low + width
        self.keys = nn.Linear(high, 96)
        self.queries = nn.Parameter(torch.randn(n_codes + 4, 96) * 0.1)
        self.scores = nn.Parameter(torch.randn(n_codes, high) * 0.02)
        self.bias = nn.Parameter(torch.full((n_codes,), -3.0))
        self.project = nn.Linear(high * 2 + n_codes, out)
        self.dropout = nn.Dropout(dropout)
        self.n_codes = n_codes
        self.out = out

    def forward(
        self, words: Tensor, shapes: Tensor, vectors: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return vectors (batch, out), local scores (batch, codes) and weights (batch, codes, length)."""
        forward, backward = self.word_encoder.directions(words, shapes, vectors, mask)
        return self.pool(torch.cat([forward, backward], -1), mask)

    def pool(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The same from the words' states, (batch, length, 2 * width of the word encoder)."""
        low = self.dropout(states) * mask.unsqueeze(-1)
        if self.second is not None:
            second = torch.cat(self.second(low, mask), -1)
        else:
            assert self.mix is not None
            second = torch.relu(self.mix(low.transpose(1, 2)).transpose(1, 2))
        states = torch.cat([low, self.dropout(second)], -1)
        logits = self.queries @ torch.tanh(self.keys(states)).transpose(1, 2)
        logits = logits.masked_fill(~mask.unsqueeze(1), -1e4)
        weights = torch.softmax(logits, -1)
        seen = weights @ states
        own = seen[:, : self.n_codes]
        local = (own * self.scores).sum(-1) + self.bias
        top = states.masked_fill(~mask.unsqueeze(-1), -1e4).amax(1)
        general = seen[:, self.n_codes :].mean(1)
        vector = torch.tanh(self.project(torch.cat([top, general, local], -1)))
        return vector, local, weights[:, : self.n_codes]


class MessageLayer(nn.Module):
    """The sentences of a message, in order, to codes and to what the message is.

    Inputs: ``vectors`` (messages, sentences, out), ``local`` (messages, sentences, codes), ``features`` (messages,
    sentences, n_features), ``about`` (messages, n_about: stage, mode, målform), ``mask`` bool (messages, sentences).
    """

    def __init__(
        self, n_codes: int, vector: int, n_features: int, n_about: int, width: int = 96, dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.features = nn.Linear(n_features + n_about, 64)
        self.inputs = nn.Linear(vector + n_codes + 64, 2 * width)
        self.context = BothWays(2 * width, width)
        self.out = nn.Linear(vector + 64 + 2 * width, 128)
        self.codes = nn.Linear(128, n_codes)
        self.gate = nn.Parameter(torch.ones(n_codes))
        nn.init.zeros_(self.codes.bias)
        nn.init.normal_(self.codes.weight, std=0.02)
        self.look = nn.Linear(2 * width, 1)
        self.whole = nn.Linear(4 * width + n_codes + n_about, 64)
        self.heads = nn.Linear(64, 1 + 4 + 1)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, vectors: Tensor, local: Tensor, features: Tensor, about: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return code logits (messages, sentences, codes) and message logits (messages, 6).

        The six are: is a rejection; the four stages (a softmax); quality, as (quality - 3) / 2.
        """
        shown = mask.unsqueeze(-1)
        wide = about.unsqueeze(1).expand(-1, features.shape[1], -1)
        place = torch.relu(self.features(torch.cat([features, wide], -1)))
        x = torch.relu(self.inputs(torch.cat([self.dropout(vectors), local * 0.3, place], -1))) * shown
        states = torch.cat(self.context(self.dropout(x), mask), -1)
        states = states * shown
        hidden = torch.relu(self.out(torch.cat([self.dropout(vectors), place, self.dropout(states)], -1)))
        logits = local * self.gate + self.codes(self.dropout(hidden))
        attention = torch.softmax(self.look(states).squeeze(-1).masked_fill(~mask, -1e4), -1)
        pooled = (attention.unsqueeze(-1) * states).sum(1)
        top = states.masked_fill(~shown, -1e4).amax(1)
        found = torch.sigmoid(logits.detach()).masked_fill(~shown, 0.0).amax(1)
        # The stage is also foretold: it must not be read off the input, so the head does not see the stage itself.
        rest = torch.cat([torch.zeros_like(about[:, :5]), about[:, 5:]], -1)
        message = torch.relu(self.whole(self.dropout(torch.cat([pooled, top, found, rest], -1))))
        return logits, self.heads(message)


class TransformerSentence(nn.Module):
    """A sentence encoder over a transformers model: its last hidden states, pooled code by code.

    Called like :class:`SentenceEncoder`; ``words`` are the tokeniser's piece ids, ``shapes`` and ``vectors`` are not used.
    """

    def __init__(
        self, base: nn.Module, hidden: int, n_codes: int, width: int, out: int, dropout: float
    ) -> None:
        super().__init__()
        self.base = base
        # The pooling part of SentenceEncoder, with a word encoder that only tells its width.
        teller = nn.Module()
        teller.width = hidden // 2  # type: ignore[assignment]
        self.head = SentenceEncoder(teller, n_codes, width, out, dropout)  # type: ignore[arg-type]
        self.out = out

    def forward(
        self, words: Tensor, shapes: Tensor | None, vectors: Tensor | None, mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Vectors, local scores and weights, as :class:`SentenceEncoder` gives them."""
        states = self.base(input_ids=words, attention_mask=mask.long()).last_hidden_state
        return self.head.pool(states, mask)


class Recogniser(nn.Module):
    """Sentence encoder and message layer together, for training."""

    def __init__(self, sentence: SentenceEncoder | TransformerSentence, message: MessageLayer) -> None:
        super().__init__()
        self.sentence = sentence
        self.message = message

    def groups(self, rate: float, encoder_rate: float, table_rate: float) -> list[dict[str, object]]:
        """Parameters with their learning rates: what was pretrained moves more slowly."""
        tables: list[nn.Parameter] = []
        if isinstance(self.sentence, TransformerSentence):
            encoder = list(self.sentence.base.parameters())
        else:
            encoder = list(self.sentence.word_encoder.both.parameters())
            tables = list(self.sentence.word_encoder.words.parameters())
        taken = {id(p) for p in [*encoder, *tables]}
        rest = [p for p in self.parameters() if id(p) not in taken]
        return [
            {"params": rest, "lr": rate},
            {"params": encoder, "lr": encoder_rate},
            *([{"params": tables, "lr": table_rate, "weight_decay": 0.0}] if tables else []),
        ]
