"""What a rule is. A few types carry all rules; a rule's file holds its page and says which type it is.

A rule turns combined evidence into findings. It knows the stage and context, and nothing of files or output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from feedbackcheck.findings import Evidence, Finding, Ingredient
from feedbackcheck.language.document import Document
from feedbackcheck.message import Severity, Stage
from feedbackcheck.signs.base import Sign, Verdict

__all__ = [
    "Assessment",
    "IngredientRule",
    "MissingRule",
    "NoticeRule",
    "ProcessRule",
    "Rule",
    "SentenceRule",
    "Verdict",
    "catalogue",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the rules are shown: the document, the verdicts, and how the stage was known."""

    document: Document
    stage: Stage
    verdicts: tuple[Verdict, ...]
    late_after_days: int = 14
    today: date | None = None
    by_code: Mapping[str, Sequence[Verdict]] = field(default_factory=dict)


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """The catalogue's data by code (name, part, severity, message, advice)."""
    import tomllib

    return tomllib.loads((resources.files("feedbackcheck") / "data" / "catalogue.toml").read_text("utf-8"))


def title_of(code: str) -> str:
    """A code's name for people, «mangler kontakt»."""
    entry = catalogue().get(code, {})
    return str(entry.get("title") or str(entry.get("name", code)).replace("-", " "))


@cache
def needs() -> Mapping[str, Any]:
    """The table of section C and how the context bends it."""
    import tomllib

    return tomllib.loads((resources.files("feedbackcheck") / "data" / "needs.toml").read_text("utf-8"))


def evidence_of(signs: Iterable[Sign]) -> tuple[Evidence, ...]:
    """The signs behind a verdict, strongest first."""
    ranked = sorted(signs, key=lambda s: (-s.strength, s.origin.value, s.why))
    return tuple(Evidence(s.origin.value, s.why, round(s.strength, 3)) for s in ranked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One code of the catalogue. ``page`` is the rule's page in Norwegian, the docstring of its module."""

    code: str
    page: str

    @property
    def data(self) -> Mapping[str, Any]:
        return catalogue()[self.code]

    @property
    def name(self) -> str:
        return str(self.data["name"])

    def severity(self, stage: Stage) -> Severity:
        """How severe a finding is at ``stage``."""
        value = self.data.get("severity", "hint")
        return Severity(value if isinstance(value, str) else value[stage.value])

    def find(self, assessment: Assessment) -> list[Finding]:
        """Findings of this rule, in text order."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRule(Rule):
    """A problem that marks (part of) a sentence. ``unless`` takes a verdict back for what stands elsewhere in the message."""

    unless: Callable[[Assessment, Verdict], bool] | None = None

    def find(self, assessment: Assessment) -> list[Finding]:
        out = []
        for verdict in assessment.by_code.get(self.code, ()):
            if self.unless is not None and self.unless(assessment, verdict):
                continue
            severity = self.severity(assessment.stage)
            if verdict.level == "hint":
                severity = Severity.HINT
            note = next((s.note for s in verdict.signs if s.note), None)
            out.append(
                Finding(
                    code=self.code,
                    name=self.name,
                    severity=severity,
                    message=note or str(self.data["message"]),
                    advice=str(self.data.get("advice", "")),
                    span=verdict.span,
                    sentence=verdict.sentence,
                    confidence=verdict.probability,
                    evidence=evidence_of(verdict.signs),
                )
            )
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientRule(Rule):
    """Something good; never a finding."""

    def find(self, assessment: Assessment) -> list[Finding]:
        return []

    def ingredients(self, assessment: Assessment) -> list[Ingredient]:
        """Where the ingredient stands."""
        return [
            Ingredient(
                code=self.code,
                name=self.name,
                span=v.span,
                sentence=v.sentence,
                confidence=v.probability,
                evidence=evidence_of(v.signs),
            )
            for v in assessment.by_code.get(self.code, ())
            if v.level == "finding"
        ]


def need_of(ingredient: str, assessment: Assessment) -> str:
    """«must», «should», «may» or «none»: the table, bent by the context."""
    table, bends = needs()["needs"], needs()["bends"]
    need = str(table[ingredient][assessment.stage.value])
    context = assessment.document.context
    if (
        context.applicants is not None
        and context.applicants < bends["few_applicants"]
        and ingredient in bends["few_applicants_must"]
        and need == "should"
    ):
        need = "must"
    if context.detail_wanted == "short" and ingredient in bends["short_waives"]:
        need = "may"
    if (
        context.called_first
        and assessment.stage is not Stage.TELEFON
        and ingredient in bends["called_first_waives"]
    ):
        need = "may"
    return need


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRule(Rule):
    """An ingredient is missing and the stage calls for it."""

    ingredient: str

    def severity(self, stage: Stage) -> Severity:
        return (
            Severity.ERROR if needs()["needs"][self.ingredient][stage.value] == "must" else Severity.WARNING
        )

    def find(self, assessment: Assessment) -> list[Finding]:
        if any(v.level == "finding" for v in assessment.by_code.get(self.ingredient, ())):
            return []
        need = need_of(self.ingredient, assessment)
        if need not in ("must", "should"):
            return []
        return [
            Finding(
                code=self.code,
                name=self.name,
                severity=Severity.ERROR if need == "must" else Severity.WARNING,
                message=str(self.data["message"]),
                advice=str(self.data.get("advice", "")),
                span=None,
                sentence=None,
                confidence=1.0,
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRule(Rule):
    """Something about the process, told by the context alone; ``check`` gives the message, or None."""

    check: Callable[[Assessment], tuple[str, Severity | None] | None]

    def find(self, assessment: Assessment) -> list[Finding]:
        found = self.check(assessment)
        if found is None:
            return []
        message, severity = found
        return [
            Finding(
                code=self.code,
                name=self.name,
                severity=severity or self.severity(assessment.stage),
                message=message,
                advice=str(self.data.get("advice", "")),
                span=None,
                sentence=None,
                confidence=1.0,
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRule(Rule):
    """About the file, not the letter; raised by the room that reads inline ignores, never from evidence."""

    def find(self, assessment: Assessment) -> list[Finding]:
        return []
