"""The columns of exports for ``feedbackcheck review``: taken from options and configuration, else guessed, else asked for.

At a terminal a person is asked where the guess is in doubt, and the answers can go into the configuration. Elsewhere
nothing is asked: what is in doubt or missing is told on stderr, with the option that says it.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from feedbackcheck.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from feedbackcheck.review.survey import Survey

__all__ = ["settle", "with_map"]

#: Columns shown; a table may have thousands.
_SHOWN = 60


def settle(
    sources: Sequence[str],
    *,
    kind: str,
    given: Mapping[str, str],
    soft: Mapping[str, str],
    wizard: bool = False,
    quiet: bool = False,
    config: Path | None = None,
) -> dict[str, str]:
    """Field → column (or "" for none) for the tables among the sources.

    Args:
        kind: ``--source-type``.
        given: ``--map``.
        soft: ``[review.map]`` of the configuration; columns that a table lacks are passed over.
        wizard: ask even where nothing is in doubt.
        config: where answers are offered to be written; None: nowhere.

    Raises:
        UsageError: ``wizard`` without a terminal or a table, or two tables that need different answers.
        SourceError: a source cannot be read.
    """
    from feedbackcheck.review.columns import fitting
    from feedbackcheck.review.survey import survey

    asks = sys.stdin.isatty() and sys.stderr.isatty()
    if wizard and not asks:
        raise UsageError(
            "Veiviseren trenger en terminal å spørre i", where="--wizard", fix="Bruk --map FELT=KOLONNE."
        )
    surveys = [s for spec in sources for s in survey(spec, kind=kind, mapping=given, soft=soft)]
    if not surveys:
        if wizard:
            raise UsageError(
                "Kilden har ingen kolonner å velge", where="--wizard", fix="E-post trenger ingen."
            )
        return dict(given)
    # What the configuration says counts where every table has that column.
    said = [fitting(soft, s.headers) for s in surveys]
    common = {f: c for f, c in soft.items() if all(f in one for one in said)}
    mapping = {**common, **given}
    if any(c and not any(c in s.headers for s in surveys) for c in given.values()):
        return mapping  # the source says which column it lacks
    if asks and (wizard or any("text" in s.doubts for s in surveys)):
        answers = _ask_all(surveys, mapping)
        # That a table lacks what no column was guessed for need not be said.
        guessed = surveys[0].guess.columns
        _repeat(sources, kind, {f: c for f, c in answers.items() if c or f in guessed})
        if config is not None:
            _offer(config, answers)
        return answers
    if not quiet:
        for one in surveys:
            _tell(one, asks=asks)
    return mapping


def _say(text: str = "") -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _tell(survey: Survey, *, asks: bool) -> None:
    """What is in doubt or missing, in as few lines as it takes."""
    from feedbackcheck.review.columns import column_list

    if not survey.doubts and not survey.missing:
        return
    used = ", ".join(f"{f}=«{c}»" for f, c in survey.guess.columns.items())
    _say(f"feedbackcheck: {survey.where}: leser {used or 'ingen kolonner'}.")
    for field, why in survey.doubts.items():
        _say(f"  I tvil om {field}: {why}.")
    if missing := [f for f in survey.missing if f not in survey.doubts]:
        _say(f"  Fant ingen kolonne for: {', '.join(missing)}.")
    taken = set(survey.guess.columns.values())
    rest = [h for h in survey.headers if h not in taken]
    advice = "Kjør med --wizard for å velge, eller si" if asks else "Si"
    tail = f" Andre kolonner: {column_list(rest)}." if rest else ""
    _say(f"  {advice} det med --map FELT=KOLONNE; «--map FELT=» når tabellen ikke har noen.{tail}")


# -- the dialogue


def _line(prompt: str) -> str:
    """An answer.

    Raises:
        KeyboardInterrupt: the terminal was closed.
    """
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        _say()
        raise KeyboardInterrupt
    return line.strip()


def _yes(prompt: str) -> bool:
    while True:
        answer = _line(f"{prompt} [J/n] ").casefold()
        if answer in ("", "j", "ja", "y", "yes"):
            return True
        if answer in ("n", "nei", "no"):
            return False
        _say("Svar j eller n.")


def _ask_all(surveys: Sequence[Survey], mapping: Mapping[str, str]) -> dict[str, str]:
    """Ask about each layout of tables once; one mapping must fit them all."""
    first = _ask(surveys[0], mapping)
    for other in surveys[1:]:
        lacking = [c for c in first.values() if c and c not in other.headers]
        if lacking:
            raise UsageError(
                f"Har ikke kolonnen «{lacking[0]}», som {surveys[0].where} har",
                where=other.where,
                fix="Ta kildene hver for seg, med samme --store.",
            )
    return first


def _ask(survey: Survey, mapping: Mapping[str, str]) -> dict[str, str]:
    from feedbackcheck.review.columns import titles

    count = len(survey.columns)
    _say(
        f"\n{survey.where} har {count} kolonne{'' if count == 1 else 'r'}. Navn, adresser og tall er skjult i eksemplene.\n"
    )
    _show(survey)
    _say(
        "\nHvilken kolonne er hva? Enter tar forslaget i klammer, et nummer eller et navn velger en annen,\n"
        "«-» betyr at tabellen ikke har det, og «?» viser kolonnene igjen. Ctrl-C avbryter.\n"
    )
    while True:
        answers: dict[str, str] = {}
        for field, title in titles().items():
            answers[field] = _choose(survey, field, title, mapping, answers)
        # What is not asked about stays as it was guessed or given, where its column is still free.
        chosen = set(answers.values())
        rest = {
            f: c
            for f, c in {**survey.guess.columns, **mapping}.items()
            if f not in answers and (not c or c not in chosen)
        }
        answers |= rest
        _say()
        for field, column in answers.items():
            if column or field in titles():
                _say(f"  {field:18} {column or '–'}")
        if _yes("\nStemmer dette?"):
            return answers


def _show(survey: Survey) -> None:
    shown = [c for c in survey.columns if c.look != "tom"][:_SHOWN]
    numbers = {c.name: i for i, c in enumerate(survey.columns, start=1)}
    wide = max([len(c.name[:30]) for c in shown], default=0)
    looks = max([len(c.look) for c in shown], default=0)
    for c in shown:
        _say(f"  {numbers[c.name]:>3}  {c.name[:30]:{wide}}  {c.look:{looks}}  {c.sample}".rstrip())
    if rest := len(survey.columns) - len(shown):
        _say(f"       … og {rest} til, tomme eller lengre ut; de kan velges ved navn")


def _choose(
    survey: Survey, field: str, title: str, mapping: Mapping[str, str], answers: Mapping[str, str]
) -> str:
    """The column of a field."""
    names = survey.headers
    proposal = mapping.get(field, survey.guess.columns.get(field, ""))
    if (
        field == "text"
        and field not in mapping
        and (not proposal or field in survey.doubts)
        and survey.letters
    ):
        proposal = survey.letters
    if proposal in answers.values():
        proposal = ""
    doubt = f" (usikkert: {survey.doubts[field]})" if field in survey.doubts and field not in mapping else ""
    number = f"{names.index(proposal) + 1} {proposal}" if proposal in names else "-"
    while True:
        answer = _line(f"{title} ({field}){doubt} [{number}]: ")
        column = proposal if not answer else _column(names, answer)
        if answer == "?":
            _show(survey)
        elif answer == "-" or column == "":
            if field != "text":
                return ""
            _say("Brevteksten må finnes.")
        elif column is None:
            import difflib

            near = difflib.get_close_matches(answer, names, n=1, cutoff=0.5)
            _say(f"Ingen kolonne «{answer}».{f' Mente du «{near[0]}»?' if near else ''}")
        elif (other := next((f for f, c in answers.items() if c == column), None)) is not None:
            _say(f"«{column}» er alt valgt som {other}.")
        else:
            return column


def _column(names: Sequence[str], answer: str) -> str | None:
    """The column with this name or number; None if there is none."""
    if answer in names:
        return answer
    if answer.isdigit() and 1 <= int(answer) <= len(names):
        return names[int(answer) - 1]
    alike = [n for n in names if n.casefold() == answer.casefold()]
    return alike[0] if len(alike) == 1 else None


def _repeat(sources: Sequence[str], kind: str, answers: Mapping[str, str]) -> None:
    typed = [] if kind == "auto" else ["--source-type", kind]
    options = [part for field, column in answers.items() for part in ("--map", f"{field}={column}")]
    command = shlex.join(["feedbackcheck", "review", *sources, *typed, *options])
    _say(f"\nDet samme uten spørsmål:\n  {command}")


# -- into the configuration


def _offer(config: Path, answers: Mapping[str, str]) -> None:
    if not _yes(f"Skrive kolonnene til {config}, så du ikke blir spurt neste gang?"):
        return
    from feedbackcheck.config import load_config
    from feedbackcheck.files import write_atomically

    before = config.read_text("utf-8") if config.is_file() else ""
    after = with_map(before, answers, table=_table_of(config))
    write_atomically(config, after.encode())
    try:
        written = load_config(config).review_map
    except ConfigError:
        written = {}
    if dict(written) != dict(answers):
        write_atomically(config, before.encode())
        raise ConfigError(
            "Kolonnene kunne ikke skrives inn i filen",
            where=str(config),
            fix=f"Skriv dem selv under [{_table_of(config)}].",
        )
    _say(f"Skrev {config}.\n")


def _table_of(config: Path) -> str:
    return "tool.feedbackcheck.review.map" if config.name == "pyproject.toml" else "review.map"


def with_map(text: str, columns: Mapping[str, str], *, table: str = "review.map") -> str:
    """A TOML file's text with this table in it, in place of an older one; everything else stays as it was."""
    import json

    lines = [f"[{table}]", *(f"{f} = {json.dumps(c, ensure_ascii=False)}" for f, c in columns.items())]
    block = "\n".join(lines) + "\n"
    dotted = r"[ \t]*\.[ \t]*".join(map(re.escape, table.split(".")))
    header = re.compile(rf"^[ \t]*\[[ \t]*{dotted}[ \t]*\][^\n]*\n?", re.MULTILINE)
    found = header.search(text)
    if found is None:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return text + gap + block
    following = re.compile(r"^[ \t]*\[|^[ \t]*#", re.MULTILINE).search(text, found.end())
    end = following.start() if following is not None else len(text)
    return text[: found.start()] + block + ("\n" if following is not None else "") + text[end:]
