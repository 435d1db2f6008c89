"""Known findings are hidden by what they say of which words; new ones are not, and stale entries are counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from feedbackcheck.baseline import Baseline
from feedbackcheck.errors import ConfigError
from feedbackcheck.message import Message
from feedbackcheck.report import Report
from support import LETTER, finding, missing, report

ROOT = Path("/prosjekt")


def test_what_is_in_the_baseline_is_hidden_and_counted() -> None:
    old = report(finding(), missing())
    (left,), stale = Baseline.of([old], ROOT).apply([old], ROOT)
    assert left.findings == ()
    assert left.suppressed == 2
    assert stale == 0
    assert left.score == old.score


def test_a_new_finding_is_left() -> None:
    known = Baseline.of([report(finding())], ROOT)
    (left,), stale = known.apply([report(finding(), missing("MAN05"))], ROOT)
    assert [f.code for f in left.findings] == ["MAN05"]
    assert (left.suppressed, stale) == (1, 0)


def test_moving_a_paragraph_changes_nothing_and_editing_its_words_does() -> None:
    known = Baseline.of([report(finding())], ROOT)
    moved = "Emne: svar\n\n" + LETTER
    (left,), stale = known.apply([report(finding(text=moved), text=moved)], ROOT)
    assert (left.findings, stale) == ((), 0)
    edited = LETTER.replace("Vi har", "Dessverre har vi")
    (left,), stale = known.apply([report(finding(text=edited), text=edited)], ROOT)
    assert (len(left.findings), stale) == (1, 1)


def test_the_same_words_twice_are_two_findings() -> None:
    once, twice = report(finding()), report(finding(), finding())
    (left,), _ = Baseline.of([once], ROOT).apply([twice], ROOT)
    assert len(left.findings) == 1
    (left,), stale = Baseline.of([twice], ROOT).apply([once], ROOT)
    assert (left.findings, stale) == ((), 1)


def test_what_was_fixed_is_stale_but_only_in_files_that_were_checked() -> None:
    one, two = report(finding(), path="a.txt"), report(finding(), missing(), path="b.txt")
    known = Baseline.of([one, two], ROOT)
    assert known.apply([report(path="a.txt")], ROOT)[1] == 1
    assert known.apply([report(path="b.txt")], ROOT)[1] == 2
    assert known.apply([], ROOT) == ([], 0)


def test_another_file_is_not_hidden() -> None:
    known = Baseline.of([report(finding(), path="a.txt")], ROOT)
    (left,), _ = known.apply([report(finding(), path="b.txt")], ROOT)
    assert len(left.findings) == 1


def test_paths_are_kept_relative_to_the_root(tmp_path: Path) -> None:
    absolute = report(finding(), path=str(tmp_path / "brev" / "a.txt"))
    assert list(Baseline.of([absolute], tmp_path).entries) == ["brev/a.txt"]


def test_values_of_one_file_are_told_apart() -> None:
    def value(part: str) -> Message:
        return Message.from_text(LETTER, path="maler.json", id="x", part=part, kind="json")

    reports = [report(finding(), message=value(p)) for p in ("/avslag", "/takk")]
    known = Baseline.of(reports[:1], ROOT)
    left, _ = known.apply(reports, ROOT)
    assert [len(r.findings) for r in left] == [0, 1]


def test_it_survives_the_disk_and_holds_no_text(tmp_path: Path) -> None:
    file = tmp_path / "grunnlinje.json"
    known = Baseline.of([report(finding(), missing())], ROOT)
    known.write(file)
    assert Baseline.read(file) == known
    written = file.read_text("utf-8")
    assert written.endswith("\n")
    assert "videre" not in written
    known.write(file)
    assert file.read_text("utf-8") == written


def test_an_empty_baseline_hides_nothing(tmp_path: Path) -> None:
    file = tmp_path / "tom.json"
    Baseline.of([report()], ROOT).write(file)
    (left,), stale = Baseline.read(file).apply([report(finding())], ROOT)
    assert (len(left.findings), stale) == (1, 0)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"schema": 2, "files": {}}',
        '{"schema": 1, "files": []}',
        '{"schema": 1, "files": {"a": 3}}',
    ],
)
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "feil.json"
    file.write_text(content, "utf-8")
    with pytest.raises(ConfigError) as caught:
        Baseline.read(file)
    assert caught.value.where == str(file)
    assert "--write-baseline" in str(caught.value)


def test_a_baseline_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        Baseline.read(tmp_path / "finnes-ikke.json")
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        Baseline.read(tmp_path / "b")


def test_writing_again_keeps_what_was_not_checked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER, "utf-8")
    (tmp_path / "b.txt").write_text(LETTER, "utf-8")
    file = tmp_path / "kjent.json"
    one, other = (replace_path(report(finding()), tmp_path / name) for name in ("a.txt", "b.txt"))
    Baseline.of([one, other], tmp_path).write(file)
    again = Baseline.of([], tmp_path).with_others(file, [str(tmp_path / "a.txt")])
    assert list(again.entries) == ["b.txt"]
    (tmp_path / "b.txt").unlink()
    assert Baseline.of([], tmp_path).with_others(file, []).entries.keys() == {"a.txt"}


def test_a_file_that_is_no_baseline_is_not_written_over(tmp_path: Path) -> None:
    letter = tmp_path / "brev.txt"
    letter.write_text(LETTER, "utf-8")
    with pytest.raises(ConfigError, match="ikke en grunnlinje"):
        Baseline.of([], tmp_path).with_others(letter, [])


def test_a_file_nested_too_deeply_is_no_baseline(tmp_path: Path) -> None:
    file = tmp_path / "dyp.json"
    file.write_text("[" * 100_000, "utf-8")
    with pytest.raises(ConfigError, match="ikke en grunnlinje"):
        Baseline.read(file)


def replace_path(of: Report, path: Path) -> Report:
    return replace(of, message=replace(of.message, path=str(path)))
