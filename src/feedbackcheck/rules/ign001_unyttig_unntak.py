"""Et unntak i filen skjuler ingenting.

## Hva regelen finner

Kommentarer av typen `feedbackcheck: ignore`, med eller uten koder, som ikke lenger dekker noe funn:
enten er setningen rettet, eller regelen slår ikke til der. Feil koder hører også hit, som når
kommentaren nevner en annen regel enn den som slo til.

## Hvorfor det er et problem

Et unntak er en beskjed til den som leser filen etterpå: her har noen vurdert funnet og latt det
stå. Når det ikke lenger skjuler noe, er beskjeden feil, og en ny feil på samme sted kan bli borte
uten at noen ser den. Slike rester hoper seg fort opp i maler som mange har skrevet i. Rydd dem mens
dere husker hvorfor de kom.

## Eksempel

Bokmål:

> Du får ikke jobben som kranfører. `<!-- feedbackcheck: ignore KLI001 avtalt med HR -->`

Nynorsk:

> Du får ikkje jobben som kranførar. `<!-- feedbackcheck: ignore KLI001 avtalt med HR -->`

## Skriv heller

Bokmål:

> Du får ikke jobben som kranfører.

Nynorsk:

> Du får ikkje jobben som kranførar.

## Når du kan se bort fra den

Når malen brukes flere steder og funnet bare kommer i noen av dem. Da kan unntaket heller stå i
konfigurasjonen, under `per_file_ignores`, der det gjelder de filene det skal.
"""

from feedbackcheck.rules.base import NoticeRule

RULE = NoticeRule(code="IGN001", page=__doc__ or "")
