"""IMAP: ``imaps://user@host[:port]/Folder``, read-only (EXAMINE), message by message.

The password comes from ``FEEDBACKCHECK_IMAP_PASSWORD``, else the system's keyring (service «feedbackcheck», the address as
user), else a prompt.
``imap://`` without encryption is only for this machine itself.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from feedbackcheck.errors import MissingExtraError, SourceError, UsageError
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.sources.squeeze import Collector

__all__ = ["open_source"]

_PASSWORD = "FEEDBACKCHECK_IMAP_PASSWORD"
_CA = "FEEDBACKCHECK_IMAP_CA"
_CHUNK = 50
_WHOLE = 1 << 20
#: A larger mail is fetched in pieces of this size, up to so much of it; the bulk of attachments is dropped on the way.
_PART = 4 << 20
_MOST = 32 << 20
_TIMEOUT = 60.0
#: Seconds before each new try after the connection broke with nothing read since the last.
_PAUSES = (0.5, 2.0, 8.0)


class Imap:
    """One folder of an account."""

    resumes = True

    def __init__(self, spec: str) -> None:
        parts = urlsplit(spec)
        self.host, self.secure = parts.hostname or "", parts.scheme == "imaps"
        if not self.host or not parts.username:
            raise UsageError(
                "IMAP-adressen må ha bruker og tjener",
                where=_shown(spec),
                fix="Eksempel: imaps://navn@firma.no@imap.firma.no/Sent",
            )
        if parts.password is not None:
            raise UsageError(
                "Passord hører ikke hjemme i adressen",
                where=_shown(spec),
                fix=f"Bruk nøkkelringen, {_PASSWORD} eller svar når det spørres.",
            )
        if not self.secure and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise UsageError(
                "Ukryptert IMAP er bare for denne maskinen", where=_shown(spec), fix="Bruk imaps://."
            )
        try:
            self.port = parts.port or (993 if self.secure else 143)
        except ValueError:
            raise UsageError("Porten er ikke et tall", where=_shown(spec)) from None
        self.user = unquote(parts.username)
        self.folder = unquote(parts.path.lstrip("/")) or "Sent"
        self.name = f"{parts.scheme}://{self.user}@{self.host}/{self.folder}"
        self.identity = self.name
        self.size: int | None = None
        self._done = 0
        self._validity = 0
        self._box: Any = None
        self._secret: str | None = None

    def progress(self) -> int:
        return self._done

    def _password(self) -> str:
        if (given := os.environ.get(_PASSWORD)) is not None:
            return given
        try:
            import keyring
            import keyring.errors

            try:
                stored = keyring.get_password("feedbackcheck", f"{self.user}@{self.host}")
            except keyring.errors.KeyringError:
                stored = None
            if stored is not None:
                return stored
        except ImportError:
            pass
        if not sys.stdin.isatty():
            raise UsageError(
                "Passord mangler", where=self.name, fix=f"Sett {_PASSWORD} eller legg det i nøkkelringen."
            )
        import getpass

        return getpass.getpass(f"Passord for {self.user}@{self.host}: ")

    def _open(self) -> Any:
        """The folder, opened by EXAMINE: nothing the client does can mark or change a mail."""
        if self._box is not None:
            return self._box
        try:
            import imap_tools
        except ImportError:
            raise MissingExtraError("IMAP", "review") from None
        import imaplib
        import ssl

        if self._secret is None:
            self._secret = self._password()  # asked for once, though the connection may break
        password = self._secret
        try:
            if self.secure:
                context = ssl.create_default_context(cafile=os.environ.get(_CA))
                box: Any = imap_tools.MailBox(
                    self.host, port=self.port, timeout=_TIMEOUT, ssl_context=context
                )
            else:
                box = imap_tools.MailBoxUnencrypted(self.host, port=self.port, timeout=_TIMEOUT)
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._no_contact(error) from None
        self._box = box
        try:
            box.login(self.user, password, initial_folder=None)
        except (OSError, imaplib.IMAP4.abort) as error:
            self._close()
            raise self._no_contact(error) from None
        except (imap_tools.MailboxLoginError, imaplib.IMAP4.error):
            self._close()
            raise SourceError("Tjeneren godtar ikke brukernavn og passord", where=self.name) from None
        try:
            box.folder.set(self.folder, readonly=True)
        except (OSError, imaplib.IMAP4.abort) as error:
            self._close()
            raise self._no_contact(error) from None
        except (imap_tools.MailboxFolderSelectError, imaplib.IMAP4.error):
            names = ", ".join(f.name for f in box.folder.list())[:300]
            self._close()
            raise SourceError(
                f"Har ingen mappe «{self.folder}»", where=self.name, fix=f"Mapper: {names}."
            ) from None
        validity = box.client.response("UIDVALIDITY")[1]
        self._validity = int(validity[0]) if validity and validity[0] else 0
        return box

    def _no_contact(self, error: Exception) -> SourceError:
        import ssl

        reason = "sertifikatet godtas ikke" if isinstance(error, ssl.SSLCertVerificationError) else str(error)
        return SourceError(f"Får ikke kontakt med tjeneren ({reason})", where=self.name)

    def _close(self) -> None:
        """End the session; it may be gone already."""
        gone, self._box = self._box, None
        if gone is not None:
            with contextlib.suppress(Exception):
                gone.logout()
            with contextlib.suppress(Exception):
                gone.client.shutdown()

    def accepts(self, cursor: str) -> bool:
        """True while the server keeps its numbering (UIDVALIDITY)."""
        self._open()
        return int(cursor.partition(":")[0]) == self._validity

    def items(self, after: str | None = None, known: frozenset[int] = frozenset()) -> Iterator[Item]:
        import imaplib

        last, tries, known_as = int(after.partition(":")[2]) if after else 0, 0, 0
        while True:
            try:
                box = self._open()
                if known_as in (0, self._validity):
                    known_as = self._validity
                    for uid, item in self._mails(box, last):
                        yield item
                        last, tries = uid, 0
                    return
            except (OSError, imaplib.IMAP4.error, SourceError) as error:
                if isinstance(error, SourceError) and not known_as:
                    raise
                if tries == len(_PAUSES):
                    raise SourceError(
                        f"Forbindelsen ble brutt ({type(error).__name__})",
                        where=self.name,
                        fix="Kjør på nytt; med --store fortsetter den der den slapp.",
                    ) from None
                time.sleep(_PAUSES[tries])
                tries += 1
                continue
            finally:
                self._close()
            raise SourceError(
                "Tjeneren har gitt meldingene nye numre underveis", where=self.name, fix="Kjør på nytt."
            )

    def _mails(self, box: Any, last: int) -> Iterator[tuple[int, Item]]:
        _, found = box.client.uid("SEARCH", f"UID {last + 1}:*")
        # «n:*» always holds the last mail, also when its number is lower.
        uids = [u for u in (int(x) for x in (found[0] or b"").split()) if u > last]
        self.size = self._done + len(uids)
        for start in range(0, len(uids), _CHUNK):
            chunk = uids[start : start + _CHUNK]
            sizes = self._sizes(box, chunk)
            small = [u for u in chunk if sizes.get(u, 0) <= _WHOLE]
            bodies = self._fetch(box, small, "BODY.PEEK[]") if small else {}
            for uid in chunk:
                self._done += 1
                data = bodies.get(uid)
                data = data.replace(b"\r\n", b"\n") if data is not None else None
                if data is None and uid not in small:
                    data = self._large(box, uid)
                error = None if data is not None else "tjeneren ga ingen melding"
                yield uid, Item(
                    position=f"UID {uid}", kind=ItemKind.MAIL, data=data or f"uid {uid}".encode(),
                    cursor=f"{self._validity}:{uid}", error=error,
                )  # fmt: skip

    @staticmethod
    def _sizes(box: Any, uids: list[int]) -> dict[int, int]:
        _, data = box.client.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        out = {}
        for line in data or []:
            text = (
                line if isinstance(line, bytes) else b" ".join(x for x in line or () if isinstance(x, bytes))
            )
            uid, size = re.search(rb"UID (\d+)", text), re.search(rb"RFC822\.SIZE (\d+)", text)
            if uid and size:
                out[int(uid[1])] = int(size[1])
        return out

    def _large(self, box: Any, uid: int) -> bytes | None:
        """A large mail without the bulk of its attachments."""
        collector = Collector()
        rest = b""
        for at in range(0, _MOST, _PART):
            piece = self._fetch(box, [uid], f"BODY.PEEK[]<{at}.{_PART}>").get(uid)
            if piece is None and at == 0:
                return None
            *lines, rest = (rest + (piece or b"")).split(b"\n")
            for line in lines:
                collector.add(line.removesuffix(b"\r") + b"\n")
            if len(piece or b"") < _PART:
                break
        collector.add(rest)
        return collector.take()

    @staticmethod
    def _fetch(box: Any, uids: list[int], what: str) -> dict[int, bytes]:
        _, data = box.client.uid("FETCH", ",".join(map(str, uids)), f"(UID {what})")
        out = {}
        for number, part in enumerate(data or []):
            if isinstance(part, tuple):
                rest = (
                    data[number + 1]
                    if number + 1 < len(data) and isinstance(data[number + 1], bytes)
                    else b""
                )
                uid = re.search(rb"UID (\d+)", part[0]) or re.search(rb"UID (\d+)", rest)
                if uid:
                    out[int(uid[1])] = part[1]
        return out


def _shown(spec: str) -> str:
    """The address without a password."""
    return re.sub(r"://([^/@:]*):[^@/]*@", r"://\1:…@", spec)


def open_source(spec: str, *, mapping: Mapping[str, str]) -> Imap:
    """Open a folder of an account; the connection is made at once, so that a wrong password ends the run early."""
    source = Imap(spec)
    source._open()
    return source
