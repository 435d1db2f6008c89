"""Begrunnelsen kunne vært sendt til hvem som helst.

## Hva regelen finner

Grunner uten innhold: mange søkere, godt kvalifisert felt, «mer relevant erfaring», «bedre
kvalifisert», «etter en helhetsvurdering». Sier setningen samtidig hvilken erfaring eller hvilket
krav som avgjorde, blir den ikke merket.

## Hvorfor det er et problem

Søkeren har brukt tid på å finne ut hva dere trenger, og sitter igjen uten å vite hva som manglet.
«Mange søkere» virker verst når kandidaten vet at det var fem. Gilliland mfl. 2001 fant, ifølge
sammendraget, at svaret ble opplevd som mer rettferdig når brevet fortalte hva den ansatte var
kvalifisert ved. En delvis gjentakelse på e-post fant ingen virkning, så ingen vet sikkert hvor mye
det betyr. En konkret grunn er uansett den eneste som søkeren kan bruke.

## Eksempel

Bokmål:

> Det var mange godt kvalifiserte søkere, og andre hadde mer relevant erfaring.

Nynorsk:

> Det var mange godt kvalifiserte søkjarar, og andre hadde meir relevant erfaring.

## Skriv heller

Bokmål:

> Vi trengte en som har kjørt ADR-transport alene. Det kurset hadde du ikke tatt ennå.

Nynorsk:

> Vi trong ein som har køyrt ADR-transport åleine. Det kurset hadde du ikkje teke enno.

## Når du kan se bort fra den

Når den konkrete grunnen står i neste setning, eller når den allerede er gitt på telefon og e-posten
bare bekrefter. Da kan du like gjerne stryke den tomme setningen.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI002", page=__doc__ or "")
