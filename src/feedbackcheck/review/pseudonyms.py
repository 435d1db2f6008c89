"""Keyed hashes in place of names, addresses and numbers.

HMAC-SHA-256 under a key that lies beside the store and can be thrown away: without it nobody can test whether a given
person is in the store. Equal people get equal pseudonyms under one key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from feedbackcheck.errors import UsageError

if TYPE_CHECKING:
    from feedbackcheck.review.reading import Facts

__all__ = ["content_key", "key_file", "new_key", "pseudonym", "pseudonyms", "read_key"]


def key_file(store: Path) -> Path:
    """Where the key of a store lies."""
    return store.with_name(store.name + ".key")


def new_key() -> bytes:
    return os.urandom(32)


def read_key(store: Path, *, create: bool) -> bytes:
    """The key of a store.

    Args:
        create: make one, for a store that is new.

    Raises:
        UsageError: it was thrown away (or never there), or cannot be written.
    """
    file = key_file(store)
    if file.is_file():
        try:
            return bytes.fromhex(file.read_text("ascii").strip())
        except (ValueError, OSError):
            raise UsageError("Nøkkelfilen kan ikke leses", where=str(file)) from None
    if not create:
        raise UsageError(
            "Nøkkelen til lageret er borte, så det kan ikke utvides eller søkes i",
            where=str(file),
            fix="Rapporter kan fortsatt lages av det. Begynn et nytt lager for ny post; skal en person slettes, må hele lageret slettes.",
        )
    key = new_key()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(key.hex() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise UsageError(f"Kan ikke skrive nøkkelfilen: {error.strerror}", where=str(file)) from None
    return key


def _normal(value: str) -> str:
    words = re.sub(r"[\s,]+", " ", value.strip().strip("<>")).casefold()
    # «Nordmann, Kari» and «Kari Nordmann» are one person.
    return words if "@" in words else " ".join(sorted(words.split()))


def pseudonym(value: str, key: bytes) -> str:
    """16 hexadecimal digits that stand for a person, address or number."""
    return hmac.digest(key, _normal(value).encode(), "sha256").hex()[:16]


def pseudonyms(facts: Facts, key: bytes) -> tuple[str | None, tuple[str, ...]]:
    """The pseudonym of the sender, and of everything by which the recipient can be found."""
    sender = pseudonym(facts.sender, key) if facts.sender else None
    return sender, tuple(dict.fromkeys(pseudonym(p, key) for p in facts.people if p.strip()))


def content_key(data: bytes, key: bytes) -> int:
    """64 bits that identify a message by its bytes, under the store's key (as a signed integer)."""
    digest = hashlib.blake2b(data, digest_size=8, key=key[:32]).digest()
    return int.from_bytes(digest, "big", signed=True)
