"""Every error that feedbackcheck raises on purpose.

::

    FeedbackcheckError
    ├── UsageError            wrong options or arguments
    │   └── UnknownCodeError  a rule code that does not exist
    ├── ConfigError           a configuration, baseline or rule pack that cannot be used
    ├── ContextError          a context file or front matter that cannot be used
    ├── SourceError           a file that cannot be read as a message
    │   ├── EmptySourceError
    │   ├── BinarySourceError
    │   ├── SourceEncodingError
    │   ├── SourceTooLargeError
    │   ├── MalformedSourceError   broken MIME, zip, JSON, front matter, template logic …
    │   └── UnsupportedSourceError
    │       └── AttachedLetterError   the letter is in an attachment that is not read
    ├── ModelError            a language model or recogniser that is missing or does not fit
    └── MissingExtraError     an optional dependency is not installed

Each carries what was wrong, where, and what to do; ``str()`` gives the three in one line, in Norwegian, because
users read it. All of them end a command with exit code 2.
"""

from __future__ import annotations

__all__ = [
    "AttachedLetterError",
    "BinarySourceError",
    "ConfigError",
    "ContextError",
    "EmptySourceError",
    "FeedbackcheckError",
    "MalformedSourceError",
    "MissingExtraError",
    "ModelError",
    "SourceEncodingError",
    "SourceError",
    "SourceTooLargeError",
    "UnknownCodeError",
    "UnsupportedSourceError",
    "UsageError",
    "reason",
]


_REASONS = {
    "EACCES": "ingen rett", "EPERM": "ingen rett", "ENOENT": "finnes ikke", "ENOTDIR": "finnes ikke", "EISDIR": "er en mappe",
    "ENOSPC": "disken er full", "EDQUOT": "kvoten er brukt opp", "EFBIG": "filen blir for stor", "EROFS": "disken er skrivebeskyttet",
    "EIO": "disken svarer ikke", "ENAMETOOLONG": "navnet er for langt", "ELOOP": "lenken går i ring", "EMFILE": "for mange åpne filer",
    "EADDRINUSE": "porten er i bruk", "EADDRNOTAVAIL": "adressen finnes ikke på maskinen",
}  # fmt: skip


def reason(error: BaseException) -> str:
    """Why the system said no, in Norwegian where it is one of the usual reasons."""
    import errno

    number = getattr(error, "errno", None)
    known = _REASONS.get(errno.errorcode.get(number, "")) if isinstance(number, int) else None
    return known or getattr(error, "strerror", None) or str(error)


class FeedbackcheckError(Exception):
    """Base of all errors; ``what`` went wrong, ``where`` (a path, key or option), ``fix`` (what to do)."""

    def __init__(self, what: str, *, where: str | None = None, fix: str | None = None) -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what, where, fix)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.fix}" if self.fix else ""
        end = "" if self.what.endswith((".", "!", "?")) else "."
        return f"{place}{self.what}{end}{advice}"


class UsageError(FeedbackcheckError):
    """Wrong options or arguments."""


class UnknownCodeError(UsageError):
    """A rule code (or prefix) that no rule has."""


class ConfigError(FeedbackcheckError):
    """A configuration, baseline or rule pack that cannot be used."""


class ContextError(FeedbackcheckError):
    """A context file or front matter that cannot be used."""


class SourceError(FeedbackcheckError):
    """A file that cannot be read as a message."""


class EmptySourceError(SourceError):
    """Nothing but white space."""


class BinarySourceError(SourceError):
    """Not text, and not a container that we read."""


class SourceEncodingError(SourceError):
    """No encoding fits the bytes."""


class SourceTooLargeError(SourceError):
    """Larger than a message can be."""


class MalformedSourceError(SourceError):
    """The format is known but the file breaks its rules."""


class UnsupportedSourceError(SourceError):
    """No reader for this kind of file."""


class AttachedLetterError(UnsupportedSourceError):
    """The letter is in an attachment of a kind that has no reader; ``suffix`` is that of its name («.pdf»)."""

    def __init__(self, suffix: str, *, where: str | None = None) -> None:
        self.suffix = suffix
        super().__init__(
            f"Brevet ligger i et vedlegg som ikke kan leses ({suffix})",
            where=where,
            fix="Lagre brevet som .docx eller tekst, og sjekk den filen.",
        )


class ModelError(FeedbackcheckError):
    """A language model or recogniser that is missing or does not fit."""


class MissingExtraError(FeedbackcheckError):
    """An optional dependency is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} krever tilleggspakken «{extra}»",
            fix=f'Installer den med: pip install "feedbackcheck[{extra}]"',
        )
