"""What stands elsewhere in the message takes findings back; gaps and facts are told of only where something is known."""

from __future__ import annotations

import pytest

from feedbackcheck import Checker, Report


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


BODY = "Hei Ellen,\n\nTakk for søknaden på stillingen som kokk. Vi har dessverre valgt en annen søker.\n\n"


def told(report: Report, code: str) -> list[str]:
    return [f.span.of(report.message.text) for f in report.findings if f.code == code and f.span]


@pytest.mark.parametrize("company", ["Regnskap Sør AS", "Team Rekruttering", "HR-avdelingen"])
def test_the_line_of_a_company_under_a_name_is_no_anonymous_sender(checker: Checker, company: str) -> None:
    signed = checker.check(f"{BODY}Med vennlig hilsen\nTor Inge Berge\n{company}\n", stage="soknad")
    assert told(signed, "PER001") == []
    alone = checker.check(f"{BODY}Med vennlig hilsen\n{company}\n", stage="soknad")
    assert told(alone, "PER001") != []


def test_a_closing_formula_is_no_cliche(checker: Checker) -> None:
    assert told(checker.check(f"{BODY}Alt godt\nTor Inge Berge\n", stage="soknad"), "KLI005") == []


@pytest.mark.parametrize(
    "end", ["Prøv igjen til våren :) Hilsen Marte", "Prøv att til våren 🙂 Helsing Turid Moe"]
)
def test_a_name_after_the_closing_words_signs_on_the_last_line_of_text(checker: Checker, end: str) -> None:
    report = checker.check(f"Hei Ellen, det ble en annen på kjøkkenet. {end}", stage="soknad")
    assert "ING09" in {i.code for i in report.ingredients}
    assert "MAN09" not in {f.code for f in report.findings}


def test_a_gap_of_our_own_must_be_filled_in_but_costs_no_points(checker: Checker) -> None:
    gap = checker.check(
        f"{BODY}Det avgjørende var kravet om ⟨hvilket krav?⟩.\n\nHilsen Tor Berge\n", stage="soknad"
    )
    full = checker.check(f"{BODY}Det avgjørende var kravet om fagbrev.\n\nHilsen Tor Berge\n", stage="soknad")
    assert told(gap, "FLT001") == ["⟨hvilket krav?⟩"]
    assert told(full, "FLT001") == []
    assert gap.score is not None and full.score is not None
    assert gap.score.total > 30  # a forgotten field of another kind holds the score down
    assert not any("FLT001" in cap for cap in gap.score.caps)


@pytest.mark.parametrize("job", ["IT-konsulent", "prosjektleder", "sykepleier"])
def test_facts_that_agree_are_not_called_wrong(checker: Checker, job: str) -> None:
    text = f"Hei Kari,\n\nTakk for intervjuet om stillingen som {job} i Vestby kommune. Vi har bestemt oss for å ansette en annen.\n\nHilsen Mona Lie"
    facts = {"candidate_name": "Kari", "position": job, "company": "Vestby kommune"}
    assert told(checker.check(text, stage="intervju", context=facts), "FLT002") == []
    facts["position"] = "vaktmester"
    assert told(checker.check(text, stage="intervju", context=facts), "FLT002") != []


def test_a_message_that_is_taken_for_a_rejection_though_it_is_none_is_told_of(checker: Checker) -> None:
    offer = "Hei Anne,\n\nGratulerer! Vi vil gjerne tilby deg stillingen som lærer fra 1. august. Du får kontrakten i posten.\n\nHilsen Liv"
    assert any("ser ikke ut som et avslag" in n for n in checker.check(offer, stage="soknad").notices)
    assert not any("ser ikke ut" in n for n in checker.check(BODY, stage="soknad").notices)


def test_english_words_are_not_nynorsk(checker: Checker) -> None:
    text = f"{BODY}Call me any time, nummeret står under. Drop me a line if you want to talk.\n\nHilsen Tor Berge\n"
    assert "PRO04" not in {f.code for f in checker.check(text, stage="soknad").findings}
