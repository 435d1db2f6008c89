"""Kills a review at random moments with SIGKILL, lets it go on, and compares the store with an undisturbed run's.

python benchmarks/review_kill.py --kills 20 --messages 3000
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mailbox_generator import mails, write_mbox


def command(mbox: Path, store: Path, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "feedbackcheck", "review", str(mbox), "--store", str(store), "--workers", str(workers),
        "--isolated", "--quiet",
    ]  # fmt: skip


def content(store: Path) -> list[tuple[object, ...]]:
    """What a store says of its messages, in an order of its own; templates by who shares them."""
    import duckdb

    with duckdb.connect(str(store), read_only=True) as connection:
        return connection.execute(
            """SELECT m.position, m.status, m.score, m.stage, m.sent_on, (SELECT min(o.position) FROM messages o WHERE o.template = m.template),
            (SELECT list(code || coalesce("start", -1) ORDER BY code, "start") FROM findings f WHERE f.message = m.id)
            FROM messages m ORDER BY ALL"""
        ).fetchall()


def kill_and_resume(mbox: Path, store: Path, *, kills: int, workers: int, seed: int, spread: float) -> int:
    """Start the review again and again, killing it after a random while; then let it end. Number of kills that hit it."""
    random_ = random.Random(seed)
    hits = 0
    for _ in range(kills):
        process = subprocess.Popen(
            command(mbox, store, workers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(random_.uniform(0.3, spread))
        if process.poll() is None:
            hits += 1
        process.kill()
        process.wait()
    subprocess.run(command(mbox, store, workers), check=True, stdout=subprocess.DEVNULL)
    return hits


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--spread", type=float, default=6.0, help="longest wait before a kill, in seconds")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mbox = Path(folder) / "sent.mbox"
        write_mbox(mbox, mails(given.messages, seed=given.seed, other=0.1))
        whole, torn = Path(folder) / "whole.duckdb", Path(folder) / "torn.duckdb"
        subprocess.run(command(mbox, whole, given.workers), check=True, stdout=subprocess.DEVNULL)
        hits = kill_and_resume(
            mbox, torn, kills=given.kills, workers=given.workers, seed=given.seed, spread=given.spread
        )
        a, b = content(whole), content(torn)
        same = a == b
        print(
            f"messages {len(a)}, kills {given.kills} ({hits} while running), resumed {len(b)}, equal: {same}"
        )
        return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
