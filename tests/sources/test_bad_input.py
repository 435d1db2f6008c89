"""Files that cannot be read: one clear Norwegian line each, never a traceback, never silence."""

from __future__ import annotations

import contextlib
import io
import json
import time
import zipfile
from pathlib import Path

import pytest

from feedbackcheck.checker import Checker
from feedbackcheck.config import Config
from feedbackcheck.errors import (
    BinarySourceError,
    ContextError,
    EmptySourceError,
    MalformedSourceError,
    SourceEncodingError,
    SourceError,
    SourceTooLargeError,
    UnsupportedSourceError,
)
from feedbackcheck.filecheck import FileChecker
from feedbackcheck.reports import Run, renderer
from feedbackcheck.settings import Settings
from feedbackcheck.sources import MAX_BYTES, MAX_LETTERS, read_bytes, read_path, read_text


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
LETTER = b"Hei Ola,\n\nTakk for s\xc3\xb8knaden. Du f\xc3\xa5r ikke jobben.\n\nMvh\nKari\n"

CASES: list[tuple[str, bytes, type[SourceError], str]] = [
    ("tom.txt", b"", EmptySourceError, "tom"),
    ("blank.txt", b" \n\t\r\n", EmptySourceError, "tom"),
    ("bom.txt", b"\xef\xbb\xbf\n", EmptySourceError, "tom"),
    ("tom.html", b"<html><head><title>x</title></head><body><p>&nbsp;</p></body></html>", EmptySourceError, "Ingen tekst"),
    ("tom.md", b"---\nstage: soknad\n---\n\n", EmptySourceError, "Ingen tekst"),
    ("bilde.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), BinarySourceError, "bilde"),
    ("fil.txt", bytes(range(256)) * 20, BinarySourceError, "binærfil"),
    ("brev.txt", b"%PDF-1.7\n...", UnsupportedSourceError, "PDF"),
    ("brev.pdf", b"%PDF-1.7\n...", UnsupportedSourceError, ".pdf"),
    ("brev.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, UnsupportedSourceError, ".docx"),
    ("post.mbox", b"From x\n", UnsupportedSourceError, "review"),
    ("tegn.txt", b"\x81\x8d\x8f\x90\x9d\xff\xfe\xfd" * 40, SourceEncodingError, "Tegnsettet"),
    ("utf16.txt", b"\xff\xfeH\x00\x00\xd8", SourceEncodingError, "UTF-16"),
    ("arkiv.txt", zipped({"brev.txt": LETTER}), BinarySourceError, "zip"),
    ("nest.docx", zipped({"brev.docx": zipped({"word/document.xml": b"<x/>"})}), MalformedSourceError, "annet arkiv"),
    ("inni.docx", zipped({"_rels/.rels": RELS, "word/document.xml": zipped({"a": b"b"})}), MalformedSourceError, "annet arkiv"),
    ("tom.docx", zipped({"a.txt": b"b"}), MalformedSourceError, "ikke et Word-dokument"),
    ("kutt.docx", zipped({"_rels/.rels": RELS, "word/document.xml": b"<w:document>"})[:80], MalformedSourceError, "ødelagt"),
    ("xml.docx", zipped({"_rels/.rels": RELS, "word/document.xml": b"<w:document><w:body>"}), MalformedSourceError, "XML"),
    (
        "bombe.docx",
        zipped({"_rels/.rels": RELS, "word/document.xml": b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'}),
        MalformedSourceError, "dokumenttype",
    ),
    ("stor.docx", zipped({"_rels/.rels": RELS, "word/document.xml": b" " * 60_000_000}), SourceTooLargeError, "pakker ut"),
    ("word.msg", LETTER, MalformedSourceError, "Outlook"),
    ("kutt.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, MalformedSourceError, "ødelagt"),
    ("ingen.eml", b"bare tekst\nuten hoder\n", MalformedSourceError, "hoder"),
    ("mime.eml", b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--abc\nContent-Type: text/plain\n\nHei\n", MalformedSourceError, "MIME"),
    ("grense.eml", b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=abc\n\n", MalformedSourceError, "MIME"),
    ("b64.eml", b"Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n%%%%\x01\x02 ikke base64 \xff\xfe\n", SourceError, ""),
    ("tom.eml", b"Subject: x\nFrom: a@b.no\n\n", EmptySourceError, "ingen tekst"),
    ("mal.txt", b"Hei {% if navn %}Ola,\n\ndu fikk ikke jobben.\n", MalformedSourceError, "Linje 1"),
    ("mal.html", b"<p>Hei</p>\n<p>{{#if navn}}Ola</p>\n<p>slutt</p>", MalformedSourceError, "Linje 2"),
    ("mal.j2", b"Hei\n\n{% if navn Ola\n", MalformedSourceError, "Linje 3"),
    ("mal.hbs", b"Hei {{/if}} Ola", MalformedSourceError, "ikke er åpnet"),
    ("mal.liquid", b"{% for a in b %}Hei{% endif %}", MalformedSourceError, "passer ikke"),
    ("kommentar.j2", b"Hei {# glemt\nslutt", MalformedSourceError, "Linje 1"),
    ("hode.md", b"---\nstage: [soknad\n---\nHei", MalformedSourceError, "Linje"),
    ("hode2.md", b"---\nstage: soknad\nHei Ola", MalformedSourceError, "ikke avsluttet"),
    ("hode3.md", b"+++\nstage = \n+++\nHei", MalformedSourceError, "TOML"),
    ("hode4.md", b"---\n- a\n- b\n---\nHei", MalformedSourceError, "nøkler"),
    ("data.json", b'{"body": "Hei', MalformedSourceError, "Linje 1"),
    ("data.json", b'{"a": 1, "b": "kort"}', EmptySourceError, "brev"),
    ("data.json", b"[" * 100_000, MalformedSourceError, "JSON"),
    ("tall.md", b"+++\napplicants = " + b"9" * 5000 + b"\n+++\nHei", MalformedSourceError, "TOML"),
    ("dyp.md", b"+++\na = " + b"[" * 100_000 + b"\n+++\nHei", MalformedSourceError, "TOML"),
    ("tall2.md", b"---\napplicants: " + b"9" * 5000 + b"\n---\nHei", MalformedSourceError, "YAML"),
    ("data.yaml", b"a: b\n  c: - d\n", MalformedSourceError, "Linje 2"),
    ("data.yaml", b"a: b\n", EmptySourceError, "brev"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "error", "words"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)]
)
def test_bad_input_is_one_clear_line(name: str, data: bytes, error: type[SourceError], words: str) -> None:
    with pytest.raises(error) as caught:
        read_bytes(data, name=name)
    line = str(caught.value)
    assert words in line
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    assert caught.value.fix


def test_bad_input_wrong_context_names_the_key() -> None:
    with pytest.raises(ContextError, match="applicants"):
        read_text("---\napplicants: mange\n---\nHei Ola, du fikk ikke jobben.", name="a.md")
    with pytest.raises(ContextError, match="mode"):
        read_text("---\nmode: brev\n---\nHei Ola, du fikk ikke jobben.", name="a.md")


def test_bad_input_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="finnes ikke"):
        read_path(tmp_path / "borte.txt")
    with pytest.raises(SourceError, match="mappe"):
        read_path(tmp_path)


def test_bad_input_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "stor.txt"
    with file.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    start = time.perf_counter()
    with pytest.raises(SourceTooLargeError, match="100 MB"):
        read_path(file)
    assert time.perf_counter() - start < 0.2


LINE = "Vi har dessverre gått videre med andre kandidater til stillingen. "


@pytest.mark.parametrize("gap", ["", "\n\n"], ids=["one line", "paragraphs"])
def test_bad_input_longest_letter_is_checked_in_time(gap: str) -> None:
    """What is quadratic anywhere on the way costs minutes at this length."""
    text = ((LINE + gap) * MAX_LETTERS)[:MAX_LETTERS]
    (message,) = read_bytes(text.encode(), name="a.txt")
    checker = Checker(Settings(recogniser=False, syntax=False))
    start = time.process_time()
    report = checker.check_message(message)
    renderer("full")(Run(reports=[report]), colour=False)
    assert len(report.findings) > 1000
    assert time.process_time() - start < 10


def test_bad_input_longer_than_any_letter_is_refused(tmp_path: Path) -> None:
    page = f"<p>{LINE}</p>" * (MAX_LETTERS // len(LINE) + 1)
    with pytest.raises(SourceTooLargeError, match=r"a\.html: Teksten er for lang .* 200 000 tegn"):
        Checker(Settings(recogniser=False)).check(page, name="a.html")
    for name in ("a.txt", "a.md"):
        start = time.process_time()
        with pytest.raises(SourceTooLargeError, match="10 MB tekst; grensen er 200 000 tegn"):
            read_bytes((LINE.encode() * (MAX_BYTES // len(LINE)))[:MAX_BYTES], name=name)
        assert time.process_time() - start < 0.2
    (tmp_path / "bok.html").write_text(page)
    (tmp_path / "brev.txt").write_bytes(LETTER)
    checker = FileChecker(lambda _: Config(settings=Settings(recogniser=False, syntax=False)))
    book, letter = checker.check_file(tmp_path / "bok.html"), checker.check_file(tmp_path / "brev.txt")
    assert book.failure is not None
    assert letter.failure is None
    assert letter.reports[0].findings


def test_bad_input_fifty_thousand_lines_of_html() -> None:
    rows = "".join(
        f'<tr><td class="x" style="margin:0">Vi har dessverre g&aring;tt videre &amp; valgt nr. {i}</td>\n<td><b>rad</b></td></tr>\n'
        for i in range(25_000)
    )
    source = f"<html><body><table>{rows}</table></body></html>"
    assert source.count("\n") == 50_000
    start = time.process_time()
    message = read_text(source, kind="html")
    assert time.process_time() - start < 3
    assert message.text.count("gått videre") == 25_000
    last = message.source_map.start(message.text.rindex("rad"))
    assert message.locate(last).line == 50_000


def test_bad_input_deeply_nested_mail_is_no_crash() -> None:
    depth = 3000
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(depth))
    data = f"Subject: x\nMIME-Version: 1.0\n{parts}Content-Type: text/plain\n\nHei\n".encode()
    with pytest.raises(SourceError):
        read_bytes(data, name="x.eml")


def test_bad_input_evil_patterns_take_no_time() -> None:
    """Inputs that make careless expressions go wrong."""
    for text in (
        "{" * 20_000,
        "<" * 20_000,
        "[" * 20_000,
        "*" * 20_000,
        "_" * 20_000,
        "> " * 20_000,
        "Fra: a\n" * 5_000,
        "«" * 20_000,
        "- " * 20_000,
        "%a" * 10_000,
        "{{a" * 5_000,
        "Den a " * 5_000,
        "<!--" * 5_000,
        "&#" * 10_000,
        "{{!" * 20_000,
        "{# feedbackcheck: " * 5_000,
        "A. " * 20_000,
        " " * 20_000,
        "...... " * 10_000,
    ):
        for kind in ("text", "markdown", "html"):
            start = time.process_time()
            with contextlib.suppress(SourceError):
                read_text("Hei Ola " + text, kind=kind)
            assert time.process_time() - start < 3, (text[:10], kind)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Hei Ola du</p>" + "<!-- a " * 20_000, "Hei Ola du"),
        ("<p>Hei Ola du</p>" + "<a " * 20_000, None),
        ("<p>Hei Ola du</p>" + "<![if a " * 20_000 + "<p>", None),
        ("<p>Hei Ola du</p>" + '<a href="x ' * 20_000 + ">", "Hei Ola du"),
    ],
    ids=["comment", "tag", "section", "quote"],
)
def test_bad_input_unclosed_html_is_read_in_linear_time(source: str, text: str | None) -> None:
    start = time.process_time()
    message = read_text(source, kind="html")
    assert time.process_time() - start < 2
    assert message.text.startswith("Hei Ola du")
    assert text is None or message.text == text


@pytest.mark.parametrize("deep", [b"a: " + b"[" * 50_000, b"- " * 50_000 + b"x"])
def test_deep_yaml_is_refused_before_the_parser_overruns_its_stack(deep: bytes) -> None:
    with pytest.raises(MalformedSourceError):
        read_bytes(deep, name="dyp.yaml")


def test_half_a_surrogate_pair_becomes_a_letter_that_can_be_written() -> None:
    data = b'{"tekst": "Hei \\ud83d Kari,\\n\\nDu f\\u00e5r dessverre ikke stillingen som kokk."}'
    (message,) = read_bytes(data, name="mal.json")
    assert "\ufffd" in message.text
    message.text.encode("utf-8")


@pytest.mark.parametrize("filler", ["a" * 300_000, "_" * 100_000, "{{" * 20_000, "a-" * 100_000])
def test_a_line_without_end_is_no_trap(filler: str) -> None:
    from feedbackcheck.language.malform import identify
    from feedbackcheck.language.segment import segment

    text = f"{filler}\n\nHei Ola,\n\nDu fikk dessverre ikke jobben.\n"
    started = time.perf_counter()
    identify(text, segment(text))
    assert time.perf_counter() - started < 5


def test_json_numbers_and_a_letter_alone_are_no_trap() -> None:
    letter = (
        "Hei du, takk for søknaden. Vi har dessverre valgt å gå videre med andre kandidater denne gangen."
    )
    data = '{"n": ' + "9" * 5000 + f', "body": "{letter}"' + "}"
    for source in (data, f'"{letter}"'):
        (message,) = read_bytes(source.encode(), name="a.json")
        assert message.text == letter
    (message,) = read_bytes(letter.replace(", ", " ", 1).encode(), name="a.yaml")
    assert message.text.startswith("Hei du takk")


def test_files_of_many_letters_are_read_in_linear_time() -> None:
    """Each letter is found, placed and checked without going over the others."""
    body = "Hei nummer {0}, {1} takk for søknaden. Vi har dessverre valgt å gå videre med andre kandidater."
    words = ["kokk", "lærer", "tømrer", "lege", "maler"]
    count = 2000
    letters = [
        body.format(i, " ".join(f"{words[(i + j) % 5]}{i * j}" for j in range(9))) for i in range(count)
    ]
    for name, source in (
        ("a.json", json.dumps({f"k{i}": {"body": text} for i, text in enumerate(letters)}, indent=1)),
        ("b.json", json.dumps({"liste": letters}, indent=1)),
        (
            "a.yaml",
            "".join(
                f"k{i}:\n  # feedbackcheck: ignore KLI001\n  body: '{t}'\n"
                for i, t in enumerate(letters[:200])
            ),
        ),
    ):
        start = time.process_time()
        messages = read_bytes(source.encode(), name=name)
        places = [m.locate(m.source_map.start(m.text.index("takk"))).line for m in messages]
        assert time.process_time() - start < 5
        assert len(set(places)) == len(messages) == (200 if name == "a.yaml" else count)


def test_html_quotations_in_quotations_are_read_in_linear_time() -> None:
    source = "<p>Takk for søknaden din, Ola</p>" + "".join(f"<x{i} class=gmail_quote>" for i in range(20_000))
    start = time.process_time()
    assert read_text(source + "sitert", kind="html").text.startswith("Takk for søknaden din, Ola")
    assert time.process_time() - start < 2


def test_damage_that_the_libraries_do_not_foresee_is_one_line() -> None:
    word = zipped({"_rels/.rels": RELS, "word/document.xml": b"<x/>"})
    later = word.replace(b"PK\x01\x02\x14\x03\x14\x00", b"PK\x01\x02\x14\x03\xff\x00")
    assert later != word
    with pytest.raises(MalformedSourceError, match="ødelagt"):
        read_bytes(later, name="ny.docx")
    mail = b'Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset="utf\x00-8"\n\nHei du, takk for alt.\n'
    assert read_bytes(mail, name="null.eml")[0].text.startswith("Hei du")
