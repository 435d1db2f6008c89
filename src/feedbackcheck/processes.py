"""What worker processes of all commands have in common."""

from __future__ import annotations

import os
import threading

__all__ = ["end_with_parent"]


def end_with_parent() -> None:
    """Make this process end when the one that gives it work is gone.

    Killed, the parent cannot say so, and the queue of work is never closed.
    """
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    # Only workers need it: a command that checks one file is not to wait for this import.
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
