"""Applies inline ``feedbackcheck: ignore`` comments to a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from feedbackcheck.findings import Finding
from feedbackcheck.message import Directive
from feedbackcheck.report import Report
from feedbackcheck.rules import codes, rule
from feedbackcheck.rules.base import catalogue

__all__ = ["apply_ignores"]


def _hides(directive: Directive, finding: Finding, report: Report) -> bool:
    if directive.codes and not any(finding.code.startswith(c) for c in directive.codes):
        return False
    if directive.scope == "file":
        return True
    if finding.span is None:
        return False
    return directive.covers.overlap(report.source_span(finding.span)) > 0


def _with_slug(directive: Directive) -> Directive:
    """The directive with its code, where a rule's name stands in its place («ignore standardavslag»)."""
    if directive.codes or not directive.reason:
        return directive
    name, _, reason = directive.reason.partition(" ")
    code = next((c for c, entry in catalogue().items() if entry["name"] == name.strip(",:").lower()), None)
    return directive if code is None else replace(directive, codes=(code,), reason=reason)


def _looked_for(directive: Directive, wanted: Callable[[str], bool]) -> bool:
    """True if every rule that the comment hides was switched on: only then is it known to hide nothing."""
    hidden = [c for c in codes() if not directive.codes or any(c.startswith(p) for p in directive.codes)]
    return all(wanted(c) for c in hidden)


def apply_ignores(
    report: Report, *, report_unused: bool = True, wanted: Callable[[str], bool] | None = None
) -> Report:
    """Take out the findings that an inline comment hides; say which comments hide nothing (IGN001).

    A comment in a message that was not assessed is left alone: nothing was looked for.

    Args:
        report: the findings and the comments.
        report_unused: whether to speak of comments that hide nothing.
        wanted: tells whether a code is switched on; None: all are. A comment on a rule that is off is not called unused.
    """
    if wanted is not None and not wanted("IGN001"):
        report_unused = False
    directives = [_with_slug(d) for d in report.message.directives]
    if not directives or report.skipped:
        return report
    used: set[int] = set()
    kept: list[Finding] = []
    for finding in report.findings:
        hits = [i for i, d in enumerate(directives) if _hides(d, finding, report)]
        used.update(hits)
        if not hits:
            kept.append(finding)
    hidden = len(report.findings) - len(kept)
    if report_unused:
        for i, directive in enumerate(directives):
            if i not in used and (wanted is None or _looked_for(directive, wanted)):
                place = report.message.locate(directive.source.start)
                named = ", ".join(directive.codes) or "alle regler"
                unused = rule("IGN001")
                kept.append(
                    Finding(
                        code=unused.code,
                        name=unused.name,
                        severity=unused.severity(report.stage),
                        message=f"Unntaket på linje {place.line} ({named}) skjuler ingenting.",
                        advice=str(unused.data.get("advice", "")),
                        span=None,
                        sentence=None,
                        confidence=1.0,
                    )
                )
    return replace(report, findings=tuple(kept), suppressed=report.suppressed + hidden)
