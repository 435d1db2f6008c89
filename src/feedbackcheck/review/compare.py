"""Two stores side by side: what became better and worse from one period to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
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

    lines = [*_verdict(a, b), f"{'':34} {'før':>8} {'etter':>8} {'endring':>8}"]
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
    if changes:
        lines += ["", "Funn (prosent av avslagene, endring i prosentpoeng)"]
    for code, x, y in changes[:15]:
        name = str(catalogue().get(code, {}).get("name", ""))
        lines.append(_line(f"  {code} {name}", 100 * x, 100 * y, ".0f"))
    if len(changes) > 15:
        lines.append(f"  … og {len(changes) - 15} til; alle står i JSON (--output-format json)")
    return "\n".join(lines) + "\n"


#: With fewer letters a difference may well be chance.
_FEW = 50


def _verdict(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    """The change in a sentence, and what to be careful with."""
    if a["mean"] is None or b["mean"] is None:
        return ["Et av lagrene har ingen avslag, så snittet kan ikke sammenlignes.", ""]
    rise = b["mean"] - a["mean"]
    said = "er uendret" if abs(rise) < 0.05 else "har økt" if rise > 0 else "har falt"
    line = f"Snittet {said}, fra {a['mean']:.1f} til {b['mean']:.1f} av 100 poeng.".replace(".", ",")
    out = [line.removesuffix(",") + "."]
    if min(a["scored"], b["scored"]) < _FEW:
        out.append(f"Et av lagrene har under {_FEW} avslag, så små forskjeller kan være tilfeldige.")
    return [*out, ""]


def _line(label: str, before: Any, after: Any, form: str) -> str:
    def shown(value: Any, *, sign: bool = False) -> str:
        if value is None:
            return "–"
        text = f"{value:{'+' if sign else ''}{form}}"
        if not float(text):
            text = text.lstrip("+-")
        return text.replace(".", ",").replace("-", "−")

    change = None if before is None or after is None else after - before
    return f"{label[:34]:34} {shown(before):>8} {shown(after):>8} {shown(change, sign=True):>8}"
