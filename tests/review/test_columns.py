"""Columns of exports: what is read without questions, what is told, what is asked, and what the next run knows."""

from __future__ import annotations

import csv
import io
import os
import pty
import select
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from review_support import LETTER, review, review_json

from feedbackcheck.cli.review_columns import with_map
from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.review.survey import masked, survey

NAMES = ("Kari Nordmann", "Ola Hansen", "Amina Warsame", "Per Lie")
FILLED = [LETTER.format(name=n.split()[0], position="kokk") for n in NAMES]


def text_of(rows: list[list[Any]], *, separator: str = ";") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def odd_export(file: Path) -> Path:
    """Headers that say nothing."""
    rows: list[list[Any]] = [["Ref", "Kand", "Adr", "Fritekst 2", "Når"]]
    rows += [
        [f"A-{i}", n, f"{n.split()[0].lower()}@post.example", t, f"1{i}.02.2025"]
        for i, (n, t) in enumerate(zip(NAMES, FILLED, strict=True))
    ]
    file.write_text(text_of(rows), "utf-8", newline="")
    return file


def test_samples_hide_people() -> None:
    assert masked("Kari Nordmann") == "K··· N·······"
    assert masked("kari.nordmann@post.example") == "····.········@····.·······"
    assert masked("12.03.1987 12345") == "00.00.0000 00000"
    shown = masked(FILLED[2] + "Ring amina på 918 00 214", width=400)
    assert shown.startswith("Hei A····, Takk for at du søkte på stillingen som kokk")
    for secret in ("Amina", "amina", "918"):
        assert secret not in shown


def test_survey_tells_what_columns_hold(tmp_path: Path) -> None:
    [found] = survey(str(odd_export(tmp_path / "a.csv")), kind="auto", mapping={}, soft={})
    looks = {c.name: c.look for c in found.columns}
    assert looks["Adr"] == "e-postadresser" and looks["Når"] == "datoer" and looks["Kand"] == "tekst, 4 ulike"
    assert looks["Fritekst 2"].startswith("lang tekst, ca. ")
    assert found.letters == "Fritekst 2" and set(found.doubts) == {"text"}
    assert not any(n.split()[0] in c.sample for n in NAMES for c in found.columns)


@pytest.mark.parametrize(
    ("headers", "row", "doubt"),
    [
        (["Tekst", "Svar til søker"], ["Avslag", FILLED[0]], "har lengre tekster"),
        (["Tekst", "Innhold"], [FILLED[0], FILLED[1]], "kan være brevet"),
        (["Kode for meldingstekst", "x"], ["B7", "y"], "er korte"),
        (["Brevtekst", "x"], [FILLED[0], "y"], ""),
        (["Brevteksten vi sendte, brevtekst", "x"], [FILLED[0], "y"], ""),
    ],
)
def test_when_the_letters_are_in_doubt(
    tmp_path: Path, headers: list[str], row: list[str], doubt: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text_of([headers, row, row]), "utf-8", newline="")
    [found] = survey(str(file), kind="auto", mapping={}, soft={})
    assert doubt in found.doubts.get("text", "") and bool(doubt) == ("text" in found.doubts)


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "feedbackcheck", "review", *map(str, arguments), "--workers", "1"]


def test_elsewhere_nothing_is_asked_and_the_option_is_named(tmp_path: Path) -> None:
    file = odd_export(tmp_path / "a.csv")
    done = subprocess.run(
        command(file), capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=tmp_path, timeout=120
    )
    assert done.returncode == 2 and done.stdout == ""
    assert "Finner ikke kolonnen med brevteksten" in done.stderr and "--map text=KOLONNE" in done.stderr
    assert "Fant ingen kolonne for" in done.stderr and "sent_on" in done.stderr
    done = subprocess.run(
        command(file, "--map", "text=Fritekst 2"), capture_output=True, text=True, stdin=subprocess.DEVNULL,
        cwd=tmp_path, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0 and "lest 4 = vurdert 4" in done.stdout
    assert (
        "subject, id, candidate_name" in done.stderr and "Andre kolonner: Ref, Kand, Adr, Når" in done.stderr
    )
    with pytest.raises(FeedbackcheckError, match="trenger en terminal"):
        review(file, "--wizard")


class Terminal:
    """The command in a terminal of its own; only what it writes to the terminal can be read."""

    def __init__(self, folder: Path, *arguments: str | Path) -> None:
        self.master, slave = pty.openpty()
        self.out = folder / "stdout"
        with self.out.open("w") as stdout:
            self.process = subprocess.Popen(
                command(*arguments),
                stdin=slave,
                stdout=stdout,
                stderr=slave,
                cwd=folder,
                start_new_session=True,
            )
        os.close(slave)
        self.seen = ""
        self.taken = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def read(self, until: str, *, seconds: float = 60) -> str:
        """Wait for words that were not read before."""
        end = time.monotonic() + seconds
        while (at := self.seen.find(until, self.taken)) < 0:
            assert time.monotonic() < end, f"waited for {until!r}, saw {self.seen[-600:]!r}"
            if select.select([self.master], [], [], 0.2)[0]:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
        new, self.taken = self.seen[self.taken : at + len(until)], at + len(until)
        return new

    def write(self, line: str) -> None:
        os.write(self.master, line.encode() + b"\n")

    def end(self) -> int:
        try:
            while select.select([self.master], [], [], 60)[0]:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
        except OSError:
            pass  # closed by the other end
        os.close(self.master)
        return self.process.wait(timeout=60)


def answer_all(terminal: Terminal) -> None:
    terminal.read("Brevteksten (text)")
    terminal.write("")  # the column with the longest texts is proposed
    terminal.read("Emnelinjen")
    terminal.write("-")
    terminal.read("nummer (id)")
    terminal.write("ref")  # a name in any case
    terminal.read("navn (candidate_name)")
    terminal.write("Kan")
    assert "Mente du «Kand»?" in terminal.read("navn (candidate_name)")
    terminal.write("2")
    terminal.read("(email)")
    terminal.write("2")
    assert "alt valgt" in terminal.read("(email)")
    terminal.write("3")
    terminal.read("(sender)")
    terminal.write("")
    terminal.read("(sent_on)")
    terminal.write("5")
    for field in ("department", "position", "stage", "deadline"):
        terminal.read(f"({field})")
        terminal.write("")
    terminal.read("Stemmer dette?")
    terminal.write("j")


def test_the_wizard_asks_once_and_the_next_run_knows(tmp_path: Path) -> None:
    file = odd_export(tmp_path / "a.csv")
    with Terminal(tmp_path, file.name) as terminal:
        first = terminal.read("Hvilken kolonne er hva?")
        assert "Fritekst 2" in first and "Kari" not in first and "K··· N·······" in first
        answer_all(terminal)
        repeated = terminal.read("Skrive kolonnene til")
        assert "--map 'text=Fritekst 2'" in repeated and "--map 'sent_on=Når'" in repeated
        assert "sender" not in repeated
        terminal.write("j")
        assert terminal.end() == 0, terminal.seen
    assert "lest 4 = vurdert 4" in terminal.out.read_text("utf-8")
    saved = tomllib.loads((tmp_path / "feedbackcheck.toml").read_text("utf-8"))["review"]["map"]
    assert saved["text"] == "Fritekst 2" and saved["candidate_name"] == "Kand" and saved["sender"] == ""

    with Terminal(tmp_path, file.name, "--output-format", "json") as again:
        assert again.end() == 0, again.seen
    assert "Brevteksten" not in again.seen and "Fant ingen" not in again.seen
    assert '"id": "A-0"' in again.out.read_text("utf-8")


def test_the_wizard_can_be_left(tmp_path: Path) -> None:
    with Terminal(tmp_path, odd_export(tmp_path / "a.csv").name) as terminal:
        terminal.read("Brevteksten (text)")
        terminal.write("-")
        assert "må finnes" in terminal.read("Brevteksten (text)")
        os.write(terminal.master, b"\x04")  # Ctrl-D
        assert terminal.end() == 130
    assert not (tmp_path / "feedbackcheck.toml").exists()


def test_the_map_goes_into_a_file_that_has_other_things() -> None:
    before = '# mitt\nignore = ["KLI001"]\n\n[review.map]\ntext = "Gammel"\nid = "X"\n\n# om regler\n[context]\ncompany = "A"\n'
    after = with_map(before, {"text": 'Sitat " og \\', "sender": ""})
    assert tomllib.loads(after) == {
        "ignore": ["KLI001"], "context": {"company": "A"}, "review": {"map": {"text": 'Sitat " og \\', "sender": ""}},
    }  # fmt: skip
    assert "# mitt" in after and "# om regler" in after
    assert tomllib.loads(with_map("", {"text": "a"})) == {"review": {"map": {"text": "a"}}}
    project = with_map('[project]\nname = "x"', {"text": "a"}, table="tool.feedbackcheck.review.map")
    assert tomllib.loads(project)["tool"]["feedbackcheck"]["review"]["map"] == {"text": "a"}
    assert with_map(project, {"text": "b"}, table="tool.feedbackcheck.review.map").count("[tool.") == 1


def test_a_map_of_the_configuration(tmp_path: Path) -> None:
    file = odd_export(tmp_path / "a.csv")
    config = tmp_path / "c.toml"

    def counts(*more: str) -> str:
        done = subprocess.run(
            command(file, "--config", config, *more), capture_output=True, text=True, stdin=subprocess.DEVNULL,
            cwd=tmp_path, timeout=120,
        )  # fmt: skip
        return done.stdout[-200:] + done.stderr

    config.write_text('[review.map]\ntext = "Fritekst 2"\nsender = "Finnes ikke her"\n', "utf-8")
    assert "lest 4 = vurdert 4" in counts("--quiet")
    config.write_text('[review.map]\ntekst = "Fritekst 2"\n', "utf-8")
    assert "Ukjent felt «tekst»" in counts() and "Mente du «text»" in counts()
    config.write_text("[review]\nmapp = {}\n", "utf-8")
    assert "Ukjent nøkkel «review.mapp»" in counts()
    config.write_text("[review]\nmap = {text = 3}\n", "utf-8")
    assert "må være en tabell" in counts()


def test_an_empty_map_means_no_column(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        text_of([["id", "Tekst", "Avsender"], ["1", FILLED[0], "Postmottak"]]), "utf-8", newline=""
    )
    [found] = survey(str(file), kind="auto", mapping={"sender": ""}, soft={})
    assert "sender" not in found.guess.columns and "sender" not in found.missing
    assert review_json(file, "--map", "sender=")["counts"]["scored"] == 1


def test_what_is_remembered_of_another_table() -> None:
    from feedbackcheck.review.columns import fitting

    soft = {"text": "Fritekst 2", "id": "Ref", "sender": ""}
    assert fitting(soft, ["Ref", "Fritekst 2", "Avsender"]) == soft
    assert fitting(soft, ["Fritekst 2", "Avsender"]) == {"text": "Fritekst 2"}
    assert fitting(soft, ["Brevtekst", "Avsender"]) == {}
