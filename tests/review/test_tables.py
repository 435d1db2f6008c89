"""Exports as systems really write them: dialects, odd headers, broken rows, workbooks with several sheets."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from review_support import LETTER, PERSONAL, review, review_json

from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.review.export import harmless
from feedbackcheck.review.sources import open_source

NAMES = ("Kari Nordmann", "Ola Hansen", "Åse Bjørnstad")
LETTERS = [LETTER.format(name=n.split()[0], position="kokk") for n in NAMES]
HEADERS = ["Id", "Kandidat", "Stilling", "Sendt dato", "Brevtekst"]


def rows() -> list[list[Any]]:
    return [
        [i, n, "kokk", f"0{i + 1}.03.2025", t] for i, (n, t) in enumerate(zip(NAMES, LETTERS, strict=True))
    ]


def written(
    table: list[list[Any]], separator: str, quoting: int = csv.QUOTE_MINIMAL, end: str = "\r\n"
) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end).writerows(table)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["minimal", "all"])
def test_dialects(tmp_path: Path, separator: str, encoding: str, quoting: int) -> None:
    """Letters of many lines with commas and quotes in them, in every encoding and separator."""
    letters = [t.replace("Lykke til", 'Lykke "til", og; takk') for t in LETTERS]
    table = [HEADERS, *([*row[:4], letter] for row, letter in zip(rows(), letters, strict=True))]
    for end in ("\r\n", "\n"):
        file = tmp_path / "a.csv"
        file.write_bytes(written(table, separator, quoting, end).encode(encoding))
        items = list(open_source(str(file)).items())
        assert [i.error for i in items] == [None] * 3
        import json

        found = [json.loads(i.data) for i in items]
        assert [f["text"].replace("\r\n", "\n") for f in found] == letters
        assert [f["candidate_name"] for f in found] == list(NAMES) and found[1]["sent_on"] == "02.03.2025"


def test_thousands_of_columns(tmp_path: Path) -> None:
    extra = [f"Felt {i}" for i in range(5000)]
    table = [[*HEADERS[:4], *extra, HEADERS[4]], *([*r[:4], *([""] * 5000), r[4]] for r in rows())]
    (tmp_path / "a.csv").write_text(written(table, ";"), "utf-8", newline="")
    assert review_json(tmp_path / "a.csv")["counts"]["scored"] == 3
    table[0][-1] = "Xyz"
    (tmp_path / "a.csv").write_text(written(table, ";"), "utf-8", newline="")
    with pytest.raises(FeedbackcheckError) as raised:
        review_json(tmp_path / "a.csv")
    assert len(str(raised.value)) < 1500 and "til" in str(raised.value)


def test_empty_and_header_only(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    for data in (b"", b"\xef\xbb\xbf", b"\n\n;;;\n", b"\xff\xfe"):
        file.write_bytes(data)
        with pytest.raises(FeedbackcheckError, match="ingen overskriftsrad"):
            review_json(file)
    file.write_text(written([HEADERS], ";"), "utf-8")
    assert review_json(file)["counts"] == {"read": 0, "scored": 0, "other": 0, "failed": 0}


def test_duplicate_headers_can_be_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        written([["Id", "Navn", "Tekst", "Tekst"], [1, "Kari", "kort", LETTERS[0]]], ";"), "utf-8", newline=""
    )
    assert review_json(file)["counts"]["scored"] == 0
    assert review_json(file, "--map", "text=Tekst (2)")["counts"]["scored"] == 1


def test_titles_above_the_header(tmp_path: Path) -> None:
    table = [["Avslag sendt i mars"], [], ["Hentet ut", "01.04.2025"], HEADERS, *rows()]
    (tmp_path / "a.csv").write_text(written(table, ";"), "utf-8", newline="")
    data = review_json(tmp_path / "a.csv")
    assert data["counts"]["scored"] == 3 and data["messages"][0]["id"] == "0"


def test_broken_rows_are_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    # A cell too many (an unquoted separator would cut the letter), a row too short, an empty row.
    text = written([HEADERS, *rows()], ";")
    file.write_text(
        text + "7;Per Lie;kokk;01.03.2025;Hei Per; vi har dessverre;gått videre\r\n8;Ida\r\n;;;;\r\n",
        "utf-8",
        newline="",
    )
    data = review_json(file)
    assert data["counts"] == {"read": 5, "scored": 3, "other": 0, "failed": 2}
    reasons = {f["position"]: f["reason"] for f in data["failures"]}
    assert "flere celler" in reasons["rad 5"] and "ingen brevtekst" in reasons["rad 6"].lower()


def test_quotes_that_are_not_closed_swallow_nothing_in_silence(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    good = written(rows(), ";", csv.QUOTE_NONNUMERIC)
    head = ";".join(HEADERS) + "\r\n"
    file.write_text(head + '5;Per;kokk;01.03.2025;"Hei Per\r\n' + good, "utf-8", newline="")
    data = review_json(file)
    counts = data["counts"]
    assert counts["failed"] >= 1 and counts["read"] == counts["scored"] + counts["failed"]
    assert any("anførselstegn" in f["reason"] for f in data["failures"])
    # Open to the end of the file: told with how much of it could not be read.
    file.write_text(
        head + good + '5;Per;kokk;01.03.2025;"Hei Per\r\n6;Ida;kokk;01.03.2025;Hei Ida\r\n',
        "utf-8",
        newline="",
    )
    data = review_json(file)
    assert data["counts"] == {"read": 4, "scored": 3, "other": 0, "failed": 1}
    assert "de siste 2 linjene" in data["failures"][0]["reason"]
    # Quotes inside a cell that nobody doubled, on one line: read as they stand.
    letter = LETTERS[0].replace("\n", " ").replace("Lykke til", 'Lykke "til"')
    file.write_text(head + f'5;Per;kokk;01.03.2025;"{letter}"\r\n', "utf-8", newline="")
    assert review_json(file)["counts"]["scored"] == 1


def test_a_cell_without_end(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(written([HEADERS, *rows()], ";") + '9;Per;kokk;01.03.2025;"')
        for _ in range(300):
            stream.write("fyll " * 20_000 + "\n")
        stream.write(written(rows()[:1], ";"))
    data = review_json(file)
    assert data["counts"]["scored"] >= 3 and data["counts"]["failed"] >= 1


def workbook(file: Path, sheets: dict[str, list[list[Any]]], *, merged: str = "") -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        for row in table:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
    book.save(file)
    return file


def test_every_sheet_with_letters_is_read(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx",
        {
            "Forside": [["Rapport"], ["Laget av HR"]],
            "Januar": [HEADERS, *rows()],
            "Februar": [HEADERS, *rows()[:2]],
        },
    )
    data = review_json(file)
    assert data["counts"]["scored"] == 5
    assert [i.position for i in open_source(str(file)).items()][-1] == "ark 3, rad 3"


def test_a_sheet_whose_letters_are_not_found_is_told(tmp_path: Path) -> None:
    other = [[*HEADERS[:4], "Svar"], *rows()]
    sheets = {"Januar": other, "Februar": [HEADERS, *rows()], "Oversikt": [["Antall", "Av"], [3, 6]]}
    data = review_json(workbook(tmp_path / "a.xlsx", sheets))
    assert data["counts"] == {"read": 4, "scored": 3, "other": 0, "failed": 1}
    assert data["failures"][0]["position"] == "ark 1, 3 rader"


def test_a_workbook_without_letters_says_so(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"A": [["x", "y"], [1, 2]], "B": []})
    with pytest.raises(FeedbackcheckError, match="Finner ikke kolonnen med brevteksten"):
        review_json(file)


@pytest.mark.parametrize(
    "sent",
    [
        45717,
        45717.75,
        "45717",
        datetime(2025, 3, 1, 12),
        date(2025, 3, 1),
        "01.03.2025",
        "1/3-2025",
        "2025-03-01T10:00:00Z",
    ],
)
def test_dates_of_workbooks(tmp_path: Path, sent: Any) -> None:
    row = [1, "Kari Nordmann", "kokk", sent, LETTERS[0]]
    deadline = date(2025, 2, 1)
    file = workbook(tmp_path / "a.xlsx", {"Ark1": [[*HEADERS, "Søknadsfrist"], [*row, deadline]]})
    assert {f["code"] for f in review_json(file)["messages"][0]["findings"]} >= {"PRO02"}


def test_a_merged_header_over_the_header(tmp_path: Path) -> None:
    table = [["Kandidat", None, "Vedtak", None, None], HEADERS, *rows()]
    file = workbook(tmp_path / "a.xlsx", {"Ark1": table}, merged="A1:B1")
    data = review_json(file)
    assert data["counts"]["scored"] == 3 and data["messages"][2]["id"] == "2"


def test_a_sheet_that_breaks_off(tmp_path: Path) -> None:
    import zipfile

    whole = workbook(tmp_path / "a.xlsx", {"Ark1": [HEADERS, *(rows() * 400)]})
    broken = tmp_path / "b.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(
                entry, data[: len(data) * 2 // 3] if entry.filename.endswith("sheet1.xml") else data
            )
    items = list(open_source(str(broken)).items())
    assert len(items) > 300 and items[-1].error is not None and "resten av arket" in items[-1].error
    assert not [i for i in items[:-1] if i.error]


def test_workbooks_made_to_break_the_reader(tmp_path: Path) -> None:
    import zipfile

    whole = workbook(tmp_path / "a.xlsx", {"Ark1": [HEADERS, *rows()]})
    laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 30}">' for i in range(1, 9))
    doctypes = {
        "laughs": f'<!DOCTYPE x [<!ENTITY a0 "lol">{laughs}]>',
        "outside": '<!DOCTYPE x [<!ENTITY a8 SYSTEM "file:///etc/passwd">]>',
    }
    for name, doctype in doctypes.items():
        file = tmp_path / f"{name}.xlsx"
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(file, "w") as target:
            for entry in source.infolist():
                data = source.read(entry)
                if entry.filename.endswith("sheet1.xml"):
                    data = (doctype + data.decode().replace("Hei Kari", "&a8;")).encode()
                target.writestr(entry.filename, data)
        items = list(open_source(str(file)).items())
        assert items[-1].error is not None and not any(b"root:" in i.data for i in items)
    bomb = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry))
        target.writestr("xl/sharedStrings.xml", b"<si><t>x</t></si>" * 5_000_000)
    with pytest.raises(FeedbackcheckError, match="pakker seg ut"):
        review(bomb)


def test_parquet_with_odd_columns(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "text": pa.array([LETTERS[0], None, LETTERS[1]]), "id": pa.array([1, 2, 3]), "krav": pa.array([["a"], None, ["b", "c"]]),
            "sendt": pa.array([datetime(2025, 3, 1)] * 3),
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    assert review_json(tmp_path / "a.parquet")["counts"] == {"read": 3, "scored": 2, "other": 0, "failed": 1}
    twice = table.append_column("text", pa.array(["a", "b", "c"]))
    pq.write_table(twice, tmp_path / "b.parquet")
    with pytest.raises(FeedbackcheckError, match="samme navn"):
        review_json(tmp_path / "b.parquet")


def test_json_lines_of_other_systems(tmp_path: Path) -> None:
    import json

    file = tmp_path / "a.jsonl"
    lines = [
        json.dumps({"ref": i, "Brevtekst": t, "kandidat": n})
        for i, (n, t) in enumerate(zip(NAMES, LETTERS, strict=True))
    ]
    file.write_text("\n".join([*lines, "{ødelagt", json.dumps({"annet": 1})]), "utf-8")
    data = review_json(file)
    assert data["counts"] == {"read": 5, "scored": 3, "other": 0, "failed": 2}


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        " =1",
        "\u00a0=1",
        "\ufeff=1",
        "\u200b=1",
        "＝1+1",
        "＋1",
        "@x",
        "\t=1",
        "\r=1",
        "-2+3",
        "|cmd",
        "%0A=1",
    ],
)
def test_cells_that_spreadsheets_would_run(cell: str) -> None:
    made = harmless(cell)
    assert made.startswith("'") or cell[0] in "|%"


def test_formulas_from_every_field_are_neutralised(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x";"klikk")'
    table = [
        ["Id", "Avdeling", "Stilling", "Avsender", "Brevtekst"],
        [evil, evil, evil, evil, PERSONAL.format(name="Kari", position="kokk")],
    ]
    table.append([evil, evil, evil, evil, ""])
    file = tmp_path / "a.csv"
    file.write_text(written(table, ";"), "utf-8", newline="")
    review(file, "--export", tmp_path / "ut.csv")
    for out in tmp_path.glob("ut*.csv"):
        with out.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream, delimiter=";"):
                assert not [c for c in row if c[:1] in ("=", "+", "@", "\t", "\r")]
