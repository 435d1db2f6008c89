"""Constructions on hand-built parses that carry nothing but labels and features of Universal Dependencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from feedbackcheck.language.document import Document
from feedbackcheck.language.segment import segment
from feedbackcheck.message import Message, Mode, Stage
from feedbackcheck.signs.syntax import (
    NEEDS,
    SyntaxFinder,
    agentless_passive,
    candidate,
    imperative_advice,
    reader_in_third_person,
    refused_reader,
)

Word = tuple[str, str, str, int, str]  # text, UPOS, label, index of the head, features


@pytest.fixture(scope="module")
def vocab() -> Any:
    return pytest.importorskip("spacy.vocab").Vocab()


def build(vocab: Any, words: Sequence[Word]) -> Any:
    from spacy.tokens import Doc

    return Doc(
        vocab,
        words=[w[0] for w in words],
        spaces=[i + 1 < len(words) and words[i + 1][0] not in ".,!?" for i in range(len(words))],
        pos=[w[1] for w in words],
        deps=[w[2] for w in words],
        heads=[w[3] for w in words],
        morphs=[w[4] for w in words],
    )


PART = "VerbForm=Part"
PAST = "Mood=Ind|Tense=Past|VerbForm=Fin"
PRES = "Mood=Ind|Tense=Pres|VerbForm=Fin"

SOKNADEN_BLE_VURDERT: list[Word] = [
    ("Søknaden", "NOUN", "nsubj:pass", 3, "Definite=Def|Number=Sing"), ("din", "PRON", "nmod:poss", 0, "Poss=Yes"),
    ("ble", "AUX", "aux:pass", 3, PAST), ("vurdert", "VERB", "ROOT", 3, PART), (".", "PUNCT", "punct", 3, ""),
]  # fmt: skip
AV_MEG_OG_KARI: list[Word] = [
    *SOKNADEN_BLE_VURDERT[:4], ("av", "ADP", "case", 5, ""), ("meg", "PRON", "obl", 3, "Case=Acc|Person=1"),
    ("og", "CCONJ", "cc", 7, ""), ("Kari", "PROPN", "conj", 5, ""), (".", "PUNCT", "punct", 3, ""),
]  # fmt: skip
AV_HENSYN: list[Word] = [
    *SOKNADEN_BLE_VURDERT[:4], ("av", "ADP", "case", 5, ""), ("hensyn", "NOUN", "obl", 3, ""), ("til", "ADP", "case", 7, ""),
    ("kravene", "NOUN", "nmod", 5, ""), (".", "PUNCT", "punct", 3, ""),
]  # fmt: skip
DET_ER_BESLUTTET: list[Word] = [
    ("Det", "PRON", "expl", 2, "Person=3"), ("er", "AUX", "cop", 2, PRES), ("besluttet", "VERB", "ROOT", 2, PART),
    ("å", "PART", "mark", 4, ""), ("velge", "VERB", "csubj", 2, "VerbForm=Inf"), ("andre", "DET", "obj", 4, "Number=Plur"),
    (".", "PUNCT", "punct", 2, ""),
]  # fmt: skip
SAKA_VERT_HANDSAMA: list[Word] = [  # nynorsk; the auxiliary as head, as some parsers have it
    ("Søknaden", "NOUN", "nsubj", 1, "Definite=Def"), ("vart", "VERB", "ROOT", 1, PAST), ("handsama", "VERB", "xcomp", 1, PART),
    ("og", "CCONJ", "cc", 4, ""), ("avslått", "VERB", "conj", 2, PART), (".", "PUNCT", "punct", 1, ""),
]  # fmt: skip
VURDERES: list[Word] = [
    ("Søknaden", "NOUN", "nsubj:pass", 1, "Definite=Def"), ("imøtekommes", "VERB", "ROOT", 1, f"{PRES}|Voice=Pass"),
    ("ikke", "PART", "advmod", 1, "Polarity=Neg"), (".", "PUNCT", "punct", 1, ""),
]  # fmt: skip
VI_HAR_VURDERT: list[Word] = [
    ("Vi", "PRON", "nsubj", 2, "Case=Nom|Person=1"), ("har", "AUX", "aux", 2, PRES), ("vurdert", "VERB", "ROOT", 2, PART),
    ("søknaden", "NOUN", "obj", 2, "Definite=Def"), (".", "PUNCT", "punct", 2, ""),
]  # fmt: skip
STILLINGEN_BLE_UTLYST: list[Word] = [
    ("Stillingen", "NOUN", "nsubj:pass", 2, "Definite=Def"), ("ble", "AUX", "aux:pass", 2, PAST), ("utlyst", "VERB", "ROOT", 2, PART),
    ("i", "ADP", "case", 4, ""), ("mai", "NOUN", "obl", 2, ""), (".", "PUNCT", "punct", 2, ""),
]  # fmt: skip
KAN_BLI_VURDERT: list[Word] = [
    ("Søknaden", "NOUN", "nsubj:pass", 3, "Definite=Def"), ("kan", "AUX", "aux", 3, PRES), ("bli", "AUX", "aux:pass", 3, "VerbForm=Inf"),
    ("vurdert", "VERB", "ROOT", 3, PART), ("igjen", "ADV", "advmod", 3, ""), (".", "PUNCT", "punct", 3, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (SOKNADEN_BLE_VURDERT, "Søknaden din ble vurdert"), (AV_MEG_OG_KARI, None), (AV_HENSYN, "Søknaden din ble vurdert"),
        (DET_ER_BESLUTTET, "Det er besluttet"), (SAKA_VERT_HANDSAMA, "Søknaden vart handsama"), (VURDERES, "Søknaden imøtekommes"),
        (VI_HAR_VURDERT, None), (STILLINGEN_BLE_UTLYST, None), (KAN_BLI_VURDERT, None),
    ],
)  # fmt: skip
def test_agentless_passive(vocab: Any, words: list[Word], found: str | None) -> None:
    doc = build(vocab, words)
    hit = agentless_passive(doc)
    assert (doc[hit[0] : hit[1] + 1].text if hit else None) == found


SOKERE_SOM: list[Word] = [
    ("Søkere", "NOUN", "nsubj:pass", 5, "Definite=Ind|Number=Plur"), ("som", "SCONJ", "mark", 4, ""), ("ikke", "PART", "advmod", 4, "Polarity=Neg"),
    ("er", "AUX", "cop", 4, PRES), ("innkalt", "VERB", "acl:relcl", 0, PART), ("anses", "VERB", "ROOT", 5, f"{PRES}|Voice=Pass"),
    ("som", "ADP", "case", 7, ""), ("uaktuelle", "ADJ", "xcomp", 5, ""), (".", "PUNCT", "punct", 5, ""),
]  # fmt: skip
VI_VALGTE_SOKERE_SOM: list[Word] = [
    ("Vi", "PRON", "nsubj", 1, "Case=Nom|Person=1"), ("valgte", "VERB", "ROOT", 1, PAST), ("søkere", "NOUN", "obj", 1, "Definite=Ind|Number=Plur"),
    ("som", "PRON", "nsubj", 4, ""), ("kan", "AUX", "acl:relcl", 2, PRES), ("tysk", "NOUN", "obj", 4, ""), (".", "PUNCT", "punct", 1, ""),
]  # fmt: skip
KANDIDATEN_VI_VALGTE: list[Word] = [
    ("Kandidaten", "NOUN", "nsubj", 3, "Definite=Def|Number=Sing"), ("vi", "PRON", "nsubj", 2, "Case=Nom|Person=1"), ("valgte", "VERB", "acl:relcl", 0, PAST),
    ("har", "VERB", "ROOT", 3, PRES), ("ikke", "PART", "advmod", 3, "Polarity=Neg"), ("fagbrev", "NOUN", "obj", 3, ""), (".", "PUNCT", "punct", 3, ""),
]  # fmt: skip
KANDIDATEN_IKKE: list[Word] = [
    ("Kandidaten", "NOUN", "nsubj", 3, "Definite=Def|Number=Sing"), ("er", "AUX", "cop", 3, PRES), ("ikke", "PART", "advmod", 3, "Polarity=Neg"),
    ("innstilt", "VERB", "ROOT", 3, PART), (".", "PUNCT", "punct", 3, ""),
]  # fmt: skip
MINMAT_SOKER: list[Word] = [
    ("MinMat", "PROPN", "nsubj", 1, ""), ("søker", "VERB", "ROOT", 1, PRES), ("ikke", "PART", "advmod", 1, "Polarity=Neg"), ("folk", "NOUN", "obj", 1, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (SOKERE_SOM, True),
        (VI_VALGTE_SOKERE_SOM, False),
        (KANDIDATEN_VI_VALGTE, False),
        (KANDIDATEN_IKKE, True),
        (MINMAT_SOKER, False),
    ],
)
def test_reader_in_third_person(vocab: Any, words: list[Word], found: bool) -> None:
    assert (reader_in_third_person(build(vocab, words)) is not None) is found


TILBYR_DEG_IKKE: list[Word] = [
    ("Me", "PRON", "nsubj", 1, "Case=Nom|Person=1"), ("tilbyr", "VERB", "ROOT", 1, PRES), ("deg", "PRON", "iobj", 1, "Case=Acc|Person=2"),
    ("ikkje", "PART", "advmod", 1, "Polarity=Neg"), ("jobben", "NOUN", "obj", 1, ""), (".", "PUNCT", "punct", 1, ""),
]  # fmt: skip
HVIS_VI_IKKE_TILBYR: list[Word] = [
    ("Hvis", "SCONJ", "mark", 3, ""), ("vi", "PRON", "nsubj", 3, "Person=1"), ("ikke", "PART", "advmod", 3, "Polarity=Neg"),
    ("tilbyr", "VERB", "ROOT", 3, PRES), ("deg", "PRON", "iobj", 3, "Person=2"), ("plass", "NOUN", "obj", 3, ""),
]  # fmt: skip
TILBYR_DEG: list[Word] = [
    TILBYR_DEG_IKKE[0],
    TILBYR_DEG_IKKE[1],
    TILBYR_DEG_IKKE[2],
    ("jobben", "NOUN", "obj", 1, ""),
]


@pytest.mark.parametrize(
    ("words", "found"), [(TILBYR_DEG_IKKE, True), (HVIS_VI_IKKE_TILBYR, False), (TILBYR_DEG, False)]
)
def test_refused_reader(vocab: Any, words: list[Word], found: bool) -> None:
    assert (refused_reader(build(vocab, words)) is not None) is found


IMP = "Mood=Imp|VerbForm=Fin"
OV_PA: list[Word] = [
    ("Øv", "VERB", "ROOT", 0, IMP), ("på", "ADP", "case", 3, ""), ("å", "PART", "mark", 3, ""), ("forklare", "VERB", "advcl", 0, "VerbForm=Inf"),
    ("én", "NUM", "nummod", 5, ""), ("sak", "NOUN", "obj", 3, ""), ("kort", "ADJ", "advmod", 3, ""), (".", "PUNCT", "punct", 0, ""),
]  # fmt: skip
RING_MEG: list[Word] = [
    ("Ring", "VERB", "ROOT", 0, IMP), ("meg", "PRON", "obj", 0, ""), ("på", "ADP", "case", 3, ""), ("mobilen", "NOUN", "obl", 0, ""),
    ("i", "ADP", "case", 5, ""), ("morgen", "NOUN", "obl", 0, ""),
]  # fmt: skip
SOK_IGJEN: list[Word] = [
    ("Søk", "VERB", "ROOT", 0, IMP), ("gjerne", "ADV", "advmod", 0, ""), ("igjen", "ADV", "advmod", 0, ""), ("på", "ADP", "case", 5, ""),
    ("nye", "ADJ", "amod", 5, ""), ("stillinger", "NOUN", "obl", 0, ""),
]  # fmt: skip


@pytest.mark.parametrize(("words", "found"), [(OV_PA, True), (RING_MEG, False), (SOK_IGJEN, False)])
def test_imperative_advice(vocab: Any, words: list[Word], found: bool) -> None:
    assert (imperative_advice(build(vocab, words)) is not None) is found


def document(text: str, parser: Any, stage: Stage | None = None) -> Document:
    sentences = tuple(segment(text))
    return Document(
        message=Message.from_text(text), sentences=sentences, language="nb", sentence_languages=tuple("nb" for _ in sentences),
        stage=stage, mode=Mode.MESSAGE, parser=parser,
    )  # fmt: skip


def test_finder_gives_spans_in_the_text(vocab: Any) -> None:
    text = "Hei Kari,\n\nTakk for praten. Søknaden din ble vurdert.\n\nHilsen Per"
    asked: list[str] = []

    def parser(texts: Sequence[str], needs: frozenset[str]) -> list[Any]:
        assert needs == NEEDS
        asked.extend(texts)
        return [build(vocab, SOKNADEN_BLE_VURDERT) for _ in texts]

    signs = list(SyntaxFinder().find(document(text, parser)))
    assert asked == ["Søknaden din ble vurdert."]
    assert [(s.code, s.span.of(text), s.why) for s in signs] == [
        ("PER002", "Søknaden din ble vurdert", "PER002/passiv-uten-agent")
    ]


def test_no_candidate_no_parse() -> None:
    def parser(texts: Sequence[str], needs: frozenset[str]) -> list[Any]:
        raise AssertionError(f"parsed {texts}")

    text = "Hei Kari,\n\nJeg har valgt en annen til jobben som kokk. Ring meg på 22 00 00 00 om du lurer på noe.\n\nHilsen Per"
    assert list(SyntaxFinder().find(document(text, parser))) == []


def test_without_a_parser_nothing_is_found() -> None:
    assert list(SyntaxFinder().find(document("Søknaden din ble vurdert.", None))) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Søknaden din ble vurdert.", True), ("Det vart avgjort at andre får plassen.", True), ("Søkjarar som ikkje er kalla inn, er ute.", True),
        ("Vi kan dessverre ikke tilby deg jobben.", True), ("Øv på å forklare én sak på to minutter.", True),
        ("Stillingen gjelder renhold på natt.", False), ("Vi valgte en annen.", False), ("Takk for søknaden.", False),
    ],
)  # fmt: skip
def test_candidates(text: str, wanted: bool) -> None:
    assert candidate(document(text, None), 0) is wanted
