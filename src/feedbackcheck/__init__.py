"""feedbackcheck: checks drafted Norwegian rejection messages to job applicants.

>>> from feedbackcheck import Checker
>>> report = Checker().check("Hei Kari,\\nVi har dessverre gått videre med andre kandidater.", stage="soknad")
>>> report.is_rejection
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Checker",
    "Context",
    "FeedbackcheckError",
    "Finding",
    "Mode",
    "Report",
    "Settings",
    "Severity",
    "Stage",
    "__version__",
]

_HOMES = {
    "Checker": "checker",
    "Context": "message",
    "FeedbackcheckError": "errors",
    "Finding": "findings",
    "Mode": "message",
    "Report": "report",
    "Settings": "settings",
    "Severity": "message",
    "Stage": "message",
}

if TYPE_CHECKING:
    from feedbackcheck.checker import Checker
    from feedbackcheck.errors import FeedbackcheckError
    from feedbackcheck.findings import Finding
    from feedbackcheck.message import Context, Mode, Severity, Stage
    from feedbackcheck.report import Report
    from feedbackcheck.settings import Settings


def __getattr__(name: str) -> Any:
    # Names load on first use, so that `feedbackcheck --help` imports nothing it does not show.
    if name in _HOMES:
        from importlib import import_module

        value = getattr(import_module(f"feedbackcheck.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
