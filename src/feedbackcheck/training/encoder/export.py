"""Write a trained encoder in the transformers format and as int8 ONNX."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def export_transformers(model: Any, tokenizer_json: Path, target: Path) -> None:
    """Write weights (half precision), configuration and tokeniser so that ``transformers`` loads ``target`` by its path."""
    import copy

    from transformers import PreTrainedTokenizerFast

    target.mkdir(parents=True, exist_ok=True)
    copy.deepcopy(model).half().save_pretrained(target)
    fast = PreTrainedTokenizerFast(
        tokenizer_file=str(tokenizer_json),
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=model.config.max_position_embeddings,
    )
    fast.save_pretrained(target)


def export_onnx(model: Any, target: Path) -> Path:
    """Write the encoder without its head to ``target/encoder.onnx``, weights in int8, and return the path.

    Inputs ``input_ids`` and ``attention_mask``, int64 of shape (sequences, length); output ``hidden``, float32 of shape
    (sequences, length, hidden).
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Body(torch.nn.Module):  # type: ignore[misc,unused-ignore]  # Any where torch is not installed
        """The encoder with plain tensors in and out."""

        def __init__(self, body: torch.nn.Module) -> None:
            super().__init__()
            self.body = body

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            # The mask is made here: transformers' own making of it asks for sizes in a way that tracing cannot follow.
            visible = attention_mask[:, None, None, :].bool()
            masks = {"full_attention": visible, "sliding_attention": visible}
            hidden: torch.Tensor = self.body(input_ids=input_ids, attention_mask=masks).last_hidden_state
            return hidden

    target.mkdir(parents=True, exist_ok=True)
    body = Body(model.model).float().cpu().eval()
    example = torch.randint(40, 100, (2, 16))
    full, small = target / "encoder.float.onnx", target / "encoder.onnx"
    with warnings.catch_warnings():
        # The tracer warns of questions about sizes («is there more than one piece?») whose answers never change here.
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        warnings.simplefilter("ignore", DeprecationWarning)  # of the exporter that int8 quantisation can read
        torch.onnx.export(
            body,
            (example, torch.ones_like(example)),
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=["hidden"],
            dynamic_axes={
                name: {0: "sequences", 1: "length"} for name in ("input_ids", "attention_mask", "hidden")
            },
            opset_version=17,
            dynamo=False,
        )
    # The embedding is a table that is looked up, not multiplied: quantised too, or it would be half of the file.
    quantize_dynamic(
        full, small, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm", "Gather"]
    )
    full.unlink()
    return small


class OnnxEncoder:
    """The exported encoder on onnxruntime alone, for tests, the probe and timing."""

    def __init__(self, folder: Path, tokenizer_json: Path, *, threads: int = 1) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(tokenizer_json))
        self.tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")

    def features(self, texts: list[str], *, limit: int = 128) -> NDArray[np.float32]:
        """Return the mean of each text's states, shape (texts, hidden)."""
        import numpy as np

        from feedbackcheck.training.encoder.pieces import marked

        self.tokenizer.enable_truncation(limit)
        encoded = self.tokenizer.encode_batch([marked(text) for text in texts])
        ids = np.asarray([item.ids for item in encoded], dtype=np.int64)
        attended = np.asarray([item.attention_mask for item in encoded], dtype=np.int64)
        (hidden,) = self.session.run(["hidden"], {"input_ids": ids, "attention_mask": attended})
        weights = attended[:, :, None].astype(np.float32)
        mean: NDArray[np.float32] = (hidden * weights).sum(1) / weights.sum(1)
        return mean


def copy_tokenizer(source: Path, target: Path) -> Path:
    """Copy ``tokenizer.json`` next to an export and return its new path."""
    target.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(source / "tokenizer.json", target / "tokenizer.json"))
