"""The JSON of the contract: one object with all messages."""

from __future__ import annotations

import json
from typing import Any

from feedbackcheck.reports.base import Run

__all__ = ["SCHEMA", "document", "render"]

#: Version of the format; additions keep it, anything else raises it.
SCHEMA = 1


def document(run: Run) -> dict[str, Any]:
    """The object that ``render`` prints."""
    from feedbackcheck import __version__

    out: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "feedbackcheck", "version": __version__, "models": _models()},
        "messages": [r.to_dict() for r in run.reports],
    }
    if run.failures:
        out["errors"] = [{"path": f.path, "message": str(f.error)} for f in run.failures]
    return out


def _models() -> dict[str, str]:
    from feedbackcheck.language.locations import models_folder

    out = {}
    for card in sorted(models_folder().glob("*/meta.json")):
        meta = json.loads(card.read_text("utf-8"))
        out[card.parent.name] = f"{meta.get('name', card.parent.name)} {meta.get('version', '')}".strip()
    return out


def render(run: Run, *, colour: bool = False) -> str:
    return json.dumps(document(run), ensure_ascii=False, indent=1) + "\n"
