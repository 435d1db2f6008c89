"""Det er uklart om dette er et nei.

## Hva regelen finner

Avslag der selve svaret er gjemt eller holdt åpent: «foreløpig ikke aktuelt», «vi ser for oss å
kanskje gå en annen vei», «det ser litt vanskelig ut». Et klart nei blir ikke merket, enten det er
varmt eller kjølig. «Denne gangen» alene er ikke uklart.

## Hvorfor det er et problem

Avsenderen vil skåne, men leseren blir gående og vente. Waung & Brice 2000 fant, ifølge
sammendraget, at det verste var lang ventetid og et brev som aldri sier nei. Uklarhet gir begge
deler på en gang. Kandidaten kan si nei til en annen jobb i mellomtiden. Et tydelig svar er en
høflighet, og vennligheten får plass i setningene rundt.

## Eksempel

Bokmål:

> Foreløpig ser vi for oss å kanskje gå en litt annen vei, men vi får se.

Nynorsk:

> Førebels ser vi for oss å kanskje gå ein litt annan veg, men vi får sjå.

## Skriv heller

Bokmål:

> Svaret er nei denne gangen: Du får ikke stillingen som landmåler. Vi har ansatt en annen, og
> prosessen er avsluttet.

Nynorsk:

> Svaret er nei denne gongen: Du får ikkje stillinga som landmålar. Vi har tilsett ein annan, og
> prosessen er avslutta.

## Når du kan se bort fra den

Når svaret faktisk er åpent, fordi kandidaten står som reserve. Si det da rett ut, med en dato for
når det er avgjort.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON006", page=__doc__ or "")
