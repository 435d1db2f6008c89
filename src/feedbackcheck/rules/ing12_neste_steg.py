"""Gir et konkret neste steg.

## Hva det er

Noe bestemt som kan skje videre: en navngitt stilling, en dato, en prøvevakt, en talentliste
kandidaten selv kan velge å stå på. Det må gå an å skrive det i en kalender eller svare ja eller nei
på det.

## Hvorfor det hjelper

Et neste steg gjør avslaget til et svar i en pågående kontakt. Det er også det som skiller
invitasjonen fra det tomme løftet: kandidaten vet hva hun kan gjøre, og når. Cortini mfl. 2019 fant,
ifølge sammendraget, at et svar som kommer i tide og er tilpasset den enkelte, øker viljen til å
søke igjen. I et utvalg på 22 norske avslag hadde ingen et neste steg med dato.

## Eksempel

Bokmål:

> Vi lyser ut to lærlingplasser i mekatronikk 1. mars. Si fra om du vil at jeg sender deg lenken.

Nynorsk:

> Vi lyser ut to lærlingplassar i mekatronikk 1. mars. Sei frå om du vil at eg sender deg lenkja.

## Teller ikke

«Vi tar kontakt hvis noe dukker opp», «følg med på nettsidene våre» og andre vage åpninger; de blir
merket som tomt løfte (KLI003). En talentliste uten frist og samtykke er heller ikke et neste steg,
men en lagring (JUS002).
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING12", page=__doc__ or "")
