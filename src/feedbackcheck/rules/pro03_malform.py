"""Svaret er på en annen målform enn søknaden."""

from feedbackcheck.message import Severity
from feedbackcheck.rules.base import Assessment, ProcessRule

_NAMES = {"nb": "bokmål", "nn": "nynorsk"}


def _check(assessment: Assessment) -> tuple[str, Severity | None] | None:
    context = assessment.document.context
    wanted, written = context.applicant_language, assessment.document.language
    if wanted is None or written not in _NAMES or wanted == written:
        return None
    text = f"Søkeren skrev {_NAMES[wanted]}, men svaret er på {_NAMES[written]}."
    if context.public_sector:
        return f"{text} Statlige og fylkeskommunale organer skal svare på søkerens målform.", Severity.ERROR
    return text, Severity.HINT


RULE = ProcessRule(code="PRO03", page=__doc__ or "", check=_check)
