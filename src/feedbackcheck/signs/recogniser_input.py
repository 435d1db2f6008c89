"""What the recogniser is told about a sentence besides its words: layout, place, and how it meets the context.

Training and run time share this module, so that a sentence looks the same to both. Pure Python, no state.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from feedbackcheck.language.tokens import FIELD, MARK, TITLE, UPPER, tokenize

#: Problem and ingredient codes in the order of every model's outputs.
PROBLEM_CODES: Final = (
    "KLI001", "KLI002", "KLI003", "KLI004", "KLI005",
    "PER001", "PER002", "PER003", "PER004", "PER005",
    "TON001", "TON002", "TON003", "TON004", "TON005", "TON006", "TON007",
    "JUS001", "JUS002", "JUS003",
    "FLT001", "FLT002",
)  # fmt: skip
INGREDIENT_CODES: Final = tuple(f"ING{i:02d}" for i in range(1, 13))
CODES: Final = PROBLEM_CODES + INGREDIENT_CODES

STAGES: Final = ("soknad", "intervju", "finale", "telefon")

#: Longest sentence read, in tokens; what is beyond is cut.
MAX_TOKENS: Final = 64
#: Width of what is told about the whole message: stage (5, the last for unknown), mode (2), målform (2).
N_ABOUT: Final = 9

_BULLET = re.compile(r"^\s*(?:[-–—•*·▪]|\d{1,2}[.)]|[a-z]\))\s")
_HEADER = re.compile(r"^\s*(?:emne|til|fra|vedr|sak|ref|tittel|subject|re)\b[^:\n]{0,25}:", re.IGNORECASE)
_STEM = 5

#: Names of the layout features, in order (the model card lists them).
LAYOUT: Final = (
    "known", "from_start_1", "from_start_2", "from_start_3", "from_start", "from_end_1", "from_end_2", "from_end_3",
    "from_end", "relative", "starts_line", "ends_line", "whole_line", "after_blank", "before_blank", "bullet", "header",
    "last_block", "first_block", "messages_length", "words", "short", "ends_colon", "ends_question", "ends_exclamation",
    "ends_comma", "quote", "capitals", "field_in_sentence",
)  # fmt: skip
#: Names of the context features, in order. A pair (known, value) where the fact may be missing.
CONTEXT: Final = (
    "any", "name_known", "name_here", "other_capital_after_greeting", "company_known", "company_here",
    "position_known", "position_here", "sender_known", "sender_here", "applicants_known", "applicants_few",
    "applicants_log", "applicants_here", "number_here_not_applicants", "notes_known", "notes_overlap",
    "requirements_known", "requirements_overlap", "interviewed", "called_first", "wants_short", "public_sector",
)  # fmt: skip
N_FEATURES: Final = len(LAYOUT) + len(CONTEXT)


@dataclass(frozen=True, slots=True)
class RecogniserInput:
    """A message as the recogniser reads it.

    Attributes:
        text: the message.
        spans: its sentences, (start, end) in code points, in order, none across a line break.
        stage: ``soknad``, ``intervju``, ``finale``, ``telefon``, or None if unknown.
        mode: ``message`` or ``template``.
        lang: ``nb`` or ``nn``.
        context: facts by the keys of the JSON contract; {} if nothing is known.
        placed: False for a fragment whose place in its message is unknown.
    """

    text: str
    spans: Sequence[tuple[int, int]]
    stage: str | None = None
    mode: str = "message"
    lang: str = "nb"
    context: Mapping[str, Any] = field(default_factory=dict)
    placed: bool = True

    def sentences(self) -> list[str]:
        """The sentences' texts."""
        return [self.text[start:end] for start, end in self.spans]


def _stems(text: str) -> set[str]:
    """Stems of the longer words: inflection and målform differ mostly in the ends."""
    return {
        token.norm[:_STEM] for token in tokenize(text) if token.shape != MARK and len(token.norm) >= 4
    } - _COMMON_STEMS


_COMMON_STEMS: Final = frozenset(
    w[:_STEM]
    for w in [
        "ikke",
        "ikkje",
        "noen",
        "nokon",
        "være",
        "vere",
        "blir",
        "vart",
        "etter",
        "eller",
        "litt",
        "mest",
        "mye",
        "mykje",
        "fikk",
        "hadde",
        "skal",
        "ville",
        "kunne",
        "under",
        "over",
        "mellom",
        "samme",
        "same",
        "andre",
        "ingen",
        "også",
        "også",
        "erfaring",
        "jobbet",
        "jobba",
        "veldig",
        "svært",
        "god",
        "gode",
        "godt",
        "stilling",
        "stillingen",
    ]
)


def _list(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [str(v) for v in value]
    return []


@dataclass(frozen=True, slots=True)
class _Facts:
    """The context, prepared once a message."""

    any: bool
    name: frozenset[str]
    company: frozenset[str]
    position: frozenset[str]
    sender: frozenset[str]
    applicants: int | None
    notes: frozenset[str]
    requirements: frozenset[str]
    flags: tuple[float, float, float, float]


def _names(value: object) -> frozenset[str]:
    return frozenset(part.lower() for part in re.split(r"[\s,]+", str(value or "")) if len(part) > 1)


def _facts(context: Mapping[str, Any]) -> _Facts:
    applicants = context.get("applicants")
    scorecard = context.get("scorecard")
    notes = _list(context.get("notes"))
    if isinstance(scorecard, Mapping):
        for key, value in scorecard.items():
            notes.append(f"{key} {value.get('note', '') if isinstance(value, Mapping) else ''}")
    return _Facts(
        any=bool(context),
        name=_names(context.get("candidate_name")),
        company=frozenset(_stems(str(context.get("company") or ""))),
        position=frozenset(_stems(str(context.get("position") or ""))),
        sender=_names(context.get("sender")),
        applicants=int(applicants) if isinstance(applicants, int | float) else None,
        notes=frozenset(_stems(" ".join(notes))),
        requirements=frozenset(_stems(" ".join(_list(context.get("requirements"))))),
        flags=(
            float(bool(context.get("interviewed_on"))),
            float(bool(context.get("called_first"))),
            float(context.get("detail_wanted") == "short"),
            float(bool(context.get("public_sector"))),
        ),
    )


def _overlap(stems: set[str], wanted: frozenset[str]) -> float:
    return min(3, len(stems & wanted)) / 3 if wanted else 0.0


def about(message: RecogniserInput, *, hide_stage: bool = False) -> list[float]:
    """Stage, mode and målform as :data:`N_ABOUT` numbers."""
    stage = [0.0] * 5
    known = message.stage if message.stage in STAGES and not hide_stage else None
    stage[STAGES.index(known) if known else 4] = 1.0
    template = message.mode == "template"
    nynorsk = message.lang == "nn"
    return [*stage, float(not template), float(template), float(not nynorsk), float(nynorsk)]


def sentence_features(message: RecogniserInput) -> list[list[float]]:
    """One row of :data:`N_FEATURES` numbers for each sentence, all about between 0 and 1."""
    text = message.text
    facts = _facts(message.context)
    count = len(message.spans)
    rows: list[list[float]] = []
    first_block_end = text.find("\n\n")
    last_block = text.rstrip().rfind("\n\n")
    for index, (start, end) in enumerate(message.spans):
        sentence = text[start:end]
        tokens = tokenize(sentence)
        row: list[float] = []
        if message.placed:
            line_start = text.rfind("\n", 0, start) + 1
            line_end = text.find("\n", end)
            line_end = len(text) if line_end < 0 else line_end
            line = text[line_start:line_end]
            at_start, at_end = not text[line_start:start].strip(), not text[end:line_end].strip()
            back = count - 1 - index
            row += [
                1.0,
                float(index == 0), float(index == 1), float(index == 2), min(index, 12) / 12,
                float(back == 0), float(back == 1), float(back == 2), min(back, 12) / 12,
                index / max(1, count - 1),
                float(at_start), float(at_end), float(at_start and at_end),
                float(text[max(0, line_start - 2) : line_start].count("\n") == 2 or line_start == 0),
                float(text[line_end : line_end + 2].count("\n") == 2 or line_end >= len(text)),
                float(bool(_BULLET.match(line))), float(bool(_HEADER.match(line))),
                float(last_block >= 0 and start > last_block), float(first_block_end < 0 or start < first_block_end),
                min(count, 30) / 30,
            ]  # fmt: skip
        else:
            row += [0.0] * 20
        stripped = sentence.rstrip()
        capitals = sum(1 for t in tokens[1:] if t.shape in (TITLE, UPPER))
        row += [
            math.log1p(len(tokens)) / 4,
            float(len(tokens) <= 4),
            float(stripped.endswith(":")),
            float(stripped.endswith(("?", "?»", '?"'))),
            float(stripped.endswith(("!", "!»"))),
            float(stripped.endswith(",")),
            float("«" in sentence or "»" in sentence or '"' in sentence),
            min(3, capitals) / 3,
            float(any(t.norm == FIELD for t in tokens)),
        ]
        words = {t.text.lower() for t in tokens if t.shape in (TITLE, UPPER)}
        stems = _stems(sentence) if facts.any else set()
        numbers = {t.text.replace(" ", "") for t in tokens if t.shape == MARK and t.text[0].isdigit()}
        applicants = facts.applicants
        here = applicants is not None and str(applicants) in numbers
        greeting = index <= 2 and len(tokens) <= 7 and bool(tokens) and tokens[0].norm in _GREETING
        row += [
            float(facts.any),
            float(bool(facts.name)),
            float(bool(facts.name & words)),
            float(greeting and bool(facts.name) and bool(words - facts.name - {tokens[0].norm})),
            float(bool(facts.company)),
            _overlap(stems, facts.company),
            float(bool(facts.position)),
            _overlap(stems, facts.position),
            float(bool(facts.sender)),
            float(bool(facts.sender & words)),
            float(applicants is not None),
            float(applicants is not None and applicants < 10),
            min(6.0, math.log1p(applicants)) / 6 if applicants is not None else 0.0,
            float(here),
            float(applicants is not None and bool(numbers) and not here),
            float(bool(facts.notes)),
            _overlap(stems, facts.notes),
            float(bool(facts.requirements)),
            _overlap(stems, facts.requirements),
            *facts.flags,
        ]
        rows.append(row)
    return rows


_GREETING: Final = frozenset(
    ["hei", "heisann", "hallo", "kjære", "god", "hi", "dear", "goddag", "hello", "hey", "heia"]
)
