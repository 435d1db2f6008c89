"""Outlook data files (.pst, .ost), by the program ``readpst`` where the user has installed it.

Why a program: there is no reader on PyPI that is permissive, kept by more than one person and fit for Python 3.11. libpff's
bindings are LGPL and come as a source package that must be compiled; pypstreader (MIT) is young, has one maintainer and
needs Python 3.12. ``readpst`` (libpst, GPL-2) is in Debian, Fedora and Homebrew and has been kept for twenty years; it is
called, never linked or shipped.

It writes mailboxes into a private folder that is gone when they are read, which takes as much disk as the file has mail.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from feedbackcheck.errors import MalformedSourceError, SourceError, UnsupportedSourceError
from feedbackcheck.review.items import Item
from feedbackcheck.review.sources.mbox import Mbox

__all__ = ["open_source"]

_PROGRAM = "readpst"
_EXPORT = (
    "Eller eksporter fra Outlook: merk meldingene, dra dem til en mappe på disken (de blir .msg-filer), og gjennomgå "
    "mappen; eller importer filen i Thunderbird og bruk mbox-filen."
)
_OWN = frozenset(
    {
        "sent items",
        "sendte elementer",
        "sendt",
        "sent",
        "inbox",
        "innboks",
        "drafts",
        "kladder",
        "archive",
        "arkiv",
        "outbox",
        "utboks",
    }
)
#: readpst draws the marks between the parts of a mail by lot, so the same mail would look like another next time.
_MARK = re.compile(rb"LibPST-iamunique-\d+")


class Pst:
    """An Outlook data file: the mail in all its folders."""

    resumes = False

    def __init__(self, spec: str, program: str) -> None:
        self.name = spec
        self.path = Path(spec)
        self.identity = str(self.path.resolve())
        self.size: int | None = None
        self.program = program
        self._done = 0

    def progress(self) -> int:
        return self._done

    def accepts(self, cursor: str) -> bool:
        return False

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        with tempfile.TemporaryDirectory(prefix="feedbackcheck-pst-") as folder:  # only its owner may enter
            self._unpack(Path(folder))
            boxes = sorted(p for p in Path(folder).rglob("*") if p.is_file() and p.name == "mbox")
            self.size = sum(p.stat().st_size for p in boxes)
            for number, box in enumerate(boxes, start=1):
                # A folder may carry a person's name, and positions are stored: only Outlook's own names are told.
                label = (
                    f"«{box.parent.name}»"
                    if box.parent.name.casefold() in _OWN
                    else f"{number} av {len(boxes)}"
                )
                before = self._done
                source = Mbox(str(box))
                for item in source.items():
                    self._done = before + source.progress()
                    position = f"mappe {label}, {item.position}"
                    yield replace(item, position=position, data=_steady(item.data), cursor=None)
                # What is read need not lie on the disk while the rest is worked on.
                box.unlink()

    def _unpack(self, folder: Path) -> None:
        size, free = self.path.stat().st_size, shutil.disk_usage(folder).free
        if free < 1.4 * size:
            raise SourceError(
                f"For lite plass til å pakke ut filen ({size >> 20} MB, og {free >> 20} MB er ledig)",
                where=self.name,
                fix="La TMPDIR peke på en disk med mer plass.",
            )
        command = [
            self.program,
            "-r",
            "-t",
            "e",
            "-8",
            "-q",
            "-j",
            "0",
            "-o",
            os.fspath(folder),
            os.fspath(self.path.resolve()),
        ]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
            )
        except OSError as error:
            raise SourceError(f"readpst kan ikke startes: {error.strerror}", where=self.name) from None
        if done.returncode != 0:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())[:200]
            raise MalformedSourceError(
                f"readpst kan ikke lese filen{f' ({said})' if said else ''}", where=self.name, fix=_EXPORT
            )


def _steady(data: bytes) -> bytes:
    """The mail with its marks numbered in order."""
    marks: dict[bytes, bytes] = {}
    return _MARK.sub(lambda m: marks.setdefault(m.group(), b"LibPST-iamunique-%d" % len(marks)), data)


def open_source(spec: str, *, mapping: Mapping[str, str]) -> Pst:
    """Open a data file.

    Raises:
        UnsupportedSourceError: ``readpst`` is not installed; with how to get it or do without.
        MalformedSourceError: no Outlook data file.
    """
    with Path(spec).open("rb") as stream:
        if stream.read(4) != b"!BDN":
            raise MalformedSourceError("Er ikke en Outlook-datafil", where=spec)
    program = shutil.which(_PROGRAM)
    if program is None:
        raise UnsupportedSourceError(
            "Outlook-datafiler (.pst, .ost) leses med programmet readpst, som ikke er installert",
            where=spec,
            fix=f"Installer det (Debian og Ubuntu: apt install pst-utils, macOS: brew install libpst). {_EXPORT}",
        )
    return Pst(spec, program)
