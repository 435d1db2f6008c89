"""JUnit XML, as build servers read it: a suite a file, a case a rule that failed."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from feedbackcheck.message import Severity
from feedbackcheck.reports.base import Run, display_path

__all__ = ["render"]

# XML 1.0 forbids these even when escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def render(run: Run, *, colour: bool = False) -> str:
    root = ET.Element("testsuites", name="feedbackcheck")
    total = failures = 0
    for report in run.reports:
        name = _clean(display_path(report))
        suite = ET.SubElement(root, "testsuite", name=name)
        cases = list(report.findings)
        failed = 0
        for finding in cases:
            place = ""
            if finding.span is not None:
                first, _ = report.locate(finding.span)
                place = f":{first.line}:{first.column}"
            case = ET.SubElement(
                suite, "testcase", classname=name, name=_clean(f"{finding.code} {finding.name}{place}")
            )
            text = _clean(f"{finding.message} {finding.advice}".strip())
            if finding.severity is Severity.HINT:
                ET.SubElement(case, "system-out").text = text
            else:
                failed += 1
                node = ET.SubElement(
                    case, "failure", message=_clean(finding.message), type=finding.severity.value
                )
                node.text = f"{name}{place}: {text}"
        if not cases:
            case = ET.SubElement(suite, "testcase", classname=name, name="feedbackcheck")
            if report.skipped:
                ET.SubElement(case, "skipped", message=_clean(report.notices[-1]))
        suite.set("tests", str(max(1, len(cases))))
        suite.set("failures", str(failed))
        suite.set("errors", "0")
        suite.set("skipped", str(int(bool(report.skipped and not cases))))
        total += max(1, len(cases))
        failures += failed
    for failure in run.failures:
        name = _clean(failure.path)
        suite = ET.SubElement(root, "testsuite", name=name, tests="1", failures="0", errors="1", skipped="0")
        case = ET.SubElement(suite, "testcase", classname=name, name="lesing")
        ET.SubElement(case, "error", message=_clean(str(failure.error)), type=type(failure.error).__name__)
        total += 1
    root.set("tests", str(total))
    root.set("failures", str(failures))
    root.set("errors", str(len(run.failures)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )
