"""SARIF 2.1.0 (OASIS standard), for code scanning services."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from feedbackcheck.findings import Applicability, Finding
from feedbackcheck.fixes import file_edit
from feedbackcheck.message import Severity
from feedbackcheck.report import Report
from feedbackcheck.reports.base import Run, fingerprints

__all__ = ["render"]

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def _uri(path: str) -> str:
    """Relative to the working folder where possible: absolute paths tell of the machine and match no repository."""
    pure = PurePath(path)
    if pure.is_absolute():
        try:
            pure = pure.relative_to(Path.cwd())
        except ValueError:
            return pure.as_uri()
    # As bytes, because a name need not be text.
    return quote(os.fsencode(pure.as_posix()))


def _region(report: Report, finding: Finding) -> dict[str, int]:
    if finding.span is None:
        return {"startLine": report.beginning().line}
    first, last = report.locate(finding.span)
    return {
        "startLine": first.line,
        "startColumn": first.column,
        "endLine": last.line,
        "endColumn": last.column,
    }


def _fixes(report: Report, finding: Finding, uri: str) -> list[dict[str, Any]]:
    out = []
    for s in finding.suggestions:
        span = s.span or finding.span
        if (
            s.applicability is Applicability.FILL_IN
            or span is None
            or (edit := file_edit(report.message, span, s.text)) is None
        ):
            continue
        first, last = report.message.locate(edit.start), report.message.locate(edit.end)
        region = {
            "startLine": first.line,
            "startColumn": first.column,
            "endLine": last.line,
            "endColumn": last.column,
        }
        out.append(
            {
                "description": {"text": f"Erstatt med «{s.text}»" if s.text else "Stryk"},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": uri},
                        "replacements": [{"deletedRegion": region, "insertedContent": {"text": edit.text}}],
                    }
                ],
            }
        )
    return out


def render(run: Run, *, colour: bool = False) -> str:
    from feedbackcheck import __version__
    from feedbackcheck.rules import all_rules
    from feedbackcheck.rules.base import IngredientRule
    from feedbackcheck.rules.pages import plain_page, render_page

    rules = [r for r in all_rules() if not isinstance(r, IngredientRule)]
    index = {r.code: i for i, r in enumerate(rules)}
    results = []
    for report in run.reports:
        uri = _uri(report.path) if report.path else "stdin"
        for finding, mark in zip(report.findings, fingerprints(report), strict=True):
            result: dict[str, Any] = {
                "ruleId": finding.code,
                "ruleIndex": index[finding.code],
                "level": _LEVELS[finding.severity],
                "message": {"text": f"{finding.message} {finding.advice}".strip()},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": uri},
                            "region": _region(report, finding),
                        }
                    }
                ],
                "partialFingerprints": {"feedbackcheck/v1": mark},
                "rank": round(100 * finding.confidence, 1),
            }
            if fixes := _fixes(report, finding, uri):
                result["fixes"] = fixes
            results.append(result)
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "feedbackcheck",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "language": "nb-NO",
                        "rules": [
                            {
                                "id": r.code,
                                "name": r.name,
                                "shortDescription": {"text": str(r.data["message"])},
                                "fullDescription": {
                                    "text": f"{r.data['message']} {r.data.get('advice', '')}".strip()
                                },
                                "help": {"text": plain_page(r), "markdown": render_page(r)},
                                "defaultConfiguration": {"level": _default_level(r)},
                            }
                            for r in rules
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not run.failures,
                        "toolExecutionNotifications": [
                            {"level": "error", "message": {"text": str(f.error)}} for f in run.failures
                        ],
                    }
                ],
                "results": results,
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _default_level(rule: Any) -> str:
    from feedbackcheck.message import Stage

    return _LEVELS[rule.severity(Stage.SOKNAD)]
