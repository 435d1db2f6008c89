"""Outlook data files: no well-kept reader with a permissive licence exists, so this tells the way around."""

from __future__ import annotations

from collections.abc import Mapping

from feedbackcheck.errors import UnsupportedSourceError

__all__ = ["open_source"]


def open_source(spec: str, *, mapping: Mapping[str, str]) -> None:
    """Always raises.

    Raises:
        UnsupportedSourceError: with how to export the mail.
    """
    raise UnsupportedSourceError(
        "Outlook-datafiler (.pst/.ost) kan ikke leses direkte",
        where=spec,
        fix="Eksporter til mbox først, for eksempel med «readpst -r» (pakken pst-utils) eller ved å dra mappen inn i "
        "Thunderbird, eller les kontoen over imaps://.",
    )
