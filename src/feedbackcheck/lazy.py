"""Regular expressions that compile when first used: a start that needs ten of a hundred should not pay for all."""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["lazy_re"]


class _Lazy:
    """Stands in for a compiled pattern until something is asked of it."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Called only while the instance lacks the name: kept there, the method costs nothing more the next time.
        value = getattr(re.compile(self._pattern, self._flags), name)
        self.__dict__[name] = value
        return value


def lazy_re(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As :func:`re.compile`, but later; a wrong pattern is an error at its first use."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
