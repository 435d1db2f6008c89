"""What every renderer is given, and the few things they share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.findings import Finding
from feedbackcheck.message import Severity
from feedbackcheck.report import Report

__all__ = ["SEVERITY_NAMES", "Failure", "Run", "fingerprint", "fingerprints", "plain"]

_NEAR = 2000

SEVERITY_NAMES = {Severity.ERROR: "feil", Severity.WARNING: "advarsel", Severity.HINT: "tips"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    path: str
    error: FeedbackcheckError


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything one command found out."""

    reports: Sequence[Report]
    failures: Sequence[Failure] = ()
    statistics: bool = False

    def pairs(self) -> Iterator[tuple[Report, Finding]]:
        """Every finding with its report, in order."""
        for report in self.reports:
            for finding in report.findings:
                yield report, finding

    def count(self, severity: Severity) -> int:
        return sum(f.severity is severity for _, f in self.pairs())


def _sentence_text(report: Report, finding: Finding) -> str:
    if finding.span is None:
        return ""
    text = report.message.text
    # A line without end says nothing about the finding, and would be hashed again for each one on it.
    first, last = max(0, finding.span.start - _NEAR), min(len(text), finding.span.end + _NEAR)
    start = max(first, text.rfind("\n", first, finding.span.start) + 1)
    end = text.find("\n", finding.span.end, last)
    return " ".join(text[start : end if end >= 0 else last].split())


def fingerprint(report: Report, finding: Finding, occurrence: int) -> str:
    """Identifies a finding by what it says of which words, so that it survives moved lines; no text can be read back.

    ``occurrence`` tells equal findings in one file apart.
    """
    words = finding.span.of(report.message.text) if finding.span else ""
    seed = "\x1f".join(
        (finding.code, " ".join(words.split()), _sentence_text(report, finding), str(occurrence))
    )
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def fingerprints(report: Report) -> list[str]:
    """A fingerprint for each finding of a report, in order."""
    seen: dict[str, int] = {}
    out = []
    for finding in report.findings:
        first = fingerprint(report, finding, 0)
        n = seen.get(first, 0)
        seen[first] = n + 1
        out.append(first if n == 0 else fingerprint(report, finding, n))
    return out


def plain(text: str) -> str:
    """Control characters shown as a blank: neither a letter nor a file's name must be able to steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def display_path(report: Report) -> str:
    """How the message is called in output for people."""
    name = plain(report.path or report.id or "<tekst>")
    return f"{name} ({report.message.part})" if report.message.part else name
