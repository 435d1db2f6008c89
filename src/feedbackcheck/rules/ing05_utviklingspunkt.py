"""Gir noe å arbeide videre med.

## Hva det er

En ferdighet, et kurs, en erfaring eller en måte å vise kunnskap på som ville styrket søknaden neste
gang. Det kan stå som råd, som spørsmål eller som en liten fortelling, så lenge kandidaten forstår
hva hun kan gjøre.

## Hvorfor det hjelper

Det finnes alltid noe å arbeide med, og likevel var det ingen av 22 norske avslag i et utvalg som
nevnte det. CandE, som er en leverandørs undersøkelse, viste i 2019 at kandidater med tilbakemelding
var sjeldnere bitre; det er en sammenheng, ikke et bevis. Hold deg til oppgaven og én ting om
gangen. La kandidaten selv velge hvor mye hun vil høre: Schinkel mfl. fant, ifølge sammendraget, at
en testskår i avslaget svekket velværet.

## Eksempel

Bokmål:

> Øv på å forklare hvorfor du velger en reguleringsventil, ikke bare hvilken; det var der det
> stoppet.

Nynorsk:

> Øv på å forklare kvifor du vel ein reguleringsventil, ikkje berre kva for ein; det var der det
> stogga.

## Teller ikke

«Lykke til videre», «ikke gi opp», «søk gjerne igjen»: oppmuntring er hyggelig, men den sier ikke
hva kandidaten kan gjøre. Heller ikke råd om å bli en annen («vær litt mer utadvendt»).
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING05", page=__doc__ or "")
