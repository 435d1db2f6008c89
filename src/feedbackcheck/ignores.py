"""Applies inline ``feedbackcheck: ignore`` comments to a report."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate

from feedbackcheck.findings import Finding
from feedbackcheck.message import Directive, Span
from feedbackcheck.report import Report
from feedbackcheck.rules import codes, rule
from feedbackcheck.rules.base import catalogue

__all__ = ["apply_ignores"]


class _Hiding:
    """The comments by what they hide: a file may hold thousands, and a finding meets few of them."""

    def __init__(self, directives: Sequence[Directive], report: Report) -> None:
        self._report = report
        # Comments that hide the same hide it together, so that each of a thousand in a line is not asked.
        groups: dict[tuple[tuple[str, ...], str, Span], list[int]] = {}
        for index, d in enumerate(directives):
            groups.setdefault((d.codes, d.scope, d.covers), []).append(index)
        self._whole = [(codes, members) for (codes, scope, _), members in groups.items() if scope == "file"]
        self._parts = sorted(
            (
                (covers, codes, members)
                for (codes, scope, covers), members in groups.items()
                if scope != "file"
            ),
            key=lambda part: part[0],
        )
        self._starts = [covers.start for covers, _, _ in self._parts]
        self._reached = list(accumulate((covers.end for covers, _, _ in self._parts), max))

    def hits(self, finding: Finding) -> list[list[int]]:
        """The comments that hide ``finding``, in groups."""
        out = [members for codes, members in self._whole if _speaks_of(codes, finding)]
        if finding.span is None or not self._parts:
            return out
        span = self._report.source_span(finding.span)
        at = bisect_left(self._starts, span.end)
        while at and self._reached[at - 1] > span.start:
            at -= 1
            covers, codes, members = self._parts[at]
            if covers.overlap(span) > 0 and _speaks_of(codes, finding):
                out.append(members)
        return out


def _speaks_of(codes: tuple[str, ...], finding: Finding) -> bool:
    return not codes or finding.code.startswith(codes)


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
    hiding = _Hiding(directives, report)
    groups: list[list[int]] = []
    kept: list[Finding] = []
    for finding in report.findings:
        hits = hiding.hits(finding)
        groups += hits
        if not hits:
            kept.append(finding)
    used = {i for group in {id(g): g for g in groups}.values() for i in group}
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
