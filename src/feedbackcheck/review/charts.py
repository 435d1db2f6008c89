"""Charts as inline SVG: drawn by Altair (Vega-Lite), rendered by vl-convert here and now, so the page needs no script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from feedbackcheck.errors import MissingExtraError

if TYPE_CHECKING:
    from feedbackcheck.review.tables import Table

__all__ = ["bars", "columns", "trend"]

#: Narrow, so that letters stay readable when a phone shows the chart at full width.
_WIDTH = 330
_BLUE, _GREY = "#1f5a8a", "#9aa7b1"


def _altair() -> Any:
    try:
        import altair
        import vl_convert  # noqa: F401
    except ImportError:
        raise MissingExtraError("Rapport", "review") from None
    return altair


def _svg(chart: Any, label: str) -> str:
    import html

    import vl_convert

    chart = chart.configure(
        background="white",
        font="Arial, Helvetica, sans-serif",
        padding={"left": 14, "right": 6, "top": 4, "bottom": 4},
    ).configure_view(stroke=None)
    chart = chart.configure_axis(
        labelFontSize=12, titleFontSize=12, labelColor="#333", titleColor="#333", gridColor="#e3e7ea"
    )
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    svg = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", "", svg)
    # One label for screen readers; the figures stand in the table beside the chart.
    svg = re.sub(r' (?:aria-[a-z-]+|role)="[^"]*"', "", svg)
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
    rows = [{"x": str(r[0]), "y": r[2], "n": r[1]} for r in table.rows]
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("x:N", sort=None, title=None, axis=alt.Axis(labelAngle=-60, labelOverlap="greedy")),
        y=alt.Y("y:Q", title="snitt", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=5)),
    )
    chart = base.mark_line(color=_BLUE, strokeWidth=2) + base.mark_circle(color=_BLUE, opacity=1).encode(
        size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[15, 160]))
    )
    return _svg(chart.properties(width=_WIDTH - 60, height=170), label)


def bars(rows: list[tuple[str, float]], label: str, *, x: str, percent: bool = False) -> str:
    """Lying bars with their values, the longest first as given."""
    alt = _altair()
    shown = [
        {"y": n[:26], "x": v, "t": f"{v:.0%}" if percent else f"{v:g}".replace(".", ",")} for n, v in rows
    ]
    base = alt.Chart(_data(shown)).encode(
        y=alt.Y("y:N", sort=None, title=None, axis=alt.Axis(labelLimit=180, ticks=False, domain=False)),
        x=alt.X(
            "x:Q",
            title=x,
            axis=alt.Axis(format="%" if percent else "~r", tickCount=3),
            scale=alt.Scale(nice=True),
        ),
    )
    text = base.mark_text(align="left", dx=4, color="#333").encode(text="t:N")
    chart = base.mark_bar(color=_BLUE) + text
    return _svg(chart.properties(width=_WIDTH - 170, height=alt.Step(21)), label)
