"""Avsenderen skyver beslutningen fra seg.

## Hva regelen finner

Setninger der noen andre fikk skylden: «ledelsen har bestemt», «det var dessverre ikke opp til meg»,
«systemet har sortert søknaden ut». Forteller du hvem som bestemte, og står du for det, blir
setningen ikke merket. Et byrås «kunden valgte» er et grensetilfelle.

## Hvorfor det er et problem

Kandidaten trenger en som kan svare på hvorfor. Når avsenderen melder seg ut, er det ingen igjen å
spørre, og svaret ser tilfeldig ut. Truxillo mfl. 2009 fant, ifølge sammendraget, at forklaringer
øker opplevelsen av rettferdighet, og en forklaring må noen eie. Har du ikke bestemt selv, kan du be
om grunnen før du sender svaret.

## Eksempel

Bokmål:

> Det var dessverre ikke opp til meg; det er ledelsen som har bestemt dette.

Nynorsk:

> Det var diverre ikkje opp til meg; det er leiinga som har bestemt dette.

## Skriv heller

Bokmål:

> Rektor og jeg har bestemt dette sammen. Vi trengte en som kan ta matematikk på tiende trinn fra
> januar.

Nynorsk:

> Rektor og eg har bestemt dette saman. Vi trong ein som kan ta matematikk på tiande trinnet frå
> januar.

## Når du kan se bort fra den

Når et ytre forhold stanset ansettelsen, for eksempel et budsjettvedtak. Det er en ærlig grunn, og
Gilliland mfl. 2001 fant, ifølge sammendraget, at ytre forhold fortalt åpent ga mer lyst til å søke
igjen.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON007", page=__doc__ or "")
