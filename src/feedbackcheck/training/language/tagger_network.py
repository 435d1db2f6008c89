"""The sequence tagger's network: two language models' layers, one from each side, under a layer that sees both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from feedbackcheck.language.tagger_features import BREAKS, LANGUAGES, TABLES
from feedbackcheck.training.onnx_graph import FLOAT, Graph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

INPUT = 192
FIRST = 256
SECOND = 160
_MARK = 8  # width of the vectors for the text's language and for line breaks


def reverse(sequence: Tensor, lengths: Tensor) -> Tensor:
    """Turn each row of ``sequence`` (batch, time, …) round within its length; what is beyond it stays."""
    time = torch.arange(sequence.shape[1])
    index = lengths[:, None] - 1 - time[None, :]
    index = torch.where(index >= 0, index, time[None, :])
    return sequence.gather(1, index[:, :, None].expand(-1, -1, sequence.shape[2]))


class Embedding(nn.Module):
    """Words to vectors of :data:`INPUT`; everything but language and line breaks depends on the form alone."""

    def __init__(self, dense: int, scale: float = 1.0) -> None:
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(rows, width) for _, rows, width in TABLES])
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.3)
        self.language = nn.Embedding(LANGUAGES, _MARK)
        self.breaks = nn.Embedding(BREAKS, _MARK)
        self.scale = nn.Parameter(torch.full((dense,), scale), requires_grad=False)
        self.of_form = nn.Linear(sum(width for _, _, width in TABLES) + dense, INPUT)
        self.of_place = nn.Linear(2 * _MARK, INPUT, bias=False)
        self.norm = nn.LayerNorm(INPUT)

    def standardise(self, vectors: NDArray[np.float32]) -> None:
        """Scale the given vectors so that those of running text, ``vectors``, vary by a half in every dimension."""
        self.scale.data = torch.from_numpy(0.5 / vectors.std(0).clip(1e-3))

    def form(self, hashed: Tensor, dense: Tensor, unknown: Tensor | None = None) -> Tensor:
        """What a word's form gives; where ``unknown``, the word's own row and nothing but its outline and parts are seen."""
        parts = [table(hashed[..., place]) for place, table in enumerate(self.tables)]
        parts[0] = parts[0] + self.tables[0](hashed[..., -1])
        vectors = dense * self.scale
        if unknown is not None:
            keep = (~unknown).unsqueeze(-1)
            parts[0] = parts[0] * keep
            vectors = vectors * keep
        found: Tensor = self.of_form(torch.cat([*parts, vectors], -1))
        return found

    def forward(
        self, hashed: Tensor, dense: Tensor, language: Tensor, breaks: Tensor, unknown: Tensor | None = None
    ) -> Tensor:
        place = torch.cat([self.language(language), self.breaks(breaks)], -1)
        out: Tensor = self.norm(self.form(hashed, dense, unknown) + self.of_place(place))
        return out


class Encoder(nn.Module):
    """The layers up to the heads. ``directions`` are the two language models' states, ``forward`` both layers' outputs."""

    def __init__(self, dense: int) -> None:
        super().__init__()
        self.embed = Embedding(dense)
        self.ahead = nn.LSTM(INPUT, FIRST, batch_first=True)
        self.back = nn.LSTM(INPUT, FIRST, batch_first=True)
        self.both_ahead = nn.LSTM(2 * FIRST, SECOND, batch_first=True)
        self.both_back = nn.LSTM(2 * FIRST, SECOND, batch_first=True)

    def pretrained_parameters(self) -> Iterator[nn.Parameter]:
        """Yield what the language models train."""
        for part in (self.embed, self.ahead, self.back):
            yield from part.parameters()

    def directions(self, words: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        ahead, _ = self.ahead(words)
        back, _ = self.back(reverse(words, lengths))
        return ahead, reverse(back, lengths)

    def second(self, states: Tensor, lengths: Tensor) -> Tensor:
        ahead, _ = self.both_ahead(states)
        back, _ = self.both_back(reverse(states, lengths))
        return torch.cat([ahead, reverse(back, lengths)], -1)


class TaggerNetwork(nn.Module):
    """The encoder with its heads; ``forward`` gives the states that the heads read."""

    def __init__(self, dense: int, morphs: int, classes: int, entities: int, dropout: float = 0.33) -> None:
        super().__init__()
        self.encoder = Encoder(dense)
        self.drop = nn.Dropout(dropout)
        self.morphs = nn.Linear(2 * SECOND, morphs)
        self.classes = nn.Linear(2 * SECOND, classes)
        self.entities = nn.Linear(2 * SECOND, entities)
        self.starts = nn.Linear(2 * SECOND, 1)
        self.moves = nn.Parameter(torch.zeros(entities, entities))

    def forward(
        self,
        hashed: Tensor,
        dense: Tensor,
        language: Tensor,
        breaks: Tensor,
        lengths: Tensor,
        unknown: Tensor | None = None,
    ) -> Tensor:
        words = self.drop(self.encoder.embed(hashed, dense, language, breaks, unknown))
        states = self.drop(torch.cat(self.encoder.directions(words, lengths), -1))
        out: Tensor = self.drop(self.encoder.second(states, lengths))
        return out


def path_loss(scores: Tensor, labels: Tensor, mask: Tensor, moves: Tensor) -> Tensor:
    """Minus the log-likelihood of ``labels`` under a linear-chain conditional random field, summed over texts.

    ``scores`` (texts, words, labels), ``labels`` and ``mask`` (texts, words), ``moves`` (from, to).
    Source: Lafferty, McCallum and Pereira 2001.
    """
    right = (scores.gather(2, labels[..., None])[..., 0] * mask).sum(1)
    right = right + (moves[labels[:, :-1], labels[:, 1:]] * mask[:, 1:]).sum(1)
    total = scores[:, 0]
    for place in range(1, scores.shape[1]):
        following = torch.logsumexp(total[:, :, None] + moves[None], 1) + scores[:, place]
        total = torch.where(mask[:, place, None] > 0, following, total)
    return (torch.logsumexp(total, 1) - right).sum()


def graph(network: TaggerNetwork) -> Any:
    """The ONNX form of what follows the words' vectors.

    Input: ``words`` float32 (length, 1, :data:`INPUT`), not yet normalised. Outputs: ``morphs``,
    ``entities`` and ``starts`` (of sentences), scores (length, labels).
    """
    g = Graph()
    encoder = network.encoder
    norm = encoder.embed.norm
    x = g.add(
        "LayerNormalization", "words", g.constant(norm.weight.detach().numpy()),
        g.constant(norm.bias.detach().numpy()), axis=-1, epsilon=norm.eps,
    )  # fmt: skip
    states = g.both_ways(x, encoder.ahead, encoder.back)
    states = g.both_ways(states, encoder.both_ahead, encoder.both_back)
    flat = g.add("Squeeze", states, g.integers(1))
    outputs = {}
    for name, head in (
        ("morphs", network.morphs),
        ("entities", network.entities),
        ("starts", network.starts),
    ):
        outputs[name] = (g.linear(flat, head.weight, head.bias), ["length", head.out_features])
    return g.model({"words": (FLOAT, ["length", 1, INPUT])}, outputs)
