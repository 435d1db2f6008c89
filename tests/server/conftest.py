"""A client of the application in this process, and the real command on a free port."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="tillegget «server» er ikke installert")
pytest.importorskip("httpx", reason="httpx er ikke installert")

Serve = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Starts ``feedbackcheck serve``; gives the process and its address when it answers."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "feedbackcheck", "serve", "--port", "0", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stderr is not None
        address = ""
        while "åpne http" not in address:
            address = process.stderr.readline()
            assert address, "the server ended before it told its address"
        url = next(word for word in address.split() if word.startswith("http"))
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}health", timeout=1).close()
                return process, url
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server does not answer")

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="session")
def address(serve: Serve) -> str:
    """A server for all tests that only ask."""
    return serve("--workers", "0")[1]


@pytest.fixture(scope="session")
def client() -> Iterator[Any]:
    """The application in this process, as its own page would ask it."""
    from starlette.testclient import TestClient

    from feedbackcheck.server.app import create_app

    with TestClient(create_app(), base_url="http://localhost:8642") as found:
        yield found
