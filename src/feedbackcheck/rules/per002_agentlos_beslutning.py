"""Ingen står bak vurderingen eller beslutningen.

## Hva regelen finner

Vurderinger og beslutninger i passiv uten noen som handler: «det er besluttet», «søknaden din ble
vurdert», «du er ikke innstilt». Passiv om andre ting («stillingen ble lyst ut i mai») og passiv med
den som gjorde det («ble lest av meg og Kari») blir ikke merket.

## Hvorfor det er et problem

Et nei fra ingen er vanskelig å ta imot og umulig å spørre om. Den som har bestemt, bør stå for det;
da blir det også lettere å forklare grunnen. Klart språk betyr aktiv form, og for offentlige organer
er klart språk et krav i {lov:spraklova-klart}. «Jeg» er ikke for personlig i et avslag. Det er
akkurat personlig nok.

## Eksempel

Bokmål:

> Søknaden din er vurdert, og det er besluttet at du ikke innstilles til stillingen.

Nynorsk:

> Søknaden din er vurdert, og det er avgjort at du ikkje blir innstilt til stillinga.

## Skriv heller

Bokmål:

> Jeg har lest søknaden din sammen med fagleder Ingrid Vik, og vi har bestemt oss for en annen
> bioingeniør.

Nynorsk:

> Eg har lese søknaden din saman med fagleiar Ingrid Vik, og vi har bestemt oss for ein annan
> bioingeniør.

## Når du kan se bort fra den

Når setningen før eller etter sier tydelig hvem som vurderte. I et formelt vedtak kan passiv også
være fast form; sett da gjerne et navn i følgebrevet.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="PER002", page=__doc__ or "")
