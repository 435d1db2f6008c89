"""Det mangler et utviklingspunkt.

## Hva regelen finner

Meldinger der ingen setning gir kandidaten noe å arbeide med: en ferdighet, et kurs, en måte å vise
kunnskapen på. Etter intervju og i finale er det et krav, ved søknad og på telefon et råd. Vil
kandidaten ha det kort, eller har dere ringt først, blir det ikke etterlyst.

## Hvorfor det er et problem

Det finnes alltid noe. I et utvalg på 22 norske avslag var det likevel ingen som nevnte det. Kluger
og DeNisi 1996 fant, ifølge sammendraget, at tilbakemelding i snitt hjelper, men at den kan skade,
oftere jo nærmere den kommer selvbildet. Hold deg derfor til oppgaven, og velg én ting. «Lykke til»
er ikke et råd.

## Eksempel

Bokmål:

> Du får ikke jobben som frontendutvikler, fordi vi trengte mer erfaring med universell utforming.
> Lykke til videre!

Nynorsk:

> Du får ikkje jobben som frontendutviklar, fordi vi trong meir erfaring med universell utforming.
> Lykke til vidare!

## Skriv heller

Bokmål:

> Ta en av sidene dine og gå gjennom den med skjermleser. Legger du funnene ved neste søknad, ser vi
> det med en gang.

Nynorsk:

> Ta ei av sidene dine og gå gjennom ho med skjermlesar. Legg du funna ved neste søknad, ser vi det
> med ein gong.

## Når du kan se bort fra den

Når kandidaten sa ja til en annen jobb først, eller når kravet er et som ingen kan øve på, som
oppstartsdatoen.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN05", page=__doc__ or "", ingredient="ING05")
