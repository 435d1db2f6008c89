"""Write small ONNX graphs operator by operator, and store their weights in few bits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_OPSET = 17
#: ONNX numbers of element types.
INT64, FLOAT, INT32 = 7, 1, 6


class Graph:
    """A small writer of ONNX graphs: every call adds a node and returns the name of what it makes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._count = 0

    def constant(self, value: NDArray[Any], *, half: bool = False) -> str:
        """A stored tensor; ``half`` stores float16 and widens it when the graph runs."""
        import numpy as np
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        if half:
            self.constants.append(numpy_helper.from_array(np.asarray(value, dtype=np.float16), name))
            return self.add("Cast", name, to=1)
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def add(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:
        """A node; the name of its first output (the others end in ``_1`` …)."""
        from onnx import helper

        self._count += 1
        name = f"n{self._count}"
        names = [name, *(f"{name}_{i}" for i in range(1, outputs))]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return name

    def linear(self, x: str, weight: Any, bias: Any) -> str:
        """A dense layer over the last axis."""
        product = self.add("MatMul", x, self.constant(weight.detach().numpy().T.copy()))
        return self.add("Add", product, self.constant(bias.detach().numpy()))

    def integers(self, *values: int) -> str:
        import numpy as np

        return self.constant(np.asarray(values, dtype=np.int64))

    def number(self, value: float) -> str:
        import numpy as np

        return self.constant(np.asarray(value, dtype=np.float32))

    def both_ways(self, x: str, forwards: Any, backwards: Any, lengths: str = "") -> str:
        """Two of torch's LSTMs, one from each side, over (length, batch, width); returns (length, batch, 2 * width)."""
        import numpy as np

        def reorder(tensor: Any) -> NDArray[np.float32]:  # torch: i f g o, ONNX: i o f c
            i, f, g, o = np.split(tensor.detach().numpy(), 4, axis=0)
            return np.concatenate([i, o, f, g])

        pair = (forwards, backwards)
        w = np.stack([reorder(p.weight_ih_l0) for p in pair])
        r = np.stack([reorder(p.weight_hh_l0) for p in pair])
        b = np.stack([np.concatenate([reorder(p.bias_ih_l0), reorder(p.bias_hh_l0)]) for p in pair])
        width = forwards.hidden_size
        y = self.add(
            "LSTM", x, self.constant(w), self.constant(r), self.constant(b), lengths,
            direction="bidirectional", hidden_size=width,
        )  # fmt: skip
        # (length, 2, batch, width) → (length, batch, 2 * width)
        turned = self.add("Transpose", y, perm=[0, 2, 1, 3])
        return self.add("Reshape", turned, self.integers(0, 0, 2 * width))

    def model(
        self, inputs: Mapping[str, tuple[int, list[Any]]], outputs: Mapping[str, tuple[str, list[Any]]]
    ) -> Any:
        """The finished model; ``inputs`` maps names to (type, shape), ``outputs`` names to (what they were, shape)."""
        from onnx import checker, helper

        for new, (old, _) in outputs.items():
            self.nodes.append(helper.make_node("Identity", [old], [new]))
        graph = helper.make_graph(
            self.nodes,
            "feedbackcheck",
            [helper.make_tensor_value_info(n, kind, shape) for n, (kind, shape) in inputs.items()],
            [helper.make_tensor_value_info(n, 1, shape) for n, (_, shape) in outputs.items()],
            self.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
        model.ir_version = 8
        checker.check_model(model)
        return model


def quantise(path: Path) -> None:
    """LSTM and dense weights to int8 (activations are quantised as the graph runs).

    A scale a column for the dense ones, whose columns differ more than an LSTM's.
    """
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # its advice to preprocess does not apply to these graphs
    for kind, per_channel in (("LSTM", False), ("MatMul", True)):
        quantize_dynamic(
            path, path, weight_type=QuantType.QInt8, per_channel=per_channel, op_types_to_quantize=[kind]
        )
