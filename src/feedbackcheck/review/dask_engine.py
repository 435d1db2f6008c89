"""The same work on a Dask cluster: each batch is a task, done anew by another worker if its worker is lost.

Dask rather than Ray: its wheel is small and pure Python, clusters of it stand at many public bodies and universities
already, and what is needed here is no more than tasks that survive a lost worker. Order, store and journal stay with the
program that was started, so the result is that of a local run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from feedbackcheck.errors import MissingExtraError, SourceError
from feedbackcheck.review.items import Item, Outcome, Status
from feedbackcheck.review.pool import Batch
from feedbackcheck.review.worker import Analyser, WorkOptions

__all__ = ["distribute", "work"]

#: Seconds that a scheduler may take to answer.
TIMEOUT = 20

_analysers: dict[bytes, Analyser] = {}


def work(packed: bytes, batch: Batch) -> list[Outcome]:
    """Analyse a batch on a worker; its models stay loaded for the next."""
    import pickle

    if packed not in _analysers:
        _analysers.clear()
        _analysers[packed] = Analyser(pickle.loads(packed))
    return _analysers[packed].process(batch)


def distribute(scheduler: str | None) -> Callable[..., Iterator[tuple[Batch, list[Outcome]]]]:
    """An engine for :class:`feedbackcheck.review.run.Review`.

    Args:
        scheduler: address of a running one; None: a cluster of processes on this machine.

    Raises:
        MissingExtraError: distributed is not installed.
        SourceError: the scheduler does not answer.
    """
    try:
        import distributed
    except ImportError:
        raise MissingExtraError("--engine dask", "dask") from None

    dask: Any = distributed

    def analyse(
        batches: Iterable[Batch], options: WorkOptions, *, workers: int
    ) -> Iterator[tuple[Batch, list[Outcome]]]:
        import pickle

        cluster: Any = None
        client: Any
        try:
            if scheduler is None:
                cluster = dask.LocalCluster(
                    n_workers=max(1, workers), threads_per_worker=1, processes=True, dashboard_address=None
                )
                client = dask.Client(cluster)
            else:
                client = dask.Client(scheduler, timeout=TIMEOUT)
        except (OSError, TimeoutError, ValueError) as error:
            raise SourceError(
                f"Planleggeren svarer ikke ({type(error).__name__})", where=scheduler or "lokal"
            ) from None
        packed = pickle.dumps(options)
        try:
            ahead = 3 * max(2, len(client.scheduler_info(n_workers=-1)["workers"]))
            waiting: deque[tuple[Batch, Any]] = deque()
            for batch in batches:
                waiting.append((batch, client.submit(work, packed, batch, pure=False, retries=3)))
                if len(waiting) > ahead:
                    yield _next(client, packed, waiting)
            while waiting:
                yield _next(client, packed, waiting)
        finally:
            client.close()
            if cluster is not None:
                cluster.close()

    return analyse


def _next(client: Any, packed: bytes, waiting: deque[tuple[Batch, Any]]) -> tuple[Batch, list[Outcome]]:
    from distributed.scheduler import KilledWorker

    batch, future = waiting.popleft()
    try:
        return batch, future.result()
    except KilledWorker:
        # A message in it kills workers: find it, and let the others be done.
        out: list[Outcome] = []
        for item in batch:
            try:
                out += client.submit(work, packed, [item], pure=False).result()
            except KilledWorker:
                out.append(_lost(item))
        return batch, out


def _lost(item: Item) -> Outcome:
    return Outcome(
        status=Status.FAILED, position=item.position, id=item.position, reason="fikk programmet til å stanse"
    )
