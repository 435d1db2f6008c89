"""Edits are made only where they cannot break the file, and never on top of each other."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackcheck.findings import Applicability, Suggestion
from feedbackcheck.fixes import (
    FIXABLE_KINDS,
    Edit,
    apply_edits,
    edits_for,
    escape_for,
    file_edit,
    with_line_ends,
    without_overlap,
)
from feedbackcheck.message import Message, Piece, SourceMap, Span
from feedbackcheck.report import Report
from feedbackcheck.sources import read_text
from support import LETTER, finding, missing, report

WORDS = "gått videre med andre"


def offering(*suggestions: Suggestion, kind: str = "text") -> Report:
    base = report(finding(suggestions=suggestions))
    return replace(base, message=replace(base.message, kind=kind))


def safe(text: str, **changes: object) -> Suggestion:
    return replace(Suggestion(text=text, applicability=Applicability.SAFE), **changes)  # type: ignore[arg-type]


UNSAFE = Suggestion(text="valgt Kari", applicability=Applicability.UNSAFE)
FILL_IN = Suggestion(text="valgt [hvem]", applicability=Applicability.FILL_IN, needs=("hvem",))


def fixed(offered: Report, *, unsafe: bool = False) -> str:
    return apply_edits(offered.message.source, edits_for(offered, unsafe=unsafe))


def test_a_safe_suggestion_is_written_in() -> None:
    assert fixed(offering(safe("valgt en annen enn deg"))) == LETTER.replace(WORDS, "valgt en annen enn deg")


def test_unsafe_ones_wait_to_be_asked_for_and_gaps_are_never_filled() -> None:
    assert fixed(offering(UNSAFE)) == LETTER
    assert fixed(offering(UNSAFE), unsafe=True) == LETTER.replace(WORDS, "valgt Kari")
    assert fixed(offering(FILL_IN), unsafe=True) == LETTER
    # A gap stays a gap whatever it calls itself.
    assert fixed(offering(safe("valgt [hvem]", needs=("hvem",))), unsafe=True) == LETTER


def test_the_first_that_applies_is_taken() -> None:
    assert fixed(offering(FILL_IN, UNSAFE, safe("en"), safe("to"))) == LETTER.replace(WORDS, "en")
    assert fixed(offering(UNSAFE, safe("en")), unsafe=True) == LETTER.replace(WORDS, "valgt Kari")


def test_a_suggestion_may_name_its_own_place_or_insert() -> None:
    greeting = Span(0, 4)
    assert fixed(offering(safe("Hei, Kari!", span=greeting))).startswith("Hei, Kari!\n")
    assert fixed(offering(safe(" Kari", span=Span(3, 3)))).startswith("Hei Kari,\n")


def test_a_finding_on_the_whole_message_has_nowhere_to_go() -> None:
    assert edits_for(report(replace(missing(), suggestions=(safe("x"),)))) == []


@pytest.mark.parametrize("kind", ["docx", "eml", "msg"])
def test_containers_are_not_edited(kind: str) -> None:
    assert kind not in FIXABLE_KINDS
    assert edits_for(offering(safe("x"), kind=kind)) == []


def test_words_that_stand_otherwise_in_the_source_are_left() -> None:
    source = "<p>Vi har g&aring;tt videre.</p>"
    text = "Vi har gått videre."
    at = source.index("&")
    source_map = SourceMap(
        [
            Piece(Span(0, 8), Span(3, at)),
            Piece(Span(8, 9), Span(at, at + 7), verbatim=False),
            Piece(Span(9, 19), Span(at + 7, at + 17)),
        ]
    )
    message = Message(text=text, source=source, source_map=source_map, kind="html")

    def fix(words: str, new: str) -> str:
        marked = finding(words=words, text=text, suggestions=(safe(new),))
        return fixed(replace(report(marked), message=message))

    # Entities are only another way of writing the words; this file writes «å» so, and may not say how it is encoded.
    assert fix("gått", "nå") == source.replace("g&aring;tt", "n&#229;")
    assert fix("videre", "< & >") == source.replace("videre", "&lt; &amp; &gt;")


def test_a_tag_or_template_logic_inside_is_never_overwritten() -> None:
    for inside in ("<b>tt</b>", "tt{# nb #}"):
        source = f"<p>Vi har gå{inside} videre.</p>"
        text = "Vi har gått videre."
        at = source.index("gå")
        source_map = SourceMap(
            [
                Piece(Span(0, 9), Span(3, at + 2)),
                Piece(Span(9, 11), Span(source.index("tt"), source.index("tt") + 2)),
                Piece(Span(11, 19), Span(source.index(" videre"), source.index("</p>"))),
            ]
        )
        message = Message(text=text, source=source, source_map=source_map, kind="html")
        marked = finding(words="gått videre", text=text, suggestions=(safe("nå"),))
        assert fixed(replace(report(marked), message=message)) == source


def test_the_same_sentence_is_not_put_in_twice() -> None:
    told = safe("Du får ikke jobben.")
    twice = report(
        finding(words="Vi har gått videre med andre.", suggestions=(told,)),
        finding(words="Lykke til videre!", suggestions=(told,)),
    )
    assert fixed(twice) == LETTER.replace("Vi har gått videre med andre.", told.text)


@pytest.mark.parametrize("own", ["\r\n", "\r", "\n"])
def test_inserted_line_breaks_are_the_files_own(own: str) -> None:
    text = LETTER.replace("\n", own)
    marked = finding(text=text, suggestions=(safe("nå\n\nog da"),))
    assert fixed(report(marked, text=text)) == text.replace(WORDS, f"nå{own}{own}og da")


def test_a_new_paragraph_in_html_is_markup() -> None:
    source = "<p>Lykke til!</p>"
    assert with_line_ends("html", "\n\nRing meg.", source, Span(13, 13)) == "</p>\n<p>Ring meg."
    assert with_line_ends("html", "\n\nRing meg.", "<td>Hei", Span(7, 7)) == "<br><br>Ring meg."


def test_json_stays_json() -> None:
    source = json.dumps({"avslag": LETTER.replace("\n", " ")}, ensure_ascii=False)
    start = source.index(WORDS)
    text = WORDS
    message = Message(
        text=text,
        source=source,
        source_map=SourceMap([Piece(Span(0, len(text)), Span(start, start + len(text)))]),
        kind="json",
    )

    def fix(new: str) -> str:
        return fixed(replace(report(finding(text=text, suggestions=(safe(new),))), message=message))

    assert json.loads(fix('sagt "nei" \\ takk'))["avslag"] == LETTER.replace("\n", " ").replace(
        WORDS, 'sagt "nei" \\ takk'
    )
    assert fix("to\nlinjer") == source


@pytest.mark.parametrize(
    "risky", ["sagt: nei", "det er 'nei'", '"nei"', "nei # tenk", "[navn]", "nei\nja", "a\\b", "slutt:", "%a"]
)
def test_yaml_is_not_risked(risky: str) -> None:
    assert fixed(offering(safe(risky), kind="yaml")) == LETTER


def test_plain_words_are_written_into_yaml() -> None:
    assert "valgt «en annen», nå" not in fixed(offering(safe("valgt «en annen», nå"), kind="yaml"))
    assert "valgt «en annen» kl. 12:30" in fixed(offering(safe("valgt «en annen» kl. 12:30"), kind="yaml"))


@given(st.text(max_size=20))
def test_escaping_is_undone_by_reading(text: str) -> None:
    assert html.unescape(escape_for("html", text)) == text
    assert json.loads(f'"{escape_for("json", text)}"') == text
    assert escape_for("markdown", text) == text


spots = st.lists(
    st.builds(
        lambda a, n, t: Edit(a, a + n, t), st.integers(0, 20), st.integers(0, 6), st.text("xyz", max_size=3)
    ),
    max_size=8,
)


@given(spots)
def test_edits_never_overlap_and_keep_the_rest(edits: list[Edit]) -> None:
    source = "abcdefghijklmnopqrstuvwABCD"
    chosen = without_overlap(edits)
    assert set(chosen) <= set(edits)
    assert bool(chosen) is bool(edits)
    for before, after in pairwise(chosen):
        assert before.end <= after.start
    result = apply_edits(source, chosen)
    assert len(result) == len(source) + sum(len(e.text) - (e.end - e.start) for e in chosen)
    covered = {i for e in chosen for i in range(e.start, e.end)}
    kept = "".join(c for i, c in enumerate(source) if i not in covered)
    assert "".join(c for c in result if c not in "xyz") == "".join(c for c in kept if c not in "xyz")


@given(spots)
def test_the_order_in_which_edits_come_does_not_matter(edits: list[Edit]) -> None:
    assert without_overlap(edits) == without_overlap(edits[::-1])


def test_no_edits_no_change() -> None:
    assert apply_edits(LETTER, []) == LETTER


@pytest.mark.parametrize(
    ("kind", "source", "old", "new", "result"),
    [
        ("html", "<p>Vi går <b>videre</b> nå.</p>", "går videre", "x", None),
        ("html", "<p>Vi g&aring;r videre&nbsp;n&aring;.</p>", "går videre", "står på", "<p>Vi st&#229;r p&#229;&nbsp;n&aring;.</p>"),
        ("html", "<p>En.</p><p>To to.</p><p>Tre.</p>", "To to.\n\n", "", "<p>En.</p><p>Tre.</p>"),
        ("html", "<ul>\n<li class='a'> To to. </li>\n<li>Tre.</li>\n</ul>", "To to.", "", "<ul>\n<li>Tre.</li>\n</ul>"),
        ("html", "<p>En. <b>To to.</b></p>", "To to.", "", "<p>En. <b></b></p>"),
        ("html", "<div><p>En.</p>To to.</div>", "To to.", "", "<div><p>En.</p></div>"),
        ("text", "Si: «Hei Nora. Takk for interessen.»", "Takk for interessen.»", "Takk.", None),
        ("text", "Si: «Hei Nora. Takk for interessen.»", "Takk for interessen.", "Takk.", "Si: «Hei Nora. Takk.»"),
        ("markdown", "Vi **går** videre nå.", "går videre", "x", None),
        ("markdown", "Vi går\nvidere nå.", "går videre", "står\nher", "Vi står\nher nå."),
        ("markdown", "Vi går <!-- obs --> videre nå.", "går  videre", "x", None),
        ("json", '{"tekst": "Hei du der, du f\\u00e5r ikke jobben nå."}', "får ikke", "mista", '{"tekst": "Hei du der, du mista jobben nå."}'),
    ],
)  # fmt: skip
def test_whoever_asks_an_edit_never_breaks_what_stands_between_the_words(
    kind: str, source: str, old: str, new: str, result: str | None
) -> None:
    message = read_text(source, kind=kind)
    start = message.text.index(old)
    edit = file_edit(message, Span(start, start + len(old)), new)
    assert (edit and apply_edits(source, [edit])) == result


def _fixed(message: Message, old: str, new: str, code: str = "KLI001") -> str | None:
    start = message.text.index(old)
    edit = file_edit(message, Span(start, start + len(old)), new, code)
    return None if edit is None else apply_edits(message.source, [edit])


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("text", "Hei,\n\nVi har valgt\nmed andre.\n"),
        ("markdown", "Hei,\n\nVi har valgt  \nmed andre.\n"),
        ("html", "<p>Hei,</p><p>Vi har valgt<br>\nmed andre.</p>"),
    ],
)
def test_half_a_sentence_is_not_replaced(kind: str, source: str) -> None:
    message = read_text(source, kind=kind)
    assert _fixed(message, "Vi har valgt", "Du får ikke jobben.") is None
    assert _fixed(message, "Vi har valgt", "") is None
    assert _fixed(message, "med andre.", "Du får ikke jobben.") is None
    # A word at the line's end is no half sentence.
    assert _fixed(message, "valgt", "vedtatt") == source.replace("valgt", "vedtatt")


def test_a_line_that_ends_its_sentence_is_replaced() -> None:
    source = "Hei Kari,\nvi har valgt andre.\nHilsen\nmona\n"
    message = read_text(source)
    assert _fixed(message, "vi har valgt andre.", "Du får nei.") == source.replace(
        "vi har valgt andre.", "Du får nei."
    )


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("markdown", "# Avslag søknad\n\nHei,\n\nVi har valgt andre.\n"),
        ("markdown", "Avslag søknad\n=============\n\nHei,\n\nVi har valgt andre.\n"),
        ("html", "<h2 class='a'>Avslag <b></b>søknad</h2><p>Hei,</p>"),
        ("text", "Emne: Avslag søknad\n\nHei,\n\nVi har valgt andre.\n"),
        ("yaml", "emne: Avslag søknad\navslag: Hei Kari, vi har dessverre valgt andre til jobben.\n"),
    ],
)
def test_headings_and_subjects_are_not_replaced_by_sentences(kind: str, source: str) -> None:
    message = read_text(source, kind=kind)
    assert _fixed(message, "søknad", "Vi har valgt andre.") is None
    assert _fixed(message, "søknad", "søknaden") == source.replace("søknad", "søknaden", 1)


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("json", '{"emne": "Svar på søknaden", "avslag": "Hei Kari. Vi har dessverre valgt andre."}'),
        ("yaml", 'emne: "Svar på søknaden"\navslag: "Hei Kari. Vi har dessverre valgt andre."\n'),
    ],
)
def test_an_insertion_stays_in_the_value_of_its_words(kind: str, source: str) -> None:
    message = read_text(source, kind=kind)
    at = message.text.index("Hei")
    edit = file_edit(message, Span(at, at), "Takk. ", "MAN01")
    assert edit is not None and apply_edits(source, [edit]) == source.replace("Hei Kari", "Takk. Hei Kari")


@pytest.mark.parametrize(
    ("kind", "source", "result"),
    [
        ("markdown", "Vi valgte [en annen](https://x.no)\n", "Vi valgte [en annen](https://x.no) Ring meg.\n"),
        ("markdown", "Vi valgte **en annen**\n", "Vi valgte **en annen** Ring meg.\n"),
        ("html", "<p>Vi valgte <b>en annen</b></p>", "<p>Vi valgte <b>en annen</b> Ring meg.</p>"),
        ("text", "{% if x %}\nEn.\n{% else %}\nVi valgte en annen\n{% endif %}\n\nMvh", "{% if x %}\nEn.\n{% else %}\nVi valgte en annen\n{% endif %}\nRing meg.\n\nMvh"),
        ("html", "{% if x %}<p>Vi valgte en annen</p>{% endif %}", "{% if x %}<p>Vi valgte en annen</p>{% endif %}\n<p>Ring meg.</p>"),
        ("html", "{% block a %}<p>Vi valgte en annen</p>{% endblock %}", "{% block a %}<p>Vi valgte en annen Ring meg.</p>{% endblock %}"),
    ],
)  # fmt: skip
def test_an_insertion_stands_outside_links_bold_type_and_branches(
    kind: str, source: str, result: str
) -> None:
    message = read_text(source, kind=kind)
    at = message.text.index("en annen") + len("en annen")
    edit = file_edit(message, Span(at, at), " Ring meg.", "MAN06")
    assert edit is not None and apply_edits(source, [edit]) == result


def test_no_branch_of_a_template_is_emptied() -> None:
    source = "{% if x %}\nVi valgte en annen.\n{% else %}\nVi valgte to.\n{% endif %}\nMvh\n"
    message = read_text(source)
    base = report(
        finding(words="Vi valgte en annen.", text=message.text, suggestions=(safe(""),)),
        finding(words="Vi valgte to.", text=message.text, suggestions=(safe("Du får nei."),)),
        text=message.text,
    )
    assert fixed(replace(base, message=message)) == source.replace("Vi valgte to.", "Du får nei.")


def test_what_is_missing_is_put_in_in_the_order_of_a_letter() -> None:
    at = Span(LETTER.index("\nLykke"), LETTER.index("\nLykke"))
    both = [
        finding(code, suggestions=(safe(text, span=at),))
        for code, text in (("MAN10", "\n\nHva syntes du?"), ("MAN03", "\n\nVi savnet fagbrev."))
    ]
    assert "andre.\n\nVi savnet fagbrev.\n\nHva syntes du?\nLykke" in fixed(report(*both))


def test_a_new_paragraph_of_html_looks_like_its_neighbour() -> None:
    source = '<p id="no" style="margin:0">Lykke til!</p>'
    at = source.index("</p>")
    assert with_line_ends("html", "\n\nRing.", source, Span(at, at)) == '</p>\n<p style="margin:0">Ring.'
