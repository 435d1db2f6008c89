"""The table of compared models: same training text, same thresholds' source, same dev set.

Every model is trained on the training writers but the held-out fold; the fold gives thresholds and calibration, the dev
set (other writers) the figures. ``feedbackcheck train recogniser --compare`` fills the table, ``feedbackcheck evaluate
--compare`` prints it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .datasets import Example

_FILE = "comparison.json"


@dataclass(frozen=True)
class Row:
    """One model's figures. F1s and the calibration error lie within 0–1; None where a figure was not taken."""

    name: str
    problems: float
    problems_macro: float
    ingredients: float
    ingredients_macro: float
    problems_at_half: float
    ingredients_at_half: float
    calibration_error: float
    megabytes: float | None
    milliseconds: float | None
    load_seconds: float | None
    note: str = ""


def figures(
    name: str,
    held: tuple[Sequence[Example], Sequence[NDArray[np.float32]]],
    dev: tuple[Sequence[Example], Sequence[NDArray[np.float32]]],
    *,
    megabytes: float | None = None,
    milliseconds: float | None = None,
    load_seconds: float | None = None,
    note: str = "",
) -> Row:
    """Thresholds and calibration from ``held`` (examples and logits), F1 and calibration error on ``dev``."""
    import numpy as np

    from .thresholds import calibration_error, choose, flatten, micro, platt

    scores, labels, counted = flatten(*held)
    slopes, offsets = platt(scores, labels, counted)
    thresholds = choose(scores * slopes + offsets, labels, counted)
    x, y, w = flatten(*dev)
    half = micro(x, y, w, np.zeros_like(thresholds))
    calibrated = x * slopes + offsets
    tuned = micro(calibrated, y, w, thresholds)
    probabilities = 1 / (1 + np.exp(-np.clip(calibrated, -30, 30)))
    return Row(
        name=name,
        problems=round(tuned["problems"], 3),
        problems_macro=round(tuned["problems_macro"], 3),
        ingredients=round(tuned["ingredients"], 3),
        ingredients_macro=round(tuned["ingredients_macro"], 3),
        problems_at_half=round(half["problems"], 3),
        ingredients_at_half=round(half["ingredients"], 3),
        calibration_error=round(calibration_error(probabilities, y, w), 3),
        megabytes=None if megabytes is None else round(megabytes, 1),
        milliseconds=None if milliseconds is None else round(milliseconds, 1),
        load_seconds=None if load_seconds is None else round(load_seconds, 2),
        note=note,
    )


def timed(run: Callable[[], Any], letters: int) -> tuple[Any, float]:
    """What ``run`` gives and its processor milliseconds a letter."""
    began = time.process_time()
    result = run()
    return result, 1000 * (time.process_time() - began) / max(1, letters)


def store(folder: Path, rows: Sequence[Row]) -> None:
    """Add rows to the folder's table; one of the same name is replaced."""
    path = folder / _FILE
    known: dict[str, dict[str, Any]] = {}
    if path.is_file():
        known = {row["name"]: row for row in json.loads(path.read_text("utf-8"))}
    known.update({row.name: asdict(row) for row in rows})
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(list(known.values()), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    head = ("modell", "prob.", "makro", "ingr.", "makro", "kalibr.", "MB", "ms/brev", "last s", "merknad")

    def shown(value: float | None, digits: int) -> str:
        return "–" if value is None else f"{value:.{digits}f}"

    lines = [
        head,
        *(
            (
                r.name,
                shown(r.problems, 3),
                shown(r.problems_macro, 3),
                shown(r.ingredients, 3),
                shown(r.ingredients_macro, 3),
                shown(r.calibration_error, 3),
                shown(r.megabytes, 1),
                shown(r.milliseconds, 1),
                shown(r.load_seconds, 2),
                r.note,
            )
            for r in rows
        ),
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if i in (0, 9) else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def stored_table(folder: Path | None = None) -> str:
    """The table that was stored with the shipped models.

    Raises:
        ModelError: there is none.
    """
    from feedbackcheck.language.locations import models_folder

    path = (folder or models_folder() / "recogniser") / _FILE
    if not path.is_file():
        raise ModelError(
            "ingen sammenligning er lagret",
            where=str(path),
            fix="Kjør «feedbackcheck train recogniser --compare».",
        )
    rows = [Row(**row) for row in json.loads(path.read_text("utf-8"))]
    return "Terskler fra en holdt-utenfor del av treningsforfatterne, tall på dev.\n" + table(rows)
