"""What decides an encoder and its training. Plain data, so that it can be stored beside the weights."""

from __future__ import annotations

from dataclasses import dataclass

#: The first pieces of every vocabulary, in this order; what follows are the marks of ``language.tokens`` and spares.
CONTROL_PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(len(CONTROL_PIECES))
RESERVED = 32  # control pieces, marks and spares together; ordinary pieces begin here


@dataclass(frozen=True)
class EncoderShape:
    """The network's layout (ModernBERT: rotary positions, gated units). 8 × 384 with 16,000 pieces: about 18 M weights."""

    pieces: int = 16_000
    layers: int = 8
    hidden: int = 384
    heads: int = 6
    intermediate: int = 768
    context: int = 512


@dataclass(frozen=True)
class PretrainSettings:
    """One training. ``budget_s`` counts over all stages; rates follow it, not the stage.

    ``batch_tokens`` is the number of pieces an update sees, ``chunk_tokens`` how many of them go through the network at a
    time. From ``long_from`` of the budget on, sequences are ``long_length`` instead of ``length`` pieces.
    """

    seed: int = 20260101
    budget_s: float = 25 * 60
    length: int = 128
    long_length: int = 512
    long_from: float = 0.85
    batch_tokens: int = 262_144
    chunk_tokens: int = 262_144
    learn_rate: float = 1e-3
    final_learn_rate: float = 1e-5
    warmup: float = 0.04
    weight_decay: float = 0.1
    mask_start: float = 0.30
    mask_end: float = 0.15
    held_out: float = 0.01
    compile: bool = True

    def rate(self, done: float) -> float:
        """The learning rate at ``done`` (0 to 1) of the budget: linear warm-up, then half a cosine."""
        import math

        if done < self.warmup:
            return self.learn_rate * max(done / self.warmup, 0.01)
        wave = 0.5 * (1 + math.cos(math.pi * min(1.0, (done - self.warmup) / (1 - self.warmup))))
        return self.final_learn_rate + (self.learn_rate - self.final_learn_rate) * wave

    def masked(self, done: float) -> float:
        """The share of pieces to mask at ``done`` of the budget.

        It falls in four steps: a compiled update is compiled anew for every share, so there must not be many.
        """
        step = min(3, int(4 * max(0.0, done)))
        return self.mask_start + (self.mask_end - self.mask_start) * step / 3

    def sequence_length(self, done: float) -> int:
        """The length of the sequences at ``done`` of the budget."""
        return self.long_length if done >= self.long_from else self.length
