"""Loads the HTTP API on loopback as many people who write at the same time would.

usage: python benchmarks/server_load.py [--clients 50] [--seconds 30] [--kind same|typing|distinct] [--workers N] [--url URL]

Starts ``feedbackcheck serve`` on a free port (or asks the loopback ``--url``), then prints requests/s, errors, latency
(p50, p95, p99, max in ms) and the resident memory of the server before, midway and at the end.

``same``: every client sends one 200-word letter again and again, with no pause.
``typing``: every client writes its own 200-word letter and asks when it rests, one to two times a second.
``distinct``: every request is another letter, with no pause; this is the machine's throughput, not a person's wait.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_SENTENCES = (
    "Takk for søknaden på stillingen som {position} hos oss, og for at du tok deg tid til samtalen {day}.",
    "Jeg har dessverre valgt å ansette en annen, som har drevet tilsvarende anlegg i {n} år.",
    "Vi har hatt mange godt kvalifiserte søkere, og det var et vanskelig valg for oss.",
    "Det som avgjorde, var kravet om erfaring med {skill}, der du har mindre enn den vi ansatte.",
    "Caset ditt om {skill} var det tydeligste vi så, og du svarte godt på spørsmålene om risiko.",
    "Vi beholder gjerne CV-en din og tar kontakt hvis noe dukker opp senere.",
    "Vil du videre i den retningen, kan du be om å få følge et prosjekt med {skill} der du er nå.",
    "Du kan ringe meg på {day} hvis du vil høre mer om hvordan jeg har vurdert søknaden.",
    "Søknaden var ryddig, og eksemplet fra {position} viste hvordan du tar ansvar når planen endrer seg.",
    "Neste gang vil det hjelpe å skrive hva du selv gjorde, og hva det førte til for kundene.",
)
_WORDS = {
    "position": ("prosjektleder", "sykepleier", "regnskapsmedarbeider", "elektriker", "lærer", "utvikler"),
    "day": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag"),
    "skill": ("budsjett", "Kubernetes", "rapportering", "turnusplanlegging", "anbud", "prosessforbedring"),
}


def letter(rng: random.Random, words: int = 200) -> str:
    """A letter of about ``words`` words that no other draw repeats."""
    name = "".join(rng.choice("bdfgklmnrst") + rng.choice("aeiou") for _ in range(3)).title()
    body: list[str] = []
    while sum(len(s.split()) for s in body) < words - 10:
        filling = {k: rng.choice(v) for k, v in _WORDS.items()} | {"n": str(rng.randint(2, 30))}
        body.append(rng.choice(_SENTENCES).format(**filling))
    blocks = [" ".join(body[i : i + 3]) for i in range(0, len(body), 3)]
    return "\n\n".join([f"Hei {name},", *blocks, "Vennlig hilsen\nPer Lund"])


def request(host: str, text: str, token: str | None) -> bytes:
    body = json.dumps({"text": text, "stage": "intervju"}).encode()
    key = f"Authorization: Bearer {token}\r\n" if token else ""
    head = f"POST /v1/check HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{key}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> int:
    """Status of the answer, read to its end."""
    writer.write(data)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


async def client(
    number: int, url: str, kind: str, until: float, token: str | None, out: list[tuple[float, int]]
) -> None:
    parts = urlsplit(url)
    rng = random.Random(number + 1)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    text = letter(random.Random(0) if kind == "same" else rng)
    written = len(text) // 2
    if kind == "typing":
        await asyncio.sleep(rng.random())
    while time.perf_counter() < until:
        if kind == "distinct":
            text = letter(rng)
        now = text
        if kind == "typing":
            # Most of the letter stands; a few words come with each pause.
            written = min(len(text), written + rng.randint(5, 30))
            now = text[:written]
            if written == len(text):
                text, written = letter(rng), len(text) // 2
        data = request(parts.netloc, now, token)
        begun = time.perf_counter()
        try:
            status = await exchange(reader, writer, data)
        except (OSError, EOFError, asyncio.IncompleteReadError):
            out.append((time.perf_counter() - begun, 0))
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            continue
        out.append((time.perf_counter() - begun, status))
        if kind == "typing":
            await asyncio.sleep(rng.uniform(0.5, 1.0))
    writer.close()


def memory(pid: int) -> float:
    """Resident MB of a process and its children (Linux; 0 elsewhere)."""
    if not Path("/proc").is_dir():
        return 0.0
    total = 0
    family = {pid}
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda p: int(p.parent.name)):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) in family or int(fields[1]) in family:
            family.add(int(stat.parent.name))
            total += int(fields[21])
    return total * os.sysconf("SC_PAGE_SIZE") / 1e6


async def load(url: str, options: argparse.Namespace, pid: int | None) -> dict[str, Any]:
    out: list[tuple[float, int]] = []
    sizes = [memory(pid)] if pid else []
    until = time.perf_counter() + options.seconds
    tasks = [
        asyncio.create_task(client(i, url, options.kind, until, options.token, out))
        for i in range(options.clients)
    ]
    if pid:
        await asyncio.sleep(options.seconds / 2)
        sizes.append(memory(pid))
    await asyncio.gather(*tasks)
    if pid:
        sizes.append(memory(pid))
    times = sorted(1000 * t for t, status in out if status == 200)
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [float("nan")] * 99
    return {
        "kind": options.kind,
        "clients": options.clients,
        "seconds": options.seconds,
        "requests": len(out),
        "per_second": round(len(out) / options.seconds, 1),
        "errors": sum(1 for _, status in out if status != 200),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
        "max_ms": round(times[-1], 1) if times else None,
        "memory_mb": [round(s) for s in sizes],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--kind", choices=("same", "typing", "distinct"), default="typing")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--url")
    parser.add_argument("--token")
    options = parser.parse_args()
    if options.seconds > 120 or options.clients > 200:
        parser.error("at most 120 seconds and 200 clients")
    if options.url and urlsplit(options.url).hostname not in ("127.0.0.1", "localhost", "::1"):
        parser.error("only a server on this machine may be loaded")
    if options.url:
        print(json.dumps(asyncio.run(load(options.url, options, None))))
        return
    command = [sys.executable, "-m", "feedbackcheck", "serve", "--port", "0"]
    if options.workers is not None:
        command += ["--workers", str(options.workers)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            url = next(w for w in server.stderr.readline().split() if w.startswith("http")).replace(
                "localhost", "127.0.0.1"
            )
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"{url}health", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            print(json.dumps(asyncio.run(load(url, options, server.pid))))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(15)


if __name__ == "__main__":
    main()
