"""What came out of a check: plain data, and its JSON form (the contract's ``messages[]`` object)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedbackcheck.findings import Finding, Ingredient
from feedbackcheck.message import Location, Message, Mode, Severity, Span, Stage

__all__ = ["Contribution", "Report", "Score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One named step of the score: what moved it, and by how many points (of 100)."""

    code: str
    label: str
    points: float
    part: str

    def to_dict(self) -> dict[str, Any]:
        return {"code": self.code, "label": self.label, "points": round(self.points, 1), "part": self.part}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """0–100. ``total`` is the start plus the contributions, held within 0–100 and under every cap.

    ``room`` holds what could still be gained although nothing is missing: an ingredient that the stage welcomes but does
    not ask for, a second concrete sentence.
    """

    total: int
    parts: Mapping[str, int]
    grade: str
    start: float
    contributions: tuple[Contribution, ...]
    caps: tuple[str, ...] = ()
    room: tuple[Contribution, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "parts": dict(self.parts),
            "grade": self.grade,
            "start": round(self.start, 1),
            "contributions": [c.to_dict() for c in self.contributions],
            "caps": list(self.caps),
            "room": [c.to_dict() for c in self.room],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome for one message.

    ``stage_source`` says how the stage was known: "option", "context" or "guess". ``score`` is None when the message
    was not assessed: it is no rejection, or in a language that is not checked (``skipped`` says why).
    """

    message: Message
    language: str
    stage: Stage
    stage_source: str
    mode: Mode
    is_rejection: bool
    findings: tuple[Finding, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    score: Score | None = None
    skipped: str | None = None
    notices: tuple[str, ...] = ()
    suppressed: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.message.id

    @property
    def path(self) -> str | None:
        return self.message.path

    def source_span(self, span: Span) -> Span:
        """A text span in the coordinates of the message as given."""
        return self.message.source_map.span(span)

    def locate(self, span: Span) -> tuple[Location, Location]:
        """First place of a text span and the place just past it, as the user's editor counts them."""
        source = self.source_span(span)
        return self.message.locate(source.start), self.message.locate(source.end)

    def beginning(self) -> Location:
        """Where a finding about the whole message is shown: the top of the file, or of its own string in JSON and YAML."""
        if self.message.kind not in ("json", "yaml") or not self.message.text:
            return Location(1, 1)
        return self.message.locate(self.message.source_map.span(Span(0, 1)).start)

    def worst(self) -> Severity | None:
        """The highest severity among the findings."""
        return min((f.severity for f in self.findings), key=lambda s: s.rank, default=None)

    def _place(self, span: Span | None) -> dict[str, Any]:
        if span is None:
            return {
                "start": None,
                "end": None,
                "line": None,
                "column": None,
                "end_line": None,
                "end_column": None,
            }
        source = self.source_span(span)
        first, last = self.message.locate(source.start), self.message.locate(source.end)
        return {
            "start": source.start,
            "end": source.end,
            "line": first.line,
            "column": first.column,
            "end_line": last.line,
            "end_column": last.column,
        }

    def to_dict(self) -> dict[str, Any]:
        """One ``messages[]`` object of the JSON contract. Holds no text of the message but in suggestions."""
        out: dict[str, Any] = {"id": self.message.id, "path": self.message.path}
        if self.message.part is not None:
            out["part"] = self.message.part
        out |= {
            "language": self.language,
            "stage": self.stage.value,
            "stage_source": self.stage_source,
            "mode": self.mode.value,
            "is_rejection": self.is_rejection,
            "score": self.score.to_dict() if self.score else None,
            "findings": [self.finding_dict(f) for f in self.findings],
            "ingredients": [
                {
                    "code": i.code,
                    "name": i.name,
                    **{k: v for k, v in self._place(i.span).items() if k in ("start", "end")},
                    "confidence": round(i.confidence, 3),
                }
                for i in self.ingredients
            ],
        }
        if self.skipped:
            out["skipped"] = self.skipped
        if self.notices:
            out["notices"] = list(self.notices)
        return out

    def finding_dict(self, finding: Finding) -> dict[str, Any]:
        """One ``findings[]`` object."""
        suggestions = []
        for s in finding.suggestions:
            item: dict[str, Any] = {
                "text": s.text,
                "applicability": s.applicability.value,
                "needs": list(s.needs),
            }
            if s.span is not None:
                source = self.source_span(s.span)
                item |= {"start": source.start, "end": source.end}
            if s.sources:
                item["sources"] = list(s.sources)
            suggestions.append(item)
        return {
            "code": finding.code,
            "name": finding.name,
            "severity": finding.severity.value,
            "message": finding.message,
            "advice": finding.advice,
            **self._place(finding.span),
            "confidence": round(finding.confidence, 3),
            "evidence": [
                {"origin": e.origin, "why": e.why, "strength": e.strength} for e in finding.evidence
            ],
            "suggestions": suggestions,
        }
