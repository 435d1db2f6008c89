"""Leseren omtales i tredjeperson eller som en av mange.

## Hva regelen finner

Setninger som snakker om mottakeren i stedet for til henne: «søkere som ikke er innkalt»,
«kandidaten», «de som ikke hører fra oss». Tredjeperson om andre, for eksempel den som ble ansatt,
blir ikke merket.

## Hvorfor det er et problem

Et avslag treffer én person. Når teksten snakker om «søkere», må leseren selv regne ut om det
gjelder henne, og noen regner feil. Waung & Brice 2000 fant, ifølge sammendraget, at noe av det
verste var et brev som aldri sa nei. «Du» gjør svaret både vennligere og klarere, og det er
klarspråkets første råd.

## Eksempel

Bokmål:

> Søkere som ikke er innkalt til intervju innen fredag, må regne stillingen som besatt.

Nynorsk:

> Søkjarar som ikkje er kalla inn til intervju innan fredag, må rekne stillinga som teken.

## Skriv heller

Bokmål:

> Jeg kaller deg ikke inn til intervju. De fem jeg skal møte, har kjørt buss i rute før.

Nynorsk:

> Eg kallar deg ikkje inn til intervju. Dei fem eg skal møte, har køyrt buss i rute før.

## Når du kan se bort fra den

Når du beskriver prosessen for alle før avgjørelsen, for eksempel på nettsiden. I selve svaret til
en søker er «du» alltid bedre.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER005", page=__doc__ or "")
