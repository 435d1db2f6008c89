"""Et løfte eller håp som ikke forplikter noen.

## Hva regelen finner

Vage åpninger mot framtiden: «vi tar kontakt hvis noe dukker opp», «håper du søker igjen», «følg
gjerne med på ledige stillinger». Et navngitt neste steg blir ikke merket: en bestemt stilling, en
dato eller en liste kandidaten selv sier ja til.

## Hvorfor det er et problem

Løftet er vennlig ment, og forskningen er ikke entydig: ifølge Waung & Brice 2000 fant Aamodt og
Peggans at et løfte om å beholde CV-en ga bedre reaksjoner. Men et løfte ingen følger opp, blir
husket. Kandidaten kan la være å søke et annet sted fordi hun venter på en telefon. Skal CV-en
lagres, trengs dessuten samtykke og frist; det handler regelen JUS002 om.

## Eksempel

Bokmål:

> Vi tar gjerne kontakt dersom det skulle dukke opp noe som passer.

Nynorsk:

> Vi tek gjerne kontakt dersom det skulle dukke opp noko som passar.

## Skriv heller

Bokmål:

> I februar lyser vi ut et vikariat på kjøkkenet i Storgata. Ring meg hvis du vil vite om det før
> annonsen kommer.

Nynorsk:

> I februar lyser vi ut eit vikariat på kjøkenet i Storgata. Ring meg om du vil vite om det før
> annonsen kjem.

## Når du kan se bort fra den

Når kandidaten selv har spurt om framtiden, og dere mener det dere svarer. Legg da helst til når og
hvem, så blir det et løfte som står.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI003", page=__doc__ or "")
