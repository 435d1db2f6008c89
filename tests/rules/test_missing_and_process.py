"""What is missing by stage and context (catalogue, section C), and what the context alone tells (section D)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackcheck.findings import Finding
from feedbackcheck.language.document import Document
from feedbackcheck.language.segment import segment
from feedbackcheck.message import Context, Message, Mode, Severity, Span, Stage
from feedbackcheck.rules import all_rules, rule
from feedbackcheck.rules.base import Assessment, MissingRule, ProcessRule
from feedbackcheck.signs.base import Verdict

STAGES = (Stage.SOKNAD, Stage.INTERVJU, Stage.FINALE, Stage.TELEFON)

# The table of the catalogue, copied by hand from its text so that a slip in the data file shows.
TABLE = {
    "takk": "must must must should",
    "beslutning": "must must must must",
    "begrunnelse": "should must must must",
    "styrke": "may should must should",
    "utviklingspunkt": "should must must should",
    "kontakt": "should must must may",
    "stilling": "must must should may",
    "navn": "must must must must",
    "avsender": "must must must may",
    "evaluering": "may may should may",
    "apningssporsmal": "- - - must",
    "neste-steg": "may may should may",
}
SEVERITY = {"must": Severity.ERROR, "should": Severity.WARNING}
CODES = {name: f"{i:02}" for i, name in enumerate(TABLE, start=1)}
CELLS = [
    pytest.param(name, stage, need, id=f"{name}-{stage.value}")
    for name, row in TABLE.items()
    for stage, need in zip(STAGES, row.split(), strict=True)
]


def assessment(
    stage: Stage,
    *found: tuple[str, str],
    text: str = "Hei.",
    language: str = "nb",
    sentence_languages: tuple[str, ...] | None = None,
    late_after_days: int = 14,
    today: date | None = None,
    **context: Any,
) -> Assessment:
    """What rules are shown when ``found`` (code, level) stands in the message."""
    message = Message.from_text(text, context=Context(**context))
    sentences = tuple(segment(text))
    document = Document(
        message=message,
        sentences=sentences,
        language=language,
        sentence_languages=sentence_languages or (language,) * len(sentences),
        stage=stage,
        mode=Mode.MESSAGE,
    )
    verdicts = tuple(
        Verdict(code=code, sentence=0, span=Span(0, 3), probability=0.9, level=level) for code, level in found
    )
    by_code: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_code.setdefault(verdict.code, []).append(verdict)
    return Assessment(
        document=document,
        stage=stage,
        verdicts=verdicts,
        by_code=by_code,
        late_after_days=late_after_days,
        today=today,
    )


def only(code: str, given: Assessment) -> Finding | None:
    """The one finding of a rule, or None."""
    findings = rule(code).find(given)
    assert len(findings) <= 1
    return findings[0] if findings else None


# --- missing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "stage", "need"), CELLS)
def test_missing_follows_the_table(name: str, stage: Stage, need: str) -> None:
    finding = only(f"MAN{CODES[name]}", assessment(stage))
    if need in SEVERITY:
        assert finding is not None
        assert finding.severity is SEVERITY[need]
        assert finding.name == f"mangler-{name}"
        assert finding.span is None
        assert finding.sentence is None
        assert finding.message
        assert finding.advice
    else:
        assert finding is None


@pytest.mark.parametrize(("name", "stage", "need"), CELLS)
def test_nothing_is_missing_when_it_is_there(name: str, stage: Stage, need: str) -> None:
    assert only(f"MAN{CODES[name]}", assessment(stage, (f"ING{CODES[name]}", "finding"))) is None


def test_an_ingredient_in_doubt_does_not_count_as_there() -> None:
    assert only("MAN03", assessment(Stage.FINALE, ("ING03", "hint"))) is not None


def test_another_ingredient_does_not_stand_in() -> None:
    assert only("MAN05", assessment(Stage.FINALE, ("ING04", "finding"))) is not None


def test_every_missing_rule_mirrors_the_ingredient_of_its_number() -> None:
    missing = [r for r in all_rules() if isinstance(r, MissingRule)]
    assert [(r.code[3:], r.ingredient) for r in missing] == [(n, f"ING{n}") for n in CODES.values()]


@pytest.mark.parametrize(
    ("applicants", "expected"),
    [(None, "should"), (1, "must"), (9, "must"), (10, "should"), (400, "should")],
)
def test_fewer_than_ten_applicants_are_owed_a_reason(applicants: int | None, expected: str) -> None:
    finding = only("MAN03", assessment(Stage.SOKNAD, applicants=applicants))
    assert finding is not None
    assert finding.severity is SEVERITY[expected]


def test_few_applicants_change_nothing_else() -> None:
    for name in set(TABLE) - {"begrunnelse"}:
        code = f"MAN{CODES[name]}"
        plain, few = only(code, assessment(Stage.SOKNAD)), only(code, assessment(Stage.SOKNAD, applicants=3))
        assert plain == few


@pytest.mark.parametrize("stage", STAGES)
def test_who_wants_it_short_is_owed_no_development_point(stage: Stage) -> None:
    assert only("MAN05", assessment(stage, detail_wanted="short")) is None
    assert only("MAN05", assessment(stage, detail_wanted="full")) is not None


@pytest.mark.parametrize("stage", [Stage.INTERVJU, Stage.FINALE])
def test_a_mail_after_a_call_may_leave_reason_strength_and_advice_to_the_call(stage: Stage) -> None:
    for code in ("MAN03", "MAN04", "MAN05"):
        assert only(code, assessment(stage, called_first=True)) is None
        assert only(code, assessment(stage, called_first=False)) is not None
    for code in ("MAN02", "MAN06", "MAN08"):
        assert only(code, assessment(stage, called_first=True)) is not None


def test_the_call_itself_may_not_leave_the_reason_to_the_call() -> None:
    assert only("MAN03", assessment(Stage.TELEFON, called_first=True)) is not None


def test_a_call_outweighs_few_applicants() -> None:
    assert only("MAN03", assessment(Stage.SOKNAD, applicants=4, called_first=True)) is None


@given(
    st.sampled_from(STAGES),
    st.one_of(st.none(), st.integers(0, 500)),
    st.sampled_from([None, "short", "full"]),
    st.sampled_from([None, True, False]),
)
def test_context_never_waives_the_decision_or_the_name(
    stage: Stage, applicants: int | None, detail: str | None, called: bool | None
) -> None:
    shown = assessment(stage, applicants=applicants, detail_wanted=detail, called_first=called)
    for code in ("MAN02", "MAN08"):
        finding = only(code, shown)
        assert finding is not None
        assert finding.severity is Severity.ERROR


# --- process ---------------------------------------------------------------------------------------------------------


def test_process_rules_are_the_four() -> None:
    assert [r.code for r in all_rules() if isinstance(r, ProcessRule)] == ["PRO01", "PRO02", "PRO03", "PRO04"]


@pytest.mark.parametrize("code", ["PRO01", "PRO02", "PRO03", "PRO04"])
def test_nothing_known_gives_no_process_finding(code: str) -> None:
    assert only(code, assessment(Stage.SOKNAD)) is None


MET = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("stage", "context", "expected"),
    [
        (Stage.FINALE, {}, Severity.WARNING),
        (Stage.FINALE, {"called_first": False}, Severity.WARNING),
        (Stage.FINALE, {"called_first": True}, None),
        (Stage.INTERVJU, {"interviewed_on": MET}, Severity.HINT),
        (Stage.INTERVJU, {"called_first": False}, Severity.HINT),
        (Stage.INTERVJU, {"interviewed_on": MET, "called_first": True}, None),
        (Stage.SOKNAD, {"called_first": False}, None),
        (Stage.TELEFON, {"interviewed_on": MET}, None),
    ],
)
def test_channel(stage: Stage, context: dict[str, Any], expected: Severity | None) -> None:
    finding = only("PRO01", assessment(stage, **context))
    assert (finding.severity if finding else None) is expected


@pytest.mark.parametrize("event", ["deadline", "interviewed_on", "decided_on"])
@pytest.mark.parametrize(("days", "late"), [(0, False), (14, False), (15, True), (200, True), (-3, False)])
def test_late_after_the_limit(event: str, days: int, late: bool) -> None:
    finding = only("PRO02", assessment(Stage.SOKNAD, **{event: MET}, sent_on=MET + timedelta(days)))
    assert (finding is not None) is late
    if finding:
        assert f"{days} dager" in finding.message
        assert "grensen er 14" in finding.message


def test_waiting_counts_from_the_latest_event_known() -> None:
    long_ago = {"deadline": MET - timedelta(90), "interviewed_on": MET - timedelta(40)}
    assert (
        only("PRO02", assessment(Stage.INTERVJU, **long_ago, decided_on=MET, sent_on=MET + timedelta(2)))
        is None
    )
    finding = only("PRO02", assessment(Stage.INTERVJU, **long_ago, sent_on=MET))
    assert finding is not None
    assert "40 dager etter intervjuet" in finding.message


def test_limit_can_be_set_and_today_stands_in_for_the_day_of_sending() -> None:
    shown = {"decided_on": MET, "today": MET + timedelta(6)}
    assert only("PRO02", assessment(Stage.SOKNAD, **shown)) is None
    assert only("PRO02", assessment(Stage.SOKNAD, late_after_days=5, **shown)) is not None
    # A date in the context beats the calendar on the wall.
    assert (
        only("PRO02", assessment(Stage.SOKNAD, late_after_days=5, **shown, sent_on=MET + timedelta(1)))
        is None
    )
    assert only("PRO02", assessment(Stage.SOKNAD, decided_on=MET)) is None


@pytest.mark.parametrize(
    ("wrote", "answer", "public"), list(product(["nb", "nn"], ["nb", "nn"], [True, False, None]))
)
def test_answer_in_the_malform_of_the_application(wrote: str, answer: str, public: bool | None) -> None:
    finding = only(
        "PRO03",
        assessment(Stage.SOKNAD, language=answer, applicant_language=wrote, public_sector=public),
    )
    if wrote == answer:
        assert finding is None
        return
    assert finding is not None
    assert finding.severity is (Severity.ERROR if public else Severity.HINT)
    assert ("skal svare på søkerens målform" in finding.message) is bool(public)
    names = {"nb": "bokmål", "nn": "nynorsk"}
    assert finding.message.startswith(f"Søkeren skrev {names[wrote]}, men svaret er på {names[answer]}.")


def test_mixed_malform_quotes_the_first_stray_sentence() -> None:
    text = "Takk for søknaden. Du får ikkje jobben. Ring meg gjerne. Vi har ikkje plass."
    one = only("PRO04", assessment(Stage.SOKNAD, text=text, sentence_languages=("", "nn", "nb", "")))
    assert one is not None
    assert one.severity is Severity.HINT
    assert "Én setning er på nynorsk" in one.message
    assert "«Du får ikkje jobben.»" in one.message
    two = only("PRO04", assessment(Stage.SOKNAD, text=text, sentence_languages=("", "nn", "nb", "nn")))
    assert two is not None
    assert two.severity is Severity.WARNING
    assert two.message.startswith("2 setninger er på nynorsk i en melding på bokmål")


def test_sentences_that_could_be_either_do_not_mix() -> None:
    text = "Takk for søknaden. Du får ikkje jobben."
    assert (
        only("PRO04", assessment(Stage.SOKNAD, text=text, language="nn", sentence_languages=("", "nn")))
        is None
    )


def test_a_long_stray_sentence_is_cut() -> None:
    text = "Takk. " + "Vi har ikkje plass til deg " * 6 + "no."
    finding = only("PRO04", assessment(Stage.SOKNAD, text=text, sentence_languages=("nb", "nn")))
    assert finding is not None
    assert "…»" in finding.message
    assert len(finding.message) < 140
