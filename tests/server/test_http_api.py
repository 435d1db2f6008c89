"""The HTTP API on the running server: answers, refusals, uploads, and how it stops."""

from __future__ import annotations

import io
import signal
import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from server_support import STALE, Served, serving


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as made:
        yield made


def upload(client: httpx.Client, name: str, data: bytes) -> httpx.Response:
    return client.post("/v1/upload", files={"file": (name, data, "application/octet-stream")})


def test_check_points_at_the_words(client: httpx.Client) -> None:
    text = "Kjære søker 👋🏽,\n\nVi har dessverre gått videre med andre kandidater.\n\nMed vennlig hilsen\nHR"
    answer = client.post("/v1/check", json={"text": text, "stage": "intervju"}).json()
    stock = [f for f in answer["findings"] if f["code"] == "KLI001"]
    # Offsets count code points, as Python does.
    assert stock and text[stock[0]["start"] : stock[0]["end"]] in text
    assert "videre med andre" in text[stock[0]["start"] : stock[0]["end"]]
    assert any(f["code"] == "MAN03" and f["start"] is None for f in answer["findings"])
    assert answer["stage"] == "intervju" and answer["stage_source"] == "option"
    assert set(answer["score"]["parts"]) == {"personlig", "begrunnelse", "utvikling", "tone", "trygghet"}


def test_the_same_question_twice_gives_the_same_answer(client: httpx.Client) -> None:
    first = client.post("/v1/check", json={"text": STALE}).json()
    assert client.post("/v1/check", json={"text": STALE}).json() == first


def test_context_reaches_the_rules(client: httpx.Client) -> None:
    body = {"text": STALE, "context": {"candidate_name": "Kari Nes", "applicants": 4}}
    codes = {f["code"] for f in client.post("/v1/check", json=body).json()["findings"]}
    assert "FLT002" in codes  # «mange søknader» when there were four


def test_empty_text_is_not_scored(client: httpx.Client) -> None:
    answer = client.post("/v1/check", json={"text": " \n"})
    assert answer.status_code == 200
    assert answer.json()["score"] is None and answer.json()["findings"] == []


def test_suggest_revises(client: httpx.Client) -> None:
    body = {
        "text": STALE,
        "stage": "intervju",
        "context": {"candidate_name": "Kari Nes", "position": "kokk", "sender": "Per Lund"},
    }
    answer = client.post("/v1/suggest", json=body).json()
    assert answer["original"] == STALE and "Kari" in answer["revised"]
    assert answer["score_after"]["total"] > answer["score_before"]["total"]
    for gap in answer["gaps"]:
        assert answer["revised"][gap["start"] : gap["end"]].startswith("⟨")


def test_rules_and_their_pages(client: httpx.Client) -> None:
    rules = client.get("/v1/rules").json()
    assert {"KLI001", "MAN03", "PRO04"} <= {r["code"] for r in rules}
    assert "## " in client.get("/v1/rules/KLI001").json()["page"]
    assert client.get("/v1/rules/XYZ999").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"text": 3}',
        b'{"text": "a", "stage": "ukjent"}',
        b'{"text": "a", "unknown": 1}',
        b'{"text": "a", "context": {"deadline": "i fjor"}}',
        b'{"text": "\\ud800"}',
    ],
)
def test_wrong_json_is_refused(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/v1/check", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_rebinding_is_refused(client: httpx.Client) -> None:
    for path in ("/", "/health", "/v1/rules"):
        assert client.get(path, headers={"host": "evil.example"}).status_code == 421
        assert client.get(path, headers={"host": "127.0.0.1.evil.example:80"}).status_code == 421
    assert client.get("/", headers={"host": ""}).status_code in (400, 421)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "file://"])
def test_foreign_origins_are_refused(client: httpx.Client, origin: str) -> None:
    answer = client.post("/v1/check", json={"text": STALE}, headers={"origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    asked = client.options("/v1/check", headers={"origin": origin, "access-control-request-method": "POST"})
    assert asked.status_code == 403


def test_other_tabs_are_refused(client: httpx.Client) -> None:
    assert client.get("/v1/rules", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get("/v1/rules", headers={"sec-fetch-site": "same-site"}).status_code == 403


def test_the_own_origin_is_welcome(client: httpx.Client, server: Served) -> None:
    answer = client.post("/v1/check", json={"text": ""}, headers={"origin": server.url})
    assert answer.status_code == 200


def test_too_large_is_refused(client: httpx.Client) -> None:
    assert client.post("/v1/check", json={"text": "a" * 500_000}).status_code == 413

    def chunks() -> Iterator[bytes]:  # no Content-Length
        yield b'{"text": "'
        for _ in range(50):
            yield b"a" * 10_000
        yield b'"}'

    answer = client.post("/v1/check", content=chunks(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert client.post("/v1/check", json={"text": "a" * 50_001}).status_code == 422


def test_every_answer_has_the_security_headers(client: httpx.Client) -> None:
    for answer in (client.get("/"), client.get("/nowhere"), client.get("/", headers={"host": "x"})):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


def test_the_page_has_nothing_inline_and_asks_no_other_host(client: httpx.Client) -> None:
    page = client.get("/").text
    assert "<script>" not in page and " style=" not in page and " on" + "click=" not in page
    for name in ("", "app.js", "style.css"):
        assert "https://" not in client.get(f"/{name}").text


LETTER = "Hei Kari,\n\nVi har dessverre gått videre med andre kandidater.\n\nVennlig hilsen\nPer Lund"


def test_upload_mail(client: httpx.Client) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Svar på søknaden"
    mail.set_content(LETTER, cte="quoted-printable")
    answer = upload(client, "brev.eml", bytes(mail))
    assert answer.status_code == 200
    assert "gått videre med andre kandidater" in answer.json()["text"]


def test_upload_word(client: httpx.Client) -> None:
    docx = pytest.importorskip("docx", reason="needs python-docx (the dev extra)")
    document = docx.Document()
    for line in LETTER.split("\n\n"):
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    answer = upload(client, "brev.docx", buffer.getvalue())
    assert answer.status_code == 200
    assert "gått videre med andre kandidater" in answer.json()["text"]


def test_upload_windows_text(client: httpx.Client) -> None:
    assert "gått videre" in upload(client, "brev.txt", LETTER.encode("cp1252")).json()["text"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bilde.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("tom.txt", b""),
        ("ødelagt.docx", b"PK\x03\x04 this is no archive"),
        ("falsk.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
    ],
)
def test_upload_refuses_what_it_cannot_read(client: httpx.Client, name: str, data: bytes) -> None:
    answer = upload(client, name, data)
    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert isinstance(detail, str) and "Traceback" not in detail


def test_upload_without_a_file(client: httpx.Client) -> None:
    assert client.post("/v1/upload").status_code == 422
    wrong = client.post("/v1/upload", content=b"x", headers={"content-type": "multipart/form-data"})
    assert wrong.status_code in (400, 422)


def test_upload_too_large(client: httpx.Client) -> None:
    assert upload(client, "stor.txt", b"a" * 11_000_000).status_code == 413


def application(**options: Any) -> Any:
    from feedbackcheck.server.app import create_app

    return create_app(**options)


def ask(app: Any, *requests: httpx.Request) -> list[httpx.Response]:
    """Answers of an application in this process; its models are never loaded."""
    import asyncio

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [await client.send(request) for request in requests]

    return asyncio.run(all_of_them())


def rules_request(**headers: str) -> httpx.Request:
    return httpx.Request("GET", "http://localhost/v1/rules/KLI001", headers=headers)


def test_too_many_requests_are_refused() -> None:
    answers = ask(application(per_minute=60), *(rules_request() for _ in range(63)))
    assert [a.status_code for a in answers[:60]] == [200] * 60
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_token_is_asked_for() -> None:
    app = application(token="hemmelig")
    without, wrong, right, scheme = ask(
        app,
        rules_request(),
        rules_request(authorization="Bearer feil"),
        rules_request(authorization="Bearer hemmelig"),
        rules_request(authorization="Basic hemmelig"),
    )
    assert (without.status_code, wrong.status_code, right.status_code) == (401, 401, 200)
    assert scheme.status_code == 401
    assert without.headers["www-authenticate"] == "Bearer"
    page, health = ask(
        app, httpx.Request("GET", "http://localhost/"), httpx.Request("GET", "http://localhost/health")
    )
    assert page.status_code == health.status_code == 200  # nothing private there; the page asks for the key


def test_sigterm_stops_it_within_five_seconds() -> None:
    with serving() as served:
        httpx.post(f"{served.url}/v1/check", json={"text": STALE}, timeout=60, trust_env=False)
        begun = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) in (0, -signal.SIGTERM)
        assert time.monotonic() - begun < 5
