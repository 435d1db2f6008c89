"""Maildir: one mail a file under ``cur`` and ``new``, also in subfolders (``.Sent/cur``)."""

# Plain strings: a Path for each of 200,000 files would cost more than reading their names.
# ruff: noqa: PTH116, PTH118, PTH119

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from feedbackcheck.errors import SourceError
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.sources.folder import Folder, read_file, token_of

__all__ = ["open_source"]


class Maildir(Folder):
    """A Maildir. A mail is the same mail when its flags (after «:2,») change or it moves from new to cur."""

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        root = os.fspath(self.path)
        files: list[tuple[str, str]] = []
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(f for f in folders if f != "tmp")
            if os.path.basename(folder) in ("cur", "new"):
                files += [
                    (name.split(":2,")[0], os.path.join(folder, name)) for name in names if name[:1] != "."
                ]
        files.sort()
        self.size = len(files)
        for self._done, (unique, file) in enumerate(files):
            try:
                token = token_of(unique, os.stat(file))
            except OSError:
                token = None
            if token is not None and token in known:
                continue
            position = os.fsencode(os.path.relpath(file, root)).decode("utf-8", "replace")
            yield read_file(Path(file), ItemKind.MAIL, position, token)


def open_source(spec: str, *, mapping: Mapping[str, str]) -> Maildir:
    """Open a Maildir."""
    path = Path(spec)
    if not path.is_dir():
        raise SourceError("Er ikke en mappe", where=spec)
    if not any((path / name).is_dir() for name in ("cur", "new")):
        raise SourceError("Er ikke en Maildir (har ikke cur og new)", where=spec)
    return Maildir(spec)
