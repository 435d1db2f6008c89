"""Det beklages mer enn kandidaten har bruk for.

## Hva regelen finner

Beklagelse eller medynk ut over ett enkelt «dessverre» eller «beklager»: «vi er utrolig lei oss»,
«dette er like tungt for oss», flere unnskyldninger på rad. Ett «dessverre» blir ikke merket.

## Hvorfor det er et problem

Overdreven beklagelse gjør avsenderens følelser til temaet. Kandidaten må nesten trøste deg, og kan
begynne å lure på om noe gikk galt. Den dekker også over det som hjelper: ifølge sammendraget fant
Truxillo mfl. 2009 at forklaringer gjør utvelgelse mer rettferdig i deltakernes øyne. Plassen er
bedre brukt på en grunn. Ett ord er nok til å vise at du vet hva svaret betyr.

## Eksempel

Bokmål:

> Vi er utrolig lei oss og beklager på det sterkeste at vi dessverre må skuffe deg.

Nynorsk:

> Vi er utruleg lei oss og orsakar på det sterkaste at vi diverre må skuffe deg.

## Skriv heller

Bokmål:

> Du får dessverre ikke jobben som hudpleier. Grunnen er at vi trengte en som kan laserbehandling
> fra første dag.

Nynorsk:

> Du får diverre ikkje jobben som hudpleiar. Grunnen er at vi trong ein som kan laserbehandling frå
> første dag.

## Når du kan se bort fra den

Når dere har gjort en reell feil, for eksempel sendt svaret til feil person eller latt kandidaten
vente i måneder. Da skal dere beklage feilen ordentlig, én gang.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="TON003", page=__doc__ or "")
