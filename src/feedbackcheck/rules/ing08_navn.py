"""Hilser med navn.

## Hva det er

En hilsen eller tiltale med kandidatens navn: «Hei, Jonas!», «Kjære Ánne». I en mal teller et
flettefelt for navnet. I et telefonmanus teller det at navnet blir sagt.

## Hvorfor det hjelper

Navnet skiller et svar fra en utsendelse. Det er også den enkleste kontrollen dere har: den som
skriver «Hei, Jonas», har minst én gang sett hvem brevet går til. Jablin og Krone 1984 fant, ifølge
sammendraget, at trekk ved brevet påvirker hvor personlig det oppleves. Skriv navnet slik kandidaten
selv skriver det, med aksenter, bindestrek og mellomnavn, og bruk fornavn om dere har vært på
fornavn i prosessen.

## Eksempel

Bokmål:

> Hei, Bich Ngoc! Takk for praten på verkstedet i forrige uke.

Nynorsk:

> Hei, Bich Ngoc! Takk for praten på verkstaden i førre veke.

## Teller ikke

«Kjære søker», «Hei,» alene, et tomt flettefelt og navnet på noen andre enn mottakeren. At navnet
står i en adresselinje over brevet, er heller ikke det samme som å hilse; mange systemer setter det
inn uten at noen har tenkt på det.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING08", page=__doc__ or "")
