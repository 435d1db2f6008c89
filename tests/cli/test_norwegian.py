"""What click and typer say by themselves comes out in Norwegian, as one line, with the same exit codes."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from feedbackcheck.cli.app import app
from feedbackcheck.cli.norwegian import translated

RUNNER = CliRunner()
ENGLISH = re.compile(
    r"\b(?:usage|options?|arguments?|commands?|show|this|message and|exit|try|help for|error|invalid|value|missing|such|"
    r"requires?|does|valid|default|required|install|completion|current|shell)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--finnes"], "Ukjent valg: --finnes. Hjelp: feedbackcheck -h"),
        (["check", "--stge", "x"], "Ukjent valg: --stge. Mente du "),
        (["check", "--stage", "x"], "Ugyldig verdi for --stage: «x» er ikke en av 'soknad', 'intervju'"),
        (["check", "--applicants", "mange"], "Ugyldig verdi for --applicants: «mange» er ikke et helt tall."),
        (["check", "--min-score", "101"], "Ugyldig verdi for --min-score: 101 er utenfor 0<=x<=100."),
        (["check", "--context"], "Valget --context krever en verdi."),
        (["check", "--fix=1"], "Valget --fix tar ingen verdi."),
        (["explain"], "Argumentet KODE mangler. Hjelp: feedbackcheck explain -h"),
        (["suggest", "a", "TEXT", "c"], "For mange argumenter: TEXT c."),
        (["chek"], "Ukjent kommando: chek. Mente du check?"),
    ],
)
def test_usage_errors_are_one_norwegian_line(arguments: list[str], words: str) -> None:
    result = RUNNER.invoke(app, arguments, prog_name="feedbackcheck")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"feedbackcheck: {words}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [[], *([c] for c in ("check", "suggest", "review", "explain", "rules", "init", "serve", "lsp", "models", "train", "evaluate"))],
    ids=lambda a: " ".join(a) or "root",
)  # fmt: skip
def test_help_has_no_english_words(arguments: list[str]) -> None:
    result = RUNNER.invoke(app, [*arguments, "--help"], prog_name="feedbackcheck")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Bruk: {' '.join(['feedbackcheck', *arguments])} [VALG]")
    # Names of options and their values are not language.
    words = re.sub(r"--?[\w-]+|\[[^\]]*\||«[^»]*»", " ", result.stdout)
    assert ENGLISH.findall(words) == []
    assert not re.search(r"\b(?:TEXT|INTEGER|FLOAT|PATHS?|CODE|NAME|OPTIONS)\b", words)
    assert "Vis denne hjelpen og avslutt." in result.stdout


def test_messages_of_other_releases_of_click_are_known() -> None:
    assert translated("No such option '--x'. Did you mean '--y'?") == "Ukjent valg: --x. Mente du --y?"
    assert (
        translated("Missing option '--x'. Choose from:\n\ta,\n\tb") == "Valget --x mangler. Velg mellom: a, b"
    )
    assert translated("Got unexpected extra argument (b)") == "For mange argumenter: b."
    assert translated("Noe helt annet") == "Noe helt annet"
