"""Writing in one step: whatever fails, the old file stands and no litter is left."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedbackcheck.errors import UsageError
from feedbackcheck.files import write_atomically

OLD = b"Hei, Kari!\n"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "brev.txt"
    file.write_bytes(OLD)
    return file


def _stands(letter: Path) -> None:
    assert letter.read_bytes() == OLD
    assert [p.name for p in letter.parent.iterdir()] == [letter.name]


def test_new_and_old_files_are_written(tmp_path: Path, letter: Path) -> None:
    write_atomically(letter, b"ny")
    write_atomically(tmp_path / "annet.txt", b"")
    assert letter.read_bytes() == b"ny"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["annet.txt", "brev.txt"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_full_disk_leaves_the_old_file(letter: Path, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os if call == "fsync" else Path, call, full)
    with pytest.raises(UsageError) as caught:
        write_atomically(letter, b"x" * 100)
    assert "disken er full" in str(caught.value)
    assert "Den gamle filen er urørt." in str(caught.value)
    _stands(letter)


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """A real limit of the system on what can be written."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on file size to set")
def test_a_write_that_stops_half_way_leaves_the_old_file(letter: Path) -> None:
    with _largest_file(4096), pytest.raises(UsageError):
        write_atomically(letter, b"x" * 100_000)
    _stands(letter)


def test_an_interrupt_passes_through_and_leaves_no_litter(
    letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(letter, b"ny")
    _stands(letter)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_permissions_are_kept_and_new_files_follow_the_umask(tmp_path: Path, letter: Path) -> None:
    letter.chmod(0o640)
    write_atomically(letter, b"ny")
    assert stat.S_IMODE(letter.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "ny.txt", b"ny")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "ny.txt").stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights on Windows")
def test_a_symbolic_link_is_followed(tmp_path: Path, letter: Path) -> None:
    link = tmp_path / "lenke.txt"
    link.symlink_to(letter)
    write_atomically(link, b"ny")
    assert link.is_symlink()
    assert letter.read_bytes() == b"ny"


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights on Windows")
def test_a_ring_of_links_is_an_error(tmp_path: Path) -> None:
    one, two = tmp_path / "a", tmp_path / "b"
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises(UsageError):
        write_atomically(one, b"ny")


def test_a_folder_that_is_not_there_or_in_the_way_is_an_error(tmp_path: Path) -> None:
    for target in (tmp_path / "finnes" / "ikke.txt", tmp_path):
        with pytest.raises(UsageError) as caught:
            write_atomically(target, b"ny")
        assert caught.value.where == str(target)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are made otherwise on Windows")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "rør"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_atomically(pipe, b"ny")
        assert os.read(reader, 10) == b"ny"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_read_only_file_is_left(letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, whom no permission bit stops.
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    with pytest.raises(UsageError):
        write_atomically(letter, b"ny")
    _stands(letter)
