"""One line a finding, ``path:line:column: CODE name: message``, as compilers write."""

from __future__ import annotations

from feedbackcheck.reports.base import SEVERITY_NAMES, Run, plain
from feedbackcheck.reports.colour import Paint
from feedbackcheck.reports.full import summary_line

__all__ = ["render"]


def render(run: Run, *, colour: bool = False) -> str:
    paint = Paint(colour)
    lines = []
    for report, finding in run.pairs():
        name = plain(report.path or report.id or "<tekst>")
        place = report.locate(finding.span)[0] if finding.span is not None else report.beginning()
        text = " ".join(finding.message.split())
        lines.append(
            f"{paint(name, 'bold')}:{place.line}:{place.column}: {paint(finding.code, 'red')} {finding.name} "
            f"({SEVERITY_NAMES[finding.severity]}): {text}"
        )
    for report in run.reports:
        if report.score:
            lines.append(
                f"{paint(plain(report.path or report.id or '<tekst>'), 'bold')}: {report.score.total} av 100 ({report.score.grade})"
            )
        elif report.skipped:
            lines.append(
                f"{plain(report.path or report.id or '<tekst>')}: ikke vurdert ({report.notices[-1]})"
            )
    lines += [plain(str(f.error)) for f in run.failures]
    return "\n".join([*lines, summary_line(run)]) + "\n"
