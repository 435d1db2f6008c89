"""Brevet forteller personlige ting om en annen kandidat.

## Hva regelen finner

Navn, arbeidsgiver, alder, helse eller andre private opplysninger om den som ble ansatt, eller om
andre søkere. Hva den ansatte er kvalifisert ved, uten at personen kan kjennes igjen, blir ikke
merket. Det er tvert imot god begrunnelse.

## Hvorfor det er et problem

Den andre har gitt opplysningene for å søke jobb, ikke for at medsøkere skal få dem. Å gi dem videre
kan stride mot personvernreglene; {lov:gdpr-grunnlag} gjelder det som trengs for å behandle
søknaden. Samtidig kan en søker ha rett til å få vite hvilken utdanning, praksis og andre påviselige
kvalifikasjoner den ansatte har, se {lov:ldl-opplysningsplikt}. Gilliland mfl. 2001 fant, ifølge
sammendraget, at nettopp det opplevdes som mer rettferdig. Kvalifikasjoner: ja. Privatliv: nei.

## Eksempel

Bokmål:

> Vi valgte Henrik Dahl, som kommer fra Nordvik Regnskap og er ferdig med sykemeldingen.

Nynorsk:

> Vi valde Henrik Dahl, som kjem frå Nordvik Rekneskap og er ferdig med sjukmeldinga.

## Skriv heller

Bokmål:

> Den vi ansatte, er statsautorisert og har ført konsernregnskap i åtte år.

Nynorsk:

> Den vi tilsette, er statsautorisert og har ført konsernrekneskap i åtte år.

## Når du kan se bort fra den

Når ansettelsen er offentlig kjent, for eksempel ved en lederstilling som er meldt i pressen, eller
når personen har sagt at det er greit.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="JUS003", page=__doc__ or "")
