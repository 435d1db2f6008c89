"""The library's front door: check a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from feedbackcheck.analysis import Resources, analyse
from feedbackcheck.message import Context, Message, Mode, Stage
from feedbackcheck.report import Report
from feedbackcheck.settings import Settings

__all__ = ["Checker"]


class Checker:
    """Checks drafts. Make one and keep it: models load once, on first use. Safe to share between threads.

    Args:
        settings: what to look for; see :class:`feedbackcheck.settings.Settings`.
        suggestions: add alternative wordings to the findings.
        resources: models already loaded by another checker.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        suggestions: bool = True,
        resources: Resources | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.suggestions = suggestions
        self.resources = resources or Resources(self.settings)

    def check(
        self,
        text: str,
        *,
        context: Context | Mapping[str, Any] | None = None,
        stage: Stage | str | None = None,
        mode: Mode | str | None = None,
        name: str = "",
    ) -> Report:
        """Check one draft.

        Args:
            text: the draft; offsets in the report are code points into it. Plain text unless ``name`` has the suffix
                of another format (".html", ".md" …).
            context: what is known about the candidate and process.
            stage: "soknad", "intervju", "finale" or "telefon", which also says that this is a rejection; None: from the
                context, else guessed, and other mail is told apart.
            mode: "message" or "template"; None: template if merge fields stand in it.
            name: file name, for its suffix and for the report.

        Raises:
            FeedbackcheckError: the text cannot be read in its format, or the context is malformed.
        """
        from feedbackcheck.sources import read_text

        message = read_text(text, name=name)
        if context is not None:
            if not isinstance(context, Context):
                context = Context.from_mapping(context)
            message = replace(message, context=context)
        settings = self.settings
        if stage is not None:
            # Who names the stage says that this is a rejection.
            settings = replace(settings, stage=Stage(stage), assume_rejection=True)
        if mode is not None:
            settings = replace(settings, mode=Mode(mode))
        return self.check_message(message, settings)

    def check_message(self, message: Message, settings: Settings | None = None) -> Report:
        """Check a message that a reader has read; ``settings`` replaces the checker's own for this one."""
        from feedbackcheck.sources import not_endless

        settings = settings or self.settings
        report = analyse(not_endless(message), settings, self.resources)
        if not self.suggestions or not report.findings:
            return report
        from feedbackcheck.suggest.alternatives import attach

        return attach(report)

    def check_many(self, messages: Iterable[Message]) -> Iterator[Report]:
        """Check messages one by one, lazily, in order."""
        for message in messages:
            yield self.check_message(message)
