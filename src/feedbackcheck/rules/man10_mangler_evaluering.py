"""Kandidaten er ikke spurt om prosessen.

## Hva regelen finner

Meldinger i finalen uten et spørsmål om hvordan kandidaten opplevde prosessen. Der er det et råd. På
andre stadier blir det ikke etterlyst, men det gir poeng om det er med.

## Hvorfor det er et problem

De som fikk nei, ser det dere ikke ser: den uklare annonsen, den lange stillheten, spørsmålet som
ble stilt to ganger. I CandE-undersøkelsen fra 2019 lå anbefalingstallet (NPS) klart høyere blant
intervjuede som fikk tilbakemelding samme dag; det er en leverandørs tall og viser bare en
sammenheng. Spør når tilbakemeldingen er gitt, ikke i stedet for den, og gi et sted å svare.

## Eksempel

Bokmål:

> Takk for tre runder som prosjektleder-kandidat. Valget falt på en med erfaring fra jernbane.
> Hilsen Geir Foss

Nynorsk:

> Takk for tre rundar som prosjektleiar-kandidat. Valet fall på ein med erfaring frå jernbane.
> Helsing Geir Foss

## Skriv heller

Bokmål:

> Du har vært gjennom tre runder hos oss. Hva burde vi gjort annerledes? Jeg leser svaret ditt selv.

Nynorsk:

> Du har vore gjennom tre rundar hos oss. Kva burde vi gjort annleis? Eg les svaret ditt sjølv.

## Når du kan se bort fra den

Når en egen undersøkelse går ut etterpå, eller når kandidaten er såret og ikke bør bli bedt om en
tjeneste i samme brev.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN10", page=__doc__ or "", ingredient="ING10")
