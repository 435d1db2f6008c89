"""Relations are read from Universal Dependencies labels alone: the documents here are written by hand and have nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from feedbackcheck.language.relations import agent_of, is_passive, role_of

PERSON = "Case=Nom|Number=Sing|Person={}|PronType=Prs"


def _doc(*rows: tuple[str, str, str, int, str]) -> Any:
    """Build a document of (form, part of speech, features, head, relation)."""
    import spacy
    from spacy.tokens import Doc

    forms, pos, morphs, heads, deps = (list(column) for column in zip(*rows, strict=True))
    return Doc(spacy.blank("nb").vocab, words=forms, pos=pos, morphs=morphs, heads=heads, deps=deps)


def test_passive_with_auxiliary_and_agent() -> None:
    doc = _doc(
        ("Du", "PRON", PERSON.format(2), 2, "nsubj:pass"),
        ("ble", "AUX", "Mood=Ind|Tense=Past|VerbForm=Fin", 2, "aux:pass"),
        ("vurdert", "VERB", "VerbForm=Part", 2, "ROOT"),
        ("av", "ADP", "", 4, "case"),
        ("styret", "NOUN", "Definite=Def|Gender=Neut|Number=Sing", 2, "obl"),
        ("i", "ADP", "", 6, "case"),
        ("går", "NOUN", "", 2, "obl"),
    )
    assert [token.text for token in doc if is_passive(token)] == ["vurdert"]
    agent = agent_of(doc[2])
    assert agent is not None
    assert agent.text == "styret"
    assert role_of(doc[0]) == ("subject", 2)


def test_s_passive_without_agent() -> None:
    doc = _doc(
        ("Svaret", "NOUN", "", 1, "nsubj"),
        ("sendes", "VERB", "Mood=Ind|Tense=Pres|VerbForm=Fin|Voice=Pass", 1, "ROOT"),
        ("på", "ADP", "", 3, "case"),
        ("e-post", "NOUN", "", 1, "obl"),
    )
    assert [token.text for token in doc if is_passive(token)] == ["sendes"]
    assert agent_of(doc[1]) is None


def test_copula_is_not_passive() -> None:
    doc = _doc(
        ("Stillingen", "NOUN", "", 2, "nsubj"),
        ("er", "AUX", "Mood=Ind|Tense=Pres|VerbForm=Fin", 2, "cop"),
        ("besatt", "ADJ", "VerbForm=Part", 2, "ROOT"),
    )
    assert not any(is_passive(token) for token in doc)


@pytest.mark.parametrize(
    ("form", "feats", "dep", "expected"),
    [
        ("vi", PERSON.format(1), "nsubj", ("subject", 1)),
        ("deg", PERSON.format(2), "obj", ("object", 2)),
        ("deg", PERSON.format(2), "iobj", ("object", 2)),
        ("deg", PERSON.format(2), "obl", None),
        ("det", PERSON.format(3), "nsubj", None),
        ("seg", "Case=Acc|PronType=Prs|Reflex=Yes", "obj", ("object", 3)),
        ("som", "PronType=Rel", "nsubj", None),
        ("alle", "Number=Plur|Person=3|PronType=Tot", "nsubj", None),
    ],
)
def test_role_and_person(form: str, feats: str, dep: str, expected: tuple[str, int] | None) -> None:
    doc = _doc((form, "PRON", feats, 1, dep), ("ser", "VERB", "VerbForm=Fin", 1, "ROOT"))
    assert role_of(doc[0]) == expected
