"""Takker for søknaden, tiden eller samtalen.

## Hva det er

En takk som hører til denne personen eller prosessen: for søknaden på en navngitt stilling, for et
intervju, for en prøvedag, for at noen svarte på kort varsel. Også den enkle «takk for søknaden»
teller, men en ren standardtakk blir samtidig merket som floskel (KLI005), og da går ikke
poengsummen opp.

## Hvorfor det hjelper

Å søke jobb tar tid, og takken er det første beviset på at noen har sett arbeidet. Vennlig ordvalg
var blant det som ga bedre reaksjoner hos Aamodt og Peggans 1988, gjengitt i Waung & Brice 2000.
Takken trenger ikke være lang. Den trenger bare å nevne noe dere faktisk fikk: mappen med tegninger,
turen over fjorden, de ærlige svarene om hva som er vanskelig i jobben.

## Eksempel

Bokmål:

> Takk for at du tok med deg tegningene av trappen og gikk gjennom dem med oss, Linn.

Nynorsk:

> Takk for at du tok med deg teikningane av trappa og gjekk gjennom dei med oss, Linn.

## Teller ikke

Takk på kandidatens vegne («takk for forståelsen»), takk for noe som ikke har skjedd ennå, og takk
til «alle som søkte». En takk til den som formidlet kontakten, er hyggelig, men er ikke en takk til
søkeren.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING01", page=__doc__ or "")
