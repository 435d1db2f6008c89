"""Times the command line as a user meets it, beside two other prose linters in the same run.

usage: python benchmarks/speed.py [--runs 5] [--files 500] [--peers proselint,write-good] [--json FILE]

Prints medians (seconds, whole process) for: ``--help``; one draft cold and cached; a warm letter in one process; many
template files cold; and the peers on the same files. Peers that are not installed are left out with a line that says so.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]


def timed(command: Sequence[str], runs: int, *, env: dict[str, str], before: object = None) -> float:
    """Median wall seconds of a command; exit codes 0 and 1 are both success for a linter."""
    seconds = []
    for _ in range(runs):
        if callable(before):
            before()
        start = time.perf_counter()
        done = subprocess.run(
            command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        seconds.append(time.perf_counter() - start)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{command} ended with {done.returncode}")
    return statistics.median(seconds)


def letters(count: int) -> list[str]:
    """Texts of the labelled training messages, repeated with a running number so that no two files are equal."""
    rows = [json.loads(line) for line in (ROOT / "corpora" / "train.jsonl").read_text("utf-8").splitlines()]
    return [f"{rows[i % len(rows)]['text']}\n\nRef. {i}\n" for i in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--peers", default="proselint,write-good")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    program = [sys.executable, "-m", "feedbackcheck"]
    results: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = folder / "cache"
        env = {**os.environ, "FEEDBACKCHECK_CACHE_DIR": str(cache)}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode

        def forget() -> None:
            shutil.rmtree(cache, ignore_errors=True)

        draft = ROOT / "examples" / "utkast.txt"
        results["python -c pass"] = timed([sys.executable, "-c", "pass"], options.runs, env=env)
        results["--help"] = timed([*program, "--help"], options.runs, env=env)
        results["one draft, cold"] = timed(
            [*program, "check", str(draft)], options.runs, env=env, before=forget
        )
        results["one draft, cached"] = timed([*program, "check", str(draft)], options.runs, env=env)
        many = folder / "templates"
        many.mkdir()
        for i, text in enumerate(letters(options.files)):
            (many / f"{i:04}.txt").write_text(text, "utf-8")
        bulk = timed([*program, "check", "--output-format", "concise", str(many)], 1, env=env, before=forget)
        results[f"{options.files} files, cold, files/s"] = options.files / bulk
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        results["largest process, MiB"] = peak
        bulk = timed([*program, "check", "--output-format", "concise", str(many)], 1, env=env)
        results[f"{options.files} files, cached, files/s"] = options.files / bulk
        results["a letter, warm, ms"] = warm(letters(200))
        for peer in filter(None, options.peers.split(",")):
            exe = shutil.which(peer) or shutil.which(peer, path=str(Path(sys.executable).parent))
            if exe is None:
                print(f"{peer}: not installed, left out")
                continue
            command = [exe, "check"] if peer == "proselint" else [exe]
            files = [str(p) for p in sorted(many.iterdir())[: min(options.files, 100)]]
            results[f"{peer}, one draft"] = timed([*command, str(draft)], options.runs, env=env)
            start = time.perf_counter()
            subprocess.run(
                [*command, *files], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )
            results[f"{peer}, files/s"] = len(files) / (time.perf_counter() - start)
    for label, value in results.items():
        print(f"{label:36s} {value:10.3f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


def warm(texts: list[str]) -> float:
    """Median milliseconds of a letter in one process, everything on."""
    from feedbackcheck import Checker

    checker = Checker()
    for text in texts[:5]:
        checker.check(text)
    seconds = []
    for text in texts[5:]:
        start = time.perf_counter()
        checker.check(text)
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds)


if __name__ == "__main__":
    main()
