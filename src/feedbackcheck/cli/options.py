"""Values of options that several commands share. Copies of the enums in ``message``, so that ``--help`` need not load it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedbackcheck.message import Context

__all__ = ["ModeOption", "StageOption", "facts_given"]


class StageOption(StrEnum):
    """Values of ``--stage``."""

    SOKNAD = "soknad"
    INTERVJU = "intervju"
    FINALE = "finale"
    TELEFON = "telefon"


class ModeOption(StrEnum):
    """Values of ``--mode``."""

    MESSAGE = "message"
    TEMPLATE = "template"


def facts_given(file: Path | None, single: Mapping[str, Any]) -> Context:
    """What ``--context`` and the options for single facts tell; an option wins over the file, None tells nothing.

    Raises:
        ContextError: the file or an option's value cannot be used.
    """
    from feedbackcheck.analysis import merge_contexts
    from feedbackcheck.config import read_context
    from feedbackcheck.message import Context

    told = read_context(file) if file else Context()
    facts = {key: value for key, value in single.items() if value is not None}
    return merge_contexts(told, Context.from_mapping(facts, where="kommandolinjen"))
