"""Meldingen viser at den er sendt av en maskin.

## Hva regelen finner

Spor av automatikk: «denne e-posten kan ikke besvares», «automatisk generert melding», «produsert
maskinelt og derfor uten underskrift», en no-reply-adresse i teksten.

## Hvorfor det er et problem

Det er ingenting galt i at et system sender brevet. Men en melding som sier at ingen leser svaret,
sier også at samtalen er over før den begynte. Ber den samtidig om tilbakemelding, eller er den
undertegnet av en navngitt rekrutterer, blir det en dør uten håndtak. Ifølge sammendraget fant
Cortini mfl. 2019 at et svar tilpasset den enkelte opplevdes som mer rettferdig, og maskinposten
forteller det motsatte.

## Eksempel

Bokmål:

> Dette er en automatisk generert melding som ikke kan besvares.

Nynorsk:

> Dette er ei automatisk generert melding som det ikkje kan svarast på.

## Skriv heller

Bokmål:

> Du kan svare rett på denne e-posten, så leser jeg det selv. Hilsen Bjørn Aas, verksmester

Nynorsk:

> Du kan svare rett på denne e-posten, så les eg det sjølv. Helsing Bjørn Aas, verksmeister

## Når du kan se bort fra den

Når meldingen er en ren kvittering uten avgjørelse. Er det teknisk umulig å ta imot svar, så oppgi
et navn og et nummer i samme setning, så vet søkeren hvor hun kan gå.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER003", page=__doc__ or "")
