"""Worker processes: forked from one that holds the models, and gone when nobody needs them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from review_support import mail, mbox, start_review

from feedbackcheck.review.items import Item, ItemKind, Status
from feedbackcheck.review.pool import analyse_batches
from feedbackcheck.review.worker import Analyser, WorkOptions

linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads /proc")


def _below(pid: int) -> set[int]:
    found: set[int] = set()
    todo = [pid]
    while todo:
        tasks = Path(f"/proc/{todo.pop()}/task")
        try:
            new = {int(p) for task in tasks.iterdir() for p in (task / "children").read_text().split()}
        except OSError:
            continue
        todo += new - found
        found |= new
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@linux
@pytest.mark.slow
def test_no_worker_outlives_a_killed_review(tmp_path: Path) -> None:
    mails = [
        mail(text=f"Hei {{name}}, brev nummer {n}.\n\n" + "Takk for søknaden. " * (n % 9), number=n)
        for n in range(3000)
    ]
    file = mbox(tmp_path / "sent.mbox", list(mails))
    process = start_review(file, workers=2)
    end = time.monotonic() + 60
    below: set[int] = set()
    while len(below) < 4 and process.poll() is None and time.monotonic() < end:
        below = _below(process.pid)  # a tracker, the one with the models, two workers
        time.sleep(0.2)
    assert len(below) >= 4
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    end = time.monotonic() + 20
    while any(map(_alive, below)) and time.monotonic() < end:
        time.sleep(0.2)
    assert not any(map(_alive, below))


@pytest.mark.slow
@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_processes_find_what_one_finds(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the workers come about; where the system cannot fork, they are begun from nothing."""
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {method}")
    monkeypatch.setattr("feedbackcheck.review.pool.get_all_start_methods", lambda: [method])
    items = [
        Item(position=str(n), kind=ItemKind.MAIL, data=mail(number=n, position=job).as_bytes())
        for n, job in enumerate(["kokk", "lærer", "sjåfør", "tømrer"])
    ]
    alone = Analyser(WorkOptions()).process(items)
    batches = [items[:2], items[2:]]
    shared = [outcome for _, found in analyse_batches(batches, WorkOptions(), workers=2) for outcome in found]
    assert shared == alone
    assert all(outcome.status is Status.SCORED for outcome in shared)
