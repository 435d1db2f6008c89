"""The pattern files run on their own examples; the finder on whole messages; packs; freshness; speed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from feedbackcheck.errors import ConfigError
from feedbackcheck.language.document import Document
from feedbackcheck.language.segment import segment
from feedbackcheck.message import FieldRole, MergeField, Message, Mode, Span, Stage
from feedbackcheck.signs.base import Origin
from feedbackcheck.signs.matching import store
from feedbackcheck.signs.patterns import PatternFinder, given_names
from feedbackcheck.sources.merge_fields import find_fields

PATTERNS = [p for p, _ in store.read_builtin()]
FINDER = PatternFinder()


def document(
    text: str,
    *,
    stage: Stage | None = None,
    mode: Mode = Mode.MESSAGE,
    language: str = "nb",
    fields: bool = True,
) -> Document:
    found = tuple(find_fields(text)) if fields else ()
    sentences = tuple(segment(text))
    return Document(
        message=Message.from_text(text, fields=found, mode=mode), sentences=sentences, language=language,
        sentence_languages=tuple(language for _ in sentences), stage=stage, mode=mode,
    )  # fmt: skip


def framed(pattern: store.Pattern, example: str) -> Document:
    """The example in a place where the pattern applies."""
    stage = Stage(pattern.stages[0]) if pattern.stages else None
    mode = Mode(pattern.modes[0]) if pattern.modes else Mode.MESSAGE
    return document(example, stage=stage, mode=mode)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.id)
def test_own_examples(pattern: store.Pattern) -> None:
    for example in pattern.positive:
        matched = {identity for _, _, identity in FINDER.matches(framed(pattern, example))}
        assert pattern.id in matched, f"{pattern.id} misses its own example «{example}»"
    for example in pattern.negative:
        matched = {identity for _, _, identity in FINDER.matches(framed(pattern, example))}
        assert pattern.id not in matched, f"{pattern.id} matches its counter-example «{example}»"


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.id)
def test_every_pattern_has_examples(pattern: store.Pattern) -> None:
    assert pattern.positive, "at least one positive example"
    assert pattern.negative, "at least one counter-example"


def test_every_code_has_patterns() -> None:
    codes = {p.code for p in PATTERNS}
    catalogue = {
        "KLI001", "KLI002", "KLI003", "KLI004", "KLI005", "PER002", "PER003", "PER004", "PER005", "TON001", "TON002", "TON003",
        "TON004", "TON005", "TON006", "TON007", "JUS001", "JUS002", "JUS003", "FLT001", "ING01", "ING02", "ING03", "ING04",
        "ING05", "ING06", "ING07", "ING10", "ING11", "ING12",
    }  # fmt: skip
    assert catalogue <= codes


def test_compiled_file_is_fresh() -> None:
    data = json.loads(store.COMPILED.read_text("utf-8"))
    assert data["digest"] == store.data_digest(), "run: python -m feedbackcheck.training.patterns --compile"
    assert json.loads(json.dumps(store.compile_builtin().data)) == data


def codes(text: str, **known: object) -> set[str]:
    return {s.code for s in FINDER.find(document(text, **known)) if s.strength >= 0.5}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Vi har dessverre etter mye fram og tilbake valgt å gå videre med andre kandidater.",
            {"ING02", "KLI001"},
        ),
        ("Med andre kandidater går vi nå videre.", set()),
        ("Denne gongen har me difor gått vidare med nokre av dei andre søkjarane.", {"ING02", "KLI001"}),
        ("Søknaden din vart diverre ikkje prioritert.", {"PER002"}),
        ("Hei ,", {"FLT001"}),
        ("Takk for søknaden på stillingen som .", {"FLT001", "ING01"}),
        ("Lykke til videre!", {"KLI005"}),
        ("Denne e-posten kan ikke besvares.", {"PER003"}),
    ],
)
def test_sentences(text: str, wanted: set[str]) -> None:
    assert wanted <= codes(text)


def test_spans_are_the_matched_words() -> None:
    text = "Hei Kari,\n\nVi har dessverre valgt å gå videre med andre kandidater, men takk for praten."
    sign = next(s for s in FINDER.find(document(text)) if s.code == "KLI001")
    assert sign.span.of(text) == "gå videre med andre"
    assert sign.origin is Origin.PATTERN
    assert sign.why == "KLI001/videre-med-andre"
    assert document(text).sentences[sign.sentence].span.contains(sign.span)


def test_merge_field_is_an_error_only_in_a_message() -> None:
    text = "Hei {{fornavn}},\n\nTakk for søknaden."
    assert "FLT001" in codes(text, mode=Mode.MESSAGE)
    assert "FLT001" not in codes(text, mode=Mode.TEMPLATE)
    assert "ING08" in codes(text, mode=Mode.TEMPLATE)


def test_fields_given_by_the_reader_are_one_word() -> None:
    text = "Takk for søknaden på stillingen som [Ønsket stilling, f.eks. kokk]."
    start = text.index("[")
    message = Message.from_text(
        text,
        fields=(
            MergeField(Span(start, len(text) - 1), text[start:-1], "stilling", FieldRole.POSITION, "square"),
        ),
        mode=Mode.TEMPLATE,
    )
    sentences = tuple(segment(text))
    doc = Document(
        message=message,
        sentences=sentences,
        language="nb",
        sentence_languages=("nb",),
        stage=None,
        mode=Mode.TEMPLATE,
    )
    assert "ING07" in {s.code for s in FINDER.find(doc)}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Hei Kari,", True), ("Hei Máret,", True), ("Kjære Nguyen Thi Lan", True), ("Hei Abdirahman!", True), ("God dag, Vebjørn", True),
        ("Hei Tjodalv,", True), ("Hei {{fornavn}},", True), ("Hei,", False), ("Hei!", False), ("Kjære søker", False),
        ("Kjære deg,", False), ("Til deg som har søkt hos oss", False), ("God dag,", False), ("Til søkerne på stillingen", False),
    ],
)  # fmt: skip
def test_greeting(line: str, named: bool) -> None:
    found = codes(f"{line}\n\nTakk for søknaden på stillingen som kokk.\n\nHilsen Per Ås", mode=Mode.TEMPLATE)
    assert ("ING08" in found) is named
    assert ("PER001" in found) is not named


@pytest.mark.parametrize(
    ("signature", "named"),
    [
        ("Med vennlig hilsen\nGuro Mæhlum\nHR-rådgiver", True), ("Mvh Jonas Krogstad", True), ("Hilsen\nRajesh Thapa\nSolverv AS", True),
        ("Beste helsing\nBiret Anne Utsi", True), ("Med vennlig hilsen\nStorelva kommune", False), ("Hilsen HR-avdelingen", False),
        ("Med vennlig hilsen\nRekrutteringsteamet i Nordvik AS", False), ("Vennleg helsing\nPersonalavdelinga", False),
        ("Hilsen\n{{avsender}}", True),
    ],
)  # fmt: skip
def test_signature(signature: str, named: bool) -> None:
    found = codes(
        f"Hei Kari,\n\nTakk for søknaden på stillingen som kokk.\n\n{signature}", mode=Mode.TEMPLATE
    )
    assert ("ING09" in found) is named
    assert ("PER001" in found) is not named


def test_call_script_questions_only_in_calls() -> None:
    text = "«Hvordan har det vært for deg å være med i prosessen?»"
    assert "ING11" in codes(text, stage=Stage.TELEFON)
    assert "ING11" not in codes(text, stage=Stage.INTERVJU)


def pack(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pakke.toml"
    path.write_text(text, "utf-8")
    return path


def test_pack_of_a_user(tmp_path: Path) -> None:
    path = pack(
        tmp_path,
        """
code = "KLI005"
[lemma]
heise = "heise heiser heiste heist"
[fragment]
flagget = "(flagget|flagga|fana)"
[[pattern]]
id = "heise-flagget"
strength = 0.7
match = ["$vi .. @heise .. $flagget"]
positive = ["Vi heiser straks flagget for deg."]
negative = ["Flagget er rødt."]
""",
    )
    finder = PatternFinder([path])
    text = "Vi heiser straks flagget for deg."
    signs = [s for s in finder.find(document(text)) if s.why == "KLI005/heise-flagget"]
    assert [s.strength for s in signs] == [0.7]
    assert finder.identity != FINDER.identity


def test_conditions_of_a_pack(tmp_path: Path) -> None:
    path = pack(
        tmp_path,
        """
code = "KLI005"
[[pattern]]
id = "etter"
match = ["blomst"]
before = ["vase"]
after = ["vann"]
[[pattern]]
id = "kort"
match = ["blomst"]
max_body = 2
[[pattern]]
id = "rest"
match = ["blomst"]
unless_after = ["rød"]
[[pattern]]
id = "uordnet"
match = ["{vann & vase}4"]
[[pattern]]
id = "nynorsk"
match = ["blomst"]
languages = ["nn"]
""",
    )
    finder = PatternFinder([path])

    def whys(text: str, language: str = "nb") -> set[str]:
        return {w.split("/")[1] for _, _, w in finder.matches(document(text, language=language))} & {
            "etter",
            "kort",
            "rest",
            "uordnet",
            "nynorsk",
        }

    assert whys("En vase her. En blomst der. Litt vann til slutt.") == {"etter", "rest"}
    assert whys("En blomst der. Litt vann.") == {"kort", "rest"}
    assert whys("En blomst som er rød.") == {"kort"}
    assert whys("En rød blomst.") == {"kort", "rest"}
    assert whys("Hell vann i en vase nå.") == {"uordnet"}
    assert whys("Hell det i en vase med litt vann nå.") == {"uordnet"}
    assert whys("Ein blomst.", "nn") == {"kort", "rest", "nynorsk"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code = 'KLI001'\n[[pattern]]\nid = 'x'\nmatch = ['(a|b']", "x"),
        ("code = 'KLI001'\n[[pattern]]\nid = 'x'\nmatch = ['@finnesikke']", "finnesikke"),
        ("code = 'KLI001'\n[[pattern]]\nid = 'x'", "match"),
        ("code = 'KLI001'\n[[pattern]]\nmatch = ['a']", "id"),
        ("code = 'tull'\n[[pattern]]\nid = 'x'\nmatch = ['a']", "tull"),
        ("code = 'KLI001'\n[[pattern]]\nid = 'x'\nmatch = 'a'", "liste"),
        ("code = 'KLI001'\n[[pattern]]\nid = 'x'\nmatch = ['a']\nstrength = 3", "strength"),
        ("code = 'KLI001'\n[[pattern]]\nid = 'x'\nmatch = ['a']\nfarge = 'blå'", "farge"),
        ("code = 'KLI001'\n[[pattern]]\nid = 'x'\nraw = ['(']", "regulært"),
        (
            "code = 'KLI001'\n[[pattern]]\nid = 'x'\nmatch = ['a']\n[[pattern]]\nid = 'x'\nmatch = ['b']",
            "samme id",
        ),
        ("code = 'KLI001'\nfarge = 'blå'", "farge"),
        ("code = ", "TOML"),
        ("[fragment]\na = '$a'\n[[pattern]]\ncode='KLI001'\nid = 'x'\nmatch = ['$a']", "ring"),
    ],
)
def test_bad_packs_name_file_and_pattern(tmp_path: Path, text: str, says: str) -> None:
    path = pack(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        PatternFinder([path])
    assert str(path) in str(raised.value)
    assert says in str(raised.value)


def test_missing_pack(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"finnes-ikke\.toml"):
        PatternFinder([tmp_path / "finnes-ikke.toml"])


def test_given_names_hold_many_origins() -> None:
    assert {
        "kari",
        "máret",
        "abdirahman",
        "piotr",
        "nguyen",
        "fatima",
        "tesfaye",
        "priyanka",
    } <= given_names()


def test_speed_and_load() -> None:
    text = "\n\n".join(f"{p}" for pattern in PATTERNS for p in (*pattern.positive, *pattern.negative))
    doc = document(text, fields=False)
    list(FINDER.find(doc))  # expressions are compiled on first use
    start = time.process_time()
    list(FINDER.find(doc))
    rate = len(doc.sentences) / (time.process_time() - start)
    assert rate > 2500, (
        f"{rate:.0f} sentences/s"
    )  # 5,000 are wanted on a free core; this text is all candidates
