"""Markdown, for pull request comments and wikis."""

from __future__ import annotations

import re

from feedbackcheck.reports.base import SEVERITY_NAMES, Run, display_path
from feedbackcheck.reports.full import summary_line

__all__ = ["render"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~])")


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def render(run: Run, *, colour: bool = False) -> str:
    out = ["# feedbackcheck", "", _escape(summary_line(run)), ""]
    for report in run.reports:
        out += [f"## {_escape(display_path(report))}", ""]
        out += [f"> {_escape(n)}" for n in report.notices]
        if report.score:
            parts = ", ".join(f"{k} {v}" for k, v in report.score.parts.items())
            out += [f"**{report.score.total} av 100 ({report.score.grade})** – {parts}", ""]
        if report.findings:
            out += ["| Sted | Regel | Alvor | Hva | Forslag |", "| --- | --- | --- | --- | --- |"]
        for finding in report.findings:
            place = "hele"
            if finding.span is not None:
                first, _ = report.locate(finding.span)
                place = f"{first.line}:{first.column}"
            instead = next((s.text for s in finding.suggestions if s.text.strip()), finding.advice)
            out.append(
                f"| {place} | {finding.code} {_escape(finding.name)} | {SEVERITY_NAMES[finding.severity]} "
                f"| {_escape(finding.message)} | {_escape(instead)} |"
            )
        out.append("")
    out += [f"- Kan ikke leses: {_escape(str(f.error))}" for f in run.failures]
    return "\n".join(out).rstrip() + "\n"
