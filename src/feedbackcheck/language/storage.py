"""Store a spaCy pipeline's weights in half precision, and bring them back.

A packed pipeline is an ordinary spaCy folder whose weights are float16 (half the disk, no loss that a score shows) and
whose vocabulary holds no more than the labels need. Computing in float16 would be slow on a CPU, so loading turns the
weights into float32 again; the folder's ``meta.json`` says that this has to be done.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language

_MARK = "feedbackcheck_precision"


def is_packed(folder: Path) -> bool:
    """Return whether the pipeline in ``folder`` was written by :func:`write_packed`."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return isinstance(meta, dict) and meta.get(_MARK) == "float16"


def write_packed(nlp: Language, folder: Path, meta: dict[str, Any]) -> None:
    """Write ``nlp`` to ``folder`` (replaced if it exists) with ``meta`` added to its description.

    The pipeline in memory keeps its precision, except that ``meta`` stays with it.
    """
    import numpy as np

    nlp.meta.update({**meta, _MARK: "float16"})
    full: list[tuple[Any, str, Any]] = []
    for node in _nodes(nlp):
        for name in node.param_names:
            if node.has_param(name):
                value = node.get_param(name)
                full.append((node, name, value))
                node.set_param(name, value.astype(np.float16))
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


def read_packed(folder: Path) -> Language:
    """Load a pipeline that :func:`write_packed` wrote, with float32 weights."""
    import numpy as np
    import spacy

    nlp = spacy.load(folder)
    for node in _nodes(nlp):
        for name in node.param_names:
            if node.has_param(name):
                node.set_param(name, node.get_param(name).astype(np.float32))
    return nlp


def _nodes(nlp: Language) -> list[Any]:
    seen: dict[int, Any] = {}
    for _, component in nlp.pipeline:
        model: Any = getattr(component, "model", None)
        if hasattr(model, "walk"):
            for node in model.walk():
                seen.setdefault(node.id, node)
    return list(seen.values())
