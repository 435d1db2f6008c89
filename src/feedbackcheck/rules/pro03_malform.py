"""Svaret er på en annen målform enn søknaden.

## Hva regelen finner

Konteksten sier at søkeren skrev nynorsk, og svaret er på bokmål, eller omvendt
(`applicant_language`). For et offentlig organ er det en feil, for andre et tips.

## Hvorfor det er et problem

Å svare på søkerens målform er en liten ting som viser at noen har lest søknaden. For statlige og
fylkeskommunale organer er det en plikt etter {lov:spraklova-malform}, og et svar på feil målform
kan stride mot den. Kommuner er ikke bundet på samme måte, og private står fritt. Også der er valget
synlig: den som skriver nynorsk til vanlig, legger merke til det med en gang.

## Eksempel

Bokmål:

> (Søknaden var på nynorsk.) Takk for søknaden. Du får ikke stillingen som geolog i fylkeskommunen.

Nynorsk:

> (Søknaden var på bokmål.) Takk for søknaden. Du får ikkje stillinga som geolog i fylkeskommunen.

## Skriv heller

Bokmål:

> (Søknaden var på bokmål.) Takk for søknaden. Du får ikke stillingen som geolog i fylkeskommunen.

Nynorsk:

> (Søknaden var på nynorsk.) Takk for søknaden. Du får ikkje stillinga som geolog i fylkeskommunen.

## Når du kan se bort fra den

Når søknaden blandet målformene, eller når søkeren selv har bedt om svar på den andre. Er konteksten
satt feil, så rett den der.
"""

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
