"""How much one client may ask for: requests a minute, and work at a time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

__all__ = ["RateLimit"]

_CLIENTS = 10_000


class RateLimit:
    """A token bucket a client: ``burst`` requests at once, refilled at ``per_minute``."""

    def __init__(self, per_minute: int, burst: int) -> None:
        self.rate = per_minute / 60
        self.burst = float(burst)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, client: str, now: float | None = None) -> float:
        """0 if the request may go ahead, else the seconds until the next may."""
        now = time.monotonic() if now is None else now
        with self._lock:
            tokens, since = self._buckets.pop(client, (self.burst, now))
            tokens = min(self.burst, tokens + (now - since) * self.rate)
            waiting = 0.0 if tokens >= 1 else (1 - tokens) / self.rate
            self._buckets[client] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > _CLIENTS:
                self._buckets.popitem(last=False)
        return waiting
