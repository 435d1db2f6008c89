"""Training, export and run time of the recogniser, on a handful of messages. Needs the ``train`` extra."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from feedbackcheck.signs.recogniser_input import CODES
from feedbackcheck.training.recogniser.datasets import (
    Example,
    insert_snippet,
    is_held_out,
    leaks,
    load_training,
    swap_names,
    to_example,
)

LINES = [
    ("Hei Oda,", ["ING08"]),
    ("Takk for at du søkte jobben som kokk.", ["ING01", "ING07"]),
    ("Vi har gått videre med andre kandidater.", ["ING02", "KLI001"]),
    ("Den vi ansetter, har fagbrev.", ["ING03"]),
    ("Lykke til videre!", ["KLI005"]),
    ("Hilsen", []),
    ("Kari Moe", ["ING09"]),
]


def item(number: int, lines: list[tuple[str, list[str]]] = LINES, **changes: Any) -> dict[str, Any]:
    text, segments = "", []
    for line, labels in lines:
        start = len(text)
        text += line + "\n"
        segments.append({"start": start, "end": start + len(line), "labels": labels, "optional": []})
    return {
        "id": f"T{number}-{number}",
        "lang": "nb",
        "stage": ("soknad", "intervju")[number % 2],
        "mode": "message",
        "context": {"candidate_name": "Oda Berg", "applicants": 12},
        "is_rejection": True,
        "text": text,
        "segments": segments,
        "quality": 2.0 + number % 3,
        **changes,
    }


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpora")

    def write(name: str, items: list[dict[str, Any]]) -> None:
        (folder / name).write_text("".join(json.dumps(i, ensure_ascii=False) + "\n" for i in items), "utf-8")

    write("train.jsonl", [item(i) for i in range(16)])
    write("dev.jsonl", [item(100 + i) for i in range(2)])
    write("snippets.jsonl", [item(200 + i, LINES[2:4]) for i in range(4)])
    receipt = [("Hei Oda", []), ("Søknaden er mottatt.", [])]
    write("other.jsonl", [item(300 + i, receipt, is_rejection=False, quality=None) for i in range(8)])
    return folder


def example(kind: str = "message", **changes: Any) -> Example:
    return to_example(item(1, **changes), kind, "train")


def test_dev_is_never_loaded_for_training(corpora: Path) -> None:
    loaded = load_training(corpora)
    assert {e.kind for e in loaded} == {"message", "snippet", "other"}
    assert not any(e.id.startswith("T100-") for e in loaded)


def test_optional_labels_do_not_count() -> None:
    raw = item(1)
    raw["segments"][2]["optional"] = ["PER002"]
    made = to_example(raw, "message", "train")
    assert made.counted[2][CODES.index("PER002")] == 0
    assert made.counted[1][CODES.index("PER002")] == 1


def test_a_writer_is_held_out_whole_or_not_at_all() -> None:
    held = set()
    for writer in "ABCDEFGHIJKLMNOPQRSTUVW":
        answers = {is_held_out(replace(example(), id=f"{writer}-{i}")) for i in range(9)}
        assert len(answers) == 1
        held |= {writer} if answers == {True} else set()
    assert 1 <= len(held) <= 10
    assert not is_held_out(example("snippet"))


def test_leaks_finds_the_same_letter_to_another_person() -> None:
    train, dev = example(), replace(example(), id="D-1")
    assert leaks([train], [dev], 0.5) == [("D-1", "T1-1", 1.0)]


def test_swapping_a_name_keeps_the_spans_on_their_sentences() -> None:
    made = swap_names(example(), ["Máret Ánne"], random.Random(1))
    assert made.message.sentences() == ["Hei Máret Ánne,", *[line for line, _ in LINES[1:]]]
    assert made.message.context["candidate_name"] == "Máret Ánne Berg"


def test_a_snippet_put_into_a_message_brings_its_labels() -> None:
    snippet = to_example(item(2, LINES[3:4]), "snippet", "snippets")
    made = insert_snippet(example(), snippet, random.Random(3))
    texts = made.message.sentences()
    assert len(texts) == len(LINES) + 1
    assert made.quality is None
    at = [i for i, t in enumerate(texts) if t == "Den vi ansetter, har fagbrev."]
    assert len(at) == 2
    assert all(made.labels[i][CODES.index("ING03")] == 1 for i in at)
    assert min(max(made.counted[i]) for i in at) == pytest.approx(snippet.weight)


@pytest.fixture(scope="module")
def shipped(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Any, list[Example]]:
    pytest.importorskip("torch", reason="training needs the train extra")
    from feedbackcheck.training.recogniser.export import write_model
    from feedbackcheck.training.recogniser.shipping import vocabulary_of
    from feedbackcheck.training.recogniser.training import TrainingPlan, train

    examples = load_training(corpora)
    vocabulary = vocabulary_of(None, examples, 500)
    model, lexicon = train(examples, replace(TrainingPlan(), epochs=2, half=False), vocabulary, None)
    folder = tmp_path_factory.mktemp("model")
    write_model(folder, [model, model], vocabulary, quantised=False)
    return folder, model, lexicon, examples


def test_exported_graphs_give_what_torch_gives(shipped: tuple[Path, Any, Any, list[Example]]) -> None:
    import numpy as np

    from feedbackcheck.signs.recogniser import Recogniser
    from feedbackcheck.training.recogniser.training import answer

    folder, model, lexicon, examples = shipped
    wanted = answer(model, lexicon, examples)
    got = Recogniser(folder).predict([e.message for e in examples])
    for i, output in enumerate(got):
        assert np.abs(1 / (1 + np.exp(-wanted.logits[i])) - output.probabilities).max() < 1e-4
        assert abs(1 / (1 + np.exp(-wanted.is_rejection[i])) - output.p_is_rejection) < 1e-4
        assert abs(wanted.quality[i] - output.quality) < 1e-3


def test_a_batch_does_not_change_a_sentence(shipped: tuple[Path, Any, Any, list[Example]]) -> None:
    import numpy as np

    from feedbackcheck.signs.recogniser import Recogniser

    texts = ["Takk.", "Vi har gått videre med andre kandidater denne gangen.", "", "Hei"]
    together = Recogniser(shipped[0]).encode(texts)
    alone = [Recogniser(shipped[0]).encode([t])[0] for t in texts]
    for a, b in zip(together, alone, strict=True):
        assert np.abs(a.row - b.row).max() < 1e-4
        assert (a.carriers == b.carriers).all()


def test_training_twice_gives_the_same_model(corpora: Path) -> None:
    torch = pytest.importorskip("torch", reason="training needs the train extra")
    from feedbackcheck.training.recogniser.shipping import vocabulary_of
    from feedbackcheck.training.recogniser.training import TrainingPlan, train

    examples = load_training(corpora)[:6]
    vocabulary = vocabulary_of(None, examples, 300)
    plan = replace(TrainingPlan(), epochs=1, half=False)
    first, second = (train(examples, plan, vocabulary, None)[0].state_dict() for _ in range(2))
    assert all(torch.equal(first[k], second[k]) for k in first)


def test_ship_writes_everything_that_run_time_needs(corpora: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs the train extra")
    from feedbackcheck.signs.combine import Combiner
    from feedbackcheck.signs.recogniser import Recogniser
    from feedbackcheck.training.recogniser.comparison import stored_table
    from feedbackcheck.training.recogniser.shipping import ship
    from feedbackcheck.training.recogniser.training import TrainingPlan

    plan = replace(TrainingPlan(), epochs=1)
    row = ship(
        corpora,
        tmp_path,
        plan=plan,
        seeds=[1],
        pretrained=None,
        with_dev=False,
        syntax=False,
        log=lambda t: None,
    )
    assert 0 <= row["ingredients"] <= 1
    assert row["name"] in stored_table(tmp_path)
    assert set(Combiner.load(tmp_path).codes) == set(CODES)
    output = Recogniser(tmp_path).predict([example().message])[0]
    assert output.probabilities.shape == (len(LINES), len(CODES))
    assert sum(output.stage_probabilities.values()) == pytest.approx(1.0, abs=1e-4)


def test_a_transformers_encoder_is_fine_tuned_and_runs_without_torch(corpora: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs the train extra")
    transformers = pytest.importorskip("transformers", reason="training needs the train extra")
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    from feedbackcheck.signs.recogniser import Recogniser
    from feedbackcheck.training.recogniser.training import TrainingPlan
    from feedbackcheck.training.recogniser.transformer import ship_encoder

    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted({c for line, _ in LINES for c in line})]
    pieces += ["##" + p for p in pieces[4:]]
    raw = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    raw.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    home = tmp_path / "encoder"
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, unk_token="[UNK]", pad_token="[PAD]"
    ).save_pretrained(home)
    config = transformers.BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    transformers.BertModel(config).save_pretrained(home)
    out = tmp_path / "out"
    plan = replace(TrainingPlan(), epochs=1, half=False)
    row = ship_encoder(corpora, out, str(home), plan=plan, syntax=False, quantised=False, log=lambda t: None)
    assert row["megabytes"] > 0
    message = example().message
    outputs = Recogniser(out).predict([message, message])
    assert outputs[0].probabilities.shape == (len(LINES), len(CODES))
    start, end = outputs[0].carrier(2, "KLI001")
    assert 0 <= start <= end <= len(LINES[2][0])


def test_an_unknown_encoder_is_one_clear_line(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="training needs the train extra")
    from feedbackcheck.errors import ModelError
    from feedbackcheck.training.recogniser.transformer import load_encoder

    with pytest.raises(ModelError, match="koderen kan ikke leses"):
        load_encoder(str(tmp_path / "finnes-ikke"))
