"""``feedbackcheck explain`` as a terminal shows it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from feedbackcheck.rules import codes, rule


def explain(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return subprocess.run(
        [sys.executable, "-m", "feedbackcheck", "explain", *args],
        capture_output=True,
        encoding="utf-8",
        env={**clean, "PYTHONUTF8": "1", **env},
        timeout=60,
    )


@pytest.mark.parametrize("name", ["KLI002", "kli002", "tom-begrunnelse"])
def test_one_page_by_code_or_name(name: str) -> None:
    done = explain(name)
    assert done.returncode == 0
    assert done.stdout.startswith("KLI002 tom-begrunnelse\n" + rule("KLI002").page.split("\n")[0])
    assert done.stdout.count("Når du kan se bort fra den") == 1
    assert "##" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_family_gives_all_its_pages_in_order() -> None:
    titles = [f"{c} {rule(c).name}" for c in codes() if c.startswith("TON")]
    lines = explain("TON").stdout.splitlines()
    assert [line for line in lines if line in titles] == titles


def test_it_wraps_at_the_width_of_the_window() -> None:
    assert max(map(len, explain("JUS001", COLUMNS="60").stdout.splitlines())) <= 60
    assert max(map(len, explain("JUS001", COLUMNS="400").stdout.splitlines())) <= 88


def test_colour_when_it_is_wanted() -> None:
    assert "\x1b[1mKLI001 standardavslag\x1b[0m" in explain("KLI001", FORCE_COLOR="1").stdout
    assert "\x1b" not in explain("KLI001", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_an_unknown_code_names_the_nearest() -> None:
    done = explain("KLI01")
    assert done.returncode == 2
    assert "Mente du «KLI001»?" in done.stderr
    assert done.stdout == ""
