"""Outlook data files: by readpst where it is installed, else told what to do."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from review_support import LETTER, review, review_json

from feedbackcheck.errors import FeedbackcheckError

#: Writes what readpst writes: a folder a mailbox folder, an mbox in each, marks between parts drawn by lot.
READPST = """#!{python}
import random, sys, pathlib
out = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
assert sys.argv[-1].endswith(".pst") and {{"-r", "-8", "-q"}} <= set(sys.argv)
if b"bad" in open(sys.argv[-1], "rb").read():
    print("Error opening File", file=sys.stderr)
    sys.exit(1)
letter = {letter!r}
for folder, names in (("Sent Items", ["Kari", "Ola"]), ("Avslag til Per Lie", ["Per"]), ("Tom", [])):
    box = out / "Outlook" / folder
    box.mkdir(parents=True)
    text = ""
    for name in names:
        mark = f"--boundary-LibPST-iamunique-{{random.randrange(10**9)}}_-_-"
        text += (
            f'From "Henrik" Tue Jan 14 10:00:00 2025\\nFrom: Henrik Lunde <henrik@firma.example>\\nTo: {{name}} <{{name}}@post.example>\\n'
            f"Subject: Stillingen som kokk\\nDate: Tue, 14 Jan 2025 10:00:00 +0100\\nMIME-Version: 1.0\\n"
            f'Content-Type: multipart/mixed; boundary="{{mark}}"\\n\\n\\n--{{mark}}\\nContent-Type: text/plain; charset="utf-8"\\n\\n'
            + letter.replace("KARI", name) + f"\\n--{{mark}}--\\n\\n"
        )
    (box / "mbox").write_text(text, "utf-8")
"""


@pytest.fixture
def readpst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "readpst"
    program.write_text(
        READPST.format(python=sys.executable, letter=LETTER.format(name="KARI", position="kokk")), "utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return program


def data_file(tmp_path: Path, *more: bytes) -> Path:
    file = tmp_path / "Outlook.pst"
    file.write_bytes(b"!BDN" + bytes(100) + b"".join(more))
    return file


def test_every_folder_is_read_and_nothing_is_left_behind(tmp_path: Path, readpst: Path) -> None:
    data = review_json(data_file(tmp_path))
    assert data["counts"] == {"read": 3, "scored": 3, "other": 0, "failed": 0}
    assert not list(tmp_path.glob("feedbackcheck-pst-*"))


def test_a_second_run_knows_the_mails_though_their_marks_differ(tmp_path: Path, readpst: Path) -> None:
    file, store = data_file(tmp_path), tmp_path / "s.duckdb"
    assert review(file, "--store", store).stdout.endswith("lest 3 = vurdert 3 + annet 0 + feilet 0\n")
    again = review(file, "--store", store).stdout
    assert "Kjent fra før: 3" in again and again.endswith("lest 3 = vurdert 3 + annet 0 + feilet 0\n")
    assert b"Per Lie" not in store.read_bytes()


def test_what_readpst_cannot_read(tmp_path: Path, readpst: Path) -> None:
    with pytest.raises(FeedbackcheckError, match=r"Error opening File.*\.msg-filer"):
        review(data_file(tmp_path, b"bad"))
    assert not list(tmp_path.glob("feedbackcheck-pst-*"))
    (tmp_path / "b.pst").write_bytes(b"noe annet")
    with pytest.raises(FeedbackcheckError, match="Er ikke en Outlook-datafil"):
        review(tmp_path / "b.pst")


def test_no_room_to_unpack(tmp_path: Path, readpst: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 10))
    with pytest.raises(FeedbackcheckError, match="TMPDIR"):
        review(data_file(tmp_path))


def test_without_readpst_the_way_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FeedbackcheckError, match=r"pst-utils.*\.msg-filer.*Thunderbird"):
        review(data_file(tmp_path))
