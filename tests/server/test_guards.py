"""Corner cases of what is refused, what is remembered, and what the answers promise."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest
from server_support import STALE, Served

from feedbackcheck.server.limits import RateLimit
from feedbackcheck.server.memory import Memory
from feedbackcheck.server.models import CheckAnswer, SuggestAnswer


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as made:
        yield made


@pytest.mark.parametrize(
    "host", ["localhost.evil.example:8642", "127.0.0.1.nip.io", "169.254.169.254", "[::2]:8642", "localhost@evil.example"]
)  # fmt: skip
def test_other_names_for_this_machine_are_refused(client: httpx.Client, host: str) -> None:
    assert client.post("/v1/check", json={"text": STALE}, headers={"host": host}).status_code in (400, 421)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8642", "127.0.0.1:1", "[::1]:8642", "LOCALHOST:8642"]
)
def test_own_names_are_answered(client: httpx.Client, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://[", "", "http://localhost", "http://user@{netloc}", "https://{netloc}", "http://{netloc}.evil.example", "{netloc}"]
)  # fmt: skip
def test_near_origins_are_refused(client: httpx.Client, server: Served, origin: str) -> None:
    headers = {"origin": origin.replace("{netloc}", server.netloc)}
    assert client.post("/v1/check", json={"text": STALE}, headers=headers).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_may_lead_to_the_page_and_nowhere_else(client: httpx.Client, site: str) -> None:
    embedded = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    assert client.get("/", headers=embedded).status_code == 403
    followed = {**embedded, "sec-fetch-dest": "document"}
    assert client.get("/", headers=followed).status_code == 200
    assert client.get("/v1/rules", headers=followed).status_code == 403


def test_a_form_of_another_site_is_no_json(client: httpx.Client) -> None:
    """Browsers send forms and plain text across origins unasked; neither is taken for JSON, remembered or not."""
    body = json.dumps({"text": STALE})
    assert client.post("/v1/check", content=body, headers={"content-type": "application/json"}).is_success
    refused = client.post("/v1/check", content=body, headers={"content-type": "text/plain"})
    assert refused.status_code == 422


@pytest.mark.parametrize("text", [["Kari Nordmann er syk"], "Kari Nordmann er syk" * 3000])
def test_refusals_do_not_repeat_the_draft(client: httpx.Client, text: object) -> None:
    answer = client.post("/v1/check", json={"text": text})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "text"]
    assert "Kari" not in answer.text


@pytest.mark.parametrize("stage", [None, "soknad", "intervju", "finale", "telefon"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        STALE,
        "Hi John,\n\nThanks for the meeting on Monday.\n\nBest\nAnn",
        "{% if x %}Hei [fornavn],{% endif %}",
    ],
)
def test_answers_are_as_described(client: httpx.Client, stage: str | None, text: str) -> None:
    body = {"text": text, "stage": stage}
    CheckAnswer.model_validate_json(client.post("/v1/check", json=body).content, strict=True)
    SuggestAnswer.model_validate_json(client.post("/v1/suggest", json=body).content, strict=True)


def test_openapi_names_every_route(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/v1/check", "/v1/suggest", "/v1/upload", "/v1/rules", "/v1/rules/{code}", "/health",
    }  # fmt: skip


def test_memory_is_bounded() -> None:
    memory = Memory(entries=3, size=100)
    for i in range(10):
        memory.put(bytes([i]), b"x" * 10)
    assert [memory.get(bytes([i])) is not None for i in (6, 7, 8, 9)] == [False, True, True, True]
    memory.put(b"big", b"x" * 95)
    assert memory.get(b"big") is not None and memory.get(bytes([9])) is None
    memory.put(b"huge", b"x" * 101)
    assert memory.get(b"huge") is None


def test_memory_keeps_requests_apart() -> None:
    keys = {Memory.key(path, body) for path in ("/v1/check", "/v1/suggest") for body in (b"a", b"b")}
    assert len(keys) == 4


def test_the_bucket_fills_again() -> None:
    limit = RateLimit(per_minute=60, burst=2)
    assert [limit.wait("a", now=0) for _ in range(2)] == [0, 0]
    assert limit.wait("a", now=0) == pytest.approx(1)
    assert limit.wait("b", now=0) == 0
    assert limit.wait("a", now=1.01) == 0


@pytest.mark.parametrize("processes", [0, 1])
def test_a_fault_is_told_without_the_words(caplog: pytest.LogCaptureFixture, processes: int) -> None:
    """Neither the answer nor the log repeats what an error quotes."""
    from feedbackcheck.server import service, workers
    from feedbackcheck.server.app import create_app

    def fails(*_: object) -> bytes:
        raise ValueError("Kari Nordmann er syk")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as made:
            return await made.post("/v1/check", json={"text": "Hei Kari"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service.Service, "check", fails)
        if processes:
            # What a worker process would send back.
            patch.setattr(workers, "_service", service.Service())
            with pytest.raises(workers.InternalError) as told:
                workers._work("check", (None,))
            assert "ValueError" in str(told.value) and "Kari" not in str(told.value)
            assert told.value.__cause__ is None
            return
        answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert "Kari" not in answer.text and "content-security-policy" in answer.headers
    assert "ValueError" in caplog.text and "Kari" not in caplog.text
