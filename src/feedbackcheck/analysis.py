"""The pipeline from message to report: sentences → signs → verdicts → findings → score.

Pure: the same message, settings and resources give the same report; nothing is read, written or remembered but what
:class:`Resources` loads. Suggestions are added by the room to the right (``suggest``).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.findings import Finding, Ingredient
from feedbackcheck.language.document import Document
from feedbackcheck.language.segment import BlockKind, segment
from feedbackcheck.message import Context, Message, Mode, Stage
from feedbackcheck.report import Report
from feedbackcheck.settings import Settings
from feedbackcheck.signs.base import Origin, Sign, Verdict

if TYPE_CHECKING:
    from feedbackcheck.signs.combine import Combiner
    from feedbackcheck.signs.recogniser import Recogniser, RecogniserOutput

__all__ = ["Resources", "analyse", "models_folder"]

_CHECKED_LANGUAGES = ("nb", "nn")
_LANGUAGE_NAMES = {
    "da": "dansk", "sv": "svensk", "en": "engelsk", "de": "tysk", "fi": "finsk", "fr": "fransk", "pl": "polsk",
    "se": "nordsamisk", "nl": "nederlandsk", "is": "islandsk", "es": "spansk",
}  # fmt: skip


def models_folder() -> Path:
    """Where the shipped models lie: inside the installed package, or at the top of a source checkout."""
    inside = Path(__file__).parent / "_models"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "models"


class Resources:
    """Finders and models, loaded when first asked for and shared by all threads.

    ``notices`` collects what the user should be told once (a model that is missing or lacks a part).
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.notices: list[str] = []
        self._lock = threading.RLock()

    @cached_property
    def patterns(self) -> Any:
        from feedbackcheck.signs.patterns import PatternFinder

        with self._lock:
            return PatternFinder.load(self.settings.rule_packs)

    @cached_property
    def syntax(self) -> Any:
        from feedbackcheck.signs.syntax import SyntaxFinder

        return SyntaxFinder()

    @cached_property
    def facts(self) -> Any:
        from feedbackcheck.signs.facts import FactsFinder

        return FactsFinder()

    @cached_property
    def recogniser(self) -> Recogniser | None:
        if not self.settings.recogniser or not (models_folder() / "recogniser").is_dir():
            return None
        from feedbackcheck.signs.recogniser import Recogniser

        with self._lock:
            return Recogniser.load()

    @cached_property
    def combiner(self) -> Combiner:
        from feedbackcheck.signs.combine import Combiner

        if self.recogniser is None:
            return Combiner()
        return Combiner.load(models_folder() / "recogniser")

    @cached_property
    def pipeline(self) -> Any:
        """The spaCy pipeline, or None when it is switched off."""
        if not self.settings.syntax:
            return None
        from feedbackcheck.language import pipeline

        with self._lock:
            return pipeline.load(self.settings.language_model)

    def parse(self, texts: Sequence[str], needs: frozenset[str]) -> Sequence[Any]:
        """Parse sentences with the pipeline."""
        return list(self.pipeline.parse(texts, needs))

    def identity(self) -> str:
        """Changes whenever data or models could change an answer; part of every cache key. Loads no model."""
        import hashlib

        from feedbackcheck import __version__

        digest = hashlib.sha256(__version__.encode())
        folder = models_folder()
        for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if file.is_file() and file.suffix not in (".md",):
                stat = file.stat()
                digest.update(f"{file.relative_to(folder)}:{stat.st_size}:{stat.st_mtime_ns}".encode())
        return digest.hexdigest()[:16]


def _merge(base: Context, over: Context) -> Context:
    """``over`` with holes filled from ``base``."""
    if base == Context():
        return over
    values = {k: v for k, v in base.to_mapping().items() if k not in base.extra}
    merged = {**values, **{k: v for k, v in over.to_mapping().items() if k not in over.extra}}
    return replace(Context.from_mapping(merged), extra={**base.extra, **over.extra})


def prepare(message: Message, settings: Settings, resources: Resources) -> tuple[Document, float | None]:
    """Sentences and language of a message; also the language guess's confidence."""
    from feedbackcheck.language.malform import identify

    if settings.context != Context():
        message = replace(message, context=_merge(settings.context, message.context))
    sentences = tuple(segment(message.text, subject=message.subject))
    guess = identify(message.text, sentences)
    language = settings.language if settings.language != "auto" else message.language or guess.language
    stage = settings.stage or message.stage or message.context.stage
    document = Document(
        message=message,
        sentences=sentences,
        language=language,
        sentence_languages=tuple(guess.per_sentence),
        stage=stage,
        mode=settings.mode or message.mode,
        parser=resources.parse if settings.syntax else None,
    )
    return document, guess.confidence


def analyse(message: Message, settings: Settings, resources: Resources) -> Report:
    """Analyse one message.

    Returns:
        the report, without suggestions.
    """
    document, _ = prepare(message, settings, resources)
    message = document.message
    if document.language not in _CHECKED_LANGUAGES:
        name = _LANGUAGE_NAMES.get(document.language, document.language)
        return Report(
            message=message,
            language=document.language,
            stage=document.stage or Stage.SOKNAD,
            stage_source=_stage_source(settings, document),
            mode=document.mode,
            is_rejection=False,
            skipped="language",
            notices=(
                *message.notices,
                f"Språket ser ut til å være {name}; bare bokmål og nynorsk kontrolleres.",
            ),
        )
    output = _recognise(document, resources)
    stage, source = _stage(document, settings, output)
    signs = _signs(document, stage, resources, output)
    verdicts = tuple(_weigh(document, signs, resources.combiner))
    is_rejection = settings.assume_rejection or _is_rejection(document, verdicts, output)
    if not is_rejection:
        return Report(
            message=message,
            language=document.language,
            stage=stage,
            stage_source=source,
            mode=document.mode,
            is_rejection=False,
            skipped="other",
            notices=(*message.notices, "Dette ser ikke ut som et avslag, og er ikke vurdert."),
        )
    findings, ingredients = judge(document, stage, verdicts, settings)
    from feedbackcheck.score import score

    return Report(
        message=message,
        language=document.language,
        stage=stage,
        stage_source=source,
        mode=document.mode,
        is_rejection=True,
        findings=tuple(f for f in findings if _is_wanted(f.code, message.path, settings)),
        ingredients=tuple(ingredients),
        # The score tells about the message, not about which rules the user wants to hear of.
        score=score(findings, ingredients, stage),
        notices=(*message.notices, *resources.notices),
    )


def judge(
    document: Document, stage: Stage, verdicts: Sequence[Verdict], settings: Settings
) -> tuple[list[Finding], list[Ingredient]]:
    """Let every rule speak about the verdicts."""
    from feedbackcheck.rules import all_rules
    from feedbackcheck.rules.base import Assessment, IngredientRule

    by_code: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_code.setdefault(verdict.code, []).append(verdict)
    assessment = Assessment(
        document=document,
        stage=stage,
        verdicts=tuple(verdicts),
        late_after_days=settings.late_after_days,
        today=settings.today,
        by_code=by_code,
    )
    findings: list[Finding] = []
    ingredients: list[Ingredient] = []
    for rule in all_rules():
        findings += rule.find(assessment)
        if isinstance(rule, IngredientRule):
            ingredients += rule.ingredients(assessment)
    findings.sort(key=lambda f: (f.span.start if f.span else len(document.text) + 1, f.severity.rank, f.code))
    ingredients.sort(key=lambda i: (i.span.start, i.code))
    return findings, ingredients


def _is_wanted(code: str, path: str | None, settings: Settings) -> bool:
    if not settings.is_on(code):
        return False
    if path is None:
        return True
    name = Path(path).name
    for glob, prefixes in settings.per_file_ignores.items():
        if (fnmatch(path, glob) or fnmatch(name, glob) or Path(path).match(glob)) and any(
            code.startswith(p) for p in prefixes
        ):
            return False
    return True


def _recognise(document: Document, resources: Resources) -> RecogniserOutput | None:
    if resources.recogniser is None:
        return None
    return resources.recogniser.predict_document(document)


def _stage_source(settings: Settings, document: Document) -> str:
    return "option" if settings.stage else "context" if document.stage else "guess"


def _stage(document: Document, settings: Settings, output: RecogniserOutput | None) -> tuple[Stage, str]:
    source = _stage_source(settings, document)
    if document.stage is not None:
        return document.stage, source
    if output is not None and output.stage_probabilities:
        best = max(output.stage_probabilities.items(), key=lambda kv: kv[1])
        return Stage(best[0]), source
    return guess_stage(document), source


_STAGE_WORDS: Mapping[Stage, tuple[str, ...]] = {
    Stage.TELEFON: ("ringemanus", "samtalemanus", "telefonmanus", "åpningsspørsmål"),
    Stage.FINALE: (
        "finale",
        "siste to",
        "to siste",
        "siste runde",
        "andreintervju",
        "annengangsintervju",
        "sluttrunden",
    ),
    Stage.INTERVJU: ("intervju", "samtalen", "caset", "prøveoppgaven", "møtet", "jobbprat"),
}


def guess_stage(document: Document) -> Stage:
    """The stage by its tell-tale words, when no recogniser is at hand."""
    text = document.text.casefold()
    if document.context.interviewed_on is not None:
        return Stage.INTERVJU
    for stage, words in _STAGE_WORDS.items():
        if any(w in text for w in words):
            return stage
    return Stage.SOKNAD


def _signs(
    document: Document, stage: Stage, resources: Resources, output: RecogniserOutput | None
) -> dict[tuple[int, str], list[Sign]]:
    known = replace_stage(document, stage)
    found: list[Sign] = [*resources.patterns.find(known), *resources.facts.find(known)]
    if resources.settings.syntax:
        found += resources.syntax.find(known)
    by_place: dict[tuple[int, str], list[Sign]] = {}
    for sign in found:
        by_place.setdefault((sign.sentence, sign.code), []).append(sign)
    if output is not None:
        for index, row in enumerate(output.probabilities):
            for code, p in row.items():
                if p >= 0.02 or (index, code) in by_place:
                    by_place.setdefault((index, code), []).append(
                        Sign(
                            code=code,
                            span=document.sentences[index].span,
                            sentence=index,
                            strength=float(p),
                            origin=Origin.RECOGNISER,
                            why="recogniser",
                        )
                    )
    return by_place


def replace_stage(document: Document, stage: Stage) -> Document:
    """The same document with its stage settled."""
    return document if document.stage is stage else replace(document, stage=stage)


def _weigh(
    document: Document, signs: Mapping[tuple[int, str], list[Sign]], combiner: Combiner
) -> Iterable[Verdict]:
    for (index, code), group in sorted(signs.items()):
        verdict = combiner.weigh(code, document.sentences[index], group)
        if verdict is not None:
            yield verdict


def _is_rejection(document: Document, verdicts: Sequence[Verdict], output: RecogniserOutput | None) -> bool:
    if output is not None and output.p_is_rejection is not None:
        return output.p_is_rejection >= 0.5
    for v in verdicts:
        if v.code in ("ING02", "KLI001", "TON006", "TON001") and v.level == "finding":
            if document.sentences[v.sentence].kind is not BlockKind.SUBJECT:
                return True
    return False


def mode_of(message: Message, settings: Settings) -> Mode:
    """Template or message, as the user or the reader says."""
    return settings.mode or message.mode
