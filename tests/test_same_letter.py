"""The same letter in every format gives the same findings, at the right places."""

from __future__ import annotations

import html
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from feedbackcheck import Checker, Context, Report
from feedbackcheck.config import read_context
from feedbackcheck.sources import read_path

EXAMPLES = Path(__file__).parents[1] / "examples"


def as_text(letter: str, folder: Path) -> Path:
    file = folder / "brev.txt"
    file.write_text(letter, "utf-8")
    return file


def as_html(letter: str, folder: Path) -> Path:
    file = folder / "brev.html"
    paragraphs = "".join(
        f"<p>{'<br>'.join(html.escape(line) for line in p.splitlines())}</p>\n"
        for p in letter.strip().split("\n\n")
    )
    body = paragraphs.replace("ø", "&oslash;").replace("å", "&#229;")
    file.write_text(f"<html><head><title>x</title></head><body>{body}</body></html>", "utf-8")
    return file


def as_docx(letter: str, folder: Path) -> Path:
    docx = pytest.importorskip("docx", reason="python-docx writes the test's file")
    document = docx.Document()
    for line in letter.strip().splitlines():
        if line:
            document.add_paragraph(line)
    file = folder / "brev.docx"
    document.save(str(file))
    return file


def as_eml(letter: str, folder: Path) -> Path:
    mail = EmailMessage()
    mail["From"] = "Ingrid Moen <ingrid@example.com>"
    mail["To"] = "amina@example.com"
    mail["Subject"] = "Svar"
    mail.set_content(letter, cte="quoted-printable")
    file = folder / "brev.eml"
    file.write_bytes(bytes(mail))
    return file


def as_msg(letter: str, folder: Path) -> Path:
    from sources.ole_writer import write_msg

    file = folder / "brev.msg"
    file.write_bytes(write_msg(subject="Svar", body=letter))
    return file


FORMATS: list[Callable[[str, Path], Path]] = [as_text, as_html, as_docx, as_eml, as_msg]


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(suggestions=False)


def check(checker: Checker, file: Path, context: Context) -> Report:
    from dataclasses import replace

    (message,) = read_path(file)
    return checker.check_message(replace(message, context=context))


@pytest.mark.parametrize("name", ["utkast.txt", "godt-brev.txt"])
@pytest.mark.parametrize("write", FORMATS, ids=lambda f: f.__name__)
def test_same_findings_in_every_format(
    checker: Checker, tmp_path: Path, name: str, write: Callable[[str, Path], Path]
) -> None:
    letter = (EXAMPLES / name).read_text("utf-8")
    context = read_context(EXAMPLES / "amina.yaml")
    plain = check(checker, as_text(letter, tmp_path), context)
    other = check(checker, write(letter, tmp_path), context)

    def told(report: Report) -> list[tuple[str, str]]:
        text = report.message.text
        return [(f.code, f.span.of(text) if f.span else "") for f in report.findings]

    assert told(other) == told(plain)
    assert other.score is not None
    assert plain.score is not None
    assert other.score.total == plain.score.total
    for finding in other.findings:
        if finding.span is None:
            continue
        marked = other.source_span(finding.span).of(other.message.source)
        words = finding.span.of(other.message.text)
        assert html.unescape(marked).split() == words.split()
        first, _ = other.locate(finding.span)
        if other.message.paragraphs:
            begin = other.message.paragraphs[first.line - 1]
            assert other.message.source[begin + first.column - 1 :].startswith(words.split()[0])
        else:
            line = other.message.source.splitlines()[first.line - 1]
            assert html.unescape(line[first.column - 1 :]).startswith(words.split()[0])


def test_good_letter_scores_above_85_and_templates_below_half(checker: Checker) -> None:
    context = read_context(EXAMPLES / "amina.yaml")
    good = check(checker, EXAMPLES / "godt-brev.txt", context)
    poor = check(checker, EXAMPLES / "utkast.txt", context)
    assert good.score is not None
    assert poor.score is not None
    assert good.score.total > 85
    assert poor.score.total < 40
