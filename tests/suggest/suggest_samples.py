"""Drafts, contexts and messages for the tests of suggestions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from feedbackcheck.message import Context, Message, Mode, Stage
from feedbackcheck.sources import read_text

HERE = Path(__file__).parent


def message(
    text: str, context: dict[str, Any] | None = None, *, stage: str | None = None, mode: str | None = None
) -> Message:
    """A draft with its context, ready to be checked."""
    known: dict[str, Any] = {"context": Context.from_mapping(context or {})}
    if stage:
        known["stage"] = Stage(stage)
    if mode:
        known["mode"] = Mode(mode)
    return replace(read_text(text, name="") if text else Message.from_text(""), **known)


def contexts() -> list[tuple[str, str, dict[str, Any]]]:
    """(name, draft, context) of every file in ``contexts/``; the first line names the draft."""
    out = []
    for file in sorted((HERE / "contexts").glob("*.yaml")):
        raw = file.read_text(encoding="utf-8")
        out.append((file.stem, raw.splitlines()[0].split(": ")[1], yaml.safe_load(raw)))
    return out


def draft(name: str) -> str:
    """A draft's text; empty for "none"."""
    return "" if name == "none" else (HERE / "drafts" / f"{name}.txt").read_text(encoding="utf-8")
