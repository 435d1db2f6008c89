"""What a review prints: JSON lines while it runs, one JSON object, or a summary for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

from feedbackcheck.review.items import Counts, Outcome, Status

if TYPE_CHECKING:
    from feedbackcheck.review.run import Run

__all__ = ["JsonDocument", "JsonLines", "summary"]


def message_object(outcome: Outcome) -> dict[str, Any]:
    """The ``messages[]`` object of an outcome; a failed message has no findings and says why."""
    if outcome.report is not None:
        out = outcome.report
        if outcome.status is Status.OTHER:
            out["kind"] = outcome.kind
        return out
    return {
        "id": outcome.id,
        "path": None,
        "language": "",
        "stage": "soknad",
        "mode": "message",
        "is_rejection": False,
        "score": None,
        "findings": [],
        "ingredients": [],
        "skipped": "failed",
        "error": outcome.reason,
        "position": outcome.position,
    }


class JsonLines:
    """One ``messages[]`` object a line, as soon as it is known."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def put(self, outcome: Outcome) -> None:
        self.stream.write(json.dumps(message_object(outcome), ensure_ascii=False) + "\n")

    def close(self, run: Run, counts: Counts, extra: Mapping[str, Any]) -> None:
        self.stream.flush()


class JsonDocument:
    """One object with all messages, the counts and the failures; written as it comes, so it may be as long as it likes."""

    def __init__(self, stream: TextIO) -> None:
        from feedbackcheck.reports.base import Run as CheckRun
        from feedbackcheck.reports.json_format import SCHEMA, document

        self.stream = stream
        tool = document(CheckRun(reports=[]))["tool"]
        stream.write(f'{{"schema": {SCHEMA}, "tool": {json.dumps(tool, ensure_ascii=False)},\n"messages": [')
        self._comma = "\n"

    def put(self, outcome: Outcome) -> None:
        self.stream.write(self._comma + json.dumps(message_object(outcome), ensure_ascii=False))
        self._comma = ",\n"

    def close(self, run: Run, counts: Counts, extra: Mapping[str, Any]) -> None:
        tail = {
            "summary": dict(extra),
            "failures": [
                {"source": f.source, "position": f.position, "reason": f.reason} for f in run.failures
            ],
            "counts": counts.to_dict(),
        }
        self.stream.write("],\n" + json.dumps(tail, ensure_ascii=False)[1:] + "\n")
        self.stream.flush()


def figures(run: Run, counts: Counts) -> dict[str, Any]:
    """The summary's figures, for JSON."""
    mean = run.mean
    return {
        "mean": None if mean is None else round(mean, 1),
        "grades": {g: run.grades.get(g, 0) for g in "ABCDEF"},
        "codes": dict(run.codes.most_common()),
        "kinds": dict(sorted(counts.kinds.items(), key=lambda kv: -kv[1])),
        "known": run.known,
        "outside": run.skipped,
    }


def summary(run: Run, counts: Counts) -> str:
    """The summary for people; the counts stand on its last line."""
    from feedbackcheck.review.kinds import title
    from feedbackcheck.rules.base import catalogue

    lines: list[str] = []
    mean = run.mean
    if mean is not None:
        scored = sum(run.scores.values())
        lines += [f"Snitt {mean:.0f} av 100 på {scored} avslag", ""]
        most = max(run.grades.values())
        for grade in "ABCDEF":
            n = run.grades.get(grade, 0)
            lines.append(f"  {grade}  {'█' * round(30 * n / most):<30} {n:>7}  {n / scored:>4.0%}")
        lines += ["", "Vanligste funn (andel av avslagene):"]
        for code, n in run.codes.most_common(10):
            lines.append(f"  {n / scored:>4.0%}  {code}  {catalogue()[code]['name']}")
        lines.append("")
    if counts.kinds:
        lines.append("Annet enn avslag:")
        for kind, n in sorted(counts.kinds.items(), key=lambda kv: -kv[1]):
            lines.append(f"  {n:>7}  {title(kind)}")
        lines.append("")
    if run.failures:
        lines.append("Kunne ikke leses:")
        lines += [f"  {f.source}, {f.position}: {f.reason}" for f in run.failures[:20]]
        if counts.failed > 20:
            lines.append(f"  … og {counts.failed - 20} til")
        lines.append("")
    if run.known:
        lines.append(f"Kjent fra før: {run.known}")
    if run.skipped:
        lines.append(f"Utenfor tidsrommet: {run.skipped}")
    lines.append(counts.line())
    return "\n".join(lines) + "\n"
