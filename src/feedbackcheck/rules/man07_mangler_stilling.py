"""Stillingen er ikke nevnt.

## Hva regelen finner

Meldinger der verken emnelinjen eller teksten sier hvilken stilling det gjelder. I en mal holder et
flettefelt for stillingen. «Stillingen» alene er ikke nok. Ved søknad og etter intervju er det et
krav, i finalen et råd.

## Hvorfor det er et problem

Den som søker ti jobber, vet ikke hvilket nei dette er, og må lete i egen utboks. Et brev uten
stilling kan dessuten gå til feil prosess uten at noen merker det. Jablin og Krone 1984 fant, ifølge
sammendraget, at trekk ved brevet påvirker hvor klart og personlig det oppleves. Ett ord retter
dette, og det hører hjemme i første setning eller i emnet.

## Eksempel

Bokmål:

> Emne: Svar på søknad
>
> Hei, Nora! Takk for søknaden på stillingen. Du går ikke videre.

Nynorsk:

> Emne: Svar på søknad
>
> Hei, Nora! Takk for søknaden på stillinga. Du går ikkje vidare.

## Skriv heller

Bokmål:

> Emne: Svar på søknaden din som skipselektriker
>
> Hei, Nora! Takk for søknaden på jobben som skipselektriker om bord på «Havtind».

Nynorsk:

> Emne: Svar på søknaden din som skipselektrikar
>
> Hei, Nora! Takk for søknaden på jobben som skipselektrikar om bord på «Havtind».

## Når du kan se bort fra den

Når kandidaten søkte åpent, uten en utlyst stilling. Skriv da «den åpne søknaden din», så er det
klart likevel.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN07", page=__doc__ or "", ingredient="ING07")
