"""Det mangler en takk.

## Hva regelen finner

Meldinger uten en eneste takk for søknaden, tiden, samtalen eller oppgaven. På telefon er det et
råd, ellers et krav. En standardtakk («takk for interessen») fyller kravet, men blir merket for seg.

## Hvorfor det er et problem

Å søke jobb er arbeid, og det er gjort for dere. Et svar som går rett på avgjørelsen, kan bli lest
som kort, selv om det ikke er ment slik. Vennlig ordvalg var blant det som ga bedre reaksjoner hos
Aamodt og Peggans 1988, gjengitt i Waung & Brice 2000. Takk helst for noe bestemt; da gjør takken
samtidig brevet personlig.

## Eksempel

Bokmål:

> Hei, Kine! Du får ikke jobben som lastebilsjåfør. Hilsen Tor Lund

Nynorsk:

> Hei, Kine! Du får ikkje jobben som lastebilsjåfør. Helsing Tor Lund

## Skriv heller

Bokmål:

> Hei, Kine! Takk for at du ble med på en runde med tankbilen, enda det var søndag. Du får ikke
> jobben som lastebilsjåfør.

Nynorsk:

> Hei, Kine! Takk for at du vart med på ein runde med tankbilen, endå det var søndag. Du får ikkje
> jobben som lastebilsjåfør.

## Når du kan se bort fra den

Når meldingen er nummer to i en samtale der du takket i den første, for eksempel et svar på et
spørsmål om grunnen.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN01", page=__doc__ or "", ingredient="ING01")
