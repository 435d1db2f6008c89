"""Remembers the costly half of an analysis between runs, as hashes, offsets and numbers; never text.

Key: content, path's suffix, settings and version of rules and models. Files with findings are remembered too. A cache
that cannot be read or written is passed over in silence: it may cost time, never a result.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from feedbackcheck.settings import Settings

__all__ = ["Cache", "default_folder"]

_VERSION = 2
_MOST = 4000


def default_folder() -> Path:
    """The user's cache folder of this platform; ``FEEDBACKCHECK_CACHE_DIR`` overrides it."""
    if own := os.environ.get("FEEDBACKCHECK_CACHE_DIR"):
        return Path(own)
    try:
        home = Path.home()
    except RuntimeError:
        # A container's user may have no home at all; the temporary folder is always there.
        return (
            Path(tempfile.gettempdir()) / f"feedbackcheck-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
        )
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", home / ".cache"))
    return base / "feedbackcheck"


class Cache:
    """One small file an entry, spread over 256 folders, so that parallel runs never wait for each other."""

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder
        self.identity = identity

    def key(self, content: bytes, name: str, settings: Settings) -> str:
        """The entry's name for this content under these settings."""
        chosen = {
            f.name: repr(getattr(settings, f.name)) for f in fields(settings) if f.name not in _IRRELEVANT
        }
        seed = json.dumps([_VERSION, self.identity, Path(name).suffix.lower(), chosen], sort_keys=True)
        return hashlib.sha256(seed.encode() + b"\x00" + content).hexdigest()

    def get(self, key: str) -> list[Any] | None:
        """The remembered assessments of a file's messages, or None."""
        try:
            seal, _, content = (self.folder / key[:2] / f"{key}.json").read_bytes().partition(b"\n")
            # Half a write or a bad disk block may still be valid JSON, with numbers that point nowhere.
            if seal != _seal(content):
                return None
            data = json.loads(content)
        except (OSError, ValueError):
            return None
        return data if isinstance(data, list) else None

    def put(self, key: str, assessed: Sequence[Any]) -> None:
        """Remember them; failures are of no consequence."""
        with contextlib.suppress(OSError):
            place = self.folder / key[:2]
            place.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=place, suffix=".tmp")
            try:
                content = json.dumps(assessed, separators=(",", ":")).encode()
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(_seal(content) + b"\n" + content)
                Path(name).replace(place / f"{key}.json")
            except OSError:
                Path(name).unlink(missing_ok=True)
            if key.startswith("0000"):
                self.prune()

    def prune(self) -> None:
        """Forget the oldest entries beyond the limit."""
        with contextlib.suppress(OSError):
            entries = sorted(self.folder.glob("??/*.json"), key=lambda p: p.stat().st_mtime)
            for old in entries[: max(0, len(entries) - _MOST)]:
                old.unlink(missing_ok=True)


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest()[:16].encode()


# Settings that act after the costly half.
_IRRELEVANT = frozenset({"select", "extend_select", "ignore", "per_file_ignores", "late_after_days", "today"})
