"""Hostile letters cost time in proportion to their length: four times the letter, not sixteen times the time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from feedbackcheck.errors import MalformedSourceError
from feedbackcheck.language.malform import identify
from feedbackcheck.language.segment import segment
from feedbackcheck.language.tokens import EMAIL, URL, tokenize
from feedbackcheck.message import Message
from feedbackcheck.sources import read_bytes, read_text
from feedbackcheck.sources.mapped import Builder

HELLO = "Hei Kari,\n\nTakk for søknaden din. Vi har dessverre valgt en annen søker denne gangen. "
#: Four times the work takes four times as long; a busy machine may double that, and sixteen is what is looked for.
TOO_MUCH = 10
#: Under this many seconds a clock tells nothing.
NOTHING = 0.1


def seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(2):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def assert_linear(work: Callable[[str], object], unit: str, size: int, head: str = HELLO) -> None:
    count = size // len(unit)
    small = seconds(lambda: work(head + unit * count))
    large = seconds(lambda: work(head + unit * 4 * count))
    assert large < TOO_MUCH * max(small, NOTHING), f"{small:.2f} s, then {large:.2f} s"


def check(text: str) -> None:
    message = Message.from_text(text)
    identify(message.text, segment(message.text))


@pytest.mark.parametrize("unit", ["…", ".", "a. "])
def test_runs_of_stops_are_split_in_linear_time(unit: str) -> None:
    assert_linear(check, unit, 20_000)


@pytest.mark.parametrize("unit", ["a.", "1-", "a_"])
def test_runs_without_spaces_are_tokenised_in_linear_time(unit: str) -> None:
    assert_linear(tokenize, unit, 20_000)


def test_tokens_of_addresses_are_as_before() -> None:
    found = {
        t.text: t.norm
        for t in tokenize("Skriv til kari.nordmann+jobb@post.firma.no, eller se jobb.firma.no/1.")
    }
    assert found["kari.nordmann+jobb@post.firma.no"] == EMAIL
    assert found["jobb.firma.no/1."] == URL


@pytest.mark.parametrize(
    ("unit", "size"),
    [
        ("<style>", 50_000),
        ("<style", 50_000),
        ("<style></script>", 50_000),
        ("&nbsp;", 100_000),
        ("Vi <!-- feedbackcheck: ignore KLI001 -->", 150_000),
    ],
)
def test_hostile_html_is_read_in_linear_time(unit: str, size: int) -> None:
    assert_linear(lambda source: read_text(source + "slutt", kind="html"), unit, size)


@pytest.mark.parametrize(
    ("unit", "size"),
    [("![", 8_000), ("![a](", 15_000), ("{a}**b** ", 25_000), ("<!-- feedbackcheck: ignore -->a ", 100_000)],
)
def test_hostile_markdown_is_read_in_linear_time(unit: str, size: int) -> None:
    assert_linear(lambda source: read_text(source, kind="markdown"), unit, size)


@pytest.mark.parametrize(
    ("head", "unit", "tail"),
    [
        ("Hei Kari\n\nBegin forwarded message", " ", "x"),
        ("Hei Kari\n\n---Original Message", " ", "x"),
        ("Hei Kari\n\nOla <", "a@", ""),
        ("Emne:", " ", ""),
    ],
)
def test_hostile_history_is_looked_for_in_linear_time(head: str, unit: str, tail: str) -> None:
    assert_linear(lambda source: read_text(f"{source}{tail}\n\nHei Kari", kind="text"), unit, 10_000, head)


def test_places_are_found_without_going_over_all_runs() -> None:
    def find(source: str) -> None:
        out = Builder()
        for at in range(0, len(source), 2):
            out.add("a", at)
        text = out.build()
        assert all(text.text_offset(at) == at // 2 for at in range(0, len(source), 2))

    assert_linear(find, "ab", 10_000, "")


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: text/plain" + "".join(f";\n a{i}=b" for i in range(30_000)),
        "Content-Disposition: inline; filename=" + "a" * 50_000,
    ],
)
def test_endless_mail_headers_are_refused_before_they_are_parsed(headers: str) -> None:
    mail = f"From: a@example.no\n{headers}\n\n{HELLO}"
    with pytest.raises(MalformedSourceError, match=r"odefeltet «Content-") as caught:
        read_bytes(mail.encode(), name="a.eml")
    assert caught.value.where == "a.eml"
    assert caught.value.fix


def test_many_parts_with_long_headers_are_refused() -> None:
    part = "--x\nContent-Type: text/plain; a{0}=" + "b" * 5000 + "\n\nHei\n"
    mail = (
        "Content-Type: multipart/mixed; boundary=x\n\n"
        + "".join(part.format(i) for i in range(100))
        + "--x--\n"
    )
    with pytest.raises(MalformedSourceError, match="flere og lengre hodefelt"):
        read_bytes(mail.encode(), name="a.eml")


def test_a_mail_to_many_is_read_with_its_recipients_as_they_stand() -> None:
    to = ",\n ".join(f"Ola {i} <ola{i}@example.no>" for i in range(2000))
    (message,) = read_bytes(f"From: a@example.no\nTo: {to}\n\n{HELLO}".encode(), name="a.eml")
    assert "ola1999@example.no" in message.headers["to"]
