"""The guard: invented names, numbers, dates, addresses, claims and protected grounds are refused; nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from suggest_samples import message

from feedbackcheck.findings import Applicability
from feedbackcheck.message import Context, Stage
from feedbackcheck.suggest import wording
from feedbackcheck.suggest.compose import Composer
from feedbackcheck.suggest.facts import gather
from feedbackcheck.suggest.guard import Guard
from feedbackcheck.suggest.revise import revise
from feedbackcheck.suggest.voice import Voice

CONTEXT = Context.from_mapping(
    {
        "candidate_name": "Ola Li",
        "position": "Kokk",
        "company": "Fjordkro AS",
        "sender": "Eva Moe",
        "interviewed_on": "2026-03-04",
        "notes": ["rask med kniv", "lite erfaring med varmmat"],
        "requirements": ["fagbrev som kokk"],
    }
)
DRAFT = "Hei Ola,\n\nTakk for søknaden. Vi har gått videre med 2 andre.\n\nHilsen Eva Moe"
GUARD = Guard(DRAFT, CONTEXT)


@pytest.mark.parametrize(
    "text",
    [
        "Hei Ola,",
        "Takk for at du kom til intervjuet 4. mars.",
        "Du får dessverre ikke jobben som kokk.",
        "Vi la mest vekt på erfaring med varmmat, og den er det foreløpig lite av i bakgrunnen din.",
        "Vi har gått videre med 2 andre.",
        "Det som avgjorde, var kravet om ⟨hvilket krav? 99 Kari⟩.",
        "Vennlig hilsen\nEva Moe\nFjordkro AS",
    ],
)
def test_guard_lets_known_facts_pass(text: str) -> None:
    assert GUARD.violations(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Vi har valgt Kari.", "name", "Kari"),
        ("Takk for at du kom til intervjuet 5. mars.", "number", "5"),
        ("Vi fikk 41 søknader.", "number", "41"),
        ("Vi har gått videre med tre andre.", "number", "tre"),
        ("Svar til eva@fjordkro.no hvis du lurer på noe.", "address", "eva@fjordkro.no"),
        ("Det som avgjorde, var kravet om sommelierutdanning.", "word", "sommelierutdanning"),
        ("Du er upålitelig.", "word", "upålitelig"),
        ("Det som avgjorde, var at du er gravid.", "protected", "graviditet, permisjon og omsorg"),
    ],
)
def test_guard_refuses_what_no_source_holds(text: str, kind: str, words: str) -> None:
    found = GUARD.violations(text)
    assert (kind, words) in [(v.kind, v.words) for v in found]
    assert all(str(v) for v in found)


NAMES = st.sampled_from(["Kari", "Yusuf", "Máret", "Nguyen", "Hætta", "Brekke", "Oslo", "Tromsø"])
WORDS = st.sampled_from(
    [
        "sveising",
        "Kubernetes",
        "regnskap",
        "turnus",
        "truckførerbevis",
        "kjeldekritikk",
        "reinhald",
        "budsjett",
    ]
)
NOTES = st.builds(
    lambda form, word: form.format(word),
    st.sampled_from(
        [
            "god på {}",
            "lite erfaring med {}",
            "mangler {}",
            "usikker på {}",
            "ryddig {}",
            "fant feil i {}",
            "kun {}",
            "ikke {}",
            "savnet {}",
            "{} er nytt",
        ]
    ),
    WORDS,
)


@st.composite
def known(draw: st.DrawFn) -> dict[str, Any]:
    """Contexts with any of their keys missing."""
    full = {
        "candidate_name": f"{draw(NAMES)} {draw(NAMES)}",
        "company": f"{draw(NAMES)} AS",
        "position": draw(WORDS) + "sjef",
        "sender": f"{draw(NAMES)} {draw(NAMES)}",
        "applicants": draw(st.integers(1, 400)),
        "interviewed_on": f"2026-{draw(st.integers(1, 12)):02d}-{draw(st.integers(1, 28)):02d}",
        "notes": draw(st.lists(NOTES, max_size=4)),
        "requirements": draw(st.lists(st.builds("erfaring med {}".format, WORDS), max_size=3)),
        "detail_wanted": draw(st.sampled_from(["short", "full"])),
        "retention_months": draw(st.integers(1, 24)),
    }
    keep = draw(st.sets(st.sampled_from(sorted(full))))
    return {k: v for k, v in full.items() if k in keep}


CODES = ("ING01", "ING02", "ING03", "ING04", "ING05", "ING06", "ING08", "ING09", "ING10", "ING12")


@settings(max_examples=120, deadline=None)
@given(
    data=known(),
    language=st.sampled_from(["nb", "nn"]),
    person=st.sampled_from(["vi", "jeg"]),
    stage=st.sampled_from(list(Stage)),
    attempt=st.integers(0, 3),
)
def test_guard_passes_every_sentence_that_the_composer_makes(
    data: dict[str, Any], language: str, person: str, stage: Stage, attempt: int
) -> None:
    context = Context.from_mapping(data)
    voice = Voice(language=language, person=person)
    facts = gather(message("", data), context, stage, voice, (), frozenset())
    composer = Composer(facts, voice, attempt)
    for piece in composer.pieces(CODES):
        assert Guard("", context, piece.words_from).violations(piece.text) == [], piece
        # Every fact that is not there is a marked gap with its name in needs, and the other way round.
        assert bool(piece.needs) == ("⟨" in piece.text)
        assert "{" not in piece.text


@settings(max_examples=60, deadline=None)
@given(data=known(), name=NAMES, number=st.integers(401, 9999), where=st.integers(0, 5))
def test_guard_refuses_a_sentence_with_a_strange_name_or_number(
    data: dict[str, Any], name: str, number: int, where: int
) -> None:
    context = Context.from_mapping(data)
    voice = Voice()
    facts = gather(message("", data), context, Stage.INTERVJU, voice, (), frozenset())
    pieces = Composer(facts, voice).pieces(CODES)
    piece = pieces[where % len(pieces)]
    guard = Guard("", context, piece.words_from)
    assert not guard.passes(f"{piece.text} Vi ringer {name}quist.")
    assert not guard.passes(f"{piece.text} Vi fikk {number} søknader.")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=known())
def test_guard_holds_for_whole_revisions(checker: Any, data: dict[str, Any]) -> None:
    draft = "Hei,\n\nTakk for søknaden. Vi har dessverre gått videre med andre kandidater. Du har mange sterke sider.\n\nMvh\nHR-avdelingen"
    report = checker.check_message(message(draft, data, stage="soknad"))
    revision = revise(report)
    from feedbackcheck.suggest.advice import entries

    quoted = [t for e in entries().values() for m in ("nb", "nn") for t in (*e.steps[m], e.name[m])]
    guard = Guard(draft, Context.from_mapping(data), quoted)
    for edit in revision.edits:
        assert guard.violations(edit.text) == []
        if edit.applicability is Applicability.SAFE:
            assert not edit.needs


def test_guard_knows_both_malformer_of_a_note() -> None:
    context = Context.from_mapping({"notes": ["ikke ledet øvelser"]})
    assert Guard("", context).passes("Det avgjerande var at du ikkje har leia øvelser.")
    assert wording.templates("nn")["ING03"]["not_done"]
