"""Gir en konkret grunn.

## Hva det er

En grunn som nevner hvilket krav, hvilken erfaring eller hvilken ferdighet som avgjorde. Den kan
handle om søkeren, om hva den ansatte er kvalifisert ved, eller om noe utenfor dere begge, som et
budsjett eller en endret vaktplan.

## Hvorfor det hjelper

Truxillo mfl. 2009 fant i 26 utvalg at forklaringer øker opplevelsen av rettferdighet, ifølge
sammendraget; der gjaldt det utvelgelse, ikke brev. Gilliland mfl. 2001 fant at det hjalp å fortelle
hva den ansatte var kvalifisert ved, og at ytre forhold mer enn doblet viljen til å søke igjen. En
delvis gjentakelse på e-post fant ingen virkning. En grunn søkeren kan kjenne igjen, er uansett det
hun kan gjøre noe med.

## Eksempel

Bokmål:

> Vi trengte noen med fagbrev i rørlegging og våtromssertifikat, og sertifikatet hadde du ikke.

Nynorsk:

> Vi trong nokon med fagbrev i røyrlegging og våtromssertifikat, og sertifikatet hadde du ikkje.

## Teller ikke

«Mange søkere», «andre passet bedre», «etter en samlet vurdering»: ord som peker på en grunn uten å
nevne den. Heller ikke grunner om personen («du virket usikker»), eller grunner som kan stride mot
diskrimineringsvernet.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING03", page=__doc__ or "")
