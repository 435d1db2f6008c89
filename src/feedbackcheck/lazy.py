"""Regular expressions that compile when first used: a start that needs ten of a hundred should not pay for all."""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["lazy_re"]


class _Lazy:
    """Stands in for a compiled pattern until something is asked of it."""

    __slots__ = ("_compiled", "_flags", "_pattern")

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._compiled is None:
            self._compiled = re.compile(self._pattern, self._flags)
        return getattr(self._compiled, name)


def lazy_re(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As :func:`re.compile`, but later; a wrong pattern is an error at its first use."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
