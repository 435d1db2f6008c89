"""Real files made by real libraries, read as a mail program or Word would show them."""

from __future__ import annotations

import io
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from ole_writer import write_msg

from feedbackcheck.errors import SourceError
from feedbackcheck.message import Context, FieldRole, Mode, Span, Stage
from feedbackcheck.sources import (
    encode_like,
    iter_files,
    kind_of,
    read_bytes,
    read_path,
    read_text,
    read_texts,
)
from feedbackcheck.sources.rtf import rtf_text, unpack_lzfu

LETTER = """Hei Ola,

Takk for søknaden på stillingen som rådgiver. Vi har valgt en annen, fordi du mangler erfaring med budsjett.

Ring meg gjerne på 412 00 000.

Med vennlig hilsen
Kari Nordmann
HR-rådgiver"""


def lines_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


# -- encodings


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859-1", "cp865", "mac_roman"],
)
def test_encoding_is_found(encoding: str) -> None:
    data = LETTER.encode(encoding)
    if encoding == "utf-16-be":
        data = LETTER.encode("utf-16-be")
    assert read_bytes(data, name="a.txt")[0].text == LETTER


def test_encoding_of_a_page_that_declares_it() -> None:
    page = '<html><head><meta charset="iso-8859-15"></head><body><p>100 € for blåbær</p></body></html>'
    assert read_bytes(page.encode("iso-8859-15"), name="a.html")[0].text == "100 € for blåbær"


def test_encoding_with_a_broken_byte_is_read_with_a_notice() -> None:
    message = read_bytes(LETTER.encode() + b" \xe5 slutt", name="a.txt")[0]
    assert message.text.startswith(LETTER)
    assert any("ugyldig" in n for n in message.notices)


def test_encoding_decomposed_letters_are_composed() -> None:
    message = read_text("Hei A\u030ase, fa\u030ar du bra\u00addager\u200b?")
    assert message.text == "Hei Åse, får du bradager?"
    at = message.text.index("får")
    assert message.source_map.span(Span(at, at + 3)).of(message.source) == "fa\u030ar"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encoding_is_kept_when_a_file_is_changed(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(LETTER.encode(encoding))
    assert encode_like(LETTER, file) == LETTER.encode(encoding)


def test_encoding_that_a_page_declares_is_kept_for_letters_it_lacks(tmp_path: Path) -> None:
    page = '<meta charset="windows-1252"><p>Hei Åse, du får dessverre ikke jobben.</p>'
    file = tmp_path / "side.html"
    file.write_bytes(page.encode("cp1252"))
    changed = encode_like(page.replace("Åse", "Čáhppe–Åse 😀"), file)
    assert b"windows-1252" in changed
    assert changed.decode("cp1252").count("Å") == 1
    file.write_bytes(changed)
    assert read_path(file)[0].text.startswith("Hei Čáhppe–Åse 😀, du får")
    # Plain text says nothing of its encoding, so UTF-8 loses nothing.
    (tmp_path / "brev.txt").write_bytes("Hei Åse, du får dessverre ikke jobben.".encode("cp1252"))
    assert encode_like("Hei Č", tmp_path / "brev.txt") == "Hei Č".encode()


# -- the same letter in every format


def as_docx(letter: str) -> bytes:
    document = docx.Document()
    for line in letter.split("\n"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_mail(letter: str, **changes: Any) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Søknaden din som rådgiver"
    mail["From"] = "Kari Nordmann <kari@example.no>"
    mail["To"] = "Ola Hansen <ola@example.no>"
    mail["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    mail.set_content(letter + "\n", **changes)
    return bytes(mail)


def as_html(letter: str) -> str:
    return (
        "<html><body>"
        + "".join(f"<p>{p.replace(chr(10), '<br>')}</p>" for p in letter.split("\n\n"))
        + "</body></html>"
    )


def test_formats_give_the_same_text() -> None:
    files = {
        "a.txt": LETTER.encode(), "a.html": as_html(LETTER).encode(), "a.docx": as_docx(LETTER), "a.eml": as_mail(LETTER),
        "a.msg": write_msg(subject="Søknaden", body=LETTER.replace("\n", "\r\n")), "a.md": LETTER.replace("\n", "  \n").encode(),
        "b.msg": write_msg(html=as_html(LETTER).encode()), "a.rtf": (r"{\rtf1\ansi " + LETTER.replace("\n", "\\par ").encode("cp1252").decode("latin-1") + "}").encode("latin-1"),
    }  # fmt: skip
    for name, data in files.items():
        message = read_bytes(data, name=name)[0]
        assert lines_of(message.text) == lines_of(LETTER), name
        assert message.mode is Mode.MESSAGE
        at = message.text.index("budsjett")
        assert message.source_map.span(Span(at, at + 8)).of(message.source) == "budsjett", name
        if name.endswith((".docx", ".msg", ".rtf")):
            assert message.locate(message.source_map.start(at)).line == 2, name


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.txt", b"", "text"), ("a.HTML", b"", "html"), ("avslag.html.j2", b"", "html"), ("avslag.j2", b"Hei", "text"), ("avslag.hbs", b"<p>Hei</p>", "html"), ("a.mjml", b"", "mjml"), ("brev.md.jinja", b"", "markdown"),
        ("utkast", b"<!DOCTYPE html>", "html"), ("utkast", b"Hei Ola", "text"), ("utkast", b"From: a@b.no\nSubject: x\nMIME-Version: 1.0\n\nHei", "eml"), ("utkast", b"{\\rtf1", "rtf"), ("utkast", b"---\nstage: x\n---\n", "markdown"),
        ("Emne", b"Til: Ola\nEmne: Avslag\n\nHei", "text"), ("a.oft", b"", "msg"), ("a.dotx", b"PK", "docx"), ("a.yml", b"", "yaml"),
    ],
)  # fmt: skip
def test_kind_of(name: str, head: bytes, kind: str) -> None:
    assert kind_of(name, head) == kind


# -- plain text


def test_plain_wrapped_lines_are_joined_and_lists_are_not() -> None:
    source = (
        "Hei Ola,\n\n"
        "Takk for søknaden på stillingen som rådgiver hos oss. Vi har dessverre gått\n"
        "videre med andre kandidater, og ønsker deg lykke til videre i jobbsøkingen\n"
        "framover. Du kan ringe meg.\n\n"
        "- ett punkt som er så langt at det nesten går helt ut til kanten av linjen her\n"
        "- to punkter\n\n"
        "Med vennlig hilsen\nKari Nordmann\nRådgiver i avdelingen for personal og organisasjon i kommunen\nTelefon 412 00 000\n"
    )
    message = read_text(source)
    assert lines_of(message.text) == [
        "Hei Ola,",
        "Takk for søknaden på stillingen som rådgiver hos oss. Vi har dessverre gått videre med andre kandidater, og ønsker deg lykke til videre i jobbsøkingen framover. Du kan ringe meg.",
        "- ett punkt som er så langt at det nesten går helt ut til kanten av linjen her",
        "- to punkter",
        "Med vennlig hilsen", "Kari Nordmann", "Rådgiver i avdelingen for personal og organisasjon i kommunen", "Telefon 412 00 000",
    ]  # fmt: skip


def test_plain_lines_of_one_sentence_each_stay_apart() -> None:
    source = "Takk for at du søkte jobben hos oss i kommunen.\nVi har dessverre ikke plass til deg denne gangen.\nLykke til videre med det du skal gjøre framover."
    assert read_text(source).text == source


def test_plain_corpora_are_not_changed() -> None:
    """Whole letters, one line a paragraph, come through as they are."""
    import json

    corpora = Path(__file__).parents[2] / "corpora" / "dev.jsonl"
    for line in corpora.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        assert read_text(text, kind="text").text == text


def test_plain_subject_line_is_known() -> None:
    message = read_text("Emne: Søknaden din\n\nHei Ola, du fikk ikke jobben.")
    assert message.subject is not None
    assert message.subject.of(message.text) == "Søknaden din"


# -- front matter


def test_front_matter_gives_context_and_stage() -> None:
    source = "---\ncandidate_name: Ola Hansen\napplicants: 12\nstage: intervju\nlang: nn\nsent_on: 2026-03-01\nlayout: brev\n---\nHei Ola, du fikk ikkje jobben."
    message = read_text(source, name="a.md")
    assert (message.context.candidate_name, message.context.applicants, message.stage, message.language) == (
        "Ola Hansen",
        12,
        Stage.INTERVJU,
        "nn",
    )
    assert message.context.extra == {"layout": "brev"}
    assert message.locate(message.source_map.start(0)).line == 9
    given = read_text(source, name="a.md", context=Context(candidate_name="Kari"))
    assert (given.context.candidate_name, given.context.applicants) == ("Kari", 12)


def test_front_matter_in_toml_and_text() -> None:
    message = read_text(
        '+++\ncompany = "Fjord AS"\nstage = "finale"\n+++\nHei Ola, du fikk ikke jobben.', kind="text"
    )
    assert (message.context.company, message.stage) == ("Fjord AS", Stage.FINALE)


def test_front_matter_is_not_every_drawn_line() -> None:
    source = "---\n\nHei Ola, du fikk ikke jobben.\n"
    assert read_text(source, kind="text").text == source


# -- markdown


def test_markdown_words_without_marks() -> None:
    source = "# Avslag på søknaden\n\nHei **Ola**,\n\ntakk for [søknaden](https://example.no) din,\nog for at du kom. ![bilde](a.png) Vi brukte `koden` og \\*stjerner\\*.\n\n```\nkode som ikke leses\n```\n\n> Sitat her\n\n---\n\nMed vennlig hilsen\nKari &amp; Per\n"
    assert lines_of(read_text(source, kind="markdown").text) == [
        "Avslag på søknaden", "Hei Ola,", "takk for søknaden din, og for at du kom.  Vi brukte koden og *stjerner*.", "Sitat her", "Med vennlig hilsen", "Kari & Per",
    ]  # fmt: skip


def test_markdown_keeps_merge_fields() -> None:
    message = read_text(
        "Hei __NAVN__ og *|FNAME|* og [fornavn],\n\ntakk for **{{stilling}}**.", kind="markdown"
    )
    assert [f.raw for f in message.fields] == ["__NAVN__", "*|FNAME|*", "[fornavn]", "{{stilling}}"]


# -- html


def test_html_from_outlook() -> None:
    source = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm} --></style>
<!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit"/></xml><![endif]--></head><body lang=NO-BOK>
<div style="display:none;max-height:0">Forhåndsvisning av brevet</div><div class="WordSection1">
<p class=MsoNormal>Hei <b>Ola</b>,<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<![if !supportLists]><p class=MsoNormal>Takk for s&#248;knaden p&aring; stillingen som
r&aring;dgiver.<o:p></o:p></p><![endif]>
<!--[if mso]><p>Bare i Outlook</p><![endif]-->
<table><tr><td>Navn</td><td>Ola</td></tr></table><img src="cid:1" alt="Logo"><script>alert('x')</script>
<p class=MsoNormal>Mvh<br>Kari</p></div></body></html>"""
    assert (
        read_text(source, kind="html").text
        == "Hei Ola,\n\nTakk for søknaden på stillingen som rådgiver.\n\nNavn\nOla\n\nMvh\nKari"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Kaffe&brød og R&D hos Rema&Co</p>", "Kaffe&brød og R&D hos Rema&Co"),
        ("<p>Vi har g&aringtt videre &#229", "Vi har gått videre å"),
        ("Du <span hidden>a<span>b</span>c</span>fikk ikke jobben", "Du fikk ikke jobben"),
        ('<a href="x"target="y">Takk</a> for <b class=\'z\' >alt</b ><td a=b/>', "Takk for alt"),
        ('<p>Hei</p><a href="x>y">her</a>, <![if !x]>du<![endif]> <?xml x?>der', "Hei\n\nher, du der"),
        ("<script>if (a < b) { '</p>' }</script><p>Hei 3 < 4, a <b >5</b></p>", "Hei 3 < 4, a 5"),
    ],
)
def test_html_odd_markup_is_read_as_browsers_read_it(source: str, text: str) -> None:
    assert read_text(source, kind="html").text == text


def test_html_reads_on_quickly_after_an_odd_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    from feedbackcheck.sources import html

    given: list[str] = []
    take = html._Soup.take
    monkeypatch.setattr(html._Soup, "take", lambda soup, part: (given.append(part), take(soup, part))[1])
    message = read_text("<p>Hei</p>\n<a b='c'=d>du</a>\n" + "<p>Takk</p>\n" * 500, kind="html")
    assert given == ["<a b='c'=d>"]
    assert message.text.startswith("Hei\n\ndu\n\nTakk")
    assert message.locate(message.source_map.start(message.text.rindex("Takk"))).line == 502


def test_html_mjml() -> None:
    source = "<mjml><mj-head><mj-title>T</mj-title><mj-preview>P</mj-preview></mj-head><mj-body><mj-section><mj-column><mj-text>Hei {{navn}},</mj-text><mj-text>Du fikk ikke jobben.</mj-text><mj-button href='x'>Svar</mj-button></mj-column></mj-section></mj-body></mjml>"
    assert read_text(source, kind="mjml").text == "Hei {{navn}},\n\nDu fikk ikke jobben.\n\nSvar"


def test_html_merge_fields_written_as_tags_and_entities() -> None:
    message = read_text(
        "<p>Hei &lt;fornavn&gt; og <etternavn>, du søkte <b>&laquo;Stilling&raquo;</b>.</p>", kind="html"
    )
    assert [f.raw for f in message.fields] == ["<fornavn>", "<etternavn>", "«Stilling»"]


# -- mail


def test_mail_headers_and_weak_context() -> None:
    message = read_bytes(as_mail(LETTER), name="a.eml")[0]
    assert message.headers["subject"] == "Søknaden din som rådgiver"
    assert message.headers["from"] == "Kari Nordmann <kari@example.no>"
    assert message.context.extra["headers"] == message.headers
    assert message.context.candidate_name is None
    assert (message.kind, message.part, message.mode) == ("eml", "1 text/plain", Mode.MESSAGE)


def test_mail_with_fields_is_still_a_message() -> None:
    assert (
        read_bytes(as_mail("Hei {{fornavn}},\n\nDu fikk ikke jobben."), name="a.eml")[0].mode is Mode.MESSAGE
    )


def test_mail_stub_gives_way_to_html() -> None:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content("Denne e-posten må leses i et program som støtter HTML.")
    mail.add_alternative(as_html(LETTER), subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="cv.pdf")
    message = read_bytes(bytes(mail), name="a.eml")[0]
    assert lines_of(message.text) == lines_of(LETTER)
    assert message.part == "1.2 text/html"


def test_mail_plain_is_preferred_to_equal_html() -> None:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content(LETTER)
    mail.add_alternative(as_html(LETTER), subtype="html")
    assert read_bytes(bytes(mail), name="a.eml")[0].part == "1 text/plain"


def test_mail_format_flowed() -> None:
    data = b"Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed\n\nHei Ola, \nvi har \nvalgt en annen.\n\n Innrykk her.\n-- \nKari\n"
    assert lines_of(read_bytes(data, name="a.eml")[0].text) == [
        "Hei Ola, vi har valgt en annen.",
        "Innrykk her.",
        "Kari",
    ]


def test_mail_wrong_charset_is_read_with_a_notice() -> None:
    data = "Subject: x\nContent-Type: text/plain; charset=us-ascii\n\nHei Åse, du får ikke jobben som rådgiver.\n".encode()
    assert "Hei Åse" in read_bytes(data, name="a.eml")[0].text
    data = "Subject: x\nContent-Type: text/plain; charset=tull-7\n\nHei Åse, du får ikke jobben som rådgiver.\n".encode()
    message = read_bytes(data, name="a.eml")[0]
    assert "Hei Åse" in message.text
    assert any("tull-7" in n for n in message.notices)


def test_mail_inside_a_mail_and_raw_headers() -> None:
    inner = EmailMessage()
    inner["Subject"] = "Indre"
    inner.set_content(LETTER)
    outer = EmailMessage()
    outer["Subject"] = "Ytre"
    outer.set_content("Se vedlagt e-post.")
    outer.add_attachment(inner)
    message = read_bytes(bytes(outer), name="a.eml")[0]
    assert lines_of(message.text) == lines_of(LETTER)
    assert any("ligger ved" in n for n in message.notices)
    raw = "Subject: Søknad på jobb\nFrom: Åse <a@example.no>\n\nHei Ola, du fikk ikke jobben.\n".encode(
        "latin-1"
    )
    assert read_bytes(raw, name="a.eml")[0].headers == {
        "subject": "Søknad på jobb",
        "from": "Åse <a@example.no>",
    }


HISTORIES = [
    "-----Opprinnelig melding-----\nFra: Ola Hansen\nSendt: mandag 2. mars 2026 10:00\nTil: Kari\nEmne: Søknad\n\nHei, her er søknaden min.\n",
    "________________________________\nFra: Ola Hansen <ola@example.no>\nSendt: mandag 2. mars 2026 10:00\nTil: Kari\nEmne: Søknad\n\nHei, her er søknaden min.\n",
    "Den man. 2. mars 2026 kl. 10:00 skrev Ola Hansen <ola@example.no>:\n\n> Hei, her er søknaden min.\n> Ola\n",
    "Ola Hansen <ola@example.no> skrev følgende den 2. mars 2026:\n\n> Hei, her er søknaden min.\n",
    "On Mon, Mar 2, 2026 at 10:00 AM Ola Hansen <ola@example.no> wrote:\n> Hei\n",
    "> Hei, her er søknaden min.\n> Ola\n",
]


@pytest.mark.parametrize("history", HISTORIES)
def test_history_is_left_out(history: str) -> None:
    message = read_bytes(as_mail(LETTER + "\n\n" + history), name="a.eml")[0]
    assert lines_of(message.text) == lines_of(LETTER)
    assert "Sitert historikk er utelatt." in message.notices


@pytest.mark.parametrize(
    "quoted",
    [
        '<div class="gmail_quote"><div class="gmail_attr">Den 2. mars skrev Ola:</div><blockquote>Her er søknaden min</blockquote></div>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Fra:</b> Ola<br><b>Sendt:</b> i går</div><div>Her er søknaden min</div>',
        '<blockquote type="cite"><div>Her er søknaden min</div></blockquote>',
        "<div style='border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>Fra:</b> Ola Hansen<br><b>Sendt:</b> mandag<br><b>Til:</b> Kari<br><b>Emne:</b> Søknad</p></div><p>Her er søknaden min</p>",
    ],
)
def test_history_in_html_is_left_out(quoted: str) -> None:
    message = read_text(as_html(LETTER).replace("</body>", quoted + "</body>"), kind="html")
    assert lines_of(message.text) == lines_of(LETTER)


def test_history_a_forwarded_draft_is_not_emptied() -> None:
    body = (
        "---------- Videresendt melding ---------\nFra: Kari Nordmann <kari@example.no>\nDato: man. 2. mars 2026\nEmne: Utkast\nTil: <leder@example.no>\n\n"
        + LETTER
    )
    message = read_bytes(as_mail(body), name="a.eml")[0]
    assert lines_of(message.text) == lines_of(LETTER)
    assert any("videresendt" in n for n in message.notices)
    quoted = "\n".join("> " + line for line in LETTER.split("\n"))
    assert lines_of(read_bytes(as_mail(quoted), name="a.eml")[0].text) == lines_of(LETTER)


def test_history_a_script_that_says_whom_it_is_from_is_kept() -> None:
    source = "Fra: Kari\nTil: Ola\n\nHei Ola, du fikk ikke jobben som rådgiver."
    assert read_text(source).text == source


@pytest.mark.parametrize(
    "footer",
    [
        "Denne e-posten kan inneholde konfidensiell informasjon og er kun ment for adressaten. Har du fått den ved en feil, så slett den.",
        "Dersom du har mottatt denne meldingen ved en feil, ber vi deg slette den.",
        "Tenk på miljøet før du skriver ut denne e-posten.",
        "Sendt fra min iPhone",
    ],
)
def test_footer_is_left_out(footer: str) -> None:
    message = read_bytes(as_mail(LETTER + "\n\n" + footer), name="a.eml")[0]
    assert lines_of(message.text) == lines_of(LETTER)
    assert "Bunntekst er utelatt." in message.notices


def test_footer_that_is_part_of_the_message_is_kept() -> None:
    for line in ("Denne e-posten kan ikke besvares.", "Dette er en automatisk generert melding."):
        assert line in read_bytes(as_mail(LETTER + "\n\n" + line), name="a.eml")[0].text


# -- word


def add_field(paragraph: Any, name: str, shown: str, *, simple: bool) -> None:
    if simple:
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f" MERGEFIELD {name} \\* MERGEFORMAT ")
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = shown
        run.append(text)
        field.append(run)
        paragraph._p.append(field)
        return
    for step in ("begin", "instruction", "separate", "text", "end"):
        run = paragraph.add_run()
        if step == "text":
            run.text = shown
        elif step == "instruction":
            element = OxmlElement("w:instrText")
            element.text = f' MERGEFIELD "{name}" '
            run._r.append(element)
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), step)
            run._r.append(element)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_word_merge_fields_lists_tables_and_places() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Hei ")
    add_field(paragraph, "Fornavn", "«Fornavn»", simple=True)
    paragraph.add_run(",")
    document.add_paragraph("")
    paragraph = document.add_paragraph("Takk for søknaden på stillingen som ")
    add_field(paragraph, "Stilling", "rådgiver", simple=False)
    paragraph.add_run(". Du fikk den ikke.")
    document.add_paragraph("et punkt", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Frist", "1. mars"
    message = read_bytes(saved(document), name="a.docx")[0]
    assert lines_of(message.text) == [
        "Hei «Fornavn»,",
        "Takk for søknaden på stillingen som rådgiver. Du fikk den ikke.",
        "- et punkt",
        "Frist",
        "1. mars",
    ]
    assert [(f.raw, f.name, f.role) for f in message.fields] == [
        ("«Fornavn»", "Fornavn", FieldRole.NAME),
        ("rådgiver", "Stilling", FieldRole.POSITION),
    ]
    assert [f.span.of(message.text) for f in message.fields] == ["«Fornavn»", "rådgiver"]
    assert message.mode is Mode.TEMPLATE
    place = message.locate(message.source_map.start(message.text.index("Du fikk")))
    assert (place.line, place.column) == (2, len("Takk for søknaden på stillingen som rådgiver. ") + 1)
    assert message.locate(message.source_map.start(message.text.index("1. mars"))).line == 5


def test_word_tracked_changes_hidden_text_and_controls() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Hei Ola, du fikk ")
    deleted = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "dessverre "
    run.append(text)
    deleted.append(run)
    paragraph._p.append(deleted)
    paragraph.add_run("ikke jobben som ")
    hidden = paragraph.add_run("HEMMELIG")
    hidden.font.hidden = True
    control = OxmlElement("w:sdt")
    properties = OxmlElement("w:sdtPr")
    alias = OxmlElement("w:alias")
    alias.set(qn("w:val"), "Stillingstittel")
    properties.append(alias)
    properties.append(OxmlElement("w:showingPlcHdr"))
    content = OxmlElement("w:sdtContent")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "Klikk her for å skrive"
    run.append(text)
    content.append(run)
    control.append(properties)
    control.append(content)
    paragraph._p.append(control)
    message = read_bytes(saved(document), name="a.docx")[0]
    assert message.text.strip() == "Hei Ola, du fikk ikke jobben som Klikk her for å skrive"
    assert [(f.raw, f.role) for f in message.fields] == [("Klikk her for å skrive", FieldRole.POSITION)]
    assert any("sporede" in n for n in message.notices)


def test_word_without_blank_paragraphs_keeps_its_paragraphs_apart() -> None:
    document = docx.Document()
    for line in ("Hei Ola,", "Takk for søknaden.", "Du fikk ikke jobben."):
        document.add_paragraph(line)
    assert (
        read_bytes(saved(document), name="a.docx")[0].text
        == "Hei Ola,\n\nTakk for søknaden.\n\nDu fikk ikke jobben."
    )


# -- outlook and rtf


def test_outlook_template_and_headers() -> None:
    data = write_msg(
        subject="Søknaden din", sender="Kari Nordmann", body="Hei «Fornavn»,\r\n\r\nDu fikk ikke jobben.\r\n"
    )
    assert read_bytes(data, name="a.oft")[0].mode is Mode.TEMPLATE
    message = read_bytes(data, name="a.msg")[0]
    assert message.mode is Mode.MESSAGE
    assert message.headers == {"subject": "Søknaden din", "from": "Kari Nordmann"}


def test_outlook_large_html_and_rtf_bodies() -> None:
    filler = "<p>Vi har valgt en annen kandidat til stillingen.</p>" * 200
    assert (
        read_bytes(write_msg(html=f"<body>{filler}</body>".encode()), name="a.msg")[0].text.count("kandidat")
        == 200
    )
    rtf = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Calibri;}}\pard Hei Ola,\par\par Takk for s\'f8knaden p\u229\'e5 jobben.\par}"
    assert read_bytes(write_msg(rtf=rtf), name="a.msg")[0].text == "Hei Ola,\n\nTakk for søknaden på jobben."


def test_rtf_wrapped_html_and_compression() -> None:
    wrapped = r"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hei Ola,{\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0 {\*\htmltag64 <p>}Du fikk ikke jobben.}"
    assert lines_of(rtf_text(wrapped)) == ["Hei Ola,", "Du fikk ikke jobben."]
    # The example of MS-OXRTFCP, section 3.1.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpack_lzfu(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


# -- json and yaml


def test_strings_subject_belongs_to_its_body() -> None:
    source = '{"avslag": {"subject": "Søknaden din", "body": "Hei {{fornavn}},\\n\\nDu fikk ikke jobben hos oss."}, "versjon": "1.0 og litt til"}'
    (message,) = read_texts(source, name="maler.json")
    assert message.text == "Søknaden din\n\nHei {{fornavn}},\n\nDu fikk ikke jobben hos oss."
    assert message.subject == Span(0, 12)
    assert (message.part, message.id) == ("/avslag/body", "/avslag/body")
    place = message.locate(message.source_map.start(message.text.index("Du fikk")))
    assert (place.line, place.column) == (1, source.index("Du fikk") + 1)


def test_strings_every_letter_and_no_twins() -> None:
    source = "maler:\n  - html: <p>Hei Ola, takk for søknaden din hos oss.</p>\n    text: Hei Ola, takk for søknaden din hos oss.\n  - brev: |\n      Hei Kari, takk for søknaden. Du fikk ikke jobben hos oss denne gangen, men ring gjerne.\nnavn: en mal\n"
    messages = read_texts(source, name="a.yaml")
    assert [m.part for m in messages] == ["/maler/0/html", "/maler/1/brev"]
    assert messages[1].locate(messages[1].source_map.start(0)).line == 5


# -- folders


def test_walk_takes_what_is_meant(tmp_path: Path) -> None:
    for name in (
        "a.txt",
        "sub/b.html",
        "sub/c.py",
        ".git/x.txt",
        ".skjult/d.txt",
        "node_modules/e.txt",
        "ignorert/f.txt",
        "g.log.txt",
        "h.json",
        "i.json",
        "ut/j.txt",
        "~$k.docx",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Hei Ola", encoding="utf-8")
    (tmp_path / "i.json").write_text('{"body": "Hei Ola, takk for søknaden"}', encoding="utf-8")
    (tmp_path / ".gitignore").write_text("ignorert/\n*.log.txt\n", encoding="utf-8")
    found = [p.relative_to(tmp_path).as_posix() for p in iter_files([tmp_path], exclude=["ut"])]
    assert found == ["a.txt", "i.json", "sub/b.html"]
    assert [p.name for p in iter_files([tmp_path / "sub/c.py", tmp_path / "sub/c.py"])] == ["c.py"]
    assert [p.name for p in iter_files([tmp_path / "**/*.html"])] == ["b.html"]


def test_walk_tells_of_a_folder_it_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "brev.txt").write_text("Hei")
    scandir = os.scandir

    def guarded(path: str) -> object:
        # The tests may run as root, whom no permission bit stops.
        if os.fspath(path).endswith("b"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    walk = iter_files([tmp_path])
    assert [next(walk).parent.name, next(walk).parent.name] == ["a", "c"]
    with pytest.raises(SourceError, match=r"b: Mappen kan ikke leses\."):
        next(walk)


def test_walk_says_what_is_missing(tmp_path: Path) -> None:
    from feedbackcheck.errors import SourceError

    with pytest.raises(SourceError, match="finnes ikke"):
        list(iter_files([tmp_path / "borte"]))
    with pytest.raises(SourceError, match="passer ingen"):
        list(iter_files([tmp_path / "*.txt"]))
    assert list(iter_files([tmp_path])) == []


def test_read_path_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\nstage: soknad\n---\nHei Ola, du fikk ikke jobben.", encoding="utf-8")
    (message,) = read_path(file, context=Context(applicants=3))
    assert (message.path, message.kind, message.context.applicants) == (str(file), "markdown", 3)


def test_import_is_light() -> None:
    """Nothing heavy is loaded before a file of its kind is read."""
    code = (
        "import sys; import feedbackcheck.sources as s; s.read_text('Hei Ola, takk.', kind='text');"
        "print([m for m in ('lxml','docx','yaml','oxmsg','email','html.parser','charset_normalizer','spacy','numpy','pathspec','zipfile') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("line", ["[[:space:]]x", "!", "slutt\\", "[z-a]"])
def test_walk_passes_over_a_line_that_is_no_pattern(tmp_path: Path, line: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text(f"{line}\nbort.txt\n", encoding="utf-8")
    for name in ("brev.txt", "bort.txt"):
        (tmp_path / name).write_text("Hei Ola", encoding="utf-8")
    assert [p.name for p in iter_files([tmp_path])] == ["brev.txt"]


def test_walk_takes_a_file_once_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hei Ola", encoding="utf-8")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert [p.name for p in iter_files([tmp_path, tmp_path / "b.txt"])] == ["a.txt"]


def test_walk_takes_rtf_and_templates_that_hold_a_letter(tmp_path: Path) -> None:
    (tmp_path / "brev.rtf").write_text("{\\rtf1 Hei}", encoding="utf-8")
    (tmp_path / "brev.html.tmpl").write_text("Hei {{.Navn}}, takk for søknaden", encoding="utf-8")
    (tmp_path / "tjener.tmpl").write_text("listen {{.Port}}", encoding="utf-8")
    assert [p.name for p in iter_files([tmp_path])] == ["brev.html.tmpl", "brev.rtf"]


def test_walk_names_the_path_that_may_not_be_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", closed)
    with pytest.raises(SourceError, match="lukket"):
        list(iter_files([tmp_path / "lukket" / "a.txt"]))
