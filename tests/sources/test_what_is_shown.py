"""What the recipient's program shows is what is read: hidden words, two versions of a mail, Word's and RTF's own marks."""

from __future__ import annotations

import json
from email.message import EmailMessage

import pytest
from test_bad_input import RELS, zipped

from feedbackcheck.errors import MalformedSourceError
from feedbackcheck.message import FieldRole, Message
from feedbackcheck.sources import read_bytes, read_text
from feedbackcheck.sources.css import hides, size_of_letters
from feedbackcheck.sources.html import without_raw

LETTER = (
    "Hei Ola,\n\nTakk for søknaden på stillingen som rådgiver. Vi har valgt en annen, fordi du mangler "
    "erfaring med budsjett. Vi likte svarene dine om samarbeid, og håper at du søker igjen når vi lyser ut.\n\n"
    "Med vennlig hilsen\nKari Nordmann"
)

# -- style sheets


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "DISPLAY : NONE !important", "visibility:hidden", "mso-hide:all", "max-height:0", "max-height: 0px;", "max-height:0.0em",
        "opacity:0", "opacity:.0", "height:0;overflow:hidden", "color:red;display:none", "display:block;display:none",
    ],
)  # fmt: skip
def test_style_hides(style: str) -> None:
    assert hides(style)
    assert read_text(f'<p>Hei du</p><div style="{style}">skjult</div>', kind="html").text == "Hei du"


@pytest.mark.parametrize(
    "style",
    [
        "max-height:0.5em", "max-height:01px", "opacity:0.9", "opacity:.5", "height:0", "line-height:0", "width:0.5em;overflow:hidden", "font-size:0.9em", "font-size:0.5px",
        "display:none;display:block", "display:none; display:block !important", "x-display:none", "overflow:hidden;height:100%",
    ],
)  # fmt: skip
def test_style_shows(style: str) -> None:
    assert not hides(style)
    assert "vist" in read_text(f'<p>Hei du</p><div style="{style}">vist</div>', kind="html").text


@pytest.mark.parametrize(
    ("style", "size"),
    [
        ("font-size:0", "none"), ("font-size: 0.0px !important", "none"), ("font:0/0 a", "none"), ("font:italic 700 14px/1.5 Arial", "some"), ("font-size:medium", "some"),
        ("font-size:1em", ""), ("font-size:90%", ""), ("color:red", ""), ("font:inherit", ""),
    ],
)  # fmt: skip
def test_size_of_letters(style: str, size: str) -> None:
    assert size_of_letters(style) == size


def test_letters_without_size_come_back_where_an_element_in_them_has_one() -> None:
    """MJML writes all its columns so."""
    source = (
        '<table><tr><td style="font-size:0px"><div style="font-size:0">borte<div style="font-size:13px"><p>Hei Ola,</p>'
        '<p>Du fikk ikke <span style="font-size:0">skjult<br></span>jobben.</p></div>borte &aring;</div></td>'
        '<td style="font-size:0"><b style="font-size:2em">borte</b><i style="font-size:12px">Hilsen Kari</i></td></tr></table>'
        "<p>Slutt</p>"
    )
    message = read_text(source, kind="html")
    assert "borte" not in message.text
    assert "skjult" not in message.text
    assert [line for line in message.text.split("\n") if line] == ["Hei Ola,", "Du fikk ikke", "jobben.", "Hilsen Kari", "Slutt"]  # fmt: skip
    for word in ("Ola", "jobben", "Hilsen", "Slutt"):
        at = message.text.index(word)
        assert source[message.source_map.start(at) :].startswith(word)


def test_letters_without_size_end_with_the_element_whatever_was_left_open() -> None:
    source = '<td style="font-size:0"><p style="font-size:14px">Hei Ola</td><p>Du fikk</p><p>ikke jobben</p>'
    assert read_text(source, kind="html").text == "Hei Ola\n\nDu fikk\n\nikke jobben"


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<style>a{}\n</style>b<script>c</SCRIPT >", "<style>   \n</style>b<script> </SCRIPT >"),
        ("<style>a<p>b", "<style>a<p>b"),
        ("<script>a<style>b</style>c", "<script>a<style> </style>c"),
        ("<script>a<style>b</script>c</style>", "<script>         </script>c</style>"),
        ("<style x</style>y", "<style x</style>y"),
        ("<styles>a</style>", "<styles>a</style>"),
    ],
)
def test_content_of_style_sheets_and_scripts_is_blanked(source: str, left: str) -> None:
    assert len(without_raw(source)) == len(source)
    assert without_raw(source) == left


# -- two versions of a mail


def mail_of(plain: str, html: str, *, mixed: bool = False) -> Message:
    mail = EmailMessage()
    mail["Subject"] = "Søknaden din"
    mail.set_content(plain)
    mail.add_alternative(html, subtype="html")
    data = bytes(mail)
    if mixed:
        data = data.replace(b"multipart/alternative", b"multipart/mixed")
    return read_bytes(data, name="a.eml")[0]


def as_html(text: str) -> str:
    return "<p>" + text.replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"


OTHER = LETTER.replace(
    "fordi du mangler erfaring med budsjett", "og ønsker deg lykke til videre i jobbsøkingen"
)


@pytest.mark.parametrize(
    "html",
    [OTHER, LETTER.replace("Vi likte", "Vi likte ikke"), LETTER + "\n\n" + "Vi får svært mange søknader til alle stillinger."],
)  # fmt: skip
def test_where_the_versions_differ_the_html_is_read_and_it_is_said(html: str) -> None:
    message = mail_of(LETTER, as_html(html))
    assert message.part == "2 text/html"
    assert "".join(message.text.split()) == "".join(html.split())
    (notice,) = [n for n in message.notices if "utgaver" in n]
    assert "HTML-utgaven" in notice


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        (LETTER, as_html(LETTER)),
        (LETTER.replace("Kari Nordmann", "Kari Nordmann\nhttps://firma.example.no/jobb?id=1"), as_html(LETTER)),
        (LETTER.replace("rådgiver", "*rådgiver*\n"), as_html(LETTER.replace("rådgiver", "<b>råd</b>giver"))),
        ("[cid:image001.png@01D9]\n" + LETTER, "<img src=cid:image001.png alt='Logo'>" + as_html(LETTER)),
        (LETTER, "<title>Svar</title><div style='display:none'>Et kort sammendrag av hele brevet</div>" + as_html(LETTER)),
        (LETTER, as_html(LETTER) + "<p>Meld deg av listen</p>"),
        (LETTER, "<p><img src=a.png></p>"),
        (LETTER, as_html(LETTER.replace("ø", "&oslash;").replace("søknaden", "søk&shy;naden"))),
    ],
)  # fmt: skip
def test_where_the_versions_agree_the_plain_text_is_read(plain: str, html: str) -> None:
    message = mail_of(plain, html)
    assert message.part == "1 text/plain"
    assert not any("utgaver" in n for n in message.notices)


def test_parts_that_are_shown_one_after_the_other_are_no_versions() -> None:
    message = mail_of(LETTER, as_html(OTHER), mixed=True)
    assert (message.part, message.notices) == ("1 text/plain", ())


# -- YAML


@pytest.mark.parametrize(
    "front", ["", "sti: 'C:\\ud83d\\ude00'\n", '"\\ud83d\\ude00": x\n', "a: C:\\ud83d\\ude00\n"]
)
def test_yaml_as_json_writes_it_is_read_with_its_places(front: str) -> None:
    text = "Hei 😀 Kari, takk for søknaden. Vi har «dessverre» valgt en annen 🎉 søker.\nHilsen Per \\ud83d"
    source = front + "body: " + json.dumps(text) + "\n"
    (message,) = read_bytes(source.encode(), name="a.yaml")
    assert message.text == text
    for word, written in (
        ("Kari", "Kari"),
        ("🎉", "\\ud83c\\udf89"),
        ("valgt", "valgt"),
        ("søker", "s\\u00f8ker"),
    ):
        at = message.text.index(word)
        assert source[message.source_map.start(at) : message.source_map.end(at + len(word))] == written


def test_half_a_pair_is_still_no_yaml() -> None:
    with pytest.raises(MalformedSourceError, match="Linje 2"):
        read_bytes(b'b: "\\ud83d\\ude00"\na: "Hei \\ud83d du"\n', name="a.yaml")


# -- RTF


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"Hei Ola, {\v skjult \'e5 \u229?\par }du fikk ikke jobben.", "Hei Ola, du fikk ikke jobben."),
        (rb"Hei Ola, \v skjult \v0 du fikk ikke {\b\deleted slettet }jobben.", "Hei Ola, du fikk ikke jobben."),
        (rb"{\v skjult \plain Hei} Ola", "Hei Ola"),
        (rb"Hei {\*\shppict{\pict\bin6 }}}\x1}}Ola\bin4 {{{{, hei", "Hei Ola, hei"),
        (rb"Hei \\bin3 abc", "Hei \\bin3 abc"),
        (rb"Hei \bin99999 abc", "Hei"),
        (rb"Hei \viewkind4 Ola\vern du", "Hei Oladu"),
    ],
)  # fmt: skip
def test_rtf_holds_what_is_not_shown(rtf: bytes, text: str) -> None:
    (message,) = read_bytes(rb"{\rtf1\ansi " + rtf + b"}", name="a.rtf")
    assert message.text == text


def test_rtf_bytes_of_a_picture_are_counted_as_bytes() -> None:
    picture = "}æøå{".encode() + b"\xff\xd8"
    data = rb"{\rtf1\ansi Hei {\pict\bin" + str(len(picture)).encode() + b" " + picture + rb"}Ola}"
    assert read_bytes(data, name="a.rtf")[0].text == "Hei Ola"


# -- Word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(*paragraphs: str) -> Message:
    body = "".join(f"<w:p>{p}</w:p>" for p in paragraphs)
    xml = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return read_bytes(zipped({"_rels/.rels": RELS, "word/document.xml": xml.encode()}), name="a.docx")[0]


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instruction(words: str) -> str:
    return f"<w:r><w:instrText>{words}</w:instrText></w:r>"


GONE = "<w:pPr><w:rPr><w:del w:id='1' w:author='K'/></w:rPr></w:pPr>"


def test_word_greeting_line_and_address_block_are_fields() -> None:
    message = word(
        char("begin") + instruction(r" ADDRESSBLOCK \f x ") + char("separate") + run("«AddressBlock»") + char("end"),
        char("begin") + instruction(r' greetingline \f "Hei" ') + char("end"),
        '<w:fldSimple w:instr=" GREETINGLINE "><w:r><w:t>«GreetingLine»</w:t></w:r></w:fldSimple>',
        run("Du fikk ikke jobben."),
    )  # fmt: skip
    assert [(f.raw, f.name, f.role) for f in message.fields] == [
        ("«AddressBlock»", "AddressBlock", FieldRole.OTHER),
        ("«GreetingLine»", "GreetingLine", FieldRole.NAME),
        ("«GreetingLine»", "GreetingLine", FieldRole.NAME),
    ]
    assert [f.span.of(message.text) for f in message.fields] == [f.raw for f in message.fields]


def test_word_a_field_that_never_ends_takes_no_text_with_it() -> None:
    field = char("begin") + instruction(" MERGEFIELD Fornavn ") + char("separate") + run("Ola") + char("end")
    message = word(
        run("Hei ") + char("begin") + instruction(" PAGE "),
        field + run(", hei."),
        run("Du fikk ikke jobben."),
    )
    assert message.text.split() == ["Hei", "Ola,", "hei.", "Du", "fikk", "ikke", "jobben."]
    assert [f.raw for f in message.fields] == ["Ola"]
    assert any("ikke avsluttet" in n for n in message.notices)
    whole = word(run("Hei ") + field, run("Du fikk ikke jobben."))
    assert whole.notices == ()


def test_word_a_deleted_paragraph_mark_joins_the_paragraphs() -> None:
    field = '<w:fldSimple w:instr=" MERGEFIELD Stilling "><w:r><w:t>kokk</w:t></w:r></w:fldSimple>'
    message = word(
        run("Hei Ola."),
        GONE + run("Du fikk ikke "),
        run("jobben som ") + field + run("."),
        GONE,
        run("Hilsen Kari"),
    )
    assert [line for line in message.text.split("\n") if line] == [
        "Hei Ola.",
        "Du fikk ikke jobben som kokk.",
        "Hilsen Kari",
    ]
    assert [f.span.of(message.text) for f in message.fields] == ["kokk"]
    place = message.locate(message.source_map.start(message.text.index("kokk")))
    assert (place.line, place.column) == (2, len("Du fikk ikke jobben som ") + 1)
    assert any("sporede" in n for n in message.notices)
    # The last paragraph of a document has nothing to join.
    assert word(run("Hei Ola."), GONE + run("Du fikk ikke jobben.")).text.endswith("Du fikk ikke jobben.")
