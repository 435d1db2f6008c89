"""The fast reader agrees with the standard library on what it reads, and leaves the rest to it."""

from __future__ import annotations

import email
import sys
from pathlib import Path

import pytest
from review_support import LETTER, mail
from test_hostile import HOSTILE

from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.review.quick_mail import quick_body
from feedbackcheck.sources.mail import body_of

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from mailbox_generator import mails


def agree(data: bytes) -> bool:
    """True if the fast reader read it; its answer is compared with the standard library's."""
    try:
        quick = quick_body(data)
    except FeedbackcheckError:
        with pytest.raises(FeedbackcheckError):
            body_of(email.message_from_bytes(data))
        return False
    if quick is None:
        return False
    headers, body = quick
    message = email.message_from_bytes(data)
    slow = body_of(message)
    assert (body.text.rstrip("\n"), body.kind, body.part, body.flowed, body.delsp) == (
        slow.text.rstrip("\n"), slow.kind, slow.part, slow.flowed, slow.delsp,
    )  # fmt: skip
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        expected = [" ".join(v.split()) for v in message.get_all(name, [])]
        assert [" ".join(v.split()) for v in headers.get(name.lower(), [])] == expected
    return True


def test_generated_mailboxes() -> None:
    read = [agree(data) for data in mails(400, seed=7, other=0.2)]
    assert sum(read) > 390
    assert all(agree(data.replace(b"\n", b"\r\n")) for data in mails(40, seed=8))


def test_what_pythons_library_writes() -> None:
    for message in (mail(), mail(html="<p>Hei</p>"), mail(text=LETTER.replace("Takk", "Tæ" * 60))):
        for policy in (email.policy.default, email.policy.SMTP, email.policy.SMTPUTF8):
            agree(message.as_bytes(policy=policy))


@pytest.mark.parametrize("name", [n for n in HOSTILE if "nested" not in n])
def test_hostile_mail(name: str) -> None:
    agree(HOSTILE[name][0])


@pytest.mark.parametrize(
    "change",
    [
        (b'charset="utf-8"', b"charset*=utf-8''utf-8"),
        (b"Content-Type: text/plain", b"Content-Disposition: attachment\nContent-Type: text/plain"),
        (b"Content-Type: text/plain", b"Content-Type: text/plain (plain)"),
        (b"Content-Transfer-Encoding: quoted-printable", b"Content-Transfer-Encoding: x-uuencode"),
        (b"Subject:", b"Subject"),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_alone(change: tuple[bytes, bytes]) -> None:
    plain = LETTER.replace("å", "a").replace("ø", "o")
    data = mail(text=plain).as_bytes()
    assert agree(data)
    assert quick_body(data.replace(*change)) is None
