"""Ingen navngitt person har undertegnet.

## Hva regelen finner

Meldinger som slutter med avdeling, team eller firma, eller uten underskrift. Et flettefelt for
avsenderen holder i en mal. I brev og e-post er det et krav; i et telefonmanus blir det ikke
etterlyst.

## Hvorfor det er et problem

Den som har bestemt, bør stå for det. Uten et navn er det ingen å spørre, og svaret ser ut som noe
systemet fant på. Jablin og Krone 1984 fant, ifølge sammendraget, at trekk ved brevet påvirker hvor
personlig det oppleves. Undertegn helst selv når det er du som valgte; da kan du også svare på
hvorfor.

## Eksempel

Bokmål:

> Du får ikke jobben som renholder ved skolen.
>
> Med vennlig hilsen
>
> Eiendomsavdelingen

Nynorsk:

> Du får ikkje jobben som reinhaldar ved skulen.
>
> Med venleg helsing
>
> Eigedomsavdelinga

## Skriv heller

Bokmål:

> Jeg har gitt jobben til en annen renholder.
>
> Med vennlig hilsen
>
> Gro Nygård, driftsleder

Nynorsk:

> Eg har gitt jobben til ein annan reinhaldar.
>
> Med venleg helsing
>
> Gro Nygård, driftsleiar

## Når du kan se bort fra den

Når avsenderen må være anonym av hensyn til sikkerhet, for eksempel i deler av politiet eller
barnevernet. Oppgi da i det minste et kontaktpunkt som blir lest.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN09", page=__doc__ or "", ingredient="ING09")
