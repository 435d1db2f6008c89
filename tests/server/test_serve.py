"""The command itself: address, worker processes, what it prints, how it stops."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from support import LETTER
from typer.testing import CliRunner

from feedbackcheck.cli.app import app

SECRET = "Kari Nordmann Hemmelig"


def ask(url: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, headers={"content-type": "application/json", **headers})  # fmt: skip
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def children(pid: int) -> list[int]:
    return [
        int(stat.parent.name)
        for stat in Path("/proc").glob("[0-9]*/stat")
        if stat.read_text().rpartition(")")[2].split()[1] == str(pid)
    ]


@pytest.mark.slow
def test_serve_works_says_nothing_of_the_text_and_stops_on_sigterm(serve: Any) -> None:
    process, url = serve("--workers", "2")
    answer = ask(url, "v1/check", {"text": f"Hei {SECRET},\n\n{LETTER}", "stage": "soknad"})
    assert answer["score"]["total"] < 60
    # An error from a worker process comes back in words.
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(url, "v1/check", {"text": SECRET, "stage": 3})
    refused.value.close()
    workers = children(process.pid)
    assert len(workers) >= 2
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=15)
    assert process.returncode in (0, -signal.SIGTERM)
    assert SECRET not in out + err and "Traceback" not in err
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{w}").exists() for w in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{w}").exists() for w in workers)


@pytest.mark.slow
def test_a_killed_worker_is_replaced(serve: Any) -> None:
    process, url = serve("--workers", "1")
    for worker in children(process.pid):
        if b"spawn_main" in Path(f"/proc/{worker}/cmdline").read_bytes():
            os.kill(worker, signal.SIGKILL)
    assert ask(url, "v1/check", {"text": LETTER, "stage": "finale"})["stage"] == "finale"


def test_it_listens_on_loopback_only(address: str) -> None:
    port = urlsplit(address).port
    own = [info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)]
    for host in {h for h in own if not str(h).startswith("127.")}:
        with pytest.raises(OSError), socket.create_connection((host, port), timeout=2):
            pass


def test_rebinding_and_cross_origin_against_the_real_server(address: str) -> None:
    netloc = urlsplit(address).netloc.replace("localhost", "127.0.0.1")
    body = json.dumps({"text": LETTER})
    for headers, status in (
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ):
        connection = http.client.HTTPConnection(netloc, timeout=20)
        connection.request("POST", "/v1/check", body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == status


def test_a_taken_port_is_told(address: str) -> None:
    done = CliRunner().invoke(app, ["serve", "--port", str(urlsplit(address).port), "--workers", "0"])
    assert done.exit_code != 0
    assert "--port" in str(done.exception)


@pytest.mark.slow
def test_open_to_others_means_a_key(serve: Any) -> None:
    process, url = serve(
        "--host", "0.0.0.0", "--token", "nøkkel-1", "--workers", "0", "--allow-host", "maskinen"
    )
    local = f"http://127.0.0.1:{urlsplit(url).port}/"
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(local, "v1/rules")
    assert refused.value.code == 401
    refused.value.close()
    assert process.poll() is None
