"""The store: nothing lost, nothing doubled, nobody's name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from review_support import LETTER, RECEIPT, mail, mbox, review, review_json, start_review

from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.review.store import Store

NAMES = ("Kari Nordmann", "Ola Hansen", "Amina Warsame", "Per Lie")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    mails = [mail(n, number=i) for i, n in enumerate(NAMES)]
    return mbox(tmp_path / "sendt.mbox", [*mails, mail(text=RECEIPT, number=8), b"bare rot"])


def test_a_second_run_takes_only_what_is_new(box: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    first = review_json(box, "--store", store)
    assert (
        first["counts"] == {"read": 6, "scored": 4, "other": 1, "failed": 1}
        and first["summary"]["known"] == 0
    )
    again = review_json(box, "--store", store)
    assert again["counts"] == first["counts"] and again["messages"] == []
    with box.open("ab") as stream:
        stream.write(
            b"From a@b.no Tue Jan 14 10:00:00 2025\n" + mail("Ida Berg", number=5).as_bytes() + b"\n"
        )
    grown = review_json(box, "--store", store)
    assert grown["counts"]["read"] == 7 and len(grown["messages"]) == 1
    assert grown["summary"]["mean"] == first["summary"]["mean"]


def test_the_same_mail_from_elsewhere_is_known(box: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    review_json(box, "--store", store)
    copy = tmp_path / "kopi.mbox"
    copy.write_bytes(box.read_bytes())
    data = review_json(copy, "--store", store)
    assert data["counts"]["read"] == 6 and data["summary"]["known"] == 6


def test_equal_mails_in_one_source_are_two(tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    file = mbox(tmp_path / "a.mbox", [mail(), mail(), mail()])
    assert review_json(file, "--store", store)["counts"]["read"] == 3
    file.write_bytes(
        b"From x@y.no Tue Jan 14 10:00:00 2025\nSubject: annet\n\nHei, vi sees.\n\n" + file.read_bytes()
    )
    data = review_json(file, "--store", store)
    assert data["counts"]["read"] == 4 and data["summary"]["known"] == 3


def test_a_table_that_changed_in_the_middle(tmp_path: Path) -> None:
    store, file = tmp_path / "s.duckdb", tmp_path / "a.jsonl"
    lines = [
        json.dumps({"id": str(i), "text": LETTER.format(name="Kari", position="kokk")}) for i in range(5)
    ]
    file.write_text("\n".join(lines), "utf-8")
    review_json(file, "--store", store)
    lines.insert(2, json.dumps({"id": "ny", "text": LETTER.format(name="Ola", position="vakt")}))
    file.write_text("\n".join(lines), "utf-8")
    data = review_json(file, "--store", store)
    assert [m["id"] for m in data["messages"]] == ["ny"] and data["counts"]["read"] == 6


def test_folder_files_are_not_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, store = tmp_path / "eml", tmp_path / "s.duckdb"
    folder.mkdir()
    for i, name in enumerate(NAMES):
        (folder / f"{i}.eml").write_bytes(mail(name, number=i).as_bytes())
    review_json(folder, "--store", store)
    (folder / "0-ny.eml").write_bytes(mail("Ida Berg", number=7).as_bytes())
    from feedbackcheck.review.sources import folder as module

    read = []
    real = module.read_file
    monkeypatch.setattr(module, "read_file", lambda *a: read.append(a[2]) or real(*a))
    assert review_json(folder, "--store", store)["counts"]["read"] == 5
    assert read == ["0-ny.eml"]


def test_a_window_leaves_the_rest_for_later(tmp_path: Path) -> None:
    mails = [
        mail(number=i, date=f"Tue, {d} Jan 2025 10:00:00 +0100") for i, d in enumerate(("07", "14", "21"))
    ]
    file, store = mbox(tmp_path / "a.mbox", mails), tmp_path / "s.duckdb"
    assert review_json(file, "--store", store, "--since", "2025-01-20")["counts"]["read"] == 1
    assert review_json(file, "--store", store)["counts"]["read"] == 3


def test_the_store_holds_no_names_addresses_or_text(box: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lager"
    folder.mkdir()
    review_json(box, "--store", folder / "s.duckdb")
    with Store.open(folder / "s.duckdb") as store:
        words = " ".join(
            str(row) for (t,) in store.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' AND table_type = 'BASE TABLE'")
            for row in store.rows(f"SELECT * FROM {t}")
        )  # fmt: skip
    for secret in (
        "Kari",
        "kari",
        "Nordmann",
        "Henrik",
        "henrik",
        "dessverre",
        "post.example",
        "firma.example",
        "sendt.mbox",
    ):
        assert secret not in words
        for file in folder.iterdir():
            assert secret.encode() not in file.read_bytes()
    assert (folder / "s.duckdb.key").stat().st_mode & 0o077 == 0


def test_text_is_kept_when_asked(box: Path, tmp_path: Path) -> None:
    review_json(box, "--store", tmp_path / "s.duckdb", "--keep-text")
    with Store.open(tmp_path / "s.duckdb") as store:
        texts = [t for (t,) in store.rows("SELECT text FROM messages WHERE status = 'scored' ORDER BY id")]
    assert [t.split(",")[0] for t in texts] == ["Hei Kari", "Hei Ola", "Hei Amina", "Hei Per"]


@pytest.mark.parametrize(
    "person", ["Kari Nordmann", "nordmann, kari", "KARI0@post.example", "0.kari@firma.example"]
)
def test_forget(box: Path, tmp_path: Path, person: str) -> None:
    store = tmp_path / "s.duckdb"
    review_json(box, "--store", store, "--keep-text")
    before = review_json(box, "--store", store)["counts"]["read"]
    result = review("--forget", person, "--store", store)
    expected = (
        2
        if person.casefold() in ("kari nordmann", "nordmann, kari", "kari0@post.example")
        and "0." not in person[:2]
        else 1
    )
    removed = int(result.stdout.split()[1])
    assert removed >= 1 and removed <= expected
    assert b"Hei Kari" not in store.read_bytes()
    # Whoever is forgotten stays forgotten, also when the mailbox is read from the start.
    moved = tmp_path / "flyttet.mbox"
    moved.write_bytes(box.read_bytes())
    assert review_json(moved, "--store", store)["counts"]["read"] == before - removed


def test_a_key_thrown_away(box: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    review_json(box, "--store", store)
    (tmp_path / "s.duckdb.key").unlink()
    with pytest.raises(FeedbackcheckError, match="Nøkkelen til lageret er borte"):
        review(box, "--store", store)
    with pytest.raises(FeedbackcheckError, match="Nøkkelen til lageret er borte"):
        review("--forget", "Kari Nordmann", "--store", store)
    assert review("--store", store, "--report", tmp_path / "r.html").exit_code == 0


def test_what_is_no_store(tmp_path: Path, box: Path) -> None:
    import duckdb

    (tmp_path / "tekst.duckdb").write_text("hei")
    with duckdb.connect(str(tmp_path / "annet.duckdb")) as connection:
        connection.execute("CREATE TABLE t (x INTEGER)")
    for name in ("tekst", "annet"):
        with pytest.raises(FeedbackcheckError, match="lager"):
            review(box, "--store", tmp_path / f"{name}.duckdb")


def _start(file: Path, store: Path) -> subprocess.Popen[bytes]:
    return start_review(file, "--store", store)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_and_resumed_equals_undisturbed(tmp_path: Path) -> None:
    positions = ("kokk", "vakt", "lærer", "jurist", "arkivar")
    mails = [
        mail(
            NAMES[i % 4],
            number=i,
            text=f"{LETTER}\nPS: brev {i} om {positions[i % 5]} og {i * i} ting",
            position=positions[i % 5],
        )
        for i in range(900)
    ]
    file = mbox(tmp_path / "a.mbox", mails)

    def content(store: Path) -> list[tuple[object, ...]]:
        with Store.open(store, writes=False) as opened:
            return opened.rows(
                """SELECT position, status, score, (SELECT list(code ORDER BY code, "start") FROM findings WHERE message = m.id)
                FROM m ORDER BY ALL"""
            )

    assert _start(file, tmp_path / "hel.duckdb").wait() == 0
    for wait in (2.5, 4.0, 3.2, 5.0):
        process = _start(file, tmp_path / "revet.duckdb")
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert _start(file, tmp_path / "revet.duckdb").wait() == 0
    whole = content(tmp_path / "hel.duckdb")
    assert len(whole) == 900 and content(tmp_path / "revet.duckdb") == whole


def test_what_was_committed_survives_and_the_rest_is_taken_again(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between two commits: the journal and the results agree."""
    from feedbackcheck.review import run as module

    store = tmp_path / "s.duckdb"
    monkeypatch.setattr(module, "BATCH", 2)
    real = Store.maybe_commit
    calls = []

    def dying(self: Store) -> None:
        calls.append(1)
        if len(calls) == 1:
            self.commit()
        elif len(calls) == 2:
            raise KeyboardInterrupt
        else:
            real(self)

    monkeypatch.setattr(Store, "maybe_commit", dying)
    with pytest.raises(KeyboardInterrupt), Store.open(store, create=True) as opened:
        from feedbackcheck.review.run import Review
        from feedbackcheck.review.sources import open_source
        from feedbackcheck.review.worker import WorkOptions

        Review([open_source(str(box))], WorkOptions(key=opened.key), store=opened).go()
    with Store.open(store) as opened:
        assert opened.counts().read == 2
    data = review_json(box, "--store", store)
    assert data["counts"]["read"] == 6 and len(data["messages"]) == 4


def test_forgetting_tells_what_was_done(box: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    review(box, "--store", store)
    before = store.stat().st_mtime_ns
    said = review("--store", store, "--forget", "Ola").stdout
    assert said.startswith("Slettet 0 meldinger.") and "hele navnet" in said
    assert store.stat().st_mtime_ns == before  # nothing was written anew for nobody
    said = review("--store", store, "--forget", "HENRIK@firma.example").stdout
    assert "Fjernet avsenderen fra" in said and "Rapporter og eksporter" in said
    with pytest.raises(FeedbackcheckError, match="Hvem skal glemmes"):
        review("--store", store, "--forget", " ")
    # A store by itself is summed up.
    assert review("--store", store).stdout.splitlines()[-1].startswith("lest ")


def test_keeping_text_needs_a_place(box: Path) -> None:
    with pytest.raises(FeedbackcheckError, match="--keep-text"):
        review(box, "--keep-text")
