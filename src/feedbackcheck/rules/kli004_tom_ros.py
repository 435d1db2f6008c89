"""Rosen sier ikke hva som var bra.

## Hva regelen finner

Ros som kunne vært gitt usett: «du har en interessant bakgrunn», «du gjorde et godt inntrykk»,
«mange sterke sider». Nevner setningen oppgaven, svaret eller ferdigheten som utmerket seg, blir den
ikke merket.

## Hvorfor det er et problem

Tom ros rett før et nei leses som innpakning. Kandidaten lærer ingenting av den og kan ikke bruke
den i neste søknad. Feinberg mfl. fant, ifølge sammendraget, at «god, men ikke så god som andre» var
den varianten folk likte minst. Ros som nevner én ting du faktisk la merke til, virker motsatt: den
viser at noen har lest og lyttet, og den er noe å bygge videre på.

## Eksempel

Bokmål:

> Du har en spennende bakgrunn og gjorde et svært godt inntrykk på oss.

Nynorsk:

> Du har ein spanande bakgrunn og gjorde eit svært godt inntrykk på oss.

## Skriv heller

Bokmål:

> Måten du roet den urolige pasienten på i rollespillet, var den beste vi så den dagen.

Nynorsk:

> Måten du roa den urolege pasienten på i rollespelet, var den beste vi såg den dagen.

## Når du kan se bort fra den

Når rosen er første halvdel av en setning, og det konkrete kommer like etter. Har du ikke møtt
kandidaten og ikke noe bestemt å trekke fram, er det bedre å la rosen være enn å finne på noe.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="KLI004", page=__doc__ or "")
