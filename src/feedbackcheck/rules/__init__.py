"""The rules: one file a code. The file's name is the code and the slug; its docstring is the rule's page."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files

from feedbackcheck.rules.base import Rule

__all__ = ["all_rules", "rule"]


@cache
def _modules() -> dict[str, str]:
    names = sorted(p.name.removesuffix(".py") for p in files(__package__).iterdir() if p.name.endswith(".py"))
    return {
        n.split("_", 1)[0].upper(): n for n in names if not n.startswith("_") and n not in ("base", "pages")
    }


def codes() -> tuple[str, ...]:
    """All codes, sorted."""
    return tuple(_modules())


def rule(code: str) -> Rule:
    """The rule of one code.

    Raises:
        KeyError: no rule has that code.
    """
    found = import_module(f"{__package__}.{_modules()[code]}").RULE
    assert isinstance(found, Rule)
    return found


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by code."""
    return tuple(rule(code) for code in codes())
