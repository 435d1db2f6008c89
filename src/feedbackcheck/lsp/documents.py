"""Checks one open document: from its text in the editor to findings with places in that text."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedbackcheck.analysis import Resources
from feedbackcheck.checker import Checker
from feedbackcheck.config import Config, check_codes, find_config, load_config, with_settings
from feedbackcheck.errors import FeedbackcheckError
from feedbackcheck.findings import Finding
from feedbackcheck.message import Mode, Span, Stage
from feedbackcheck.report import Report
from feedbackcheck.settings import Settings

__all__ = ["Analysis", "DocumentChecker", "Place"]

#: Language identifiers of editors, and the file suffix whose reader fits.
_SUFFIXES = {
    "plaintext": ".txt", "markdown": ".md", "html": ".html", "jinja-html": ".html", "jinja": ".txt", "django-html": ".html",
    "handlebars": ".html", "liquid": ".html", "mjml": ".mjml", "json": ".json", "yaml": ".yaml", "mail": ".eml", "eml": ".eml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A finding and where it stands in the editor's text; ``exact`` is False when only the region is known."""

    report: Report
    finding: Finding
    span: Span
    exact: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known about one version of a document."""

    text: str
    reports: tuple[Report, ...] = ()
    places: tuple[Place, ...] = ()
    error: FeedbackcheckError | None = None

    def at(self, offset: int) -> list[Place]:
        """Findings whose words hold the offset (a finding on the whole message holds its first line)."""
        return [p for p in self.places if p.span.start <= offset <= p.span.end]

    def status(self) -> str:
        """One short line for a status bar."""
        if self.error is not None:
            return f"feedbackcheck: {self.error.what}"
        scored = [r.score for r in self.reports if r.score is not None]
        if not scored:
            return "feedbackcheck: ikke vurdert"
        if len(scored) == 1:
            return f"feedbackcheck: {scored[0].total} av 100 ({scored[0].grade})"
        return f"feedbackcheck: snitt {sum(s.total for s in scored) / len(scored):.0f} av 100 ({len(scored)} tekster)"


class DocumentChecker:
    """Checks documents with the configuration of their folder; models are shared. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._checkers: dict[tuple[object, ...], Checker] = {}
        self._configs: dict[Path | None, Config] = {}
        self.options: Mapping[str, Any] = {}

    def forget_configuration(self, options: Mapping[str, Any] | None = None) -> None:
        """Read configuration anew on the next check; ``options`` are the editor's own settings."""
        with self._lock:
            self._configs.clear()
            if options is not None:
                self.options = dict(options)

    def config(self, path: Path | None) -> Config:
        """The configuration of a document; the editor's settings win over the file's."""
        file = find_config(path) if path is not None else None
        with self._lock:
            if file not in self._configs:
                base = load_config(file) if file else Config()
                self._configs[file] = with_settings(base, **self._changes())
            return self._configs[file]

    def _changes(self) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if stage := self.options.get("stage"):
            changes |= {"stage": Stage(stage), "assume_rejection": True}
        if mode := self.options.get("mode"):
            changes["mode"] = Mode(mode)
        for key in ("select", "ignore"):
            if codes := self.options.get(key):
                changes[key] = check_codes(list(codes), f"redigeringsprogrammets innstilling «{key}»")
        return changes

    def checker(self, settings: Settings) -> Checker:
        """A checker for these settings; models are loaded once for all that use the same ones."""
        key = (settings.recogniser, settings.syntax, settings.language_model, settings.rule_packs)
        with self._lock:
            if key not in self._checkers:
                self._checkers[key] = Checker(settings, resources=Resources(settings))
            return self._checkers[key]

    def check(self, text: str, path: Path | None, language_id: str) -> Analysis:
        """Check the text of an open document.

        Returns:
            the analysis; a text that cannot be read in its format gives one with ``error``.
        """
        from feedbackcheck.sources import SUFFIXES, read_bytes, read_texts

        name = str(path) if path is not None else f"utkast{_SUFFIXES.get(language_id, '.txt')}"
        if not text.strip():
            return Analysis(text)
        try:
            settings = self.config(path).settings
            if Path(name).suffix.lower() not in SUFFIXES:
                name += _SUFFIXES.get(language_id, ".txt")
            if name.lower().endswith(".eml"):
                messages = read_bytes(text.encode(), name=name)
            else:
                messages = read_texts(text, name=name)
            checker = self.checker(settings)
            reports = tuple(checker.check_message(m, settings) for m in messages)
        except FeedbackcheckError as error:
            return Analysis(text, error=error)
        places = [place for report in reports for place in _places(report, text)]
        return Analysis(text, reports, tuple(places))


def _places(report: Report, text: str) -> list[Place]:
    """Where each finding stands in the editor's text."""
    source = report.message.source
    shift: int | None = 0 if source == text else _shift(source, text)
    start = 0 if shift is None else shift
    if shift is None:
        # A mail whose body is encoded: the words stand nowhere in the file; mark where the body begins.
        blank = text.find("\n\n")
        start = blank + 2 if blank >= 0 else 0
    out = []
    for finding in report.findings:
        if finding.span is None and report.message.kind in ("json", "yaml"):
            line = report.message.source_map.span(Span(0, 1)).start
            end = line + _first_line_end(source[line:])
            out.append(Place(report, finding, Span(line, end), exact=False))
            continue
        if finding.span is None or shift is None:
            first = (
                min(start + len(source[: _first_line_end(source)]), len(text)) if shift is not None else start
            )
            out.append(Place(report, finding, Span(start, max(start, first)), exact=False))
            continue
        span = report.source_span(finding.span)
        out.append(Place(report, finding, Span(span.start + start, span.end + start), exact=True))
    return out


def _first_line_end(source: str) -> int:
    end = source.find("\n")
    return len(source) if end < 0 else end


def _shift(source: str, text: str) -> int | None:
    """Where a mail's body begins in the file, if it stands there as it is."""
    at = text.find(source.rstrip())
    return at if at >= 0 else None
