"""Layout and context features."""

from __future__ import annotations

from feedbackcheck.signs.recogniser_input import (
    CODES,
    CONTEXT,
    LAYOUT,
    N_ABOUT,
    N_FEATURES,
    RecogniserInput,
    about,
    sentence_features,
)

TEXT = "Emne: Svar\n\nHei Oda,\n\nTakk for søknaden. Du får ikke jobben.\n- Kurs i Excel\n\nHilsen\nKari Moe"
SENTENCES = [
    "Emne: Svar",
    "Hei Oda,",
    "Takk for søknaden.",
    "Du får ikke jobben.",
    "- Kurs i Excel",
    "Hilsen",
    "Kari Moe",
]
SPANS = [(TEXT.index(s), TEXT.index(s) + len(s)) for s in SENTENCES]


def named(row: list[float]) -> dict[str, float]:
    assert len(row) == N_FEATURES
    return dict(zip((*LAYOUT, *CONTEXT), row, strict=True))


def features(**context: object) -> list[dict[str, float]]:
    return [named(r) for r in sentence_features(RecogniserInput(TEXT, SPANS, context=context))]


def test_codes_are_unique_and_complete() -> None:
    assert len(set(CODES)) == len(CODES) == 34


def test_layout_tells_place_and_line() -> None:
    rows = features()
    assert rows[0]["header"] == 1 and rows[0]["from_start_1"] == 1
    assert rows[1]["whole_line"] == 1 and rows[1]["ends_comma"] == 1
    assert rows[2]["starts_line"] == 1 and rows[2]["ends_line"] == 0
    assert rows[3]["starts_line"] == 0 and rows[3]["ends_line"] == 1
    assert rows[4]["bullet"] == 1 and rows[3]["bullet"] == 0
    assert rows[6]["from_end_1"] == 1 and rows[6]["last_block"] == 1 and rows[4]["last_block"] == 0


def test_context_is_told_only_where_known() -> None:
    assert all(r["any"] == 0 and r["name_known"] == 0 for r in features())
    rows = features(candidate_name="Oda Berg", sender="Kari Moe", applicants=4)
    assert rows[1]["name_here"] == 1 and rows[1]["other_capital_after_greeting"] == 0
    assert rows[6]["sender_here"] == 1
    assert rows[2]["applicants_few"] == 1


def test_a_wrong_name_in_the_greeting_shows() -> None:
    assert features(candidate_name="Siv Lund")[1]["other_capital_after_greeting"] == 1


def test_number_of_applicants_in_the_text_is_compared() -> None:
    text = "Vi fikk 87 søknader."
    same = named(sentence_features(RecogniserInput(text, [(0, 20)], context={"applicants": 87}))[0])
    other = named(sentence_features(RecogniserInput(text, [(0, 20)], context={"applicants": 5}))[0])
    assert same["applicants_here"] == 1 and same["number_here_not_applicants"] == 0
    assert other["applicants_here"] == 0 and other["number_here_not_applicants"] == 1


def test_a_loose_fragment_has_no_place() -> None:
    row = named(sentence_features(RecogniserInput(TEXT, SPANS, placed=False))[0])
    assert row["known"] == 0 and row["from_start_1"] == 0


def test_about_hides_the_stage() -> None:
    message = RecogniserInput(TEXT, SPANS, stage="finale", mode="template", lang="nn")
    assert len(about(message)) == N_ABOUT
    assert about(message)[2] == 1
    assert about(message, hide_stage=True)[:5] == [0, 0, 0, 0, 1]
    assert about(RecogniserInput(TEXT, SPANS))[:5] == [0, 0, 0, 0, 1]
