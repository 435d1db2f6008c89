"""Checks files: configuration for each, cache, inline ignores, suggestions. Shared by the command line and the hook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from feedbackcheck.analysis import Assessed, Resources, assess, conclude, prepare
from feedbackcheck.cache import Cache
from feedbackcheck.config import Config
from feedbackcheck.errors import FeedbackcheckError, SourceError
from feedbackcheck.message import Context, Message
from feedbackcheck.processes import end_with_parent
from feedbackcheck.report import Report
from feedbackcheck.reports.base import Failure
from feedbackcheck.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

__all__ = ["FileChecker", "Outcome"]

#: From this many files on, the work is spread over processes (their start-up costs about two files' time each).
PARALLEL_FROM = 48


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file."""

    path: str
    reports: tuple[Report, ...] = ()
    failure: Failure | None = None
    cached: bool = False


class FileChecker:
    """Checks files one by one with shared models.

    Args:
        config_of: the configuration for a file.
        cache: where to remember assessments; None: nowhere.
        suggestions: add alternative wordings.
        context: facts given on the command line; they win over what stands in the file.
    """

    def __init__(
        self,
        config_of: Callable[[Path], Config],
        *,
        cache: Path | None = None,
        suggestions: bool = True,
        context: Context | None = None,
    ) -> None:
        self.config_of = config_of
        self.cache_folder = cache
        self.suggestions = suggestions
        self.context = context or Context()
        self._resources: dict[tuple[object, ...], Resources] = {}

    def resources(self, settings: Settings) -> Resources:
        """Models for these settings, shared between files that use the same ones."""
        key = (settings.recogniser, settings.syntax, settings.language_model, settings.rule_packs)
        if key not in self._resources:
            self._resources[key] = Resources(settings)
        return self._resources[key]

    def check_file(self, path: Path) -> Outcome:
        """Check one file; a file that cannot be read is an outcome, not an exception."""
        from feedbackcheck.sources import read_bytes, read_limited

        name = str(path)
        try:
            config = self.config_of(path)
            data = read_limited(path)
            cache, key, known = self._lookup(data, name, config)
            messages = read_bytes(data, name=name)
            reports, assessed = self._check(messages, config.settings, known)
        except SourceError as error:
            return Outcome(name, failure=Failure(name, error if error.where else _placed(error, name)))
        except FeedbackcheckError as error:
            return Outcome(name, failure=Failure(name, error))
        if cache is not None and known is None:
            cache.put(key, [a.to_json() for a in assessed])
        return Outcome(name, tuple(reports), cached=known is not None)

    def check_messages(self, messages: Sequence[Message], config: Config) -> list[Report]:
        """Check messages that came from elsewhere (standard input)."""
        return self._check(messages, config.settings, None)[0]

    def _lookup(
        self, data: bytes, name: str, config: Config
    ) -> tuple[Cache | None, str, list[Assessed] | None]:
        if self.cache_folder is None or not config.cache:
            return None, "", None
        settings = config.settings
        cache = Cache(self.cache_folder, self.resources(settings).identity())
        key = cache.key(data, name, replace(settings, context=self._facts(settings)))
        raw = cache.get(key)
        try:
            return cache, key, None if raw is None else [Assessed.from_json(a) for a in raw]
        except (KeyError, TypeError, ValueError):
            return cache, key, None

    def _facts(self, settings: Settings) -> Context:
        from feedbackcheck.analysis import merge_contexts

        return merge_contexts(settings.context, self.context)

    def _check(
        self, messages: Sequence[Message], settings: Settings, known: list[Assessed] | None
    ) -> tuple[list[Report], list[Assessed]]:
        from feedbackcheck.analysis import merge_contexts
        from feedbackcheck.sources import not_endless

        resources = self.resources(settings)
        reports, assessed = [], []
        if known is not None and len(known) != len(messages):
            known = None
        for index, message in enumerate(messages):
            if self.context != Context():
                message = replace(message, context=merge_contexts(message.context, self.context))
            document = prepare(not_endless(message), settings, resources)
            evidence = known[index] if known is not None else assess(document, settings, resources)
            report = conclude(document, evidence, settings, resources)
            if self.suggestions and report.findings:
                from feedbackcheck.suggest.alternatives import attach

                report = attach(report)
            reports.append(report)
            assessed.append(evidence)
        return reports, assessed


def _placed(error: SourceError, name: str) -> SourceError:
    return type(error)(error.what, where=name, fix=error.fix)


def check_all(
    checker: FileChecker, paths: Sequence[Path], *, workers: int | None = None
) -> Iterable[Outcome]:
    """Check many files in order; spread over processes when there are enough of them."""
    import os

    workers = workers or os.cpu_count() or 1
    if len(paths) < PARALLEL_FROM or workers < 2:
        for path in paths:
            yield checker.check_file(path)
        return
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    while done < len(paths):
        try:
            with _pool(checker, workers) as pool:
                for outcome in pool.map(_work, paths[done:], chunksize=_CHUNK):
                    yield outcome
                    done += 1
        except BrokenProcessPool:
            # A process died (the system's memory guard, a crash in a parser): one of these files may have killed it.
            suspects = paths[done : done + _CHUNK * workers]
            for outcome in _one_by_one(checker, suspects):
                yield outcome
                done += 1


#: Files that a process is given at a time.
_CHUNK = 8


def _pool(checker: FileChecker, workers: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start, initargs=(checker,)
    )


def _one_by_one(checker: FileChecker, paths: Sequence[Path]) -> Iterable[Outcome]:
    """Check files in a process that may die of one of them."""
    from concurrent.futures.process import BrokenProcessPool

    pool = _pool(checker, 1)
    for path in paths:
        try:
            yield pool.submit(_work, path).result()
        except BrokenProcessPool:
            pool = _pool(checker, 1)
            error = SourceError(
                "Prosessen som leste filen, ble avbrutt", where=str(path), fix="Se om det er nok ledig minne."
            )
            yield Outcome(str(path), failure=Failure(str(path), error))
    pool.shutdown()


_checker: FileChecker | None = None


def _start(checker: FileChecker) -> None:
    import gc

    global _checker
    end_with_parent()
    # As in the command itself: a worker makes few cycles.
    gc.set_threshold(100_000, 20, 20)
    _checker = checker


def _work(path: Path) -> Outcome:
    assert _checker is not None
    return _checker.check_file(path)
