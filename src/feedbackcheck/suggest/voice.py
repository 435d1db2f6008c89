"""How a draft speaks: målform, jeg or vi, formality, and how it writes merge fields. Suggestions speak the same way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import FieldRole, MergeField, Mode

__all__ = ["Voice", "hear"]

_I = lazy_re(r"\b(?:jeg|eg|meg|min|mitt|mine)\b", re.IGNORECASE)
_WE = lazy_re(r"\b(?:vi|oss|vår|vårt|våre|me)\b", re.IGNORECASE)
_ME_NN = lazy_re(r"\bme\b", re.IGNORECASE)
_VI = lazy_re(r"\bvi\b", re.IGNORECASE)
_INFORMAL = lazy_re(
    r"(?:^|\n)\s*(?:heia|hei\s+\S+\s*!|halla|morn)|😊|🙂|:\)|\bklem\b|!!|\btusen takk\b", re.IGNORECASE
)
_FORMAL = lazy_re(
    r"(?:^|\n)\s*kjære\b|\bmed vennlig hilsen\b|\bmed venleg helsing\b|\bvedrørende\b|\bhenhold til\b|\bDeres\b",
    re.IGNORECASE,
)

_FORMS = {
    ("nb", "vi"): {"vi": "vi", "oss": "oss", "vår": "vår", "vårt": "vårt", "våre": "våre"},
    ("nb", "jeg"): {"vi": "jeg", "oss": "meg", "vår": "min", "vårt": "mitt", "våre": "mine"},
    ("nn", "vi"): {"vi": "vi", "oss": "oss", "vår": "vår", "vårt": "vårt", "våre": "våre"},
    ("nn", "me"): {"vi": "me", "oss": "oss", "vår": "vår", "vårt": "vårt", "våre": "våre"},
    ("nn", "jeg"): {"vi": "eg", "oss": "meg", "vår": "min", "vårt": "mitt", "våre": "mine"},
}


@dataclass(frozen=True, slots=True)
class Voice:
    """How the draft speaks.

    Attributes:
        language: "nb" or "nn".
        person: "vi", "jeg" or (nynorsk only) "me".
        formality: "formal", "plain" or "informal".
        fields: the draft's own merge field for each role, as written.
        lower: sentences begin with a small letter.
        template: merge fields are meant to stand.
    """

    language: str = "nb"
    person: str = "vi"
    formality: str = "plain"
    fields: dict[FieldRole, str] = field(default_factory=dict)
    lower: bool = False
    template: bool = False

    def slots(self) -> dict[str, str]:
        """Pronouns and articles for the wording templates."""
        forms = _FORMS[(self.language, self.person)]
        articles = (
            {"a_common": "en", "a_neuter": "et", "a_feminine": "en"}
            if self.language == "nb"
            else {"a_common": "ein", "a_neuter": "eit", "a_feminine": "ei"}
        )
        return {**forms, "Vi": forms["vi"].capitalize(), **articles}

    def begin(self, text: str) -> str:
        """``text`` with the first letter as the draft writes it."""
        if self.lower and len(text) > 1 and text[0].isupper() and text[1].islower():
            return text[0].lower() + text[1:]
        return text


def hear(text: str, language: str, fields: Sequence[MergeField], mode: Mode, starts: Sequence[str]) -> Voice:
    """Listen to a draft.

    Args:
        text: the draft's words.
        language: "nb" or "nn"; anything else is answered in bokmål.
        fields: its merge fields.
        starts: the first words of its sentences, to see how they begin.
    """
    language = language if language in ("nb", "nn") else "nb"
    ours, mine = len(_WE.findall(text)), len(_I.findall(text))
    # «jeg» in one sentence of a letter that says «vi» is the sender's own hand, not the voice of the decision.
    person = "jeg" if mine > ours else "vi"
    if language == "nn" and person == "vi" and len(_ME_NN.findall(text)) > len(_VI.findall(text)):
        person = "me"
    formality = "informal" if _INFORMAL.search(text) else "formal" if _FORMAL.search(text) else "plain"
    by_role: dict[FieldRole, str] = {}
    for found in fields:
        by_role.setdefault(found.role, found.raw)
    words = [s for s in starts if s[:1].isalpha()]
    small = sum(s[0].islower() for s in words)
    return Voice(
        language=language,
        person=person,
        formality=formality,
        fields=by_role,
        lower=len(words) >= 4 and small > 0.7 * len(words),
        template=mode is Mode.TEMPLATE,
    )
