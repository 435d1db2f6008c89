"""Tonen er kort og kald.

## Hva regelen finner

Et nei uten noe rundt, og harde formuleringer: «du er ikke aktuell», «vi trenger deg ikke»,
«uaktuelt». Et kort og tydelig nei sagt med høflighet blir ikke merket.

## Hvorfor det er et problem

Tydelig er bra. Waung & Brice 2000 fant, ifølge sammendraget, at blant det verste var brev som aldri
sa nei. Men tydelig er ikke det samme som brysk. Den som søkte hos deg, er ofte også kunde, nabo
eller søker om to år, og husker tonen lenger enn ordene. Aamodt og Peggans 1988 fant, gjengitt i
Waung & Brice 2000, at vennlig ordvalg ga bedre reaksjoner. En takk og en grunn koster to linjer.

## Eksempel

Bokmål:

> Du er ikke aktuell for stillingen. Spar deg bryet med å søke igjen.

Nynorsk:

> Du er ikkje aktuell for stillinga. Spar deg bryet med å søkje igjen.

## Skriv heller

Bokmål:

> Takk for at du ville bli med på båten. Jeg har gitt plassen til en annen matros, fordi jeg trengte
> en med sikkerhetskurset på plass.

Nynorsk:

> Takk for at du ville bli med på båten. Eg har gitt plassen til ein annan matros, fordi eg trong
> ein med tryggleikskurset på plass.

## Når du kan se bort fra den

Når kandidaten uttrykkelig har bedt om et kort ja eller nei. Også da går det an å være vennlig på én
linje.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON001", page=__doc__ or "")
