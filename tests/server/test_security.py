"""Nobody but the page itself and local programs may ask: hosts, origins, keys, sizes, rates, headers."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from support import LETTER

from feedbackcheck.server.app import create_app
from feedbackcheck.server.limits import RateLimit

BODY = {"text": LETTER, "stage": "soknad"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8642", "localhost.evil.example:8642", "127.0.0.1.nip.io", "169.254.169.254", "", "[::2]:8642"],
)  # fmt: skip
def test_other_names_for_this_machine_are_refused(client: Any, host: str) -> None:
    for method, path in (("POST", "/v1/check"), ("GET", "/"), ("GET", "/health")):
        answer = client.request(method, path, headers={"host": host})
        assert answer.status_code == 421, (path, answer.text)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8642", "127.0.0.1:1", "[::1]:8642", "LOCALHOST:8642"]
)
def test_own_names_are_answered(client: Any, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "null", "http://localhost:3000", "https://localhost:8642", "http://localhost",
        "http://localhost:8642.evil.example", "http://[", "", "http://user@localhost:8642", "http://127.0.0.1:8642",
    ],
)  # fmt: skip
def test_other_origins_are_refused(client: Any, origin: str) -> None:
    answer = client.post("/v1/check", json=BODY, headers={"origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_own_origin_is_answered(client: Any) -> None:
    headers = {"origin": "http://localhost:8642", "sec-fetch-site": "same-origin"}
    assert client.post("/v1/check", json=BODY, headers=headers).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_without_origin_from_another_site_is_refused(client: Any, site: str) -> None:
    assert client.get("/v1/rules", headers={"sec-fetch-site": site}).status_code == 403
    embedded = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    assert client.get("/", headers=embedded).status_code == 403
    followed = {**embedded, "sec-fetch-dest": "document"}
    assert client.get("/", headers=followed).status_code == 200
    assert client.get("/v1/rules", headers=followed).status_code == 403


def test_a_preflight_allows_nothing(client: Any) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = client.options("/v1/check", headers=headers)
    assert answer.status_code == 403
    assert not [h for h in answer.headers if h.startswith("access-control")]


def test_a_form_cannot_ask(client: Any) -> None:
    """Browsers send forms and plain text across origins unasked; neither is taken for JSON."""
    import json

    answer = client.post("/v1/check", content=json.dumps(BODY), headers={"content-type": "text/plain"})
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/", "/app.js", "/style.css", "/health", "/v1/rules", "/missing"])
def test_every_answer_has_the_security_headers(client: Any, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_refusals_have_them_too(client: Any) -> None:
    assert "content-security-policy" in client.get("/", headers={"host": "evil.example"}).headers


def test_a_key_is_asked_for() -> None:
    with TestClient(create_app(token="hemmelig"), base_url="http://localhost") as keyed:
        for given in (
            {},
            {"authorization": "Bearer feil"},
            {"authorization": "hemmelig"},
            {"authorization": "Basic hemmelig"},
        ):
            answer = keyed.get("/v1/rules", headers=given)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
        assert keyed.get("/v1/rules", headers={"authorization": "Bearer hemmelig"}).status_code == 200
        # The page holds no data; it asks for the key itself.
        assert keyed.get("/").status_code == 200


def test_large_bodies_are_refused_before_they_are_read(client: Any) -> None:
    assert client.post("/v1/check", content=b"x" * 400_001).status_code == 413
    assert client.post("/v1/upload", files={"file": ("a.txt", b"x" * 11_000_000)}).status_code == 413

    def endless() -> Any:
        for _ in range(1000):
            yield b"x" * 1000

    # No length is told in advance.
    answer = client.post("/v1/check", content=endless(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_a_client_that_asks_too_often_waits() -> None:
    with TestClient(create_app(per_minute=60), base_url="http://localhost") as slow:
        answers = [slow.get("/v1/rules/KLI001") for _ in range(70)]
        assert answers[0].status_code == 200
        refused = [a for a in answers if a.status_code == 429]
        assert refused and int(refused[0].headers["retry-after"]) >= 1
        assert slow.get("/health").status_code == 200


def test_the_bucket_fills_again() -> None:
    limit = RateLimit(per_minute=60, burst=2)
    assert [limit.wait("a", now=0) for _ in range(2)] == [0, 0]
    assert limit.wait("a", now=0) == pytest.approx(1)
    assert limit.wait("b", now=0) == 0
    assert limit.wait("a", now=1.01) == 0
