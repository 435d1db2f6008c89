"""Every kind of source gives the same letters, and says where each stands."""

from __future__ import annotations

import csv
import json
import mailbox
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from review_support import LETTER, PERSONAL, RECEIPT, mail, mbox, review, review_json

from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.review.sources import open_source

NAMES = ("Kari Nordmann", "Ola Hansen", "Amina Yusuf Warsame", "Per Åsmund Lie")
FILLED = [LETTER.format(name=n.split()[0], position="kokk") for n in NAMES]


def scores(data: dict) -> list[int]:
    return [m["score"]["total"] for m in data["messages"] if m["score"]]


def test_mbox(tmp_path: Path) -> None:
    file = mbox(
        tmp_path / "sendt.mbox", [*(mail(n, number=i) for i, n in enumerate(NAMES)), mail(text=RECEIPT)]
    )
    data = review_json(file)
    assert data["counts"] == {"read": 5, "scored": 4, "other": 1, "failed": 0}
    assert len(set(scores(data))) == 1
    assert data["messages"][0]["id"] == "0.kari@firma.example"


def test_mbox_reads_what_pythons_mailbox_writes(tmp_path: Path) -> None:
    box = mailbox.mbox(str(tmp_path / "sendt"))
    for i, name in enumerate(NAMES):
        text = LETTER.replace("Lykke", "From oss alle: lykke\n\nFrom nå av er det slutt.\nLykke")
        box.add(mail(name, number=i, text=text))
    box.close()
    assert review_json(tmp_path / "sendt")["counts"]["scored"] == 4


def test_mbox_is_not_torn_at_a_from_line_of_a_letter(tmp_path: Path) -> None:
    letter = LETTER.replace("Lykke", "\nFrom 2024 on we do this.\n\nLykke")
    raw = mail().as_bytes().replace(b"Lykke", b"\nFrom here on it is English.\n\nLykke")
    file = mbox(tmp_path / "a.mbox", [raw, mail("Ola Hansen", text=letter, number=1)])
    assert review_json(file)["counts"]["read"] == 2


def test_mbox_streams(tmp_path: Path) -> None:
    """Memory does not grow with the file: 40 MB of attachments pass through a few."""
    from feedbackcheck.review.sources.squeeze import FROM

    file = tmp_path / "stor.mbox"
    body = mail().as_bytes()
    line = b"A" * 76 + b"\n"
    with file.open("wb") as stream:
        for number in range(4):
            stream.write(b"From x@y.no Tue Jan 14 10:00:00 2025\n")
            head = f"From: a@b.no\nSubject: nr {number}\nContent-Type: multipart/mixed; boundary=XX\n\n--XX\n"
            stream.write(
                head.encode() + b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
            )
            stream.write(line * 140_000)
            stream.write(
                b"\n--XX\nContent-Type: text/plain; charset=utf-8\n\n"
                + LETTER.format(name="Kari", position="kokk").encode()
            )
            stream.write(b"\n--XX--\n\n")
        stream.write(b"From x@y.no Tue Jan 14 10:00:00 2025\n" + body)
    tracemalloc.start()
    items = list(open_source(str(file)).items())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(items) == 5 and all(len(i.data) < FROM + 200_000 for i in items)
    assert peak < 16 << 20
    # The letter stands after ten megabytes of attachment, and is found.
    assert b"dessverre" in items[3].data and b"nr 3" in items[3].data
    assert review_json(file)["counts"]["scored"] == 5


def test_mbox_positions_are_byte_offsets(tmp_path: Path) -> None:
    file = mbox(tmp_path / "a.mbox", [mail(), mail("Ola Hansen", number=1)])
    raw = file.read_bytes()
    for item in open_source(str(file)).items():
        assert raw[int(item.position.removeprefix("byte ")) :].startswith(b"From henrik")


def test_maildir_and_folder(tmp_path: Path) -> None:
    box = mailbox.Maildir(str(tmp_path / "Maildir"))
    folder = tmp_path / "eml" / "2025" / "januar"
    folder.mkdir(parents=True)
    for i, name in enumerate(NAMES):
        box.add(mail(name, number=i))
        (folder / f"{i}.eml").write_bytes(mail(name, number=i).as_bytes())
    (folder / "notat.txt").write_text("ikke e-post")
    sub = box.add_folder("Sent")
    sub.add(mail("Ida Berg", number=9))
    assert review_json(tmp_path / "Maildir")["counts"] == {"read": 5, "scored": 5, "other": 0, "failed": 0}
    data = review_json(tmp_path / "eml")
    assert data["counts"]["scored"] == 4 and len(set(scores(data))) == 1


def test_one_eml_file(tmp_path: Path) -> None:
    file = tmp_path / "brev.eml"
    file.write_bytes(mail().as_bytes())
    assert review_json(file)["counts"]["scored"] == 1


def rows() -> list[dict[str, object]]:
    return [
        {
            "Søknads-ID": f"S-{i}", "Kandidat": name, "E-post": f"{name.split()[0].lower()}@post.example", "Stilling": "kokk", "Avdeling": "Kjøkken",
            "Sendt dato": f"1{i}.02.2025", "Søknadsfrist": "01.02.2025", "Steg": "Intervju", "Brevtekst": text,
        }
        for i, (name, text) in enumerate(zip(NAMES, FILLED, strict=True))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ";"), ("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", "|")],
)
def test_csv_dialects(tmp_path: Path, encoding: str, separator: str) -> None:
    file = tmp_path / "eksport.csv"
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows()[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows())
    data = review_json(file)
    assert data["counts"] == {"read": 4, "scored": 4, "other": 0, "failed": 0}
    first = data["messages"][0]
    assert (first["id"], first["stage"], first["stage_source"]) == ("S-0", "intervju", "context")
    stock = next(f for f in first["findings"] if f["code"] == "KLI001")
    assert "gått videre" in FILLED[0][stock["start"] : stock["end"]]


def test_tables_of_every_kind_agree(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(list(rows()[0]))
    for row in rows():
        sheet.append(list(row.values()))
    book.save(tmp_path / "a.xlsx")
    pq.write_table(pa.Table.from_pylist(rows()), tmp_path / "a.parquet")
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows()), "utf-8")
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows()[0]))
        writer.writeheader()
        writer.writerows(rows())
    found = [
        review_json(tmp_path / "a.csv"), review_json(tmp_path / "a.xlsx"), review_json(tmp_path / "a.parquet"),
        review_json(tmp_path / "a.jsonl", "--map", "text=Brevtekst", "--map", "id=Søknads-ID", "--map", "stage=Steg",
                    "--map", "position=Stilling", "--map", "candidate_name=Kandidat", "--map", "deadline=Søknadsfrist",
                    "--map", "sent_on=Sendt dato"),
    ]  # fmt: skip
    for data in found[1:]:
        assert [(m["id"], m["score"], m["findings"]) for m in data["messages"]] == [
            (m["id"], m["score"], m["findings"]) for m in found[0]["messages"]
        ]


def test_columns_can_be_mapped_and_must_exist(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f'nøkkel;kolonne 7\n1;"{FILLED[0]}"\n', "utf-8")
    with pytest.raises(FeedbackcheckError, match=r"Finner ikke kolonnen med brevteksten.*kolonne 7"):
        review_json(file)
    assert review_json(file, "--map", "text=kolonne 7")["counts"]["scored"] == 1
    with pytest.raises(FeedbackcheckError, match="Har ingen kolonne «kolonne 8»"):
        review_json(file, "--map", "text=kolonne 8")
    with pytest.raises(FeedbackcheckError, match="Ukjent felt «tekts»"):
        review_json(file, "--map", "tekts=kolonne 7")


def test_context_table_is_joined(tmp_path: Path) -> None:
    table = tmp_path / "fakta.csv"
    table.write_text(
        "e-post;søknadsfrist;steg;antall søkere\nkari0@post.example;01.12.2024;Finale;5\n", "utf-8"
    )
    file = mbox(tmp_path / "a.mbox", [mail(), mail("Ola Hansen", number=1)])
    first, second = review_json(file, "--context-table", table)["messages"]
    assert (first["stage"], first["stage_source"]) == ("finale", "context")
    assert second["stage_source"] == "guess"
    assert "PRO02" in {f["code"] for f in first["findings"]}


def test_headers_give_context(tmp_path: Path) -> None:
    wrong = mail("Ola Hansen", text=LETTER.replace("{name}", "Kari"))
    file = mbox(tmp_path / "a.mbox", [wrong, mail()])
    first, second = review_json(file)["messages"]
    named = [f for f in first["findings"] if f["code"] == "FLT002"]
    assert named and "Ola Hansen" in named[0]["message"]
    assert "FLT002" not in {f["code"] for f in second["findings"]}


def test_body_of_html_mail_with_history(tmp_path: Path) -> None:
    html = (
        "<html><body><p>Hei Kari,</p><p>Takk for s&oslash;knaden.</p><p>Vi har dessverre g&aring;tt videre med andre kandidater som har mer "
        "relevant erfaring.</p><p>Lykke til videre!</p><p>Vennlig hilsen<br>Henrik Lunde</p>"
        "<div id=divRplyFwdMsg><b>Fra:</b> Kari<br><b>Sendt:</b> 3. januar<br>Du er ikke aktuell. Takk for interessen.</div></body></html>"
    )
    message = mail(text="Se HTML-versjonen av denne e-posten.", html=html)
    data = review_json(mbox(tmp_path / "a.mbox", [message]))
    found = data["messages"][0]
    assert found["part"].endswith("text/html")
    stock = next(f for f in found["findings"] if f["code"] == "KLI001")
    decoded = html + "\n"
    assert decoded[stock["start"] : stock["end"]].startswith("g&aring;tt videre")
    assert "TON001" not in {f["code"] for f in found["findings"]}


def test_window_of_days(tmp_path: Path) -> None:
    mails = [
        mail(number=i, date=f"Tue, {d} Jan 2025 10:00:00 +0100") for i, d in enumerate(("07", "14", "21"))
    ]
    file = mbox(tmp_path / "a.mbox", mails)
    assert review_json(file, "--since", "2025-01-10", "--until", "2025-01-15")["counts"]["read"] == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.bin", bytes(range(256))), ("a.mbox", b"PK\x03\x04 zip"), ("a.xlsx", b"nei"), ("a.parquet", b"nei")],
)
def test_what_cannot_be_opened_is_an_error(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FeedbackcheckError):
        review(tmp_path / name)


def test_names_and_numbers_do_not_change_the_verdict(tmp_path: Path) -> None:
    """A letter in a mailbox of its kind is judged as it would be alone, whoever it is to."""
    letter = PERSONAL.replace("918 00 214", "{{number}}")
    mails = [
        mail(n, number=i, text=letter.replace("{{number}}", f"9180{i:04d}")) for i, n in enumerate(NAMES)
    ]
    together = review_json(mbox(tmp_path / "a.mbox", mails))["messages"]
    for i, one in enumerate(mails):
        alone = review_json(mbox(tmp_path / f"{i}.mbox", [one]))["messages"][0]
        assert alone == together[i]
    assert len({json.dumps(m["score"]) for m in together}) == 1


def test_turnaround(tmp_path: Path) -> None:
    from feedbackcheck.message import Context
    from feedbackcheck.review.outcome import turnaround

    assert turnaround(Context(deadline=date(2025, 1, 1), sent_on=date(2025, 1, 31))) == 30
    assert (
        turnaround(
            Context(deadline=date(2025, 1, 1), decided_on=date(2025, 1, 20), sent_on=date(2025, 1, 31))
        )
        == 11
    )
    assert turnaround(Context(sent_on=date(2025, 1, 31))) is None
