"""Values of options that several commands share. Copies of the enums in ``message``, so that ``--help`` need not load it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ModeOption", "StageOption"]


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
