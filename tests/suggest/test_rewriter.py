"""The optional model: whatever it says passes the guard or is dropped. Tested with a tiny random one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from suggest_samples import draft, message

from feedbackcheck import Checker
from feedbackcheck.errors import ModelError, UsageError
from feedbackcheck.suggest.alternatives import read_draft
from feedbackcheck.suggest.compose import Piece
from feedbackcheck.suggest.rewriter import acceptable, rewriter_for
from feedbackcheck.suggest.service import suggest_for

CONTEXT = {
    "candidate_name": "Ola Li",
    "position": "kokk",
    "sender": "Eva Moe",
    "notes": ["lite erfaring med varmmat"],
}


def test_rewriter_names() -> None:
    assert rewriter_for("builtin") is None
    with pytest.raises(UsageError):
        rewriter_for("gpt")


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("Du får dessverre ikke jobben som kokk, og det er vi som har bestemt det.", True),
        ("Det er vi som har bestemt det, og du får dessverre ikke jobben som kokk.", True),
        ("Du får jobben som kokk, og det er dessverre vi som har bestemt det.", False),
        ("Du får dessverre ikke jobben som kokk, og det er Kari som har bestemt det.", False),
        ("Du får dessverre ikke jobben som kokk, og det er vi 3 som har bestemt det.", False),
        ("Du er lat og får dessverre ikke jobben som kokk, det har vi bestemt.", False),
        ("dessverre", False),
        ("", False),
    ],
)
def test_rewriter_accepts_only_the_same_in_other_words(checker: Checker, text: str, good: bool) -> None:
    report = checker.check_message(message(draft("intervju-nb"), CONTEXT, stage="intervju"))
    piece = Piece(
        "ING02",
        "Du får dessverre ikke jobben som kokk, og det er vi som har bestemt det.",
        frozenset(("ING02",)),
    )
    assert acceptable(text, piece, read_draft(report)) is good


def test_rewriter_wording_is_used_when_it_may_stand_and_dropped_when_not(checker: Checker) -> None:
    asked: list[str] = []

    def propose(piece: Piece, _draft: Any) -> str | None:
        asked.append(piece.code)
        return (
            piece.text.replace("Du får", "Du får nå")
            if piece.code == "ING02"
            else "Kari Nordmann ringer deg 17. mai."
        )

    revision = suggest_for(message(draft("intervju-nb"), CONTEXT, stage="intervju"), checker, rewrite=propose)
    assert "Kari Nordmann" not in revision.revised and "17. mai" not in revision.revised
    assert asked


def test_rewriter_with_a_tiny_random_model(checker: Checker, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs the train extra (torch)")
    transformers = pytest.importorskip("transformers", reason="needs the train extra (transformers)")
    tokenizers = pytest.importorskip("tokenizers", reason="needs the train extra (tokenizers)")
    import torch

    torch.manual_seed(7)
    words = [
        "[PAD]",
        "[UNK]",
        "Kari",
        "Nordmann",
        "ansatt",
        "41",
        "år",
        "gravid",
        "vi",
        "du",
        "ikke",
        "er",
        "jobben",
        "Oslo",
    ]
    raw = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="[UNK]")
    )
    raw.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, unk_token="[UNK]", pad_token="[PAD]"
    ).save_pretrained(tmp_path)
    config = transformers.GPT2Config(
        vocab_size=len(words),
        n_embd=16,
        n_layer=1,
        n_head=2,
        n_positions=1024,
        bos_token_id=0,
        eos_token_id=0,
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(tmp_path)

    rewrite = rewriter_for(f"transformers:{tmp_path}")
    assert rewrite is not None
    plain = suggest_for(message(draft("intervju-nb"), CONTEXT, stage="intervju"), checker)
    asked = suggest_for(message(draft("intervju-nb"), CONTEXT, stage="intervju"), checker, rewrite=rewrite)
    assert asked.revised == plain.revised


def test_rewriter_folder_without_a_model(checker: Checker, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs the train extra (torch)")
    pytest.importorskip("transformers", reason="needs the train extra (transformers)")
    rewrite = rewriter_for(f"transformers:{tmp_path}")
    with pytest.raises(ModelError):
        suggest_for(message(draft("intervju-nb"), CONTEXT, stage="intervju"), checker, rewrite=rewrite)
