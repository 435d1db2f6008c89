"""One name, one kind: make the entities of a document agree, put right after the entity recogniser.

The recogniser decides mention by mention, and where the words around tell little it may call «Tafjord» a person in one sentence
and a place in the next. Here a name gets the kind that the treebank practically always gives it, else the one that most of its
mentions in the document got. Whether a country or a city is meant as a place or as an actor (``GPE_LOC``, ``GPE_ORG``)
depends on the sentence, so those two never overrule each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from feedbackcheck.language.wordcodes import key_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

FACTORY: Final = "feedbackcheck_names"
_PERSON = "PER"
_SENTENCE_DECIDES = frozenset({"GPE_LOC", "GPE_ORG"})


def base_form(name: str) -> str:
    """Return the name without a genitive s."""
    return name[:-1].rstrip("'’") if len(name) > 3 and name[-1] == "s" else name


class Names:
    """A spaCy component that changes labels of ``doc.ents``; it never adds, removes or moves an entity.

    Known names are kept as 32-bit hashes: what is stored lists nobody's name.
    """

    def __init__(self, kinds: Mapping[str, Iterable[int]] | None = None) -> None:
        """Begin with the hashes (:func:`~feedbackcheck.language.wordcodes.key_of`) of the names of each kind."""
        self.fill(kinds or {})

    def fill(self, kinds: Mapping[str, Iterable[int]]) -> None:
        """Replace all known names."""
        self._kinds = {key: kind for kind, keys in kinds.items() for key in keys}

    def known(self, name: str) -> str | None:
        """Return the kind of a known name, in the genitive too."""
        return self._kinds.get(key_of(name)) or self._kinds.get(key_of(base_form(name)))

    def __call__(self, doc: Doc) -> Doc:
        """Relabel the document's entities."""
        entities = doc.ents
        if not entities:
            return doc
        votes = _votes(entities)
        changed = False
        result = []
        for entity in entities:
            kind = self._kind(entity, votes[base_form(entity.text)])
            changed = changed or kind != entity.label_
            result.append(_relabelled(entity, kind))
        if changed:
            doc.ents = result
        return doc

    def _kind(self, entity: Span, votes: Counter[str]) -> str:
        kind = entity.label_
        wanted = self.known(entity.text)
        if wanted is None:
            most, count = votes.most_common(1)[0]
            wanted = most if count > votes[kind] else kind
        return kind if {kind, wanted} <= _SENTENCE_DECIDES else wanted

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write a line a kind: its name, then the hashes of the names of that kind."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        kinds: dict[str, list[int]] = defaultdict(list)
        for key, kind in sorted(self._kinds.items()):
            kinds[kind].append(key)
        lines = [f"{kind} {' '.join(f'{key:x}' for key in keys)}\n" for kind, keys in sorted(kinds.items())]
        (folder / "kinds.txt").write_text("".join(lines), encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Names:
        """Read what :meth:`to_disk` wrote."""
        lines = (Path(path) / "kinds.txt").read_text(encoding="utf-8").splitlines()
        self.fill({kind: [int(key, 16) for key in keys] for kind, *keys in map(str.split, lines)})
        return self


def _votes(entities: Iterable[Span]) -> defaultdict[str, Counter[str]]:
    """Count the kinds that each name got; a person's full name also votes for the surname and, less, the given name alone."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entity in entities:
        votes[base_form(entity.text)][entity.label_] += 2  # doubled, so that halves stay whole
        if entity.label_ == _PERSON and len(entity) > 1:
            votes[base_form(entity[-1].text)][_PERSON] += 2
            votes[entity[0].text][_PERSON] += 1
    return votes


def _relabelled(entity: Span, kind: str) -> Span:
    from spacy.tokens import Span

    return Span(entity.doc, entity.start, entity.end, label=kind)


def register() -> None:
    """Make the component known to spaCy."""
    from spacy.language import Language

    if Language.has_factory(FACTORY):
        return

    @Language.factory(FACTORY, assigns=["doc.ents", "token.ent_type"], requires=["doc.ents"])
    def create(nlp: Language, name: str) -> Any:
        return Names()
