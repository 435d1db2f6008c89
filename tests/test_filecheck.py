"""Many files at once: processes that die cost only the file that killed them, and end with the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from feedbackcheck import filecheck
from feedbackcheck.config import Config
from feedbackcheck.filecheck import FileChecker, Outcome, check_all


class Deadly(FileChecker):
    """Dies of one file, as a process that the system's memory guard stops does."""

    def check_file(self, path: Path) -> Outcome:
        if path.name == "17.txt":
            os._exit(9)
        return Outcome(str(path))


def _config(path: Path) -> Config:
    return Config()


def test_a_file_that_kills_its_process_is_told_and_the_others_are_checked(tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}.txt" for i in range(filecheck.PARALLEL_FROM)]
    outcomes = list(check_all(Deadly(_config), paths, workers=2))
    assert [o.path for o in outcomes] == [str(p) for p in paths]
    assert [Path(o.path).name for o in outcomes if o.failure] == ["17.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_workers_end_when_the_command_is_stopped(tmp_path: Path) -> None:
    for i in range(300):
        (tmp_path / f"{i}.txt").write_text(
            f"Hei {i}, du fikk dessverre ikke jobben som kokk. Mvh Per\n" * 20, "utf-8"
        )
    with subprocess.Popen(
        [sys.executable, "-m", "feedbackcheck", "check", "--no-cache", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as command:
        time.sleep(3)
        command.send_signal(signal.SIGTERM)
        assert command.stdout is not None
        # Workers hold this pipe too: it ends when the last of them has gone.
        began = time.monotonic()
        command.communicate(timeout=60)
        assert time.monotonic() - began < 60
