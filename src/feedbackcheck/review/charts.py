"""Charts as inline SVG: drawn by Altair (Vega-Lite), rendered by vl-convert here and now, so the page needs no script."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from feedbackcheck.errors import MissingExtraError

if TYPE_CHECKING:
    from feedbackcheck.review.tables import Table

__all__ = ["bars", "columns", "trend"]

#: Narrow, so that letters stay readable when a phone shows the chart at full width.
_WIDTH = 330
_BLUE, _INK, _GRID, _AXIS = "#1f5a8a", "#333333", "#e3e7ea", "#56636c"
#: Letters of a label that there is room for.
_LABEL = 30


def _altair() -> Any:
    try:
        import altair
        import vl_convert  # noqa: F401
    except ImportError:
        raise MissingExtraError("Rapport", "review") from None
    return altair


#: Colours that the page sets, so that charts follow it into the dark.
_THEMED = {_BLUE: "var(--accent)", _INK: "currentColor", _GRID: "var(--line)", _AXIS: "var(--soft)"}


def _svg(chart: Any, label: str, *, left: int = 14) -> str:
    """The chart's SVG.

    Args:
        left: room beside the labels: they are measured with one font here and shown in another there.
    """
    import html

    import vl_convert

    chart = chart.configure(
        background="transparent",
        font="Arial, Helvetica, sans-serif",
        padding={"left": left, "right": 12, "top": 4, "bottom": 4},
    ).configure_view(stroke=None)
    chart = chart.configure_axis(
        labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor=_INK, titleColor=_INK, gridColor=_GRID,
        domainColor=_AXIS, tickColor=_AXIS,
    )  # fmt: skip
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    svg = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", "", svg)
    # One label for screen readers; the figures stand in the table beside the chart.
    svg = re.sub(r' (?:aria-[a-z-]+|role)="[^"]*"', "", svg)
    for colour, variable in _THEMED.items():
        svg = svg.replace(f'"{colour}"', f'"{variable}"')
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(label, quote=True)}" ', 1)


def _data(rows: list[dict[str, Any]]) -> Any:
    return _altair().Data(values=rows)


def columns(table: Table, label: str, *, x: str, y: str) -> str:
    """Upright columns in the table's own order: the first column of the table against the second."""
    alt = _altair()
    rows = [{"x": str(r[0]), "y": r[1]} for r in table.rows]
    chart = (
        alt.Chart(_data(rows))
        .mark_bar(color=_BLUE)
        .encode(
            x=alt.X("x:N", sort=None, title=x, axis=alt.Axis(labelAngle=-45)),
            y=alt.Y("y:Q", title=y, axis=alt.Axis(tickCount=4, format="d")),
        )
    )
    return _svg(chart.properties(width=_WIDTH - 60, height=170), label)


def trend(table: Table, label: str) -> str:
    """Mean score by month as a line, with points as large as the month had letters."""
    alt = _altair()
    rows = [{"x": _month(str(r[0])), "y": r[2], "n": r[1]} for r in table.rows]
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("x:N", sort=None, title=None, axis=alt.Axis(labelAngle=-60, labelOverlap="greedy")),
        y=alt.Y("y:Q", title="snitt", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=5)),
    )
    chart = base.mark_line(color=_BLUE, strokeWidth=2) + base.mark_circle(color=_BLUE, opacity=1).encode(
        size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[15, 160]))
    )
    return _svg(chart.properties(width=_WIDTH - 60, height=170), label)


def _month(name: str) -> str:
    """«2025-03» as «03.25», short enough to stand beside another."""
    year, _, month = name.partition("-")
    return f"{month}.{year[2:]}" if month else name


def _short(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1].rstrip() + "…"


def bars(
    rows: list[tuple[str, float]], label: str, *, x: str, percent: bool = False, most: float | None = None
) -> str:
    """Lying bars with their values, the longest first as given.

    Args:
        most: the axis' end, where it has one (100 points).
    """
    alt = _altair()
    labels = [_short(name) for name, _ in rows]
    shown = [
        {"n": i, "x": v, "t": f"{v:.0%}".replace("%", "\u00a0%") if percent else f"{v:.1f}".replace(".", ",")}
        for i, (_, v) in enumerate(rows)
    ]
    longest = max((len(label) for label in labels), default=0)
    base = alt.Chart(_data(shown)).encode(
        # By number: two labels may be the same once they are cut.
        y=alt.Y(
            "n:O",
            title=None,
            axis=alt.Axis(
                labelLimit=260, ticks=False, domain=False, labelExpr=f"{json.dumps(labels)}[datum.value]"
            ),
        ),
        x=alt.X(
            "x:Q",
            title=x,
            axis=alt.Axis(format="%" if percent else "~r", tickCount=3),
            scale=alt.Scale(domain=[0, most]) if most is not None else alt.Scale(nice=True),
        ),
    )
    text = base.mark_text(align="left", dx=4, color=_INK).encode(text="t:N")
    chart = base.mark_bar(color=_BLUE) + text
    width = max(90, _WIDTH - 60 - 6 * longest)
    return _svg(chart.properties(width=width, height=alt.Step(21)), label, left=8 + longest)
