"""Word classes, features, names and sentence starts of a whole text at once, by a recurrent network that read Norwegian before it was taught.

A spaCy component. The network (``training/language/tagger_network.py``) is an ONNX graph run by onnxruntime; what a word's form
gives is worked out once a form, in numpy. It sees the whole document, so a name's second mention helps its first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from feedbackcheck.language.onnx_session import open_session
from feedbackcheck.language.tagger_features import TABLES, TextLanguage, dense, hashed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example
    from spacy.vocab import Vocab

FACTORY: Final = "feedbackcheck_tagger"
LABELS, WEIGHTS, NETWORK = "labels.json", "words.npz", "network.onnx"
_REMEMBERED = 20_000  # words whose vector is kept: 15 MB at most
_OUTSIDE = "O"
_SHORT_LINE = 50  # letters
_LIST_MARKS = frozenset("-–—*•·▪‣o")
_NEVER_LAST = frozenset(",")


class Tagger:
    """Sets ``token.pos``, ``token.morph``, ``token.is_sent_start`` and ``doc.ents``; white space gets no features and no names."""

    def __init__(self, vocab: Vocab) -> None:
        """Begin without weights: :meth:`from_disk` brings them."""
        self.vocab = vocab
        self._files: dict[str, bytes] = {}
        self._session: Any = None
        self._forms: dict[str, NDArray[np.float32]] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """What the component can give: word classes with features, then kinds of names."""
        about = json.loads(self._files[LABELS]) if self._files else {"morphs": [], "entities": []}
        kinds = {label[2:] for label in about["entities"] if label != _OUTSIDE}
        return (*(f"{pos} {feats}".strip() for pos, feats in about["morphs"]), *sorted(kinds))

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        self._annotate(doc)
        return doc

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 0) -> Iterator[Doc]:
        """Annotate documents one by one: the same text gives the same result whatever it is read with."""
        for doc in docs:
            yield self(doc)

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Return spaCy's figures for word classes, features and entities."""
        from spacy.pipeline.morphologizer import morphologizer_score
        from spacy.scorer import get_ner_prf

        known = list(examples)
        return {**morphologizer_score(known), **get_ner_prf(known)}

    def _load(self) -> None:
        """Unpack the files.

        Raises:
            ModelError: one of them is broken.
        """
        from feedbackcheck.errors import ModelError

        try:
            self._unpack()
        except Exception as error:  # onnxruntime raises its own, undocumented kinds
            raise ModelError(
                f"språkmodellens merker kan ikke leses ({type(error).__name__})",
                fix="Installer feedbackcheck på nytt, eller tren den med «feedbackcheck train language».",
            ) from error

    def _unpack(self) -> None:
        import io

        import numpy as np

        about = json.loads(self._files[LABELS])
        self._language = TextLanguage(about["markers"])
        self._morphs = [
            (self.vocab.strings.add(pos), self.vocab.morphology.add(feats)) for pos, feats in about["morphs"]
        ]
        self._entities: list[str] = about["entities"]
        with np.load(io.BytesIO(self._files[WEIGHTS]), allow_pickle=False) as stored:
            self._tables = [
                stored[f"table_{name}"].astype(np.float32)
                * stored[f"scale_{name}"].astype(np.float32)[:, None]
                for name, _, _ in TABLES
            ]
            self._scale = stored["dense_scale"].astype(np.float32)
            self._weight = stored["weight"].astype(np.float32)
            self._bias = stored["bias"].astype(np.float32)
            self._by_language = stored["languages"].astype(np.float32)
            self._by_break = stored["breaks"].astype(np.float32)
            self._moves = stored["moves"].astype(np.float32)
        self._session = open_session(self._files[NETWORK])

    def _annotate(self, doc: Doc) -> None:
        import numpy as np
        from spacy.tokens import Span

        if not self._files:
            raise ValueError(f"{FACTORY} has no weights")
        if self._session is None:
            self._load()
        tokens, breaks = [], []
        gap = 0
        free = not doc.has_annotation("DEP")  # spaCy lets nobody change the sentences of a parsed document
        space = self.vocab.strings.add("SPACE")
        for token in doc:
            if free:
                token.is_sent_start = False
            if token.is_space:
                gap = max(gap, min(token.text.count("\n"), 2))
                token.pos = space
            else:
                tokens.append(token)
                breaks.append(gap)
                gap = 0
        if not tokens:
            return
        words = [token.text for token in tokens]
        self._learn(words)
        vectors = np.stack([self._forms[word] for word in words])
        vectors += self._by_language[self._language(words)] + self._by_break[breaks]
        morphs, names, starts = self._session.run(None, {"words": vectors[:, None, :]})
        for token, index in zip(tokens, morphs.argmax(1).tolist(), strict=True):
            token.pos, features = self._morphs[index]
            token.set_morph(features)  # type: ignore[attr-defined]  # missing from spaCy's stubs
        if free:
            self._sentences(tokens, breaks, starts[:, 0])
        labels = [self._entities[label] for label in best_path(names, self._moves)]
        # No name goes on after an empty line.
        labels = [
            f"B{label[1:]}" if gap > 1 and label[0] == "I" else label
            for label, gap in zip(labels, breaks, strict=True)
        ]
        found = [
            Span(doc, tokens[first].i, tokens[last].i + 1, label=kind) for first, last, kind in spans(labels)
        ]
        if found:
            doc.ents = found

    def _sentences(self, tokens: Sequence[Any], breaks: Sequence[int], scores: NDArray[np.float32]) -> None:
        """Say where sentences begin and, for every other token, that none does: the parser keeps to both.

        Newspapers, which the network learnt from, have no layout: an empty line, a list mark and the end of a short line
        (a wrapped one is long) end a sentence whatever it says, and a comma within a line never does.
        """
        line = tokens[0].idx
        before = tokens[0]
        before.is_sent_start = True
        for token, gap, score in zip(tokens[1:], breaks[1:], scores.tolist()[1:], strict=True):
            begins = score > 0
            if gap:
                short = before.idx + len(before.text) - line < _SHORT_LINE
                begins = begins or short or gap > 1 or token.text in _LIST_MARKS
                line = token.idx
            elif before.text in _NEVER_LAST:
                begins = False
            token.is_sent_start = begins
            before = token

    def _learn(self, words: Sequence[str]) -> None:
        """Work out the vectors of forms that are not known yet."""
        import numpy as np

        new = [word for word in dict.fromkeys(words) if word not in self._forms]
        if not new:
            return
        if len(self._forms) > _REMEMBERED:
            self._forms.clear()
            new = list(dict.fromkeys(words))
        rows = np.asarray([hashed(word) for word in new])
        parts = [table[rows[:, place]] for place, table in enumerate(self._tables)]
        parts[0] = parts[0] + self._tables[0][rows[:, -1]]
        seen = np.hstack([*parts, dense(new) * self._scale])
        for word, vector in zip(new, seen @ self._weight + self._bias, strict=True):
            self._forms[word] = vector

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write labels, word weights and network."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._files.items():
            (folder / name).write_bytes(content)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Tagger:
        """Read what :meth:`to_disk` wrote; it is unpacked when the first document comes."""
        self._files = {name: (Path(path) / name).read_bytes() for name in (LABELS, WEIGHTS, NETWORK)}
        self._session = None
        self._forms.clear()
        return self


def best_path(scores: NDArray[np.float32], moves: NDArray[np.float32]) -> list[int]:
    """Return the labels of the likeliest sequence (Viterbi): ``scores`` (words, labels), ``moves`` (from, to)."""
    import numpy as np

    total = scores[0]
    back = []
    for row in scores[1:]:
        ways = total[:, None] + moves
        best = ways.argmax(0)
        back.append(best)
        total = ways[best, np.arange(len(best))] + row
    label = int(total.argmax())
    path = [label]
    for best in reversed(back):
        label = int(best[label])
        path.append(label)
    return path[::-1]


def spans(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (first, last, kind) of the names that B-, I- and O labels tell."""
    first: int | None = None
    for place, label in enumerate([*labels, _OUTSIDE]):
        if first is not None and not (label.startswith("I-") and label[2:] == labels[first][2:]):
            yield first, place - 1, labels[first][2:]
            first = None
        if first is None and label != _OUTSIDE:
            first = place


def register() -> None:
    """Make the component known to spaCy."""
    from spacy.language import Language

    if Language.has_factory(FACTORY):
        return

    @Language.factory(
        FACTORY, assigns=["token.pos", "token.morph", "token.is_sent_start", "doc.ents", "token.ent_type"]
    )
    def create(nlp: Language, name: str) -> Any:
        return Tagger(nlp.vocab)
