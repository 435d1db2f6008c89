"""Start onnxruntime on a graph, in the way that every graph here is run."""

from __future__ import annotations

from typing import Any


def open_session(graph: str | bytes) -> Any:
    """Return a session for a graph's path or bytes: one thread, as processes are the parallelism, and no chatter.

    Raises onnxruntime's own, undocumented kinds of errors when it cannot be read.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
