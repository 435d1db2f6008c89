"""Alternatives say what the sentence said: who got the job, which job, what was thanked for, and no more than fits."""

from __future__ import annotations

from suggest_samples import message

from feedbackcheck import Checker
from feedbackcheck.findings import Applicability, Suggestion
from feedbackcheck.settings import Settings
from feedbackcheck.suggest.alternatives import attach


def offered(checker: Checker, text: str, stage: str = "soknad") -> list[tuple[str, str, Suggestion]]:
    """(code, words found, suggestion) of every alternative."""
    report = attach(checker.check_message(message(text, {}, stage=stage), Settings(assume_rejection=True)))
    return [
        (f.code, f.span.of(report.message.text) if f.span else "", s)
        for f in report.findings
        for s in f.suggestions
    ]


def texts(checker: Checker, text: str, *codes: str, stage: str = "soknad") -> list[str]:
    return [s.text for code, _, s in offered(checker, text, stage) if code in codes]


def test_alternatives_say_that_another_got_the_job(checker: Checker) -> None:
    letter = (
        "Hei Ola,\n\nTakk for søknaden på stillingen som feier.\n\n"
        "Etter en helhetlig vurdering er det vedtatt å {verb} en annen kandidat.\n\nHilsen\nEva Moe"
    )
    for verb, said in (("ansette", "ansatt en annen"), ("tilsette", "tilsatt en annen")):
        made = texts(checker, letter.format(verb=verb), "KLI001", "PER002")
        assert made and all(said in t and "intervju" not in t for t in made), made
    nynorsk = "Hei Ola,\n\nTakk for søknaden på stillinga som feiar hos oss, den las vi med interesse.\n\nStillinga er no tilsett.\n\nHelsing\nEva Moe"
    made = texts(checker, nynorsk, "KLI001", "PER002")
    assert made and all("tilsett ein annan" in t for t in made), made


def test_alternatives_do_not_tell_twice_that_another_got_the_job(checker: Checker) -> None:
    letter = (
        "Hei Ola,\n\nTakk for praten om jobben som kokk. Det er med uendelig sorg at jeg må skrive at svaret er nei. "
        "Jeg valgte en annen fordi hun kan surdeig.\n\nHilsen\nEva Moe"
    )
    made = [t for t in texts(checker, letter, "TON003") if t]
    assert made and not any("en annen" in t or "intervju" in t for t in made), made


def test_alternatives_take_the_title_that_stands_in_the_draft(checker: Checker) -> None:
    letter = "Hei Ola,\n\nTakk for sist. Vi har dessverre valgt å gå videre med andre kandidater til rollen som Test Lead.\n\nHilsen\nEva Moe"
    made = texts(checker, letter, "KLI001")
    assert made and all("rollen som Test Lead" in t and "⟨" not in t for t in made), made


def test_alternatives_keep_thanks_for_something_of_its_own(checker: Checker) -> None:
    frame = "Hei Ola,\n\n{} Du får dessverre ikke jobben som kokk.\n\nHilsen\nEva Moe"
    own = frame.format("Tusen takk for at du tok deg tid til å koke fiskesuppe for oss.")
    assert texts(checker, own, "KLI005") == []
    stock = frame.format("Takk for søknaden.")
    made = [t for t in texts(checker, stock, "KLI005") if t]
    assert made and all("stillingen som kokk" in t for t in made), made


def test_alternatives_offer_no_thanks_that_are_no_more_personal(checker: Checker) -> None:
    letter = "Hei Ola,\n\nTakk for søknaden. Du får dessverre ikke sommerjobben.\n\nHilsen\nEva Moe"
    assert "Takk for søknaden til stillingen." not in texts(checker, letter, "KLI005")


def test_alternatives_keep_what_a_reader_must_want(checker: Checker) -> None:
    letter = (
        "Hei Ola,\n\nDu er ikke innstilt til stillingen som feier. "
        "Søkere som ønsker å se sakens dokumenter, kan henvende seg til postmottaket.\n\nHilsen\nEva Moe"
    )
    found = [(w, s) for code, w, s in offered(checker, letter) if code == "PER005"]
    assert found and any(
        "Hvis du ønsker å se sakens dokumenter, kan du henvende deg" in s.text for _, s in found
    )


def test_alternatives_take_the_name_out_and_keep_the_fact(checker: Checker) -> None:
    letter = (
        "Hei Ola,\n\nTakk for praten om jobben som feier. Vi har ansatt Per Lund, som kommer fra Varmefag AS og har feid "
        "piper i ni år.\n\nHilsen\nEva Moe"
    )
    found = [s for code, _, s in offered(checker, letter, "intervju") if code == "JUS003"]
    assert found and found[0].text == "en som" and found[0].applicability is Applicability.UNSAFE


def test_alternatives_give_no_reason_in_place_of_a_remark(checker: Checker) -> None:
    letter = (
        "Hei Ola,\n\nDu får ikke jobben som feier, for vi trenger en med svennebrev. "
        "Gratulerer med graviditeten, forresten!\n\nHilsen\nEva Moe"
    )
    assert texts(checker, letter, "JUS001") == [""]
    reason = "Hei Ola,\n\nDu får ikke jobben som feier. Siden du er gravid, valgte vi en som kan stå på taket hele vinteren.\n\nHilsen\nEva Moe"
    assert any("⟨hvilket krav?⟩" in t for t in texts(checker, reason, "JUS001"))


def test_alternatives_put_no_decision_where_none_stood(checker: Checker) -> None:
    letter = "Hei Ola,\n\nVi har gitt jobben som feier til en annen. Det har ikke noe med deg å gjøre.\n\nHilsen\nEva Moe"
    assert texts(checker, letter, "TON001", stage="intervju") == []


def test_alternatives_turn_every_formal_pronoun_or_none(checker: Checker) -> None:
    head = "Kjære Ola Li\n\nDet vises til Deres søknad på stillingen som feier. Stillingen er tilsatt."
    some = f"{head}\n\nVi ønsker Dem en god sommer.\n\nHilsen\nEva Moe"
    assert texts(checker, some, "PER004") == ["Vi viser"]
    every = f"{head}\n\nHilsen\nEva Moe"
    assert any("din" in t and "Deres" not in t for t in texts(checker, every, "PER004"))


def test_alternatives_name_no_sender_twice(checker: Checker) -> None:
    letter = "Hei Ola,\n\nDu får ikke jobben som feier.\n\nHilsen\nEva Moe\nRegnskapshuset Nord AS"
    assert texts(checker, letter, "PER001") == []
    inline = "Hei Ola, du får ikke jobben som feier, men hold kontakten :) Hilsen Eva"
    assert texts(checker, inline, "MAN09") == []


def test_alternatives_leave_what_stands_after_a_greeting(checker: Checker) -> None:
    letter = "Hei, jeg har lest søknaden din. Du får ikke jobben som feier.\n\nHilsen\nEva Moe"
    found = [s for code, _, s in offered(checker, letter) if code == "PER001"]
    assert found and all(s.span is not None and s.span.of(letter) == "Hei," for s in found)


def test_alternatives_ask_for_no_requirement_where_the_post_is_gone(checker: Checker) -> None:
    letter = "Hei Ola,\n\nTakk for søknaden på stillingen som feier. Stillingen er trukket. Alle søkerne var godt kvalifisert.\n\nHilsen\nEva Moe"
    assert not any("kravet om" in t for t in texts(checker, letter, "MAN03", "KLI001", "KLI002", "PER002"))


def test_a_name_is_asked_for_once_where_a_greeting_and_a_closing_stand(checker: Checker) -> None:
    body = "Takk for søknaden på jobben som kokk. Vi har dessverre valgt en annen.\n"
    given = [c for c, _, _ in offered(checker, f"Kjære søker,\n\n{body}\nVennlig hilsen\nHR-avdelingen\n")]
    assert given.count("PER001") == 2
    assert not {"MAN08", "MAN09"} & set(given)
    assert {"MAN08", "MAN09"} <= {c for c, _, _ in offered(checker, body)}
