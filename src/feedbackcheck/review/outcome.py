"""From the report on a canonical form to the outcome of one message: its own offsets, dates and people."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from feedbackcheck.review.canonical import own_spans
from feedbackcheck.review.items import Item, Outcome, Status

if TYPE_CHECKING:
    from feedbackcheck.findings import Finding
    from feedbackcheck.message import Context
    from feedbackcheck.report import Report
    from feedbackcheck.review.canonical import Canonical
    from feedbackcheck.review.reading import Reading
    from feedbackcheck.review.worker import Analysed, WorkOptions

__all__ = ["PARTS", "outcome_of", "turnaround"]

#: Order of ``Outcome.parts``.
PARTS = ("personlig", "begrunnelse", "utvikling", "tone", "trygghet")

_LATE = "PRO02"


def turnaround(context: Context) -> int | None:
    """Days from the day an answer became possible (decision, interview or deadline) to the day it was sent."""
    if context.sent_on is None:
        return None
    since = context.decided_on or context.interviewed_on or context.deadline
    if since is None or since > context.sent_on:
        return None
    return (context.sent_on - since).days


def outcome_of(
    item: Item, reading: Reading, form: Canonical, analysed: Analysed, options: WorkOptions
) -> Outcome:
    """The outcome of one message.

    Args:
        analysed: what is known about its canonical form.
    """
    report, facts = analysed.report, reading.facts
    own = form.body is None
    out = Outcome(
        status=Status.SCORED if report.score is not None else Status.OTHER,
        position=item.position,
        id=facts.id,
        language=report.language,
        stage=report.stage.value,
        stage_source=report.stage_source,
        mode=report.mode.value,
        words=analysed.once("words", lambda r: len(r.message.text.split())),
        sent_on=facts.sent_on.isoformat() if facts.sent_on else None,
        days=turnaround(reading.context),
        department=facts.department,
        job=facts.job,
    )
    if options.key:
        from feedbackcheck.review.pseudonyms import pseudonyms

        out.sender, out.people = pseudonyms(facts, options.key)
    if report.score is None:
        out.kind = facts.other_kind or analysed.once("kind", _kind)
    else:
        out.score, out.grade = report.score.total, report.score.grade
        out.parts = tuple(report.score.parts.get(p, 0) for p in PARTS)
        findings = report.findings if own else _with_delay(report, reading, options)
        if analysed.rows is None:
            analysed.rows = _rows(report)
        rows = analysed.rows
        late = () if own else tuple(_row(f, report) for f in findings if f.code == _LATE)
        rows = (*(r for r in rows if own or r[0] != _LATE), *late)
        out.findings = rows if not form.swaps else tuple(_moved(r, form) for r in rows)
        out.ingredients = analysed.once(
            "ingredients", lambda r: tuple(sorted({i.code for i in r.ingredients}))
        )
        out.sketch = analysed.once("sketch", _sketch)
        out.gains = analysed.once("gains", _gains)
        if options.phrases:
            phrases = analysed.once("phrases", lambda r: _phrases(r, anonymous=not own))
            out.phrases = (*phrases, *("" for _ in late))
        if options.keep_text:
            out.text = reading.message.text if reading.message else _own_text(report, form, reading)
    if options.reports:
        out.report = _report(reading, form, report, options)
    return out


def _kind(report: Report) -> str:
    from feedbackcheck.review.kinds import kind_of

    return kind_of(report)


def _row(finding: Finding, report: Report) -> tuple[str, str, int | None, int | None, float]:
    span = report.source_span(finding.span) if finding.span else None
    return (
        finding.code,
        finding.severity.value,
        span.start if span else None,
        span.end if span else None,
        round(finding.confidence, 3),
    )


def _rows(report: Report) -> tuple[tuple[str, str, int | None, int | None, float], ...]:
    return tuple(_row(f, report) for f in report.findings)


def _moved(
    row: tuple[str, str, int | None, int | None, float], form: Canonical
) -> tuple[str, str, int | None, int | None, float]:
    code, severity, start, end, p = row
    if start is None or end is None:
        return row
    return code, severity, form.own(start), form.own(end, end=True), p


def _phrases(report: Report, *, anonymous: bool) -> tuple[str, ...]:
    """The words of each finding; empty where names in them are not known to be replaced."""
    if not anonymous:
        return ("",) * len(report.findings)
    return tuple(
        " ".join(f.span.of(report.message.text).split())[:160] if f.span else "" for f in report.findings
    )


def _gains(report: Report) -> tuple[tuple[str, int], ...]:
    from feedbackcheck.review.gain import gains_of

    return tuple(sorted(gains_of(report).items()))


def _sketch(report: Report) -> tuple[int, ...]:
    from feedbackcheck.review.clusters import sketch

    return sketch(report.message.text)


def _own_text(report: Report, form: Canonical, reading: Reading) -> str:
    """The message's own words: the analysed text with its names put back."""
    if not form.swaps or reading.body is None:
        return report.message.text
    from feedbackcheck.review.extract import message_of

    return message_of(reading.body, reading.context).text


def _with_delay(report: Report, reading: Reading, options: WorkOptions) -> tuple[Finding, ...]:
    """Findings with PRO02 by this message's own dates."""
    from feedbackcheck.language.document import Document
    from feedbackcheck.rules import rule
    from feedbackcheck.rules.base import Assessment

    kept = tuple(f for f in report.findings if f.code != _LATE)
    if report.score is None or not options.settings.is_on(_LATE) or turnaround(reading.context) is None:
        return kept
    document = Document(
        message=replace(report.message, context=reading.context),
        sentences=(),
        language=report.language,
        sentence_languages=(),
        stage=report.stage,
        mode=report.mode,
    )
    late = rule(_LATE).find(
        Assessment(
            document=document,
            stage=report.stage,
            verdicts=(),
            late_after_days=options.settings.late_after_days,
            today=options.settings.today,
        )
    )
    return (*kept, *late)


def _report(reading: Reading, form: Canonical, report: Report, options: WorkOptions) -> dict[str, Any]:
    """The contract's ``messages[]`` object, in the coordinates of the message's own body."""
    if form.body is None:
        out = report.to_dict()
        out["id"] = reading.facts.id
        return out
    out = copy.deepcopy(replace(report, findings=_with_delay(report, reading, options)).to_dict())
    out["id"] = reading.facts.id
    out["path"] = None
    for finding in out["findings"]:
        if finding["code"] == "FLT002":
            finding["message"] = form.words(finding["message"])
    if reading.body is not None and form.swaps:
        out["findings"] = [_columns(f, reading.body.text) for f in own_spans(form, out["findings"])]
        out["ingredients"] = own_spans(form, out["ingredients"])
    return out


def _columns(finding: dict[str, Any], source: str) -> dict[str, Any]:
    if finding.get("start") is None:
        return finding
    for key, offset in (("column", finding["start"]), ("end_column", finding["end"])):
        finding[key] = offset - source.rfind("\n", 0, offset)
    return finding
