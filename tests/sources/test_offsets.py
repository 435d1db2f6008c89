"""Every word leads back to where it stands in the file, whatever the format."""

from __future__ import annotations

import html
import json
import quopri
import re
from email.message import EmailMessage

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackcheck.message import Message, Span
from feedbackcheck.sources import read_bytes, read_text

WORDS = st.sampled_from(
    [
        "takk",
        "for",
        "søknaden",
        "på",
        "stillingen",
        "som",
        "rådgiver",
        "vi",
        "har",
        "gått",
        "videre",
        "med",
        "andre",
        "kandidater",
        "du",
        "får",
        "ikke",
        "jobben",
        "denne",
        "gangen",
        "å",
        "øve",
        "særlig",
        "Ærlig",
        "Åse",
        "Øyvind",
        "dessverre",
        "2026",
        "kl.",
        "12.30",
        "(vikariat)",
        "«Sjefen»",
        "tre–fire",
        "e-post",
        "R&D",
        "bedre,",
        "enn;",
        "100",
        "%",
        "naïve",
        "čáppa",
    ]
)
LINES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
PARAGRAPHS = st.lists(st.lists(LINES, min_size=1, max_size=3), min_size=1, max_size=5)
FEW = settings(max_examples=60, deadline=None)


def words_in(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def locate_by_hand(source: str, offset: int) -> tuple[int, int]:
    """Line and column counted letter by letter."""
    line, column, i = 1, 1, 0
    while i < offset:
        if source[i] == "\r" and source[i + 1 : i + 2] == "\n":
            i += 1
            if i >= offset:
                column += 1
                break
            line, column = line + 1, 1
        elif source[i] in "\r\n":
            line, column = line + 1, 1
        else:
            column += 1
        i += 1
    return line, column


def check(message: Message, expected: list[str], decode: object = None) -> None:
    found = []
    for match in re.finditer(r"\w+", message.text):
        span = message.source_map.span(Span(*match.span()))
        raw = span.of(message.source)
        assert (decode(raw) if callable(decode) else raw) == match.group()
        location = message.locate(span.start)
        if not message.paragraphs:
            assert (location.line, location.column) == locate_by_hand(message.source, span.start)
        found.append(match.group())
    assert found == expected


@FEW
@given(PARAGRAPHS, st.sampled_from(["\n", "\r\n"]))
def test_offsets_plain(paragraphs: list[list[str]], eol: str) -> None:
    source = (eol * 2).join(eol.join(p) for p in paragraphs)
    check(read_text(source, kind="text"), words_in(source))


@FEW
@given(PARAGRAPHS, st.booleans())
def test_offsets_html(paragraphs: list[list[str]], entities: bool) -> None:
    def escaped(text: str) -> str:
        out = html.escape(text)
        return out.encode("ascii", "xmlcharrefreplace").decode() if entities else out

    body = "\n".join(
        "<p class='x'>" + "<br>\n  ".join(f"<span>{escaped(line)}</span>" for line in p) + "</p>"
        for p in paragraphs
    )
    source = f"<!DOCTYPE html>\n<html><head><title>nei</title><style>p {{ a: b }}</style></head>\n<body>{body}</body></html>"
    check(
        read_text(source, kind="html"),
        [w for p in paragraphs for line in p for w in words_in(line)],
        html.unescape,
    )


@FEW
@given(PARAGRAPHS)
def test_offsets_markdown(paragraphs: list[list[str]]) -> None:
    marks = ["**{}**", "*{}*", "[{}](https://example.no/a_b)", "{}", "> {}", "- {}"]
    blocks, expected, index = [], [], 0
    for p in paragraphs:
        lines = []
        for line in p:
            index += 1
            lines.append(marks[index % len(marks)].format(line))
            expected += words_in(line)
        blocks.append("  \n".join(lines))
    source = "---\nstage: soknad\n---\n\n# Avslag\n\n" + "\n\n".join(blocks) + "\n"
    check(read_text(source, kind="markdown"), ["Avslag", *expected])


@FEW
@given(PARAGRAPHS, st.booleans())
def test_offsets_json(paragraphs: list[list[str]], ascii_only: bool) -> None:
    letter = "Hei og takk for søknaden din hos oss.\n\n" + "\n\n".join("\n".join(p) for p in paragraphs)
    source = json.dumps(
        {"navn": "x", "maler": [{"id": 1, "body": letter}]}, ensure_ascii=ascii_only, indent=2
    )
    check(read_text(source, kind="json"), words_in(letter), lambda raw: json.loads(f'"{raw}"'))


@FEW
@given(PARAGRAPHS, st.sampled_from(["|", '"', ">", "'"]))
def test_offsets_yaml(paragraphs: list[list[str]], style: str) -> None:
    letter = "Hei og takk for søknaden din hos oss.\n\n" + "\n\n".join("\n".join(p) for p in paragraphs)
    # Only what the style itself can hold: PyYAML falls back to another where it must.
    node = yaml.ScalarNode("tag:yaml.org,2002:str", letter, style=style)
    key = yaml.ScalarNode("tag:yaml.org,2002:str", "tekst")
    source = "# maler\n" + yaml.serialize(
        yaml.MappingNode("tag:yaml.org,2002:map", [(key, node)]), allow_unicode=True, width=60
    )

    def decode(raw: str) -> str:
        if style != '"':
            return raw.replace("''", "'")
        return str(yaml.safe_load('"' + raw + '"'))

    check(read_text(source, kind="yaml"), words_in(letter), decode)


@FEW
@given(
    PARAGRAPHS,
    st.sampled_from(["quoted-printable", "base64", "8bit"]),
    st.sampled_from(["utf-8", "iso-8859-15"]),
)
def test_offsets_mail(paragraphs: list[list[str]], encoding: str, charset: str) -> None:
    letter = "\n\n".join("\n".join(p) for p in paragraphs) + "\n"
    letter = letter.replace("«", "").replace("»", "").replace("–", "-").replace("č", "c").replace("á", "a")
    mail = EmailMessage()
    mail["Subject"] = "Søknaden din"
    mail["From"] = "kari@example.no"
    mail.set_content(letter, charset=charset, cte=encoding)
    message = read_bytes(bytes(mail), name="x.eml")[0]
    check(message, words_in(letter))
    assert message.part == "1 text/plain"


@FEW
@given(PARAGRAPHS)
def test_offsets_template_logic(paragraphs: list[list[str]]) -> None:
    lines = [line for p in paragraphs for line in p]
    source = "{# merknad om avslag #}\n" + "\n".join(
        f"{{% if a_{i} > 1 %}}\n{line}\n{{% endif %}}{{# nei #}}" for i, line in enumerate(lines)
    )
    check(read_text(source, kind="text"), [w for line in lines for w in words_in(line)])


@FEW
@given(st.text(max_size=400))
def test_offsets_any_text_is_read_or_refused(text: str) -> None:
    from feedbackcheck.errors import FeedbackcheckError

    for kind in ("text", "markdown", "html", "json", "yaml"):
        try:
            message = read_text(text, kind=kind)
        except FeedbackcheckError:
            continue
        pieces = message.source_map.pieces
        assert [p.text.start for p in pieces] == [0, *(p.text.end for p in pieces)][:-1]
        assert (pieces[-1].text.end if pieces else 0) == len(message.text)
        for piece in pieces:
            assert 0 <= piece.source.start <= piece.source.end <= len(message.source)
            if piece.verbatim:
                assert piece.text.of(message.text) == piece.source.of(message.source)


@FEW
@given(
    st.binary(max_size=600),
    st.sampled_from(["a.txt", "a.html", "a.eml", "a.docx", "a.msg", "a.json", "a.yaml", "a.md", "a"]),
)
def test_offsets_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    from feedbackcheck.errors import FeedbackcheckError

    try:
        messages = read_bytes(data, name=name)
    except FeedbackcheckError as error:
        assert str(error)
    else:
        assert messages
        assert all(m.text.strip() for m in messages)


def test_offsets_quoted_printable_breaks_are_not_seen() -> None:
    raw = (
        b"Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        + quopri.encodestring(
            "Hei Ola, vi har dessverre valgt å gå videre med andre kandidater til denne stillingen, og ønsker deg lykke til.".encode()
        )
    )
    assert b"=\n" in raw
    message = read_bytes(raw, name="x.eml")[0]
    assert "gå videre med andre kandidater til denne stillingen" in message.text


def _written(word: str, way: int) -> str:
    """A word as one of the many ways in which pages write it."""
    name = {
        "å": "&aring;",
        "ø": "&oslash;",
        "æ": "&aelig;",
        "Å": "&Aring;",
        "«": "&laquo;",
        "»": "&raquo;",
        "–": "&ndash;",
    }
    if way == 0:
        return html.escape(word)
    if way == 1:
        return "".join(name.get(c, html.escape(c)) for c in word)
    if way == 2:
        return "".join(f"&#x{ord(c):X};" if c > "~" else html.escape(c) for c in word)
    if way == 3 and word.isalpha() and len(word) > 5:
        return html.escape(word[:3]) + "&shy;" + html.escape(word[3:])
    if way == 4 and word.isalpha() and len(word) > 5:
        return html.escape(word[:2]) + "\u00ad\u200b" + html.escape(word[2:])
    return html.escape(word)


BETWEEN = [
    " ",
    "\n  ",
    "&nbsp;",
    "\u00a0",
    " <b>",
    "</b> ",
    "<!-- nei -->\n",
    "&#32;",
    "<br/>\n",
    " {{ navn }} ",
    "\t",
    "{% if x %} {% endif %}",
    " <span\ntitle='a > b'>",
    "</span> ",
]
PAGES = st.lists(st.tuples(WORDS, st.integers(0, 5), st.sampled_from(BETWEEN)), min_size=6, max_size=40)


def _page(words: list[tuple[str, int, str]], eol: str) -> tuple[str, list[str]]:
    # A word that stands right before a tag in the same breath («takk<b>») would be one word for the reader too.
    body = "".join(_written(word, way) + between for word, way, between in words)
    expected: list[str] = []
    for word, _, between in words:
        expected += words_in(word)
        if "navn" in between:
            expected.append("navn")
    return f"<p>Hei og takk.</p>\n<p>{body}</p>\n<p>Hilsen oss</p>".replace("\n", eol), [
        "Hei",
        "og",
        "takk",
        *expected,
        "Hilsen",
        "oss",
    ]


def _bare(raw: str) -> str:
    return re.sub("[\u00ad\u200b]", "", html.unescape(raw))


@FEW
@given(PAGES, st.sampled_from(["\n", "\r\n"]))
def test_offsets_through_everything_a_page_holds(words: list[tuple[str, int, str]], eol: str) -> None:
    source, expected = _page(words, eol)
    check(read_text(source, kind="html"), expected, _bare)


@FEW
@given(PAGES, st.booleans())
def test_offsets_of_a_page_in_json(words: list[tuple[str, int, str]], ascii_only: bool) -> None:
    page, expected = _page(words, "\n")
    source = json.dumps({"emne": "Svar", "body": page}, ensure_ascii=ascii_only)
    check(read_text(source, kind="json"), ["Svar", *expected], lambda raw: _bare(json.loads(f'"{raw}"')))


@FEW
@given(PAGES, st.sampled_from(["quoted-printable", "base64", "8bit"]), st.sampled_from(["utf-8", "utf-16"]))
def test_offsets_of_a_page_in_mail(words: list[tuple[str, int, str]], encoding: str, charset: str) -> None:
    page, expected = _page(words, "\n")
    mail = EmailMessage()
    mail["Subject"] = "Svar"
    mail["From"] = "kari@example.no"
    if charset == "utf-16":
        # The library's own way splits bytes at 10 and 13, which are halves of other letters here.
        data = page.encode("utf-16")
        mail.set_content(data, maintype="text", subtype="html", params={"charset": charset})
        del mail["Content-Disposition"]
    else:
        mail.set_content(page, subtype="html", charset=charset, cte=encoding)
    message = read_bytes(bytes(mail), name="x.eml")[0]
    check(message, expected, _bare)
