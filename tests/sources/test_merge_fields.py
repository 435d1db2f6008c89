"""Merge fields of every syntax, their roles, and what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackcheck.message import FieldRole, Mode
from feedbackcheck.sources import read_text
from feedbackcheck.sources.merge_fields import find_fields, role_of

R = FieldRole

SYNTAXES = [
    ("[fornavn]", R.NAME), ("[FORNAVN]", R.NAME), ("[Name]", R.NAME), ("{first-name}", R.NAME), ("{first-name there}", R.NAME), ("{fornavn}", R.NAME), ("{job_title}", R.POSITION),
    ("{{fornavn}}", R.NAME), ("{{candidate.firstName}}", R.NAME), ("{{ teacher.name }}", R.NAME), ("{{$x->name}}", R.NAME), ("${firstName}", R.NAME), ("{0}", R.NAME), ("{$name}", R.NAME),
    ("*|FNAME|*", R.NAME), ("{{ contact.FIRSTNAME }}", R.NAME), ("[FIRST_NAME]", R.NAME), ("[candidate.first]", R.NAME), ("«Fornavn»", R.NAME), ("{ MERGEFIELD Fornavn }", R.NAME),
    ("{ MERGEFIELD Fornavn \\* MERGEFORMAT }", R.NAME), ("%CANDIDATE_NAME%", R.NAME), ("##navn##", R.NAME), ("__NAVN__", R.NAME), ("<fornavn>", R.NAME), ("(navn)", R.NAME), ("XX", R.NAME), ("XXXX", R.NAME),
    ("<<fornavn>>", R.NAME), ("[[candidate_name]]", R.NAME), ("{!Contact.FirstName}", R.NAME), ("@@Fornamn@@", R.NAME), ("<%= kandidat %>", R.NAME), ("#FORNAVN#", R.NAME), ("%%FirstName%%", R.NAME),
    ("[sett inn navn]", R.NAME), ("NN", R.NAME), ("{{{fornavn}}}", R.NAME), ("@{triggerBody()?['fornavn']}", R.NAME), ("[Fornavn Etternavn]", R.NAME), ("{{ fornavn | default: {{ navn }} }}", R.NAME),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "role"), SYNTAXES, ids=[s[0] for s in SYNTAXES])
@pytest.mark.parametrize("frame", ["Hei {},\n\nTakk for praten.", "Hei {}!\nDu fikk ikke jobben.", "Hei {}"])
def test_merge_fields_every_syntax(raw: str, role: FieldRole, frame: str) -> None:
    text = frame.replace("{}", raw)
    fields = find_fields(text)
    assert [(f.raw, f.role, f.span.of(text)) for f in fields] == [(raw, role, raw)]


ROLES = [
    ("stilling", R.POSITION), ("stillingstittel", R.POSITION), ("job.title", R.POSITION), ("Stilling__c", R.POSITION), ("firma", R.COMPANY), ("company.name", R.COMPANY), ("firmanavn", R.COMPANY), ("avdeling", R.COMPANY),
    ("avsender.navn", R.SENDER), ("rekrutterer_navn", R.SENDER), ("sender", R.SENDER), ("butikksjef", R.SENDER), ("saksbehandlar", R.SENDER), ("kontaktperson", R.CONTACT), ("leder.tlf", R.CONTACT), ("owner_phone", R.CONTACT),
    ("begrunnelse", R.REASON), ("avslagsårsak", R.REASON), ("reason", R.REASON), ("grunngjeving", R.REASON), ("konkret_styrke", R.STRENGTH), ("strength", R.STRENGTH), ("utviklingspunkt", R.DEVELOPMENT), ("råd", R.DEVELOPMENT),
    ("avgjørende_krav", R.REQUIREMENT), ("krav_1", R.REQUIREMENT), ("kriterium", R.REQUIREMENT), ("slettedato", R.DATE), ("intervjuDato", R.DATE), ("stilling.frist", R.DATE), ("antall_søkere", R.NUMBER), ("saksnr", R.NUMBER),
    ("kalenderlenke", R.LINK), ("surveyUrl", R.LINK), ("candidate.firstName", R.NAME), ("ETTERNAMN", R.NAME), ("xyz", None), ("", None),
    ("styrke fra intervjuet, gjerne med dato", R.STRENGTH), ("krav fra annonsen", R.REQUIREMENT),
]  # fmt: skip


@pytest.mark.parametrize(("name", "role"), ROLES)
def test_merge_fields_role(name: str, role: FieldRole | None) -> None:
    assert role_of(name) == role


@pytest.mark.parametrize(
    "text",
    [
        "Han kalte det «dugnad», og vi lo.", "Kurset «Stillinger i staten» var bra.", "Du sa «ja» og vi sa «nei».", "Vi skrev «sjef» og «krav» i annonsen.", "Som du skrev [sic] i søknaden.",
        "[vent]\nHei Ola.", "[Pause]", "[ja] [nei]", "Se [1] og [2].", "Se vedlegget [vedlegg 2].", "Saken [INC-2291] er lukket.", "Se <https://example.no/stilling> for mer.", "Skriv til <kari@example.no>.", "Vi vant 3 < 5 og 6 > 4.",
        "100 % stilling, 50% lønn og 20 % bonus.", "Kong Harald XX. århundre", "Pave Johannes XX skrev.", "størrelse XXL", "#jobb #karriere", "C# og F# er krav.", "2 * 3 * 4", "snake_case og __init__.py", "(Java) og (vikariat)",
        "- [ ] sjekk CV\n- [x] ring", "Du får 5–10 søknader (flere enn i fjor).", "Klikk [her](https://example.no).", "Navn: Ola\n________________________\nSignatur", "Ja... kanskje.", "Sitat: «Navnet», sa hun.", "{ } er tomme.", "a{b", "%d og %s",
        "Epost: navn@firma.no", "[fast, 100 %]", "[lytt, ikke avbryt]", "[https://example.no]", "[cid:image001.png@01D9]",
    ],
)  # fmt: skip
def test_merge_fields_not_everything_in_brackets(text: str) -> None:
    assert [f.raw for f in find_fields(text)] == []


def test_merge_fields_fallbacks() -> None:
    text = 'Hei {first-name there}, {{ navn | default: "søker" }}, {{ a or "b" }}, *|FNAME:du|*, {{fornavn}}'
    assert [(f.name, f.fallback) for f in find_fields(text)] == [
        ("first-name", "there"), ("navn", "søker"), ("a", "b"), ("FNAME", "du"), ("fornavn", None),
    ]  # fmt: skip


def test_merge_fields_word_quotes_count_where_they_are_many() -> None:
    text = (
        "Hei «Fornavn»,\n\nTakk for søknaden som «Stilling» på «Skip» i «Klasse». Mvh «Avsender», «Telefon»"
    )
    assert [f.raw for f in find_fields(text)] == [
        "«Fornavn»",
        "«Stilling»",
        "«Skip»",
        "«Klasse»",
        "«Avsender»",
        "«Telefon»",
    ]


def test_merge_fields_placeholder_role_from_the_words_before() -> None:
    text = "Hei XX,\nTakk for søknaden på stillingen som XX hos XX. Ring meg på tlf. XXXX innen XX."
    assert [f.role for f in find_fields(text)] == [R.NAME, R.POSITION, R.COMPANY, R.CONTACT, R.DATE]


@pytest.mark.parametrize(
    "text", ["Hei {{fornavn,\n\nTakk.", "Hei [fornavn\n\nTakk.", "Hei {{fornavn},\nTakk for søknaden."]
)
def test_merge_fields_with_a_lost_bracket(text: str) -> None:
    assert [f.role for f in find_fields(text)] == [R.NAME]


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("Hei {{fornavn}},\n\nDu fikk ikke jobben.", Mode.TEMPLATE),
        ("Hei Ola,\n\nDu fikk ikke jobben.", Mode.MESSAGE),
        # A forgotten field in a finished letter, and gaps of no system.
        ("Hei Ola,\n\nDu fikk ikke jobben som {{stilling}}.", Mode.MESSAGE),
        ("Hei XX,\n\nDu fikk ikke jobben.", Mode.MESSAGE),
        ("Hei søker,\n\nDu fikk ikke jobben som {{stilling}}.", Mode.TEMPLATE),
        ("---\nmode: message\n---\nHei {{fornavn}}, du fikk ikke jobben.", Mode.MESSAGE),
    ],
)
def test_merge_fields_decide_the_mode(text: str, mode: Mode) -> None:
    assert read_text(text).mode is mode


@given(st.text(alphabet="[]{}<>«»%#_*|$()@XN.:-/ \nabcÆøåABC123", max_size=120))
def test_merge_fields_are_in_order_and_apart(text: str) -> None:
    fields = find_fields(text)
    last = 0
    for field in fields:
        assert field.span.start >= last
        assert field.raw == field.span.of(text)
        assert field.raw.strip()
        last = field.span.end


@given(
    st.sampled_from(SYNTAXES),
    st.text(alphabet="abcdefghijkæøå ,.\n", max_size=60),
    st.text(alphabet="abcdefghijkæøå ,.\n", max_size=60),
)
def test_merge_fields_are_found_in_any_prose(syntax: tuple[str, FieldRole], before: str, after: str) -> None:
    raw, _ = syntax
    text = f"{before} {raw} {after}"
    assert raw in [f.raw for f in find_fields(text)]


def test_merge_fields_are_fast() -> None:
    letter = (
        "Hei {{fornavn}},\n\nTakk for søknaden på stillingen som {{stilling}} (ref. %REFNR%) hos [firma]. Vi har dessverre valgt en annen.\n"
        * 10
    )
    find_fields(letter)
    start = time.process_time()
    for _ in range(20):
        find_fields(letter)
    assert (time.process_time() - start) / 20 < 0.01
