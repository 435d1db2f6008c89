"""Writing files so that nothing is lost when the disk is full or the process is killed."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from feedbackcheck.errors import UsageError, reason

__all__ = ["write_atomically"]


def write_atomically(file: Path, data: bytes) -> None:
    """Replace ``file`` by ``data`` in one step; on any failure the old file stands untouched.

    A symbolic link is followed, and permissions of an existing file are kept. What is no file (``/dev/stdout``, a named
    pipe) is written to as it is.

    Raises:
        UsageError: the file cannot be written (no rights, no room …).
    """
    temporary = None
    try:
        target = file.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            # A device or a pipe must never be replaced by a file.
            with target.open("wb", buffering=0) as stream:
                stream.write(data)
            return
        if target.is_file() and not os.access(target, os.W_OK):
            # Its folder would let us replace it, but somebody has said no.
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        else:
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except BaseException as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        # A ring of symbolic links is a RuntimeError before Python 3.13.
        if not isinstance(error, (OSError, RuntimeError)):
            raise
        raise UsageError(
            f"Kan ikke skrive filen: {reason(error)}",
            where=str(file),
            fix="Den gamle filen er urørt.",
        ) from None
