"""How a word meets the network: spaCy's usual hashed features, and what Norwegian needs beside them.

spaCy's own embedding sees a word's form, first letter, last three letters, shape and vector. This one adds endings of other
lengths (a noun's gender is in its last part, a verb's tense in two letters), a longer beginning, the company that the word
keeps in running text (:mod:`feedbackcheck.language.wordcodes`), and which of the two languages the text is in: the
treebanks annotate the same words differently («du» has a number in one of them).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from feedbackcheck.language.tagger_features import TextLanguage
from feedbackcheck.language.wordcodes import load_wordcodes

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.api import Model
    from thinc.types import Floats2d, Ints2d, Ragged

REGISTERED_NAME: Final = "feedbackcheck.WordEmbed.v1"
ATTRS: Final = ("NORM", "PREFIX", "SUFFIX", "SHAPE")
#: The features that spaCy lacks, one column each: lengths of endings, of beginnings, then the language.
_ENDINGS: Final = (2, 4, 6)
_BEGINNINGS: Final = (4,)
EXTRA_COLUMNS: Final = len(_ENDINGS) + len(_BEGINNINGS) + 1
_REMEMBERED = 50_000
_REMEMBERED_ROWS = (
    20_000  # words with their place before the network's window: 8 MB at most for each embedding
)
_LANGUAGE = "feedbackcheck_language"  # in a document's user data: the language that its words do not tell
_MARKERS = "feedbackcheck_markers"  # the attribute that an embedding is known by


class _Features:
    """Hashed features of words, remembered by word."""

    def __init__(self, markers: dict[str, Sequence[str]]) -> None:
        from spacy.strings import get_string_id

        self._id = get_string_id
        self._known: dict[int, tuple[int, ...]] = {}
        self.language = TextLanguage(markers, get_string_id)

    def _of(self, word: str) -> tuple[int, ...]:
        lower = word.lower()
        number = self._id
        return (
            *(number(f"-{size}{lower[-size:]}") for size in _ENDINGS),
            *(number(f"+{size}{lower[:size]}") for size in _BEGINNINGS),
        )

    def __call__(self, doc: Doc) -> Ints2d:
        import numpy as np
        from spacy.attrs import ORTH

        orths = doc.to_array(ORTH).tolist()
        known, strings = self._known, doc.vocab.strings
        if len(known) > _REMEMBERED:
            known.clear()
        for orth in orths:
            if orth not in known:
                known[orth] = self._of(strings[orth])
        extra: Any = np.empty((len(orths), EXTRA_COLUMNS), dtype=np.uint64)
        if orths:
            extra[:, :-1] = [known[orth] for orth in orths]
        language = doc.user_data.get(_LANGUAGE)
        extra[:, -1] = self.language(orths) if language is None else language
        usual: Any = doc.to_array(list(ATTRS)).reshape(len(orths), len(ATTRS))
        both: Ints2d = np.hstack([usual, extra])  # type: ignore[assignment]
        return both


def _feature_extractor(markers: dict[str, Sequence[str]]) -> Model[list[Doc], list[Ints2d]]:
    from thinc.api import Model

    features = _Features(markers)

    def forward(
        model: Model[list[Doc], list[Ints2d]], docs: list[Doc], is_train: bool
    ) -> tuple[list[Ints2d], Callable[[Any], list[Doc]]]:
        return [features(doc) for doc in docs], lambda gradient: []

    return Model("feedbackcheck_features", forward)


def _company(width: int, dropout: float) -> Model[list[Doc], Ragged]:
    """A learnt projection of the words' coded vectors; in training some words are taken for unknown."""
    from thinc.api import Model
    from thinc.initializers import glorot_uniform_init
    from thinc.types import Ragged

    table = load_wordcodes()

    def forward(
        model: Model[list[Doc], Ragged], docs: list[Doc], is_train: bool
    ) -> tuple[Ragged, Callable[[Ragged], list[Doc]]]:
        import numpy as np

        ops = model.ops
        lengths = ops.asarray1i([len(doc) for doc in docs])
        rows = np.asarray([table.row(token.text) for doc in docs for token in doc], dtype=np.int64)
        if is_train and model.attrs["dropout"]:
            rows[np.random.random(len(rows)) < model.attrs["dropout"]] = -1
        vectors: Any = table.matrix(rows)
        weights: Any = model.get_param("W")
        output: Any = ops.gemm(vectors, weights, trans2=True)

        def backprop(gradient: Ragged) -> list[Doc]:
            model.inc_grad("W", ops.gemm(gradient.data, vectors, trans1=True))  # type: ignore[arg-type]
            return []

        return Ragged(output, lengths), backprop

    def init(model: Model[list[Doc], Ragged], X: Any = None, Y: Any = None) -> None:
        model.set_param("W", glorot_uniform_init(model.ops, (width, table.dim)))

    return Model(
        "feedbackcheck_company",
        forward,
        init=init,
        params={"W": None},
        dims={"nO": width},
        attrs={"dropout": dropout},
    )


def word_embed(
    width: int,
    rows: list[int],
    extra_width: int,
    extra_rows: list[int],
    company_width: int,
    company_dropout: float,
    markers: dict[str, list[str]],
) -> Model[list[Doc], list[Floats2d]]:
    """Build the embedding layer.

    ``rows`` are the sizes of the hashed tables of :data:`ATTRS`, each ``width`` wide, ``extra_rows`` those of the
    :data:`EXTRA_COLUMNS` others; ``markers`` are the function words of one language only, keyed ``nb`` and ``nn``.
    """
    from spacy.ml.staticvectors import StaticVectors
    from thinc.api import HashEmbed, Maxout, chain, concatenate, list2ragged, ragged2list, with_array

    if len(rows) != len(ATTRS) or len(extra_rows) != EXTRA_COLUMNS:
        raise ValueError(f"wanted {len(ATTRS)} and {EXTRA_COLUMNS} numbers of rows")
    sizes = [(width, count) for count in rows] + [(extra_width, count) for count in extra_rows]
    tables: list[Any] = [
        HashEmbed(size, count, column=column, seed=8 + column, dropout=0.0)
        for column, (size, count) in enumerate(sizes)
    ]
    hashed: Any = chain(
        _feature_extractor(dict(markers)),
        list2ragged(),
        with_array(concatenate(*tables)),
    )
    together = width * (len(rows) + 1) + extra_width * len(extra_rows) + company_width
    layers: Any = concatenate(
        hashed, StaticVectors(width, dropout=0.0), _company(company_width, company_dropout)
    )
    mixer: Any = with_array(Maxout(width, together, nP=3, dropout=0.0, normalize=True))
    embedding: Any = chain(layers, mixer, ragged2list())
    embedding.attrs[_MARKERS] = {code: list(words) for code, words in markers.items()}
    return embedding  # type: ignore[no-any-return]


def remember(nlp: Language) -> None:
    """Let every embedding of ``nlp``, a finished pipeline, remember the words that it has seen.

    What a word is before the network looks at its neighbours depends on its form and the document's language only, and letters
    repeat their words. The weights must not change afterwards.
    """
    for _, component in nlp.pipeline:
        model: Any = getattr(component, "model", None)
        for node in list(model.walk()) if hasattr(model, "walk") else ():
            for place, layer in enumerate(node.layers):
                if _MARKERS in layer.attrs:
                    node.layers[place] = _remembering(layer)


def _remembering(layer: Any) -> Model[list[Doc], list[Floats2d]]:
    import numpy as np
    from spacy.attrs import ORTH
    from spacy.tokens import Doc
    from thinc.api import Model

    language_of = _Features(layer.attrs[_MARKERS]).language
    places: dict[tuple[int, int], int] = {}
    rows: list[Any] = [np.zeros((0, layer.get_dim("nO")), dtype=np.float32)]

    def forward(
        model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
    ) -> tuple[list[Floats2d], Callable[[Any], list[Doc]]]:
        if is_train:
            raise RuntimeError("a pipeline that remembers its words is finished and cannot be trained")
        if len(places) > _REMEMBERED_ROWS:
            places.clear()
            rows[0] = rows[0][:0]
        keys: list[list[tuple[int, int]]] = []
        fresh: dict[int, dict[int, None]] = {}
        for doc in docs:
            orths = doc.to_array(ORTH).tolist()
            language = language_of(orths)
            keys.append([(orth, language) for orth in orths])
            for key in keys[-1]:
                if key not in places:
                    fresh.setdefault(language, {})[key[0]] = None
        if fresh:
            vocab = docs[0].vocab
            words = [
                Doc(vocab, words=[vocab.strings[orth] for orth in orths], user_data={_LANGUAGE: language})
                for language, orths in fresh.items()
            ]
            found = layer.predict(words)
            for language, orths in fresh.items():
                first = len(places)
                places.update({(orth, language): first + n for n, orth in enumerate(orths)})
            rows[0] = np.vstack([rows[0], *found])
        table = rows[0]
        return [table[[places[key] for key in part]] for part in keys], lambda gradient: []

    return Model("feedbackcheck_remembered", forward, layers=[layer], dims={"nO": layer.get_dim("nO")})


def register() -> None:
    """Make the layer known to spaCy's registry, so that a configuration can name it."""
    from spacy.util import registry

    if not registry.has("architectures", REGISTERED_NAME):
        registry.architectures(REGISTERED_NAME)(word_embed)
