"""Finds and reads configuration: ``feedbackcheck.toml`` or ``[tool.feedbackcheck]`` in ``pyproject.toml``.

The nearest file upward from what is checked wins; files are not merged. An unknown key or code is an error that names
the nearest known one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from feedbackcheck.errors import ConfigError, UnknownCodeError, reason
from feedbackcheck.message import Context, Mode, Severity, Stage
from feedbackcheck.settings import Settings

__all__ = ["FILE_NAMES", "Config", "check_codes", "find_config", "load_config", "read_context"]

FILE_NAMES = ("feedbackcheck.toml", ".feedbackcheck.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration file, read and checked.

    ``settings`` changes what is found; the rest changes what is done about it.
    """

    path: Path | None = None
    settings: Settings = field(default_factory=Settings)
    min_score: int | None = None
    fail_on: Severity = Severity.WARNING
    output_format: str = "full"
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    cache: bool = True
    rewriter: str = "builtin"
    #: Columns of exports for ``review``: field → column, or → "" where the exports have none.
    review_map: Mapping[str, str] = field(default_factory=dict)


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"Mente du «{near[0]}»?" if near else ""


def check_codes(codes: Sequence[str], where: str) -> tuple[str, ...]:
    """Codes or code prefixes, upper-cased; slugs are accepted too.

    Raises:
        UnknownCodeError: no rule has that code, prefix or slug; names the nearest.
    """
    from feedbackcheck.rules import codes as all_codes
    from feedbackcheck.rules.base import catalogue

    known = all_codes()
    out = []
    for raw in codes:
        code = raw.strip()
        if not code:
            continue
        if code.upper() == "ALL":
            out.append("")
            continue
        if any(k.startswith(code.upper()) for k in known):
            out.append(code.upper())
            continue
        slugs = {str(d["name"]): c for c, d in catalogue().items()}
        if code.lower() in slugs:
            out.append(slugs[code.lower()])
            continue
        prefixes = {k[:3] for k in known}
        hint = _nearest(code.upper(), [*known, *prefixes]) or _nearest(code.lower(), slugs)
        raise UnknownCodeError(
            f"Ukjent regelkode «{code}»", where=where, fix=hint or "Se alle med «feedbackcheck rules»."
        )
    return tuple(out)


def find_config(start: Path) -> Path | None:
    """The nearest configuration file in ``start`` (a folder or a file's folder) or above it."""
    folder = start.resolve() if start.is_dir() else start.resolve().parent
    for parent in (folder, *folder.parents):
        for name in FILE_NAMES:
            file = parent / name
            try:
                there = file.is_file()
            except PermissionError:
                continue  # a closed folder: what is wrong is told where its files are read
            try:
                if there and (name != "pyproject.toml" or b"[tool.feedbackcheck" in file.read_bytes()):
                    return file
            except OSError as error:
                raise ConfigError(
                    f"Kan ikke lese konfigurasjonen: {reason(error)}", where=str(file)
                ) from None
    return None


def load_config(file: Path) -> Config:
    """Read one configuration file.

    Raises:
        ConfigError: it cannot be read, is not TOML, or has an unknown key or a value of the wrong kind.
    """
    import tomllib

    try:
        data = tomllib.loads(file.read_text("utf-8-sig"))  # editors on Windows write a mark first
    except OSError as error:
        raise ConfigError(f"Kan ikke lese konfigurasjonen: {reason(error)}", where=str(file)) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"Ikke gyldig TOML: {error}", where=str(file)) from None
    if file.name == "pyproject.toml":
        tool = data.get("tool", {})
        data = tool.get("feedbackcheck", {}) if isinstance(tool, dict) else {}
        if not isinstance(data, dict):
            raise ConfigError("«tool.feedbackcheck» må være en tabell", where=str(file))
    return _build(data, file)


def _build(data: Mapping[str, Any], file: Path) -> Config:
    where = str(file)
    settings: dict[str, Any] = {}
    other: dict[str, Any] = {}

    def wrong(key: str, wanted: str) -> ConfigError:
        return ConfigError(f"«{key}» må være {wanted}, ikke {data[key]!r}", where=where)

    def strings(key: str) -> tuple[str, ...]:
        value = data[key]
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise wrong(key, "en liste av tekster")
        return tuple(value)

    def codes(key: str) -> None:
        settings[key] = check_codes(strings(key), f"{where}, «{key}»")

    def choice(key: str, values: Sequence[str]) -> str:
        value = data[key]
        if value not in values:
            raise wrong(key, "en av " + ", ".join(values))
        return str(value)

    def boolean(key: str) -> bool:
        if not isinstance(data[key], bool):
            raise wrong(key, "true eller false")
        return bool(data[key])

    def number(key: str, low: int, high: int) -> int:
        value = data[key]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise wrong(key, f"et helt tall fra {low} til {high}")
        return value

    def per_file(key: str) -> None:
        value = data[key]
        if not isinstance(value, dict):
            raise wrong(key, "en tabell {mønster = [koder]}")
        listed = {glob: [c] if isinstance(c, str) else c for glob, c in value.items()}
        if not all(isinstance(c, list) and all(isinstance(x, str) for x in c) for c in listed.values()):
            raise wrong(key, "en tabell {mønster = [koder]}")
        settings["per_file_ignores"] = {
            glob: check_codes(c, f"{where}, «{key}»") for glob, c in listed.items()
        }

    def context(key: str) -> None:
        if not isinstance(data[key], dict):
            raise wrong(key, "en tabell")
        settings["context"] = Context.from_mapping(data[key], where=f"{where}, «{key}»")

    def review(key: str) -> None:
        value = data[key]
        if not isinstance(value, dict):
            raise wrong(key, "en tabell")
        for inner in value:
            if inner != "map":
                raise ConfigError(f"Ukjent nøkkel «{key}.{inner}»", where=where, fix=_nearest(inner, ["map"]))
        columns = value.get("map", {})
        if not isinstance(columns, dict) or not all(isinstance(c, str) for c in columns.values()):
            raise ConfigError(f"«{key}.map» må være en tabell {{felt = kolonne}}", where=where)
        other["review_map"] = columns

    readers: dict[str, Callable[[str], Any]] = {
        "stage": lambda k: settings.update(stage=Stage(choice(k, [s.value for s in Stage]))),
        "mode": lambda k: settings.update(mode=Mode(choice(k, [m.value for m in Mode]))),
        "lang": lambda k: settings.update(language=choice(k, ["auto", "nb", "nn"])),
        "select": codes,
        "extend_select": codes,
        "ignore": codes,
        "per_file_ignores": per_file,
        "late_after_days": lambda k: settings.update(late_after_days=number(k, 1, 3650)),
        "recogniser": lambda k: settings.update(recogniser=boolean(k)),
        "syntax": lambda k: settings.update(syntax=boolean(k)),
        "language_model": lambda k: settings.update(language_model=_text(data, k, wrong)),
        "rule_packs": lambda k: settings.update(rule_packs=tuple(file.parent / p for p in strings(k))),
        "context": context,
        "min_score": lambda k: other.update(min_score=number(k, 0, 100)),
        "fail_on": lambda k: other.update(fail_on=Severity(choice(k, [s.value for s in Severity]))),
        "output_format": lambda k: other.update(output_format=choice(k, FORMATS)),
        "exclude": lambda k: other.update(exclude=strings(k)),
        "baseline": lambda k: other.update(baseline=file.parent / _text(data, k, wrong)),
        "cache": lambda k: other.update(cache=boolean(k)),
        "rewriter": lambda k: other.update(rewriter=_text(data, k, wrong)),
        "review": review,
    }
    for key in data:
        name = key.replace("-", "_")
        if name not in readers:
            raise ConfigError(f"Ukjent nøkkel «{key}»", where=where, fix=_nearest(name, readers))
        if name != key:
            data = {**data, name: data[key]}
        readers[name](name)
    return Config(path=file, settings=Settings(**settings), **other)


def _text(data: Mapping[str, Any], key: str, wrong: Callable[[str, str], ConfigError]) -> str:
    if not isinstance(data[key], str) or not data[key].strip():
        raise wrong(key, "tekst")
    return str(data[key])


FORMATS = ("full", "concise", "json", "jsonl", "sarif", "github", "junit", "markdown", "html")


def read_context(file: Path) -> Context:
    """Read a context file: JSON, YAML or TOML by its suffix.

    Raises:
        ContextError: it cannot be read or does not hold a table of facts.
    """
    from feedbackcheck.errors import ContextError

    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise ContextError(f"Kan ikke lese konteksten: {reason(error)}", where=str(file)) from None
    except UnicodeDecodeError:
        raise ContextError("Konteksten er ikke UTF-8", where=str(file)) from None
    suffix = file.suffix.lower()
    try:
        if suffix == ".json":
            import json

            data = json.loads(text)
        elif suffix == ".toml":
            import tomllib

            data = tomllib.loads(text)
        else:
            import yaml

            data = yaml.safe_load(text)
    except (ValueError, RecursionError) as error:
        raise ContextError(
            f"Ikke gyldig {suffix.lstrip('.') or 'YAML'}: {_first_line(error)}", where=str(file)
        ) from None
    except Exception as error:
        # yaml.YAMLError is no ValueError, and importing yaml to name it would cost every other format.
        if type(error).__module__.startswith("yaml"):
            raise ContextError(f"Ikke gyldig YAML: {_first_line(error)}", where=str(file)) from None
        raise
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise ContextError("Konteksten må være en tabell av opplysninger", where=str(file))
    if isinstance(data.get("context"), dict):
        data = {**{k: v for k, v in data.items() if k != "context"}, **data["context"]}
    return Context.from_mapping(data, where=str(file))


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def with_settings(config: Config, **changes: Any) -> Config:
    """The configuration with some settings replaced (the command line wins over the file)."""
    return replace(config, settings=replace(config.settings, **changes))
