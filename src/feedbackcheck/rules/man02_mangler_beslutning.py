"""Meldingen sier aldri at svaret er nei.

## Hva regelen finner

Avslag der ingen setning forteller at denne søkeren ikke får jobben eller ikke går videre.
Standardformelen teller som et svar. Det gjør ikke «det ser vanskelig ut» eller «vi har kommet langt
i prosessen».

## Hvorfor det er et problem

Waung & Brice 2000 fant, ifølge sammendraget, at noe av det verste en søker kan få, er et brev som
aldri sier nei. Leseren må tolke, og den som håper, tolker til egen fordel. Noen venter på et svar
de alt har fått. Ofte er det rett og slett glemt: brevet er skrevet om så mange ganger at selve
svaret falt ut. Si det i første avsnitt, med «du» og «ikke».

## Eksempel

Bokmål:

> Takk for søknaden. Det var mange om beinet til jobben som badevakt, og vi satte stor pris på å bli
> kjent med deg.

Nynorsk:

> Takk for søknaden. Det var mange om beinet til jobben som badevakt, og vi sette stor pris på å bli
> kjende med deg.

## Skriv heller

Bokmål:

> Takk for søknaden. Du får ikke jobben som badevakt i sommer, fordi vi trengte noen med
> livredningsprøven tatt i år.

Nynorsk:

> Takk for søknaden. Du får ikkje jobben som badevakt i sommar, fordi vi trong nokon med
> livredningsprøva teken i år.

## Når du kan se bort fra den

Når meldingen ikke er et avslag, men en status. Da er det verktøyet som har tatt feil av hva den er.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN02", page=__doc__ or "", ingredient="ING02")
