"""Store a spaCy pipeline's weights in few bits, and bring them back.

A packed pipeline is an ordinary spaCy folder whose hashed tables are int8 with a scale a row, whose other weights are float16
(together less than half the disk, no loss that a score shows) and whose vocabulary holds no more than the labels need.
Computing in them would be slow on a CPU, so loading turns the weights into float32 again; the folder's ``meta.json`` says
that this has to be done.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.language import Language

_MARK = "feedbackcheck_precision"
_WRITTEN = "int8"
_READ = frozenset({"float16", _WRITTEN})
_TABLE = "E"  # what thinc calls the rows of a hashed embedding


def is_packed(folder: Path) -> bool:
    """Return whether the pipeline in ``folder`` was written by :func:`write_packed`."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return isinstance(meta, dict) and meta.get(_MARK) in _READ


def write_packed(nlp: Language, folder: Path, meta: dict[str, Any]) -> None:
    """Write ``nlp`` to ``folder`` (replaced if it exists) with ``meta`` added to its description.

    The pipeline in memory keeps its precision, except that ``meta`` stays with it.
    """
    import numpy as np

    nlp.meta.update({**meta, _MARK: _WRITTEN})
    full: list[tuple[Any, str, Any]] = []
    for node in _nodes(nlp):
        for name in node.param_names:
            if node.has_param(name):
                value = node.get_param(name)
                full.append((node, name, value))
                node.set_param(name, _few_bits(value) if name == _TABLE else value.astype(np.float16))
    try:
        keep = {path.name: path.read_bytes() for path in folder.glob("*.md")} if folder.is_dir() else {}
        shutil.rmtree(folder, ignore_errors=True)
        nlp.to_disk(folder)
        _prune_strings(nlp, folder / "vocab" / "strings.json")
        for name, content in keep.items():
            (folder / name).write_bytes(content)
    finally:
        for node, name, value in full:
            node.set_param(name, value)


def _prune_strings(nlp: Language, path: Path) -> None:
    """Leave out the training texts' words: only labels and the edit trees' strings are looked up by number.

    The words of a vocabulary are no use to a floret table, take time to read, and are not ours to pass on.
    """
    from spacy.strings import get_string_id

    wanted: set[int] = set()
    names: set[str] = set()
    for _, component in nlp.pipeline:
        names.update(str(label) for label in getattr(component, "labels", ()))
        trees: Any = getattr(component, "trees", ())
        for index in range(len(trees)):
            wanted.update(value for key, value in trees[index].items() if key in {"orig", "subst"})
    strings = json.loads(path.read_text(encoding="utf-8"))
    kept = [string for string in strings if string in names or get_string_id(string) in wanted]
    path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def read_packed(folder: Path, *, exclude: Sequence[str] = ()) -> Language:
    """Load a pipeline that :func:`write_packed` wrote, with float32 weights, without the components in ``exclude``."""
    import numpy as np
    import spacy

    # The folder has all of the tokeniser's rules; making spaCy's first would take a quarter of the time.
    nlp = spacy.load(folder, exclude=list(exclude), config={"nlp.tokenizer.spacys_rules": False})
    for node in _nodes(nlp):
        for name in node.param_names:
            if node.has_param(name):
                value = node.get_param(name)
                node.set_param(name, _all_bits(value) if value.dtype == np.int8 else value.astype(np.float32))
    return nlp


def _few_bits(table: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return the table as int8; two more columns hold the bits of each row's float16 scale, so that it stays one array."""
    import numpy as np

    scale = (np.abs(table).max(axis=1, keepdims=True) / 127 + 1e-6).astype(np.float16)
    codes = np.clip(np.rint(table / scale.astype(np.float32)), -127, 127).astype(np.int8)
    return np.hstack([codes, scale.view(np.int8)])


def _all_bits(packed: NDArray[np.int8]) -> NDArray[np.float32]:
    import numpy as np

    scale = np.ascontiguousarray(packed[:, -2:]).view(np.float16).astype(np.float32)
    return packed[:, :-2].astype(np.float32) * scale


def _nodes(nlp: Language) -> list[Any]:
    seen: dict[int, Any] = {}
    for _, component in nlp.pipeline:
        model: Any = getattr(component, "model", None)
        if hasattr(model, "walk"):
            for node in model.walk():
                seen.setdefault(node.id, node)
    return list(seen.values())
