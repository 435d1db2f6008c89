"""Tell early whether pretraining goes well: a linear classifier on frozen features, against TF-IDF.

Sentences of the labelled corpora, one yes-or-no question a code. The split is by message, so that no sentence of a
test message was trained on. This is a thermometer for pretraining; it is not the recogniser's evaluation.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ProbeData:
    """Sentences with their codes, split in two."""

    train_texts: list[str]
    train_labels: list[frozenset[str]]
    test_texts: list[str]
    test_labels: list[frozenset[str]]
    codes: tuple[str, ...]


def read_sentences(
    paths: Iterable[Path], *, test_share: float = 0.2, seed: int = 1, least: int = 20
) -> ProbeData:
    """Read labelled messages (JSON lines) and split them by message; codes with fewer than ``least`` sentences are left out."""
    rng = random.Random(seed)
    parts: dict[bool, tuple[list[str], list[frozenset[str]]]] = {True: ([], []), False: ([], [])}
    for path in paths:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                message = json.loads(line)
                texts, labels = parts[rng.random() < test_share]
                for segment in message.get("segments", ()):
                    texts.append(message["text"][segment["start"] : segment["end"]])
                    labels.append(frozenset(segment["labels"]))
    (test_texts, test_labels), (train_texts, train_labels) = parts[True], parts[False]
    counts: dict[str, int] = {}
    for labels_of_one in train_labels:
        for code in labels_of_one:
            counts[code] = counts.get(code, 0) + 1
    tested = frozenset().union(*test_labels)
    codes = tuple(sorted(code for code, count in counts.items() if count >= least and code in tested))
    return ProbeData(train_texts, train_labels, test_texts, test_labels, codes)


def probe(data: ProbeData, features: Callable[[list[str]], Any] | None) -> float:
    """Return micro F1, per cent, of logistic regressions on ``features``, or on TF-IDF when None."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    if features is None:
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        train, test = vectorizer.fit_transform(data.train_texts), vectorizer.transform(data.test_texts)
        strength = 10.0
    else:
        scaler = StandardScaler()
        train = scaler.fit_transform(_in_batches(features, data.train_texts))
        test = scaler.transform(_in_batches(features, data.test_texts))
        strength = 0.05
    hit = found = wanted = 0
    for code in data.codes:
        gold = np.asarray([code in labels for labels in data.train_labels])
        truth = np.asarray([code in labels for labels in data.test_labels])
        classifier = LogisticRegression(
            C=strength, max_iter=300, class_weight="balanced" if features is None else None
        )
        guess = classifier.fit(train, gold).predict(test)
        hit += int((guess & truth).sum())
        found += int(guess.sum())
        wanted += int(truth.sum())
    return 200 * hit / max(found + wanted, 1)


def _in_batches(features: Callable[[list[str]], Any], texts: Sequence[str], size: int = 64) -> Any:
    import numpy as np

    # Alike in length together, so that little is padded; then back in order.
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    rows = [
        features([texts[index] for index in order[start : start + size]])
        for start in range(0, len(order), size)
    ]
    stacked = np.concatenate(rows)
    result = np.empty_like(stacked)
    result[order] = stacked
    return result
