"""Offsets lead to the right place in the source whatever was decoded, joined or left out; contexts survive a round trip."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackcheck.errors import ContextError
from feedbackcheck.message import Context, Location, Message, Piece, Severity, SourceMap, Span, Stage

# (kind, text, source): a run kept as it is, a run that reads otherwise than its source (an entity), or a run left out.
words = st.text("abæ \n", min_size=1, max_size=6)
runs = st.lists(
    st.one_of(
        words.map(lambda w: ("kept", w, w)),
        st.sampled_from(
            [("changed", "å", "&aring;"), ("changed", " ", "=\n"), ("changed", "\n\n", "</p><p>")]
        ),
        st.sampled_from([("dropped", "", "<b>"), ("dropped", "", "{% if x %}"), ("inserted", "\n", "")]),
    ),
    max_size=9,
)


def build(parts: list[tuple[str, str, str]]) -> tuple[str, str, SourceMap]:
    text = source = ""
    pieces = []
    for kind, reads, stands in parts:
        pieces.append(
            Piece(
                Span(len(text), len(text) + len(reads)),
                Span(len(source), len(source) + len(stands)),
                verbatim=kind == "kept",
            )
        )
        text, source = text + reads, source + stands
    return text, source, SourceMap(pieces)


@st.composite
def mapped(draw: st.DrawFn) -> tuple[str, str, SourceMap, Span]:
    text, source, source_map = build(draw(runs))
    start = draw(st.integers(0, len(text)))
    return text, source, source_map, Span(start, draw(st.integers(start, len(text))))


@given(mapped())
def test_source_of_a_span_lies_in_the_source_and_is_ordered(
    case: tuple[str, str, SourceMap, Span],
) -> None:
    _, source, source_map, span = case
    found = source_map.span(span)
    assert 0 <= found.start <= found.end <= len(source)
    if not len(span):
        assert not len(found)


@given(mapped())
def test_what_is_verbatim_reads_the_same(case: tuple[str, str, SourceMap, Span]) -> None:
    text, source, source_map, span = case
    if source_map.is_verbatim(span):
        assert source_map.span(span).of(source) == span.of(text)


@given(mapped())
def test_a_span_within_one_kept_run_is_verbatim(case: tuple[str, str, SourceMap, Span]) -> None:
    _, _, source_map, span = case
    if len(span) and any(p.verbatim and p.text.contains(span) for p in source_map.pieces):
        assert source_map.is_verbatim(span)


@given(mapped())
def test_no_code_point_of_the_span_is_lost(case: tuple[str, str, SourceMap, Span]) -> None:
    """Every run that the span touches has its source inside the span's source."""
    _, _, source_map, span = case
    found = source_map.span(span)
    for piece in source_map.pieces:
        if piece.text.overlap(span) and not piece.verbatim:
            assert found.contains(piece.source)


@given(st.text(max_size=30), st.data())
def test_identity(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    source_map = SourceMap.identity(len(text))
    assert source_map.span(span) == span
    if len(span):
        assert source_map.is_verbatim(span)


def test_runs_in_another_order_are_never_verbatim_together() -> None:
    # The lengths add up, but what stands between is something else.
    source_map = SourceMap(
        [Piece(Span(0, 2), Span(0, 2)), Piece(Span(2, 4), Span(10, 12)), Piece(Span(4, 6), Span(4, 6))]
    )
    assert not source_map.is_verbatim(Span(0, 6))
    assert source_map.is_verbatim(Span(2, 4))


def test_an_empty_map_leads_to_the_start() -> None:
    assert SourceMap([]).span(Span(0, 0)) == Span(0, 0)


# --- locate ----------------------------------------------------------------------------------------------------------


def _lines(source: str) -> list[int]:
    """Offsets at which an editor begins a line."""
    return [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", source))]


@given(st.text("ab\r\næ", max_size=24), st.data())
def test_locate_counts_lines_as_an_editor_does(source: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(source)))
    starts = _lines(source)
    line = max(i for i, start in enumerate(starts) if start <= offset)
    expected = Location(line + 1, offset - starts[line] + 1)
    assert Message.from_text(source).locate(offset) == expected


@given(st.text("ab\r\n", max_size=20), st.integers(1, 50), st.integers(1, 50), st.data())
def test_a_piece_of_a_larger_file_is_located_in_that_file(
    source: str, line: int, column: int, data: st.DataObject
) -> None:
    offset = data.draw(st.integers(0, len(source)))
    alone = Message.from_text(source).locate(offset)
    within = Message.from_text(source, origin_line=line, origin_column=column).locate(offset)
    assert within.line == alone.line + line - 1
    assert within.column == alone.column + (column - 1 if alone.line == 1 else 0)


def test_word_counts_paragraphs() -> None:
    message = Message.from_text("Hei.\nTakk.\nHilsen", paragraphs=(0, 5, 11))
    assert message.locate(0) == Location(1, 1)
    assert message.locate(4) == Location(1, 5)
    assert message.locate(7) == Location(2, 3)
    assert message.locate(17) == Location(3, 7)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_overlap_is_symmetric_and_bounded(a: int, b: int, c: int, d: int) -> None:
    one, two = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    common = set(range(one.start, one.end)) & set(range(two.start, two.end))
    assert one.overlap(two) == two.overlap(one) == len(common)


def test_an_empty_span_is_a_place_and_not_nothing() -> None:
    assert Span(3, 3)
    assert (Span(3, 3) or Span(0, 9)) == Span(3, 3)


def test_severities_rank_from_worst() -> None:
    assert sorted(Severity, key=lambda s: s.rank) == [Severity.ERROR, Severity.WARNING, Severity.HINT]


# --- context ---------------------------------------------------------------------------------------------------------

filled = st.text(min_size=1, max_size=20).filter(lambda t: t.strip() == t and t)
facts = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from([s.value for s in Stage]),
        "candidate_name": filled,
        "company": filled,
        "position": filled,
        "applicants": st.integers(0, 5000),
        "deadline": st.dates().map(date.isoformat),
        "sent_on": st.dates().map(date.isoformat),
        "requirements": st.lists(filled, min_size=1, max_size=3),
        "notes": st.lists(filled, min_size=1, max_size=3),
        "scorecard": st.dictionaries(
            filled, st.fixed_dictionaries({"score": st.integers(1, 5)}), min_size=1, max_size=2
        ),
        "detail_wanted": st.sampled_from(["short", "full"]),
        "called_first": st.booleans(),
        "public_sector": st.booleans(),
        "applicant_language": st.sampled_from(["nb", "nn"]),
        "noe_ukjent": st.integers() | filled,
    },
)


@given(facts)
def test_context_survives_a_round_trip_through_json(data: dict[str, Any]) -> None:
    context = Context.from_mapping(data)
    there = json.loads(json.dumps(context.to_mapping()))
    assert there == data
    assert Context.from_mapping(there) == context


def test_nothing_known_is_an_empty_context() -> None:
    assert Context.from_mapping(None) == Context.from_mapping({"company": None, "sender": "  "}) == Context()
    assert Context().to_mapping() == {}


def test_dates_may_come_parsed() -> None:
    data = {"deadline": date(2026, 5, 4), "sent_on": datetime(2026, 5, 20, 9, 30)}
    context = Context.from_mapping(data)
    assert (context.deadline, context.sent_on) == (date(2026, 5, 4), date(2026, 5, 20))
    assert Context.from_mapping({"decided_on": "2026-05-04T10:00:00Z"}).decided_on == date(2026, 5, 4)


def test_a_bare_score_and_a_single_note_are_understood() -> None:
    context = Context.from_mapping({"scorecard": {"Sveis": 4}, "notes": "God på TIG.", "applicants": " 12 "})
    assert context.scorecard == {"Sveis": {"score": 4}}
    assert context.notes == ("God på TIG.",)
    assert context.applicants == 12


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stage", "finalen"),
        ("stage", ["intervju"]),
        ("candidate_name", 7),
        ("applicants", -1),
        ("applicants", "mange"),
        ("applicants", "²"),
        ("applicants", True),
        ("applicants", 4.5),
        ("deadline", "4. mai"),
        ("deadline", 4),
        ("deadline", "2026-13-01"),
        ("deadline", "2026-05-041"),
        ("applicants", "9" * 5000),
        ("notes", {"a": 1}),
        ("notes", ["a", 2]),
        ("scorecard", ["Sveis"]),
        ("called_first", "ja"),
        ("detail_wanted", "mye"),
        ("applicant_language", "no"),
    ],
)
def test_a_value_of_the_wrong_kind_names_key_and_place(key: str, value: object) -> None:
    with pytest.raises(ContextError) as caught:
        Context.from_mapping({key: value}, where="ola.yaml")
    assert f"«{key}»" in caught.value.what
    assert caught.value.where == "ola.yaml"
