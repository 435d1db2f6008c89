"""The room's front door: from a message and a checker to a revision. Command line, editor and web call this."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from feedbackcheck.analysis import DOUBTED
from feedbackcheck.message import Message, Mode, Stage
from feedbackcheck.report import Report
from feedbackcheck.suggest.revise import Revision, Rewrite, revise
from feedbackcheck.suggest.script import call_script

if TYPE_CHECKING:
    from feedbackcheck.checker import Checker

__all__ = ["suggest_for"]


def suggest_for(message: Message, checker: Checker, *, rewrite: Rewrite | None = None) -> Revision:
    """A revised draft, or a call script when the stage is ``telefon``.

    Args:
        message: the draft with its context.
        checker: checks the draft and the result; its settings hold for both.
        rewrite: an optional model's wordings.
    """
    settings = replace(checker.settings, assume_rejection=True)
    if message.text.strip():
        before = checker.check_message(message, settings)
    else:
        # Nothing to check: the language is the applicant's, else bokmål.
        before = Report(
            message=message,
            language=message.context.applicant_language
            or (settings.language if settings.language != "auto" else "nb"),
            stage=settings.stage or message.context.stage or Stage.SOKNAD,
            stage_source="option" if settings.stage else "context",
            mode=Mode.MESSAGE,
            is_rejection=True,
        )
    stage = before.stage
    # A template whose fields the context fills becomes a message for this candidate.
    mode = Mode.MESSAGE if message.context.candidate_name else before.mode

    def check(text: str) -> Report:
        from feedbackcheck.sources import read_text

        again = replace(read_text(text, name=""), context=message.context)
        # Gaps stand as fields in what is checked.
        how = Mode.TEMPLATE if again.fields else mode
        return checker.check_message(
            again, replace(settings, stage=stage, mode=how, language=_language(before))
        )

    if stage is Stage.TELEFON:
        return call_script(before, check=check)
    revision = revise(before, check=check, rewrite=rewrite)
    doubts = tuple(n for n in before.notices if n == DOUBTED)
    return replace(revision, warnings=(*doubts, *revision.warnings))


def _language(report: Report) -> str:
    return report.language if report.language in ("nb", "nn") else "auto"
