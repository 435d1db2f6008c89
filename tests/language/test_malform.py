"""Language and målform, on letters that the model was not trained on."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

import pytest

from feedbackcheck.language.malform import identify
from feedbackcheck.language.segment import segment

HERE = Path(__file__).parent
CORPORA = Path(__file__).parents[2] / "corpora"
FOREIGN = tomllib.loads((HERE / "foreign_letters.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, entry in FOREIGN.items() for text in entry["letters"]]
)
def test_malform_names_other_languages(language: str, text: str) -> None:
    assert identify(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        "Hei Ola,\n\nTakk for søknaden. Vi har dessverre gått videre med andre.\n\nMvh\nKari",
        "Stillingen er besatt.",
        "Vi har ansatt en annen.",
        "Kjære søker! Takk for interessen for vår virksomhet.",
        "Hei {{fornavn}}, takk for søknaden på stillingen som {{stilling}} hos {{firma}}. Mvh {{avsender}}",
        # Radical and dialect-coloured bokmål, conservative bokmål, Swedish and Danish names.
        "Hei! Jeg syns du gjorde en god figur i boka mi, men stillinga gikk til ei anna jente. Hu har jobba med dette før.",
        "Kjære fru Lie. De er dessverre ikke innstilt. Vi takker for Deres søknad efter utlysningen.",
        "Hei Sören, takk for praten. Du får dessverre ikke jobben i Malmö. Hilsen Björn Åkesson",
        "Hei, vi bruker Microsoft Teams og Customer Success Manager er stillingstittelen. Du fikk den ikke.",
        "Dere får ikke svar på denne e-posten.",
        "Takk for at du søkte jobb hos oss i Danmark. Vi har valgt en annen.",
    ],
)  # fmt: skip
def test_malform_knows_bokmaal(text: str) -> None:
    assert identify(text).language == "nb"


@pytest.mark.parametrize(
    "text",
    [
        "Hei Ola,\n\nTakk for søknaden. Vi har diverre gått vidare med andre.\n\nVenleg helsing\nKari",
        "Stillinga er ikkje ledig lenger.",
        "Me har tilsett ein annan.",
        "Kjære søkjar! Takk for interessa for verksemda vår.",
        "Hei {{fornamn}}, takk for søknaden på stillinga som {{stilling}}. Eg ringjer deg i morgon. {{avsendar}}",
        "Du får dessverre ikkje tilbod om jobben. Ring meg gjerne om du vil vite kva som avgjorde.",
        "Takk for praten. Det vart ein annan denne gongen.",
    ],
)
def test_malform_knows_nynorsk(text: str) -> None:
    assert identify(text).language == "nn"


def test_malform_of_nothing_is_an_unsure_guess() -> None:
    for text in ("", "{{fornavn}}", "12345", "!?"):
        guess = identify(text)
        assert guess.language == "nb"
        assert guess.confidence == 0.5


def test_malform_labels_only_unambiguous_sentences() -> None:
    text = "Hei Ola,\nJeg kan ikke ansette deg.\nEg kan ikkje tilsetje deg.\nTakk for praten.\nHan sa «eg veit ikkje» da jeg spurte."
    sentences = segment(text)
    guess = identify(text, sentences)
    assert guess.per_sentence == ("", "nb", "nn", "", "nb")


def test_malform_per_sentence_has_one_label_a_sentence_in_other_languages_too() -> None:
    text = FOREIGN["en"]["letters"][0]
    sentences = segment(text)
    assert identify(text, sentences).per_sentence == ("",) * len(sentences)


@pytest.mark.parametrize("part", ["dev.jsonl", "other.jsonl"])
def test_malform_on_labelled_letters(part: str) -> None:
    """The model has not been trained on these."""
    wrong, total, mixed, labelled = 0, 0, 0, 0
    for line in (CORPORA / part).read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        guess = identify(item["text"], segment(item["text"]))
        total += 1
        wrong += guess.language != item["lang"]
        labelled += sum(1 for label in guess.per_sentence if label)
        mixed += sum(1 for label in guess.per_sentence if label and label != item["lang"])
    assert wrong <= 0.01 * total
    assert mixed <= 0.01 * labelled


def test_malform_is_fast() -> None:
    text = (
        "Hei Ola,\n\nTakk for søknaden på stillingen. Vi har dessverre gått videre med andre kandidater.\n"
        * 20
    )
    sentences = segment(text)
    identify(text, sentences)
    start = time.perf_counter()
    for _ in range(10):
        identify(text, sentences)
    assert (time.perf_counter() - start) / 10 < 0.05


def test_malform_table_is_small() -> None:
    file = Path(__file__).parents[2] / "src" / "feedbackcheck" / "data" / "malform.json"
    assert file.stat().st_size <= 150_000
