"""Pretraining an encoder at toy size: it learns, resumes, exports, and the probe runs."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from feedbackcheck.errors import ModelError
from feedbackcheck.language.tokens import MARKS
from feedbackcheck.training.encoder.pieces import marked, reserved_pieces, sample
from feedbackcheck.training.encoder.settings import RESERVED, EncoderShape, PretrainSettings
from ticks import Ticks

_MISSING = [
    name for name in ("torch", "transformers", "tokenizers", "onnx", "sklearn") if find_spec(name) is None
]
needs_training = [
    pytest.mark.train,
    pytest.mark.skipif(bool(_MISSING), reason=f"needs the train extra; not installed: {', '.join(_MISSING)}"),
    # torch and onnx announce coming changes of their own; they are not ours to fix.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

SHAPE = EncoderShape(pieces=300, layers=2, hidden=32, heads=2, intermediate=48, context=64)
FAST = PretrainSettings(
    budget_s=6.0,
    length=32,
    long_length=48,
    batch_tokens=1024,
    chunk_tokens=512,
    learn_rate=5e-3,
    held_out=0.05,
    compile=False,
)
SUBJECTS = ["Vi", "Jeg", "Styret", "Avdelingen", "Lederen"]
VERBS = ["leste", "vurderte", "mottok", "besvarte"]
OBJECTS = ["søknaden", "referansene", "prøven", "brevet"]


def _text() -> list[str]:
    return [f"{s} {v} {o} den 3. mai." for s in SUBJECTS for v in VERBS for o in OBJECTS] * 12


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: Any) -> Path:
    path: Path = tmp_path_factory.mktemp("text") / "text.txt"
    path.write_text("\n".join(_text()) + "\n", encoding="utf-8")
    return path


def test_marks_are_reserved_pieces() -> None:
    pieces = reserved_pieces()
    assert len(pieces) == len(set(pieces)) == RESERVED
    assert pieces[:5] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert set(MARKS) < set(pieces)


def test_marked_keeps_words_and_hides_identifiers() -> None:
    assert marked("Hei {{fornavn}}, ring 22 33 44 55 før 3. mai!") == "Hei [FELT], ring [TLF] før [DATO]!"
    assert marked("Ingen tall her.") == "Ingen tall her."


def test_rates_follow_the_budget() -> None:
    settings = PretrainSettings()
    rates = [settings.rate(done / 100) for done in range(101)]
    assert max(rates) == pytest.approx(settings.learn_rate, rel=0.01)
    assert rates.index(max(rates)) == 4
    assert rates[-1] == pytest.approx(settings.final_learn_rate)
    assert settings.masked(0.0) == 0.30
    assert settings.masked(1.0) == pytest.approx(0.15)
    assert settings.sequence_length(0.5) == 128
    assert settings.sequence_length(0.9) == 512


def test_sample_is_the_same_every_time() -> None:
    lines = [str(index) for index in range(1000)]
    first = list(sample(lines, 0.3, 5))
    assert first == list(sample(lines, 0.3, 5))
    assert 230 < len(first) < 370


class TestTraining:
    """The parts that need torch."""

    pytestmark = needs_training

    def test_mask_spares_control_pieces(self) -> None:
        import torch

        from feedbackcheck.training.encoder.pretrain import mask
        from feedbackcheck.training.encoder.settings import MASK

        generator = torch.Generator().manual_seed(1)
        pieces = torch.randint(RESERVED, 300, (16, 32), generator=generator)
        pieces[:, 0] = 2
        changed, positions, targets = mask(pieces, 0.3, generator, 300)
        assert len(positions) == int(16 * 32 * 0.3)
        assert torch.equal(pieces.view(-1)[positions], targets)
        assert (changed[:, 0] == 2).all()
        untouched = torch.ones(16 * 32, dtype=torch.bool)
        untouched[positions] = False
        assert torch.equal(changed.view(-1)[untouched], pieces.view(-1)[untouched])
        assert 0.65 < (changed.view(-1)[positions] == MASK).float().mean() < 0.95

    def test_learns_resumes_and_exports(
        self, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import numpy as np
        import torch
        from transformers import AutoModelForMaskedLM, AutoTokenizer

        from feedbackcheck.training.encoder import pieces, pretrain
        from feedbackcheck.training.encoder.export import OnnxEncoder
        from feedbackcheck.training.encoder.run import train_encoder

        monkeypatch.setattr(pretrain, "time", Ticks(FAST.budget_s / 250))
        labelled = tmp_path / "labelled.jsonl"
        with labelled.open("w", encoding="utf-8") as out:
            for index, text in enumerate(_text()[:200]):
                label = ["ING01"] if "søknaden" in text else []
                segment = {"start": 0, "end": len(text), "labels": label}
                out.write(json.dumps({"id": str(index), "text": text, "segments": [segment]}) + "\n")
        work, target, lines = tmp_path / "work", tmp_path / "encoder", []
        first = train_encoder([(corpus, 1)], work, target, SHAPE, FAST, stage_s=2.0, log=lines.append)
        before = json.loads((work / "progress.json").read_text(encoding="utf-8"))
        second = train_encoder(
            [(corpus, 1)], work, target, SHAPE, FAST, probe_on=[labelled], log=lines.append
        )
        after = json.loads((work / "progress.json").read_text(encoding="utf-8"))

        assert any("resumed" in line for line in lines)
        assert after["updates"] > before["updates"] > 0
        assert after["spent_s"] >= FAST.budget_s > before["spent_s"]
        chance = float(np.log(SHAPE.pieces))
        assert second["loss"] < first["loss"] < chance
        assert second["accuracy"] > 0.3
        assert second["probe_f"] > 50

        model = AutoModelForMaskedLM.from_pretrained(target).float().eval()
        tokenizer = AutoTokenizer.from_pretrained(target)
        sentence = "Styret vurderte referansene den 3. mai."
        encoded = tokenizer(marked(sentence), return_tensors="pt")
        assert encoded["input_ids"][0, 0] == 2
        with torch.no_grad():
            hidden = model.model(**encoded).last_hidden_state[0].mean(0).numpy()
        onnx = OnnxEncoder(target, target / "tokenizer.json")
        quantised = onnx.features([sentence, "Jeg leste."])[0]
        cosine = hidden @ quantised / np.linalg.norm(hidden) / np.linalg.norm(quantised)
        assert cosine > 0.98  # padding and int8 together change little
        assert not (target / "encoder.float.onnx").exists()
        packed = pieces.read_packed(work / "packed.u16")
        with pytest.raises(ModelError, match="annen form"):
            pretrain.Pretrainer(packed, work, EncoderShape(pieces=300, layers=1, hidden=32, heads=2), FAST)

    def test_too_little_text_is_an_error(self, tmp_path: Path) -> None:
        import numpy as np

        from feedbackcheck.training.encoder.pretrain import Pretrainer

        with pytest.raises(ModelError, match="for lite tekst"):
            Pretrainer(np.arange(100, dtype=np.uint16), tmp_path, SHAPE, FAST)


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    from feedbackcheck.errors import MissingExtraError
    from feedbackcheck.training.encoder import run

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"feedbackcheck\[train\]"):
        run.require_train_extra()
