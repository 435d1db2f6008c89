"""Fine-tunes a transformers encoder (a folder or a hub name) as the recogniser, and exports it.

The encoder reads one sentence at a time, so that encodings can be cached as the recurrent ones are; the message layer
above is the same. Run time needs onnxruntime and ``tokenizers``, not torch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from feedbackcheck.errors import ModelError
from feedbackcheck.signs.recogniser_input import CODES, N_ABOUT, N_FEATURES

from .comparison import figures, store
from .datasets import Example
from .features import PieceReader
from .models import MessageLayer, Recogniser, TransformerSentence
from .training import TrainingPlan, answer, train


def load_encoder(name: str) -> tuple[Any, Any]:
    """A transformers encoder and its fast tokeniser.

    Raises:
        ModelError: it cannot be loaded, or its tokeniser has no fast form.
    """
    from transformers import AutoModel, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name, use_fast=True)
        model = AutoModel.from_pretrained(name, attn_implementation="eager")
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"koderen kan ikke leses: {str(error).splitlines()[0]}",
            where=name,
            fix="Oppgi en mappe eller et navn som transformers kjenner.",
        ) from error
    if not tokenizer.is_fast:
        raise ModelError("koderen mangler en rask ordbitdeler (tokenizer.json)", where=name)
    return model, tokenizer


def fine_tune(
    examples: Sequence[Example], name: str, plan: TrainingPlan, *, log: Callable[[str], None]
) -> tuple[Recogniser, PieceReader]:
    """Train the encoder with the message layer on ``examples``."""
    _, tokenizer = load_encoder(name)

    def fresh(plan: TrainingPlan) -> Recogniser:
        import torch

        torch.manual_seed(plan.seed)
        base, _ = load_encoder(name)
        hidden = int(base.config.hidden_size)
        sentence = TransformerSentence(base, hidden, len(CODES), plan.width, plan.out, plan.dropout)
        return Recogniser(
            sentence, MessageLayer(len(CODES), plan.out, N_FEATURES, N_ABOUT, plan.context, plan.dropout)
        )

    slow = replace(plan, encoder_rate=min(plan.encoder_rate, 1e-4), word_dropout=0.0)
    model, reader = train(examples, slow, [], None, reader=PieceReader(tokenizer), fresh=fresh, log=log)
    assert isinstance(reader, PieceReader)
    return model, reader


def export(model: Recogniser, path: Path) -> None:
    """The sentence encoder as ONNX: ``words``, ``mask`` → ``vector``, ``local``, ``attention``.

    Raises:
        ModelError: the exported graph does not give what the model gives.
    """
    import warnings

    import numpy as np
    import onnxruntime as ort
    import torch

    class Sentence(torch.nn.Module):
        def __init__(self, sentence: torch.nn.Module) -> None:
            super().__init__()
            self.sentence = sentence

        def forward(self, words: torch.Tensor, mask: torch.Tensor) -> Any:
            return self.sentence(words, None, None, mask > 0)

    wrapped = Sentence(model.sentence).eval()
    words, mask = torch.full((2, 7), 5), torch.ones(2, 7, dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the tracing exporter announces its successor, which needs another package
        torch.onnx.export(
            wrapped,
            (words, mask),
            str(path),
            dynamo=False,
            input_names=["words", "mask"],
            output_names=["vector", "local", "attention"],
            dynamic_axes={
                "words": axes,
                "mask": axes,
                "vector": {0: "batch"},
                "local": {0: "batch"},
                "attention": {0: "batch", 2: "length"},
            },
            opset_version=17,
        )
    words, mask = torch.full((3, 11), 5), torch.ones(3, 11, dtype=torch.long)
    mask[1, 6:] = 0
    with torch.no_grad():
        wanted = wrapped(words, mask)[1].numpy()
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    got = session.run(["local"], {"words": words.numpy(), "mask": mask.numpy()})[0]
    if float(np.abs(got - wanted).max()) > 1e-3:
        raise ModelError("den eksporterte koderen svarer annerledes enn den trente", where=str(path))


def ship_encoder(
    corpora: Path,
    out: Path,
    name: str,
    *,
    plan: TrainingPlan,
    with_dev: bool = False,
    syntax: bool = True,
    quantised: bool = True,
    log: Callable[[str], None],
) -> dict[str, Any]:
    """Fine-tune, choose, export and measure, as ``shipping.ship`` does for the recurrent models."""
    from .export import finish
    from .shipping import decide, measure, split, with_measures

    parts = split(corpora)
    model, reader = fine_tune(parts.taught, name, plan, log=log)
    held, other, dev = (answer(model, reader, e) for e in (parts.held, parts.held_other, parts.dev))
    decision = decide(parts.held, held, parts.held_other, other, syntax=syntax)
    row = figures(f"transformers: {Path(name).name}", (parts.held, held.logits), (parts.dev, dev.logits))
    if with_dev:
        model, reader = fine_tune(
            [*parts.taught, *parts.held, *parts.held_other, *parts.dev], name, plan, log=log
        )
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.onnx"):
        old.unlink()
    export(model, out / "sentence-0.onnx")
    if quantised:
        _quantise_dense(out / "sentence-0.onnx")
    reader.tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    finish(
        out,
        [model],
        decision,
        about={
            "kind": "pieces",
            "limit": reader.limit,
            "encoder": Path(name).name,
            "plan": asdict(plan),
            "trained_with_dev": with_dev,
            "dev_without_dev": asdict(row),
        },
    )
    row = with_measures(row, measure(out, parts.dev))
    store(out, [row])
    log(json.dumps(asdict(row), ensure_ascii=False))
    return asdict(row)


def _quantise_dense(path: Path) -> None:
    """Dense layers' weights to int8."""
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(path, path, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"])
