"""The command itself: worker processes, what it prints, where it listens, how it stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from server_support import STALE, Served, serving
from typer.testing import CliRunner

from feedbackcheck.cli.app import app

linux = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="needs Linux's /proc to see processes"
)


def workers(pid: int) -> list[int]:
    """Worker processes of a server."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == str(pid) and b"spawn_main" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def gone(pids: list[int], seconds: float = 8) -> bool:
    end = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < end:
        time.sleep(0.1)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@linux
def test_workers_end_with_the_server_and_nothing_is_said_of_the_text() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "feedbackcheck", "serve", "--port", "0", "--workers", "2"],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        url = re.search(r"http://\S+", process.stderr.readline())
        assert url
        body = {"text": f"Hei Hemmelig Hemmeligsen,\n\n{STALE}", "stage": "soknad"}
        end = time.monotonic() + 60
        while True:
            try:
                assert httpx.post(f"{url[0]}v1/check", json=body, timeout=30, trust_env=False).is_success
                break
            except httpx.ConnectError:
                assert time.monotonic() < end
                time.sleep(0.1)
        mine = workers(process.pid)
        assert len(mine) == 2
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
        assert process.wait(10) in (0, -signal.SIGTERM)
    assert "Hemmelig" not in said and "Traceback" not in said
    assert gone(mine)


@linux
def test_a_killed_worker_is_replaced_and_a_killed_server_leaves_none() -> None:
    with serving("--workers", "1") as served:
        (worker,) = workers(served.process.pid)
        os.kill(worker, signal.SIGKILL)
        assert gone([worker])
        answer = httpx.post(f"{served.url}/v1/check", json={"text": STALE}, timeout=60, trust_env=False)
        assert answer.is_success and answer.json()["score"]
        (another,) = workers(served.process.pid)
        served.process.kill()
        assert gone([another])


def test_it_listens_on_loopback_only(server: Served) -> None:
    port = int(server.netloc.rpartition(":")[2])
    mine = {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}
    for host in {h for h in mine if not h.startswith("127.")}:
        with pytest.raises(OSError), socket.create_connection((host, port), timeout=2):
            pass


def test_a_taken_port_is_told(server: Served) -> None:
    done = CliRunner().invoke(app, ["serve", "--port", server.netloc.rpartition(":")[2], "--workers", "0"])
    assert done.exit_code != 0
    assert "--port" in str(done.exception)


def test_open_to_others_means_a_key() -> None:
    with serving("--host", "0.0.0.0", "--workers", "0") as served:
        local = f"http://127.0.0.1:{served.netloc.rpartition(':')[2]}"
        assert httpx.get(f"{local}/v1/rules", timeout=20, trust_env=False).status_code == 401
