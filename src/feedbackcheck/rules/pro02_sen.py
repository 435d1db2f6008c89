"""Svaret kommer for sent.

## Hva regelen finner

Det har gått flere dager enn grensen fra søknadsfristen, intervjuet eller beslutningen til svaret
går. Regelen regner fra den siste av disse som er kjent, fram til `sent_on` eller dagen i dag.
Grensen er 14 dager; den kan endres med `late_after_days`.

## Hvorfor det er et problem

Waung & Brice 2000 fant, ifølge sammendraget, at lang ventetid var blant det verste en søker
opplevde. Stillheten blir lest som et svar, bare uten den høfligheten et svar har. Cortini mfl. 2019
fant på samme måte at et svar i tide øker både opplevd rettferdighet og viljen til å søke igjen.
Avslå derfor underveis, så snart dere vet det, og ikke når den siste kontrakten er underskrevet.

## Eksempel

Bokmål:

> Takk for intervjuet i august. Du får ikke jobben som skogsarbeider. (Sendt i oktober.)

Nynorsk:

> Takk for intervjuet i august. Du får ikkje jobben som skogsarbeidar. (Sendt i oktober.)

## Skriv heller

Bokmål:

> Du har ventet i sju uker på dette svaret, og det beklager jeg. Du får ikke jobben som
> skogsarbeider.

Nynorsk:

> Du har venta i sju veker på dette svaret, og det beklagar eg. Du får ikkje jobben som
> skogsarbeidar.

## Når du kan se bort fra den

Når kandidaten fikk vite underveis at det ville ta tid, og hvor lenge. Da er ventetiden avtalt. Sett
gjerne datoen for den beskjeden som beslutningsdato.
"""

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
