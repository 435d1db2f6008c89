"""The models to beat: bags of words with scikit-learn, and spaCy's text classifier."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.tokens import tokenize
from feedbackcheck.signs.recogniser_input import CODES

from .datasets import Example

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def _texts(examples: Sequence[Example], *, neighbours: bool) -> list[str]:
    """Every sentence, with stage, mode and (marked) the sentences around it if asked for."""
    out = []
    for example in examples:
        sentences = [" ".join(t.norm for t in tokenize(s)) for s in example.message.sentences()]
        head = f"stage_{example.message.stage} mode_{example.message.mode}"
        for i, sentence in enumerate(sentences):
            text = f"{head} {sentence}"
            if neighbours:
                before = sentences[i - 1].split() if i else ["start"]
                after = sentences[i + 1].split() if i + 1 < len(sentences) else ["end"]
                text += " " + " ".join("b_" + w for w in before) + " " + " ".join("a_" + w for w in after)
            out.append(text)
    return out


class TfidfModel:
    """TF-IDF over words and letters, one logistic regression a code."""

    def __init__(self, *, seed: int = 0) -> None:
        self.seed = seed
        self._vectoriser: Any = None
        self._models: list[Any] = []

    def fit(self, examples: Sequence[Example]) -> None:
        """Learn from every sentence; labels that do not count are left out code by code."""
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_union

        examples = [e for e in examples if e.kind != "other"]
        self._vectoriser = make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\S+"),
            TfidfVectorizer(
                analyzer="char_wb", ngram_range=(3, 5), min_df=4, sublinear_tf=True, max_features=60_000
            ),
        )
        x = self._vectoriser.fit_transform(_texts(examples, neighbours=False)).tocsr()
        labels = np.concatenate([np.asarray(e.labels) for e in examples])
        counted = np.concatenate([np.asarray(e.counted) * e.weight for e in examples])
        for c in range(len(CODES)):
            keep = counted[:, c] > 0
            model = LogisticRegression(C=8.0, max_iter=120, tol=1e-6, random_state=self.seed)
            model.fit(x[keep], labels[keep, c], sample_weight=counted[keep, c])
            self._models.append(model)

    def logits(self, examples: Sequence[Example]) -> list[NDArray[np.float32]]:
        """Code logits (sentences, codes) of each example."""
        import numpy as np

        x = self._vectoriser.transform(_texts(examples, neighbours=False)).tocsr()
        flat = np.stack([m.decision_function(x) for m in self._models], 1).astype(np.float32)
        return _regroup(examples, flat)

    def size(self) -> int:
        """Bytes of the coefficients and the vocabulary, as float16."""
        coefficients = sum(int(m.coef_.size) * 2 for m in self._models)
        return coefficients + sum(len(w) + 4 for w in self._vectoriser.get_feature_names_out())


def _regroup(examples: Sequence[Example], flat: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    out, at = [], 0
    for example in examples:
        n = len(example.labels)
        out.append(flat[at : at + n])
        at += n
    return out


class SpacyTextcat:
    """spaCy's multi-label text classifier (bag of words and a small convolution), each sentence on its own."""

    def __init__(self, *, seconds: float = 240.0, seed: int = 0) -> None:
        self.seconds = seconds
        self.seed = seed
        self._nlp: Any = None

    def fit(self, examples: Sequence[Example]) -> None:
        """Train until the clock stops."""
        import spacy
        from spacy import util
        from spacy.training import Example as SpacyExample

        util.fix_random_seed(self.seed)  # type: ignore[attr-defined]
        nlp = spacy.blank("nb")
        nlp.add_pipe("textcat_multilabel", config={"threshold": 0.5})
        examples = [e for e in examples if e.kind != "other"]
        texts = _texts(examples, neighbours=False)
        rows = [row for e in examples for row in e.labels]
        data = [
            SpacyExample.from_dict(nlp.make_doc(t), {"cats": dict(zip(CODES, row, strict=True))})
            for t, row in zip(texts, rows, strict=True)
        ]
        optimiser = nlp.initialize(lambda: data[:400])
        rng = random.Random(self.seed)
        stop = time.monotonic() + self.seconds
        while time.monotonic() < stop:
            rng.shuffle(data)
            for batch in util.minibatch(data, 64):  # type: ignore[no-untyped-call]
                nlp.update(batch, sgd=optimiser, drop=0.2)
                if time.monotonic() >= stop:
                    break
        self._nlp = nlp

    def logits(self, examples: Sequence[Example]) -> list[NDArray[np.float32]]:
        """Code logits (sentences, codes) of each example."""
        import numpy as np

        docs = self._nlp.pipe(_texts(examples, neighbours=False), batch_size=256)
        p = np.array([[doc.cats[c] for c in CODES] for doc in docs], dtype=np.float32).clip(1e-6, 1 - 1e-6)
        return _regroup(examples, np.log(p / (1 - p)))

    def size(self) -> int:
        """Bytes on disk."""
        return len(self._nlp.to_bytes())
