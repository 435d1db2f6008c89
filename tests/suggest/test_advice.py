"""The knowledge base: shape, size, both målformer, and that a search finds the right entry or honestly none."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from feedbackcheck.suggest import advice

ENTRIES = advice.entries()


def test_advice_has_enough_entries_of_every_kind() -> None:
    assert len(ENTRIES) >= 200
    kinds = Counter(e.kind for e in ENTRIES.values())
    assert set(kinds) == set(advice.KINDS)
    assert min(kinds.values()) >= 8
    assert len({e.field for e in ENTRIES.values()}) >= 12


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda e: e.id)
def test_advice_shape(entry: advice.Advice) -> None:
    for malform in ("nb", "nn"):
        assert entry.name[malform] and entry.name[malform] == entry.name[malform].strip()
        assert not entry.phrase[malform].endswith(".")
        assert len(entry.synonyms[malform]) >= 3 or entry.id in ("varme-arbeider",)
        assert len(entry.synonyms[malform]) == len(set(entry.synonyms[malform]))
        assert all(s == s.lower() for s in entry.synonyms[malform])
        assert len(entry.steps[malform]) >= 2
        for step in entry.steps[malform]:
            assert step.endswith(".") and 25 <= len(step) <= 200
            assert "!" not in step and "bør du skjønne" not in step
    assert len(entry.steps["nb"]) == len(entry.steps["nn"])


def test_advice_no_synonym_belongs_to_two_entries() -> None:
    owners: dict[str, set[str]] = {}
    for entry in ENTRIES.values():
        for synonym in {*entry.synonyms["nb"], *entry.synonyms["nn"]}:
            owners.setdefault(synonym, set()).add(entry.id)
    assert {s: ids for s, ids in owners.items() if len(ids) > 1} == {}


def test_advice_no_step_stands_twice() -> None:
    for malform in ("nb", "nn"):
        steps = Counter(s for e in ENTRIES.values() for s in e.steps[malform])
        assert [s for s, n in steps.items() if n > 1] == []


BOKMAL_ONLY = re.compile(
    r"\b(?:ikke|jeg|noen|noe|fra|hva|hvordan|hvorfor|være|gjøre|mye|bare|selv|hver|eksempel|gir|blitt|ble|hvem|uke|uken)\b"
)
NYNORSK_ONLY = re.compile(
    r"\b(?:ikkje|eg|nokon|noko|frå|kva|korleis|kvifor|vere|gjere|mykje|berre|sjølv|kvar|døme|gjev|vart|kven|veke|veka|éin|éi|eitt)\b"
)


def test_advice_nynorsk_is_nynorsk() -> None:
    same = 0
    for entry in ENTRIES.values():
        for bokmal, nynorsk in zip(entry.steps["nb"], entry.steps["nn"], strict=True):
            assert not NYNORSK_ONLY.search(bokmal), (entry.id, bokmal)
            assert not BOKMAL_ONLY.search(nynorsk), (entry.id, nynorsk)
            same += bokmal == nynorsk
    # A few short sentences are spelt alike in both.
    assert same <= 8


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("drift av linux-servere", "linux"),
        ("ikkje hatt budsjettansvar", "budsjett"),
        ("prioriterte backlog", "produktledelse"),
        ("lite personalansvar", "personalledelse"),
        ("truckførerbevis T4", "truck"),
        ("norsk på B2-nivå", "norsk-muntlig"),
        ("usikker på fade", "frisor"),
        ("turnusplanlegging", "turnusplan"),
        ("fagbrev byggdriftar", "byggdrift"),
        ("runde svar om budsjett", "konkrete-eksempler"),
        ("medisinrutinar", "legemidler"),
        ("konflikthandtering", "konflikthandtering"),
        ("heimetenesta", "hjemmetjeneste"),
        ("minst to års praksis med merverdiavgift", "merverdiavgift"),
        ("kubernetesklynge", "kubernetes"),
        ("budsjettsansvar", "budsjett"),
        ("kundebehandlning", "kundeservice"),
        ("utdanningen passer ikke", "utdanning"),
        ("fagbrev som kokk", "kokk"),
        ("ro i passet", "servering"),
    ],
)
def test_advice_find(topic: str, wanted: str) -> None:
    match = advice.find(topic)
    assert match is not None and match.advice.id == wanted
    assert 0 < match.strength <= 1


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "x",
        "kan bu på stølen",
        "medlem av Den norske kyrkja",
        "samvirke",
        "god og flink",
        "tåle tunge løft",
        "erfaring fra staten",
        "passer ikke",
        "som leder for det",
        "styret i borettslaget",
        "søknadsprosess",
        "representasjon",
        "løste oppgaven",
    ],
)
def test_advice_find_says_when_it_finds_nothing(topic: str) -> None:
    assert advice.find(topic) is None


def test_advice_is_loaded_lazily() -> None:
    import subprocess
    import sys

    code = "import feedbackcheck.suggest.alternatives, feedbackcheck.suggest.advice as a; print(a.entries.cache_info().currsize)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "0"
