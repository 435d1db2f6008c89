"""Small builders that many tests share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from feedbackcheck.findings import Applicability, Finding, Suggestion
from feedbackcheck.message import Message, Mode, Severity, Span, Stage
from feedbackcheck.report import Report, Score

LETTER = "Hei,\n\nVi har gått videre med andre.\nLykke til videre!\n\nMvh\nHR"


def finding(
    code: str = "KLI001", words: str = "gått videre med andre", text: str = LETTER, **changes: Any
) -> Finding:
    """A finding that marks ``words`` in ``text``."""
    start = text.index(words)
    base = Finding(
        code=code,
        name="standardavslag",
        severity=Severity.WARNING,
        message="Avslaget står i standardformelen, 100 % likt: alle får det.",
        advice="Si det med egne ord.",
        span=Span(start, start + len(words)),
        sentence=1,
        confidence=0.9,
        suggestions=(Suggestion(text="valgt en annen enn deg", applicability=Applicability.SAFE),),
    )
    return replace(base, **changes)


def missing(code: str = "MAN03") -> Finding:
    """A finding on the whole message."""
    return Finding(
        code=code,
        name="mangler-begrunnelse",
        severity=Severity.ERROR,
        message="Det mangler en konkret begrunnelse.",
        span=None,
        sentence=None,
        confidence=1.0,
    )


def report(
    *findings: Finding, text: str = LETTER, path: str | None = "utkast/ola.txt", **changes: Any
) -> Report:
    """A report with a middling score."""
    base = Report(
        message=Message.from_text(text, path=path, id="ola"),
        language="nb",
        stage=Stage.INTERVJU,
        stage_source="option",
        mode=Mode.MESSAGE,
        is_rejection=True,
        findings=findings,
        score=Score(total=42, parts={"personlig": 50, "tone": 80}, grade="D", start=13.0, contributions=()),
    )
    return replace(base, **changes)
