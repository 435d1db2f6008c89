"""Masked-language-model training with a wall-clock budget, in stages that resume."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.training.encoder.settings import (
    CLS,
    MASK,
    PAD,
    RESERVED,
    SEP,
    EncoderShape,
    PretrainSettings,
)

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray


def build(shape: EncoderShape) -> Any:
    """Return an untrained ModernBERT with a masked-language-model head."""
    from transformers import ModernBertConfig, ModernBertForMaskedLM

    config = ModernBertConfig(
        vocab_size=shape.pieces,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.intermediate,
        max_position_embeddings=shape.context,
        pad_token_id=PAD,
        bos_token_id=CLS,
        eos_token_id=SEP,
        cls_token_id=CLS,
        sep_token_id=SEP,
        # Letters are short: every layer sees the whole of one.
        global_attn_every_n_layers=1,
        attn_implementation="sdpa",
    )
    return ModernBertForMaskedLM(config)


def mask(
    pieces: torch.Tensor, share: float, generator: torch.Generator, vocabulary: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mask ``share`` of the pieces of a batch of shape (sequences, length).

    Returns the changed batch, the flat positions to predict and the pieces that stood there. Control pieces are never chosen;
    of the chosen, 80 % become ``[MASK]``, 10 % another piece and 10 % stay. The number chosen is fixed by the shape,
    so that a compiled step need not be compiled again.
    """
    import torch

    flat = pieces.reshape(-1)
    draw = torch.rand(flat.shape, device=flat.device, generator=generator)
    draw[flat <= MASK] = 2.0
    count = int(flat.numel() * share)
    positions = draw.topk(count, largest=False).indices
    targets = flat[positions].clone()
    kind = torch.rand((count,), device=flat.device, generator=generator)
    random_pieces = torch.randint(RESERVED, vocabulary, (count,), device=flat.device, generator=generator)
    replacement = torch.where(
        kind < 0.8, torch.full_like(targets, MASK), torch.where(kind < 0.9, random_pieces, targets)
    )
    changed = flat.clone()
    changed[positions] = replacement
    return changed.view(pieces.shape), positions, targets


@dataclass
class EncoderProgress:
    """Where a training stands."""

    spent_s: float = 0.0
    updates: int = 0
    pieces: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


class Pretrainer:
    """One pretraining in a work folder: ``state.pt`` to resume from, and a log of what was measured."""

    def __init__(
        self,
        packed: NDArray[np.uint16],
        work: Path,
        shape: EncoderShape,
        settings: PretrainSettings,
        *,
        device: str | None = None,
        log: Callable[[str], None] = print,
    ) -> None:
        """Prepare a run on ``packed`` pieces, whose last ``held_out`` share is never trained on.

        Goes on from ``work/state.pt`` where there is one. ``device`` is chosen by torch when None.
        """
        import numpy as np
        import torch

        from feedbackcheck.errors import ModelError

        torch.manual_seed(settings.seed)
        torch.set_float32_matmul_precision("high")
        self.shape, self.settings, self.work, self.log = shape, settings, work, log
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        held = max(int(len(packed) * settings.held_out), settings.long_length + 1)
        if len(packed) < 3 * held:
            raise ModelError(
                f"for lite tekst til å trene på: {len(packed)} ordbiter", fix="Oppgi mer tekst med --text."
            )
        numbers = torch.from_numpy(np.asarray(packed, dtype=np.int32)).to(self.device)
        self.train_pieces, self.held_pieces = numbers[:-held], numbers[-held:]
        self.model = build(shape).to(self.device)
        self.optimizer = self._optimizer()
        self.progress = EncoderProgress()
        self.generator = torch.Generator(device=self.device)
        state = work / "state.pt"
        if state.is_file():
            self._restore(state)
        self._loss: Callable[..., Any] = self._plain_loss
        if settings.compile and self.device == "cuda":
            self._loss = torch.compile(self._plain_loss)

    def _optimizer(self) -> torch.optim.Optimizer:
        import torch

        matrices = [weight for weight in self.model.parameters() if weight.ndim >= 2]
        others = [weight for weight in self.model.parameters() if weight.ndim < 2]
        return torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": self.settings.weight_decay},
                {"params": others, "weight_decay": 0.0},
            ],
            lr=self.settings.learn_rate,
            betas=(0.9, 0.98),
            eps=1e-6,
            fused=self.device == "cuda",
        )

    def _scores(self, pieces: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        hidden = self.model.model(input_ids=pieces).last_hidden_state
        chosen = hidden.reshape(-1, hidden.shape[-1])[positions]
        scores: torch.Tensor = self.model.decoder(self.model.head(chosen)).float()
        return scores

    def _plain_loss(
        self, pieces: torch.Tensor, positions: torch.Tensor, targets: torch.Tensor
    ) -> torch.Tensor:
        import torch

        return torch.nn.functional.cross_entropy(self._scores(pieces, positions), targets)

    def _autocast(self) -> Any:
        import torch

        return torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.device == "cuda")

    def _cut(self, source: torch.Tensor, sequences: int, length: int) -> torch.Tensor:
        """Cut random sequences out of the packed row; each begins with ``[CLS]``."""
        import torch

        starts = torch.randint(
            0, len(source) - length, (sequences,), device=self.device, generator=self.generator
        )
        pieces = source[starts[:, None] + torch.arange(length, device=self.device)].long()
        pieces[:, 0] = CLS
        return pieces

    def run(self, *, stage_s: float | None = None) -> EncoderProgress:
        """Train until the budget or this stage's seconds are spent; measure, save and return the progress.

        Raises ``ModelError`` when the loss is no longer a number.
        """
        settings, progress = self.settings, self.progress
        began, before = time.monotonic(), progress.spent_s
        end = min(settings.budget_s, before + (stage_s if stage_s is not None else settings.budget_s))
        # Another seed for every stage, or a resumed one would see the first one's sequences again.
        self.generator.manual_seed(settings.seed + progress.updates)
        self.model.train()
        while progress.spent_s < end:
            loss = self._update(progress.spent_s / settings.budget_s)
            progress.spent_s = before + time.monotonic() - began
            if progress.updates % 50 == 0:
                speed = progress.pieces / max(progress.spent_s, 1e-9)
                self.log(
                    f"{progress.spent_s:6.0f} s  update {progress.updates}  loss {self._checked(loss):.3f}  "
                    f"{speed / 1e3:.0f}k pieces/s"
                )
        scores = self.measure()
        progress.history.append(
            {"spent_s": round(progress.spent_s, 1), "updates": progress.updates, **scores}
        )
        self.log(
            f"held out: loss {scores['loss']:.3f}, accuracy {scores['accuracy']:.3f} "
            f"after {progress.pieces / 1e6:.1f} M pieces"
        )
        self.save()
        return progress

    def _update(self, done: float) -> torch.Tensor:
        import torch

        settings = self.settings
        length = min(settings.sequence_length(done), self.shape.context)
        sequences = max(1, settings.batch_tokens // length)
        at_once = max(1, min(sequences, settings.chunk_tokens // length))
        chunks = math.ceil(sequences / at_once)
        for group in self.optimizer.param_groups:
            group["lr"] = settings.rate(done)
        share = settings.masked(done)
        total = torch.zeros((), device=self.device)
        for _ in range(chunks):
            pieces, positions, targets = mask(
                self._cut(self.train_pieces, at_once, length), share, self.generator, self.shape.pieces
            )
            with self._autocast():
                loss = self._loss(pieces, positions, targets) / chunks
            loss.backward()
            total += loss.detach()
            self.progress.pieces += pieces.numel()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.progress.updates += 1
        return total

    def _checked(self, loss: torch.Tensor) -> float:
        from feedbackcheck.errors import ModelError

        value = float(loss)
        if not math.isfinite(value):
            raise ModelError(
                f"treningen spredte seg: tapet er {value} etter {self.progress.updates} steg",
                fix="Senk læringsraten og fortsett fra forrige mellomlagring.",
            )
        return value

    def measure(self, *, batches: int = 8) -> dict[str, float]:
        """Return loss and accuracy on held-out text with 15 % masked, the same pieces every time."""
        import torch

        # Its own generator: measuring must not move the training's.
        training, self.generator = self.generator, torch.Generator(device=self.device)
        self.generator.manual_seed(7)
        self.model.eval()
        loss = hit = seen = 0.0
        try:
            with torch.no_grad(), self._autocast():
                for _ in range(batches):
                    cut = self._cut(self.held_pieces, 32, min(self.settings.length, self.shape.context))
                    pieces, positions, targets = mask(cut, 0.15, self.generator, self.shape.pieces)
                    scores = self._scores(pieces, positions)
                    loss += float(torch.nn.functional.cross_entropy(scores, targets, reduction="sum"))
                    hit += float((scores.argmax(-1) == targets).sum())
                    seen += targets.numel()
        finally:
            self.generator = training
            self.model.train()
        return {"loss": loss / seen, "accuracy": hit / seen}

    def save(self) -> None:
        """Write everything that a later stage needs; the file before is replaced only when this one is whole."""
        import torch

        self.work.mkdir(parents=True, exist_ok=True)
        fresh = self.work / "state.pt.new"
        torch.save(
            {
                "model": self.model.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "progress": asdict(self.progress),
                "shape": asdict(self.shape),
            },
            fresh,
        )
        fresh.replace(self.work / "state.pt")
        (self.work / "progress.json").write_text(
            json.dumps(asdict(self.progress), indent=1), encoding="utf-8"
        )

    def _restore(self, path: Path) -> None:
        import torch

        from feedbackcheck.errors import ModelError

        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["shape"] != asdict(self.shape):
            raise ModelError(
                f"mellomlagringen har en annen form: {state['shape']}",
                where=str(path),
                fix="Bruk de samme målene som før, eller en ny arbeidsmappe.",
            )
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.progress = EncoderProgress(**state["progress"])
        self.log(f"resumed after {self.progress.spent_s:.0f} s, {self.progress.updates} updates")
