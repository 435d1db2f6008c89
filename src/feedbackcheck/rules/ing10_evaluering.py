"""Ber om kandidatens syn på prosessen.

## Hva det er

Et spørsmål eller en lenke der kandidaten kan si hvordan hun opplevde prosessen: utlysningen,
ventetiden, intervjuet, svaret. Ett åpent spørsmål er nok.

## Hvorfor det hjelper

De som fikk nei, ser det de ansatte ikke ser. Spør dere dem, får dere vite om utlysningen var uklar
eller ventetiden for lang, og dere viser at meningen deres teller også etter et nei. Hvordan
avslaget ble gitt, betyr noe for svaret: i CandE-undersøkelsen fra 2019 gikk anbefalingstallet (NPS)
blant intervjuede fra 45 til 83 med tilbakemelding samme dag om hvordan de passet til jobben. Tallet
er en leverandørs, og det viser en sammenheng, ikke en årsak.

## Eksempel

Bokmål:

> Hvordan var det å være søker hos oss? Send meg gjerne to linjer om hva vi bør gjøre annerledes.

Nynorsk:

> Korleis var det å vere søkjar hos oss? Send meg gjerne to linjer om kva vi bør gjere annleis.

## Teller ikke

Å be om forståelse, om en anmeldelse på nett eller om at kandidaten følger dere i sosiale medier. Et
spørsmål i en e-post som ikke kan besvares, teller heller ikke.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING10", page=__doc__ or "")
