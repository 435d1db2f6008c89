"""One ``feedbackcheck review`` from its options to its output files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from feedbackcheck.errors import UsageError
from feedbackcheck.settings import Settings

if TYPE_CHECKING:
    from feedbackcheck.review.run import Run
    from feedbackcheck.review.store import Store
    from feedbackcheck.review.worker import WorkOptions

__all__ = ["Job"]

_LARGE = 4 << 20  # bytes of a file that surely holds enough mail for worker processes


@dataclass(kw_only=True)
class Job:
    """The options of the command; see its help."""

    sources: Sequence[str]
    source_type: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    context_table: Path | None = None
    settings: Settings = field(default_factory=Settings)
    store: Path | None = None
    output_format: str = "summary"
    output_file: Path | None = None
    report: Path | None = None
    export: Path | None = None
    since: date | None = None
    until: date | None = None
    keep_text: bool = False
    workers: int | None = None
    engine: str = "local"
    scheduler: str | None = None
    quiet: bool = False

    def go(self) -> float | None:
        """Run it; the mean score of what the output describes, None if nothing was scored.

        Raises:
            FeedbackcheckError: wrong options, or a source or store that cannot be opened.
        """
        self._check()
        self._prepare()
        needs_store = bool(self.store or self.report or self.export)
        if not needs_store:
            return self._review(None)
        from feedbackcheck.review.store import Store

        with Store.open(self.store, create=True, writes=bool(self.sources)) as store:
            return self._review(store)

    def _check(self) -> None:
        for path in (self.report, self.export, self.output_file):
            if path is not None and not path.resolve().parent.is_dir():
                raise UsageError("Mappen finnes ikke", where=str(path))
        if self.export is not None and self.export.suffix.lower() not in (".csv", ".xlsx", ".parquet"):
            raise UsageError("Filnavnet må ende på .csv, .xlsx eller .parquet", where=str(self.export))
        if self.scheduler and self.engine != "dask":
            raise UsageError("--scheduler krever --engine dask")

    @property
    def _processes(self) -> int:
        return self.workers or os.cpu_count() or 1

    def _prepare(self) -> None:
        """Let the workers' models load while store and sources are opened, where there will be workers."""
        local = self.engine == "local" and self._processes > 1
        if local and any(Path(s).is_file() and Path(s).stat().st_size > _LARGE for s in self.sources):
            from feedbackcheck.review.pool import prepare

            prepare()

    def _options(self, store: Store | None) -> WorkOptions:
        from feedbackcheck.review.worker import WorkOptions

        # What was sent is judged by its own dates, never by the day of the review.
        return WorkOptions(
            settings=replace(self.settings, today=None),
            reports=self.output_format in ("json", "jsonl"),
            keep_text=self.keep_text,
            phrases=self.report is not None or self.keep_text,
            key=store.key if store else b"",
            table=self.context_table,
        )

    def _review(self, store: Store | None) -> float | None:
        from feedbackcheck.review.output import JsonDocument, JsonLines, figures, summary
        from feedbackcheck.review.progress import Progress
        from feedbackcheck.review.run import Review
        from feedbackcheck.review.sources import open_source

        opened = [open_source(s, kind=self.source_type, mapping=self.mapping) for s in self.sources]
        if self.context_table is not None:
            from feedbackcheck.review.context_table import ContextTable

            ContextTable.read(self.context_table)  # so that a bad table ends the run before it begins
        progress = Progress(shown=False if self.quiet else None)
        with _Output(self.output_file) as stream:
            writer: Any = None
            if self.output_format == "jsonl":
                writer = JsonLines(stream)
            elif self.output_format == "json":
                writer = JsonDocument(stream)
            sinks = [writer] if writer is not None else []
            if store is not None:
                sinks.append(store.phrases)
            review = Review(
                opened,
                self._options(store),
                store=store,
                sinks=sinks,
                workers=self._processes,
                since=self.since,
                until=self.until,
                progress=progress,
            )
            if self.engine == "dask":
                from feedbackcheck.review.dask_engine import distribute

                review.analyse = distribute(self.scheduler)
            try:
                run = review.go()
            finally:
                progress.close()
            if run.broken and not (run.counts.read or run.known or run.skipped):
                raise run.broken[0]  # nothing to tell of
            counts = run.counts
            if store is not None:
                store.window(self.since, self.until)
                store.describe(run)
                counts = store.counts()
            if writer is not None:
                writer.close(run, counts, figures(run, counts))
                if not self.quiet:
                    sys.stderr.write(counts.line() + "\n")
            else:
                stream.write(summary(run, counts))
        self._files(store, run)
        if run.broken:  # told last, when all that could be read is safe
            raise run.broken[0]
        return run.mean

    def _files(self, store: Store | None, run: Run) -> None:
        if store is None:
            return
        if self.report is not None:
            from feedbackcheck.files import write_atomically
            from feedbackcheck.review.html_report import render

            write_atomically(self.report, render(store, run, show_text=self.keep_text).encode())
        if self.export is not None:
            from feedbackcheck.review.export import export

            export(store, self.export)


class _Output:
    """Standard output, or a file that is replaced in one step at the end."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.stream: TextIO = sys.stdout

    def __enter__(self) -> TextIO:
        if self.file is not None:
            self._temporary = self.file.with_name(f".{self.file.name}.{os.getpid()}.tmp")
            try:
                self.stream = self._temporary.open("w", encoding="utf-8")
            except OSError as error:
                raise UsageError(f"Kan ikke skrive filen: {error.strerror}", where=str(self.file)) from None
        return self.stream

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.file is None:
            self.stream.flush()
            return
        self.stream.close()
        if kind is None:
            self._temporary.replace(self.file)
        else:
            self._temporary.unlink(missing_ok=True)
