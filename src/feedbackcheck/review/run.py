"""One review: sources → what is new → workers → store and output, in order, a batch at a time."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from feedbackcheck.errors import SourceError
from feedbackcheck.review.items import Counts, Item, Outcome, Status
from feedbackcheck.review.pool import Batch, analyse_batches

if TYPE_CHECKING:
    from feedbackcheck.review.progress import Progress
    from feedbackcheck.review.sources import Source
    from feedbackcheck.review.store import Store
    from feedbackcheck.review.worker import WorkOptions

__all__ = ["Failure", "Review", "Run", "Sink"]

#: Items a worker is given at once, and bytes at most: large enough for one model call to read many sentences.
BATCH, BATCH_BYTES = 128, 4 << 20
#: From this many messages on processes are worth their start.
PARALLEL_FROM = 400
#: Failures listed in full.
LISTED = 200


class Sink(Protocol):
    """Somebody who wants to hear of every outcome."""

    def put(self, outcome: Outcome) -> None: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that could not be read: where it stands and why."""

    source: str
    position: str
    reason: str


@dataclass(slots=True)
class Run:
    """What came of one run.

    ``counts`` are of this run; with a store, those of the whole store are the ones to show. ``broken`` are the sources that
    could not be read to their end; what came before is counted.
    """

    counts: Counts = field(default_factory=Counts)
    known: int = 0
    skipped: int = 0
    failures: list[Failure] = field(default_factory=list)
    scores: Counter[int] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    broken: list[SourceError] = field(default_factory=list)

    def put(self, outcome: Outcome, source: str) -> None:
        self.counts.add(outcome)
        if outcome.status is Status.FAILED and len(self.failures) < LISTED:
            self.failures.append(Failure(source, outcome.position, outcome.reason))
        if outcome.score is not None:
            self.scores[outcome.score] += 1
            self.grades[outcome.grade] += 1
            self.codes.update({f[0] for f in outcome.findings})

    @property
    def mean(self) -> float | None:
        """Mean score; None if nothing was scored."""
        total = sum(self.scores.values())
        return sum(s * n for s, n in self.scores.items()) / total if total else None


class Review:
    """A review of one or more sources.

    Args:
        sources: read in turn.
        options: for the workers.
        store: where results go and what is known comes from; None: results only pass by.
        sinks: told of every outcome, in order.
        workers: processes at most.
        since, until: only mail sent in this span of days counts (mail without a date counts as outside it).
    """

    def __init__(
        self,
        sources: Sequence[Source],
        options: WorkOptions,
        *,
        store: Store | None = None,
        sinks: Sequence[Sink] = (),
        workers: int = 1,
        since: date | None = None,
        until: date | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.sources, self.options, self.store, self.sinks = sources, options, store, sinks
        self.workers, self.since, self.until = workers, since, until
        self.progress = progress
        self.run = Run()
        #: How batches are analysed; another engine puts its own here.
        self.analyse: Callable[..., Iterator[tuple[Batch, list[Outcome]]]] = analyse_batches

    def go(self) -> Run:
        """Read, analyse and store everything; a source that breaks is noted in the run, and the next one read."""
        for source in self.sources:
            self._source(source)
        if self.store is not None:
            self.store.commit()
        return self.run

    def _source(self, source: Source) -> None:
        read = _Read()
        items = self._fresh(source, read) if self.store is not None else read.until_broken(source.items())
        first = list(itertools.islice(items, PARALLEL_FROM))
        workers = self.workers if len(first) == PARALLEL_FROM else 1
        stream = _batches(itertools.chain(first, items))
        for batch, outcomes in self.analyse(stream, self.options, workers=workers):
            for item, outcome in zip(batch, outcomes, strict=True):
                self._put(source, item, outcome)
            if self.store is not None:
                self.store.maybe_commit()
            if self.progress is not None:
                self.progress.update(source, self.run)
        if self.store is not None:
            self.store.finish_source()
        if read.error is not None:
            self.run.broken.append(read.error)

    def _fresh(self, source: Source, read: _Read) -> Iterator[Item]:
        """The items that the store does not hold yet."""
        assert self.store is not None
        windowed = self.since is not None or self.until is not None
        after, known = self.store.begin_source(source, windowed=windowed)
        for batch in _batches(read.until_broken(source.items(after, known))):
            for item, is_new in zip(batch, self.store.is_new(batch), strict=True):
                if is_new:
                    yield item
                else:
                    self.run.known += 1

    def _put(self, source: Source, item: Item, outcome: Outcome) -> None:
        if self._outside(outcome):
            self.run.skipped += 1
            if self.store is not None:
                self.store.outside(item)
            return
        self.run.put(outcome, source.name)
        if self.store is not None:
            self.store.put(item, outcome)
        for sink in self.sinks:
            sink.put(outcome)

    def _outside(self, outcome: Outcome) -> bool:
        if (self.since is None and self.until is None) or outcome.status is Status.FAILED:
            return False
        if outcome.sent_on is None:
            return True
        sent = date.fromisoformat(outcome.sent_on)
        return (self.since is not None and sent < self.since) or (
            self.until is not None and sent > self.until
        )


class _Read:
    """Reads a source to its end, or to where it breaks; what was read until then is worth keeping."""

    def __init__(self) -> None:
        self.error: SourceError | None = None

    def until_broken(self, items: Iterator[Item]) -> Iterator[Item]:
        try:
            yield from items
        except SourceError as error:
            self.error = error


def _batches(items: Iterator[Item]) -> Iterator[Batch]:
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.data)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
