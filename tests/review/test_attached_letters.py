"""Letters that are not in the mail's body: Word, text and HTML attachments, PDF counted as its own kind, Outlook files."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from review_support import LETTER, mail, mbox, review, review_json

from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.sources import read_bytes
from sources.ole_writer import write_msg

BODY = LETTER.format(name="Kari", position="kokk")
FOOTER = (
    "Hei Kari\n\nSe vedlagt svarbrev.\n\nMed vennlig hilsen\nHenrik Lunde\nHR-rådgiver\nEksempel kommune\nTlf. 55 00 00 00\n\n"
    "Denne e-posten kan inneholde fortrolig informasjon og er bare ment for den den er adressert til. Har du mottatt den ved en feil, "
    "må du slette den og gi avsenderen beskjed. Alle dokumenter hos oss journalføres.\n"
)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF"


def word(text: str, *, bomb: bool = False) -> bytes:
    """A Word document as python-docx writes it."""
    from docx import Document

    document = Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    if not bomb:
        return out.getvalue()
    big = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(out.getvalue())) as source,
        zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(
                entry.filename, b" " * (300 << 20) if entry.filename == "word/document.xml" else data
            )
    return big.getvalue()


def with_file(
    note: str, data: bytes, name: str, kind: str = "application/octet-stream", **more: str
) -> EmailMessage:
    message = mail(text=note.replace("{", "{{"), **more)
    main, _, sub = kind.partition("/")
    message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message


def only(tmp_path: Path, message: EmailMessage | bytes) -> dict:
    data = review_json(mbox(tmp_path / "a.mbox", [message]))
    found: dict = data["messages"][0]
    found["kinds"] = data["summary"]["kinds"]
    found["counts"] = data["counts"]
    return found


RTF = (
    "{\\rtf1\\ansi\\ansicpg1252 "
    + BODY.replace("\n", "\\par ").replace("å", "\\'e5").replace("ø", "\\'f8")
    + "}"
)


@pytest.mark.parametrize("note", [FOOTER, "Hei, svaret ligger ved.\n", "", "Hei!\n\nMvh Henrik\n"])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Svar på søknad.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("Dokument1.DOCX", "application/octet-stream"),
        ("svar.txt", "text/plain"),
        ("svar.html", "application/octet-stream"),
        ("svar.rtf", "application/rtf"),
    ],
)
def test_the_attached_letter_is_scored(tmp_path: Path, note: str, name: str, kind: str) -> None:
    data = {
        "docx": word(BODY), "html": f"<html><body><p>{'</p><p>'.join(BODY.split(chr(10) * 2))}</p></body></html>".encode(),
        "rtf": RTF.encode("ascii"),
    }.get(name.lower().rpartition(".")[2], BODY.encode())  # fmt: skip
    found = only(
        tmp_path, with_file(note, data, name, kind if kind != "text/plain" else "application/octet-stream")
    )
    assert found["counts"]["scored"] == 1, found
    plain = review_json(mbox(tmp_path / "b.mbox", [mail()]))["messages"][0]
    assert {f["code"] for f in found["findings"]} == {f["code"] for f in plain["findings"]}
    assert found["part"].endswith(name.lower()[name.rindex(".") :])


def test_places_are_those_of_the_attached_text(tmp_path: Path) -> None:
    found = only(tmp_path, with_file(FOOTER, BODY.encode(), "svar.txt"))
    stock = next(f for f in found["findings"] if f["code"] == "KLI001")
    assert "gått videre" in BODY[stock["start"] : stock["end"]]


def test_word_attachments_repeat_like_other_letters(tmp_path: Path) -> None:
    """The name in the letter is checked against the address, whoever it is to."""
    mails = []
    for i, name in enumerate(("Kari Nordmann", "Ola Hansen", "Per Lie")):
        message = mail(name, text=FOOTER, number=i)
        told = name.split()[0] if i < 2 else "Kari"
        message.add_attachment(
            word(LETTER.format(name=told, position="kokk")),
            maintype="application",
            subtype="octet-stream",
            filename="Brev.docx",
        )
        mails.append(message)
    codes = [
        {f["code"] for f in m["findings"]} for m in review_json(mbox(tmp_path / "a.mbox", mails))["messages"]
    ]
    assert codes[0] == codes[1] and "FLT002" not in codes[0] and "FLT002" in codes[2]


@pytest.mark.parametrize("note", [FOOTER, "", "Hei! Vedlagt følger avslag på søknaden din.\n"])
def test_a_letter_in_pdf_is_a_kind_of_its_own(tmp_path: Path, note: str) -> None:
    message = with_file(note, PDF, "Avslag.pdf", "application/pdf")
    message.replace_header("Subject", "Avslag på søknad: kokk")
    found = only(tmp_path, message)
    assert found["counts"] == {"read": 1, "scored": 0, "other": 1, "failed": 0}
    assert found["kinds"] == {"vedlegg-pdf": 1} and found["score"] is None
    summary = review(tmp_path / "a.mbox").stdout
    assert "brev i PDF-vedlegg (ikke lest)" in summary


def test_a_footer_as_a_file_is_no_letter(tmp_path: Path) -> None:
    """Exchange puts what mailing systems add into files of its own."""
    message = with_file(FOOTER, PDF, "Svar.pdf")
    message.add_attachment(
        (FOOTER * 2).encode(), maintype="application", subtype="octet-stream", filename="ATT00001.txt"
    )
    assert only(tmp_path, message)["kinds"] == {"vedlegg-pdf": 1}


def test_other_files_that_are_not_read(tmp_path: Path) -> None:
    found = only(
        tmp_path, with_file(FOOTER, b"\xd0\xcf\x11\xe0" + bytes(2000), "Svar.doc", "application/msword")
    )
    assert found["kinds"] == {"vedlegg": 1}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("CV.docx", word("Kari Nordmann\n\nUtdanning: kokk\n\nErfaring: du finner alt her " + "ord " * 60)),
        ("kart.pdf", PDF),
        ("signatur.png", b"\x89PNG" + bytes(500)),
        ("utlysning.docx", word("Vi søker kokk til stilling hos oss. " * 20)),
    ],
)
def test_a_letter_in_the_body_stays_the_letter(tmp_path: Path, name: str, data: bytes) -> None:
    plain = only(tmp_path, mail())
    found = only(tmp_path, with_file(BODY, data, name))
    assert found["score"] == plain["score"] and found["part"].endswith("text/plain")
    # A short no in the mail itself is judged, whatever lies beside it.
    short = "Hei Kari. Vi har dessverre gått videre med andre kandidater. Hilsen Henrik Lunde\n"
    assert only(tmp_path, with_file(short, data, name))["counts"]["scored"] == 1


@pytest.mark.parametrize("note", [FOOTER, ""])
def test_broken_and_hostile_attachments(tmp_path: Path, note: str) -> None:
    whole = word(BODY)
    for data in (whole[: len(whole) // 2], b"PK\x03\x04" + bytes(200), word(BODY, bomb=True), b"nei"):
        found = only(tmp_path, with_file(note, data, "Svar.docx"))
        assert found["counts"] == {"read": 1, "scored": 0, "other": 0, "failed": 1}
        assert "edlegget kan ikke leses" in found["error"]


def test_an_empty_attachment_loses_nothing(tmp_path: Path) -> None:
    found = only(tmp_path, with_file("", b"", "Svar.docx"))
    assert found["counts"]["failed"] == 1
    found = only(tmp_path, with_file(FOOTER, b"", "Svar.docx"))
    assert found["counts"]["other"] + found["counts"]["failed"] == 1


def test_a_word_letter_after_and_within_large_attachments(tmp_path: Path) -> None:
    """Bulk is dropped while a mail is read, but not the Word file that may be the letter."""
    import os

    picture = os.urandom(2 << 20)
    document = io.BytesIO(word(BODY))
    with zipfile.ZipFile(document, "a") as archive:
        archive.writestr("word/media/logo.png", picture)
    message = with_file(
        FOOTER, b"%PDF-1.7" + os.urandom(6 << 20), "Stillingsbeskrivelse.pdf", "application/pdf"
    )
    message.add_attachment(
        document.getvalue(), maintype="application", subtype="octet-stream", filename="Svarbrev.docx"
    )
    assert len(message.as_bytes()) > 10 << 20
    assert only(tmp_path, message)["counts"]["scored"] == 1


def test_check_reads_the_attached_letter_too(tmp_path: Path) -> None:
    found = read_bytes(with_file(FOOTER, word(BODY), "Svar.docx").as_bytes(), name="a.eml")[0]
    assert "gått videre" in found.text and any("vedlegget (.docx)" in n for n in found.notices)
    with pytest.raises(FeedbackcheckError, match=r"vedlegg som ikke kan leses \(\.pdf\)"):
        read_bytes(with_file("", PDF, "Svar.pdf").as_bytes(), name="a.eml")


# -- Outlook files


def outlook(name: str, number: int, **more: object) -> bytes:
    values = {
        "subject": "Stillingen som kokk", "body": LETTER.format(name=name.split()[0], position="kokk"), "sender": "Henrik Lunde",
        "to": ((name, f"{name.split()[0].lower()}@post.example"),), "sent": datetime(2025, 2, 14, 9, tzinfo=UTC),
        "message_id": f"<{number}@firma.example>",
    }  # fmt: skip
    return write_msg(**{**values, **more})  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sent mail dragged out of Outlook, in two folders, with other things beside it."""
    root = tmp_path / "Sendt"
    (root / "2025").mkdir(parents=True)
    html = "<html><body>" + "".join(f"<p>{p}</p>" for p in BODY.split("\n\n")) + "</body></html>"
    files = {
        "Avslag Kari.msg": outlook("Kari Nordmann", 1),
        "Avslag Ola.msg": outlook("Ola Hansen", 2),
        "2025/HTML.msg": outlook("Kari Nordmann", 3, body=None, html=html.encode()),
        "2025/RTF.msg": outlook("Kari Nordmann", 4, body=None, rtf=RTF.encode("ascii")),
        "2025/Feil navn.msg": outlook("Per Lie", 5, body=BODY),
        "2025/Vedlegg.msg": outlook("Kari Nordmann", 6, body=FOOTER, files=(("Svarbrev.docx", word(BODY)),)),
        "2025/Bare vedlegg.msg": outlook(
            "Kari Nordmann", 7, body=None, files=(("Svarbrev.docx", word(BODY)),)
        ),
        "2025/PDF.msg": outlook("Kari Nordmann", 8, body=FOOTER, files=(("Avslag.pdf", PDF),)),
        "2025/Møte.msg": outlook(
            "Kari Nordmann",
            9,
            body="Hei Kari,\n\nVelkommen til intervju torsdag kl. 10 i Storgata 1.\n\nHilsen Henrik",
        ),
        "2025/Tom.msg": outlook("Kari Nordmann", 10, body=None),
        "2025/Ødelagt.msg": outlook("Kari Nordmann", 11)[:1200],
        "2025/Ikke.msg": b"bare tekst",
    }
    for name, data in files.items():
        (root / name).write_bytes(data)
    (root / "desktop.ini").write_text("x")
    (root / "brev.eml").write_bytes(mail(number=12).as_bytes())
    return root


def test_a_folder_of_outlook_files(folder: Path, tmp_path: Path) -> None:
    data = review_json(folder)
    assert data["counts"] == {"read": 13, "scored": 8, "other": 2, "failed": 3}
    assert data["summary"]["kinds"]["vedlegg-pdf"] == 1
    assert {f["position"] for f in data["failures"]} == {"2025/Tom.msg", "2025/Ødelagt.msg", "2025/Ikke.msg"}
    found = {m["id"]: m for m in data["messages"]}
    assert (
        len({m["score"]["total"] for m in data["messages"] if m["score"] and m["id"] != "5@firma.example"})
        == 1
    )
    assert "FLT002" in {f["code"] for f in found["5@firma.example"]["findings"]}
    assert "FLT002" not in {f["code"] for f in found["2@firma.example"]["findings"]}


def test_outlook_files_in_a_store(folder: Path, tmp_path: Path) -> None:
    """Dates, senders and people are kept; a second run takes only what is new; a person can be forgotten."""
    from feedbackcheck.review.store import Store

    store = tmp_path / "s.duckdb"
    assert (
        review(folder, "--store", store).stdout.splitlines()[-1] == "lest 13 = vurdert 8 + annet 2 + feilet 3"
    )
    with Store.open(store) as opened:
        rows = opened.rows("SELECT sent_on, sender, job FROM messages WHERE status = 'scored'")
        assert {str(r[0]) for r in rows} == {"2025-02-14", "2025-01-14"} and all(r[1] for r in rows)
        assert {r[2] for r in rows} == {"kokk"}
        assert not opened.rows("SELECT 1 FROM messages WHERE position LIKE '%Kari%'")
    (folder / "Ny.msg").write_bytes(outlook("Ida Berg", 20))
    assert (
        review(folder, "--store", store).stdout.splitlines()[-1] == "lest 14 = vurdert 9 + annet 2 + feilet 3"
    )
    assert "Slettet 1 melding." in review("--store", store, "--forget", "ola@post.example").stdout


def test_one_outlook_file_and_its_type(folder: Path) -> None:
    assert review_json(folder / "Avslag Kari.msg")["counts"]["scored"] == 1
    assert review_json(folder / "Avslag Kari.msg", "--source-type", "msg")["counts"]["scored"] == 1
