"""One name gets one kind in a document; nothing is added, removed or moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feedbackcheck.language.names import Names
from feedbackcheck.language.wordcodes import key_of


@pytest.fixture(params=["fresh", "from disk"])
def names(request: pytest.FixtureRequest, tmp_path: Path) -> Names:
    fresh = Names({"ORG": [key_of("Stortinget")], "GPE_LOC": [key_of("Askim")]})
    if request.param == "fresh":
        return fresh
    fresh.to_disk(tmp_path / "names")
    assert "Stortinget" not in (tmp_path / "names" / "kinds.txt").read_text(encoding="utf-8")
    return Names().from_disk(tmp_path / "names")


def _labels(names: Names, text: str, *marked: tuple[str, str]) -> list[str]:
    import spacy
    from spacy.tokens import Span

    doc: Any = spacy.blank("nb")(text)
    taken: list[Any] = []
    start = 0
    for form, label in marked:
        place = text.index(form, start)
        start = place + len(form)
        span = doc.char_span(place, start)
        taken.append(Span(doc, span.start, span.end, label=label))
    doc.ents = taken
    before = [(entity.start, entity.end) for entity in doc.ents]
    changed = names(doc)
    assert [(entity.start, entity.end) for entity in changed.ents] == before
    return [entity.label_ for entity in changed.ents]


def test_most_mentions_decide(names: Names) -> None:
    text = "Tafjord ligger der. Vi reiste til Tafjord. Tafjords vei er stengt."
    marked = [("Tafjord", "PER"), ("Tafjord", "LOC"), ("Tafjords", "LOC")]
    assert _labels(names, text, *marked) == ["LOC", "LOC", "LOC"]


def test_a_tie_changes_nothing(names: Names) -> None:
    assert _labels(names, "Viken og Viken", ("Viken", "PER"), ("Viken", "LOC")) == ["PER", "LOC"]


def test_a_full_name_tells_of_the_surname(names: Names) -> None:
    text = "Kari Tveit ringte. Tveit spurte. Tveit svarte. Tveit gikk."
    marked = [("Kari Tveit", "PER"), ("Tveit", "PER"), ("Tveit", "LOC"), ("Tveit", "PER")]
    assert _labels(names, text, *marked) == ["PER"] * 4


def test_a_known_name_keeps_its_kind(names: Names) -> None:
    assert _labels(names, "Stortingets vedtak", ("Stortingets", "PROD")) == ["ORG"]


def test_the_sentence_decides_between_place_and_actor(names: Names) -> None:
    text = "Askim sa nei. Han bor i Askim. De kom til Askim."
    marked = [("Askim", "GPE_ORG"), ("Askim", "GPE_LOC"), ("Askim", "GPE_LOC")]
    assert _labels(names, text, *marked) == ["GPE_ORG", "GPE_LOC", "GPE_LOC"]


def test_a_document_without_names_is_left_alone(names: Names) -> None:
    assert _labels(names, "Vi takker for søknaden.") == []
