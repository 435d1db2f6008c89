"""Grunnen eller merknaden kan stride mot diskrimineringsvernet.

## Hva regelen finner

Alder, kjønn, graviditet og permisjon, etnisitet, språk ut over det jobben krever, religion,
funksjonsnedsettelse, helse, seksuell orientering, fagforening eller politikk brukt som grunn eller
nevnt i forbifarten. Også i forkledning: «et ungt miljø», «i din livssituasjon». Et krav som
arbeidet selv stiller, og som er fortalt slik, blir ikke merket.

## Hvorfor det er et problem

En slik grunn kan stride mot {lov:ldl-diskrimineringsgrunner} eller {lov:aml-diskriminering}, også
når den er vennlig ment. Krav som arbeidet selv stiller, kan være tillatt, se
{lov:ldl-lovlig-forskjell}. Feedbackcheck gir ikke juridiske råd og avgjør ikke hva som er lov;
funnet sier at en fagperson bør lese setningen. Poengsummen får et tak så lenge den står.

## Eksempel

Bokmål:

> Vi er et ungt miljø, og tror du som småbarnsmor ville fått det tøft med skiftene.

Nynorsk:

> Vi er eit ungt miljø, og trur du som småbarnsmor ville fått det tøft med skifta.

## Skriv heller

Bokmål:

> Jobben har tre netter i uken. Du skrev at du bare kan arbeide dag, og derfor får du den ikke.

Nynorsk:

> Jobben har tre netter i veka. Du skreiv at du berre kan arbeide dag, og difor får du han ikkje.

## Når du kan se bort fra den

Når kravet følger av arbeidet, for eksempel helseattest til sjøs eller norsk på et visst nivå i
pasientsamtaler, og dere har undersøkt at det er saklig. Skriv da kravet, ikke egenskapen.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="JUS001", page=__doc__ or "")
