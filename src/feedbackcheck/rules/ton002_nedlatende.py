"""Teksten snakker ned til kandidaten eller forteller hva hun skal føle.

## Hva regelen finner

Formaninger, belæringer og trøst ovenfra: «som du sikkert forstår», «ikke ta det personlig», «du må
regne med konkurranse», «kanskje du bør sikte litt lavere». Råd gitt med respekt blir ikke merket.

## Hvorfor det er et problem

Skuffelsen er kandidatens egen. Å bli fortalt at den er unødvendig, gjør den større. Setninger som
dette flytter også blikket fra oppgaven til personen, og i Kluger og DeNisi 1996 gjorde over en
tredel av tilbakemeldingene ifølge sammendraget mer skade enn nytte, oftere jo nærmere de kom
selvbildet. Et konkret råd om hva kandidaten kan gjøre, står seg uten formaningen foran.

## Eksempel

Bokmål:

> Som du sikkert forstår, må du regne med at konkurransen er hard, så ikke ta det personlig.

Nynorsk:

> Som du sikkert forstår, må du rekne med at konkurransen er hard, så ikkje ta det personleg.

## Skriv heller

Bokmål:

> Jeg forsto på deg at du gjerne ville ha jobben, og jeg skulle ønske svaret var et annet. Ta gjerne
> kurset i stell av klauv før neste runde.

Nynorsk:

> Eg skjøna på deg at du gjerne ville ha jobben, og eg skulle ønskje svaret var eit anna. Ta gjerne
> kurset i stell av klauv før neste runde.

## Når du kan se bort fra den

Når kandidaten selv har spurt hvordan markedet ser ut, og du svarer på det.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON002", page=__doc__ or "")
