"""GitHub workflow commands: annotations on the lines of a pull request."""

from __future__ import annotations

from feedbackcheck.message import Severity
from feedbackcheck.reports.base import Run, plain

__all__ = ["render"]

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}


def _data(text: str) -> str:
    """Escape a message (docs.github.com, workflow commands: %, CR and LF)."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return plain(text)


def _property(text: str) -> str:
    """Escape a property value: also the colon and comma that would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def render(run: Run, *, colour: bool = False) -> str:
    lines = []
    for report, finding in run.pairs():
        properties = []
        if report.path:
            properties.append(f"file={_property(report.path)}")
        if finding.span is not None:
            first, last = report.locate(finding.span)
            properties += [f"line={first.line}", f"endLine={last.line}"]
            if first.line == last.line:
                # The API takes columns only within one line.
                properties += [f"col={first.column}", f"endColumn={last.column}"]
        else:
            properties.append(f"line={report.beginning().line}")
        properties.append(f"title={_property(f'{finding.code} {finding.name}')}")
        text = f"{finding.message} {finding.advice}".strip()
        lines.append(f"::{_LEVELS[finding.severity]} {','.join(properties)}::{_data(text)}")
    lines += [f"::error file={_property(f.path)}::{_data(str(f.error))}" for f in run.failures]
    return "\n".join(lines) + ("\n" if lines else "")
