"""Kandidaten er møtt, men får bare en e-post."""

from feedbackcheck.message import Severity, Stage
from feedbackcheck.rules.base import Assessment, ProcessRule


def _check(assessment: Assessment) -> tuple[str, Severity | None] | None:
    context = assessment.document.context
    if assessment.stage in (Stage.SOKNAD, Stage.TELEFON) or context.called_first:
        return None
    if assessment.stage is Stage.FINALE:
        return "Dette er en av de siste kandidatene, og får bare en e-post. Ring først.", None
    if context.interviewed_on is not None or context.called_first is False:
        return "Dere har møtt kandidaten. Ring gjerne før e-posten går.", None
    return None


RULE = ProcessRule(code="PRO01", page=__doc__ or "", check=_check)
