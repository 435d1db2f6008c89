"""The routes: what goes in, what comes out."""

from __future__ import annotations

import json
from email.message import EmailMessage
from typing import Any

import pytest
from support import LETTER

from feedbackcheck import Checker
from feedbackcheck.server.models import CheckAnswer, SuggestAnswer

EMOJI = "Hei 👋🏽 Kari,\n\nVi har dessverre gått videre med andre kandidater.\n\nHilsen\nPer Lund"


def test_check_gives_the_contracts_object(client: Any) -> None:
    answer = client.post("/v1/check", json={"text": LETTER, "stage": "soknad"})
    assert answer.status_code == 200
    data = answer.json()
    CheckAnswer.model_validate(data)
    assert data["stage"] == "soknad" and data["stage_source"] == "option"
    found = {f["code"] for f in data["findings"]}
    assert {"KLI001", "MAN03"} <= found
    assert data["score"]["total"] < 60


def test_check_says_what_the_library_says(client: Any) -> None:
    from feedbackcheck import Settings

    data = client.post("/v1/check", json={"text": LETTER, "stage": "intervju"}).json()
    report = Checker(Settings(assume_rejection=True)).check(LETTER, stage="intervju").to_dict()
    assert data["score"] == report["score"]
    assert [f["code"] for f in data["findings"]] == [f["code"] for f in report["findings"]]


def test_offsets_count_code_points(client: Any) -> None:
    data = client.post("/v1/check", json={"text": EMOJI, "stage": "soknad"}).json()
    (stock,) = (f for f in data["findings"] if f["code"] == "KLI001")
    assert "gått videre" in EMOJI[stock["start"] : stock["end"]]


def test_context_reaches_the_rules(client: Any) -> None:
    text = "Hei Kari,\n\nTakk for søknaden. Vi har valgt en annen.\n\nHilsen\nPer Lund"
    body = {"text": text, "stage": "soknad", "context": {"candidate_name": "Ola Nordmann"}}
    assert "FLT002" in {f["code"] for f in client.post("/v1/check", json=body).json()["findings"]}
    body["context"] = {"candidate_name": "Kari Nordmann"}
    assert "FLT002" not in {f["code"] for f in client.post("/v1/check", json=body).json()["findings"]}


def test_the_same_question_is_answered_from_memory(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedbackcheck.server.service import Service

    body = {"text": LETTER + "\nto ganger", "stage": "soknad"}
    first = client.post("/v1/check", json=body)

    def never(*_: Any) -> bytes:
        raise AssertionError("analysed twice")

    monkeypatch.setattr(Service, "check", never)
    assert client.post("/v1/check", json=body).content == first.content


def test_memory_is_bounded() -> None:
    from feedbackcheck.server.memory import Memory

    memory = Memory(entries=3, size=100)
    for i in range(10):
        memory.put(bytes([i]), b"x" * 10)
    assert [memory.get(bytes([i])) is not None for i in (6, 7, 8, 9)] == [False, True, True, True]
    memory.put(b"big", b"x" * 95)
    assert memory.get(b"big") is not None and memory.get(bytes([9])) is None
    memory.put(b"huge", b"x" * 101)
    assert memory.get(b"huge") is None


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_empty_draft_is_no_error(client: Any, text: str) -> None:
    data = client.post("/v1/check", json={"text": text}).json()
    CheckAnswer.model_validate(data)
    assert data["score"] is None and data["findings"] == []


def test_suggest_gives_a_better_letter(client: Any) -> None:
    context = {
        "candidate_name": "Kari Dahl",
        "position": "lærer",
        "sender": "Per Lund",
        "notes": ["god på caset"],
    }
    body = {"text": LETTER, "stage": "intervju", "context": context}
    answer = client.post("/v1/suggest", json=body)
    data = answer.json()
    SuggestAnswer.model_validate(data)
    assert data["score_after"]["total"] > data["score_before"]["total"]
    assert "Kari" in data["revised"] and "Per Lund" in data["revised"]
    for gap in data["gaps"]:
        assert data["revised"][gap["start"] : gap["end"]].startswith("⟨")


def test_suggest_without_a_draft(client: Any) -> None:
    data = client.post("/v1/suggest", json={"text": "", "stage": "soknad"}).json()
    SuggestAnswer.model_validate(data)
    assert data["revised"].strip()


def test_rules_have_pages(client: Any) -> None:
    rules = client.get("/v1/rules").json()
    assert {"KLI001", "MAN12", "JUS001", "PRO04"} <= {r["code"] for r in rules}
    one = client.get("/v1/rules/KLI002").json()
    assert one["name"] == "tom-begrunnelse" and len(one["page"]) > 300
    assert client.get("/v1/rules/XXX999").status_code == 404


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({}, "text"),
        ({"text": 3}, "text"),
        ({"text": "Hei", "stage": "siste"}, "stage"),
        ({"text": "Hei", "context": {"applicants": -1}}, "applicants"),
        ({"text": "Hei", "context": {"navn": "Kari"}}, "navn"),
        ({"text": "x" * 50_001}, "text"),
    ],
)
def test_wrong_requests_name_the_key(client: Any, body: dict[str, Any], key: str) -> None:
    answer = client.post("/v1/check", json=body)
    assert answer.status_code == 422
    assert key in json.dumps(answer.json()["detail"])


def test_refusals_do_not_repeat_the_draft(client: Any) -> None:
    answer = client.post("/v1/check", json={"text": ["Kari Nordmann er syk"]})
    assert answer.status_code == 422
    assert "Kari" not in answer.text


def _mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Søknaden din"
    mail["From"] = "Per Lund <per@example.no>"
    mail["To"] = "kari@example.no"
    mail.set_content(
        "Hei Kari,\n\nVi har gått videre med andre.\n\nHilsen\nPer Lund\n", cte="quoted-printable"
    )
    return mail.as_bytes()


def _word() -> bytes:
    docx = pytest.importorskip("docx", reason="python-docx er ikke installert")
    from io import BytesIO

    document = docx.Document()
    for line in ("Hei Kari,", "Vi har gått videre med andre.", "Hilsen", "Per Lund"):
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "kind"),
    [
        ("a.txt", lambda: "Hei Kari,\n\nVi har gått videre med andre.".encode("utf-16"), "text"),
        ("a.html", lambda: "<p>Hei Kari,</p><p>Vi har g&aring;tt videre med andre.</p><script>x()</script>".encode(), "html"),
        ("a.md", lambda: "Hei Kari,\n\nVi har **gått videre** med andre.".encode(), "markdown"),
        ("a.eml", _mail, "eml"),
        ("a.docx", _word, "docx"),
    ],
)  # fmt: skip
def test_upload_gives_the_words(client: Any, name: str, make: Any, kind: str) -> None:
    answer = client.post("/v1/upload", files={"file": (name, make())})
    assert answer.status_code == 200
    assert answer.json()["kind"] == kind
    text = answer.json()["text"]
    assert "Hei Kari," in text and "gått videre" in text
    assert "<p>" not in text and "x()" not in text


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.docx", b"PK\x03\x04 not a zip"), ("a.bin", bytes(range(256)) * 8), ("a.txt", b""), ("a.msg", b"\xd0\xcf\x11\xe0 no")],
)  # fmt: skip
def test_an_upload_that_cannot_be_read_is_told_in_words(client: Any, name: str, data: bytes) -> None:
    answer = client.post("/v1/upload", files={"file": (name, data)})
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str) and len(answer.json()["detail"]) > 10


def test_openapi_names_every_route(client: Any) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/v1/check", "/v1/suggest", "/v1/upload", "/v1/rules", "/v1/rules/{code}", "/health",
    }  # fmt: skip
