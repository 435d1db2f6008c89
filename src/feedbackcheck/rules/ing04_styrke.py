"""Nevner en konkret styrke ved kandidaten.

## Hva det er

Noe kandidaten gjorde, viste eller kan, sagt så presist at det bare kan være denne ene. Gjerne noe
fra oppgaven, intervjuet, arbeidsprøven eller praksisen som står i søknaden.

## Hvorfor det hjelper

Den som nettopp har fått nei, vet ikke hva som var bra nok til å gjenta. Én presis styrke forteller
det, og den viser samtidig at noen har fulgt med. I et utvalg på 22 norske avslag hadde høyst ett en
grunn som gjaldt akkurat denne kandidaten, så det skal lite til for å skille seg ut. Styrken bør
handle om arbeidet, ikke om personen: Kluger og DeNisi 1996 fant, ifølge sammendraget, at
tilbakemelding lettere skader jo nærmere den kommer selvbildet.

## Eksempel

Bokmål:

> Du kjente igjen varmgangen i lageret på lyden, og det var det ingen andre som gjorde.

Nynorsk:

> Du kjende att varmgangen i lageret på lyden, og det var det ingen andre som gjorde.

## Teller ikke

«Du gjorde et godt inntrykk», «du har mange sterke sider», «vi likte deg»: vennlige ord uten innhold
blir merket som tom ros (KLI004). Å gjenta det søkeren selv har skrevet i CV-en, uten å si hva dere
så i det, teller heller ikke.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING04", page=__doc__ or "")
