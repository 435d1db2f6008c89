"""Mail made to break the reader: whatever comes, every message is counted once, and read = scored + other + failed."""

from __future__ import annotations

import base64
import io
import mailbox
import os
import random
import subprocess
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from review_support import LETTER, PERSONAL, mail, mbox, review, review_json
from test_attached_letters import FOOTER, outlook, with_file, word

from feedbackcheck.review.sources import mbox as mbox_source
from feedbackcheck.review.sources import open_source

BODY = LETTER.format(name="Kari", position="kokk")


def zipped(xml: bytes, name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, xml)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOMBS: dict[str, tuple[str, bytes]] = {
    "entities": ("a.docx", zipped(
        b'<!DOCTYPE x [<!ENTITY a "' + b"lol " * 1000 + b'">' + b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a;" * 50) for i in range(9)) + b"]>"
        + f"<w:document {W}><w:body><w:p><w:r><w:t>&a8;</w:t></w:r></w:p></w:body></w:document>".encode())),
    "external entity": ("a.docx", zipped(
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document {W}><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'.encode())),
    "nested elements": ("a.docx", zipped(
        f"<w:document {W}><w:body>".encode() + b"<w:sdt><w:sdtContent>" * 20_000 + b"</w:sdtContent></w:sdt>" * 20_000 + b"</w:body></w:document>")),
    "nested tables": ("a.docx", zipped(
        f"<w:document {W}><w:body>".encode() + b"<w:tbl><w:tr><w:tc>" * 80 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 80 + b"</w:body></w:document>")),
    "fifty thousand paragraphs": ("a.docx", zipped(f"<w:document {W}><w:body>".encode() + b"<w:p><w:r><w:t>du og stilling</w:t></w:r></w:p>" * 50_000 + b"</w:body></w:document>")),
    "groups of RTF": ("a.rtf", b"{\\rtf1" + b"{" * 500_000 + b"du" * 500 + b"}" * 500_000),
    "RTF without end": ("a.rtf", b"{\\rtf1\\ansi " + b"\\u-1?" * 300_000),
    "open tags": ("a.html", b"<div>" * 300_000 + BODY.encode()),
    "a text of 15 MB": ("a.txt", b"du og din stilling " * 800_000),
    "zeros": ("a.txt", bytes(3_000_000)),
    "a name of a megabyte": ("x" * 1_000_000 + ".docx", b"PK"),
    "a name with a path": ("../../../../etc/cron.d/x.docx", word(BODY)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_as_attachments(tmp_path: Path, name: str) -> None:
    file, data = BOMBS[name]
    message = mail(text=FOOTER)
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename="x")
    raw = message.as_bytes().replace(b'filename="x"', b'filename="' + file.encode() + b'"')
    counts = review_json(mbox(tmp_path / "a.mbox", [mail(), raw, mail("Ola Hansen", number=1)]))["counts"]
    assert counts["read"] == 3 and counts["scored"] >= 2
    assert not list(Path("/etc/cron.d").glob("x.docx"))


def test_thousands_of_attachments(tmp_path: Path) -> None:
    part = b'--bb\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="Brev.docx"\n\nPK\x03\x04x\n'
    raw = b'From: a@b.no\nContent-Type: multipart/mixed; boundary="bb"\n\n' + part * 10_000 + b"--bb--\n"
    data = review_json(mbox(tmp_path / "a.mbox", [raw, mail()]))
    assert data["counts"]["read"] == 2 and data["counts"]["scored"] == 1


def test_mails_in_mails_in_mails(tmp_path: Path) -> None:
    """Each with a Word letter that is a mail's attachment again."""
    inner = with_file("Se vedlegg.\n", word(BODY), "Brev.docx")
    for _ in range(12):
        outer = EmailMessage()
        outer["From"], outer["To"], outer["Subject"] = "a@b.no", "Kari Nordmann <k@b.no>", "VS: svar"
        outer.set_content("Se vedlagt e-post.\n")
        outer.add_attachment(inner)
        inner = outer
    assert review_json(mbox(tmp_path / "a.mbox", [inner]))["counts"]["read"] == 1


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The bytes with some of what mail suffers on its way."""
    out = bytearray(data)
    for _ in range(rng.randrange(1, 8)):
        at = rng.randrange(max(1, len(out)))
        match rng.randrange(8):
            case 0:
                out[at : at + rng.randrange(1, 40)] = b""
            case 1:
                out[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 30)))
            case 2:
                out = out[:at]
            case 3:
                out[at:at] = out[rng.randrange(max(1, len(out))) :][:2000]
            case 4:
                out = bytearray(bytes(out).replace(b"\n", rng.choice([b"\r\n", b"\r", b"\n\n"])))
            case 5:
                out = bytearray(
                    bytes(out).replace(
                        b"utf-8",
                        rng.choice(
                            [b"utf-7", b"idna", b"unicode_escape", b"\xff", b"utf-16", b"rot13", b"zlib"]
                        ),
                    )
                )
            case 6:
                out = bytearray(
                    bytes(out).replace(
                        b"boundary=", rng.choice([b"boundary", b"boundary*=", b'boundary="', b"bound="])
                    )
                )
            case _:
                out[at : at + 1] = rng.choice(
                    [b"\0", b"=?", b"\n\n", b"--", b'"', b"\x80", b"From ", b"(", b"<"]
                )
    return bytes(out)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_mail_is_always_counted(tmp_path: Path, seed: int) -> None:
    """A file is a message, whatever is in it: scored, other or failed with a reason."""
    rng = random.Random(seed)
    html = "<html><body><p>" + BODY.replace("\n", "<br>") + "</p></body></html>"
    whole: list[tuple[str, bytes]] = [
        ("eml", mail().as_bytes()), ("eml", mail(html=html).as_bytes()), ("eml", with_file(FOOTER, word(BODY), "Brev.docx").as_bytes()),
        ("eml", with_file("", BODY.encode("utf-16"), "Brev.txt").as_bytes()), ("eml", mail(text=PERSONAL).as_bytes()),
        ("msg", outlook("Kari Nordmann", 1)), ("msg", outlook("Kari Nordmann", 2, body=None, files=(("Svar.docx", word(BODY)),))),
        ("msg", outlook("Kari Nordmann", 3, body=None, html=html.encode())),
    ]  # fmt: skip
    folder = tmp_path / "post"
    folder.mkdir()
    for i in range(120):
        suffix, data = rng.choice(whole)
        (folder / f"{i:03}.{suffix}").write_bytes(mutated(data, rng))
    data = review_json(folder)
    assert data["counts"]["read"] == 120
    assert len(data["failures"]) == data["counts"]["failed"] and all(f["reason"] for f in data["failures"])
    assert not [f for f in data["failures"] if "uventet feil" in f["reason"]], data["failures"]


@pytest.mark.parametrize("chunk", [7, 64, 257, 4096])
def test_mailboxes_are_cut_alike_wherever_chunks_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    rng = random.Random(chunk)
    pieces: list[Any] = []
    for i in range(40):
        text = LETTER.replace(
            "Lykke",
            rng.choice(
                ["From oss: lykke", "\nFrom 2024 on\n\nLykke", "Lykke", "\n>From oss\n\nLykke", "x" * 300]
            ),
        )
        raw = mail(number=i, text=text).as_bytes()
        pieces.append(raw.replace(b"\n", b"\r\n") if i % 5 == 0 else raw)
    file = mbox(tmp_path / "a.mbox", pieces)
    whole = [(i.position, i.data) for i in open_source(str(file)).items()]
    assert len(whole) == 40
    monkeypatch.setattr(mbox_source, "_CHUNK", chunk)
    assert [(i.position, i.data) for i in open_source(str(file)).items()] == whole
    if chunk < 1000:
        return  # a line must fit in a chunk, as every «From » line fits in a megabyte
    monkeypatch.setattr(mbox_source, "FROM", 200)  # every mail goes line by line, as those of a megabyte do
    assert [i.position for i in open_source(str(file)).items()] == [p for p, _ in whole]


def test_a_maildir_that_changes_while_it_is_read(tmp_path: Path) -> None:
    box = mailbox.Maildir(str(tmp_path / "Maildir"))
    for i in range(6):
        box.add(mail(number=i))
    folder = tmp_path / "Maildir" / "new"
    names = sorted(p.name for p in folder.iterdir())
    source = open_source(str(tmp_path / "Maildir"))
    found = []
    for number, item in enumerate(source.items()):
        found.append(item)
        if number == 1:
            (folder / names[3]).unlink()
            (folder / names[4]).unlink()
            (folder / names[4]).symlink_to("borte")
    assert len(found) == 6
    assert [i.error is not None for i in found] == [False, False, False, True, True, False]
    assert "No such file" in str(found[3].error) or "finnes ikke" in str(found[3].error).lower()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_does_not_hang(tmp_path: Path) -> None:
    folder = tmp_path / "post"
    folder.mkdir()
    os.mkfifo(folder / "a.eml")
    (folder / "b.eml").symlink_to(folder / "b.eml")
    (folder / "c.eml").symlink_to("/dev/zero")
    (folder / "d.eml").mkdir()
    (folder / "e.eml").write_bytes(mail().as_bytes())
    data = review_json(folder)
    assert data["counts"] == {"read": 4, "scored": 1, "other": 0, "failed": 3}


def test_doubles(tmp_path: Path) -> None:
    """One identifier on two letters, and one letter twice: all are mails that were sent."""
    first, second = mail(), mail("Ola Hansen", text=PERSONAL)
    second.replace_header("Message-ID", first["Message-ID"])
    file = mbox(tmp_path / "a.mbox", [first, second, first, first])
    data = review_json(file)
    assert data["counts"]["scored"] == 4 and {m["id"] for m in data["messages"]} == {
        str(first["Message-ID"]).strip("<>")
    }
    for _ in range(2):
        assert review(file, "--store", tmp_path / "s.duckdb").stdout.endswith(
            "lest 4 = vurdert 4 + annet 0 + feilet 0\n"
        )


def test_missing_headers_and_empty_mails(tmp_path: Path) -> None:
    odd = [
        b"To: Kari Nordmann <k@b.no>\n\n" + BODY.encode(), b"Subject:\nFrom:\nTo:\nDate:\n\n" + BODY.encode(), b"X: y\n\n", b"X: y",
        b"From: a@b.no\nContent-Type: text/plain\n\n \n\t\n", b"Content-Type: ; ;;=\nTo: ,,,;\n\n" + BODY.encode(),
        b"From: a@b.no\nContent-Transfer-Encoding: x-uuencode\n\nbegin 666 x\n#0V%T\n`\nend\n", b": \n: \n\n" + BODY.encode(),
    ]  # fmt: skip
    data = review_json(mbox(tmp_path / "a.mbox", odd))
    assert data["counts"]["read"] == len(odd) and data["counts"]["scored"] >= 3
    assert len({m["id"] for m in data["messages"]}) == len(odd)


@pytest.mark.slow
def test_memory_of_a_mail_with_200_megabytes(tmp_path: Path) -> None:
    """Whatever the attachment is called, even as a Word file that might be the letter."""
    line = base64.encodebytes(os.urandom(57 * 1024))
    for name in ("film.mp4", "Svarbrev.docx"):
        file = tmp_path / "stor.mbox"
        head = (
            b'From: a@b.no\nTo: Kari Nordmann <k@b.no>\nContent-Type: multipart/mixed; boundary="bb"\n\n--bb\nContent-Type: text/plain; charset=utf-8\n\n'
            + (BODY if name == "film.mp4" else FOOTER).encode()
            + f'\n--bb\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n\n'.encode()
        )
        with file.open("wb") as stream:
            stream.write(b"From x@y.no Tue Jan 14 10:00:00 2025\n" + head)
            for _ in range((200 << 20) // len(line)):
                stream.write(line)
            stream.write(
                b"\n--bb--\n\nFrom x@y.no Tue Jan 14 10:00:00 2025\n" + mail("Ola Hansen").as_bytes()
            )

        def peak(path: Path) -> tuple[int, str]:
            code = (
                "import resource, subprocess, sys; p = subprocess.run([sys.executable, '-m', 'feedbackcheck', 'review', sys.argv[1], '--isolated', '--quiet',"
                " '--workers', '1'], capture_output=True, text=True, check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024);"
                " print(p.stdout.splitlines()[-1])"
            )
            out = subprocess.run(
                [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
            ).stdout
            megabytes, last = out.splitlines()
            return int(megabytes), last

        small, _ = peak(mbox(tmp_path / "liten.mbox", [mail(), mail("Ola Hansen", number=1)]))
        large, last = peak(file)
        print(name, small, large, last)
        assert last.startswith("lest 2 = ")
        assert large - small < 120


def test_a_table_in_a_table_is_read_once() -> None:
    from feedbackcheck.sources.word import read_word

    def cell(inner: str) -> str:
        return f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"

    words = "<w:p><w:r><w:t>Du er ikke med videre.</w:t></w:r></w:p>"
    xml = f"<w:document {W}><w:body>{cell(words + cell(words + cell(words)))}</w:body></w:document>"
    assert read_word(zipped(xml.encode())).source.count("Du er ikke") == 3


@pytest.mark.parametrize("charset", ["rot13", "zlib", "unicode_escape", "idna", "undefined", "base64"])
def test_character_sets_that_are_none(tmp_path: Path, charset: str) -> None:
    raw = mail().as_bytes().replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
    assert review_json(mbox(tmp_path / "a.mbox", [raw]))["counts"]["scored"] == 1
