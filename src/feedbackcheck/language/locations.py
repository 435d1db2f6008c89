"""Where the shipped models lie: inside an installed package, or in the repository of an editable install."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def models_folder() -> Path:
    """Return the folder that holds ``language/``, ``vectors/`` and the other shipped models.

    Raises ``ModelError`` when neither place exists, as in a source tree whose models were left out.
    """
    from feedbackcheck.errors import ModelError

    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "_models", package.parent.parent / "models"):
        if candidate.is_dir():
            return candidate
    raise ModelError(
        "fant ikke modellene som følger med feedbackcheck",
        where=str(package / "_models"),
        fix="Installer pakken på nytt.",
    )
