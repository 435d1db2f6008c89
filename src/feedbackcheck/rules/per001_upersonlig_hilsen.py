"""Hilsenen eller underskriften navngir ingen.

## Hva regelen finner

Hilsener som «Kjære søker», «Til søkere på stillingen» eller bare «Hei,», og underskrifter med bare
avdeling, team eller firma. Et navn er nok, og i en mal holder et flettefelt, for eksempel
`[fornavn]`.

## Hvorfor det er et problem

Navnet er det første søkeren leser, og mangler det, er resten av brevet allerede en masseutsendelse.
Uten avsender er det heller ingen å spørre. Jablin og Krone 1984 fant, ifølge sammendraget, at trekk
ved selve brevet påvirker hvor klart og personlig det oppleves. Dette er et av de billigste trekkene
å rette: systemet kjenner navnet, og du kjenner ditt eget.

## Eksempel

Bokmål:

> Kjære søker,
>
> Vennlig hilsen Rekrutteringsteamet

Nynorsk:

> Kjære søkjar,
>
> Venleg helsing Rekrutteringsteamet

## Skriv heller

Bokmål:

> Hei, Samira!
>
> Vennlig hilsen Torgeir Moen, kjøkkensjef

Nynorsk:

> Hei, Samira!
>
> Venleg helsing Torgeir Moen, kjøkensjef

## Når du kan se bort fra den

Når utlysningen var anonym og dere ikke kjenner navnet ennå. Undertegn da i det minste med eget
navn, og si hvorfor du ikke hilser med søkerens.
"""

from feedbackcheck.language.segment import SIGNING
from feedbackcheck.rules.base import Assessment, SentenceRule
from feedbackcheck.signs.base import Verdict


def _signed_by_a_person(assessment: Assessment, verdict: Verdict) -> bool:
    """True for a line of a signature (the company's, mostly) in which another line names a person."""
    sentences = assessment.document.sentences
    return sentences[verdict.sentence].kind in SIGNING and any(
        other.level == "finding" and sentences[other.sentence].kind in SIGNING
        for other in assessment.by_code.get("ING09", ())
    )


RULE = SentenceRule(code="PER001", page=__doc__ or "", unless=_signed_by_a_person)
