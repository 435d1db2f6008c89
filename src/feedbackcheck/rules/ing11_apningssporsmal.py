"""Åpner samtalen med å spørre hvordan kandidaten opplevde prosessen.

## Hva det er

Bare i telefonmanus: det første spørsmålet, før avgjørelsen, om hvordan kandidaten selv opplevde
siste samtale eller hele prosessen. Det skal være kort og åpent, og det skal komme etter at du har
sagt hvem du er.

## Hvorfor det hjelper

Spørsmålet gir kandidaten ordet først, og svaret forteller deg hvor hun står. Sier hun selv at caset
gikk tungt, er du allerede ved grunnen. Deretter kommer avgjørelsen straks, så ingen blir sittende
og håpe. Til slutt kan du spørre hvor mye mer hun vil høre: noen vil ha det kort, andre vil vite
alt. Schinkel mfl. fant, ifølge sammendraget, at for mye av det gale (en testskår) svekker velværet,
så valget bør være hennes.

## Eksempel

Bokmål:

> Hei, Pål, det er Randi fra verftet. Før jeg sier noe mer: hvordan synes du arbeidsprøven gikk?

Nynorsk:

> Hei, Pål, det er Randi frå verftet. Før eg seier noko meir: korleis synest du arbeidsprøva gjekk?

## Teller ikke

«Hvordan går det?», «har du tid et øyeblikk?» og spørsmål som kommer etter at svaret er gitt. De er
høflige, men de handler ikke om prosessen.
"""

from feedbackcheck.rules.base import IngredientRule

RULE = IngredientRule(code="ING11", page=__doc__ or "")
