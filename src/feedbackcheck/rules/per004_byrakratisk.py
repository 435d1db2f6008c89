"""Kansellistil eller fagspråk som stenger leseren ute.

## Hva regelen finner

Ord og vendinger som «vedrørende», «herved», «i henhold til», «det vises til», «ovennevnte» og tunge
substantiver der et verb hadde holdt. Også engelsk HR-språk uten behov: «candidate journey», «hiring
manager», «ikke en match for rollen». Vanlige formelle ord blir ikke merket.

## Hvorfor det er et problem

Stivt språk skaper avstand nettopp når avstanden gjør vondt. Det blir også lett uklart, og Jablin og
Krone 1984 fant, ifølge sammendraget, at trekk ved brevet påvirker hvor klart det oppleves. For
offentlige organer er klart språk et krav i {lov:spraklova-klart}. Les setningen høyt: ville du sagt
den slik på telefonen?

## Eksempel

Bokmål:

> Det vises til Deres søknad vedrørende ovennevnte stilling, og det meddeles herved at denne ikke er
> tatt til følge.

Nynorsk:

> Det blir vist til søknaden Dykkar vedrørande ovannemnde stilling, og det blir herved meddelt at
> denne ikkje er teken til følgje.

## Skriv heller

Bokmål:

> Du søkte jobben som arkivar hos oss. Du får den ikke, og her er grunnen.

Nynorsk:

> Du søkte jobben som arkivar hos oss. Du får han ikkje, og her er grunnen.

## Når du kan se bort fra den

Når et ord er juridisk nødvendig, for eksempel i et vedtak med klagerett. Forklar det da med en
enkel setning etterpå.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER004", page=__doc__ or "")
