"""Which files a command line means: files, folders (recursive, honouring .gitignore) and glob patterns."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from feedbackcheck.errors import SourceError

__all__ = ["SUFFIXES", "TEMPLATE_SUFFIXES", "iter_files"]

#: Suffixes that a folder walk takes.
SUFFIXES = frozenset({
    ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".mjml", ".rtf", ".docx", ".dotx", ".docm", ".dotm", ".eml", ".msg", ".oft",
    ".json", ".yaml", ".yml", ".j2", ".jinja", ".jinja2", ".njk", ".liquid", ".hbs", ".handlebars", ".mustache", ".twig", ".ejs", ".erb",
    ".tmpl", ".tpl",
})  # fmt: skip

#: Suffixes of template languages; the one before them tells the format («avslag.html.j2»).
TEMPLATE_SUFFIXES = frozenset(
    {
        ".j2",
        ".jinja",
        ".jinja2",
        ".njk",
        ".liquid",
        ".hbs",
        ".handlebars",
        ".mustache",
        ".twig",
        ".ejs",
        ".erb",
        ".tmpl",
        ".tpl",
    }
)

_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages", "build", "dist"})
# Suffixes that mostly are something else: data, and templates of programs and servers. They must hold words of a letter.
_MIXED = frozenset({".json", ".yaml", ".yml", ".tmpl", ".tpl"})
# Data files that are never templates.
_NO_TEMPLATES = frozenset(
    {
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "composer.json",
        "mkdocs.yml",
        "docker-compose.yml",
        "requirements.txt",
        "robots.txt",
        "license.txt",
    }
)
_LETTER = re.compile(
    rb"\b(?:hei|kj\xc3\xa6re|hilsen|helsing|s\xc3\xb8knad\w*|s\\u00f8knad\w*|stilling\w*|kandidat\w*|avslag\w*|takk)\b",
    re.IGNORECASE,
)


def iter_files(paths: Iterable[str | Path], exclude: Iterable[str] = ()) -> Iterator[Path]:
    """Files to check, in order, each once.

    A file that is named is taken whatever its suffix; in a folder only known suffixes, without dot-folders, ignored
    files (``.gitignore``), excluded ones, and data files that hold no letter.

    Args:
        paths: files, folders or glob patterns (``maler/**/*.html``).
        exclude: glob patterns on the path as given or on a part of it.

    Raises:
        SourceError: a path that is not there, a pattern that fits nothing, or (when all else has been yielded) a folder
            that cannot be read.
    """
    patterns = tuple(exclude)
    seen: set[str] = set()
    for given in paths:
        for path in _expand(Path(given), patterns):
            # By where it really lies: a link to a file that is checked already would have it mended twice.
            key = os.path.realpath(path)
            if key not in seen:
                seen.add(key)
                yield path


def _expand(path: Path, exclude: tuple[str, ...]) -> Iterator[Path]:
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except PermissionError:
        raise SourceError("Ingen rett til å lese", where=str(path), fix="Sjekk rettighetene.") from None
    if is_folder:
        yield from _walk(path, exclude)
    elif is_there:
        yield path
    elif any(c in str(path) for c in "*?["):
        found = False
        for match in sorted(_glob(path)):
            if match.is_file() and not _excluded(match, exclude):
                found = True
                yield match
        if not found:
            raise SourceError("Mønsteret passer ingen filer", where=str(path), fix="Sjekk stien.")
    else:
        raise SourceError("Filen finnes ikke", where=str(path), fix="Sjekk stien.")


def _glob(path: Path) -> list[Path]:
    import glob

    return [Path(p) for p in glob.glob(str(path), recursive=True)]  # noqa: PTH207 (Path.glob takes no absolute pattern)


def _excluded(path: Path, patterns: tuple[str, ...]) -> bool:
    text = path.as_posix()
    return any(
        fnmatch(text, p)
        or fnmatch(path.name, p)
        or fnmatch(text, f"*/{p}")
        or fnmatch(text, f"{p.rstrip('/')}/*")
        or fnmatch(text, f"*/{p.rstrip('/')}/*")
        for p in patterns
    )


def _walk(folder: Path, exclude: tuple[str, ...]) -> Iterator[Path]:
    ignored = _Ignores(folder)
    closed: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=closed.append):
        here = Path(root)
        ignored.enter(here)
        folders[:] = sorted(
            d for d in folders
            if not d.startswith(".") and d not in _SKIPPED_FOLDERS and not ignored(here / d, True) and not _excluded(here / d, exclude)
        )  # fmt: skip
        for name in sorted(files):
            path = here / name
            suffix = path.suffix.lower()
            if suffix not in SUFFIXES or name.startswith((".", "~$")) or name.lower() in _NO_TEMPLATES:
                continue
            if path.exists() and not path.is_file():
                continue  # a pipe or a device, which would be waited for
            if ignored(path, False) or _excluded(path, exclude):
                continue
            if suffix in _MIXED and not _holds_letter(path):
                continue
            yield path
    if closed:
        # The files beside them have been yielded: they are checked all the same.
        more = f" (og {len(closed) - 1} til)" if len(closed) > 1 else ""
        raise SourceError(
            f"Mappen kan ikke leses{more}", where=str(closed[0].filename), fix="Sjekk rettighetene."
        )


def _holds_letter(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(200_000)
    except OSError:
        return True  # the reader will say what is wrong
    return len({m.group().lower() for m in _LETTER.finditer(head)}) >= 2


class _Ignores:
    """``.gitignore`` files from the repository's top down to where the walk is."""

    def __init__(self, folder: Path) -> None:
        self.specs: list[tuple[Path, Any]] = []
        resolved = folder.resolve()
        for parent in reversed([resolved, *resolved.parents]):
            # Only files inside the repository count, and its top is where .git lies.
            if (parent / ".git").exists():
                self.specs = []
            if parent != resolved:
                self._read(parent)
        if not any((p / ".git").exists() for p in [resolved, *resolved.parents]):
            self.specs = []

    def enter(self, folder: Path) -> None:
        self._read(folder.resolve())

    def _read(self, folder: Path) -> None:
        if any(base == folder for base, _ in self.specs):
            return
        try:
            lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return
        self.specs.append((folder, _spec(lines)))

    def __call__(self, path: Path, is_folder: bool) -> bool:
        if not self.specs:
            return False
        resolved = path.absolute()
        hidden = False
        for base, spec in self.specs:
            try:
                relative = resolved.resolve().relative_to(base).as_posix()
            except ValueError:
                continue
            result = spec.check_file(relative + "/" if is_folder else relative)
            if result.include is not None:
                hidden = result.include
        return hidden


def _spec(lines: list[str]) -> Any:
    """The patterns of a ``.gitignore``. A line that is no pattern is passed over, as git does."""
    import warnings

    import pathspec

    def reads(line: str) -> bool:
        try:
            pathspec.GitIgnoreSpec.from_lines([line])
        except Exception:  # of pathspec, or of the engine it compiles the line for
            return False
        return True

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # «[[» in a pattern
        try:
            return pathspec.GitIgnoreSpec.from_lines(lines)
        except Exception:
            return pathspec.GitIgnoreSpec.from_lines(filter(reads, lines))
