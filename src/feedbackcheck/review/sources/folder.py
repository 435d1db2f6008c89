"""Folders (and single files) of .eml and .msg, in the order of their names."""

# Plain strings: a Path for each of 200,000 files would cost more than reading their names.
# ruff: noqa: PTH116, PTH118, PTH122, PTH208

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from feedbackcheck.errors import SourceError
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.sources.squeeze import FROM, lines

__all__ = ["Folder", "open_source", "read_file", "token_of"]

_SUFFIXES = {".eml": ItemKind.MAIL, ".msg": ItemKind.MSG}
_MOST_MSG = 64 << 20


def token_of(name: str, status: os.stat_result) -> int:
    """64 bits that change when the file does."""
    seed = f"{name}\0{status.st_size}\0{status.st_mtime_ns}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.blake2b(seed, digest_size=8).digest(), "big", signed=True)


def read_file(path: Path, kind: ItemKind, position: str, token: int | None) -> Item:
    """A file as an item; one that cannot be read is an item that says why."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # A pipe would wait for ever.
            return Item(
                position=position,
                kind=kind,
                data=os.fsencode(position),
                token=token,
                error="er ingen vanlig fil",
            )
        size = status.st_size
        if kind is ItemKind.MSG and size > _MOST_MSG:
            error = f"filen er på {size >> 20} MB"
            return Item(position=position, kind=kind, data=position.encode(), token=token, error=error)
        with path.open("rb") as stream:
            data = stream.read() if size <= FROM or kind is ItemKind.MSG else lines(_limited(stream))
        return Item(position=position, kind=kind, data=data, token=token)
    except OSError as error:
        reason = f"kan ikke leses: {error.strerror}"
        return Item(position=position, kind=kind, data=os.fsencode(position), token=token, error=reason)


def _limited(stream) -> Iterator[bytes]:  # type: ignore[no-untyped-def]
    while line := stream.readline(1 << 16):
        yield line


class Folder:
    """A folder, searched through all its folders; or one file."""

    resumes = False

    def __init__(self, spec: str) -> None:
        self.name = spec
        self.path = Path(spec)
        self.identity = str(self.path.resolve())
        self.size: int | None = None
        self._done = 0

    def progress(self) -> int:
        return self._done

    def accepts(self, cursor: str) -> bool:
        return False

    def _files(self) -> list[tuple[str, ItemKind]]:
        found = []
        for folder, folders, names in os.walk(self.path):
            folders.sort()
            found += [
                (os.path.join(folder, name), kind)
                for name in names
                if (kind := _SUFFIXES.get(os.path.splitext(name)[1].lower())) is not None
            ]
        return sorted(found)

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        if self.path.is_file():
            kind = _SUFFIXES.get(self.path.suffix.lower(), ItemKind.MAIL)
            self.size = 1
            with self.path.open("rb") as stream:
                if stream.read(4) == b"\xd0\xcf\x11\xe0":
                    kind = ItemKind.MSG
            yield read_file(self.path, kind, self.path.name, token_of("", self.path.stat()))
            return
        files = self._files()
        if not files:
            raise SourceError(
                "Mappen har ingen .eml- eller .msg-filer",
                where=self.name,
                fix="Si hva den er med --source-type.",
            )
        self.size = len(files)
        root = os.fspath(self.path)
        for self._done, (file, kind) in enumerate(files):
            position = os.path.relpath(file, root)
            try:
                token = token_of(position, os.stat(file))
            except OSError:
                token = None
            if token is not None and token in known:
                continue
            yield read_file(Path(file), kind, os.fsencode(position).decode("utf-8", "replace"), token)


def open_source(spec: str, *, mapping: Mapping[str, str]) -> Folder:
    """Open a folder or file."""
    if Path(spec).is_dir():
        os.listdir(spec)
    else:
        with Path(spec).open("rb"):
            pass
    return Folder(spec)
