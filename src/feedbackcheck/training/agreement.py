"""How far two labellings of the same messages agree: the ceiling of every figure measured on labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from feedbackcheck.training.evaluate import PROBLEM_PREFIXES

__all__ = ["agreement"]

Message = Mapping[str, Any]


def agreement(first: Sequence[Message], second: Sequence[Message]) -> dict[str, float]:
    """Agreement of the messages that both have, by id.

    Args:
        first, second: labelled messages with equal segments (see the corpora's datasheet).

    Returns:
        ``messages``: how many; ``problems`` and ``ingredients``: F1 of the firm labels; the same with ``_forgiven``: where
        a label that one reader set firmly and the other as optional is no disagreement; ``quality``: Pearson's r.
    """
    known = {m["id"]: m for m in first}
    pairs = [(known[m["id"]], m) for m in second if m["id"] in known]
    out: dict[str, float] = {"messages": float(len(pairs))}
    for name, problems in (("problems", True), ("ingredients", False)):
        both = one = forgiven = 0
        for a, b in pairs:
            for x, y in zip(a["segments"], b["segments"], strict=True):
                firm_a, firm_b = _kind(x["labels"], problems), _kind(y["labels"], problems)
                both += 2 * len(firm_a & firm_b)
                one += len(firm_a ^ firm_b)
                forgiven += len(firm_a - firm_b - set(y["optional"])) + len(
                    firm_b - firm_a - set(x["optional"])
                )
        out[name] = both / max(1, both + one)
        out[f"{name}_forgiven"] = both / max(1, both + forgiven)
    graded = [(a["quality"], b["quality"]) for a, b in pairs if a.get("quality") and b.get("quality")]
    if len(graded) > 1:
        import statistics

        out["quality"] = statistics.correlation([a for a, _ in graded], [b for _, b in graded])
    return {k: round(v, 3) for k, v in out.items()}


def _kind(labels: Sequence[str], problems: bool) -> set[str]:
    return {c for c in labels if (c[:3] in PROBLEM_PREFIXES) is problems}
