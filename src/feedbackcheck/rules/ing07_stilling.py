"""Nevner stillingen.

## Hva det er

Stillingen ved navn, i emnelinjen, i takken eller i svaret. I en mal teller et flettefelt for
stillingen, for eksempel `[stilling]`.

## Hvorfor det hjelper

Mange søker flere jobber på en gang, noen av dem hos den samme arbeidsgiveren. Står det bare
«stillingen», må søkeren lete i egen utboks for å finne ut hva hun har fått nei på. Navnet på
stillingen er også det minste tegnet på at brevet hører til denne prosessen. Jablin og Krone 1984
fant, ifølge sammendraget, at trekk ved brevet påvirker hvor klart og personlig det oppleves, og
dette er et slikt trekk som ikke koster noe.

## Eksempel

Bokmål:

> Svar på søknaden din til stillingen som arealplanlegger i Vestre Lierne

Nynorsk:

> Svar på søknaden din til stillinga som arealplanleggjar i Vestre Lierne

## Teller ikke

«Stillingen», «rollen» eller «den utlyste stillingen» uten navn, et referansenummer alene, og
stillingen til avsenderen i underskriften. Nevnes en annen stilling enn den kandidaten søkte, slår i
stedet regelen FLT002 til, om konteksten er kjent.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING07", page=__doc__ or "")
