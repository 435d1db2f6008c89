"""A clock for tests of what stops by the clock."""

from __future__ import annotations


class Ticks:
    """A clock for :mod:`time`: every look at it takes ``step`` seconds, so that a busy machine makes as many updates as an idle one."""

    def __init__(self, step: float) -> None:
        self.step = step
        self.now = 0.0

    def monotonic(self) -> float:
        """Return the time, a step later than at the look before."""
        self.now += self.step
        return self.now
