"""Meldingen blander bokmål og nynorsk."""

from feedbackcheck.message import Severity
from feedbackcheck.rules.base import Assessment, ProcessRule

_NAMES = {"nb": "bokmål", "nn": "nynorsk"}


def _check(assessment: Assessment) -> tuple[str, Severity | None] | None:
    document = assessment.document
    other = "nn" if document.language == "nb" else "nb"
    mixed = [i for i, lang in enumerate(document.sentence_languages) if lang == other]
    if not mixed:
        return None
    first = document.sentences[mixed[0]].text
    quote = first if len(first) <= 60 else first[:57].rstrip() + "…"
    count = "Én setning" if len(mixed) == 1 else f"{len(mixed)} setninger"
    return f"{count} er på {_NAMES[other]} i en melding på {_NAMES[document.language]}: «{quote}»", (
        Severity.WARNING if len(mixed) > 1 else None
    )


RULE = ProcessRule(code="PRO04", page=__doc__ or "", check=_check)
