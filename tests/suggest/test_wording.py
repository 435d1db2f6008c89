"""The templates: parity of the målformer, no claim outside the slots, and grammar of what they give."""

from __future__ import annotations

import re
from typing import Any

import pytest

from feedbackcheck.suggest import gaps, wording
from feedbackcheck.suggest.voice import Voice

NB, NN = wording.templates("nb"), wording.templates("nn")


def _variants(data: Any) -> list[tuple[str, str, str]]:
    return [
        (section, key, text)
        for section, group in data.items()
        if section not in ("slots", "gaps")
        for key, value in group.items()
        for text in ([value] if isinstance(value, str) else value)
    ]


def test_wording_nynorsk_has_the_same_keys_and_slots_as_bokmal() -> None:
    assert NB.keys() == NN.keys()
    for section in NB:
        assert NB[section].keys() == NN[section].keys(), section
    for (section, key, bokmal), (_, _, nynorsk) in zip(_variants(NB), _variants(NN), strict=True):
        assert wording.slots_of(bokmal) == wording.slots_of(nynorsk), (section, key)


def test_wording_nynorsk_is_nynorsk() -> None:
    bokmal_only = re.compile(
        r"\b(?:ikke|jeg|noe|noen|fra|hva|hvordan|mer|kommer|en|et|hvis|blir|si|vet|stillingen|uten|gjort bedre)\b"
    )
    for section, key, text in _variants(NN):
        bare = re.sub(r"\{\w+\}", "", text).replace("e-posten", "")
        assert not bokmal_only.search(bare), (section, key, text)


def test_wording_templates_hold_no_number_and_no_name() -> None:
    for language in (NB, NN):
        for _, _, text in _variants(language):
            bare = re.sub(r"\{\w+\}", "", text)
            assert not re.search(r"\d", bare), text
            inner = re.sub(r"(?:^|[.!?:]\s+|\n|\()\w", "", bare)
            assert not re.search(r"\b[A-ZÆØÅ][a-zæøå]+", inner.replace("CV", "")), text


@pytest.mark.parametrize("person", ["vi", "jeg"])
def test_wording_follows_the_person(person: str) -> None:
    voice = Voice(person=person)
    made = wording.choose("ING02", "intervju", {"jobb": "jobben som kokk"}, voice, "x")
    assert made is not None
    other = "jeg" if person == "vi" else "vi"
    assert re.search(rf"\b{other}\b", made.text.lower()) is None


def test_wording_choice_is_stable_and_varies_with_the_candidate() -> None:
    voice = Voice()
    slots = {"stilling": "stillingen som kokk"}
    chosen = [wording.choose("ING01", "soknad", slots, voice, seed) for seed in "abcdefghij"]
    again = [wording.choose("ING01", "soknad", slots, voice, seed) for seed in "abcdefghij"]
    assert chosen == again
    assert len({c.text for c in chosen if c}) > 1
    first, second = (wording.choose("ING01", "soknad", slots, voice, "a", attempt=n) for n in (0, 1))
    assert first != second


def test_wording_without_a_fact_gives_nothing() -> None:
    assert wording.choose("ING03", "experience", {}, Voice(), "a") is None


def test_gaps_are_found_once_each() -> None:
    text = f"Hei {gaps.mark('hvem?')}, hilsen {gaps.mark('hvem sender?')} og {gaps.mark('hvem?')}"
    found = gaps.find_gaps(text, [("name", "ING08", "hvem?", "Hva heter kandidaten?")])
    assert [(g.id, g.code, text[g.start : g.end]) for g in found] == [
        ("name", "ING08", "⟨hvem?⟩"), ("hvem sender?", "", "⟨hvem sender?⟩"),
    ]  # fmt: skip
    assert gaps.strip_gaps("a⟨b?⟩c") == "ac"


def test_wording_is_not_stilted() -> None:
    for data in (NB, NN):
        for section, key, text in _variants(data):
            assert "intervju til" not in text, (section, key, text)
            assert not re.search(r", og det er \{eier\}|Det er \{eier\} som", text), (section, key, text)
