"""What the routes do: check, suggest, read an upload. Blocking; called by :mod:`feedbackcheck.server.workers`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from feedbackcheck.analysis import Resources
from feedbackcheck.checker import Checker
from feedbackcheck.errors import EmptySourceError
from feedbackcheck.message import Context, Message, Mode, Stage
from feedbackcheck.server.models import CheckRequest, SuggestRequest
from feedbackcheck.settings import Settings

__all__ = ["Service"]


class Service:
    """One set of models for all requests. Thread-safe; remembers no text. Answers are JSON, encoded once."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = replace(settings or Settings(), assume_rejection=True)
        self.checker = Checker(self.settings, resources=Resources(self.settings))

    def warm(self) -> None:
        """Load the models before the first request waits for them."""
        self.checker.check(
            "Hei Kari,\nvi har valgt en annen til stillingen.\nHilsen Per Lund", stage="soknad"
        )

    def check(self, request: CheckRequest) -> bytes:
        """A ``messages[]`` object of the JSON contract."""
        if not request.text.strip():
            return _encode(
                {"id": "", "path": None, "language": "nb", "stage": request.stage or "soknad", "stage_source": "option" if request.stage else "guess",
                 "mode": request.mode or "message", "is_rejection": False, "score": None, "findings": [], "ingredients": [], "skipped": "tom"}
            )  # fmt: skip
        return _encode(self.checker.check_message(self._message(request), self._settings(request)).to_dict())

    def suggest(self, request: SuggestRequest) -> bytes:
        """The object that ``feedbackcheck suggest --output-format json`` prints."""
        from feedbackcheck.suggest.service import suggest_for

        settings = self._settings(request)
        checker = Checker(settings, resources=self.checker.resources)
        return _encode(suggest_for(self._message(request), checker).to_dict())

    def _settings(self, request: CheckRequest) -> Settings:
        return replace(
            self.settings,
            stage=Stage(request.stage) if request.stage else None,
            mode=Mode(request.mode) if request.mode else None,
            language=request.lang,
            today=date.today(),
        )

    @staticmethod
    def _message(request: CheckRequest) -> Message:
        from feedbackcheck.sources import read_text

        context = Context.from_mapping(request.context.model_dump(exclude_none=True), where="context")
        try:
            message = read_text(request.text, name="")
        except EmptySourceError:
            message = Message.from_text("")
        return replace(message, context=context)

    @staticmethod
    def read(data: bytes, name: str) -> tuple[str, str, list[str]]:
        """Words, format and notices of an uploaded file.

        Raises:
            SourceError: it cannot be read.
        """
        from feedbackcheck.sources import read_bytes

        messages = read_bytes(data, name=name)
        first = messages[0]
        notices = list(first.notices)
        if len(messages) > 1:
            notices.append(f"Filen har {len(messages)} tekster; den første vises.")
        return first.text, first.kind, notices


def _encode(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
