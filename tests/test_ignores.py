"""Inline comments hide what they name, where they stand, and speak up when they hide nothing."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from feedbackcheck.checker import Checker
from feedbackcheck.config import Config
from feedbackcheck.filecheck import FileChecker
from feedbackcheck.ignores import apply_ignores
from feedbackcheck.message import Directive, Severity, Span, Stage
from feedbackcheck.report import Report
from feedbackcheck.settings import Settings
from feedbackcheck.sources import read_bytes
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


SENTENCE = "Takk for søknaden. Vi har dessverre valgt å gå videre med andre kandidater."
MARKS = {"html": ("<!-- ", " -->"), "jinja": ("{# ", " #}"), "bars": ("{{! ", " }}"), "hash": ("# ", "")}
SCOPES = {
    "line": "{text} {a}feedbackcheck: ignore{b}",
    "line by name": "{text} {a}feedbackcheck: ignore-line KLI001 avtalt{b}",
    "block below": "{a}feedbackcheck: ignore KLI001 avtalt{b}\n{text}",
    "next line": "{a}feedbackcheck: ignore-next-line KLI001{b}\n{text}",
    "block": "{a}feedbackcheck: ignore-block KLI{b}\n{text}",
    "file": "{a}feedbackcheck: ignore-file KLI001{b}\n\n{text}",
    "file from its end": "{text}\n\n{a}feedbackcheck: ignore-file KLI001{b}",
}
PLACES = [
    *((f"a{suffix}", mark) for suffix in (".txt", ".md", ".txt.j2", ".hbs") for mark in MARKS),
    *((f"a{suffix}", mark) for suffix in (".html", ".mjml", ".html.j2", ".json", ".docx") for mark in ("html",)),
    *((f"a{suffix}", "jinja") for suffix in (".html", ".html.j2")),
]  # fmt: skip


def _file(name: str, body: str) -> bytes:
    """A letter in the format that its name tells, with ``body`` in the middle."""
    paragraphs = ["Hei,", *body.split("\n\n"), "Mvh Kari"]
    if name.endswith(".docx"):
        document = docx.Document()
        for line in "\n".join(paragraphs).splitlines():
            document.add_paragraph(line)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()
    if ".html" in name or ".mjml" in name:
        page = "\n\n".join(paragraphs).replace(SENTENCE, f"<p>{SENTENCE}</p>")
        return (
            f"<mjml><mj-body><mj-text>{page}</mj-text></mj-body></mjml>" if "mjml" in name else page
        ).encode()
    text = "\n\n".join(paragraphs)
    return (json.dumps({"body": text}, indent=1) if name.endswith(".json") else text).encode()


@pytest.mark.parametrize(("name", "mark"), PLACES, ids=lambda v: str(v))
def test_comments_of_every_scope_hide_in_every_format(name: str, mark: str) -> None:
    checker = Checker(
        Settings(stage=Stage.SOKNAD, assume_rejection=True, recogniser=False, syntax=False), suggestions=False
    )

    def codes(body: str, eol: str) -> set[str]:
        data = _file(name, body)
        if name.endswith((".txt", ".md")):
            data = data.replace(b"\n", eol.encode())
        (message,) = read_bytes(data, name=name)
        return {f.code for f in checker.check_message(message).findings}

    a, b = MARKS[mark]
    for eol in ("\n", "\r\n", "\r"):
        assert "KLI001" in codes(SENTENCE, eol)
        for scope, written in SCOPES.items():
            if mark == "hash" and scope.startswith("line"):
                continue  # such a comment has its line to itself
            found = codes(written.format(text=SENTENCE, a=a, b=b), eol)
            assert not {"KLI001", "IGN001"} & found, (scope, eol)


@pytest.mark.parametrize("named", ["KLI001", "kli001", "standardavslag", "standardavslag: avtalt"])
def test_a_code_in_small_letters_and_a_rules_name_hide_that_rule_alone(named: str) -> None:
    text = (
        f"<!-- feedbackcheck: ignore {named} -->\nVi har dessverre valgt å gå videre med andre kandidater.\n"
    )
    message = read_bytes(text.encode(), name="brev.md")[0]
    found = [replace(finding(), code=code, span=Span(0, 10)) for code in ("KLI001", "JUS001")]
    kept = apply_ignores(replace(report(*found), message=message))
    assert codes_of(kept) == ["JUS001"]


def test_a_misspelt_comment_hides_nothing_and_is_told_of() -> None:
    text = "<!-- feedbackcheck: ignoer KLI001 -->\nVi har dessverre valgt å gå videre med andre kandidater.\n"
    message = read_bytes(text.encode(), name="brev.md")[0]
    found = replace(finding(), span=Span(0, 10))
    assert codes_of(apply_ignores(replace(report(found), message=message))) == ["KLI001", "IGN001"]


def test_thousands_of_comments_and_findings_are_not_compared_each_with_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = 0
    overlap = Span.overlap

    def counted(self: Span, other: Span) -> int:
        nonlocal asked
        asked += 1
        return overlap(self, other)

    count = 300
    text = LETTER * count
    places = [LINE.start + i * len(LETTER) for i in range(count)]
    found = [finding(span=Span(at, at + 5)) for at in places]
    directives = [Directive(("KLI",), "", "line", Span(0, 3), Span(at, at + 20)) for at in places[::2]]
    # Comments that hide the same line hide it together.
    directives += [Directive((), "", "block", Span(0, 3), Span(places[1], places[1] + 9))] * count
    base = report(*found, text=text)
    base = replace(base, message=replace(base.message, directives=tuple(directives)))
    monkeypatch.setattr(Span, "overlap", counted)
    result = apply_ignores(base)
    assert [f.span for f in result.findings] == [Span(at, at + 5) for at in places[3::2]]
    assert asked < 10 * count
