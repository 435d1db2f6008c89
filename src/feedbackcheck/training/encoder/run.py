"""The whole pretraining of an encoder: pieces, packing, training, export, probe."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from feedbackcheck.training.encoder.settings import EncoderShape, PretrainSettings
from feedbackcheck.training.language.vectors import iter_paragraphs


def require_train_extra() -> None:
    """Raise ``MissingExtraError`` when torch, transformers or tokenizers is not installed."""
    from importlib.util import find_spec

    from feedbackcheck.errors import MissingExtraError

    if any(find_spec(name) is None for name in ("torch", "transformers", "tokenizers", "onnx", "sklearn")):
        raise MissingExtraError("train encoder", "train")


def train_encoder(
    texts: Sequence[tuple[Path, int]],
    work: Path,
    out: Path,
    shape: EncoderShape,
    settings: PretrainSettings,
    *,
    stage_s: float | None = None,
    probe_on: Sequence[Path] = (),
    log: Callable[[str], None] = print,
) -> dict[str, float]:
    """Pretrain on ``texts`` (path, repeats), going on from what ``work`` holds, and export to ``out``.

    Pieces and packed text are made once. Every stage ends with an export, so that any stage may be the last. Returns the
    held-out figures and, with ``probe_on`` (labelled JSON lines), the probe's.
    """
    require_train_extra()
    from feedbackcheck.training.encoder import export, pieces, pretrain

    def paragraphs() -> Iterator[str]:
        return itertools.chain.from_iterable(
            iter_paragraphs(path) for path, repeat in texts for _ in range(repeat)
        )

    work.mkdir(parents=True, exist_ok=True)
    if not (work / "tokenizer.json").is_file():
        pieces.train_pieces(paragraphs(), work, pieces=shape.pieces)
        log(f"trained {shape.pieces} pieces")
    tokenizer = pieces.load_pieces(work)
    packed = work / "packed.u16"
    if not packed.is_file():
        counted = pieces.pack(paragraphs(), tokenizer, work / "packed.new")
        (work / "packed.new").replace(packed)
        log(f"packed {counted['pieces'] / 1e6:.1f} M pieces, {100 * counted['unknown_share']:.3f} % unknown")
    trainer = pretrain.Pretrainer(pieces.read_packed(packed), work, shape, settings, log=log)
    progress = trainer.run(stage_s=stage_s)
    figures = dict(progress.history[-1])
    tokenizer_json = export.copy_tokenizer(work, out)
    export.export_transformers(trainer.model, tokenizer_json, out)
    small = export.export_onnx(trainer.model, out)
    figures["onnx_mb"] = small.stat().st_size / 1e6
    if probe_on:
        from feedbackcheck.training.encoder.probe import probe, read_sentences

        data = read_sentences(probe_on)
        figures["probe_f"] = probe(data, export.OnnxEncoder(out, tokenizer_json).features)
        figures["tfidf_f"] = probe(data, None)
        log(
            f"probe on {len(data.codes)} codes: encoder {figures['probe_f']:.1f}, TF-IDF {figures['tfidf_f']:.1f}"
        )
    description = {"shape": asdict(shape), "settings": asdict(settings), "figures": figures}
    (out / "training.json").write_text(json.dumps(description, indent=1), encoding="utf-8")
    return figures
