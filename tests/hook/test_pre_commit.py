"""The hooks through the real pre-commit, in a scratch repository of 30 templates in mixed formats."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

pytest.importorskip("pre_commit", reason="needs pre-commit (the dev extra)")
ROOT = Path(__file__).parents[2]
if not (ROOT / ".git").exists() or shutil.which("git") is None:
    pytest.skip("pre-commit installs hooks from a git checkout, and this is none", allow_module_level=True)

GOOD = (
    "Hei {{ fornavn }},\n\nTakk for at du tok deg tid til å besøke oss i {{ sted }}. Jeg har valgt en annen enn deg til stillingen som "
    "{{ stilling }}. Det som avgjorde, var kravet om {{ krav }}. Du viste god oversikt i oppgaven da du {{ styrke }}. Et råd til neste "
    "gang: {{ utviklingspunkt }}. Ring meg gjerne på {{ telefon }} hvis du vil vite mer.\n\nVennlig hilsen\n{{ avsender }}\n"
)
BAD = "Hei {{ fornavn }},\n\nVi kan dessverre ikke tilby deg jobben, for du er for gammel for dette miljøet.\n\nVennlig hilsen\n{{ avsender }}\n"
README = "# Templates\n\nVi har gått videre med andre kandidater.\n"


def git(folder: Path, *args: str, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *args],
        cwd=folder, capture_output=True, text=True, check=check, timeout=900, env={**os.environ, **env},
    )  # fmt: skip


def pre_commit(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)


def write(folder: Path, index: int, text: str) -> None:
    kind = index % 6
    html = "".join(f"<p>{part}</p>\n" for part in text.split("\n\n"))
    if kind == 0:
        (folder / f"mal{index}.txt").write_text(text, "utf-8")
    elif kind == 1:
        (folder / f"mal{index}.md").write_text(f"---\nstage: intervju\n---\n{text}", "utf-8")
    elif kind == 2:
        (folder / f"mal{index}.html").write_text(f"<html><body>{html}</body></html>", "utf-8")
    elif kind == 3:
        (folder / f"mal{index}.html.j2").write_text(f"{{% if navn %}}{html}{{% endif %}}", "utf-8")
    elif kind == 4:
        mail = EmailMessage()
        mail["Subject"] = "Svar på søknaden"
        mail.set_content(text)
        (folder / f"mal{index}.eml").write_bytes(bytes(mail))
    else:
        (folder / f"mal{index}.mjml").write_text(
            f"<mjml><mj-body><mj-section><mj-column><mj-text>{html}</mj-text></mj-column></mj-section></mj-body></mjml>",
            "utf-8",
        )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A repository with 30 good templates and the hook installed from this checkout."""
    folder = tmp_path_factory.mktemp("templates")
    git(folder, "init", "-q")
    revision = git(ROOT, "rev-parse", "HEAD").stdout.strip()
    config = {"repos": [{"repo": ROOT.as_posix(), "rev": revision, "hooks": [{"id": "feedbackcheck"}]}]}
    (folder / ".pre-commit-config.yaml").write_text(json.dumps(config))
    for i in range(30):
        write(folder, i, GOOD)
    (folder / "README.md").write_text(README)
    git(folder, "add", ".")
    done = pre_commit(folder, "install", "--install-hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    done = git(folder, "commit", "-qm", "templates", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    yield folder


def test_unchanged_templates_pass_quickly(repository: Path) -> None:
    assert pre_commit(repository, "run", "--all-files").returncode == 0
    start = time.perf_counter()
    done = pre_commit(repository, "run", "--all-files")
    seconds = time.perf_counter() - start
    assert done.returncode == 0, done.stdout
    # The promise is 0.3 s for the hook itself; pre-commit's own start and a loaded machine are allowed for here.
    assert seconds < 5


def test_a_discriminating_template_is_refused_and_skip_lets_it_through(repository: Path) -> None:
    write(repository, 30, BAD)
    git(repository, "add", ".")
    done = git(repository, "commit", "-qm", "bad", check=False)
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert "mal30.txt" in output
    assert "JUS001" in output
    assert git(repository, "commit", "-qm", "bad", check=False, SKIP="feedbackcheck").returncode == 0


def test_a_baseline_lets_an_old_repository_begin(repository: Path) -> None:
    assert pre_commit(repository, "run", "--all-files").returncode != 0
    subprocess.run(
        [sys.executable, "-m", "feedbackcheck", "check", ".", "--write-baseline", "--baseline", "feedbackcheck-baseline.json"],
        cwd=repository, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (repository / "feedbackcheck.toml").write_text('baseline = "feedbackcheck-baseline.json"\n')
    git(repository, "add", ".")
    done = pre_commit(repository, "run", "--all-files")
    assert done.returncode == 0, done.stdout
    write(repository, 36, BAD.replace("gammel", "ung og nybakt mor"))
    git(repository, "add", ".")
    assert pre_commit(repository, "run", "--all-files").returncode != 0
