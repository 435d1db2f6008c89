"""Broken and hostile mail: counted, listed with its place, never fatal, never lost."""

from __future__ import annotations

import base64
import csv
import zlib
from pathlib import Path

import pytest
from review_support import LETTER, PERSONAL, mail, mbox, review, review_json

GOOD = mail().as_bytes()
BODY = LETTER.format(name="Kari", position="kokk").encode()


def nested(depth: int) -> bytes:
    """Multiparts in multiparts."""
    lines = [b"From: a@b.no", b"To: Kari Nordmann <k@b.no>", b"Subject: x"]
    for i in range(depth):
        lines += [b'Content-Type: multipart/mixed; boundary="b%d"' % i, b"", b"--b%d" % i]
    lines += [b"Content-Type: text/plain; charset=utf-8", b"", BODY]
    lines += [b"--b%d--" % i for i in reversed(range(depth))]
    return b"\n".join(lines)


def wide(parts: int) -> bytes:
    """Ten thousand parts side by side."""
    part = b"--bb\nContent-Type: text/plain\n\nx\n"
    return b'From: a@b.no\nContent-Type: multipart/mixed; boundary="bb"\n\n' + part * parts + b"--bb--\n"


HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "10,000 nested parts": (nested(10_000), {"failed"}),
    "60 nested parts": (nested(60), {"scored"}),
    "10,000 parts side by side": (wide(10_000), {"other", "failed"}),
    "nested mails": (b"From: a@b.no\nContent-Type: message/rfc822\n\n" * 3000 + b"\nhei", {"failed", "other"}),
    "no headers": (b"\nbare tekst uten hoder\n", {"failed"}),
    "empty": (b"Subject: tom\n\n", {"failed"}),
    "wrong charset name": (GOOD.replace(b'charset="utf-8"', b'charset="x-finnes-ikke"'), {"scored"}),
    "wrong charset": (
        b"From: a@b.no\nTo: Kari Nordmann <k@b.no>\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit\n\n"
        + BODY.decode().encode("cp1252"),
        {"scored"},
    ),
    "broken base64": (
        b"From: a@b.no\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n!!!!" + b"\xff" * 50,
        {"failed", "other"},
    ),
    "missing boundary": (b"From: a@b.no\nContent-Type: multipart/mixed\n\n--x\n\nhei\n", {"failed", "other"}),
    "zeros": (b"From: a@b.no\nSubject: x\n\n" + bytes(100_000), {"failed", "other"}),
    "a header of a megabyte": (b"From: a@b.no\nSubject: " + b"x" * 1_000_000 + b"\n\n" + BODY, {"scored"}),
    "a million recipients": (b"From: a@b.no\nTo: " + b"k@b.no, " * 100_000 + b"x@b.no\n\n" + BODY, {"scored"}),
    "a date that is none": (GOOD.replace(b"Tue, 14 Jan 2025", b"Tue, 99 Jan 99999999999"), {"scored"}),
    "broken encoded words": (GOOD.replace(b"Subject: ", b"Subject: =?utf-8?b?!!?= =?x?q?=?= "), {"scored"}),
    "an HTML tag that never ends": (
        b"From: a@b.no\nContent-Type: text/html; charset=utf-8\n\n<p>" + b"<" * 200_000 + BODY,
        {"scored", "other", "failed"},
    ),
    "200,000 open tags": (b"From: a@b.no\nContent-Type: text/html\n\n" + b"<div>" * 200_000 + BODY, {"scored", "other", "failed"}),
    "a line of two megabytes": (b"From: a@b.no\n\n" + b"dessverre ikke " * 140_000, {"scored", "other", "failed"}),
    "a zip bomb as attachment": (
        b'From: a@b.no\nTo: Kari Nordmann <k@b.no>\nContent-Type: multipart/mixed; boundary="bb"\n\n--bb\n'
        b"Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(zlib.compress(bytes(10_000_000)))
        + b"--bb\nContent-Type: text/plain; charset=utf-8\n\n"
        + BODY
        + b"\n--bb--\n",
        {"scored"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_one_bad_mail_between_two_good_ones(tmp_path: Path, name: str) -> None:
    data, wanted = HOSTILE[name]
    second = mail("Ola Hansen", number=1)
    found = review_json(mbox(tmp_path / "a.mbox", [GOOD, data, second]))
    assert found["counts"]["read"] == 3
    bad = found["messages"][1]
    status = "failed" if bad.get("skipped") == "failed" else "scored" if bad["score"] else "other"
    assert status in wanted
    assert found["messages"][0]["score"] and found["messages"][2]["score"]
    if status == "failed":
        offset = (
            (tmp_path / "a.mbox").read_bytes().index(data.rstrip(b"\n")[:40]) if name != "empty" else None
        )
        place = int(found["failures"][0]["position"].removeprefix("byte "))
        assert offset is None or 0 <= offset - place <= 60
        assert found["failures"][0]["reason"]


def test_truncated_mbox(tmp_path: Path) -> None:
    file = mbox(
        tmp_path / "a.mbox",
        [mail(n, number=i) for i, n in enumerate(("Kari Nordmann", "Ola Hansen", "Per Lie"))],
    )
    whole = file.read_bytes()
    for cut in (len(whole) // 3, len(whole) // 2, len(whole) - 300, 60):
        file.write_bytes(whole[:cut])
        starts = whole[:cut].count(b"From henrik@firma.example Tue")
        assert review_json(file)["counts"]["read"] == starts


def test_an_attachment_of_200_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "stor.mbox"
    head = b'From: a@b.no\nTo: Kari Nordmann <k@b.no>\nContent-Type: multipart/mixed; boundary="bb"\n\n--bb\nContent-Type: text/plain; charset=utf-8\n\n'
    with file.open("wb") as stream:
        stream.write(b"From x@y.no Tue Jan 14 10:00:00 2025\n" + head + BODY)
        stream.write(b"\n--bb\nContent-Type: application/octet-stream\n\n")
        stream.seek(200 << 20, 1)  # sparse
        stream.write(b"\n--bb--\n\nFrom x@y.no Tue Jan 14 10:00:00 2025\n" + mail("Ola Hansen").as_bytes())
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert review_json(file)["counts"] == {"read": 2, "scored": 2, "other": 0, "failed": 0}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


SCRIPTS = (
    "<script>document.title='eid'</script>",
    "<img src=x onerror=\"document.title='eid'\">",
    "</pre></details><svg onload=document.title='eid'>",
    "\"><iframe srcdoc='<script>parent.document.title=1</script>'>",
)


@pytest.fixture
def scripted(tmp_path: Path) -> Path:
    mails = []
    for i, script in enumerate(SCRIPTS):
        text = PERSONAL.replace("Ring meg", f"{script} Ring meg").replace("{", "{{").replace("}", "}}")
        text = text.replace("{{name}}", "{name}").replace("{{position}}", "{position}")
        message = mail(number=i, text=text, sender=f'"{script.replace(chr(34), "")}" <x{i}@firma.example>')
        message["Organization"] = script
        mails.append(message)
    return mbox(tmp_path / "skript.mbox", mails)


def test_no_script_of_a_letter_reaches_the_report(scripted: Path, tmp_path: Path) -> None:
    from html.parser import HTMLParser

    result = review(scripted, "--report", tmp_path / "r.html", "--keep-text")
    assert result.exit_code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    tags: list[str] = []
    attributes: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            attributes.extend(name for name, _ in attrs)

    Reader().feed(page)
    assert not {"script", "iframe", "img", "object", "link"} & set(tags)
    assert not [a for a in attributes if a.startswith("on") or a in ("src", "srcdoc")]
    assert "default-src 'none'" in page and "http-equiv" in page
    assert "&lt;script&gt;" in page  # the letters are there, as text


FORMULAS = (
    "=1+1",
    "+47 123",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("http://x","y")',
    " =cmd|' /C calc'!A0",
)


def test_no_formula_runs_in_a_spreadsheet(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    table = tmp_path / "inn.csv"
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "tekst", "avdeling", "stilling"])
        for i, formula in enumerate(FORMULAS):
            writer.writerow([i, BODY.decode(), formula, formula])
    review(table, "--export", tmp_path / "ut.csv")
    cells = []
    for file in tmp_path.glob("ut*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            cells += [c for row in csv.reader(stream, delimiter=";") for c in row]
    assert any("1+1" in c for c in cells)
    assert not [c for c in cells if c.lstrip(" ")[:1] in "=+@\t" and c.strip(" ") and not c.startswith("'")]
    assert not [c for c in cells if c.startswith("-") and not c[1:].replace(",", "").isdigit()]
    review(table, "--export", tmp_path / "ut.xlsx")
    book = load_workbook(tmp_path / "ut.xlsx")
    assert not [c for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]


def test_a_worker_that_dies_costs_only_its_message(tmp_path: Path) -> None:
    """The process that meets this item is killed outright; all others are scored."""
    from review_dying import DyingOptions

    from feedbackcheck.review.items import Item, ItemKind
    from feedbackcheck.review.pool import analyse_batches

    items = [
        Item(position=str(i), kind=ItemKind.MAIL, data=mail("Ola Hansen", number=i).as_bytes())
        for i in range(6)
    ]
    items[3] = Item(position="3", kind=ItemKind.MAIL, data=b"X-Kill: me\n" + GOOD)
    found = [
        o
        for _, out in analyse_batches([items[:2], items[2:4], items[4:]], DyingOptions(), workers=2)
        for o in out
    ]
    assert [o.position for o in found] == list("012345")
    assert [o.status.value for o in found] == ["scored", "scored", "scored", "failed", "scored", "scored"]
    assert found[3].reason == "fikk programmet til å stanse"


@pytest.mark.parametrize("swallowed", [False, True], ids=["plain", "once swallowed by a library"])
def test_a_mail_that_takes_for_ever_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swallowed: bool
) -> None:
    import contextlib
    import gc
    import time

    from feedbackcheck.review import worker

    real = worker.read

    def slow(item, table=None):  # type: ignore[no-untyped-def]
        if b"treg" in item.data:
            if swallowed:
                with contextlib.suppress(Exception):
                    time.sleep(30)
            time.sleep(30)
        return real(item, table)

    monkeypatch.setattr(worker, "read", slow)
    items = mbox(tmp_path / "a.mbox", [GOOD, mail(number=1, X_Slow="treg")])
    from feedbackcheck.review.sources import open_source

    analyser = worker.Analyser(worker.WorkOptions(patience=0.5))
    gc.collect()  # what other tests left: the alarm could strike in its destructors
    found = analyser.process(list(open_source(str(items)).items()))
    assert [o.status.value for o in found] == ["scored", "failed"] and found[1].reason == "tok for lang tid"
