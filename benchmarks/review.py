"""Speed of a batch review: a mailbox of 40 templates with merged names and a tenth of personal letters, and one whose letters
are all different; beside it, what reading and parsing the same mail with Python's ``mailbox`` and ``email`` alone takes.

    python benchmarks/review.py --messages 20000
    python benchmarks/review.py --messages 2000 20000 200000 --only templates     # growth
"""

from __future__ import annotations

import argparse
import mailbox
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mailbox_generator import mails, write_mbox


def parse_only(mbox: Path) -> float:
    """Seconds to read every mail with the standard library, headers and decoded text parts; one process, as it is used."""
    started = time.perf_counter()
    for message in mailbox.mbox(str(mbox)):
        str(message["subject"]), str(message["to"]), str(message["date"])
        for part in message.walk():
            if part.get_content_maintype() == "text":
                part.get_payload(decode=True)
    return time.perf_counter() - started


def usage(pid: int, seconds: dict[int, float]) -> int:
    """Proportional memory of a process and its children, in kB (what is shared counts once); notes their processor seconds."""
    total = 0
    todo = [pid]
    while todo:
        process = todo.pop()
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            seconds[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            for task in Path(f"/proc/{process}/task").iterdir():
                todo += [int(p) for p in (task / "children").read_text().split()]
        except (OSError, StopIteration):
            continue
    return total


def review(mbox: Path, store: Path | None, workers: int) -> tuple[float, float, int, str]:
    """Wall seconds, processor seconds, peak memory in kB and last line of a review."""
    command = [
        sys.executable,
        "-m",
        "feedbackcheck",
        "review",
        str(mbox),
        "--isolated",
        "--quiet",
        "--workers",
        str(workers),
    ]
    if store is not None:
        command += ["--store", str(store)]
    started = time.perf_counter()
    # An installed program has its bytecode.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    peak = 0
    seconds: dict[int, float] = {}  # of workers too, whose parent need not be the reviewing process

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, usage(process.pid, seconds))
            time.sleep(0.5)

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, _ = process.communicate()
    watcher.join()
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"review ended with {process.returncode}")
    return wall, sum(seconds.values()), peak, out.splitlines()[-1]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, nargs="+", default=[20000])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", choices=["templates", "different"])
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, {given.workers} workers, load {os.getloadavg()[0]:.1f} at the start")
    print(
        f"{'mailbox':12} {'messages':>8} {'wall s':>8} {'cpu s':>8} {'msg/s':>8} {'msg/s cpu':>9} {'peak MB':>8} {'parse s':>8} {'ratio':>6}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("templates", "different"):
            if given.only not in (None, kind):
                continue
            for count in given.messages:
                mbox = Path(folder) / f"{kind}-{count}.mbox"
                write_mbox(mbox, mails(count, different=kind == "different"))
                parse = parse_only(mbox)
                wall, used, peak, line = review(mbox, Path(folder) / f"{kind}-{count}.duckdb", given.workers)
                # msg/s cpu: what the used processor time allows on as many idle cores as there are workers.
                print(
                    f"{kind:12} {count:8} {wall:8.1f} {used:8.1f} {count / wall:8.0f} {count * given.workers / used:9.0f} "
                    f"{peak / 1024:8.0f} {parse:8.1f} {wall / parse:6.2f}   {line}"
                )
                mbox.unlink()


if __name__ == "__main__":
    main()
