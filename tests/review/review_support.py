"""Mail, mailboxes and commands for the tests of the review."""

from __future__ import annotations

import json
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from feedbackcheck.cli.app import app

LETTER = (
    "Hei {name},\n\nTakk for at du søkte på stillingen som {position} hos oss.\n\n"
    "Vi har dessverre gått videre med andre kandidater som har mer relevant erfaring.\n\n"
    "Lykke til videre!\n\nVennlig hilsen\nHenrik Lunde\n"
)
PERSONAL = (
    "Hei {name},\n\nJeg har bestemt meg for å ansette en annen enn deg som {position}. Det som avgjorde, var tre års erfaring med drift av "
    "Kubernetes i produksjon, som vi trenger fra første dag.\n\nCaset ditt om betalingsflyt var det mest gjennomarbeidede vi så. Vil du videre "
    "mot drift, så be om å få være med i vaktordningen der du er nå.\n\nRing meg på 918 00 214 hvis du vil gå gjennom caset.\n\n"
    "Hilsen Henrik Lunde\n"
)
RECEIPT = "Hei {name},\n\nVi har mottatt søknaden din på stillingen som {position}. Du hører fra oss innen tre uker.\n\nHilsen Henrik Lunde\n"


def mail(
    name: str = "Kari Nordmann",
    *,
    text: str = LETTER,
    position: str = "kokk",
    html: str | None = None,
    number: int = 0,
    date: str = "Tue, 14 Jan 2025 10:00:00 +0100",
    sender: str = "Henrik Lunde <henrik@firma.example>",
    **headers: str,
) -> EmailMessage:
    """A mail to ``name``, with the letter filled in."""
    first = name.split()[0]
    message = EmailMessage()
    message["From"] = sender
    local = first.lower().encode("ascii", "ignore").decode()
    message["To"] = f"{name} <{local}{number}@post.example>"
    message["Subject"] = f"Stillingen som {position}"
    message["Date"] = date
    message["Message-ID"] = f"<{number}.{local}@firma.example>"
    for key, value in headers.items():
        message[key.replace("_", "-")] = value
    message.set_content(text.format(name=first, position=position))
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def mbox(file: Path, mails: list[EmailMessage | bytes]) -> Path:
    """Write an mbox."""
    with file.open("wb") as stream:
        for m in mails:
            data = m if isinstance(m, bytes) else m.as_bytes()
            stream.write(
                b"From henrik@firma.example Tue Jan 14 10:00:00 2025\n" + data.rstrip(b"\n") + b"\n\n"
            )
    return file


def review(*arguments: str | Path) -> Any:
    """Run the command in this process; errors are raised."""
    return CliRunner().invoke(
        app,
        ["review", *map(str, arguments), "--isolated", "--quiet", "--workers", "1"],
        catch_exceptions=False,
    )


def start_review(*arguments: str | Path, workers: int = 1) -> subprocess.Popen[bytes]:
    """Start the command in a process of its own, whose output nobody reads."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "feedbackcheck",
            "review",
            *map(str, arguments),
            "--isolated",
            "--quiet",
            "--workers",
            str(workers),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def review_json(*arguments: str | Path) -> dict[str, Any]:
    """The JSON of a review."""
    result = review(*arguments, "--output-format", "json")
    assert result.exit_code == 0, result.output
    data: dict[str, Any] = json.loads(result.stdout)
    counts = data["counts"]
    assert counts["read"] == counts["scored"] + counts["other"] + counts["failed"]
    return data
