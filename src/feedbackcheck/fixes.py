"""Puts suggestions into files: safe ones by ``--fix``, unsafe ones when asked for.

An edit is made only where the source reads exactly like the text, so that tags, entities and escapes are never broken,
and the new words are escaped for the format they go into.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedbackcheck.findings import Applicability
from feedbackcheck.message import Span
from feedbackcheck.report import Report

__all__ = ["FIXABLE_KINDS", "Edit", "apply_edits", "edits_for"]

#: Formats whose file content is the message's source, so that an edit can be written back.
FIXABLE_KINDS = frozenset({"text", "markdown", "html", "mjml", "json", "yaml"})


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace a run of the source by ``text``."""

    start: int
    end: int
    text: str
    code: str = ""


# Quotes, escapes, and what ends a plain scalar or begins a comment: how they must be written depends on the quoting.
_RISKY_IN_YAML = re.compile(r"""["'\\\n]|:(?:\s|$)|\s#|[\[\]{},&*!|>%@`]""")


def _fits(kind: str, text: str) -> bool:
    """True if ``text`` can be put into a file of ``kind`` without knowing how the value around it is quoted."""
    if kind == "yaml":
        return not _RISKY_IN_YAML.search(text)
    return kind != "json" or "\n" not in text


def escape_for(kind: str, text: str) -> str:
    """``text`` as it must stand in a file of ``kind``."""
    if kind in ("html", "mjml"):
        return html.escape(text, quote=False)
    if kind == "json":
        return json.dumps(text, ensure_ascii=False)[1:-1]
    return text


def edits_for(report: Report, *, unsafe: bool = False) -> list[Edit]:
    """The edits of a report's suggestions that may be made without asking, in order and without overlap.

    The first applicable suggestion of each finding is taken; of overlapping edits the first stands.
    """
    if report.message.kind not in FIXABLE_KINDS:
        return []
    allowed = {Applicability.SAFE} | ({Applicability.UNSAFE} if unsafe else set())
    edits = []
    for finding in report.findings:
        for suggestion in finding.suggestions:
            span = suggestion.span or finding.span
            if suggestion.applicability not in allowed or span is None or suggestion.needs:
                continue
            if len(span) and not report.message.source_map.is_verbatim(span):
                continue
            if not _fits(report.message.kind, suggestion.text):
                continue
            source = report.source_span(span)
            edits.append(
                Edit(source.start, source.end, escape_for(report.message.kind, suggestion.text), finding.code)
            )
            break
    return without_overlap(edits)


def without_overlap(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in order, each beginning where the one before has ended or later."""
    out: list[Edit] = []
    for edit in sorted(set(edits)):
        if not out or edit.start >= out[-1].end:
            out.append(edit)
    return out


def apply_edits(source: str, edits: Sequence[Edit]) -> str:
    """The source with the edits made."""
    parts, at = [], 0
    for edit in edits:
        parts += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, source[at:]])


def touched(edits: Sequence[Edit]) -> list[Span]:
    """The source runs that the edits replace."""
    return [Span(e.start, e.end) for e in edits]
