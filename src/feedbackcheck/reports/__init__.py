"""Renderers: one format a file, each a pure function of what was found."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from feedbackcheck.reports.base import Failure, Run

__all__ = ["FORMATS", "Failure", "Run", "renderer"]

#: Name of each format and the module that renders it. ``colour`` is ignored where it makes no sense.
FORMATS = {
    "full": "full",
    "concise": "concise",
    "json": "json_format",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "github": "github",
    "junit": "junit",
    "markdown": "markdown",
    "html": "html",
}


def renderer(name: str) -> Callable[..., str]:
    """``render(run, *, colour=False) -> str`` of a format.

    Raises:
        KeyError: no such format.
    """
    function = import_module(f"{__package__}.{FORMATS[name]}").render
    assert callable(function)
    return function  # type: ignore[no-any-return]
