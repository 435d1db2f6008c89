"""What a merge field looks like to the tokeniser.

Templates carry fields of many systems (Word, Mailchimp, Teamtailor, Recruitee …). For the language pipeline a field is one
token, whatever stands inside its brackets, so that a parser never sees ``{``, ``{``, ``candidate`` … as words. Only the
*shape* is decided here; which role a field plays (name, company, …) is the business of the message's readers.
"""

from __future__ import annotations

import re
from functools import cache

# Words that may stand alone in round brackets as a field: «(navn)» is one, «(vikariat)» is not.
_ROUND_WORDS = (
    "navn|fornavn|etternavn|namn|fornamn|etternamn|stilling|stillingstittel|stillingsnavn|firma|bedrift|selskap|"
    "virksomhet|dato|frist|avsender|kontaktperson|signatur|telefon|telefonnummer|e-post"
)

_ALTERNATIVES = (
    r"\{\{\{?[^{}\n]{1,80}\}?\}\}",  # {{fornavn}}, {{#if x}}, {{$x->name}}, {{{raw}}}
    r"\{%-?[^%\n]{1,80}%\}",  # {% if x %}
    r"\$\{[^{}\n]{1,60}\}",  # ${firstName}
    r"\{[ ]?MERGEFIELD[^{}\n]{1,60}\}",  # { MERGEFIELD Fornavn }
    r"\{[$#]?[\w.\-][\w.\- |:]{0,59}\}",  # {first-name there}, {0}, {$name}
    r"\*\|[^|\n]{1,40}\|\*",  # *|FNAME|*
    r"\[[A-Za-zÆØÅæøå][\w.\- /]{0,50}\]",  # [fornavn], [FIRST_NAME], [candidate.first]
    r"«[A-Za-zÆØÅæøå][\w\-]{1,40}»",  # «Fornavn» – one word only: a quotation has more
    r"%%?[A-Za-zÆØÅæøå][\w.]{1,40}%%?",  # %CANDIDATE_NAME%
    r"##?[A-Za-zÆØÅæøå][\w.\-]{1,40}##?(?!\w)",  # ##navn##
    r"__[A-Za-zÆØÅæøå0-9][A-Za-zÆØÅæøå0-9.\-]*(?:_[A-Za-zÆØÅæøå0-9.\-]+)*__",  # __NAVN__
    r"<[A-Za-zÆØÅæøå][\w.\- ]{1,40}>",  # <felt>
    rf"\((?:{_ROUND_WORDS})\)",  # (navn)
)


@cache
def merge_field_pattern() -> re.Pattern[str]:
    """Return the compiled pattern that matches one merge field of any known syntax, anywhere in a text.

    «XX» needs no place in it: it is a word already. The pattern is compiled on first use.
    """
    return re.compile("|".join(_ALTERNATIVES))
