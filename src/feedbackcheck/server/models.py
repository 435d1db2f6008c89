"""Requests and answers of the HTTP API, as the OpenAPI document describes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CheckAnswer",
    "CheckRequest",
    "ContextModel",
    "ErrorModel",
    "HealthAnswer",
    "RuleModel",
    "SuggestAnswer",
    "SuggestRequest",
    "UploadAnswer",
]

#: Code points of a draft; the longest letters of the corpora have a fiftieth of this.
MAX_TEXT = 50_000
Short = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=1000)]


class ContextModel(BaseModel):
    """What is known about the candidate and the process; every key is optional."""

    model_config = ConfigDict(extra="forbid")

    candidate_name: Short | None = None
    company: Short | None = None
    position: Short | None = None
    sender: Short | None = None
    applicants: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    deadline: date | None = None
    interviewed_on: date | None = None
    decided_on: date | None = None
    sent_on: date | None = None
    requirements: Annotated[list[Line], Field(max_length=50)] = []
    notes: Annotated[list[Line], Field(max_length=50)] = []
    scorecard: Annotated[dict[Short, dict[Short, Line | int | float | None]], Field(max_length=50)] = {}
    advert: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    detail_wanted: Literal["short", "full"] | None = None
    called_first: bool | None = None
    public_sector: bool | None = None
    applicant_language: Literal["nb", "nn"] | None = None


class CheckRequest(BaseModel):
    """A draft to check."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=MAX_TEXT)]
    stage: Literal["soknad", "intervju", "finale", "telefon"] | None = None
    mode: Literal["message", "template"] | None = None
    lang: Literal["auto", "nb", "nn"] = "auto"
    context: ContextModel = ContextModel()


class SuggestRequest(CheckRequest):
    """A draft to revise."""


class ContributionModel(BaseModel):
    """One named step of the score, in points of 100."""

    code: str
    label: str
    points: float
    part: str


class ScoreModel(BaseModel):
    """0–100, with the steps that led to it."""

    total: Annotated[int, Field(ge=0, le=100)]
    parts: dict[str, Annotated[int, Field(ge=0, le=100)]]
    grade: str
    start: float
    contributions: list[ContributionModel]
    caps: list[str]
    room: list[ContributionModel] = []


class AlternativeModel(BaseModel):
    """Words that can stand in the draft instead; ``start`` and ``end`` say where, when it is not the finding's own place."""

    text: str
    applicability: Literal["safe", "unsafe", "fill-in"]
    needs: list[str]
    start: int | None = None
    end: int | None = None
    sources: list[str] = []


class EvidenceModel(BaseModel):
    """One sign behind a finding."""

    origin: str
    why: str
    strength: float


class FindingModel(BaseModel):
    """Something to change. Offsets count Unicode code points of the text; null when it concerns the whole letter."""

    code: str
    name: str
    severity: Literal["error", "warning", "hint"]
    message: str
    advice: str
    start: int | None
    end: int | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    confidence: float
    evidence: list[EvidenceModel]
    suggestions: list[AlternativeModel]


class IngredientModel(BaseModel):
    """Something good that stands in the letter."""

    code: str
    name: str
    start: int | None
    end: int | None
    confidence: float


class CheckAnswer(BaseModel):
    """What was found in a draft."""

    id: str
    path: str | None
    language: str
    stage: Literal["soknad", "intervju", "finale", "telefon"]
    stage_source: str
    mode: Literal["message", "template"]
    is_rejection: bool
    score: ScoreModel | None
    findings: list[FindingModel]
    ingredients: list[IngredientModel]
    skipped: str | None = None
    notices: list[str] = []


class EditModel(BaseModel):
    """A change of ``original``; ``sources`` names the draft words or context keys that each fact came from."""

    start: int
    end: int
    text: str
    code: str
    applicability: Literal["safe", "unsafe", "fill-in"]
    needs: list[str]
    sources: list[str]


class GapModel(BaseModel):
    """A fact that the sender must still give; offsets point into ``revised``."""

    id: str
    code: str
    question: str
    start: int
    end: int


class SuggestAnswer(BaseModel):
    """A revised draft."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    original: str
    revised: str
    score_before: ScoreModel | None
    score_after: ScoreModel | None
    edits: list[EditModel]
    gaps: list[GapModel]
    warnings: list[str] = []


class HealthAnswer(BaseModel):
    """The server is up."""

    status: Literal["ok"] = "ok"
    version: str


class UploadAnswer(BaseModel):
    """The words of an uploaded file."""

    text: str
    kind: str
    notices: list[str]


class RuleModel(BaseModel):
    """One rule of the catalogue."""

    code: str
    name: str
    message: str
    advice: str
    page: str


class ErrorModel(BaseModel):
    """Why a request was refused."""

    detail: Any
