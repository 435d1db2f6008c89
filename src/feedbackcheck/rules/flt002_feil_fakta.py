"""Teksten stemmer ikke med det som er kjent.

## Hva regelen finner

Motsigelser mellom brevet og konteksten dere har gitt: et annet navn, en annen stilling, et annet
firma, «mange søkere» når det var fem, en dato som ikke kan stemme. Uten kontekst sier regelen
ingenting.

## Hvorfor det er et problem

Feil navn eller feil stilling er det kandidaten husker, og det kommer nesten alltid av en mal som
ble brukt om igjen. «Mange søkere» når kandidaten vet at det var fem, får også resten av brevet til
å virke usant. Cortini mfl. 2019 fant, ifølge sammendraget, at et svar tilpasset den enkelte øker
opplevelsen av rettferdighet; da må i det minste opplysningene være hennes. Poengsummen får et tak
til feilen er rettet.

## Eksempel

Bokmål:

> Hei, Marius! Takk for søknaden på stillingen som kokk. (Kandidaten heter Marie og søkte som
> servitør.)

Nynorsk:

> Hei, Marius! Takk for søknaden på stillinga som kokk. (Kandidaten heiter Marie og søkte som
> servitør.)

## Skriv heller

Bokmål:

> Hei, Marie! Takk for søknaden på stillingen som servitør.

Nynorsk:

> Hei, Marie! Takk for søknaden på stillinga som servitør.

## Når du kan se bort fra den

Når det er konteksten som er feil eller foreldet. Rett den da, så den stemmer også for neste brev.
Kallenavn og korte former av stillingstitler kan også gi utslag; ser du at det er riktig, kan du la
det stå.
"""

from feedbackcheck.rules.base import Assessment, SentenceRule
from feedbackcheck.signs.base import Origin, Verdict


def _cannot_say_what(assessment: Assessment, verdict: Verdict) -> bool:
    """True where only the network suspects something: who is told of an error must be told which fact differs."""
    return not any(sign.origin is Origin.FACTS for sign in verdict.signs)


RULE = SentenceRule(code="FLT002", page=__doc__ or "", unless=_cannot_say_what)
