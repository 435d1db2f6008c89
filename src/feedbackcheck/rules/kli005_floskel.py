"""En høflighetsfrase som kunne stått i et hvilket som helst brev.

## Hva regelen finner

Faste vendinger som «lykke til videre i jobbsøkingen», «takk for interessen for vår virksomhet» og
«vi setter stor pris på tiden du har brukt». Takk og ønsker som er knyttet til denne personen eller
prosessen, blir ikke merket.

## Hvorfor det er et problem

Én frase skader lite, og derfor er funnet bare et tips. Men de fyller lett halve brevet: i et utvalg
på 22 norske avslag ønsket ni lykke til videre, og ingen ga et utviklingspunkt. Frasen tar plassen
til noe søkeren kunne brukt. Cortini mfl. 2019 fant, ifølge sammendraget, at et svar tilpasset den
enkelte øker opplevelsen av rettferdighet og lysten til å søke igjen.

## Eksempel

Bokmål:

> Takk for interessen for vår virksomhet, og lykke til videre i jobbsøkingen.

Nynorsk:

> Takk for interessa for verksemda vår, og lykke til vidare i jobbsøkinga.

## Skriv heller

Bokmål:

> Takk for at du kom helt fra Alta for å prøvesveise hos oss. Fortsett med aluminium; der var du
> trygg.

Nynorsk:

> Takk for at du kom heilt frå Alta for å prøvesveise hos oss. Hald fram med aluminium; der var du
> trygg.

## Når du kan se bort fra den

Når brevet ellers er personlig og frasen bare runder av. Et «lykke til» fra en leder som nettopp har
gitt et godt råd, er ingen feil.
"""

from feedbackcheck.language.segment import BlockKind
from feedbackcheck.rules.base import Assessment, SentenceRule
from feedbackcheck.signs.base import Verdict

_FORMULA_WORDS = 3


def _bare_closing(assessment: Assessment, verdict: Verdict) -> bool:
    """True for «Alt godt» above a name: there it is the way to sign."""
    sentence = assessment.document.sentences[verdict.sentence]
    return sentence.kind is BlockKind.CLOSING and len(sentence.text.split()) <= _FORMULA_WORDS


RULE = SentenceRule(code="KLI005", page=__doc__ or "", unless=_bare_closing)
