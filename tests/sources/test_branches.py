"""Which runs of a template only some readers get."""

from __future__ import annotations

import pytest

from feedbackcheck.sources.branches import choices, has_words


@pytest.mark.parametrize(
    ("source", "branches"),
    [
        ("{% if a %}En{% elif b %}To{% else %}Tre{% endif %}", [["En", "To", "Tre"]]),
        ("{% if a %}x{% if b %}y{% endif %}{% endif %}", [["x{% if b %}y{% endif %}"], ["y"]]),
        ("{{#if a}}En{{else}}To{{/if}}", [["En", "To"]]),
        ("{{#navn}}En{{/navn}}", [["En"]]),
        ("{{if .A}}En{{else}}To{{end}}", [["En", "To"]]),
        ("<% if a %>En<% else %>To<% end %>", [["En", "To"]]),
        ("*|IF:A|*En*|ELSE:|*To*|END:IF|*", [["En", "To"]]),
        ("<#if a>En<#else>To</#if>", [["En", "To"]]),
        ("{% block a %}En{% endblock %}{% set b = 1 %}{# c #}", []),
        ('{{define "a"}}En{{end}}', []),
        ("{% if a %}uten slutt", []),
        ("Hei {{ navn }}", []),
    ],
)
def test_choices_and_their_branches(source: str, branches: list[list[str]]) -> None:
    assert [[b.of(source) for b in c.branches] for c in choices(source)] == branches


@pytest.mark.parametrize(
    ("source", "said"),
    [("\n<p class='a'> </p>{% if b %}{# c #}<!-- d -->\n", False), ("<p>{{ navn }}</p>", True), ("En", True)],
)
def test_has_words(source: str, said: bool) -> None:
    assert has_words(source) is said
