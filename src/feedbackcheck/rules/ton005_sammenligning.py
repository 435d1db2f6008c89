"""Kandidaten settes under andre eller rangeres.

## Hva regelen finner

Setninger som måler personen mot andre: «de andre var flinkere», «du ble nummer 14 av 20», «du var
ikke blant de beste». Opplysninger om hva den ansatte er kvalifisert ved, eller hvilket krav en
annen hadde mer av, blir ikke merket.

## Hvorfor det er et problem

Et tall på en liste forteller ikke hva kandidaten kan gjøre annerledes, bare hvor mange som var
foran. Feinberg mfl. fant, ifølge sammendraget, at «god, men ikke så god som andre» ble dårligst
mottatt. Schinkel mfl. fant på samme vis at en testskår i avslaget svekket velværet. Det er kravet i
stillingen som er målestokken, og det kan du fortelle om.

## Eksempel

Bokmål:

> De andre kandidatene var rett og slett flinkere, og du havnet på plass 14 av 20.

Nynorsk:

> Dei andre kandidatane var rett og slett flinkare, og du hamna på plass 14 av 20.

## Skriv heller

Bokmål:

> Den vi ansatte, har gått fast nattvakt på en intensivavdeling. Det var kravet vi la mest vekt på.

Nynorsk:

> Den vi tilsette, har gått fast nattevakt på ei intensivavdeling. Det var kravet vi la mest vekt
> på.

## Når du kan se bort fra den

Når dere i offentlig sektor må oppgi innstillingsrekkefølge. Gi den da for seg, og ikke som
begrunnelse. Står kandidaten nær toppen og spør selv, kan du også svare.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON005", page=__doc__ or "")
