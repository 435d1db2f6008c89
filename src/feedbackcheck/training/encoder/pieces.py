"""Cased WordPiece: train it, and pack a corpus into one array of piece numbers.

Merge fields, dates, addresses and numbers become the marks of :mod:`feedbackcheck.language.tokens` before they are split, each
mark one reserved piece; so pretraining, fine-tuning and run time see a letter alike, and nothing that names a person is learnt from them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.tokens import MARK, MARKS, tokenize
from feedbackcheck.training.encoder.settings import CLS, CONTROL_PIECES, RESERVED, SEP, UNK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def reserved_pieces() -> list[str]:
    """Return the reserved pieces in order: control pieces, marks, spares up to ``RESERVED``."""
    named = [*CONTROL_PIECES, *MARKS]
    return [*named, *(f"[ledig{index}]" for index in range(RESERVED - len(named)))]


def marked(text: str) -> str:
    """Return ``text`` with fields, dates, addresses and numbers replaced by their marks; the rest stays as written."""
    parts, position = [], 0
    for token in tokenize(text):
        parts.append(text[position : token.start])
        parts.append(token.norm if token.shape == MARK else token.text)
        position = token.end
    return "".join([*parts, text[position:]])


def train_pieces(paragraphs: Iterable[str], target: Path, *, pieces: int, min_frequency: int = 4) -> Any:
    """Train a WordPiece tokeniser of ``pieces`` pieces, write ``tokenizer.json`` to ``target`` and return it."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=60))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False
            ),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Digits(individual_digits=False)]
    )
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=pieces,
        special_tokens=reserved_pieces(),
        min_frequency=min_frequency,
        limit_alphabet=220,
        show_progress=False,
    )
    tokenizer.train_from_iterator((marked(paragraph) for paragraph in paragraphs), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)],
    )
    target.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(target / "tokenizer.json"))
    return tokenizer


def load_pieces(folder: Path) -> Any:
    """Read the tokeniser of ``folder``. Raises ``ModelError`` when it is not there."""
    from tokenizers import Tokenizer

    from feedbackcheck.errors import ModelError

    path = folder / "tokenizer.json"
    if not path.is_file():
        raise ModelError("fant ingen tokenizer.json", where=str(folder))
    return Tokenizer.from_file(str(path))


def pack(paragraphs: Iterable[str], tokenizer: Any, target: Path, *, batch: int = 10_000) -> dict[str, float]:
    """Write all paragraphs as one row of uint16 piece numbers, ``[SEP]`` after each, and return what was counted."""
    import numpy as np
    from spacy.util import minibatch

    pieces = unknown = 0
    tokenizer.no_truncation()
    with target.open("wb") as out:
        for chunk in minibatch(paragraphs, batch):  # type: ignore[no-untyped-call]
            for encoding in tokenizer.encode_batch(
                [marked(text) for text in chunk], add_special_tokens=False
            ):
                row = np.asarray([*encoding.ids, SEP], dtype=np.uint16)
                pieces += row.size
                unknown += int((row == UNK).sum())
                out.write(row.tobytes())
    return {"pieces": pieces, "unknown_share": unknown / max(pieces, 1)}


def read_packed(path: Path) -> NDArray[np.uint16]:
    """Return the packed pieces of ``path``, shape (n,), without reading them all at once."""
    import numpy as np

    return np.memmap(path, dtype=np.uint16, mode="r")


def sample(paragraphs: Iterable[str], share: float, seed: int) -> Iterator[str]:
    """Yield about ``share`` of the paragraphs."""
    rng = random.Random(seed)
    return (paragraph for paragraph in paragraphs if rng.random() < share)
