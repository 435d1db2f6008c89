"""Det mangler et konkret neste steg.

## Hva regelen finner

Meldinger i finalen uten noe bestemt å gå videre med: en navngitt stilling, en dato, en liste
kandidaten kan si ja til. Der er det et råd. På andre stadier blir det ikke etterlyst, men gir poeng
om det er med.

## Hvorfor det er et problem

En finalist var nesten ansatt. Cortini mfl. 2019 fant, ifølge sammendraget, at et svar som kommer i
tide og er tilpasset den enkelte, øker viljen til å søke igjen, og et neste steg er den enkleste
måten å tilpasse på. Det må være ekte: en vag åpning er et tomt løfte (KLI003), og en lagret CV uten
samtykke er et eget problem (JUS002).

## Eksempel

Bokmål:

> Du var en av de to siste til jobben som butikksjef. Vi håper våre veier krysses igjen.

Nynorsk:

> Du var ein av dei to siste til jobben som butikksjef. Vi håper vegane våre kryssar kvarandre
> igjen.

## Skriv heller

Bokmål:

> I april åpner vi på Tveita. Jeg ringer deg uken før annonsen går ut, om du vil det; gi meg beskjed
> innen jul.

Nynorsk:

> I april opnar vi på Tveita. Eg ringjer deg veka før annonsen går ut, om du vil det; gje meg
> beskjed innan jul.

## Når du kan se bort fra den

Når det ikke finnes noe å tilby. Et ærlig «vi har ingen ny stilling i sikte» er bedre enn et
oppdiktet steg.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN12", page=__doc__ or "", ingredient="ING12")
