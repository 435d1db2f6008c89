"""Template logic is neither text nor error; inline comments hide what they say they hide."""

from __future__ import annotations

import pytest

from feedbackcheck.sources import read_text
from feedbackcheck.sources.directives import parse_directive


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% if x %}\nHei Ola,\n{% endif %}\nTakk.", "Hei Ola,\nTakk."),
        ("Hei {% if n %}{{n}}{% else %}der{% endif %},", "Hei {{n}},"),
        ("Hei {%- if n -%} Ola {%- endif -%}!", "Hei  Ola !"),
        ("{{#if x}}\nHei Ola.\n{{else}}\nHei Kari.\n{{/if}}\n", "Hei Ola.\nHei Kari.\n"),
        ("{{#navn}}Hei {{navn}}{{/navn}}{{^navn}}Hei{{/navn}}, takk.", "Hei {{navn}}Hei, takk."),
        ("{# merknad #}Hei Ola", "Hei Ola"),
        ("{{!-- merknad {{x}} --}}Hei Ola", "Hei Ola"),
        ("{{! merknad }}Hei Ola", "Hei Ola"),
        ("{% comment %}ikke med{% endcomment %}Hei Ola", "Hei Ola"),
        ("{% raw %}Hei {{navn}}{% endraw %} du", "Hei {{navn}} du"),
        ("<% if (x) { %>Hei Ola<% } %> du", "Hei Ola du"),
        ("{% set a = 1 %}\nHei Ola", "Hei Ola"),
        ("*|IF:FNAME|*Hei *|FNAME|**|ELSE:|*Hei*|END:IF|*, takk", "Hei *|FNAME|*, takk"),
        ("{% for k in krav %}\n- {{ k }} er viktig\n{% endfor %}\nHei", "- {{ k }} er viktig\nHei"),
        ("{{> hode}}\nHei Ola", "Hei Ola"),
        ("{% unless x %}Hei Ola{% endunless %}", "Hei Ola"),
        ("{% case x %}\n{% when 1 %}\nHei Ola\n{% endcase %}", "Hei Ola\n"),
        ("{{if .X}}Hei Ola{{else}}Hei{{end}}, {{- range .Y}} du{{end}}", "Hei Ola,  du"),
        ("<#if x??>Hei ${navn}<#else>Hei</#if>, takk", "Hei ${navn}, takk"),
        ('{% trans "Hei" %}Hei Ola', "Hei Ola"),
        ("Hei {{&navn}}, takk", "Hei {{&navn}}, takk"),
        ("Hei {#navn} og <? hva?", "Hei {#navn} og <? hva?"),
        ("<!-- til deg som sender: stryk dette -->\nHei Ola", "Hei Ola"),
    ],
)  # fmt: skip
def test_logic_is_no_text(source: str, text: str) -> None:
    assert read_text(source, kind="text").text == text


def test_logic_braces_of_style_sheets_are_none() -> None:
    source = '<?xml:namespace prefix = o ns = "urn:x" /><style>@media x{#outlook a{padding:0}} b{{c:d}}{%</style><p>Hei Ola.</p>'
    assert read_text(source, kind="html").text == "Hei Ola."


def test_logic_inside_tags_and_attributes() -> None:
    source = (
        '<p {% if a > b %}class="x"{% endif %}>Hei {{ a | default("<b>") }}{% if c %}, du{% endif %}.</p>'
    )
    assert read_text(source, kind="html").text == 'Hei {{ a | default("<b>") }}, du.'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("feedbackcheck: ignore KLI001 avtalt med HR", (("KLI001",), "avtalt med HR", "ignore")),
        (" feedbackcheck: ignore KLI001, TON003 – grunn ", (("KLI001", "TON003"), "grunn", "ignore")),
        ("feedbackcheck:ignore KLI001,KLI002", (("KLI001", "KLI002"), "", "ignore")),
        ("feedbackcheck: ignore", ((), "", "ignore")),
        ("feedbackcheck: ignore-file PER", (("PER",), "", "ignore-file")),
        ("feedbackcheck: ignore KLI001 HR vil ha det slik", (("KLI001",), "HR vil ha det slik", "ignore")),
        ("noe annet", None),
    ],
)
def test_directive_words(body: str, expected: object) -> None:
    assert parse_directive(body) == expected


def covered(source: str, kind: str = "text") -> list[tuple[str, str]]:
    message = read_text(source, kind=kind)
    return [(d.scope, d.covers.of(message.source).strip()) for d in message.directives]


def test_directive_on_its_own_line_covers_the_next_block() -> None:
    source = "Hei.\n\n<!-- feedbackcheck: ignore KLI001 -->\nFørste linje.\nAndre linje.\n\nNeste avsnitt."
    assert covered(source, "markdown") == [("block", "Første linje.\nAndre linje.")]


def test_directive_at_the_end_of_a_line_covers_the_line() -> None:
    source = "Hei Ola.\nVi har gått videre. {# feedbackcheck: ignore KLI001 #}\nSlutt."
    ((scope, words),) = covered(source)
    assert scope == "line"
    assert words.startswith("Vi har gått videre.")
    assert read_text(source).text == "Hei Ola.\nVi har gått videre.\nSlutt."


def test_directive_for_the_file() -> None:
    source = "<p>Hei Ola.</p>\n<!-- feedbackcheck: ignore-file PER001 -->\n<p>Slutt.</p>"
    ((scope, words),) = covered(source, "html")
    assert (scope, words) == ("file", source)


def test_directive_in_front_matter_covers_the_file() -> None:
    source = "---\n# feedbackcheck: ignore KLI005 kort mal\nstage: soknad\nfeedbackcheck:\n  ignore: [TON001]\n---\nHei Ola, takk."
    message = read_text(source, name="a.md")
    assert [(d.codes, d.scope) for d in message.directives] == [(("KLI005",), "file"), (("TON001",), "file")]


def test_directive_in_html_block_and_line() -> None:
    source = "<p>En.</p>\n<!-- feedbackcheck: ignore KLI001 -->\n<p>To to.</p>\n<p>Tre.</p><!-- feedbackcheck: ignore KLI002 -->\n<p>Fire.</p>"
    message = read_text(source, kind="html")
    first, second = message.directives
    assert (
        first.scope == "block"
        and "To to." in first.covers.of(source)
        and "Tre" not in first.covers.of(source)
    )
    assert (
        second.scope == "line"
        and "Tre." in second.covers.of(source)
        and "Fire" not in second.covers.of(source)
    )


def test_directive_in_yaml_covers_the_value_below() -> None:
    source = "a:\n  # feedbackcheck: ignore KLI001 fast formel\n  tekst: |\n    Hei Ola, takk for søknaden din hos oss.\nb:\n  tekst: |\n    Hei Kari, takk for søknaden din hos oss.\n"
    from feedbackcheck.sources import read_texts

    first, second = read_texts(source, kind="yaml")
    assert [d.codes for d in first.directives] == [("KLI001",)]
    assert "Hei Ola" in first.directives[0].covers.of(source)
    assert second.directives == ()
