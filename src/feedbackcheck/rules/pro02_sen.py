"""Svaret kommer sent."""

from feedbackcheck.message import Severity
from feedbackcheck.rules.base import Assessment, ProcessRule


def _check(assessment: Assessment) -> tuple[str, Severity | None] | None:
    context = assessment.document.context
    sent = context.sent_on or assessment.today
    if sent is None:
        return None
    # The latest known event is when an answer became possible; waiting counts from there.
    events = (
        ("beslutningen", context.decided_on),
        ("intervjuet", context.interviewed_on),
        ("søknadsfristen", context.deadline),
    )
    for label, day in events:
        if day is None:
            continue
        days = (sent - day).days
        if days > assessment.late_after_days:
            return (
                f"Svaret kommer {days} dager etter {label} (grensen er {assessment.late_after_days}).",
                None,
            )
        return None
    return None


RULE = ProcessRule(code="PRO02", page=__doc__ or "", check=_check)
