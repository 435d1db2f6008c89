"""Where messages come from: one file a kind of source, one registry.

A source yields :class:`feedbackcheck.review.items.Item`, streaming; it never holds more than one message and a buffer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from feedbackcheck.errors import SourceError, UnsupportedSourceError
from feedbackcheck.review.sources.base import Source

__all__ = ["TYPES", "Source", "is_table", "open_source"]

#: ``--source-type`` → module of this room; each has ``open(spec, mapping) -> Source``.
TYPES: Mapping[str, str] = {
    "mbox": "mbox",
    "maildir": "maildir",
    "eml": "folder",
    "msg": "folder",
    "csv": "csv_table",
    "xlsx": "xlsx",
    "parquet": "parquet",
    "jsonl": "jsonl",
    "imap": "imap",
    "pst": "pst",
}

_SUFFIXES = {
    ".mbox": "mbox", ".mbx": "mbox", ".mbs": "mbox", ".eml": "eml", ".msg": "msg", ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet", ".pq": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".pst": "pst", ".ost": "pst",
}  # fmt: skip


def _guess(spec: str) -> str:
    if spec.startswith(("imaps://", "imap://")):
        return "imap"
    path = Path(spec)
    if path.is_dir():
        if (path / "cur").is_dir() or (path / "new").is_dir():
            return "maildir"
        return "parquet" if next(path.glob("*.parquet"), None) else "eml"
    if (kind := _SUFFIXES.get(path.suffix.lower())) is not None and kind != "csv":
        return kind
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"From "):
        return "mbox"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"!BDN"):
        return "pst"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "msg"
    if head.lstrip().startswith(b"{"):
        return "jsonl"
    if kind == "csv" and path.suffix.lower() != ".txt":
        return "csv"
    # A mailbox file of Thunderbird or Dovecot has no suffix; a lone mail begins with a header line.
    if head.split(b"\n", 1)[0].count(b":") and b"\n" in head and b"@" in head:
        return "eml"
    raise UnsupportedSourceError(
        "Kjenner ikke igjen kilden",
        where=spec,
        fix="Si hva den er med --source-type, for eksempel mbox eller csv.",
    )


def is_table(spec: str, kind: str = "auto") -> bool:
    """True for a source of rows and columns.

    Raises:
        SourceError: it does not exist, cannot be opened or is of no known kind.
    """
    return _chosen(spec, kind) in ("csv", "xlsx", "parquet", "jsonl")


def _chosen(spec: str, kind: str) -> str:
    if spec.startswith(("imaps://", "imap://")):
        return "imap" if kind == "auto" else kind
    if not Path(spec).exists():
        raise SourceError("Finnes ikke", where=spec, fix="Oppgi en fil, en mappe eller en imaps://-adresse.")
    try:
        return _guess(spec) if kind == "auto" else kind
    except OSError as error:
        raise SourceError(f"Kan ikke åpnes: {error.strerror or error}", where=spec) from None


def open_source(spec: str, *, kind: str = "auto", mapping: Mapping[str, str] | None = None) -> Source:
    """Open a source by its file, folder or address.

    Args:
        spec: as the user gave it.
        kind: a key of :data:`TYPES`, or "auto".
        mapping: ``--map``: field → column, for tables.

    Raises:
        SourceError: it does not exist, cannot be opened or is of no known kind.
    """
    chosen = _chosen(spec, kind)
    try:
        module = import_module(f"feedbackcheck.review.sources.{TYPES[chosen]}")
        opener: Callable[..., Source] = module.open_source
        return opener(spec, mapping=mapping or {})
    except OSError as error:
        raise SourceError(f"Kan ikke åpnes: {error.strerror or error}", where=spec) from None
