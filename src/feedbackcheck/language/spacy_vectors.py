"""Give the shared floret table to spaCy.

A pipeline of ours stores no vectors of its own: its configuration names this loader, so that the table is on disk once. The
class is spaCy's own floret table with a memory of the words it has seen, since hashing a word's n-grams anew for every
occurrence would take most of the time that a parse has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from feedbackcheck.language.vectors import FloretVectors, load_vectors

if TYPE_CHECKING:
    from spacy.vectors import Vectors
    from spacy.vocab import Vocab

REGISTERED_NAME = "feedbackcheck.SharedFloretVectors.v1"
_REMEMBERED = 50_000  # words; 25 MB at most, for processes that read whole mailboxes


def spacy_vectors(vectors: FloretVectors, strings: Any) -> Vectors:
    """Return ``vectors`` as a spaCy table over the string store ``strings``."""
    import numpy as np
    from spacy.vectors import Mode, Vectors

    class SharedVectors(Vectors):  # type: ignore[misc]  # compiled, so mypy sees Any
        """spaCy's floret vectors, remembered by word and never written: the table has its own folder."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self._known: dict[int, Any] = {}

        def get_batch(self, keys: Iterable[Any]) -> Any:
            known = self._known
            wanted = [key if isinstance(key, str) else int(key) for key in keys]
            numbers = [self.strings.add(key) if isinstance(key, str) else key for key in wanted]
            fresh = [key for key in dict.fromkeys(numbers) if key not in known]
            if fresh:
                if len(known) + len(fresh) > _REMEMBERED:
                    known.clear()
                    fresh = list(dict.fromkeys(numbers))
                known.update(zip(fresh, super().get_batch(fresh), strict=True))
            return np.stack([known[key] for key in numbers])

        def to_disk(self, path: Any, *, exclude: Any = ()) -> None:
            """Write nothing: the shared folder holds the table."""

        def from_disk(self, path: Any, *, exclude: Any = ()) -> Any:
            """Read nothing: the table was given when the vocabulary was made."""
            return self

    return SharedVectors(
        strings=strings,
        data=vectors.table,
        name="feedbackcheck_floret",
        mode=Mode.floret,
        minn=vectors.min_n,
        maxn=vectors.max_n,
        hash_count=vectors.hash_count,
        hash_seed=vectors.hash_seed,
        bow=vectors.bow,
        eow=vectors.eow,
    )


def register() -> None:
    """Make the table known to spaCy's registry, so that a saved pipeline's configuration can name it."""
    from spacy.util import registry

    if registry.has("vectors", REGISTERED_NAME):
        return

    @registry.vectors(REGISTERED_NAME)  # type: ignore[untyped-decorator]  # spaCy leaves it untyped
    def create() -> Callable[[Vocab], Vectors]:
        return lambda vocab: spacy_vectors(load_vectors(), vocab.strings)
