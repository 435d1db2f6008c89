"""Kandidaten er møtt, men får bare en e-post.

## Hva regelen finner

Konteksten sier at kandidaten er en av de siste, eller at dere har møttes til intervju, og at ingen
har ringt. Regelen leser ikke teksten; den ser på `stage`, `interviewed_on` og `called_first`. Etter
intervju er det et tips, i finalen en advarsel.

## Hvorfor det er et problem

Jo lenger en kandidat har kommet, desto mer skylder dere henne. For en søker dere aldri har møtt, er
en e-post i orden. Den som har sittet i rommet, fortjener en stemme og kan stille spørsmål med en
gang. Schinkel mfl. fant, ifølge sammendraget, at en testskår i avslaget svekket velværet; på
telefon kan kandidaten selv si når det er nok. E-posten kan så gjenta det viktigste.

## Eksempel

Bokmål:

> Du var en av to i siste runde til stillingen som avdelingssykepleier. Vi har valgt den andre.

Nynorsk:

> Du var ein av to i siste runde til stillinga som avdelingssjukepleiar. Vi har valt den andre.

## Skriv heller

Bokmål:

> Som vi snakket om på telefon i dag, får du ikke stillingen som avdelingssykepleier. Her er
> punktene fra samtalen.

Nynorsk:

> Som vi snakka om på telefon i dag, får du ikkje stillinga som avdelingssjukepleiar. Her er punkta
> frå samtalen.

## Når du kan se bort fra den

Når kandidaten har bedt om skriftlig svar, eller når dere har prøvd å ringe uten hell. Sett
`called_first` i konteksten når samtalen er tatt.
"""

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
