"""For people at a terminal: the words marked, why in one line, what to write instead, and the score with its parts."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter

from feedbackcheck.findings import Applicability, Finding
from feedbackcheck.language.segment import split_sentences
from feedbackcheck.message import Mode, Severity, Span, Stage
from feedbackcheck.report import Report, Score
from feedbackcheck.reports.base import SEVERITY_NAMES, Run, display_path, plain
from feedbackcheck.reports.colour import Paint

__all__ = ["render"]

_STYLE = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}
_STAGES = {
    Stage.SOKNAD: "søknad",
    Stage.INTERVJU: "intervju",
    Stage.FINALE: "finale",
    Stage.TELEFON: "telefon",
}
_LANGUAGES = {"nb": "bokmål", "nn": "nynorsk"}
#: Under this width the indents go, and what stands on one line is wrapped.
_NARROW = 60
#: No sentence that is shown whole is longer.
_NEAR = 1000
_SOURCES = {"option": "oppgitt", "context": "fra konteksten", "guess": "antatt"}
_PARTS = {
    "personlig": "personlig",
    "begrunnelse": "begrunnelse",
    "utvikling": "utvikling",
    "tone": "tone",
    "trygghet": "trygghet",
}


def render(run: Run, *, colour: bool = False) -> str:
    paint = Paint(colour)
    width = max(20, min(110, shutil.get_terminal_size((100, 24)).columns))
    blocks = [_message(r, paint, width) for r in run.reports]
    blocks += [f"{paint('kan ikke leses', 'red', 'bold')}  {plain(str(f.error))}" for f in run.failures]
    if run.statistics:
        blocks.append(_statistics(run, paint))
    blocks.append(_summary(run, paint))
    return "\n\n".join(b for b in blocks if b) + "\n"


def _message(report: Report, paint: Paint, width: int) -> str:
    mode = "mal" if report.mode is Mode.TEMPLATE else "melding"
    about = f"{_STAGES[report.stage]} ({_SOURCES[report.stage_source]}) · {_LANGUAGES.get(report.language, report.language)} · {mode}"
    lines = [f"{paint(display_path(report), 'bold', 'under')}  {paint(about, 'dim')}"]
    if width < _NARROW:
        lines = [
            paint(display_path(report), "bold", "under"),
            *_painted(about, width, "", paint, "dim"),
        ]
    for notice in report.notices:
        lines += _painted(f"merk: {notice}", width, "  ", paint, "dim")
    if report.skipped:
        return "\n".join(lines)
    for finding in report.findings:
        lines += ["", *_finding(report, finding, paint, width)]
    if report.score:
        lines += ["", *_score(report.score, paint, width)]
    return "\n".join(lines)


def _finding(report: Report, finding: Finding, paint: Paint, width: int) -> list[str]:
    style = _STYLE[finding.severity]
    place = "hele"
    if finding.span is not None:
        first, _ = report.locate(finding.span)
        place = f"{first.line}:{first.column}"
    head = f"  {place:>6}  {paint(finding.code, style, 'bold')} {finding.name}  {paint(SEVERITY_NAMES[finding.severity], style)}"
    lines = [head]
    if width < _NARROW:
        lines = [
            f"{place} {paint(finding.code, style, 'bold')} {paint(SEVERITY_NAMES[finding.severity], style)}"
        ]
    if finding.span is not None:
        lines += _excerpt(report, finding.span, paint, style, width)
    lines += _wrapped(finding.message, width, first="          ")
    texts = [s for s in finding.suggestions if s.text.strip()]
    if texts:
        for s in texts[:2]:
            label = {
                Applicability.SAFE: "Skriv heller",
                Applicability.UNSAFE: "Kanskje heller",
                Applicability.FILL_IN: "Fyll ut",
            }[s.applicability]
            lines += _labelled(label, f"«{' '.join(s.text.split())}»", width, paint)
    elif finding.advice:
        lines += _labelled("Råd", finding.advice, width, paint)
    return lines


def _wrapped(text: str, width: int, *, first: str) -> list[str]:
    if width < _NARROW:
        first = "  "
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=first + "  ", break_long_words=False
    )


def _labelled(label: str, text: str, width: int, paint: Paint) -> list[str]:
    """Wrapped first: codes of colour have no width."""
    first, *rest = _wrapped(f"{label}: {text}", width, first="          ")
    return [first.replace(f"{label}:", paint(f"{label}:", "green"), 1), *rest]


def _painted(text: str, width: int, indent: str, paint: Paint, *styles: str) -> list[str]:
    """Wrapped first, because codes of colour have no width."""
    lines = textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False
    )
    return [indent + paint(line[len(indent) :], *styles) for line in lines]


def _excerpt(report: Report, span: Span, paint: Paint, style: str, width: int) -> list[str]:
    """The sentence with the words marked, cut to the width around them; marked by carets too when there is no colour."""
    text = report.message.text
    line_start, line_end = _sentence_bounds(text, span)
    end = min(span.end, line_end)
    indent = "          " if width >= _NARROW else "  "
    room = width - len(indent) - 4
    if end - span.start >= room:
        left, right = span.start, span.start + room
    else:
        spare = room - (end - span.start)
        left = max(line_start, span.start - spare // 2)
        right = min(line_end, left + room)
        left = max(line_start, right - room)
    head = ("…" if left > line_start else "") + plain(text[left : span.start])
    body = plain(text[span.start : min(end, right)])
    tail = plain(text[min(end, right) : right]) + ("…" if right < line_end else "")
    lines = [f"{indent}{paint('│', 'dim')} {head}{paint(body, style, 'bold')}{tail}"]
    if not paint.on:
        lines.append(f"{indent}│ {' ' * len(head)}{'^' * max(1, len(body))}")
    return lines


def _sentence_bounds(text: str, span: Span) -> tuple[int, int]:
    """Start and end of the sentence that the span begins in."""
    # Only the surroundings: a letter without line breaks is one long line, and an excerpt is a line of the terminal.
    first, last = max(0, span.start - _NEAR), min(len(text), span.start + _NEAR)
    start = max(first, text.rfind("\n", first, span.start) + 1)
    end = text.find("\n", span.start, last)
    end = last if end < 0 else end
    for sentence in split_sentences(text[start:end]):
        if start + sentence.start <= span.start < start + sentence.end:
            return start + sentence.start, start + sentence.end
    return start, end


#: Ways to gain more that are shown; a list of all would read as a list of wants.
_MOST_ROOM = 3


def _score(score: Score, paint: Paint, width: int) -> list[str]:
    style = "green" if score.total >= 70 else "yellow" if score.total >= 40 else "red"
    parts = " · ".join(f"{_PARTS[k]} {v}" for k, v in score.parts.items())
    lines = [f"  {paint(f'{score.total} av 100 ({score.grade})', style, 'bold')}  {parts}"]
    if len(f"  {score.total} av 100 ({score.grade})  {parts}") > width:
        lines = [f"  {paint(f'{score.total} av 100 ({score.grade})', style, 'bold')}"]
        lines += textwrap.wrap(parts, width, initial_indent="  ", subsequent_indent="  ")
    steps = [c for c in score.contributions if abs(c.points) >= 0.5]
    gains = " ".join(f"{c.label} {_points(c.points)}" + "," for c in reversed(steps) if c.points > 0).rstrip(
        ","
    )
    losses = " ".join(f"{c.label} {_points(c.points)}" + "," for c in steps if c.points < 0).rstrip(",")
    steps_line = (
        f"start {score.start:.0f}" + (f" | {gains}" if gains else "") + (f" | {losses}" if losses else "")
    )
    lines += _painted(steps_line, width, "  ", paint, "dim")
    lines += [paint(f"  tak: {cap}", "red") for cap in score.caps]
    if score.room and not losses:
        more = ", ".join(f"{c.label} {_points(c.points)}" for c in score.room[:_MOST_ROOM])
        lines += _painted(f"kan gi mer: {more}", width, "  ", paint, "dim")
    return lines


def _points(points: float) -> str:
    return f"{'+' if points > 0 else '−'}{abs(points):.0f}"


def _statistics(run: Run, paint: Paint) -> str:
    counts = Counter((f.code, f.name) for _, f in run.pairs())
    rows = [
        f"  {n:>5}  {code} {name}"
        for (code, name), n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    ]
    return "\n".join([paint("Funn etter regel", "bold"), *rows])


def summary_line(run: Run) -> str:
    """«2 meldinger: 3 feil, 4 advarsler, 1 tips. Snitt 54 av 100.»"""
    assessed = [r for r in run.reports if r.score]
    skipped = len(run.reports) - len(assessed)
    errors, warnings, hints = (run.count(s) for s in (Severity.ERROR, Severity.WARNING, Severity.HINT))
    text = f"{len(assessed)} {'melding' if len(assessed) == 1 else 'meldinger'} kontrollert: "
    text += (
        f"{errors} feil, {warnings} {'advarsel' if warnings == 1 else 'advarsler'}, {hints} tips."
        if errors + warnings + hints
        else "ingen funn."
    )
    if len(assessed) > 1:
        text += f" Snitt {sum(r.score.total for r in assessed if r.score) / len(assessed):.0f} av 100."
    if skipped:
        text += f" {skipped} ikke vurdert."
    if run.failures:
        text += f" {len(run.failures)} kunne ikke leses."
    return text


def _summary(run: Run, paint: Paint) -> str:
    return paint(summary_line(run), "bold")
