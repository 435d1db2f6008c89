"""Inline comments hide what they name, where they stand, and speak up when they hide nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from feedbackcheck.config import Config
from feedbackcheck.filecheck import FileChecker
from feedbackcheck.ignores import apply_ignores
from feedbackcheck.message import Directive, Severity, Span
from feedbackcheck.report import Report
from feedbackcheck.settings import Settings
from support import LETTER, finding, missing, report

LINE = Span(LETTER.index("Vi har"), LETTER.index("Lykke"))
NEXT = Span(LETTER.index("Lykke"), LETTER.index("Mvh"))
FILE = Span(0, len(LETTER))


def ignoring(
    *found: object, codes: tuple[str, ...] = (), scope: str = "line", covers: Span = LINE, times: int = 1
) -> Report:
    """A report on a message with a comment on its first line."""
    base = report(*found)  # type: ignore[arg-type]
    directive = Directive(codes, "", scope, Span(0, 3), covers)
    return replace(base, message=replace(base.message, directives=(directive,) * times))


def codes_of(result: Report) -> list[str]:
    return [f.code for f in result.findings]


def test_without_comments_nothing_changes() -> None:
    plain = report(finding(), missing())
    assert apply_ignores(plain) is plain


def test_a_comment_hides_what_it_names_and_counts_it() -> None:
    result = apply_ignores(ignoring(finding(), codes=("KLI001",)))
    assert codes_of(result) == []
    assert result.suppressed == 1


def test_a_short_code_hides_its_family_and_no_code_hides_all() -> None:
    assert codes_of(apply_ignores(ignoring(finding(), codes=("KLI",)))) == []
    assert codes_of(apply_ignores(ignoring(finding()))) == []


def test_another_code_is_not_hidden_and_the_comment_is_called_useless() -> None:
    result = apply_ignores(ignoring(finding(), codes=("TON001", "TON002")))
    assert codes_of(result) == ["KLI001", "IGN001"]
    assert result.suppressed == 0
    notice = result.findings[1]
    assert notice.severity is Severity.HINT
    assert notice.message == "Unntaket på linje 1 (TON001, TON002) skjuler ingenting."
    assert notice.span is None


def test_a_comment_elsewhere_does_not_hide() -> None:
    assert codes_of(apply_ignores(ignoring(finding(), covers=NEXT))) == ["KLI001", "IGN001"]


def test_what_concerns_the_whole_message_is_hidden_by_a_file_comment_only() -> None:
    assert codes_of(apply_ignores(ignoring(missing(), covers=FILE))) == ["MAN03", "IGN001"]
    assert codes_of(apply_ignores(ignoring(missing(), scope="file", covers=FILE))) == []


def test_one_comment_may_hide_many_and_is_used_by_one() -> None:
    result = apply_ignores(
        ignoring(finding(), missing(), codes=("KLI001", "JUS001"), scope="file", covers=FILE)
    )
    assert codes_of(result) == ["MAN03"]
    assert result.suppressed == 1


def test_two_comments_on_one_finding_are_both_used() -> None:
    assert codes_of(apply_ignores(ignoring(finding(), times=2))) == []


def test_unused_comments_may_be_left_unsaid() -> None:
    assert codes_of(apply_ignores(ignoring(codes=("TON001",)), report_unused=False)) == []
    assert codes_of(apply_ignores(ignoring(codes=("TON001",)), wanted=lambda c: c != "IGN001")) == []


def test_a_comment_on_a_rule_that_is_off_is_not_called_useless() -> None:
    """With ``--select KLI`` nobody looked for TON001."""
    result = apply_ignores(ignoring(codes=("TON001",)), wanted=lambda c: c[:3] in ("KLI", "IGN"))
    assert codes_of(result) == []
    # Where all it names is on, it is known to be useless.
    result = apply_ignores(ignoring(codes=("KLI",)), wanted=lambda c: c[:3] in ("KLI", "IGN"))
    assert codes_of(result) == ["IGN001"]
    # One that hides everything might hide what is off.
    assert codes_of(apply_ignores(ignoring(), wanted=lambda c: c != "TON001")) == []
    assert codes_of(apply_ignores(ignoring(), wanted=lambda _: True)) == ["IGN001"]


def test_a_code_that_does_not_exist_hides_nothing() -> None:
    assert codes_of(apply_ignores(ignoring(codes=("XYZ99",)), wanted=lambda _: True)) == ["IGN001"]


def test_a_message_that_was_not_assessed_is_left_alone() -> None:
    skipped = replace(ignoring(codes=("TON001",)), skipped="language")
    assert apply_ignores(skipped) is skipped


def test_a_selection_on_the_command_line_does_not_make_comments_useless(tmp_path: Path) -> None:
    file = tmp_path / "brev.md"
    file.write_text(
        "Hei!\n\nVi har gått videre med andre. <!-- feedbackcheck: ignore TON001 avtalt -->\n", "utf-8"
    )

    def found(**chosen: tuple[str, ...]) -> list[str]:
        settings = Settings(recogniser=False, syntax=False, assume_rejection=True, **chosen)  # type: ignore[arg-type]
        checker = FileChecker(lambda _: Config(settings=settings), suggestions=False)
        (checked,) = checker.check_file(file).reports
        return codes_of(checked)

    assert "IGN001" in found()
    assert "IGN001" in found(select=("TON", "IGN"))
    assert found(select=("KLI001",)) == ["KLI001"]
    assert "IGN001" not in found(select=("KLI001", "IGN"))
    assert "IGN001" not in found(ignore=("IGN001",))
