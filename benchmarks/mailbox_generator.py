"""Makes realistic mailboxes of sent mail: templates with merged names, personal letters, other mail, as mail programs write it.

    python benchmarks/mailbox_generator.py --messages 20000 --out sent.mbox

Letters come from ``corpora/``. One seed gives one mailbox, byte for byte.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import quopri
import random
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from feedbackcheck.message import FieldRole  # noqa: E402
from feedbackcheck.sources.merge_fields import find_fields  # noqa: E402

FIRST = [
    "Kari",
    "Ola",
    "Nora",
    "Emil",
    "Ingrid",
    "Lars",
    "Amina",
    "Mohammed",
    "Sofie",
    "Jakob",
    "Elise",
    "Henrik",
    "Fatima",
    "Ahmed",
    "Ida",
    "Magnus",
    "Thea",
    "Jonas",
    "Hanna",
    "Oskar",
    "Maja",
    "Filip",
    "Sara",
    "Noah",
    "Emma",
    "Lucas",
    "Leah",
    "William",
    "Aksel",
    "Astrid",
    "Sigurd",
    "Ragnhild",
    "Torbjørn",
    "Åse",
    "Øystein",
    "Solveig",
    "Máret",
    "Ánte",
    "Biret",
    "Nils",
    "Agnieszka",
    "Piotr",
    "Katarzyna",
    "Tomasz",
    "Svetlana",
    "Yusuf",
    "Zahra",
    "Bilal",
    "Linh",
    "Minh",
    "Priya",
    "Arjun",
    "Chidi",
    "Ngozi",
    "Marit",
    "Kjetil",
    "Randi",
    "Gunnar",
    "Bjørg",
    "Trond",
]
LAST = [
    "Nordmann",
    "Hansen",
    "Johansen",
    "Olsen",
    "Larsen",
    "Andersen",
    "Pedersen",
    "Nilsen",
    "Kristiansen",
    "Jensen",
    "Karlsen",
    "Berg",
    "Haugen",
    "Hagen",
    "Eriksen",
    "Bakken",
    "Lie",
    "Solberg",
    "Moen",
    "Strand",
    "Lund",
    "Warsame",
    "Hussein",
    "Ali",
    "Ahmed",
    "Nguyen",
    "Kowalski",
    "Nowak",
    "Sara",
    "Gaup",
    "Utsi",
    "Bjørnstad",
    "Sæther",
    "Ødegård",
    "Åsheim",
    "Myhre",
    "Aas",
    "Lunde",
    "Tveit",
    "Fjeld",
    "Brekke",
    "Dahl",
    "Eide",
    "Foss",
    "Grønn",
    "Hovland",
    "Iversen",
    "Jacobsen",
    "Kvamme",
]
POSITIONS = [
    "prosjektleder",
    "sykepleier",
    "regnskapskonsulent",
    "lærer i ungdomsskolen",
    "backend-utvikler",
    "butikkmedarbeider",
    "driftstekniker",
    "HR-rådgiver",
    "barnehagelærer",
    "kundeveileder",
    "arkivar",
    "avdelingsleder",
    "elektriker",
    "kokk",
    "ingeniør",
    "jurist",
    "saksbehandler",
    "vaktmester",
    "markedsfører",
    "renholder",
]
SENDERS = [
    ("Henrik Lunde", "henrik.lunde"),
    ("Marit Hovland", "marit.hovland"),
    ("Siri Aas", "siri.aas"),
    ("Rekruttering", "rekruttering"),
]
DEPARTMENTS = ("IT", "Helse og omsorg", "Oppvekst", "Teknisk", "Økonomi")
COMPANY = "Fjordkode AS"
_FILL = {
    FieldRole.COMPANY: COMPANY, FieldRole.CONTACT: "Tone Vik", FieldRole.REASON: "erfaring med drift av systemer i produksjon",
    FieldRole.STRENGTH: "en ryddig og gjennomarbeidet søknad", FieldRole.DEVELOPMENT: "ta et kurs i prosjektledelse",
    FieldRole.REQUIREMENT: "tre års erfaring med budsjettansvar", FieldRole.DATE: "mars", FieldRole.NUMBER: "42",
    FieldRole.LINK: "https://fjordkode.example/evaluering", FieldRole.OTHER: "prosessen",
}  # fmt: skip


@cache
def corpus() -> list[dict[str, Any]]:
    """All labelled messages."""
    out = []
    for file in sorted((ROOT / "corpora").glob("*.jsonl")):
        if "snippets" in file.name or file.name == "dev.jsonl":
            continue
        out += [
            m
            for line in file.read_text("utf-8").splitlines()
            if line.strip() and "text" in (m := json.loads(line))
        ]
    return out


@cache
def templates(count: int = 40) -> list[str]:
    found = [
        m["text"]
        for m in corpus()
        if m.get("is_rejection") and m.get("mode") == "template" and m.get("stage") != "telefon"
    ]
    return [re.sub(r"^Emne:[^\n]*\n+", "", t) for t in found[:count]]


@cache
def personal() -> list[str]:
    found = [
        m["text"]
        for m in corpus()
        if m.get("is_rejection") and m.get("mode") == "message" and m.get("stage") != "telefon"
    ]
    return [re.sub(r"^Emne:[^\n]*\n+", "", t) for t in found]


@cache
def others() -> list[str]:
    return [m["text"] for m in corpus() if m.get("is_rejection") is False]


@cache
def _fields(template: str) -> tuple[Any, ...]:
    return tuple(find_fields(template))


def merged(template: str, first: str, last: str, position: str, sender: str) -> str:
    """A template with its fields filled."""
    out, done = [], 0
    for field in _fields(template):
        out.append(template[done : field.span.start])
        if field.role is FieldRole.NAME:
            out.append(
                first if "last" not in field.name.lower() and "etter" not in field.name.lower() else last
            )
        elif field.role is FieldRole.POSITION:
            out.append(position)
        elif field.role is FieldRole.SENDER:
            out.append(sender)
        else:
            out.append(_FILL[field.role])
        done = field.span.end
    return "".join([*out, template[done:]])


def recombined(random_: random.Random) -> str:
    """A letter that no other is like: paragraphs of three letters, and words of its own."""
    a, b, c = (random_.choice(personal()).split("\n\n") for _ in range(3))
    middle = [random_.choice(x[1:-1] or x) for x in (a, b, c)]
    words = " ".join(random_.sample(_words(), 7))
    own = f"Vi så særlig på {random_.choice(POSITIONS)} nummer {random_.randrange(100, 9999)} og det du skrev om {words}."
    return "\n\n".join([a[0], *middle, own, a[-1]])


@cache
def _words() -> list[str]:
    return sorted({w for t in personal()[:300] for w in re.findall(r"\b[a-zæøå]{5,12}\b", t)})


HISTORY = (
    "\n\nFra: {first} {last} <{address}>\nSendt: mandag 3. februar 2025 10:12\nTil: Rekruttering <rekruttering@fjordkode.example>\n"
    "Emne: Søknad\n\nHei! Her er søknaden min på stillingen. Vi har dessverre ikke fått svar.\n\nHilsen {first}\n"
)


def _page(text: str) -> str:
    paragraphs = "".join(
        f"<p class=MsoNormal>{html.escape(p).replace(chr(10), '<br>')}</p>\n" for p in text.split("\n\n")
    )
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8"><style>'
        "p.MsoNormal{margin:0cm;font-family:Calibri}</style></head><body lang=NO>\n"
        + paragraphs
        + "</body></html>\n"
    )


def _part(kind: str, text: str, random_: random.Random) -> str:
    style = random_.random()
    if style < 0.6:
        body = quopri.encodestring(text.encode("utf-8")).decode("ascii")
        return f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n{body}\n'
    if style < 0.8:
        body = base64.encodebytes(text.encode("utf-8")).decode("ascii")
        return f'Content-Type: text/{kind}; charset="UTF-8"\nContent-Transfer-Encoding: base64\n\n{body}\n'
    body = quopri.encodestring(text.encode("cp1252", "replace")).decode("ascii")
    return f'Content-Type: text/{kind}; charset="Windows-1252"\nContent-Transfer-Encoding: quoted-printable\n\n{body}\n'


def mails(
    count: int, *, seed: int = 1, different: bool = False, other: float = 0.0, personal_share: float = 0.1
) -> Iterator[bytes]:
    """Mails as bytes, with ``\\n`` line ends."""
    random_ = random.Random(seed)
    start = datetime(2024, 1, 8, 8, tzinfo=UTC)
    for number in range(count):
        first, last = random_.choice(FIRST), random_.choice(LAST)
        position, (sender, local) = random_.choice(POSITIONS), random_.choice(SENDERS)
        kind = random_.random()
        subject = f"Stillingen som {position}"
        if kind < other:
            text, subject = random_.choice(others()), "Til orientering"
        elif different:
            text = recombined(random_)
        elif kind < other + personal_share:
            text = random_.choice(personal())
            subject = "Svar på søknaden din"
        else:
            text = merged(random_.choice(templates()), first, last, position, sender)
        text = re.sub(r"^(Hei|Kjære) [A-ZÆØÅ][^\n,!]{1,40}", rf"\1 {first}", text)
        address = f"{first}.{last}{number}@epost.example".lower().encode("ascii", "ignore").decode()
        if random_.random() < 0.1:
            text += HISTORY.format(first=first, last=last, address=address)
        boundary = f"----=_Part_{number:08x}"
        head = (
            f"From: {Header(sender, 'utf-8').encode()} <{local}@fjordkode.example>\n"
            f"To: {Header(f'{first} {last}', 'utf-8').encode()} <{address}>\n"
            f"Subject: {Header(subject, 'utf-8').encode()}\n"
            f"Date: {format_datetime(start + timedelta(minutes=37 * number % 900_000))}\n"
            f"Message-ID: <{number:08x}.{seed}@fjordkode.example>\n"
            f"Organization: {Header(random_.choice(DEPARTMENTS), 'utf-8').encode()}\n"
            "MIME-Version: 1.0\n"
        )
        shape = random_.random()
        if shape < 0.55:
            body = (
                f'Content-Type: multipart/alternative; boundary="{boundary}"\n\n--{boundary}\n{_part("plain", text, random_)}'
                f"--{boundary}\n{_part('html', _page(text), random_)}--{boundary}--\n"
            )
        elif shape < 0.75:
            body = _part("html", _page(text), random_)
        else:
            body = _part("plain", text, random_)
        yield (head + body).encode("utf-8")


def write_mbox(out: Path, stream: Iterator[bytes]) -> None:
    """Write mails as an mbox."""
    with out.open("wb") as file:
        for data in stream:
            file.write(b"From sender@fjordkode.example Mon Jan  8 08:00:00 2024\n")
            file.write(re.sub(rb"^(>*From )", rb">\1", data, flags=re.MULTILINE) + b"\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--different", action="store_true", help="no two letters alike")
    parser.add_argument("--other", type=float, default=0.0, help="share of mail that is no rejection")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    write_mbox(
        given.out, mails(given.messages, seed=given.seed, different=given.different, other=given.other)
    )


if __name__ == "__main__":
    main()
