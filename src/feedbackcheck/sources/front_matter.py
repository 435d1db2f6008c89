"""YAML (``---``) or TOML (``+++``) front matter: facts about the candidate, stage and mode, and ignores."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from feedbackcheck.errors import ContextError, MalformedSourceError
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Context, Mode
from feedbackcheck.sources.directives import Comment

__all__ = ["FrontMatter", "read_front_matter"]

_YAML = lazy_re(r"\A---[ \t]*\r?\n(?P<body>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = lazy_re(r"\A\+\+\+[ \t]*\r?\n(?P<body>.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY_LINE = lazy_re(r"\A---[ \t]*\r?\n(?:[ \t]*#[^\n]*\n|[ \t]*\r?\n)*[\w\"'-]+[ \t]*:")
_HASH = lazy_re(r"#[ \t]*(feedbackcheck:[^\n\r]*)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """``end``: source offset where the letter begins."""

    end: int = 0
    context: Context = field(default_factory=Context)
    mode: Mode | None = None
    language: str | None = None
    comments: tuple[Comment, ...] = ()
    ignore: tuple[str, ...] = ()


def read_front_matter(source: str, *, name: str = "") -> FrontMatter:
    """Front matter at the very top of ``source``; empty if there is none.

    Raises:
        MalformedSourceError: it begins and never ends, or is no valid YAML or TOML; names the line.
        ContextError: a known key has a value of the wrong kind.
    """
    opener = source[:3]
    if opener not in ("---", "+++"):
        return FrontMatter()
    match = (_YAML if opener == "---" else _TOML).match(source)
    if match is None:
        # A letter may begin with a drawn line; front matter has a key on the next one.
        if opener == "+++" or _KEY_LINE.match(source):
            raise MalformedSourceError(
                f"Linje 1: forhåndsdata («{opener}») er ikke avsluttet med «{opener}»", where=name or None,
                fix=f"Avslutt med en linje som bare er «{opener}».",
            )  # fmt: skip
        return FrontMatter()
    body = match["body"]
    data = _yaml(body, name) if opener == "---" else _toml(body, name)
    if data is None:
        return FrontMatter()
    comments = tuple(
        Comment(match.start("body") + m.start(), match.start("body") + m.end(), m[1])
        for m in _HASH.finditer(body)
    )
    return _build(data, match.end(), comments, name)


def _yaml(body: str, name: str) -> dict[str, Any] | None:
    import yaml

    try:
        data = yaml.safe_load(body)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        raise MalformedSourceError(
            f"Linje {line}: forhåndsdata er ikke gyldig YAML",
            where=name or None,
            fix="Rett opp eller fjern dem.",
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MalformedSourceError(
            f"Forhåndsdata er ikke gyldig YAML ({str(error).splitlines()[0][:80]})",
            where=name or None,
            fix="Rett opp eller fjern dem.",
        ) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        if isinstance(data, str):
            return None  # prose between two drawn lines
        raise MalformedSourceError(
            "Forhåndsdata må være nøkler og verdier", where=name or None, fix="Skriv «nøkkel: verdi»."
        )
    return data


def _toml(body: str, name: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(body.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"Linje {int(line[1]) + 1}: " if line else ""
        what = re.sub(r"\s*\(at line.*", "", str(error))
        raise MalformedSourceError(
            f"{place}forhåndsdata er ikke gyldig TOML ({what})",
            where=name or None,
            fix="Rett opp eller fjern dem.",
        ) from None


def _build(data: dict[str, Any], end: int, comments: tuple[Comment, ...], name: str) -> FrontMatter:
    values = {str(k): v for k, v in data.items()}
    own = values.pop("feedbackcheck", None)
    ignore: tuple[str, ...] = ()
    if own is not None:
        if not isinstance(own, dict):
            raise ContextError("«feedbackcheck» i forhåndsdata må være nøkler og verdier", where=name or None)
        nested = own.get("context")
        values = {
            **values,
            **{str(k): v for k, v in own.items() if k != "context"},
            **(nested if isinstance(nested, dict) else {}),
        }
    raw_ignore = values.pop("ignore", None)
    if isinstance(raw_ignore, str):
        ignore = tuple(c for c in re.split(r"[\s,]+", raw_ignore) if c)
    elif isinstance(raw_ignore, list):
        ignore = tuple(str(c) for c in raw_ignore)
    mode = values.pop("mode", None)
    if mode is not None and mode not in ("message", "template"):
        raise ContextError(f"«mode» må være message eller template, ikke {mode!r}", where=name or None)
    nested = values.pop("context", None)
    if isinstance(nested, dict):
        values.update({str(k): v for k, v in nested.items()})
    language = values.pop("lang", values.pop("language", None))
    if not isinstance(language, str) or language.lower()[:2] not in ("nb", "nn"):
        language = None  # «no» does not say which of the two
    context = Context.from_mapping(values, where=name or "forhåndsdata")
    return FrontMatter(
        end,
        context,
        Mode(mode) if mode else None,
        language.lower()[:2] if language else None,
        comments,
        ignore,
    )
