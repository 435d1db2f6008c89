"""Tells in one line when training is asked for without the packages that it needs."""

from __future__ import annotations


def need_torch() -> None:
    """Raise ``MissingExtraError`` unless torch can be imported."""
    from importlib.util import find_spec

    from feedbackcheck.errors import MissingExtraError

    if find_spec("torch") is None:
        raise MissingExtraError("Trening", "train")
