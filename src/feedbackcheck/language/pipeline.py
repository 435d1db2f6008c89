"""The spaCy pipeline behind the syntax rules: ours by default, any other by name or path.

``load()`` is lazy and remembered; importing this module imports no spaCy. A pipeline says which of the parts that rules ask
for it lacks (:meth:`Pipeline.missing`), and :meth:`Pipeline.parse` runs only the components that the asked parts depend on.

A part is one of ``morph`` (part of speech and features), ``lemma``, ``dep`` (heads and labels), ``ner`` and ``sents``.
Rules may count on Universal Dependencies labels and features only, which ours and the official Norwegian pipelines share.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

#: The parts that a rule can ask for, with what they are called in a message to the user.
PARTS: Final[dict[str, str]] = {
    "morph": "ordklasser og bøying",
    "lemma": "grunnformer",
    "dep": "setningsanalyse",
    "ner": "navn",
    "sents": "setningsdeling",
}

# What a spaCy component has to declare that it assigns for it to give a part.
_ASSIGNS: Final[dict[str, frozenset[str]]] = {
    "morph": frozenset({"token.morph", "token.pos"}),
    "lemma": frozenset({"token.lemma"}),
    "dep": frozenset({"token.dep"}),
    "ner": frozenset({"doc.ents"}),
    "sents": frozenset({"token.is_sent_start", "doc.sents"}),
}
_FEATURE_EXTRACTORS: Final = frozenset({"tok2vec", "transformer", "curated_transformer"})
# These need what another component wrote before them.
_AFTER: Final[dict[str, frozenset[str]]] = {
    "lemmatizer": frozenset({"morph"}),
    "attribute_ruler": frozenset({"morph"}),
    "feedbackcheck_lexicon": frozenset({"morph"}),
    "feedbackcheck_names": frozenset({"ner"}),
    "parser": frozenset({"sents"}),  # it keeps to sentences that another component found
}

SHIPPED: Final = "feedbackcheck_nb_nn"


@dataclass(frozen=True, slots=True)
class PipelineInfo:
    """What is known of a pipeline without loading it.

    ``digest`` is a checksum over its files; ``parts`` are those of :data:`PARTS` that its components give.
    """

    name: str
    version: str
    path: Path
    digest: str
    parts: frozenset[str]
    components: tuple[str, ...]
    size: int
    meta: dict[str, Any]

    @property
    def identity(self) -> str:
        """Name, version and checksum, for cache keys and reports."""
        return f"{self.name}-{self.version}-{self.digest[:12]}"


def shipped_folder() -> Path:
    """Return the folder of the pipeline that comes with the package."""
    from feedbackcheck.language.locations import models_folder

    return models_folder() / "language"


def resolve(name_or_path: str | None) -> Path:
    """Return the folder of a pipeline: the shipped one for None, a folder, or an installed spaCy package.

    Raises ``ModelError`` when there is none; spaCy is not imported.
    """
    from feedbackcheck.errors import ModelError

    if name_or_path is None or name_or_path == SHIPPED:
        folder = shipped_folder()
        if not (folder / "meta.json").is_file():
            raise ModelError(
                "språkmodellen som følger med feedbackcheck, mangler",
                where=str(folder),
                fix="Installer pakken på nytt, eller velg en annen modell med language_model.",
            )
        return folder
    folder = Path(name_or_path).expanduser()
    if (folder / "meta.json").is_file():
        return folder
    if folder.exists() or "/" in name_or_path or "\\" in name_or_path:
        raise ModelError(
            f"«{name_or_path}» er ikke en spaCy-modell (meta.json mangler)",
            fix="Oppgi mappen som inneholder meta.json og config.cfg.",
        )
    return _package_folder(name_or_path)


def _package_folder(name: str) -> Path:
    from importlib.util import find_spec

    from feedbackcheck.errors import ModelError

    spec = find_spec(name) if name.isidentifier() else None
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    for place in places:
        root = Path(place)
        # A packaged pipeline keeps its data in a folder named after itself and its version.
        for folder in (root, *sorted(root.glob(f"{name}-*"))):
            if (folder / "config.cfg").is_file() and (folder / "meta.json").is_file():
                return folder
    problem = "er ikke en spaCy-modell" if places else "er ikke installert"
    raise ModelError(
        f"språkmodellen «{name}» {problem}",
        fix=f"Installer den (python -m spacy download {name}), oppgi en mappe, eller bruk den som følger med.",
    )


def inspect(name_or_path: str | None = None) -> PipelineInfo:
    """Describe a pipeline from its files alone, without importing spaCy.

    Raises ``ModelError`` when it does not exist or its description cannot be read.
    """
    return _inspect(resolve(name_or_path).resolve())


@lru_cache(maxsize=16)
def _inspect(folder: Path) -> PipelineInfo:
    from feedbackcheck.errors import ModelError

    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        components = tuple(str(name) for name in meta.get("components", meta.get("pipeline", ())))
        name = f"{meta.get('lang', '')}_{meta['name']}".strip("_")
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("meta.json er ikke en gyldig modellbeskrivelse", where=str(folder)) from error
    digest = hashlib.sha256()
    size = 0
    # The card is about the pipeline, not part of it: rewriting it must not empty anybody's cache.
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"):
        content = file.read_bytes()
        size += len(content)
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(content).digest())
    if folder == shipped_folder().resolve():
        name = SHIPPED
    return PipelineInfo(
        name=name,
        version=str(meta.get("version", "0")),
        path=folder,
        digest=digest.hexdigest(),
        parts=frozenset(_parts_of_names(components, meta)),
        components=components,
        size=size,
        meta=meta,
    )


def _parts_of_names(components: Iterable[str], meta: dict[str, Any]) -> Iterable[str]:
    """Guess from names what a pipeline gives; loading it tells for certain."""
    usual = {
        "morphologizer": ("morph",),
        "feedbackcheck_tagger": ("morph", "ner"),
        "trainable_lemmatizer": ("lemma",),
        "lemmatizer": ("lemma",),
        "parser": ("dep", "sents"),
        "ner": ("ner",),
        "entity_ruler": ("ner",),
        "senter": ("sents",),
        "sentencizer": ("sents",),
    }
    disabled = set(meta.get("disabled", ()))
    for name in components:
        if name not in disabled:
            yield from usual.get(name, ())


class Pipeline:
    """A loaded pipeline. Calls from several threads are safe; they take turns."""

    def __init__(self, nlp: Language, info: PipelineInfo) -> None:
        from feedbackcheck.language.tokenizer import MergeFieldTokenizer

        if not isinstance(nlp.tokenizer, MergeFieldTokenizer):
            nlp.tokenizer = MergeFieldTokenizer(nlp.tokenizer)
        self.nlp = nlp
        self.info = info
        self._lock = threading.Lock()
        self._givers = {part: self._components_for(part) for part in PARTS}
        self._plans: dict[frozenset[str], tuple[tuple[str, Any], ...]] = {}

    @property
    def name(self) -> str:
        """The pipeline's name."""
        return self.info.name

    @property
    def identity(self) -> str:
        """Name, version and checksum, for cache keys."""
        return self.info.identity

    @property
    def parts(self) -> frozenset[str]:
        """The parts that this pipeline gives."""
        return frozenset(part for part, givers in self._givers.items() if givers)

    def missing(self, needs: frozenset[str]) -> frozenset[str]:
        """Return those of ``needs`` that this pipeline cannot give."""
        return needs - self.parts

    def notice(self, lacking: frozenset[str]) -> str:
        """Return the sentence that tells the user, once, what is not checked because of missing parts."""
        parts = " og ".join(name for part, name in PARTS.items() if part in lacking)
        return (
            f"Språkmodellen {self.name} mangler {parts}, så regler som bygger på det, er hoppet over. "
            "Modellen som følger med feedbackcheck, har alt (feedbackcheck models choose default)."
        )

    def parse(self, texts: Sequence[str], needs: frozenset[str]) -> list[Doc]:
        """Parse ``texts`` and return a document each, with the asked parts that this pipeline has.

        Token offsets count from the start of the text. Parts that are missing stay unset: ask :meth:`missing` first.
        Raises ``ValueError`` for a part that does not exist.
        """
        plan = self._plan(needs)
        with self._lock:
            docs = [self.nlp.make_doc(text) for text in texts]
            for _, component in plan:
                pipe = getattr(component, "pipe", None)
                docs = list(pipe(docs, batch_size=64)) if pipe else [component(doc) for doc in docs]
        return docs

    def components(self, needs: frozenset[str]) -> tuple[str, ...]:
        """Return the names of the components that :meth:`parse` runs for ``needs``, in order."""
        return tuple(name for name, _ in self._plan(needs))

    def _components_for(self, part: str) -> tuple[str, ...]:
        givers = []
        for name in self.nlp.pipe_names:
            meta = self.nlp.get_pipe_meta(name)
            if _ASSIGNS[part] & set(meta.assigns):
                givers.append(name)
        if (
            part == "morph"
            and "attribute_ruler" in givers
            and len(givers) == 1
            and "tagger" in self.nlp.pipe_names
        ):
            # Older pipelines map fine-grained tags to features.
            givers.insert(0, "tagger")
        # The ruler alone only corrects what a statistical component wrote.
        return () if givers == ["attribute_ruler"] else tuple(givers)

    def _plan(self, needs: frozenset[str]) -> tuple[tuple[str, Any], ...]:
        known = self._plans.get(needs)
        if known is not None:
            return known
        unknown = needs - PARTS.keys()
        if unknown:
            raise ValueError(f"unknown parts: {', '.join(sorted(unknown))}")
        wanted: set[str] = set()
        queue = list(needs)
        while queue:
            for name in self._givers[queue.pop()]:
                if name not in wanted:
                    wanted.add(name)
                    queue.extend(_AFTER.get(self.nlp.get_pipe_meta(name).factory, ()))
        for name in self.nlp.pipe_names:
            if self.nlp.get_pipe_meta(name).factory in _FEATURE_EXTRACTORS:
                listeners = getattr(self.nlp.get_pipe(name), "listening_components", None)
                if listeners is None or wanted & set(listeners):
                    wanted.add(name)
        plan = tuple((name, component) for name, component in self.nlp.pipeline if name in wanted)
        self._plans[needs] = plan
        return plan


_loaded: dict[tuple[Path, frozenset[str]], Pipeline] = {}
_loading = threading.Lock()
#: Components that give one part and that no other part needs.
_ONLY_FOR = {
    "ner": ("ner", "feedbackcheck_names", "entity_ruler", "entity_linker"),
    "lemma": ("trainable_lemmatizer", "lemmatizer"),
}


def load(name_or_path: str | None = None, *, parts: frozenset[str] = frozenset(PARTS)) -> Pipeline:
    """Return the pipeline of that name or folder, the shipped one for None; loaded once a process.

    ``parts`` are those that will be asked for: what only other parts need is not read, which saves time and memory.

    Raises ``ModelError`` when it does not exist or this spaCy cannot read it.
    """
    folder = resolve(name_or_path).resolve()
    with _loading:
        known = _loaded.get((folder, parts))
        if known is None:
            known = _loaded[folder, parts] = Pipeline(_read(folder, parts), _inspect(folder))
        return known


def _read(folder: Path, parts: frozenset[str]) -> Language:
    from importlib import metadata

    from feedbackcheck.errors import ModelError
    from feedbackcheck.language import embed, lexicon, names, spacy_vectors, storage, tagger, tokenizer

    import spacy  # isort: skip  # the slow import, and only here

    tokenizer.register()
    spacy_vectors.register()
    embed.register()
    lexicon.register()
    names.register()
    tagger.register()
    unread = [name for part, names_ in _ONLY_FOR.items() if part not in parts for name in names_]
    try:
        if storage.is_packed(folder):
            nlp = storage.read_packed(folder, exclude=unread)
            embed.remember(nlp)
            return nlp
        return spacy.load(folder, exclude=unread)
    except (ValueError, KeyError, OSError, TypeError, ImportError) as error:
        raise ModelError(
            f"språkmodellen kan ikke leses ({type(error).__name__}: {error})",
            where=str(folder),
            fix=f"Modellen må passe til spaCy {metadata.version('spacy')}.",
        ) from error
