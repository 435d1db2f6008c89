"""Exit codes of every command."""

from __future__ import annotations

from typing import Final

#: Nothing at or above the threshold.
CLEAN: Final = 0
#: Findings at or above the threshold.
FINDINGS: Final = 1
#: Wrong use, bad configuration or unreadable input.
ERROR: Final = 2
