"""Meldingen blander bokmål og nynorsk.

## Hva regelen finner

Én eller flere setninger på den andre målformen enn resten av meldingen. Er det flere enn én, blir
det en advarsel. Navn, sitater fra søknaden og ord som er like i begge målformer, teller ikke.

## Hvorfor det er et problem

Blandingen kommer oftest av en mal: én setning er limt inn fra et annet brev, og ingen har lest
helheten. Søkeren ser sømmen. Offentlige organer skal dessuten følge rettskrivingen, se
{lov:spraklova-rettskriving}. Rettingen er rask når noen peker på setningen.

## Eksempel

Bokmål:

> Takk for søknaden på jobben som miljøterapeut. Jeg har lest hva du skriver om turnus. Diverre får
> du ikkje jobben denne gongen. Ring meg hvis du lurer på noe.

Nynorsk:

> Takk for søknaden på jobben som miljøterapeut. Eg har lese kva du skriv om turnus. Dessverre får
> du ikke jobben denne gangen. Ring meg om du lurer på noko.

## Skriv heller

Bokmål:

> Takk for søknaden på jobben som miljøterapeut. Jeg har lest hva du skriver om turnus. Dessverre
> får du ikke jobben denne gangen. Ring meg hvis du lurer på noe.

Nynorsk:

> Takk for søknaden på jobben som miljøterapeut. Eg har lese kva du skriv om turnus. Diverre får du
> ikkje jobben denne gongen. Ring meg om du lurer på noko.

## Når du kan se bort fra den

Når dere siterer søkerens egne ord på søkerens målform, eller når en fast tekst i bunnen har sin
egen målform, for eksempel navnet på en etat.
"""

from feedbackcheck.message import Severity
from feedbackcheck.rules.base import Assessment, ProcessRule

_NAMES = {"nb": "bokmål", "nn": "nynorsk"}


def _check(assessment: Assessment) -> tuple[str, Severity | None] | None:
    document = assessment.document
    other = "nn" if document.language == "nb" else "nb"
    mixed = [i for i, lang in enumerate(document.sentence_languages) if lang == other]
    if not mixed:
        return None
    first = document.sentences[mixed[0]].text
    quote = first if len(first) <= 60 else first[:57].rstrip() + "…"
    count = "Én setning" if len(mixed) == 1 else f"{len(mixed)} setninger"
    return f"{count} er på {_NAMES[other]} i en melding på {_NAMES[document.language]}: «{quote}»", (
        Severity.WARNING if len(mixed) > 1 else None
    )


RULE = ProcessRule(code="PRO04", page=__doc__ or "", check=_check)
