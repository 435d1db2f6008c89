"""The pipeline from message to report: sentences → signs → verdicts → findings → score.

Pure: the same message, settings and resources give the same report; nothing is read, written or remembered but what
:class:`Resources` loads. Suggestions are added by the room to the right (``suggest``).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.findings import Finding, Ingredient
from feedbackcheck.language.document import Document
from feedbackcheck.language.locations import models_folder
from feedbackcheck.language.segment import BlockKind, segment
from feedbackcheck.message import Context, Message, Span, Stage
from feedbackcheck.report import Report
from feedbackcheck.settings import Settings
from feedbackcheck.signs.base import Origin, Sign, Verdict

if TYPE_CHECKING:
    from feedbackcheck.signs.combine import Combiner
    from feedbackcheck.signs.recogniser import Recogniser, RecogniserOutput

__all__ = [
    "Assessed",
    "Resources",
    "analyse",
    "assess",
    "conclude",
    "is_wanted",
    "merge_contexts",
    "prepare",
]

_CHECKED_LANGUAGES = ("nb", "nn")
_LANGUAGE_NAMES = {
    "da": "dansk", "sv": "svensk", "en": "engelsk", "de": "tysk", "fi": "finsk", "fr": "fransk", "pl": "polsk",
    "se": "nordsamisk", "nl": "nederlandsk", "is": "islandsk", "es": "spansk",
}  # fmt: skip


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
            return PatternFinder(self.settings.rule_packs)

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
        from feedbackcheck.signs.syntax import NEEDS

        with self._lock:
            return pipeline.load(self.settings.language_model, parts=NEEDS)

    def parse(self, texts: Sequence[str], needs: frozenset[str]) -> Sequence[Any]:
        """Parse sentences with the pipeline; nothing, and one notice to the user, where it lacks a part of ``needs``."""
        lacking = self.pipeline.missing(needs)
        if lacking:
            notice = self.pipeline.notice(lacking)
            with self._lock:
                if notice not in self.notices:
                    self.notices.append(notice)
            return []
        return list(self.pipeline.parse(texts, needs))

    def identity(self) -> str:
        """Changes whenever data or models could change an answer; part of every cache key. Loads no model."""
        return self._identity

    @cached_property
    def _identity(self) -> str:
        import hashlib
        import os

        from feedbackcheck import __version__

        digest = hashlib.sha256(__version__.encode())
        # os.scandir and not pathlib: this runs on the way to a cached answer.
        queue: list[str] = [str(models_folder()), str(Path(__file__).parent / "data")]
        queue += [str(pack) for pack in self.settings.rule_packs]
        while queue:
            place = queue.pop()
            entries = sorted(os.scandir(place), key=lambda e: e.name) if os.path.isdir(place) else []  # noqa: PTH112
            if not entries and os.path.isfile(place):  # noqa: PTH113
                stat = os.stat(place)  # noqa: PTH116
                digest.update(f"{place}:{stat.st_size}:{stat.st_mtime_ns}".encode())
            for entry in entries:
                if entry.is_dir():
                    queue.append(entry.path)
                elif not entry.name.endswith((".md", ".pyc")):
                    stat = entry.stat()
                    digest.update(f"{entry.name}:{stat.st_size}:{stat.st_mtime_ns}".encode())
        return digest.hexdigest()[:16]


def merge_contexts(base: Context, over: Context) -> Context:
    """``over`` with holes filled from ``base``."""
    if base == Context() or over == Context():
        return over if base == Context() else base
    values = {k: v for k, v in base.to_mapping().items() if k not in base.extra}
    merged = {**values, **{k: v for k, v in over.to_mapping().items() if k not in over.extra}}
    return replace(Context.from_mapping(merged), extra={**base.extra, **over.extra})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """The costly half of an analysis: everything that models decide, as numbers, offsets and codes without any text.

    It can be cached on disk and shared between equal messages; :func:`conclude` makes the report from it.
    """

    language: str
    sentence_languages: tuple[str, ...]
    stage: Stage
    stage_source: str
    is_rejection: bool
    verdicts: tuple[Verdict, ...]
    notices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON terms; holds no text (notes of fact comparisons are made anew by :func:`conclude`)."""
        return {
            "language": self.language,
            "sentence_languages": list(self.sentence_languages),
            "stage": self.stage.value,
            "stage_source": self.stage_source,
            "is_rejection": self.is_rejection,
            "notices": list(self.notices),
            "verdicts": [
                [v.code, v.sentence, v.span.start, v.span.end, v.probability, v.level, v.decides,
                 [[s.origin.value, s.why, s.strength, s.span.start, s.span.end, s.decides] for s in v.signs]]
                for v in self.verdicts
            ],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Assessed:
        """The inverse of :meth:`to_json`."""
        verdicts = tuple(
            Verdict(
                code=code,
                sentence=sentence,
                span=Span(start, end),
                probability=p,
                level=level,
                decides=decides,
                signs=tuple(
                    Sign(
                        code=code,
                        sentence=sentence,
                        origin=Origin(origin),
                        why=why,
                        strength=strength,
                        span=Span(a, b),
                        decides=d,
                    )
                    for origin, why, strength, a, b, d in signs
                ),
            )
            for code, sentence, start, end, p, level, decides, signs in data["verdicts"]
        )
        return cls(
            language=data["language"],
            sentence_languages=tuple(data["sentence_languages"]),
            stage=Stage(data["stage"]),
            stage_source=data["stage_source"],
            is_rejection=data["is_rejection"],
            verdicts=verdicts,
            notices=tuple(data["notices"]),
        )


def prepare(message: Message, settings: Settings, resources: Resources) -> Document:
    """The message with the settings' facts, its sentences, and what is given about stage and mode."""
    if settings.context != Context():
        message = replace(message, context=merge_contexts(settings.context, message.context))
    return Document(
        message=message,
        sentences=tuple(segment(message.text, subject=message.subject)),
        language="",
        sentence_languages=(),
        stage=settings.stage or message.stage or message.context.stage,
        mode=settings.mode or message.mode,
        parser=resources.parse if settings.syntax else None,
    )


def assess(document: Document, settings: Settings, resources: Resources) -> Assessed:
    """Run language identification, signs and their combination on a prepared document."""
    from feedbackcheck.language.malform import identify

    guess = identify(document.text, document.sentences)
    language = (
        settings.language if settings.language != "auto" else document.message.language or guess.language
    )
    document = replace(document, language=language, sentence_languages=tuple(guess.per_sentence))
    if language not in _CHECKED_LANGUAGES:
        return Assessed(
            language=language,
            sentence_languages=(),
            stage=document.stage or Stage.SOKNAD,
            stage_source=_stage_source(settings, document),
            is_rejection=False,
            verdicts=(),
        )
    output = _recognise(document, resources)
    stage, source = _stage(document, settings, output)
    document = replace(document, stage=stage)
    signs = _signs(document, resources, output)
    verdicts = tuple(_weigh(document, signs, resources.combiner))
    return Assessed(
        language=language,
        sentence_languages=document.sentence_languages,
        stage=stage,
        stage_source=source,
        is_rejection=settings.assume_rejection or _is_rejection(document, verdicts, output),
        verdicts=verdicts,
        notices=(*resources.notices, *_doubts(document, settings, output)),
    )


DOUBTED = "Dette ser ikke ut som et avslag. Det er vurdert som et avslag likevel; se at det er riktig tekst."
#: Under this probability a message of this many words that is taken for a rejection unasked gets a warning.
_HARDLY, _ENOUGH_WORDS = 0.1, 12


def _doubts(document: Document, settings: Settings, output: RecogniserOutput | None) -> tuple[str, ...]:
    """A notice where the user says rejection and the text says something else: an offer must not be turned into a no."""
    if not settings.assume_rejection or output is None or output.p_is_rejection >= _HARDLY:
        return ()
    if len(document.text.split()) < _ENOUGH_WORDS:
        return ()
    return (DOUBTED,)


def conclude(document: Document, assessed: Assessed, settings: Settings, resources: Resources) -> Report:
    """Let the rules speak about assessed evidence, and score what they find. Needs no model."""
    message = document.message
    document = replace(
        document,
        language=assessed.language,
        sentence_languages=assessed.sentence_languages,
        stage=assessed.stage,
    )
    skipped, notices = None, (*message.notices, *assessed.notices)
    if assessed.language not in _CHECKED_LANGUAGES:
        name = _LANGUAGE_NAMES.get(assessed.language, assessed.language)
        skipped = "language"
        notices += (f"Språket ser ut til å være {name}; bare bokmål og nynorsk kontrolleres.",)
    elif not assessed.is_rejection:
        skipped = "other"
        notices += ("Dette ser ikke ut som et avslag, og er ikke vurdert.",)
    report = Report(
        message=message,
        language=assessed.language,
        stage=assessed.stage,
        stage_source=assessed.stage_source,
        mode=document.mode,
        is_rejection=assessed.is_rejection,
        skipped=skipped,
        notices=notices,
    )
    if skipped:
        return report
    findings, ingredients = judge(
        document, assessed.stage, _with_notes(document, assessed.verdicts, resources), settings
    )
    from feedbackcheck.ignores import apply_ignores
    from feedbackcheck.score import score

    report = replace(
        report,
        findings=tuple(f for f in findings if is_wanted(f.code, message.path, settings)),
        ingredients=tuple(ingredients),
        # The score tells about the message, not about which rules the user wants to hear of.
        score=score([f for f in findings if not _is_own_gap(f, message)], ingredients, assessed.stage),
    )
    return apply_ignores(report, wanted=partial(is_wanted, path=message.path, settings=settings))


def _is_own_gap(finding: Finding, message: Message) -> bool:
    """True for ⟨hvilket krav?⟩, which a suggestion put there: it must be filled in, but is no fault of the sender's."""
    from feedbackcheck.sources.merge_fields import GAP_OPEN

    return (
        finding.code == "FLT001"
        and finding.span is not None
        and finding.span.of(message.text).startswith(GAP_OPEN)
    )


def _with_notes(document: Document, verdicts: Sequence[Verdict], resources: Resources) -> Sequence[Verdict]:
    """Give verdicts that came back from a cache the notes of their fact comparisons, which quote the message."""
    lost = {
        (v.code, v.sentence)
        for v in verdicts
        if any(s.origin is Origin.FACTS and s.note is None for s in v.signs)
    }
    if not lost:
        return verdicts
    fresh: dict[tuple[str, int], list[Sign]] = {}
    for sign in resources.facts.find(document):
        fresh.setdefault((sign.code, sign.sentence), []).append(sign)
    return [
        replace(
            v,
            signs=(
                *fresh.get((v.code, v.sentence), ()),
                *(s for s in v.signs if s.origin is not Origin.FACTS),
            ),
        )
        if (v.code, v.sentence) in lost
        else v
        for v in verdicts
    ]


def analyse(message: Message, settings: Settings, resources: Resources) -> Report:
    """Analyse one message.

    Returns:
        the report, without suggestions.
    """
    document = prepare(message, settings, resources)
    return conclude(document, assess(document, settings, resources), settings, resources)


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


def is_wanted(code: str, path: str | None, settings: Settings) -> bool:
    """True if the settings switch ``code`` on for the file at ``path``."""
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
    document: Document, resources: Resources, output: RecogniserOutput | None
) -> dict[tuple[int, str], list[Sign]]:
    by_place: dict[tuple[int, str], list[Sign]] = {}

    def take(signs: Iterable[Sign]) -> None:
        for sign in signs:
            by_place.setdefault((sign.sentence, sign.code), []).append(sign)

    take(resources.patterns.find(document))
    take(resources.facts.find(document))
    if output is not None:
        take(output.signs(document, also=by_place))
    if resources.settings.syntax:
        settled = _settled(document, by_place, resources) if output is not None else ()
        take(resources.syntax.find(document, settled=settled))
    return by_place


def _settled(
    document: Document, by_place: Mapping[tuple[int, str], list[Sign]], resources: Resources
) -> frozenset[int]:
    """Sentences whose verdicts no parse could change: it costs a start of spaCy, so it is asked only where it counts."""
    from feedbackcheck.signs.syntax import STRENGTHS

    combiner = resources.combiner
    in_doubt = set()
    for sentence in document.sentences:
        for code, strength in STRENGTHS.items():
            signs = by_place.get((sentence.index, code), ())
            if not signs:
                continue
            told = Sign(
                code=code,
                span=sentence.span,
                sentence=sentence.index,
                strength=strength,
                origin=Origin.SYNTAX,
                why=code,
            )
            if combiner.level(code, signs) != combiner.level(code, [*signs, told]):
                in_doubt.add(sentence.index)
    return frozenset(s.index for s in document.sentences if s.index not in in_doubt)


def _weigh(
    document: Document, signs: Mapping[tuple[int, str], list[Sign]], combiner: Combiner
) -> Iterable[Verdict]:
    for (index, code), group in sorted(signs.items()):
        verdict = combiner.weigh(code, document.sentences[index], group)
        if verdict is not None:
            yield verdict


#: Codes of sentences that tell this reader no.
_TELLING_NO = frozenset({"ING02", "KLI001", "TON006", "TON001"})


def _is_rejection(document: Document, verdicts: Sequence[Verdict], output: RecogniserOutput | None) -> bool:
    told = max(
        (
            v.probability
            for v in verdicts
            if v.code in _TELLING_NO
            and v.level == "finding"
            and document.sentences[v.sentence].kind is not BlockKind.SUBJECT
        ),
        default=0.0,
    )
    if output is None:
        return told > 0
    # Other mail speaks of noes too, to suppliers, of applicants, in templates that are passed round: a sentence alone does
    # not outweigh the view of the whole message, it only lowers what is asked of it. Limits chosen on held-out writers.
    return output.p_is_rejection >= (0.35 if told else 0.6)
