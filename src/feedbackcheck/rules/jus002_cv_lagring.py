"""CV eller søknad lagres uten både varighet og samtykke.

## Hva regelen finner

Setninger om at dere beholder CV eller søknad til senere, uten at det står hvor lenge og at
kandidaten samtykker eller kan si nei. Begge deler må med. Et tilbud med frist og samtykke blir ikke
merket.

## Hvorfor det er et problem

Å beholde opplysninger lenger enn formålet krever, kan stride mot {lov:gdpr-lagring}. Når
ansettelsen er ferdig, trengs det en ny avtale med kandidaten. Det finnes ingen fast norsk grense;
virksomheter bruker gjerne tre til tolv måneder. Selve tilbudet er ofte velkomment: Aamodt og
Peggans 1988 fant, gjengitt i Waung & Brice 2000, at løftet om å ta vare på CV-en ga bedre
reaksjoner. Det er måten som må rettes, ikke tanken.

## Eksempel

Bokmål:

> Vi beholder CV-en din i systemet vårt i tilfelle det dukker opp noe.

Nynorsk:

> Vi tek vare på CV-en din i systemet vårt i tilfelle det dukkar opp noko.

## Skriv heller

Bokmål:

> Svar ja om du samtykker i at vi lagrer søknaden din i inntil seks måneder. Hører vi ikke fra deg,
> sletter vi den 1. februar.

Nynorsk:

> Svar ja om du samtykkjer i at vi lagrar søknaden din i inntil seks månader. Høyrer vi ikkje frå
> deg, slettar vi han 1. februar.

## Når du kan se bort fra den

Når kandidaten alt har samtykket et annet sted, for eksempel i søknadsportalen, og der har fått vite
hvor lenge. Vis da gjerne til det i brevet.
"""

from feedbackcheck.rules.base import SentenceRule

RULE = SentenceRule(code="JUS002", page=__doc__ or "")
