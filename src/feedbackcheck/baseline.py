"""A baseline: findings that were there before, so that only new ones count.

The file holds hashes of what was found in which words, no text and no line numbers: moving a paragraph changes nothing,
and a name cannot be read back. Entries that match nothing any more are reported as stale.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feedbackcheck.errors import ConfigError, reason
from feedbackcheck.files import write_atomically
from feedbackcheck.report import Report
from feedbackcheck.reports.base import fingerprints

__all__ = ["Baseline"]


@dataclass(slots=True)
class Baseline:
    """Known findings: ``entries[path][fingerprint]`` is the code it was."""

    entries: dict[str, dict[str, str]]

    @classmethod
    def read(cls, file: Path) -> Baseline:
        """Read a baseline file.

        Raises:
            ConfigError: it is missing or not a baseline.
        """
        try:
            data = json.loads(file.read_text("utf-8"))
            if data["schema"] != 1 or not isinstance(data["files"], dict):
                raise ValueError
            return cls({str(p): dict(e) for p, e in data["files"].items()})
        except OSError as error:
            raise ConfigError(
                f"Kan ikke lese grunnlinjen: {reason(error)}",
                where=str(file),
                fix="Lag den med --write-baseline.",
            ) from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ConfigError(
                "Filen er ikke en grunnlinje", where=str(file), fix="Lag den med --write-baseline."
            ) from None

    @classmethod
    def of(cls, reports: Iterable[Report], root: Path) -> Baseline:
        """The baseline that hides everything in ``reports``."""
        entries: dict[str, dict[str, str]] = {}
        for report in reports:
            marks = dict(zip(fingerprints(report), (f.code for f in report.findings), strict=True))
            if marks:
                entries.setdefault(_key(report, root), {}).update(marks)
        return cls(entries)

    def with_others(self, file: Path, checked: Iterable[str]) -> Baseline:
        """This baseline with the entries of an older one for files that were not checked now and still are there.

        Raises:
            ConfigError: ``file`` exists and is not a baseline: it is not written over.
        """
        if not file.exists():
            return self
        root = file.resolve().parent
        fresh = {_place(path, root) for path in checked}
        others = {
            key: marks
            for key, marks in Baseline.read(file).entries.items()
            if (place := key.partition("#")[0]) not in fresh and (root / place).exists()
        }
        return Baseline({**others, **self.entries})

    def write(self, file: Path) -> None:
        """Write it sorted, so that version control shows small changes."""
        data = {"schema": 1, "files": {p: dict(sorted(e.items())) for p, e in sorted(self.entries.items())}}
        write_atomically(
            file, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode(errors="backslashreplace")
        )

    def apply(self, reports: Sequence[Report], root: Path) -> tuple[list[Report], int]:
        """Hide known findings.

        Returns:
            the reports without them, and the number of stale entries in the files that were checked.
        """
        out = []
        matched: Counter[str] = Counter()
        seen_files = set()
        for report in reports:
            key = _key(report, root)
            seen_files.add(key)
            known = self.entries.get(key, {})
            kept = []
            for finding, mark in zip(report.findings, fingerprints(report), strict=True):
                if mark in known:
                    matched[f"{key}\x1f{mark}"] += 1
                else:
                    kept.append(finding)
            hidden = len(report.findings) - len(kept)
            out.append(
                replace(report, findings=tuple(kept), suppressed=report.suppressed + hidden)
                if hidden
                else report
            )
        stale = sum(
            1 for key in seen_files for mark in self.entries.get(key, {}) if f"{key}\x1f{mark}" not in matched
        )
        return out, stale


def _key(report: Report, root: Path) -> str:
    if not report.path:
        return report.id
    part = (
        f"#{report.message.part}" if report.message.part and report.message.kind in ("json", "yaml") else ""
    )
    return _place(report.path, root) + part


def _place(name: str, root: Path) -> str:
    """A file's path as the baseline writes it: from the baseline's own folder where it lies under it."""
    path = Path(name)
    with contextlib.suppress(ValueError):
        path = path.resolve().relative_to(root.resolve())
    return path.as_posix()
