"""The model that ships: what it must be able to do, how large and how slow it may be."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from feedbackcheck.language.locations import models_folder
from feedbackcheck.language.segment import segment
from feedbackcheck.signs.recogniser import Recogniser, RecogniserInput, RecogniserOutput

LETTER = """Emne: Jobben som kjøkkenassistent

Hei Solveig,

Takk for at du kom innom på prøvevakt fredag. Jeg har valgt å gi jobben til en annen.
Hun har fagbrev, og det trenger vi fordi hun skal stå alene på søndager.
Du holdt hodet kaldt da oppvaskmaskinen streiket, og gjestene merket ingenting.
Be om å få ta varebestillingen der du jobber nå, så har du det som manglet.
Ring meg på 40 00 11 22 om du lurer på noe.

Hilsen
Roald Nilsen"""

RECEIPT = """Hei Solveig

Takk for søknaden på stillingen som kjøkkenassistent. Vi har mottatt den og tar kontakt innen 14 dager.
Fristen går ut på fredag, og intervjuene holdes i uke 12.

Hilsen
Roald Nilsen"""


def given(text: str, **known: str) -> RecogniserInput:
    return RecogniserInput(text, [(s.span.start, s.span.end) for s in segment(text)], **known)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load()


def said(output: RecogniserOutput, message: RecogniserInput, words: str, code: str) -> float:
    index = next(i for i, s in enumerate(message.sentences()) if words in s)
    return float(output.probabilities[index][output.codes.index(code)])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Hei Solveig", "ING08"),
        ("Takk for at du kom", "ING01"),
        ("gi jobben til en annen", "ING02"),
        ("Hun har fagbrev", "ING03"),
        ("holdt hodet kaldt", "ING04"),
        ("Be om å få ta", "ING05"),
        ("Ring meg", "ING06"),
        ("kjøkkenassistent", "ING07"),
        ("Roald Nilsen", "ING09"),
    ],
)
def test_a_good_letter_has_its_ingredients(recogniser: Recogniser, words: str, code: str) -> None:
    message = given(LETTER, stage="intervju")
    assert said(recogniser.predict([message])[0], message, words, code) > 0.5


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Vi har valgt å gå videre med andre kandidater.", "KLI001"),
        ("Det var mange godt kvalifiserte søkere til stillingen.", "KLI002"),
        ("Vi beholder CV-en din og tar kontakt hvis det dukker opp noe.", "KLI003"),
        ("Vi ønsker deg lykke til videre i jobbsøkingen.", "KLI005"),
        ("Denne e-posten kan ikke besvares.", "PER003"),
        ("Vi er utrolig lei oss for å måtte skuffe deg, og beklager så mye.", "TON003"),
        ("Me ynskjer deg lukke til vidare.", "KLI005"),
    ],
)
def test_the_common_flaws_are_seen(recogniser: Recogniser, sentence: str, code: str) -> None:
    text = f"Hei Solveig,\n\nTakk for søknaden. {sentence}\n\nHilsen\nRoald Nilsen"
    message = given(text, stage="soknad")
    output = recogniser.predict([message])[0]
    assert said(output, message, sentence, code) > 0.4
    index = message.sentences().index(sentence)
    start, end = output.carrier(index, code)
    assert 0 <= start < end <= len(sentence)


def test_a_rejection_and_a_receipt_are_told_apart(recogniser: Recogniser) -> None:
    rejection, receipt = recogniser.predict([given(LETTER), given(RECEIPT)])
    assert rejection.p_is_rejection > 0.8
    assert receipt.p_is_rejection < 0.2


def test_the_same_letter_with_empty_words_is_worth_less(recogniser: Recogniser) -> None:
    empty = "Hei,\n\nDu ble dessverre ikke innstilt. Vi hadde mange sterke søkere.\n\nHR-avdelingen"
    good, poor = recogniser.predict([given(LETTER, stage="intervju"), given(empty, stage="intervju")])
    assert good.quality > poor.quality + 1


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("Hei Oda,\n\nTakk for to gode intervjuer. Etter intervjurunden har vi ansatt en annen.\n\nHilsen\nRoald", ["intervju", "finale"]),
        ("Hei Oda,\n\nTakk for søknaden. Vi har fått 80 søknader og kaller ikke deg inn til intervju.\n\nHilsen\nRoald", ["soknad"]),
        ("Ring Oda kl. 14.\n\n1. Spør: «Hvordan opplevde du prosessen hos oss?»\n2. Si det tidlig: «Jobben går til en annen.»\n3. Hør om hun vil vite mer.", ["telefon"]),
    ],
)  # fmt: skip
def test_an_unknown_stage_is_guessed(recogniser: Recogniser, text: str, stages: list[str]) -> None:
    guesses = recogniser.predict([given(text)])[0].stage_probabilities
    assert sum(guesses.values()) == pytest.approx(1, abs=1e-5)
    assert max(guesses, key=guesses.__getitem__) in stages


def test_cached_sentences_and_other_messages_change_nothing(recogniser: Recogniser) -> None:
    messages = [given(LETTER, stage="intervju"), given(RECEIPT)]
    fresh = Recogniser(recogniser.folder)
    first, again = fresh.predict(messages), fresh.predict(messages[::-1])[::-1]
    alone = [Recogniser(recogniser.folder).predict([m])[0] for m in messages]
    for a, b, c in zip(first, again, alone, strict=True):
        assert np.array_equal(a.probabilities, b.probabilities)
        # int8 activations are scaled by batch, so a sentence may differ a little with its company.
        assert np.abs(a.probabilities - c.probabilities).max() < 0.06


def test_threads_share_one_recogniser(recogniser: Recogniser) -> None:
    messages = [
        given(LETTER.replace("Solveig", name), stage="intervju")
        for name in ("Máret", "Oda", "Piotr", "Aisha")
    ] * 4
    shared = Recogniser(recogniser.folder)
    with ThreadPoolExecutor(4) as pool:
        outputs = list(pool.map(lambda m: shared.predict([m])[0].probabilities, messages))
    for i, probabilities in enumerate(outputs):
        assert (
            np.array_equal(probabilities, outputs[i % 4])
            or np.abs(probabilities - outputs[i % 4]).max() < 0.06
        )


@pytest.mark.parametrize("text", ["", " \n ", "…", "😊", "a" * 5000, "ord " * 3000])
def test_odd_texts_do_not_break_it(recogniser: Recogniser, text: str) -> None:
    output = recogniser.predict([given(text)])[0]
    assert len(output.probabilities) == len(segment(text))
    assert np.isfinite(output.probabilities).all()


def test_it_fits_beside_the_shared_vectors() -> None:
    files = [
        p
        for p in (models_folder() / "recogniser").iterdir()
        if p.suffix in (".onnx", ".npz", ".txt", ".json")
    ]
    assert sum(p.stat().st_size for p in files) <= 20e6


def test_a_letter_takes_less_than_thirty_milliseconds(recogniser: Recogniser) -> None:
    recogniser.predict([given(LETTER)])
    letters = [given(f"{LETTER}\n\nPS {n}: {'ord ' * n}") for n in range(12)]
    began = time.process_time()
    for letter in letters:
        recogniser._cache.clear()
        recogniser.predict([replace(letter, stage="intervju")])
    assert (time.process_time() - began) / len(letters) < 0.03


def test_loading_imports_neither_torch_nor_spacy() -> None:
    program = (
        "import sys\nfrom feedbackcheck.signs.recogniser import Recogniser\n"
        "Recogniser.load().encode(['Takk for søknaden.'])\n"
        "print(sorted({'torch', 'spacy', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "text",
    [
        "Hei Ivar, vi har dessverre valgt å gå videre med andre kandidater til stillingen som rørlegger. Hilsen Unni Berg",
        "Hei {{ fornavn }}, du er dessverre ikke innstilt til stillingen. Mvh {{ avsender }}",
        "Hei,\n\nDu fikk dessverre ikke jobben.\n\nHilsen Rolf",
        "Hei Siv. Me har diverre tilsett ein annan. Helsing Arve",
        "Takk for søknaden. Stillingen er nå besatt.\n\nVennlig hilsen\nHR",
    ],
)
def test_a_short_no_in_the_usual_words_is_a_rejection(recogniser: Recogniser, text: str) -> None:
    assert recogniser.predict([given(text)])[0].p_is_rejection > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Hei Ivar, du har fått jobben som rørlegger! Kontrakten kommer i posten. Hilsen Unni Berg",
        "Hei,\n\nStyret i borettslaget har dessverre avslått søknaden din om å bygge inn balkongen.\n\nHilsen styret",
        "Hei Siv, takk for søknaden. Du hører fra oss innen 1. mai, også om du ikke blir innkalt til intervju. Hilsen Arve",
    ],
)
def test_an_offer_a_receipt_and_a_no_to_something_else_are_none(recogniser: Recogniser, text: str) -> None:
    assert recogniser.predict([given(text)])[0].p_is_rejection < 0.35
