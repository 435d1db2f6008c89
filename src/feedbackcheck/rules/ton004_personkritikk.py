"""Personen dømmes, ikke kompetansen eller det som ble gjort.

## Hva regelen finner

Dommer over hvem kandidaten er: «du virket umotivert», «du har ikke den rette personligheten», «du
er for stille». Beskrivelser av arbeid, svar eller erfaring blir ikke merket.

## Hvorfor det er et problem

En egenskap kan ikke rettes til neste intervju. En oppgave kan. Kluger og DeNisi 1996 fant, ifølge
sammendraget, at tilbakemelding i snitt hjelper, men at over en tredel av tiltakene gjorde skade,
oftere jo nærmere de kom selvbildet. Det rammer dessuten skjevt: Textio, som er en leverandør,
meldte i 2024 at kvinner får 22 prosent mer tilbakemelding på personlighet. Beskriv det du så eller
savnet, så slipper kandidaten å gjette hva du mener hun er.

## Eksempel

Bokmål:

> Du virket umotivert i intervjuet og har nok ikke den rette personligheten for salg.

Nynorsk:

> Du verka umotivert i intervjuet og har nok ikkje den rette personlegdomen for sal.

## Skriv heller

Bokmål:

> Da vi spilte kundemøtet, gikk du rett til prisen. Vi savnet spørsmål om hva kunden skulle bruke
> båten til.

Nynorsk:

> Då vi spela kundemøtet, gjekk du rett til prisen. Vi sakna spørsmål om kva kunden skulle bruke
> båten til.

## Når du kan se bort fra den

Når setningen roser, eller gjelder atferd som du beskriver med et eksempel. «Du avbrøt to ganger» er
en observasjon; «du er dominerende» er en dom.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON004", page=__doc__ or "")
