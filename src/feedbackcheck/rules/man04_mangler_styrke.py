"""Det mangler en konkret styrke.

## Hva regelen finner

Meldinger etter intervju, i finale eller på telefon der ingen setning nevner noe bestemt kandidaten
gjorde godt. I finalen er det et krav, ellers et råd. «Du gjorde et godt inntrykk» teller ikke. Ved
søknad uten møte blir det aldri etterlyst.

## Hvorfor det er et problem

Dere har sittet overfor kandidaten og sett noe. Uten et ord om det vet hun ikke hva hun bør ta med
videre, og hun kan komme til å slutte med nettopp det som var bra. Feinberg mfl. fant, ifølge
sammendraget, at «god, men ikke så god som andre» ble dårligst mottatt. Forskjellen ligger i å si
hva som var godt, uten å måle det mot noen.

## Eksempel

Bokmål:

> Takk for to hyggelige samtaler. Vi ansatte en annen helsefagarbeider, fordi nattvakt var et krav.

Nynorsk:

> Takk for to hyggelege samtalar. Vi tilsette ein annan helsefagarbeidar, fordi nattevakt var eit
> krav.

## Skriv heller

Bokmål:

> Du merket at beboeren hadde sluttet å drikke, før noen av oss gjorde det. Det blikket er verdt mye
> på en avdeling som vår.

Nynorsk:

> Du merka at bebuaren hadde slutta å drikke, før nokon av oss gjorde det. Det blikket er verdt
> mykje på ei avdeling som vår.

## Når du kan se bort fra den

Når samtalen alt er tatt på telefon, eller når du ikke har noe ekte å trekke fram. Oppdiktet ros er
verre enn ingen.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN04", page=__doc__ or "", ingredient="ING04")
