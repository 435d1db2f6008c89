"""What a candidate can do next: the knowledge base of competences and behaviours, and finding the right entry.

Entries are data (``data/advice/*.toml``, one file a field), each with names, synonyms, phrases and next steps in both
målformer. A search matches the synonyms' stems first, then whole parts of compounds, then meaning by word vectors; when
nothing is near enough it says so (None) instead of giving advice on something else.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feedbackcheck.suggest.norwegian import same_word, stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["KINDS", "Advice", "Match", "entries", "find"]

KINDS = ("kompetanse", "kvalifikasjon", "atferd", "intervju", "soknad")

#: A vector match must be at least this near (cosine). Measured on the notes and requirements of the labelled training
#: messages: between 0.72 and 0.93 twenty of twenty-three matches were beside the point, so vectors only catch misspellings
#: and unseen inflections and compounds; the rest is honestly not found.
VECTOR_THRESHOLD = 0.93


@dataclass(frozen=True, slots=True)
class Advice:
    """One competence or behaviour; the mappings are keyed by målform ("nb", "nn")."""

    id: str
    field: str
    kind: str
    name: Mapping[str, str]
    phrase: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found, by which of its words (or "vektor"), and how sure (0–1)."""

    advice: Advice
    by: str
    strength: float


@lru_cache(maxsize=1)
def entries() -> Mapping[str, Advice]:
    """The whole knowledge base by id, read when first asked for (about 0.2 s)."""
    import tomllib
    from importlib.resources import files

    out: dict[str, Advice] = {}
    for file in sorted((files("feedbackcheck.data") / "advice").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        raw: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        for key, entry in raw.items():
            out[key] = Advice(
                id=key,
                field=file.name.removesuffix(".toml"),
                kind=entry["kind"],
                name={m: entry[m]["name"] for m in ("nb", "nn")},
                phrase={m: entry[m]["phrase"] for m in ("nb", "nn")},
                synonyms={m: tuple(entry[m]["synonyms"]) for m in ("nb", "nn")},
                steps={m: tuple(entry[m]["steps"]) for m in ("nb", "nn")},
            )
    return out


@lru_cache(maxsize=1)
def _index() -> tuple[dict[tuple[str, ...], list[tuple[str, str]]], int, tuple[tuple[str, str], ...]]:
    """Stems of each synonym → (id, synonym); the longest synonym in words; synonyms that may stand in compounds."""
    table: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    compounds: list[tuple[str, str]] = []
    for advice in entries().values():
        for malform in ("nb", "nn"):
            for synonym in (*advice.synonyms[malform], advice.name[malform]):
                key = tuple(stem(w) for w in words(synonym))
                if key:
                    table.setdefault(key, []).append((advice.id, synonym))
                if len(key) == 1 and len(key[0]) >= 5 and synonym.isalpha():
                    compounds.append((synonym, advice.id))
    compounds.sort(key=lambda item: -len(item[0]))
    return table, max(len(k) for k in table), tuple(compounds)


@dataclass(frozen=True, slots=True)
class _Matching:
    exact: frozenset[str]
    other_words: frozenset[str]
    not_last: frozenset[str]
    not_first: frozenset[str]


@lru_cache(maxsize=1)
def _matching() -> _Matching:
    import tomllib
    from importlib.resources import files

    data: dict[str, list[str]] = tomllib.loads(
        (files("feedbackcheck.data") / "wording" / "matching.toml").read_text(encoding="utf-8")
    )
    return _Matching(**{key: frozenset(listed) for key, listed in data.items()})


def _names(given: Sequence[str], synonym: str) -> bool:
    """True if the words given are the synonym's own, or forms of them."""
    unlike = _matching()
    return all(
        a == b or (a not in unlike.other_words and b not in unlike.exact and same_word(a, b))
        for a, b in zip(given, words(synonym), strict=True)
    )


# Words that say how something is, not what it is about: no ground for a match by vector.
_VERBS = frozenset(stem(w) for w in ("ledet", "leia", "ledelse", "leiing", "prøvd", "tar", "ta"))
# Entries that a single word says too little for, when another word of the topic says more.
_GENERAL = frozenset(
    ("fagbrev", "utdanning", "spesialsykepleie", "produksjon", "programmering", "produksjonsdrift")
)

_EMPTY = frozenset(
    stem(w)
    for w in [
        "god",
        "godt",
        "gode",
        "svak",
        "usikker",
        "lite",
        "liten",
        "mindre",
        "ikke",
        "ikkje",
        "mangler",
        "manglar",
        "mer",
        "meir",
        "med",
        "på",
        "i",
        "fra",
        "frå",
        "for",
        "til",
        "og",
        "av",
        "som",
        "du",
        "deg",
        "er",
        "var",
        "hatt",
        "har",
        "ha",
        "en",
        "ei",
        "et",
        "ein",
        "eit",
        "den",
        "det",
        "de",
        "dei",
        "erfaring",
        "erfart",
        "kjennskap",
        "minst",
        "krav",
        "relevant",
        "svært",
        "veldig",
        "meget",
        "ingen",
        "inga",
        "noe",
        "noko",
        "noen",
        "nokon",
        "om",
        "ved",
        "under",
        "bare",
        "berre",
        "kun",
        "mest",
        "egen",
        "eigen",
        "eige",
        "eget",
        "selv",
        "sjølv",
        "oss",
        "vi",
        "å",
        "kan",
        "kunne",
        "sterk",
        "trygg",
        "bra",
        "arbeid",
        "jobb",
        "stilling",
        "evne",
        "ferdighet",
    ]
)


def find(topic: str) -> Match | None:
    """The entry that a note, requirement or competence is about.

    Args:
        topic: words in either målform.

    Returns:
        the best match, or None when nothing is near enough («fant ikke»).
    """
    return _find(" ".join(topic.split()).lower())


@lru_cache(maxsize=2048)
def _find(topic: str) -> Match | None:
    table, longest, compounds = _index()
    given = words(topic)
    found = [stem(w) for w in given]
    best: tuple[tuple[int, int, int, int], str, str] | None = None
    for i in range(len(found)):
        for n in range(min(longest, len(found) - i), 0, -1):
            named = table.get(tuple(found[i : i + n]), ())
            hit = next((h for h in named if _names(given[i : i + n], h[1])), None)
            if hit is None:
                continue
            # Longer synonyms first, then longer words, then earlier ones («SQL i caset» is about SQL).
            specific = (
                0 if n == 1 and (hit[0] in _GENERAL or entries()[hit[0]].kind in ("atferd", "soknad")) else 1
            )
            if n == 1 and found[i] in _VERBS:
                continue
            rank = (n, specific, sum(len(w) for w in found[i : i + n]) if n > 1 else 0, -i)
            if best is None or rank > best[0]:
                best = (rank, hit[0], hit[1])
            break
    if best is not None:
        return Match(entries()[best[1]], best[2], 1.0 if best[0][0] > 1 else 0.9)
    # A compound of a synonym: it begins with it («budsjettprosess») or ends in it («kundeoppfølging»).
    for word in given:
        for part, advice_id in compounds:
            if _has_part(word, part):
                return Match(entries()[advice_id], part, 0.8)
    return _by_vector([w for w in given if stem(w) not in _EMPTY and len(w) > 2])


# What stands before a word and makes another word of it, not a compound («representasjon», «etterforskning»).
_PREFIXES = frozenset(
    ("re", "u", "be", "for", "an", "av", "mis", "sub", "pre", "infra", "super", "inter", "etter")
)


def _has_part(word: str, part: str) -> bool:
    """True if ``word`` is a compound that begins with ``part`` («budsjettprosess») or ends in a form of it («kundeoppfølging»)."""
    unlike = _matching()
    if len(word) <= len(part) + 1 or word in unlike.other_words or part in unlike.exact:
        return False
    if word.startswith(part):
        return part not in unlike.not_first
    at = word.rfind(part[:-1])
    return (
        at > 1 and part not in unlike.not_last and word[:at] not in _PREFIXES and same_word(word[at:], part)
    )


_lock = threading.Lock()


@lru_cache(maxsize=1)
def _vectors() -> tuple[Any, tuple[tuple[str, str], ...], NDArray[np.float32]] | None:
    """The word vectors and a unit vector for each synonym of more than three letters; None without a model."""
    import numpy as np

    from feedbackcheck.errors import ModelError
    from feedbackcheck.language.vectors import load_vectors

    try:
        vectors = load_vectors()
    except ModelError:
        return None
    ids: list[tuple[str, str]] = []
    rows: list[NDArray[np.float32]] = []
    for advice in entries().values():
        for text in {*advice.synonyms["nb"], *advice.synonyms["nn"]}:
            wanted = [w for w in words(text) if stem(w) not in _EMPTY]
            # A word can be a misspelling of a word, not of a phrase.
            if len(wanted) != 1 or len(wanted[0]) < 5:
                continue
            mean = vectors.matrix(wanted).mean(axis=0)
            norm = float(np.linalg.norm(mean))
            if norm > 0:
                ids.append((advice.id, text))
                rows.append((mean / norm).astype(np.float32))
    return vectors, tuple(ids), np.stack(rows)


def _by_vector(wanted: Sequence[str]) -> Match | None:
    if not wanted or all(len(w) < 5 for w in wanted):
        return None
    import numpy as np

    with _lock:
        loaded = _vectors()
    if loaded is None:
        return None
    vectors, ids, matrix = loaded
    best_score, best_id = 0.0, ""
    for word in (w for w in wanted if len(w) >= 5):
        vector = vectors.vector(word)
        norm = float(np.linalg.norm(vector))
        if norm == 0:
            continue
        scores = matrix @ (vector / norm)
        for near in (int(i) for i in np.flatnonzero(scores >= VECTOR_THRESHOLD)):
            # A misspelling begins as the word does; what only means something near it is another thing.
            alike = any(part[:4] == word[:4] for part in words(ids[near][1]))
            if alike and float(scores[near]) > best_score:
                best_score, best_id = float(scores[near]), ids[near][0]
    if best_score < VECTOR_THRESHOLD:
        return None
    return Match(entries()[best_id], "vektor", round(best_score, 3))
