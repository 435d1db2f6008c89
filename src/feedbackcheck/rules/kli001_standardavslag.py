"""Avslaget står i standardformelen som alle får.

## Hva regelen finner

Setninger som forteller avgjørelsen med ord søkeren har lest før: at dere har «gått videre med
andre», at søkeren «ikke nådde opp i konkurransen», at «stillingen er besatt». Regelen ser gjennom
bøyning, ordstilling og målform. Et nei med egne ord blir ikke merket.

## Hvorfor det er et problem

Formelen er riktig, men den handler om dere og de andre. Feinberg mfl. fant, ifølge sammendraget, at
det dårligst likte avslaget var det som så saken fra bedriftens side: god, men ikke så god som
andre. I et utvalg på 22 norske avslag sto «gå videre med andre» i 14, så leseren kjenner den igjen
på første linje og leser resten som en mal. Et nei må likevel til. Det holder å si det som du ville
sagt det over et bord.

## Eksempel

Bokmål:

> Vi har dessverre valgt å gå videre med andre kandidater til stillingen.

Nynorsk:

> Vi har diverre valt å gå vidare med andre kandidatar til stillinga.

## Skriv heller

Bokmål:

> Du får ikke jobben som anleggsgartner hos oss. Jeg har ansatt en som har lagt belegningsstein i
> flere sesonger.

Nynorsk:

> Du får ikkje jobben som anleggsgartnar hos oss. Eg har tilsett ein som har lagt belegningsstein i
> fleire sesongar.

## Når du kan se bort fra den

Når setningen bare leder inn til grunnen, og grunnen kommer i samme åndedrag. Formelen gjør mindre
skade når alt rundt den er skrevet til denne ene søkeren.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI001", page=__doc__ or "")
