"""Two stores side by side: what became better and worse from one period to the next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["compare_stores"]


def _figures(path: Path) -> dict[str, Any]:
    from feedbackcheck.review import tables
    from feedbackcheck.review.store import Store

    with Store.open(path, writes=False) as store:
        mean, scored, days = store.rows("SELECT avg(score), count(score), median(days) FROM m")[0]
        groups = {
            table.title: {row[0]: (row[1], row[2]) for row in table.rows}
            for table in (tables.stages(store), tables.departments(store))
        }
        return {
            "counts": store.counts().to_dict(),
            "mean": None if mean is None else round(mean, 1),
            "scored": scored,
            "days": days,
            "codes": {row[0]: row[3] for row in tables.findings(store).rows},
            "groups": groups,
        }


def compare_stores(before: Path, after: Path, *, json_format: bool = False) -> str:
    """The comparison, as text or JSON.

    Raises:
        UsageError: one of them cannot be opened.
    """
    a, b = _figures(before), _figures(after)
    codes = sorted({*a["codes"], *b["codes"]})
    changes = [(c, a["codes"].get(c, 0.0), b["codes"].get(c, 0.0)) for c in codes]
    changes.sort(key=lambda x: (-abs(x[2] - x[1]), x[0]))
    if json_format:
        data = {
            "schema": 1,
            "before": {k: v for k, v in a.items() if k != "groups"},
            "after": {k: v for k, v in b.items() if k != "groups"},
            "mean_change": None if None in (a["mean"], b["mean"]) else round(b["mean"] - a["mean"], 1),
            "codes": [{"code": c, "before": x, "after": y} for c, x, y in changes],
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    from feedbackcheck.rules.base import catalogue

    lines = [f"{'':34} {'før':>8} {'etter':>8} {'endring':>8}"]
    lines.append(_line("Vurderte avslag", a["scored"], b["scored"], "d"))
    lines.append(_line("Snitt av 100", a["mean"], b["mean"], ".1f"))
    lines.append(_line("Median svartid i dager", a["days"], b["days"], ".0f"))
    for title in a["groups"]:
        names = sorted({*a["groups"][title], *b["groups"][title]})
        if names:
            lines += ["", f"{title} (snitt)"]
        lines += [
            _line(
                f"  {n}",
                a["groups"][title].get(n, (0, None))[1],
                b["groups"][title].get(n, (0, None))[1],
                ".1f",
            )
            for n in names
        ]
    lines += ["", "Funn (andel av avslagene)"]
    for code, x, y in changes[:15]:
        name = str(catalogue().get(code, {}).get("name", ""))
        lines.append(_line(f"  {code} {name}", x, y, ".0%"))
    return "\n".join(lines) + "\n"


def _line(label: str, before: Any, after: Any, form: str) -> str:
    def shown(value: Any, *, sign: bool = False) -> str:
        if value is None:
            return "–"
        return f"{value:{'+' if sign else ''}{form}}".replace(".", ",")

    change = None if before is None or after is None else after - before
    return f"{label[:34]:34} {shown(before):>8} {shown(after):>8} {shown(change, sign=True):>8}"
