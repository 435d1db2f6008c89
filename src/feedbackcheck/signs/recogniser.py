"""The recogniser at run time: what each sentence says, beyond fixed phrases. onnxruntime and numpy, no torch.

Two steps, so that work can be shared: :meth:`Recogniser.encode` reads sentences on their own (a pure function of their
text, to be cached over a mailbox or while someone types), :meth:`Recogniser.message` reads a message's encoded
sentences in order, with stage, mode and context. :meth:`Recogniser.predict` does both.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from feedbackcheck.errors import MissingExtraError, ModelError
from feedbackcheck.language.tokens import MARK, Token, tokenize
from feedbackcheck.language.topics import marked
from feedbackcheck.language.topics import names as topic_names
from feedbackcheck.message import Span
from feedbackcheck.signs.base import Origin, Sign
from feedbackcheck.signs.ngrams import GATE_FILE, STAGE_FILE, NgramModel
from feedbackcheck.signs.recogniser_input import (
    CODES,
    MAX_TOKENS,
    PROBLEM_CODES,
    STAGES,
    RecogniserInput,
    about,
    sentence_features,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from feedbackcheck.language.document import Document

__all__ = ["Encoding", "Recogniser", "RecogniserInput", "RecogniserOutput"]

_SCHEMA = 1
#: A sign is given from this probability on, and below it where another finder speaks of the same code.
_WORTH_TELLING = 0.05
_SENTENCE_CACHE = 8_000
_WORD_CACHE = 25_000


@dataclass(frozen=True, slots=True)
class Encoding:
    """A sentence as the models see it: ``row`` feeds the message layer, ``carriers`` tells which words carry a code.

    ``row`` is float32 of shape (models * (vector + codes) + codes,), the last part from the n-grams; ``carriers`` uint16 of shape (codes, 2), code points from
    the sentence's start.
    """

    row: NDArray[np.float32]
    carriers: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class RecogniserOutput:
    """What the recogniser says of one message.

    Attributes:
        probabilities: float32 (sentences, codes), calibrated.
        carriers: for each sentence the words that carried each code, (codes, 2), from the sentence's start.
        p_is_rejection: probability that the message is a rejection of an applicant.
        stage_probabilities: by stage.
        quality: expected quality, 1 to 5, for candidate and employer.
    """

    probabilities: NDArray[np.float32]
    carriers: Sequence[NDArray[np.uint16]]
    p_is_rejection: float
    stage_probabilities: Mapping[str, float]
    quality: float
    identity: str = ""
    codes: tuple[str, ...] = CODES

    def carrier(self, sentence: int, code: str) -> tuple[int, int]:
        """The words of a sentence that carried a code: (start, end) from the sentence's start."""
        start, end = self.carriers[sentence][self.codes.index(code)]
        return int(start), int(end)

    def signs(self, document: Document, also: Mapping[tuple[int, str], object] | None = None) -> list[Sign]:
        """Signs for a document's sentences: whatever is likely enough to tell, and all in ``also``.

        ``also`` holds (sentence, code) pairs that other finders spoke of, so that both can be weighed.
        """
        import numpy as np

        wanted = {(int(i), int(c)) for i, c in np.argwhere(self.probabilities >= _WORTH_TELLING)}
        wanted |= {(i, self.codes.index(code)) for i, code in also or () if code in self.codes}
        out = []
        for i, c in sorted(wanted):
            code, sentence = self.codes[c], document.sentences[i]
            start, end = self.carrier(i, code)
            base = sentence.span.start
            whole = code not in PROBLEM_CODES or end <= start
            out.append(
                Sign(
                    code=code,
                    span=sentence.span if whole else Span(base + start, base + end),
                    sentence=i,
                    strength=float(self.probabilities[i][c]),
                    origin=Origin.RECOGNISER,
                    why="recogniser",
                )
            )
        return out


#: Word numbers (length,), shapes (length,) and vectors (length, dim) of a sentence.
_Row: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]"


@dataclass(slots=True)
class _Words:
    """Rows of floret vectors, kept for words that were met."""

    matrix: NDArray[np.float32]
    rows: dict[str, int] = field(default_factory=dict)


class Recogniser:
    """The shipped models. Make one with :meth:`load`; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        manifest = _read_manifest(folder)
        self.manifest = manifest
        self.codes: tuple[str, ...] = tuple(manifest["codes"])
        self.identity: str = manifest.get("identity") or _digest(folder)
        self._n = int(manifest["models"])
        self._vector = int(manifest["vector"])
        # Activations are quantised as the graph runs, over the whole batch: a sentence that shares one gets other
        # numbers than alone. One at a time costs nothing measurable and keeps encoding a function of the text.
        self._batch = int(manifest.get("batch", 1))
        self._lock = threading.RLock()
        self._pieces = manifest.get("kind") == "pieces"
        self._topics = bool(manifest.get("topics"))
        self._tokenizer: Any = None
        self._wide: NgramModel | None = None
        self._stage: NgramModel | None = None
        self._gate: NgramModel | None = None
        self._stage_weight = float(manifest.get("stage_words", 0.0))
        self._wide_weight = float(manifest.get("wide", 0.0))
        self._sentences: list[Any] = []
        self._messages: list[Any] = []
        self._words: _Words | None = None
        self._index: dict[str, int] = {}
        self._cache: OrderedDict[str, Encoding] = OrderedDict()
        self._ready = False

    @classmethod
    def load(cls, folder: Path | None = None) -> Recogniser:
        """The recogniser in ``folder``, or the shipped one; loaded once a process.

        Raises:
            ModelError: there is none, or one of another format.
        """
        from feedbackcheck.language.locations import models_folder

        return _load(folder or models_folder() / "recogniser")

    def _prepare(self) -> None:
        """Load graphs and vectors when first needed."""
        if self._ready:
            return
        with self._lock:
            if self._ready:
                return
            import numpy as np

            from feedbackcheck.language.onnx_session import open_session
            from feedbackcheck.language.vectors import load_vectors

            try:
                for kind, into in (("sentence", self._sentences), ("message", self._messages)):
                    for i in range(self._n):
                        path = self.folder / f"{kind}-{i}.onnx"
                        into.append(open_session(str(path)))
            except Exception as error:  # onnxruntime raises its own, undocumented kinds
                raise ModelError(
                    f"gjenkjenneren kan ikke leses ({type(error).__name__})",
                    where=str(self.folder),
                    fix="Installer feedbackcheck på nytt, eller tren den med «feedbackcheck train recogniser».",
                ) from error
            if self._pieces:
                self._tokenizer = _tokenizer(self.folder / "tokenizer.json", int(self.manifest["limit"]))
            else:
                words = (self.folder / "vocabulary.txt").read_text("utf-8").split("\n")
                self._index = {w: i for i, w in enumerate(words) if w}
                self._vectors = load_vectors()
                self._words = _Words(np.zeros((4096, self._vectors.dim), dtype=np.float32), {"": 0})
            if self._wide_weight:
                self._wide = NgramModel.load(self.folder)
            if self._stage_weight:
                self._stage = NgramModel.load(self.folder, STAGE_FILE)
            if (self.folder / GATE_FILE).is_file():
                self._gate = NgramModel.load(self.folder, GATE_FILE)
            self._slopes = np.asarray(self.manifest["slopes"], dtype=np.float32)
            self._offsets = np.asarray(self.manifest["offsets"], dtype=np.float32)
            self._ready = True

    def _word_rows(self, norms: Sequence[str]) -> NDArray[np.float32]:
        """Floret vectors (len(norms), dim), each word looked up once a process."""
        import numpy as np

        words = self._words
        assert words is not None
        rows = words.rows
        if any(norm not in rows for norm in norms):
            with self._lock:
                words = self._words
                assert words is not None
                if len(words.rows) > _WORD_CACHE:
                    words = _Words(np.zeros((4096, self._vectors.dim), dtype=np.float32), {"": 0})
                missing = [norm for norm in dict.fromkeys(norms) if norm not in words.rows]
                at = len(words.rows)
                if at + len(missing) > len(words.matrix):
                    wider = np.zeros((2 * (at + len(missing)), words.matrix.shape[1]), dtype=np.float32)
                    wider[: len(words.matrix)] = words.matrix
                    # A copy: a reader that holds the old matrix must not meet numbers of rows that it lacks.
                    words = _Words(wider, dict(words.rows))
                words.matrix[at : at + len(missing)] = self._vectors.matrix(missing)
                # After the rows are filled: readers do not lock.
                words.rows.update((norm, at + i) for i, norm in enumerate(missing))
                self._words = words
                rows = words.rows
        found: NDArray[np.float32] = words.matrix[[rows[norm] for norm in norms]]
        return found

    def encode(self, sentences: Sequence[str]) -> list[Encoding]:
        """Encode sentences, each by its text alone; those met lately come from a cache."""
        self._prepare()
        out: list[Encoding | None] = [self._cache.get(text) for text in sentences]
        fresh = list(dict.fromkeys(t for t, known in zip(sentences, out, strict=True) if known is None))
        if fresh:
            made = self._encode_fresh(fresh)
            with self._lock:
                self._cache.update(made)
                while len(self._cache) > _SENTENCE_CACHE:
                    self._cache.popitem(last=False)
            out = [made[text] if known is None else known for text, known in zip(sentences, out, strict=True)]
        return [encoding for encoding in out if encoding is not None]

    def _encode_fresh(self, sentences: Sequence[str]) -> dict[str, Encoding]:
        import numpy as np

        if self._pieces:
            cut = self._tokenizer.encode_batch(list(sentences))
            places = [list(c.offsets) for c in cut]
        else:
            tokens = [tokenize(text, MAX_TOKENS) for text in sentences]
            places = [[(t.start, t.end) for t in part] for part in tokens]
            rows_of = self._looked_up(tokens)
        wide = None if self._wide is None else self._wide.logits([(text,) for text in sentences])
        # Sentences of like length share a batch, so that little is computed on padding.
        order = sorted(range(len(sentences)), key=lambda i: len(places[i]))
        rows: list[NDArray[np.float32]] = []
        looks: list[NDArray[np.float32]] = []
        at = 0
        while at < len(order):
            first = max(1, len(places[order[at]]))
            size = 1
            while (
                at + size < len(order)
                and size < self._batch
                and len(places[order[at + size]]) <= first + 3 + first // 3
            ):
                size += 1
            batch = order[at : at + size]
            at += size
            feed = (
                self._pieces_feed([cut[i].ids for i in batch])
                if self._pieces
                else self._words_feed([rows_of[i] for i in batch])
            )
            parts, attention = [], None
            for session in self._sentences:
                vector, local, weights = session.run(None, feed)
                parts += [vector, local]
                attention = weights if attention is None else attention + weights
            assert attention is not None
            if wide is not None:
                parts.append(wide[batch])
            rows.extend(np.concatenate(parts, axis=1))
            looks.extend(attention)
        spans = _carriers(looks, [places[i] for i in order])
        return {sentences[i]: Encoding(rows[n], spans[n]) for n, i in enumerate(order)}

    def _looked_up(self, sentences: Sequence[Sequence[Token]]) -> list[_Row]:
        """What the recurrent models read of each sentence: all words of all sentences are looked up at once."""
        import numpy as np

        flat = [t for part in sentences for t in part]
        words = np.asarray([self._index.get(t.norm, 1) for t in flat], dtype=np.int64)
        shapes = np.asarray(
            [marked(t) for t in flat] if self._topics else [t.shape for t in flat], dtype=np.int64
        )
        vectors = self._word_rows(["" if t.shape == MARK else t.norm for t in flat])
        empty = (np.ones(1, np.int64), np.zeros(1, np.int64), np.zeros((1, self._vectors.dim), np.float32))
        rows: list[_Row] = []
        at = 0
        for part in sentences:
            end = at + len(part)
            rows.append((words[at:end], shapes[at:end], vectors[at:end]) if part else empty)
            at = end
        return rows

    @staticmethod
    def _words_feed(rows: Sequence[_Row]) -> dict[str, Any]:
        """Inputs of the recurrent models for some sentences."""
        import numpy as np

        lengths = np.asarray([len(words) for words, _, _ in rows], dtype=np.int32)
        if len(rows) == 1:
            words, shapes, vectors = rows[0]
            return {
                "words": words[None],
                "shapes": shapes[None],
                "vectors": vectors[None],
                "lengths": lengths,
            }
        longest = int(lengths.max())
        out: dict[str, Any] = {
            "words": np.zeros((len(rows), longest), dtype=np.int64),
            "shapes": np.zeros((len(rows), longest), dtype=np.int64),
            "vectors": np.zeros((len(rows), longest, rows[0][2].shape[1]), dtype=np.float32),
        }
        for i, (words, shapes, vectors) in enumerate(rows):
            n = len(words)
            out["words"][i, :n], out["shapes"][i, :n], out["vectors"][i, :n] = words, shapes, vectors
        return {**out, "lengths": lengths}

    def _pieces_feed(self, batch: Sequence[Sequence[int]]) -> dict[str, Any]:
        """Inputs of a transformers encoder for some sentences."""
        import numpy as np

        longest = max(1, max(len(part) for part in batch))
        words = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros_like(words)
        for row, part in enumerate(batch):
            words[row, : len(part)] = part
            mask[row, : len(part)] = 1
        return {"words": words, "mask": mask}

    def message(self, message: RecogniserInput, encodings: Sequence[Encoding]) -> RecogniserOutput:
        """Read a message's encoded sentences in order."""
        import numpy as np

        self._prepare()
        n, codes = len(encodings), len(self.codes)
        if n == 0:
            return RecogniserOutput(
                np.zeros((0, codes), dtype=np.float32),
                [],
                0.0,
                dict.fromkeys(STAGES, 0.25),
                3.0,
                self.identity,
            )
        rows = np.stack([e.row for e in encodings])
        features = np.asarray(sentence_features(message), dtype=np.float32)[None]
        told = np.asarray([about(message)], dtype=np.float32)
        lengths = np.asarray([n], dtype=np.int32)
        width = self._vector + codes
        logits = np.zeros((n, codes), dtype=np.float32)
        whole = np.zeros(6, dtype=np.float32)
        for i, session in enumerate(self._messages):
            part = rows[:, i * width : (i + 1) * width]
            feed = {
                "vectors": np.ascontiguousarray(part[None, :, : self._vector]),
                "local": np.ascontiguousarray(part[None, :, self._vector :]),
                "features": features,
                "about": told,
                "lengths": lengths,
            }
            scores, heads = session.run(None, feed)
            logits += scores[0] / self._n
            whole += heads[0] / self._n
        if self._wide is not None:
            logits += self._wide_weight * rows[:, self._n * width :]
        probabilities = 1 / (1 + np.exp(-np.clip(logits * self._slopes + self._offsets, -30, 30)))
        guess = whole[1:5]
        if self._stage is not None and message.stage is None:
            guess = guess + self._stage_weight * self._stage.logits([message.sentences()])[0]
        stage = np.exp(guess - guess.max())
        stage /= stage.sum()
        gate = self.manifest.get("gate", {})
        z = float(gate.get("network", 1.0)) * float(whole[0]) + float(gate.get("offset", 0.0))
        if self._gate is not None:
            z += float(gate.get("words", 0.0)) * float(self._gate.logits([message.sentences()])[0, 0])
        return RecogniserOutput(
            probabilities=probabilities.astype(np.float32),
            carriers=[e.carriers for e in encodings],
            p_is_rejection=float(1 / (1 + np.exp(-z))),
            stage_probabilities=dict(zip(STAGES, (float(x) for x in stage), strict=True)),
            quality=float(3 + 2 * np.tanh(whole[5])),
            identity=self.identity,
            codes=self.codes,
        )

    def predict(self, messages: Sequence[RecogniserInput]) -> list[RecogniserOutput]:
        """Encode and read several messages; sentences that they share are encoded once."""
        texts = [message.sentences() for message in messages]
        encodings = iter(self.encode([t for part in texts for t in part]))
        return [
            self.message(message, [next(encodings) for _ in part])
            for message, part in zip(messages, texts, strict=True)
        ]

    def predict_document(self, document: Document) -> RecogniserOutput:
        """What it says of a prepared document."""
        return self.predict([document_input(document)])[0]


def document_input(document: Document) -> RecogniserInput:
    """A document as the recogniser reads it."""
    return RecogniserInput(
        text=document.text,
        spans=[(s.span.start, s.span.end) for s in document.sentences],
        stage=document.stage.value if document.stage else None,
        mode=document.mode.value,
        lang="nn" if document.language == "nn" else "nb",
        context={k: v for k, v in document.context.to_mapping().items() if k != "stage"},
    )


def _carriers(
    looks: Sequence[NDArray[np.float32]], places: Sequence[Sequence[tuple[int, int]]]
) -> list[NDArray[np.uint16]]:
    """From each sentence's attention (codes, length) to the run of words around the heaviest that share its weight."""
    import numpy as np

    longest = max(look.shape[1] for look in looks)
    attention = np.zeros((len(looks), looks[0].shape[0], longest), dtype=np.float32)
    starts = np.zeros((len(looks), longest), dtype=np.int64)
    ends = np.zeros_like(starts)
    for row, (look, spans) in enumerate(zip(looks, places, strict=True)):
        attention[row, :, : look.shape[1]] = look
        if spans:
            starts[row, : len(spans)], ends[row, : len(spans)] = zip(*spans, strict=True)
    strong = attention >= 0.3 * attention.max(axis=2, keepdims=True)
    last_word = np.asarray([max(0, len(spans) - 1) for spans in places])[:, None]
    first = np.minimum(strong.argmax(axis=2), last_word)
    last = np.minimum(longest - 1 - strong[:, :, ::-1].argmax(axis=2), last_word)
    pairs = np.stack([np.take_along_axis(starts, first, 1), np.take_along_axis(ends, last, 1)], axis=2)
    return list(np.minimum(pairs, 65535).astype(np.uint16))


def _tokenizer(path: Path, limit: int) -> Any:
    """A fast tokeniser that cuts at ``limit`` pieces."""
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError:
        raise MissingExtraError("En gjenkjenner på transformers-koder", "train") from None
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(limit)
    tokenizer.no_padding()
    return tokenizer


@cache
def _load(folder: Path) -> Recogniser:
    return Recogniser(folder)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        raise ModelError(
            "fant ingen gjenkjenner", where=str(folder), fix="Tren en med «feedbackcheck train recogniser»."
        )
    manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
    topics = tuple(manifest.get("topics", ()))
    if (
        manifest.get("schema") != _SCHEMA
        or tuple(manifest.get("codes", ())) != CODES
        or topics != topic_names()[: len(topics)]
    ):
        raise ModelError(
            "gjenkjenneren er laget for en annen utgave av feedbackcheck",
            where=str(path),
            fix="Tren den på nytt med «feedbackcheck train recogniser».",
        )
    return manifest


def _digest(folder: Path) -> str:
    import hashlib

    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.suffix in (".onnx", ".json", ".txt", ".npz"):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
