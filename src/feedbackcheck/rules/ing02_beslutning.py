"""Sier at kandidaten ikke får jobben eller ikke går videre.

## Hva det er

Setningen som inneholder selve svaret, sagt slik at det ikke går an å misforstå. Den kan være kort
eller lang, med eller uten «dessverre», og den kan stå i standardformelen; da blir den i tillegg
merket med KLI001.

## Hvorfor det hjelper

Alt annet i brevet leses i lys av denne setningen. Waung & Brice 2000 fant, ifølge sammendraget, at
noe av det verste en søker kan få, er et brev som aldri sier nei. Kommer svaret tidlig, slipper
leseren å lete, og hun kan bruke resten av brevet til å forstå grunnen. I en telefonsamtale hører
svaret hjemme like etter åpningsspørsmålet, før det har rukket å bli rart.

## Eksempel

Bokmål:

> Jeg har valgt en annen til jobben som driftsleder på anlegget, og du får den altså ikke.

Nynorsk:

> Eg har valt ein annan til jobben som driftsleiar på anlegget, og du får han altså ikkje.

## Teller ikke

Antydninger («det ser vanskelig ut»), svar om noe annet («det er ikke mulig å endre søknaden») og
ren informasjon om at prosessen er avsluttet, uten at det sies hva den endte med for denne søkeren.
«Dessverre» alene er heller ikke et svar.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING02", page=__doc__ or "")
