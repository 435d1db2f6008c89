"""Kandidaten er ikke tiltalt med navn.

## Hva regelen finner

Meldinger uten kandidatens navn i hilsenen eller teksten. I en mal holder et flettefelt, for
eksempel `[fornavn]`. «Kjære søker» fyller ikke kravet. Navn er et krav på alle stadier, også i et
telefonmanus.

## Hvorfor det er et problem

Uten navn ser svaret ut som en utsendelse, uansett hva som står i det. Navnet er også en liten
kontroll på at riktig brev går til riktig person. Jablin og Krone 1984 fant, ifølge sammendraget, at
trekk ved brevet påvirker hvor personlig det oppleves. Skriv det slik kandidaten skriver det selv,
med aksenter og bindestrek.

## Eksempel

Bokmål:

> Hei!
>
> Takk for at du søkte jobben som vernepleier.

Nynorsk:

> Hei!
>
> Takk for at du søkte jobben som vernepleiar.

## Skriv heller

Bokmål:

> Hei, Abdirahman!
>
> Takk for at du søkte jobben som vernepleier.

Nynorsk:

> Hei, Abdirahman!
>
> Takk for at du søkte jobben som vernepleiar.

## Når du kan se bort fra den

Når rekrutteringen er anonym til siste runde, og navnet ikke er kjent for den som skriver. Si da
gjerne det i første setning, så forstår leseren hvorfor.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN08", page=__doc__ or "", ingredient="ING08")
