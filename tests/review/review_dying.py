"""Options whose analyser is killed by one kind of message. A module, so that worker processes can import it."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import Any

from feedbackcheck.review import worker


@dataclass(frozen=True, slots=True, kw_only=True)
class DyingOptions(worker.WorkOptions):
    """Unpickling these in a worker arms the trap."""

    def __reduce__(self) -> Any:
        return _armed, ()


def _armed() -> worker.WorkOptions:
    real = worker.read

    def read(item: Any, table: Any = None) -> Any:
        if item.data.startswith(b"X-Kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(item, table)

    worker.read = read
    return worker.WorkOptions()
