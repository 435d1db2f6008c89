"""Where the work is done: threads of this process, or a few processes that use all cores.

Analysing a letter keeps Python busy, so threads share one core. With processes, the event loop stays free to answer
what it remembers and to refuse what it must. A worker that dies (out of memory, a hostile file) is replaced.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.processes import end_with_parent
from feedbackcheck.server.security import place_of
from feedbackcheck.server.service import Service
from feedbackcheck.settings import Settings

__all__ = ["Workers"]

_service: Service | None = None


def _begin(settings: Settings | None) -> None:
    """Make ready for work (in a worker process)."""
    global _service
    # The parent decides when to stop: Ctrl+C reaches the whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    _service = Service(settings)
    _service.warm()


def _work(name: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    assert _service is not None
    try:
        return True, getattr(_service, name)(*arguments)
    except FeedbackcheckError as error:
        # Errors with named parts do not travel between processes.
        return False, str(error)
    except Exception as error:
        # Nor must others: what they quote may be a draft.
        raise InternalError(place_of(error)) from None


class InternalError(RuntimeError):
    """A fault of the program, told by its kind and place only."""


class Workers:
    """Runs the methods of :class:`Service`.

    Args:
        settings: what to look for.
        processes: 0 works in threads of this process.
        at_once: threads, when there are no processes.
    """

    def __init__(self, settings: Settings | None, *, processes: int, at_once: int) -> None:
        self.settings = settings
        self.processes = processes
        self.at_once = at_once
        self._local = Service(settings) if processes == 0 else None
        self._executor: Executor | None = None

    def _start(self) -> Executor:
        if self._local is not None:
            return ThreadPoolExecutor(self.at_once, thread_name_prefix="check")
        return ProcessPoolExecutor(
            self.processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self.settings,),
        )

    async def start(self) -> None:
        """Load the models before the first request waits for them."""
        self._executor = self._start()
        if self._local is not None:
            await asyncio.get_running_loop().run_in_executor(self._executor, self._local.warm)
        else:
            # A pool starts a process for each piece of work that finds none idle.
            await asyncio.gather(*(self.do("warm") for _ in range(self.processes)))

    async def do(self, name: str, *arguments: Any) -> Any:
        """The result of ``Service.name(*arguments)``.

        Raises:
            FeedbackcheckError: as the method raised it (from a process: its words only).
        """
        loop = asyncio.get_running_loop()
        for attempt in (1, 2):
            executor = self._executor = self._executor or self._start()
            try:
                if self._local is not None:
                    return await loop.run_in_executor(executor, getattr(self._local, name), *arguments)
                fine, result = await loop.run_in_executor(executor, _work, name, arguments)
            except BrokenProcessPool:
                if self._executor is executor:
                    self._executor = None
                    executor.shutdown(wait=False)
                if attempt == 2:
                    raise FeedbackcheckError("Kontrollen stoppet uventet", fix="Prøv igjen.") from None
                continue
            if not fine:
                raise FeedbackcheckError(result)
            return result
        raise AssertionError

    def stop(self) -> None:
        """End the workers; what they are doing is finished, what waits is dropped."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None
