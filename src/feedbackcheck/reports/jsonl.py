"""JSON lines: one ``messages[]`` object of the contract a line."""

from __future__ import annotations

import json

from feedbackcheck.reports.base import Run

__all__ = ["render"]


def render(run: Run, *, colour: bool = False) -> str:
    return "".join(json.dumps(r.to_dict(), ensure_ascii=False) + "\n" for r in run.reports)
