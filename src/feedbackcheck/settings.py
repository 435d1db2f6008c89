"""What a user may choose about a check, as plain data. ``config`` reads it from files; the command line overrides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from feedbackcheck.message import Context, Mode, Stage

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Choices that change what a check finds. Defaults suit a letter about to be sent.

    Attributes:
        stage, mode, language: given by the user; None (or "auto") means: from the context, else found out.
        select: code prefixes that are on; empty means all.
        ignore: code prefixes that are off; the longest matching prefix wins over ``select``.
        per_file_ignores: glob → code prefixes.
        late_after_days: PRO02's limit.
        today: the day a draft is taken to be sent when the context has no ``sent_on``; None: unknown.
        assume_rejection: check even what does not look like a rejection (the user said it is one).
        recogniser: use the trained recogniser; False leaves patterns, syntax and facts.
        syntax: use the spaCy pipeline for sentences that ask for it.
        language_model: a spaCy package name or folder in place of the shipped pipeline.
        rule_packs: the user's own pattern files.
        context: facts that hold for every message unless the message says otherwise.
    """

    stage: Stage | None = None
    mode: Mode | None = None
    language: str = "auto"
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, Sequence[str]] = field(default_factory=dict)
    late_after_days: int = 14
    today: date | None = None
    assume_rejection: bool = False
    recogniser: bool = True
    syntax: bool = True
    language_model: str | None = None
    rule_packs: tuple[Path, ...] = ()
    context: Context = field(default_factory=Context)

    def is_on(self, code: str) -> bool:
        """True if ``code`` is selected and not ignored; a longer prefix beats a shorter one, ignore wins a tie."""
        chosen = max((len(p) for p in self.select if code.startswith(p)), default=-1) if self.select else 0
        chosen = max([chosen, *(len(p) for p in self.extend_select if code.startswith(p))])
        refused = max((len(p) for p in self.ignore if code.startswith(p)), default=-1)
        return chosen >= 0 and chosen > refused
