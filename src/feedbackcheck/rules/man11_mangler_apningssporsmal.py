"""Samtalen åpner ikke med et spørsmål til kandidaten.

## Hva regelen finner

Bare telefonmanus: det mangler et spørsmål tidlig i samtalen om hvordan kandidaten opplevde
prosessen eller siste møte. Der er det et krav. «Har du tid et øyeblikk?» teller ikke.

## Hvorfor det er et problem

Når kandidaten får snakke først, hører du hvor hun står før du sier noe. Ofte nevner hun selv det
som ble avgjørende, og da er begrunnelsen en fortsettelse og ikke et slag. Åpningen må være kort:
Waung & Brice 2000 fant, ifølge sammendraget, at det verste er å vente og ikke få et nei, så
avgjørelsen skal komme like etter.

## Eksempel

Bokmål:

> Hei, Even, det er Marit fra bakeriet. Du får dessverre ikke lærlingplassen, for vi trengte en med
> sertifikat til varebilen.

Nynorsk:

> Hei, Even, det er Marit frå bakeriet. Du får diverre ikkje lærlingplassen, for vi trong ein med
> sertifikat til varebilen.

## Skriv heller

Bokmål:

> Hei, Even, det er Marit fra bakeriet. Hvordan synes du prøvedagen på fredag gikk?

Nynorsk:

> Hei, Even, det er Marit frå bakeriet. Korleis synest du prøvedagen på fredag gjekk?

## Når du kan se bort fra den

Når kandidaten selv ringer for å få svaret, eller har bedt deg om å gå rett på sak. Da er et
spørsmål først bare en utsettelse.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN11", page=__doc__ or "", ingredient="ING11")
