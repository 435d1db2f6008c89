"""Work spread by Dask gives what a local run gives, also when a worker dies on the way."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from review_support import LETTER, PERSONAL, RECEIPT, mail, mbox

pytest.importorskip("distributed", reason="the dask extra is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process of its own that can be killed."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, processes=True, dashboard_address=None) as made:
        address = made.scheduler_address
        command = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
        ]
        workers = [
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)
        ]
        yield address, workers
        for worker in workers:
            worker.kill()
            worker.wait()


def outcomes(file: Path, engine: Any = None) -> list[dict[str, Any]]:
    from feedbackcheck.review.run import Review
    from feedbackcheck.review.sources import open_source
    from feedbackcheck.review.worker import WorkOptions

    found: list[Any] = []

    class Sink:
        def put(self, outcome: Any) -> None:
            found.append(outcome)

    review = Review([open_source(str(file))], WorkOptions(reports=True), sinks=[Sink()])
    if engine is not None:
        review.analyse = engine
    run = review.go()
    assert run.counts.read == run.counts.scored + run.counts.other + run.counts.failed
    return [(o.position, o.status, o.score, o.findings, o.report, o.reason) for o in found]  # type: ignore[misc]


def test_a_worker_is_killed_midway(tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import Client

    from feedbackcheck.review import run as module
    from feedbackcheck.review.dask_engine import distribute

    monkeypatch.setattr(module, "BATCH", 8)
    texts = (LETTER, PERSONAL, RECEIPT)
    mails: list[Any] = [
        mail("Kari Nordmann", number=i, text=f"{texts[i % 3]}\nPS: sak {i} i vår {'lange ' * (i % 7)}liste.")
        for i in range(160)
    ]
    file = mbox(tmp_path / "a.mbox", [*mails, b"rot"])
    address, workers = cluster
    with Client(address) as client:
        client.wait_for_workers(2, timeout=60)
    engine = distribute(address)
    done = 0

    def killing(*arguments: Any, **options: Any) -> Iterator[Any]:
        nonlocal done
        for result in engine(*arguments, **options):
            done += 1
            if done == 4:
                workers[0].kill()
            yield result

    spread = outcomes(file, killing)
    assert workers[0].wait(10) != 0 and workers[1].poll() is None
    assert spread == outcomes(file)


def test_a_scheduler_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedbackcheck.errors import SourceError
    from feedbackcheck.review import dask_engine

    monkeypatch.setattr(dask_engine, "TIMEOUT", 1)
    file = mbox(tmp_path / "a.mbox", [mail()])
    started = time.monotonic()
    with pytest.raises(SourceError, match="Planleggeren svarer ikke"):
        outcomes(file, dask_engine.distribute("tcp://127.0.0.1:9"))
    assert time.monotonic() - started < 15
