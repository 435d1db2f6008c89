"""Requests and answers of the HTTP API, as the OpenAPI document describes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["CheckRequest", "ContextModel", "ErrorModel", "RuleModel", "SuggestRequest", "UploadAnswer"]

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
