"""One self-contained page: each message with its marked words. No script, no outside request."""

from __future__ import annotations

from html import escape

from feedbackcheck.findings import Finding
from feedbackcheck.message import Severity
from feedbackcheck.report import Report
from feedbackcheck.reports.base import SEVERITY_NAMES, Run, display_path
from feedbackcheck.reports.full import summary_line

__all__ = ["render"]

_STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1b1f;--soft:#5c5c66;--line:#d9d9e0;--error:#b3261e;--warning:#8a5a00;--hint:#00639b;--card:#f6f6f9}
@media(prefers-color-scheme:dark){:root{--bg:#131316;--fg:#e8e8ee;--soft:#a8a8b3;--line:#3a3a42;--error:#ffb4ab;--warning:#f5c06c;--hint:#8fcdff;--card:#1d1d22}}
body{background:var(--bg);color:var(--fg);font:16px/1.55 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;overflow-wrap:anywhere}.letter{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem}
mark{background:none;color:inherit;text-decoration:underline 2px;text-underline-offset:3px}.error{text-decoration-color:var(--error)}.warning{text-decoration-color:var(--warning)}.hint{text-decoration-color:var(--hint)}
li{margin:.5rem 0}.code{font-weight:600}.b-error{color:var(--error)}.b-warning{color:var(--warning)}.b-hint{color:var(--hint)}.soft{color:var(--soft)}sup{font-size:.7em}
@media print{body{max-width:none;margin:0}article{break-inside:avoid}}
"""


def _letter(report: Report, numbered: list[tuple[int, Finding]]) -> str:
    """The letter with marks; overlapping marks are cut so that tags nest."""
    text = report.message.text
    spans = sorted(((f.span, n, f) for n, f in numbered if f.span), key=lambda x: (x[0].start, -x[0].end))
    out, at = [], 0
    for span, n, finding in spans:
        start = max(span.start, at)
        if span.end > start:
            out.append(escape(text[at:start]))
            out.append(
                f'<mark class="{finding.severity.value}" title="{escape(finding.code)}">{escape(text[start : span.end])}</mark>'
            )
            at = span.end
        out.append(f"<sup>{n}</sup>")
    return "".join([*out, escape(text[at:])])


def render(run: Run, *, colour: bool = False) -> str:
    body = [f"<h1>feedbackcheck</h1><p>{escape(summary_line(run))}</p>"]
    for report in run.reports:
        numbered = list(enumerate(report.findings, 1))
        body.append(f"<article><h2>{escape(display_path(report))}</h2>")
        body += [f'<p class="soft">{escape(n)}</p>' for n in report.notices]
        if report.score:
            parts = " · ".join(f"{escape(k)} {v}" for k, v in report.score.parts.items())
            body.append(
                f"<p><strong>{report.score.total} av 100 ({report.score.grade})</strong> – {parts}</p>"
            )
        if not report.skipped:
            body.append(f'<div class="letter">{_letter(report, numbered)}</div>')
        if numbered:
            body.append("<ol>")
            for _, f in numbered:
                instead = next((s.text for s in f.suggestions if s.text.strip()), None)
                tail = (
                    f"<br>Forslag: «{escape(instead)}»"
                    if instead
                    else f"<br>{escape(f.advice)}"
                    if f.advice
                    else ""
                )
                severity = f'<span class="b-{f.severity.value}">{SEVERITY_NAMES[f.severity]}</span>'
                body.append(
                    f'<li><span class="code">{f.code} {escape(f.name)}</span> ({severity}): {escape(f.message)}{tail}</li>'
                )
            body.append("</ol>")
        body.append("</article>")
    if run.failures:
        items = "".join(f"<li>{escape(str(f.error))}</li>" for f in run.failures)
        body.append(f'<h2 class="b-{Severity.ERROR.value}">Kunne ikke leses</h2><ul>{items}</ul>')
    return (
        '<!doctype html>\n<html lang="nb"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>feedbackcheck</title><style>{_STYLE}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )
