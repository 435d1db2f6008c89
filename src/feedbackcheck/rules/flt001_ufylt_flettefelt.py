"""Et flettefelt er ikke fylt ut.

## Hva regelen finner

Felt og plassholdere som står igjen i en ferdig melding: `[fornavn]`, `{{ stilling }}`, `*|FNAME|*`,
`XX`, og sporene etter tomme felt, som «Hei ,» og «Hei null». I en mal er feltene som de skal være,
og regelen tier. Bruk `--mode` dersom verktøyet gjetter feil på hva filen er.

## Hvorfor det er et problem

Ingenting sier tydeligere at ingen har lest brevet før det gikk. Kandidaten ser både at hun fikk en
mal, og at malen ble sendt uten et blikk. Da hjelper det lite hvor godt resten er skrevet. Cortini
mfl. 2019 fant, ifølge sammendraget, at et svar tilpasset den enkelte øker opplevelsen av
rettferdighet; her går det motsatt vei. Derfor får poengsummen et tak til feltet er rettet.

## Eksempel

Bokmål:

> Hei, [fornavn]! Du får ikke stillingen som {{ stilling }} hos oss.

Nynorsk:

> Hei, [fornamn]! Du får ikkje stillinga som {{ stilling }} hos oss.

## Skriv heller

Bokmål:

> Hei, Oda! Du får ikke stillingen som tannlegesekretær hos oss.

Nynorsk:

> Hei, Oda! Du får ikkje stillinga som tannlegesekretær hos oss.

## Når du kan se bort fra den

Når teksten er en mal som systemet fyller ut, eller når klammene er en del av innholdet, for
eksempel et kodeeksempel i en tilbakemelding til en utvikler.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="FLT001", page=__doc__ or "")
