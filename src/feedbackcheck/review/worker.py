"""Analyses items. Lives in the main process or in worker processes; holds the models and the memory of what was seen.

Sent mail repeats itself. Three memories make use of it: whole messages that are equal after names and numbers are made
the same (:mod:`feedbackcheck.review.canonical`), sentences (in the recogniser's own cache), and words (in the vectors).
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.errors import ConfigError, FeedbackcheckError, MissingExtraError, ModelError
from feedbackcheck.review.items import Item, Outcome, Status
from feedbackcheck.review.reading import Reading, read
from feedbackcheck.settings import Settings

if TYPE_CHECKING:
    from feedbackcheck.language.document import Document
    from feedbackcheck.message import Message
    from feedbackcheck.report import Report
    from feedbackcheck.review.canonical import Canonical

__all__ = ["Analyser", "WorkOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOptions:
    """What the workers need to know.

    Attributes:
        settings: of the analysis.
        reports: give the contract's ``messages[]`` object of each message.
        keep_text: give the text of scored messages.
        phrases: give the anonymised words of findings, for the report.
        key: of the pseudonyms; empty: no people are told apart.
        table: a context table to join.
        patience: seconds that one message may take.
    """

    settings: Settings = field(default_factory=Settings)
    reports: bool = False
    keep_text: bool = False
    phrases: bool = False
    key: bytes = b""
    table: Path | None = None
    patience: float = 60.0


#: Errors that are no message's fault: they end the run.
_OURS = (ConfigError, ModelError, MissingExtraError)


class _TooSlowError(Exception):
    pass


class Analyser:
    """Turns items into outcomes, in order; nothing that one item does can stop the next."""

    #: Whole messages remembered; an entry is some tens of kB.
    MEMORY = 1024

    def __init__(self, options: WorkOptions, resources: Any = None) -> None:
        from feedbackcheck.analysis import Resources

        self.options = options
        self.resources = resources or Resources(options.settings)
        self._bodies: OrderedDict[bytes, Analysed] = OrderedDict()
        self._texts: OrderedDict[bytes, Analysed] = OrderedDict()
        self._table: Any = None
        self.analysed = 0

    @property
    def table(self) -> Any:
        """The context table, read when first needed."""
        if self._table is None and self.options.table is not None:
            from feedbackcheck.review.context_table import ContextTable

            self._table = ContextTable.read(self.options.table)
        return self._table

    def process(self, items: Sequence[Item]) -> list[Outcome]:
        """Outcomes of the items, in order; one for each."""
        with _Patience(self.options.patience) as patience:
            steps = [self._read(item, patience) for item in items]
            return [step if isinstance(step, Outcome) else self._finish(step, patience) for step in steps]

    def _read(self, item: Item, patience: _Patience) -> Outcome | _Step:
        if item.error is not None:
            return Outcome(status=Status.FAILED, position=item.position, id=item.position, reason=item.error)
        try:
            with patience.limit():
                return self._prepare(item, read(item, self.table))
        except _OURS:
            raise
        except Exception as error:  # whatever a hostile mail brings about is that mail's failure alone
            return _failed(item, error)

    def _prepare(self, item: Item, reading: Reading) -> _Step:
        from feedbackcheck.analysis import prepare
        from feedbackcheck.review.canonical import canonical, canonical_message, text_key

        form = canonical(reading)
        known = self._bodies.get(form.key)
        if known is not None:
            self._bodies.move_to_end(form.key)
            return _Step(item, reading, form, form.key, analysed=known)
        message = reading.message if reading.message is not None else canonical_message(form, reading)
        key = text_key(message)
        same = self._texts.get(key)
        if same is not None:
            # Another body with the same words (HTML for plain text, other history): only places differ.
            self._texts.move_to_end(key)
            return _Step(item, reading, form, key, analysed=self._remember(form.key, same.of(message)))
        document = prepare(message, self.options.settings, self.resources)
        return _Step(item, reading, form, key, document=document)

    def _remember(self, key: bytes, analysed: Analysed) -> Analysed:
        self._bodies[key] = analysed
        if len(self._bodies) > self.MEMORY:
            self._bodies.popitem(last=False)
        return analysed

    def _finish(self, step: _Step, patience: _Patience) -> Outcome:
        from feedbackcheck.review.outcome import outcome_of

        try:
            with patience.limit():
                if step.analysed is None:
                    step.analysed = self._analyse(step)
                return outcome_of(step.item, step.reading, step.form, step.analysed, self.options)
        except _OURS:
            raise
        except Exception as error:
            return _failed(step.item, error, step.reading.facts.id)

    def _analyse(self, step: _Step) -> Analysed:
        from feedbackcheck.analysis import assess, conclude

        document = step.document
        assert document is not None
        # The same words may have come up earlier in this batch.
        same = self._texts.get(step.key)
        if same is not None:
            return self._remember(step.form.key, same.of(document.message))
        settings = self.options.settings
        report = conclude(document, assess(document, settings, self.resources), settings, self.resources)
        self.analysed += 1
        analysed = Analysed(report, {})
        self._texts[step.key] = analysed
        if len(self._texts) > self.MEMORY:
            self._texts.popitem(last=False)
        return self._remember(step.form.key, analysed)


class Analysed:
    """What is known about all messages of one canonical body; costly parts are worked out once, when asked for.

    ``shared`` holds the parts that do not depend on where the words stand in the body.
    """

    __slots__ = ("report", "rows", "shared")

    def __init__(self, report: Report, shared: dict[str, Any]) -> None:
        self.report = report
        self.shared = shared
        #: Findings as stored, by place in the canonical body.
        self.rows: Any = None

    def once(self, name: str, make: Callable[[Report], Any]) -> Any:
        """``make(report)``, remembered under ``name`` for all bodies with the same words."""
        if name not in self.shared:
            self.shared[name] = make(self.report)
        return self.shared[name]

    def of(self, message: Message) -> Analysed:
        """The same for another body with the same words."""
        return Analysed(replace(self.report, message=message), self.shared)


@dataclass(slots=True)
class _Step:
    item: Item
    reading: Reading
    form: Canonical
    key: bytes
    analysed: Analysed | None = None
    document: Document | None = None


def _failed(item: Item, error: BaseException, identity: str | None = None) -> Outcome:
    if isinstance(error, FeedbackcheckError):
        reason = error.what
    elif isinstance(error, _TooSlowError):
        reason = "tok for lang tid"
    elif isinstance(error, RecursionError | MemoryError):
        reason = "for dypt nøstet eller for stor"
    else:
        # The kind alone: the words of an unforeseen error may quote the message.
        reason = f"uventet feil ({type(error).__name__})"
    identity = identity or next(iter(getattr(error, "__notes__", ())), item.position)
    return Outcome(status=Status.FAILED, position=item.position, id=identity, reason=reason)


class _Patience:
    """Raises :class:`_TooSlowError` in the block that :meth:`limit` guards when it takes longer than ``seconds``.

    Without effect outside a main thread and on Windows. The signal's handler is put in place once for many blocks.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.works = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    def __enter__(self) -> _Patience:
        if self.works:
            self._before = signal.signal(signal.SIGALRM, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        if self.works:
            signal.signal(signal.SIGALRM, self._before)

    @staticmethod
    def _stop(_number: int, _frame: object) -> None:
        raise _TooSlowError

    @contextlib.contextmanager
    def limit(self) -> Iterator[None]:
        if not self.works:
            yield
            return
        # Again and again: a library may catch what it does not know, and what is raised in a destructor is lost.
        signal.setitimer(signal.ITIMER_REAL, self.seconds, self.seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
