"""Properties of the score that hold whatever the fitted weights are."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackcheck.findings import Finding, Ingredient
from feedbackcheck.message import Severity, Span, Stage
from feedbackcheck.rules.base import catalogue, needs
from feedbackcheck.score import PARTS, features, score

PROBLEMS = sorted(c for c in catalogue() if c[:3] in ("KLI", "PER", "TON", "JUS", "FLT"))
STOCK = [c for c in PROBLEMS if c.startswith("KLI")]
INGREDIENTS = sorted(c for c in catalogue() if c.startswith("ING"))
WHOLE = sorted(c for c in catalogue() if c[:3] in ("MAN", "PRO"))
PLACE = Span(0, 1)


def problem(code: str, sentence: int = 0, severity: Severity | None = None) -> Finding:
    if severity is None:
        severity = Severity.HINT if catalogue()[code].get("severity") == "hint" else Severity.WARNING
    return Finding(
        code=code,
        name=str(catalogue()[code]["name"]),
        severity=severity,
        message="",
        span=PLACE,
        sentence=sentence,
        confidence=1.0,
    )


def whole(code: str) -> Finding:
    return Finding(
        code=code,
        name=str(catalogue()[code]["name"]),
        severity=Severity.WARNING,
        message="",
        span=None,
        sentence=None,
        confidence=1.0,
    )


def good(code: str, sentence: int = 0) -> Ingredient:
    return Ingredient(
        code=code, name=str(catalogue()[code]["name"]), span=PLACE, sentence=sentence, confidence=1.0
    )


sentences = st.integers(0, 12)
problems = st.lists(st.builds(problem, st.sampled_from(PROBLEMS), sentences), max_size=14)
wholes = st.lists(st.sampled_from(WHOLE), max_size=6, unique=True).map(lambda cs: [whole(c) for c in cs])
ingredients = st.lists(st.builds(good, st.sampled_from(INGREDIENTS), sentences), max_size=14)
stages = st.sampled_from(list(Stage))


@given(problems, wholes, ingredients, stages)
def test_total_parts_and_grade_stay_in_range(
    found: list[Finding], missing: list[Finding], has: list[Ingredient], stage: Stage
) -> None:
    got = score([*found, *missing], has, stage)
    assert 0 <= got.total <= 100
    assert tuple(got.parts) == PARTS
    assert all(0 <= v <= 100 for v in got.parts.values())
    assert got.grade in "ABCDEF"


@given(problems, wholes, ingredients, stages)
def test_every_point_is_shown(
    found: list[Finding], missing: list[Finding], has: list[Ingredient], stage: Stage
) -> None:
    got = score([*found, *missing], has, stage)
    raw = got.start + sum(c.points for c in got.contributions)
    if not got.caps:
        assert got.total == max(0, min(100, round(raw)))
    else:
        # A cap only ever lowers.
        assert got.total <= max(0, min(100, round(raw)))
    assert all(c.label and c.part in PARTS for c in got.contributions)


@given(problems, ingredients, stages)
def test_problems_only_cost_and_ingredients_only_gain(
    found: list[Finding], has: list[Ingredient], stage: Stage
) -> None:
    for c in score(found, has, stage).contributions:
        assert (c.points > 0) is c.code.startswith("ING"), c


@given(problems, ingredients, stages, st.sampled_from(PROBLEMS), sentences)
def test_one_more_problem_never_raises_the_total(
    found: list[Finding], has: list[Ingredient], stage: Stage, code: str, sentence: int
) -> None:
    before = score(found, has, stage).total
    assert score([*found, problem(code, sentence)], has, stage).total <= before


@given(
    problems,
    ingredients,
    stages,
    st.lists(st.sampled_from(STOCK), min_size=1, max_size=3),
    st.lists(st.sampled_from(INGREDIENTS), max_size=3),
)
def test_adding_a_sentence_of_stock_phrases_never_raises_the_total(
    found: list[Finding], has: list[Ingredient], stage: Stage, stock: list[str], carried: list[str]
) -> None:
    """A new sentence that is a cliché may carry a thanks or a decision too; the message must not climb by it."""
    new = 99
    before = score(found, has, stage).total
    after = score(
        [*found, *(problem(c, new) for c in stock)], [*has, *(good(c, new) for c in carried)], stage
    ).total
    assert after <= before


@given(problems, ingredients, stages, st.sampled_from(INGREDIENTS))
def test_an_ingredient_in_a_sentence_of_its_own_never_lowers_the_total(
    found: list[Finding], has: list[Ingredient], stage: Stage, code: str
) -> None:
    before = score(found, has, stage).total
    assert score(found, [*has, good(code, 99)], stage).total >= before


@given(problems, ingredients, stages)
def test_order_does_not_matter(found: list[Finding], has: list[Ingredient], stage: Stage) -> None:
    assert score(found, has, stage) == score(found[::-1], has[::-1], stage)


def _best(stage: Stage) -> list[Ingredient]:
    codes = [c for c in INGREDIENTS if needs()["needs"][c][stage.value] != "none"]
    return [good(c, i + 20 * n) for i, c in enumerate(codes) for n in range(3)]


@pytest.mark.parametrize("stage", list(Stage))
def test_a_message_with_everything_and_no_problem_gets_the_best_grade(stage: Stage) -> None:
    got = score([], _best(stage), stage)
    assert got.grade == "A"
    assert set(got.parts.values()) == {100}


@given(problems, ingredients, stages)
def test_room_is_what_adding_it_would_gain(found: list[Finding], has: list[Ingredient], stage: Stage) -> None:
    before = score(found, has, stage)
    raw = before.start + sum(c.points for c in before.contributions)
    for more in before.room:
        after = score(found, [*has, good(more.code, 99)], stage)
        gained = after.start + sum(c.points for c in after.contributions) - raw
        # An ingredient that only a stock phrase carried gains its own points first.
        assert gained >= more.points - 1e-6


def test_room_names_what_is_welcome_but_not_there() -> None:
    asked = [c for c in INGREDIENTS if needs()["needs"][c]["soknad"] in ("must", "should")]
    room = score([], [good(c, i) for i, c in enumerate(asked)], Stage.SOKNAD).room
    assert {c.code for c in room} >= {"ING04", "ING12"}
    assert list(room) == sorted(room, key=lambda c: -c.points)
    assert score([], _best(Stage.SOKNAD), Stage.SOKNAD).room == ()


@pytest.mark.parametrize(("code", "limit"), [("JUS001", 25), ("FLT001", 40), ("FLT002", 45), ("JUS003", 45)])
@pytest.mark.parametrize("stage", list(Stage))
def test_one_such_finding_caps_even_the_best_letter(code: str, limit: int, stage: Stage) -> None:
    got = score([problem(code)], _best(stage), stage)
    assert got.total <= limit
    assert got.caps == (f"{code}: høyst {limit}",)


def test_the_lowest_cap_holds_whatever_the_order() -> None:
    both = [problem("FLT001"), problem("JUS001", 2)]
    for found in (both, both[::-1]):
        assert score(found, _best(Stage.SOKNAD), Stage.SOKNAD).total == 25


def test_a_cap_in_doubt_does_not_hold() -> None:
    doubtful = problem("JUS001", severity=Severity.HINT)
    assert score([doubtful], _best(Stage.SOKNAD), Stage.SOKNAD).caps == ()


@given(problems, ingredients, stages, st.sampled_from([c for c in PROBLEMS if c not in ("KLI005", "PER004")]))
def test_a_finding_in_doubt_does_not_count(
    found: list[Finding], has: list[Ingredient], stage: Stage, code: str
) -> None:
    assert score([*found, problem(code, 50, Severity.HINT)], has, stage) == score(found, has, stage)


def test_a_code_that_is_a_hint_by_nature_counts() -> None:
    plain = score([], _best(Stage.INTERVJU)[:9], Stage.INTERVJU)
    assert score([problem("KLI005", 70)], _best(Stage.INTERVJU)[:9], Stage.INTERVJU).total < plain.total


def _codes(pairs: Sequence[tuple[str, int]], stage: Stage = Stage.SOKNAD) -> dict[str, float]:
    return features([p for p in pairs if p[0][:3] != "ING"], [p for p in pairs if p[0][:3] == "ING"], stage)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], {}),
        ([("KLI001", 1)], {"KLI001": 1}),
        ([("KLI001", 1), ("KLI001", 2)], {"KLI001": 1, "KLI001+": 1}),
        ([("KLI001", i) for i in range(9)], {"KLI001": 1, "KLI001+": 2}),
        ([("ING03", 4)], {"ING03:should": 1}),
        ([("ING03", 4), ("ING03", 4)], {"ING03:should": 1}),
        ([("ING03", 4), ("ING03", 5)], {"ING03:should": 1, "ING03+": 1}),
        ([("ING01", 4), ("ING01", 5)], {"ING01:must": 1}),
        ([("ING11", 0)], {}),
    ],
)
def test_features(pairs: list[tuple[str, int]], expected: dict[str, float]) -> None:
    assert _codes(pairs) == expected


def test_grades_cover_every_total() -> None:
    seen = set()
    everything = _best(Stage.INTERVJU)
    for n in range(len(everything) + 1):
        seen.add(score([], everything[:n], Stage.INTERVJU).grade)
    seen.add(score([problem(c) for c in PROBLEMS], [], Stage.INTERVJU).grade)
    assert {"A", "F"} <= seen
