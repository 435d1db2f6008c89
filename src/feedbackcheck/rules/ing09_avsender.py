"""Er undertegnet av en navngitt person.

## Hva det er

Et personnavn nederst, gjerne med rolle: «Hilsen Kari Bakken, daglig leder». Fornavn holder når
tonen er slik. I en mal teller et flettefelt for avsenderen.

## Hvorfor det hjelper

Med et navn under er det noen som står for svaret, og noen å spørre. Den som har bestemt, bør helst
undertegne selv: hun kjenner grunnen og slipper å svare på andres vegne. Jablin og Krone 1984 fant,
ifølge sammendraget, at trekk ved brevet påvirker hvor personlig det oppleves. Undertegner du med
navn, må adressen også kunne ta imot svar; en navngitt rekrutterer under en melding som ikke kan
besvares, er verre enn ingen.

## Eksempel

Bokmål:

> Vennlig hilsen
>
> Tuva Solheim, avdelingsleder i barnehagen

Nynorsk:

> Venleg helsing
>
> Tuva Solheim, avdelingsleiar i barnehagen

## Teller ikke

«HR-avdelingen», «Rekrutteringsteamet», firmanavnet alene, initialer uten navn og signaturer som
systemet henger på, med et annet navn enn det brevet er skrevet av.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING09", page=__doc__ or "")
