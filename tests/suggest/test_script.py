"""Call scripts: the order of a good call, from context alone."""

from __future__ import annotations

from suggest_samples import message

from feedbackcheck import Checker
from feedbackcheck.suggest.service import suggest_for

CONTEXT = {
    "stage": "telefon", "candidate_name": "Ola Li", "position": "kokk", "sender": "Eva Moe",
    "notes": ["rask med kniv", "lite erfaring med varmmat"], "next_step": "et vikariat på kald i august",
}  # fmt: skip


def test_script_has_the_eight_steps_in_order(checker: Checker) -> None:
    script = suggest_for(message("", CONTEXT), checker).revised
    labels = ["Åpning", "Beslutning", "Grunn, kort", "Spør", "Styrke", "Utvikling", "Spørsmål", "Neste steg"]
    places = [script.index(f"{n}. {label}: «") for n, label in enumerate(labels, start=1)]
    assert places == sorted(places)
    assert "Hvordan opplevde du" in script.splitlines()[2]
    assert "⟨" not in script


def test_script_is_nynorsk_for_an_applicant_who_writes_nynorsk(checker: Checker) -> None:
    revision = suggest_for(message("", {**CONTEXT, "applicant_language": "nn"}), checker)
    assert "Korleis opplevde du" in revision.revised and "Avgjerd" in revision.revised
    assert revision.after is not None and revision.after.language == "nn"


def test_script_without_facts_marks_what_is_missing(checker: Checker) -> None:
    revision = suggest_for(message("", {"stage": "telefon"}), checker)
    assert {g.id for g in revision.gaps} == {
        "name",
        "sender",
        "position",
        "requirement",
        "strength",
        "development",
    }
    assert revision.original == "" and len(revision.edits) == 1


def test_script_for_one_who_wants_it_short_asks_first(checker: Checker) -> None:
    script = suggest_for(message("", {**CONTEXT, "detail_wanted": "short"}), checker).revised
    assert script.count("(Bare hvis kandidaten vil høre mer.)") == 2
