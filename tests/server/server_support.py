"""Starts the real server for tests, and stops it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

STALE = (
    "Kjære søker,\n\nTakk for interessen for vår virksomhet. Vi har mottatt mange søknader, og vi har dessverre gått "
    "videre med andre kandidater som var bedre kvalifisert.\n\nLykke til videre i jobbsøkingen!\n\n"
    "Med vennlig hilsen\nHR-avdelingen\n"
)


class Served:
    """A running server: its address and process."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url = url
        self.process = process

    @property
    def netloc(self) -> str:
        return self.url.removeprefix("http://")


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Served]:
    """``feedbackcheck serve --port 0`` for as long as the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "feedbackcheck", "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
    )
    assert process.stderr is not None
    found = None
    said = []
    for line in process.stderr:
        said.append(line)
        found = re.search(r"http://[^/\s]+", line)
        if found:
            break
    assert found, "the server said no address: " + "".join(said)
    # What else it says must not fill the pipe.
    drain = threading.Thread(target=process.stderr.read, daemon=True)
    drain.start()
    try:
        served = Served(found[0], process)
        wait_until_up(served)
        yield served
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        drain.join(5)
        process.stderr.close()


def wait_until_up(served: Served, seconds: float = 90) -> None:
    """Wait until ``/health`` answers."""
    import httpx

    end = time.monotonic() + seconds
    while True:
        try:
            httpx.get(f"{served.url}/health", timeout=5, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            assert served.process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server did not come up"
            time.sleep(0.1)
