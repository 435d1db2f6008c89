"""Every rule has a page of one shape, in both målformer, and the page's own examples do what it says."""

from __future__ import annotations

import re
from importlib import resources
from types import ModuleType

import pytest

from feedbackcheck.language.document import Document
from feedbackcheck.language.malform import identify
from feedbackcheck.language.segment import segment
from feedbackcheck.message import Mode
from feedbackcheck.rules import all_rules, codes, rule
from feedbackcheck.rules.base import IngredientRule, MissingRule, Rule, SentenceRule, catalogue
from feedbackcheck.rules.pages import (
    examples,
    headings_for,
    laws,
    plain_page,
    render_page,
    sections,
)
from feedbackcheck.signs.patterns import PatternFinder
from feedbackcheck.sources import read_text

PATTERNS = PatternFinder()
RULES = [pytest.param(r, id=r.code) for r in all_rules()]
WITH_ADVICE = [pytest.param(r, id=r.code) for r in all_rules() if not isinstance(r, IngredientRule)]


def _module_name(code: str) -> str:
    slug = str(catalogue()[code]["name"]).replace("-", "_")
    return f"{code.lower()}_{slug}"


def test_every_code_of_the_catalogue_has_a_rule_file_and_no_other_has() -> None:
    assert set(codes()) == set(catalogue())


@pytest.mark.parametrize("each", RULES)
def test_file_is_named_after_code_and_slug(each: Rule) -> None:
    assert (resources.files("feedbackcheck.rules") / f"{_module_name(each.code)}.py").is_file()


@pytest.mark.parametrize("each", RULES)
def test_rule_holds_its_own_code_and_docstring(each: Rule) -> None:
    from importlib import import_module

    module: ModuleType = import_module(f"feedbackcheck.rules.{_module_name(each.code)}")
    assert module.RULE.code == each.code
    assert each.page == module.__doc__


@pytest.mark.parametrize("each", RULES)
def test_first_line_is_one_short_sentence(each: Rule) -> None:
    first, second = each.page.split("\n")[:2]
    assert len(first) <= 100
    assert re.fullmatch(r"[A-ZÆØÅ].*[^.]\.", first)
    assert second == ""


@pytest.mark.parametrize("each", RULES)
def test_headings_stand_in_order_and_none_is_empty(each: Rule) -> None:
    parts = sections(each.page)
    assert tuple(parts)[1:] == headings_for(each)
    assert all(body.strip() for body in parts.values())


@pytest.mark.parametrize("each", RULES)
def test_page_is_neither_a_note_nor_an_essay(each: Rule) -> None:
    words = re.findall(r"\w[\w-]*", each.page)
    assert 120 <= len(words) <= 250


@pytest.mark.parametrize("each", RULES)
def test_examples_are_given_in_both_malformer(each: Rule) -> None:
    for heading in {"Eksempel", "Skriv heller"} & set(headings_for(each)):
        found = examples(each.page, heading)
        assert list(found) == ["nb", "nn"], heading
        assert all(found.values()), heading
        # A word or a name may be all a short example has; the two together must differ.
        assert found["nb"] != found["nn"], heading


@pytest.mark.parametrize("each", RULES)
def test_examples_are_in_the_malform_that_they_claim(each: Rule) -> None:
    for heading in {"Eksempel", "Skriv heller"} & set(headings_for(each)):
        for lang, quote in examples(each.page, heading).items():
            assert identify(quote, segment(quote)).language == lang, (heading, quote)


def _marked(quote: str, lang: str) -> set[str]:
    """Codes that the patterns alone see in a quote."""
    message = read_text(quote)
    document = Document(
        message=message,
        sentences=tuple(segment(message.text)),
        language=lang,
        sentence_languages=(),
        stage=None,
        mode=Mode.MESSAGE,
    )
    return {s.code for s in PATTERNS.find(document) if s.strength >= 0.5}


# FLT002 needs facts to compare with; every other problem is known by its words.
@pytest.mark.parametrize(
    "each", [p for p in RULES if isinstance(p.values[0], SentenceRule) and p.id != "FLT002"]
)
def test_patterns_see_the_bad_example_and_pass_the_good_one(each: Rule) -> None:
    for lang, quote in examples(each.page, "Eksempel").items():
        assert each.code in _marked(quote, lang), quote
    for lang, quote in examples(each.page, "Skriv heller").items():
        assert each.code not in _marked(quote, lang), quote


@pytest.mark.parametrize("each", [p for p in RULES if isinstance(p.values[0], MissingRule)])
def test_what_is_called_missing_is_missing_in_the_bad_example(each: Rule) -> None:
    assert isinstance(each, MissingRule)
    for lang, quote in examples(each.page, "Eksempel").items():
        assert each.ingredient not in _marked(quote, lang), quote


@pytest.mark.parametrize("each", WITH_ADVICE)
def test_what_to_write_differs_from_what_was_wrong(each: Rule) -> None:
    bad, good = examples(each.page, "Eksempel"), examples(each.page, "Skriv heller")
    for lang in ("nb", "nn"):
        assert bad[lang] != good[lang]


def test_no_example_is_used_twice() -> None:
    seen: dict[str, str] = {}
    for each in all_rules():
        if each.code in ("PRO03", "PRO04"):  # one sentence is right or wrong there by what stands around it
            continue
        for heading in ("Eksempel", "Skriv heller"):
            for quote in examples(each.page, heading).values():
                assert quote not in seen, (each.code, seen.get(quote))
                seen[quote] = each.code


@pytest.mark.parametrize("each", RULES)
def test_law_is_cited_by_key_only_and_every_key_is_known(each: Rule) -> None:
    assert "§" not in each.page
    assert not re.search(r"\bartikkel \d", each.page)
    assert not re.search(r"\b(er|være) (ulovlig|forbudt)\b", each.page)
    for key in re.findall(r"\{lov:([^}]*)\}", each.page):
        assert key in laws()
    assert "{lov:" not in render_page(each)


def test_every_law_entry_is_dated_and_has_a_known_status() -> None:
    for law in laws().values():
        assert law.status in ("lest", "sannsynlig", "usikker")
        assert law.checked.year >= 2026
        assert law.title
        assert law.text
        assert law.paragraph.startswith(("§", "artikkel"))


def test_reference_tells_how_sure_it_is() -> None:
    assert laws()["spraklova-klart"].reference() == "språklova § 9 (sjekket 23.11.2026)"
    assert "trolig § 13-1" in laws()["aml-diskriminering"].reference()
    assert "§" not in laws()["spraklova-malform"].reference()


def test_rendered_page_has_title_and_severities_by_stage() -> None:
    page = render_page(rule("KLI002"))
    assert page.startswith("# KLI002 tom-begrunnelse\n\n")
    assert "Alvor: advarsel (søknad); feil (intervju, finale, telefon)." in page
    assert "Alvor: feil (søknad, intervju, finale); etterlyses ikke (telefon)." in render_page(rule("MAN09"))


@pytest.mark.parametrize("width", [40, 60, 88])
@pytest.mark.parametrize("each", RULES)
def test_terminal_page_keeps_to_its_width_and_has_no_markup(each: Rule, width: int) -> None:
    page = plain_page(each, width)
    for line in page.splitlines():
        # A code span or a long word is never broken.
        assert len(line) <= width or max(len(w) for w in line.split()) > width - 6, line
    assert not re.search(r"^(#|>)", page, re.MULTILINE)
    assert "{lov:" not in page
    for heading in headings_for(each):
        assert f"\n{heading}\n" in page


def test_terminal_page_without_docstrings_still_says_what_the_rule_finds() -> None:
    bare = SentenceRule(code="TON003", page="")
    assert "Mer beklagelse enn ett «dessverre»." in plain_page(bare)
    assert render_page(bare).startswith("# TON003 overdreven-beklagelse")


def test_terminal_page_wraps_quotes_behind_the_bar() -> None:
    page = plain_page(rule("PER004"), 60, style=lambda text, kind: f"<{text}>" if kind == "bar" else text)
    quoted = [line for line in page.splitlines() if "<│>" in line]
    assert len(quoted) > 4
    assert all(line.startswith("  <│> ") for line in quoted)
