"""Trained models to the files that run time reads: two ONNX graphs a model, the vocabulary, a manifest.

The graphs are written operator by operator, which keeps them small, lets sentences of any length stand in one batch
(``sequence_lens``), and needs no tracing. A test compares them with torch.

Folder::

    manifest.json            codes, calibration, sizes, figures, what it was trained on
    vocabulary.txt           one word a line; the line number is the word's row
    sentence-0.onnx …        words → vector, local scores, attention
    message-0.onnx …         sentences → code logits, message logits
    combine.json             weights and thresholds (see ``signs.combine``)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.topics import names
from feedbackcheck.signs.ngrams import GATE_FILE, STAGE_FILE
from feedbackcheck.signs.recogniser_input import CODES, CONTEXT, LAYOUT, N_ABOUT, N_FEATURES
from feedbackcheck.training.onnx_graph import FLOAT, INT32, INT64, Graph, quantise

if TYPE_CHECKING:
    from feedbackcheck.signs.ngrams import NgramModel

    from .models import BothWays, MessageLayer, Recogniser, SentenceEncoder
    from .shipping import Decision


def _both_ways(g: Graph, x: str, layer: BothWays) -> str:
    """A layer's LSTMs over (length, batch, width); returns (batch, length, 2 * width)."""
    states = g.both_ways(x, layer.forwards, layer.backwards, "lengths")
    return g.add("Transpose", states, perm=[1, 0, 2])


def sentence_graph(encoder: SentenceEncoder) -> Any:
    """The ONNX form of a sentence encoder.

    Inputs: ``words``, ``shapes`` int64 (batch, length), ``vectors`` float32 (batch, length, dim), ``lengths`` int32
    (batch,). Outputs: ``vector``, ``local``, ``attention``.
    """
    import numpy as np

    g = Graph()
    words = encoder.word_encoder
    table = g.constant(words.words.weight.detach().numpy(), half=True)
    shapes = g.constant(words.shapes.weight.detach().numpy())
    standard = g.add(
        "Mul", g.add("Sub", "vectors", g.constant(words.mean.numpy())), g.constant(words.scale.numpy())
    )
    x = g.add(
        "Concat",
        g.linear(standard, words.vectors.weight, words.vectors.bias),
        g.add("Gather", table, "words"),
        g.add("Gather", shapes, "shapes"),
        axis=-1,
    )
    x = g.add(
        "LayerNormalization", x, g.constant(words.norm.weight.detach().numpy()),
        g.constant(words.norm.bias.detach().numpy()), axis=-1, epsilon=1e-5,
    )  # fmt: skip
    low = _both_ways(g, g.add("Transpose", x, perm=[1, 0, 2]), words.both)
    # True where a token stands: 0 … length-1 < lengths.
    size = g.add("Gather", g.add("Shape", "words"), g.constant(np.asarray(1, dtype=np.int64)))
    places = g.add(
        "Range", g.constant(np.asarray(0, dtype=np.int64)), size, g.constant(np.asarray(1, dtype=np.int64))
    )
    long_lengths = g.add("Cast", "lengths", to=INT64)
    mask = g.add(
        "Less", g.add("Unsqueeze", places, g.integers(0)), g.add("Unsqueeze", long_lengths, g.integers(1))
    )
    if encoder.second is not None:
        second = _both_ways(g, g.add("Transpose", low, perm=[1, 0, 2]), encoder.second)
    else:
        assert encoder.mix is not None
        # The convolution over three words as one product, which can be quantised.
        wide = g.add("Pad", low, g.integers(0, 1, 0, 0, 1, 0))
        three = [
            g.add("Slice", wide, g.integers(at), g.integers(end), g.integers(1))
            for at, end in ((0, -2), (1, -1), (2, 2**31))
        ]
        kernel = encoder.mix.weight.detach().numpy()  # (out, in, 3)
        flat = np.concatenate([kernel[:, :, k].T for k in range(3)])
        mixed = g.add("MatMul", g.add("Concat", *three, axis=-1), g.constant(flat))
        assert encoder.mix.bias is not None
        second = g.add("Relu", g.add("Add", mixed, g.constant(encoder.mix.bias.detach().numpy())))
    states = g.add("Concat", low, second, axis=-1)
    keys = g.add("Tanh", g.linear(states, encoder.keys.weight, encoder.keys.bias))
    queries = g.constant(encoder.queries.detach().numpy())
    looks = g.add("MatMul", queries, g.add("Transpose", keys, perm=[0, 2, 1]))
    shown = g.add("Unsqueeze", mask, g.integers(1))
    looks = g.add("Where", shown, looks, g.number(-1e4))
    weights = g.add("Softmax", looks, axis=-1)
    seen = g.add("MatMul", weights, states)
    n = encoder.n_codes
    own = g.add("Slice", seen, g.integers(0), g.integers(n), g.integers(1))
    general = g.add("Slice", seen, g.integers(n), g.integers(n + 99), g.integers(1))
    general = g.add("ReduceMean", general, axes=[1], keepdims=0)
    local = g.add(
        "ReduceSum", g.add("Mul", own, g.constant(encoder.scores.detach().numpy())), g.integers(2), keepdims=0
    )
    local = g.add("Add", local, g.constant(encoder.bias.detach().numpy()))
    hidden = g.add("Where", g.add("Unsqueeze", mask, g.integers(2)), states, g.number(-1e4))
    top = g.add("ReduceMax", hidden, axes=[1], keepdims=0)
    joined = g.add("Concat", top, general, local, axis=-1)
    vector = g.add("Tanh", g.linear(joined, encoder.project.weight, encoder.project.bias))
    attention = g.add("Slice", weights, g.integers(0), g.integers(n), g.integers(1))
    dim = words.vectors.in_features
    return g.model(
        {
            "words": (INT64, ["batch", "length"]),
            "shapes": (INT64, ["batch", "length"]),
            "vectors": (FLOAT, ["batch", "length", dim]),
            "lengths": (INT32, ["batch"]),
        },
        {
            "vector": (vector, ["batch", encoder.out]),
            "local": (local, ["batch", n]),
            "attention": (attention, ["batch", n, "length"]),
        },
    )


def message_graph(layer: MessageLayer) -> Any:
    """The ONNX form of a message layer, for one message or several of equal length.

    Inputs: ``vectors``, ``local``, ``features`` (batch, sentences, …), ``about`` (batch, n), ``lengths`` int32
    (batch,) all equal to the number of sentences. Outputs: ``logits``, ``whole``.
    """
    import numpy as np

    g = Graph()
    size = g.add("Gather", g.add("Shape", "features"), g.constant(np.asarray(1, dtype=np.int64)))
    one = g.add("Unsqueeze", "about", g.integers(1))
    rows = g.add("Concat", g.integers(1), g.add("Unsqueeze", size, g.integers(0)), g.integers(1), axis=0)
    wide = g.add("Expand", one, rows)
    place = g.add(
        "Relu",
        g.linear(g.add("Concat", "features", wide, axis=-1), layer.features.weight, layer.features.bias),
    )
    scaled = g.add("Mul", "local", g.number(0.3))
    x = g.add(
        "Relu",
        g.linear(g.add("Concat", "vectors", scaled, place, axis=-1), layer.inputs.weight, layer.inputs.bias),
    )
    states = _both_ways(g, g.add("Transpose", x, perm=[1, 0, 2]), layer.context)
    hidden = g.add(
        "Relu", g.linear(g.add("Concat", "vectors", place, states, axis=-1), layer.out.weight, layer.out.bias)
    )
    own = g.add("Mul", "local", g.constant(layer.gate.detach().numpy()))
    logits = g.add("Add", own, g.linear(hidden, layer.codes.weight, layer.codes.bias))
    attention = g.add("Softmax", g.linear(states, layer.look.weight, layer.look.bias), axis=1)
    pooled = g.add("ReduceSum", g.add("Mul", attention, states), g.integers(1), keepdims=0)
    top = g.add("ReduceMax", states, axes=[1], keepdims=0)
    found = g.add("ReduceMax", g.add("Sigmoid", logits), axes=[1], keepdims=0)
    blind = np.ones(N_ABOUT, dtype=np.float32)
    blind[:5] = 0
    rest = g.add("Mul", "about", g.constant(blind))
    whole = g.add(
        "Relu",
        g.linear(g.add("Concat", pooled, top, found, rest, axis=-1), layer.whole.weight, layer.whole.bias),
    )
    whole = g.linear(whole, layer.heads.weight, layer.heads.bias)
    vector = layer.inputs.in_features - len(CODES) - 64
    return g.model(
        {
            "vectors": (FLOAT, ["batch", "sentences", vector]),
            "local": (FLOAT, ["batch", "sentences", len(CODES)]),
            "features": (FLOAT, ["batch", "sentences", N_FEATURES]),
            "about": (FLOAT, ["batch", N_ABOUT]),
            "lengths": (INT32, ["batch"]),
        },
        {"logits": (logits, ["batch", "sentences", len(CODES)]), "whole": (whole, ["batch", 6])},
    )


def write_model(
    folder: Path,
    models: Sequence[Recogniser],
    vocabulary: Sequence[str],
    decision: Decision | None = None,
    *,
    wide: NgramModel | None = None,
    stage: NgramModel | None = None,
    gate: NgramModel | None = None,
    about: Mapping[str, Any] | None = None,
    quantised: bool = True,
) -> None:
    """Write the folder that :class:`feedbackcheck.signs.recogniser.Recogniser` loads.

    ``decision`` calibrates (without it logits stand as they are and no ``combine.json`` is written); ``about`` goes into
    the manifest (figures, data, seeds). ``quantised`` stores the LSTMs' weights as int8.
    """
    import onnx

    from .models import SentenceEncoder

    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.onnx"):
        old.unlink()
    for i, model in enumerate(models):
        model.eval()
        assert isinstance(model.sentence, SentenceEncoder)
        path = folder / f"sentence-{i}.onnx"
        onnx.save(sentence_graph(model.sentence), path)
        if quantised:
            quantise(path)
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    if wide is not None:
        wide.save(folder)
    if stage is not None:
        stage.save(folder, STAGE_FILE)
    if gate is not None:
        gate.save(folder, GATE_FILE)
    finish(folder, models, decision, about=about, quantised=quantised)


def finish(
    folder: Path,
    models: Sequence[Recogniser],
    decision: Decision | None,
    *,
    about: Mapping[str, Any] | None = None,
    quantised: bool = True,
) -> None:
    """Write what every kind of model has: the message layers, the manifest, the combination."""
    import onnx

    from .models import SentenceEncoder

    for i, model in enumerate(models):
        model.eval()
        path = folder / f"message-{i}.onnx"
        onnx.save(message_graph(model.message), path)
        if quantised:
            quantise(path)
    n = len(CODES)
    manifest = {
        "schema": 1,
        "kind": "words",
        "codes": list(CODES),
        "features": [*LAYOUT, *CONTEXT],
        "topics": list(names()) if isinstance(models[0].sentence, SentenceEncoder) else [],
        "models": len(models),
        "vector": models[0].sentence.out,
        "slopes": [round(float(x), 5) for x in decision.slopes] if decision else [1.0] * n,
        "offsets": [round(float(x), 5) for x in decision.offsets] if decision else [0.0] * n,
        "gate": decision.gate if decision else {},
        **(about or {}),
    }
    (folder / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    if decision:
        (folder / "combine.json").write_text(json.dumps(decision.combine, indent=1) + "\n", encoding="utf-8")
