"""What a letter's score would gain if one thing in it were put right, all else being equal."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedbackcheck.report import Report

__all__ = ["gains_of"]


@cache
def _weights() -> dict[str, float]:
    import tomllib

    data = (resources.files("feedbackcheck") / "data" / "score.toml").read_text("utf-8")
    weights: dict[str, float] = tomllib.loads(data)["weights"]
    return weights


def gains_of(report: Report) -> dict[str, int]:
    """Points by code: a problem taken away with all its contributions, or a missing part added at its weight.

    Caps are kept but for the code that brought them; the score stays within 0–100. Codes that gain nothing are left out.
    """
    from feedbackcheck.rules.base import needs

    score = report.score
    if score is None:
        return {}
    raw = score.start + sum(c.points for c in score.contributions)
    limits = {cap[:6]: float(cap.rsplit(" ", 1)[1]) for cap in score.caps}
    table = needs()["needs"]
    out = {}
    for code in {f.code for f in report.findings}:
        if code.startswith("MAN"):
            ingredient = f"ING{code[3:]}"
            change = max(0.0, _weights().get(f"{ingredient}:{table[ingredient][report.stage.value]}", 0.0))
        else:
            change = -sum(c.points for c in score.contributions if c.code == code)
        limit = min((v for c, v in limits.items() if c != code), default=100.0)
        gain = max(0, min(100, round(min(raw + change, limit)))) - score.total
        if gain > 0:
            out[code] = gain
    return out
