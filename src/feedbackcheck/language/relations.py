"""Who does what to whom, read from Universal Dependencies labels that every Norwegian pipeline shares.

The syntax rules and the pipeline's own evaluation read parses through these functions alone, so what is measured is what the rules see.
Only relations and features of Universal Dependencies are used; tags of a particular pipeline are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["agent_of", "is_passive", "role_of"]

_PASSIVE_CHILDREN = frozenset({"aux:pass", "nsubj:pass", "csubj:pass"})
_BY = frozenset({"av", "frå", "fra"})
_NOT_PERSONAL = frozenset({"det", "den"})


def is_passive(token: Token) -> bool:
    """Whether the token is a passive verb: it has a passive auxiliary or subject, or is an s-form.

    Needs ``dep`` and ``morph``. «Være» with a participle is a copula with an adjective in the Norwegian treebanks, not a passive.
    """
    if "Pass" in token.morph.get("Voice", []):
        return True
    return token.pos_ in {"VERB", "ADJ"} and any(child.dep_ in _PASSIVE_CHILDREN for child in token.children)


def agent_of(verb: Token) -> Token | None:
    """Return the head of the phrase that names who acts in a passive, after «av» or «frå», or None. Needs ``dep``."""
    for child in verb.children:
        if child.dep_.startswith("obl") and any(
            case.dep_ == "case" and case.lower_ in _BY for case in child.children
        ):
            return child
    return None


def role_of(token: Token) -> tuple[str, int] | None:
    """Return the role (``subject`` or ``object``) and grammatical person (1 to 3) of a personal pronoun, or None.

    Needs ``dep`` and ``morph``. «Det» and «den» are left out, as they seldom mean a person; «seg» counts as third person.
    """
    if token.pos_ != "PRON" or token.lower_ in _NOT_PERSONAL:
        return None
    if token.morph.get("PronType", ["Prs"]) != ["Prs"]:
        return None  # «alle», «noen» and «dette» have a person in these treebanks and are not personal
    person = token.morph.get("Person", [])
    number = int(person[0]) if person else 3 if token.lower_ == "seg" else 0
    if not number:
        return None
    if token.dep_.startswith("nsubj"):
        return "subject", number
    return ("object", number) if token.dep_ in {"obj", "iobj"} else None
