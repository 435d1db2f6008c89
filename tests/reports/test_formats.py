"""Each output format against its own specification."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from feedbackcheck.errors import EmptySourceError
from feedbackcheck.message import Severity
from feedbackcheck.reports import FORMATS, Failure, Run, renderer
from support import LETTER, finding, missing, report

FAILURE = Failure("tom.txt", EmptySourceError("Filen er tom", where="tom.txt"))


def _unknown_keys(model: Any) -> list[str]:
    """Keys that the standard's object model does not have, anywhere in it."""
    if isinstance(model, list):
        return [k for item in model for k in _unknown_keys(item)]
    if not hasattr(model, "model_fields_set"):
        return []
    inner = [k for name in model.model_fields_set for k in _unknown_keys(getattr(model, name, None))]
    return [*(model.model_extra or {}), *inner]


def run(*reports: Any, **known: Any) -> Run:
    return Run(reports=reports or (report(finding(), missing()),), **known)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_format_ends_with_a_line_break_and_takes_no_findings(name: str) -> None:
    text = renderer(name)(run(report()))
    assert text == "" or text.endswith("\n")


def test_full_marks_the_words_and_shows_score_and_summary() -> None:
    text = renderer("full")(run(failures=[FAILURE]))
    lines = text.splitlines()
    marked = next(i for i, line in enumerate(lines) if "gått videre med andre" in line and "│" in line)
    start = lines[marked].index("gått")
    assert lines[marked + 1][start : start + len("gått videre med andre")] == "^" * len(
        "gått videre med andre"
    )
    assert "3:8  KLI001 standardavslag  advarsel" in text
    assert "42 av 100 (D)" in text
    assert "1 feil, 1 advarsel, 0 tips" in text
    assert "tom.txt: Filen er tom" in text


def test_full_colours_only_when_asked() -> None:
    assert "\x1b[" not in renderer("full")(run())
    assert "\x1b[" in renderer("full")(run(), colour=True)


def test_full_keeps_control_characters_from_the_terminal() -> None:
    text = LETTER.replace("andre.", "an\x1b]0;x\x07dre.")
    out = renderer("full")(run(report(finding(words="gått videre", text=text), text=text)))
    assert "\x1b" not in out
    assert "\x07" not in out


def test_concise_is_path_line_column() -> None:
    first = renderer("concise")(run()).splitlines()[0]
    assert re.fullmatch(r"utkast/ola\.txt:3:8: KLI001 standardavslag \(advarsel\): .+", first)


def test_json_follows_the_contract() -> None:
    data = json.loads(renderer("json")(run()))
    assert data["schema"] == 1
    assert data["tool"]["name"] == "feedbackcheck"
    message = data["messages"][0]
    assert {
        "id",
        "path",
        "language",
        "stage",
        "mode",
        "is_rejection",
        "score",
        "findings",
        "ingredients",
    } <= set(message)
    mark, whole = message["findings"]
    assert LETTER[mark["start"] : mark["end"]] == "gått videre med andre"
    assert (mark["line"], mark["column"], mark["end_line"], mark["end_column"]) == (3, 8, 3, 29)
    assert mark["suggestions"] == [{"text": "valgt en annen enn deg", "applicability": "safe", "needs": []}]
    assert whole["start"] is None
    assert whole["end"] is None


def test_jsonl_is_one_message_a_line() -> None:
    lines = renderer("jsonl")(run(report(), report())).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["ola", "ola"]


def test_sarif_is_valid() -> None:
    from sarif_pydantic import Sarif

    data = json.loads(renderer("sarif")(run(failures=[FAILURE])))
    # Both stand in the standard (run.columnKind, invocation.toolExecutionNotifications); the model leaves them out.
    assert set(_unknown_keys(Sarif.model_validate(data))) == {"columnKind", "toolExecutionNotifications"}
    result = data["runs"][0]["results"][0]
    rules = data["runs"][0]["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "KLI001"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "utkast/ola.txt"
    assert place["region"] == {"startLine": 3, "startColumn": 8, "endLine": 3, "endColumn": 29}
    assert (
        result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"]
        == "valgt en annen enn deg"
    )
    assert data["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_sarif_fingerprint_survives_moved_lines_and_tells_equal_findings_apart() -> None:
    def marks(text: str, *words: str) -> list[str]:
        found = [finding(words=w, text=text) for w in words]
        data = json.loads(renderer("sarif")(run(report(*found, text=text))))
        return [r["partialFingerprints"]["feedbackcheck/v1"] for r in data["runs"][0]["results"]]

    assert marks(LETTER, "gått videre") == marks("Ny linje\n\n" + LETTER, "gått videre")
    first, second = marks(LETTER, "gått videre", "gått videre")
    assert first != second


def test_github_escapes_percent_and_line_breaks() -> None:
    nasty = finding(message="100 %\r\nto linjer: a,b")
    line = renderer("github")(run(report(nasty, path="a,b:c.txt"))).splitlines()[0]
    assert line == (
        "::warning file=a%2Cb%3Ac.txt,line=3,endLine=3,col=8,endColumn=29,title=KLI001 standardavslag"
        "::100 %25%0D%0Ato linjer: a,b Si det med egne ord."
    )


def test_junit_is_read_by_a_parser_and_counts_right() -> None:
    hint = finding(severity=Severity.HINT, words="Lykke til")
    root = ET.fromstring(renderer("junit")(run(report(finding(), hint, missing()), failures=[FAILURE])))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "1")
    assert len(root.findall(".//failure")) == 2
    assert len(root.findall(".//error")) == 1


def test_junit_survives_characters_that_xml_forbids() -> None:
    ET.fromstring(renderer("junit")(run(report(finding(message="a\x00b\x1bc\ud800d"), path="x\x01.txt"))))


def test_markdown_escapes_table_and_markup() -> None:
    text = renderer("markdown")(run(report(finding(message="a | b <i> *c*"))))
    row = next(line for line in text.splitlines() if "KLI001" in line)
    assert len(re.findall(r"(?<!\\)\|", row)) == 6
    assert "<i>" not in row


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_html_shows_hostile_text_as_text() -> None:
    text = LETTER.replace("Hei,", "<script>alert(1)</script><img src=x onerror=alert(1)>")
    page = renderer("html")(run(report(finding(text=text), finding(words="videre", text=text), text=text)))
    parser = _Tags()
    parser.feed(page)
    assert "script" not in parser.tags
    assert "img" not in parser.tags
    assert "<script>alert(1)</script>" in "".join(parser.text)


@pytest.mark.parametrize("columns", [20, 40, 59, 60, 110])
def test_full_keeps_within_a_narrow_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = renderer("full")(run(report(finding(), missing()), failures=[FAILURE]))
    excerpts = [line for line in text.splitlines() if "│" in line]
    assert excerpts
    assert max(map(len, excerpts)) <= columns
    coloured = renderer("full")(run(report(finding(), missing()), failures=[FAILURE]), colour=True)
    shown = re.sub(r"\x1b\[[\d;]*m", "", coloured).splitlines()
    assert [line for line in text.splitlines() if "^" not in line] == shown
    marked, carets = excerpts[0], excerpts[1]
    assert marked[carets.index("^") : carets.rindex("^") + 1] in "… gått videre med andre …"
    if columns == 40:
        own = [line for line in text.splitlines() if line != text.splitlines()[-1] and "kan ikke" not in line]
        assert max(map(len, own)) <= columns
