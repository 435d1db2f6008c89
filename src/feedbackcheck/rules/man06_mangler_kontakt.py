"""Det står ikke hvem kandidaten kan spørre.

## Hva regelen finner

Meldinger uten en person, et nummer eller en oppfordring til å svare. Etter intervju og i finale er
det et krav, ved søknad et råd. På telefon blir det ikke etterlyst, for da er dere alt i samtale.

## Hvorfor det er et problem

Et avslag uten kontaktpunkt er en stengt dør, også når teksten er vennlig. I et utvalg på 22 norske
avslag var det ingen som nevnte en kontaktperson. De færreste spør, men muligheten gjør at
kandidaten selv kan velge hvor mye hun vil vite. Schinkel mfl. fant, ifølge sammendraget, at en
testskår i avslaget svekket velværet, så la detaljene komme når noen ber om dem.

## Eksempel

Bokmål:

> Takk for praten på lageret. Du får ikke jobben som truckfører, fordi T2-beviset manglet. Hilsen
> Liv Berge

Nynorsk:

> Takk for praten på lageret. Du får ikkje jobben som truckførar, fordi T2-beviset mangla. Helsing
> Liv Berge

## Skriv heller

Bokmål:

> Ring meg på 900 00 000 om du vil høre mer om hva vi så etter. Hilsen Liv Berge, lagersjef

Nynorsk:

> Ring meg på 900 00 000 om du vil høyre meir om kva vi såg etter. Helsing Liv Berge, lagersjef

## Når du kan se bort fra den

Når kontaktopplysningene henges på av systemet dere sender fra, og det faktisk er noen som leser
svarene.
"""

from feedbackcheck.rules.base import MissingRule

RULE = MissingRule(code="MAN06", page=__doc__ or "", ingredient="ING06")
