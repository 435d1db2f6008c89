"""Letters that differ in names, numbers and days are analysed once, and judged as each would be alone."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest
from review_support import LETTER, mail

from feedbackcheck import Checker, Context
from feedbackcheck.review.items import Item, ItemKind, Outcome, Status
from feedbackcheck.review.worker import Analyser, WorkOptions

DATED = LETTER.replace("Lykke til videre!", "Vi sletter søknaden din 3. mars.\n\nLykke til videre!")
WEEKDAY = LETTER.replace("Lykke til videre!", "Vi sletter søknaden din mandag 3. mars.\n\nLykke til videre!")


def process(*mails: EmailMessage) -> tuple[list[Outcome], int]:
    analyser = Analyser(WorkOptions())
    items = [Item(position=str(i), data=m.as_bytes(), kind=ItemKind.MAIL) for i, m in enumerate(mails)]
    return analyser.process(items), analyser.analysed


def codes(outcome: Outcome) -> set[str]:
    return {f[0] for f in outcome.findings}


@pytest.mark.parametrize("text", [LETTER, DATED, WEEKDAY])
def test_the_day_of_sending_alone_costs_no_analysis(text: str) -> None:
    outcomes, analysed = process(
        mail("Nora Berg", text=text, date="Tue, 14 Jan 2025 10:00:00 +0100"),
        mail("Emil Vik", text=text, date="Thu, 20 Feb 2025 08:30:00 +0100"),
    )
    assert analysed == 1
    assert codes(outcomes[0]) == codes(outcomes[1]) != set()


def test_the_year_of_sending_tells_the_weekday_of_a_day() -> None:
    mails = [
        mail(text=WEEKDAY, date="Tue, 14 Jan 2025 10:00:00 +0100"),  # 3 March 2025 was a Monday
        mail(text=WEEKDAY, date="Wed, 14 Jan 2026 10:00:00 +0100"),
    ]
    outcomes, analysed = process(*mails)
    assert analysed == 2
    checker = Checker(suggestions=False)
    for outcome, year in zip(outcomes, (2025, 2026), strict=True):
        context = Context(
            candidate_name="Kari Nordmann", sender="Henrik Lunde", position="kokk", sent_on=date(year, 1, 14)
        )
        alone = checker.check(WEEKDAY.format(name="Kari", position="kokk"), context=context)
        assert {f.code for f in alone.findings} == codes(outcome)


def test_a_text_longer_than_any_letter_is_told_and_not_analysed() -> None:
    outcomes, analysed = process(mail(text="Takk for søknaden på {position}, {name}. " * 8000), mail())
    assert [o.status for o in outcomes] == [Status.FAILED, Status.SCORED]
    assert "lang" in outcomes[0].reason
    assert analysed == 1
