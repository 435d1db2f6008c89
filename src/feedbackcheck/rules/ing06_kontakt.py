"""Sier hvem kandidaten kan spørre.

## Hva det er

Et navn, et nummer eller en adresse sammen med en invitasjon til å bruke dem: «ring meg på», «svar
på denne e-posten, så leser jeg det». Et telefonnummer som bare står i underskriften, er et
grensetilfelle.

## Hvorfor det hjelper

Mange vil ikke spørre, men det betyr noe at det går an. Den som får lov til å spørre, slipper å
gjette seg til grunnen. Schinkel mfl. fant, ifølge sammendraget, at for mye uoppfordret detalj (en
testskår) kan svekke velværet; med en åpen dør får kandidaten selv velge hvor mye hun vil høre. I et
utvalg på 22 norske avslag var det ingen som nevnte en kontaktperson ved navn. Skriv gjerne når du
er å treffe.

## Eksempel

Bokmål:

> Lurer du på noe, kan du ringe meg på 900 00 000 etter klokken tre. Da er jeg ute av
> operasjonssalen.

Nynorsk:

> Lurer du på noko, kan du ringje meg på 900 00 000 etter klokka tre. Då er eg ute av
> operasjonssalen.

## Teller ikke

«Ta gjerne kontakt» uten person eller adresse, lenker til en spørreside, og kontaktopplysninger til
noe annet enn avslaget. Sier brevet samtidig at adressen ikke leses, er invitasjonen tom.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING06", page=__doc__ or "")
