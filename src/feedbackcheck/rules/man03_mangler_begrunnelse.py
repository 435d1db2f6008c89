"""Det mangler en konkret begrunnelse.

## Hva regelen finner

Meldinger der ingen setning sier hvilket krav, hvilken erfaring eller hvilken ferdighet som
avgjorde. Etter intervju er det et krav. Ved søknad er det et råd, men et krav når dere vet at det
var færre enn ti søkere. Har dere ringt først, kan grunnen stå igjen i samtalen.

## Hvorfor det er et problem

Truxillo mfl. 2009 fant, ifølge sammendraget, at forklaringer øker opplevelsen av rettferdighet, og
Gilliland mfl. 2001 at det hjelper å fortelle hva den ansatte er kvalifisert ved. Uten grunn må
kandidaten lage sin egen, og den blir sjelden snillere enn den riktige. Spørsmålet kommer da gjerne
på telefon, og svaret må finnes likevel.

## Eksempel

Bokmål:

> Takk for at du kom på intervju. Vi har bestemt oss for en annen regnskapsfører.

Nynorsk:

> Takk for at du kom på intervju. Vi har bestemt oss for ein annan rekneskapsførar.

## Skriv heller

Bokmål:

> Takk for at du kom på intervju. Vi har bestemt oss for en som har ført lønn for over hundre
> ansatte, for det er det meste av jobben.

Nynorsk:

> Takk for at du kom på intervju. Vi har bestemt oss for ein som har ført løn for over hundre
> tilsette, for det er det meste av jobben.

## Når du kan se bort fra den

Når kandidaten har bedt om bare et ja eller nei, eller når grunnen er gitt på telefon. Sett da
`called_first` i konteksten, så vet verktøyet det.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN03", page=__doc__ or "", ingredient="ING03")
