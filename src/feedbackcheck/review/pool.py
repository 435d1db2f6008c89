"""Spreads batches of items over processes, and keeps their order.

A process that dies (a crash in a parser, the system's memory guard) costs no message: its batches are done again, one
item at a time if need be, and only the item that kills its process again is given up as failed.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext

from feedbackcheck.processes import end_with_parent
from feedbackcheck.review.items import Item, Outcome, Status
from feedbackcheck.review.worker import Analyser, WorkOptions

__all__ = ["Batch", "analyse_batches", "prepare"]

Batch = Sequence[Item]

_WARM = "feedbackcheck.review.warm"

_analyser: Analyser | None = None


def _start(options: WorkOptions) -> None:
    global _analyser
    end_with_parent()
    warm = sys.modules.get(_WARM)  # there only where this process was forked from one that loaded it
    resources = None if warm is None else warm.RESOURCES
    alike = resources is not None and resources.settings == options.settings
    _analyser = Analyser(options, resources if alike else None)


def _work(batch: Batch) -> list[Outcome]:
    assert _analyser is not None
    return _analyser.process(batch)


def analyse_batches(
    batches: Iterable[Batch], options: WorkOptions, *, workers: int
) -> Iterator[tuple[Batch, list[Outcome]]]:
    """Outcomes of every batch, in order.

    Args:
        workers: processes; with one, the work is done in this process.
    """
    if workers <= 1:
        analyser = Analyser(options)
        for batch in batches:
            yield batch, analyser.process(batch)
        return
    yield from _Pool(options, workers).run(batches)


def prepare() -> None:
    """Begin to load what workers need, beside whatever else there is to do before they can work."""
    if "forkserver" in get_all_start_methods():
        from multiprocessing.forkserver import ensure_running

        _context()
        ensure_running()


def _context() -> BaseContext:
    """Processes forked from one that holds the models, where the system can fork; else processes from nothing."""
    # One thread a process for the numeric libraries: the processes are the parallelism.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([_WARM])
    return context


class _Pool:
    def __init__(self, options: WorkOptions, workers: int) -> None:
        self.options, self.workers = options, workers
        self.waiting: deque[tuple[Batch, Future[list[Outcome]] | None]] = deque()
        self.executor = self._executor(workers)

    def _executor(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers, mp_context=_context(), initializer=_start, initargs=(self.options,)
        )

    def run(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[Outcome]]]:
        try:
            for batch in batches:
                self.waiting.append((batch, self._submit(batch)))
                # A few batches ahead keep every process busy; more would only fill the memory.
                if len(self.waiting) > 2 * self.workers:
                    yield self._next()
            while self.waiting:
                yield self._next()
        finally:
            self.executor.shutdown(wait=False, cancel_futures=True)

    def _submit(self, batch: Batch) -> Future[list[Outcome]] | None:
        try:
            return self.executor.submit(_work, batch)
        except BrokenProcessPool:
            return None

    def _next(self) -> tuple[Batch, list[Outcome]]:
        batch, future = self.waiting[0]
        try:
            if future is None:
                raise BrokenProcessPool
            outcomes = future.result()
        except BrokenProcessPool:
            outcomes = self._one_by_one(batch)
            self._again()
        self.waiting.popleft()
        return batch, outcomes

    def _one_by_one(self, batch: Batch) -> list[Outcome]:
        """Each item in a process that may die of it."""
        out: list[Outcome] = []
        executor = self._executor(1)
        for item in batch:
            try:
                out += executor.submit(_work, [item]).result()
            except BrokenProcessPool:
                executor = self._executor(1)
                out.append(
                    Outcome(
                        status=Status.FAILED,
                        position=item.position,
                        id=item.position,
                        reason="fikk programmet til å stanse",
                    )
                )
        executor.shutdown()
        return out

    def _again(self) -> None:
        """A new pool, and what was under way given to it once more."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self._executor(self.workers)
        first, *rest = self.waiting
        self.waiting = deque([first, *((batch, self._submit(batch)) for batch, _ in rest)])
