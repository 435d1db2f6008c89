"""Configuration: the nearest file, every key, and errors that name the file, the key and the nearest known word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feedbackcheck.config import (
    FORMATS,
    Config,
    check_codes,
    find_config,
    load_config,
    read_context,
    with_settings,
)
from feedbackcheck.errors import ConfigError, ContextError, FeedbackcheckError, UnknownCodeError
from feedbackcheck.message import Mode, Severity, Stage
from feedbackcheck.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "feedbackcheck.toml"


def load(file: Path, text: str) -> Config:
    file.write_text(text, "utf-8")
    return load_config(file)


FULL = """
stage = "intervju"
mode = "template"
lang = "nn"
select = ["KLI", "tom-ros"]
extend-select = ["ton001"]
ignore = ["PER004"]
late-after-days = 21
recogniser = false
syntax = false
language_model = "nb_core_news_sm"
rule-packs = ["regler/egne.toml"]
min-score = 55
fail-on = "error"
output-format = "concise"
exclude = ["gamle/**"]
baseline = "grunnlinje.json"
cache = false
rewriter = "builtin"

[per-file-ignores]
"maler/*.html" = ["FLT001", "KLI"]
"*.md" = "PER001"

[context]
company = "Fjordvik kommune"
public_sector = true
"""


def test_every_key_is_read(file: Path) -> None:
    config = load(file, FULL)
    s = config.settings
    assert (s.stage, s.mode, s.language) == (Stage.INTERVJU, Mode.TEMPLATE, "nn")
    assert (s.select, s.extend_select, s.ignore) == (("KLI", "KLI004"), ("TON001",), ("PER004",))
    assert (s.late_after_days, s.recogniser, s.syntax) == (21, False, False)
    assert s.per_file_ignores == {"maler/*.html": ("FLT001", "KLI"), "*.md": ("PER001",)}
    assert (s.context.company, s.context.public_sector) == ("Fjordvik kommune", True)
    # Paths count from the file, not from where the command was run.
    assert s.rule_packs == (file.parent / "regler/egne.toml",)
    assert config.baseline == file.parent / "grunnlinje.json"
    assert (config.min_score, config.fail_on, config.output_format) == (55, Severity.ERROR, "concise")
    assert (config.exclude, config.cache, config.rewriter) == (("gamle/**",), False, "builtin")
    assert config.path == file


def test_an_empty_file_is_the_defaults(file: Path) -> None:
    assert load(file, "") == Config(path=file)
    assert Config().settings == Settings()


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('stage = "slutt"', "stage"),
        ("lang = 1", "lang"),
        ('select = "KLI"', "select"),
        ("select = [1]", "select"),
        ("late-after-days = 0", "late_after_days"),
        ("late-after-days = true", "late_after_days"),
        ("min-score = 101", "min_score"),
        ("min-score = 5.5", "min_score"),
        ('cache = "nei"', "cache"),
        ('fail-on = "alt"', "fail_on"),
        ('output-format = "xml"', "output_format"),
        ('baseline = ""', "baseline"),
        ("rule-packs = [3]", "rule_packs"),
        ("context = 3", "context"),
        ('per-file-ignores = ["KLI"]', "per_file_ignores"),
        ('per-file-ignores = { "*.md" = 5 }', "per_file_ignores"),
        ('per-file-ignores = { "*.md" = [5] }', "per_file_ignores"),
    ],
)
def test_a_wrong_value_names_file_and_key(file: Path, line: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(file, line)
    assert caught.value.where == str(file)
    assert f"«{key}»" in caught.value.what


def test_an_unknown_key_names_the_nearest(file: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(file, "min_skore = 4")
    assert "«min_skore»" in caught.value.what
    assert caught.value.fix == "Mente du «min_score»?"


def test_an_unknown_code_names_file_key_and_the_nearest(file: Path) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        load(file, 'ignore = ["KLI01"]')
    assert str(file) in str(caught.value)
    assert "«ignore»" in str(caught.value)
    assert "Mente du «KLI001»?" in str(caught.value)


def test_a_wrong_context_names_its_key(file: Path) -> None:
    with pytest.raises(ContextError) as caught:
        load(file, '[context]\napplicants = "mange"')
    assert "«applicants»" in str(caught.value)


@pytest.mark.parametrize("content", [b"stage = ", b"\xff\xfe", b"= 3"])
def test_what_is_no_toml_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(ConfigError):
        load_config(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_config(tmp_path / "finnes-ikke.toml")
    with pytest.raises(ConfigError):
        load_config(tmp_path)


def test_pyproject_is_read_by_its_table(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    assert load(file, "[project]\nname = 'x'\n[tool.feedbackcheck]\nmin-score = 40\n").min_score == 40
    assert load(file, "[project]\nname = 'x'\n").settings == Settings()
    assert load(file, "tool = 3\n").settings == Settings()
    with pytest.raises(ConfigError):
        load(file, "[tool]\nfeedbackcheck = 3\n")


def test_the_nearest_file_wins_and_foreign_pyprojects_are_passed(tmp_path: Path) -> None:
    inner = tmp_path / "maler" / "html"
    inner.mkdir(parents=True)
    top = tmp_path / "feedbackcheck.toml"
    top.touch()
    (tmp_path / "maler" / "pyproject.toml").write_text("[tool.ruff]\n")
    assert find_config(inner) == top
    assert find_config(inner / "brev.html") == top
    (tmp_path / "maler" / "pyproject.toml").write_text("[tool.feedbackcheck]\n")
    assert find_config(inner) == tmp_path / "maler" / "pyproject.toml"
    (inner / ".feedbackcheck.toml").touch()
    assert find_config(inner) == inner / ".feedbackcheck.toml"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["KLI002"], ("KLI002",)),
        (["kli002", " ton "], ("KLI002", "TON")),
        (["tom-begrunnelse"], ("KLI002",)),
        (["Mangler-Takk"], ("MAN01",)),
        (["ALL"], ("",)),
        ([""], ()),
    ],
)
def test_codes_may_be_short_small_or_slugs(given: list[str], expected: tuple[str, ...]) -> None:
    assert check_codes(given, "--select") == expected


@pytest.mark.parametrize(("wrong", "near"), [("TON01", "TON001"), ("tom-begrunelse", "tom-begrunnelse")])
def test_a_wrong_code_names_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        check_codes([wrong], "--select")
    assert f"Mente du «{near}»?" in str(caught.value)
    assert str(caught.value).startswith("--select: ")


def test_a_code_like_nothing_points_to_the_list() -> None:
    with pytest.raises(UnknownCodeError) as caught:
        check_codes(["%%%%%%"], "--select")
    assert "feedbackcheck rules" in str(caught.value)


@pytest.mark.parametrize(
    ("select", "extend", "ignore", "code", "on"),
    [
        ((), (), (), "KLI001", True),
        (("KLI",), (), (), "KLI001", True),
        (("KLI",), (), (), "TON001", False),
        (("KLI",), ("TON001",), (), "TON001", True),
        ((), (), ("KLI",), "KLI001", False),
        (("KLI001",), (), ("KLI",), "KLI001", True),
        (("KLI001",), (), ("KLI",), "KLI002", False),
        (("KLI",), (), ("KLI001",), "KLI001", False),
        (("KLI",), (), ("KLI",), "KLI001", False),
        ((), ("KLI001",), ("KLI",), "KLI001", True),
        (("",), (), (), "PRO01", True),
        ((), (), ("",), "PRO01", False),
        (("PRO01",), (), ("",), "PRO01", True),
    ],
)
def test_the_longest_prefix_decides_and_ignore_wins_a_tie(
    select: tuple[str, ...], extend: tuple[str, ...], ignore: tuple[str, ...], code: str, on: bool
) -> None:
    assert Settings(select=select, extend_select=extend, ignore=ignore).is_on(code) is on


def test_command_line_wins_over_the_file(file: Path) -> None:
    config = with_settings(load(file, FULL), stage=Stage.FINALE, recogniser=True)
    assert (config.settings.stage, config.settings.recogniser) == (Stage.FINALE, True)
    assert config.settings.late_after_days == 21
    assert config.min_score == 55


def test_every_output_format_that_is_promised_exists() -> None:
    from feedbackcheck.reports import FORMATS as RENDERED

    assert set(FORMATS) == set(RENDERED)


# --- context files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '\ufeff{"company": "Nord", "deadline": "2026-05-04"}'),
        ("a.yaml", "company: Nord\ndeadline: 2026-05-04\n"),
        ("a.yml", 'company: "Nord"\ndeadline: "2026-05-04"\n'),
        ("a.toml", 'company = "Nord"\ndeadline = 2026-05-04\n'),
        (
            "a.json",
            '{"stage": "intervju", "context": {"company": "Nord", "deadline": "2026-05-04", "stage": null}}',
        ),
    ],
)
def test_context_files(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    context = read_context(file)
    assert (context.company, context.deadline) == ("Nord", date(2026, 5, 4))


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.toml"])
@pytest.mark.parametrize("content", [b"{", b"[1, 2]", b"\xff\xfe\x00", b'"tekst'])
def test_a_context_that_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(FeedbackcheckError) as caught:
        read_context(file)
    assert isinstance(caught.value, ContextError)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_an_empty_yaml_context_knows_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("# ingenting ennå\n")
    assert read_context(file).to_mapping() == {}


def test_a_context_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContextError):
        read_context(tmp_path / "a.json")


def test_a_mark_before_the_first_key_is_no_error(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfselect = ['KLI']\n")
    assert load_config(file).settings.select == ("KLI",)


def test_a_pyproject_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.feedbackcheck]\n", "utf-8")

    def closed(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", closed)
    with pytest.raises(ConfigError, match="pyproject"):
        find_config(tmp_path)
