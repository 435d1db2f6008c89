"""``feedbackcheck suggest``: a revised draft with personalised alternatives."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from feedbackcheck.cli import exit_codes
from feedbackcheck.cli.options import ModeOption, StageOption, facts_given

if TYPE_CHECKING:
    from feedbackcheck.message import Context, Message
    from feedbackcheck.suggest.revise import Edit, Revision

__all__ = ["register"]


class FormatOption(StrEnum):
    """Values of ``--output-format``."""

    TEXT = "text"
    DIFF = "diff"
    JSON = "json"
    HTML = "html"


def suggest(
    path: Annotated[
        str | None, typer.Argument(help="Utkastet; - leser standard inn. Kan utelates med --stage telefon.")
    ] = None,
    stage: Annotated[
        StageOption | None, typer.Option(help="Hvor langt kandidaten kom; telefon gir et ringemanus.")
    ] = None,
    mode: Annotated[ModeOption | None, typer.Option(help="Ferdig melding eller mal.")] = None,
    context: Annotated[
        Path | None, typer.Option(help="Fil med opplysninger om kandidaten (JSON, YAML, TOML).")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Kandidatens navn.")] = None,
    company: Annotated[str | None, typer.Option(help="Virksomheten.")] = None,
    position: Annotated[str | None, typer.Option(help="Stillingen.")] = None,
    sender: Annotated[str | None, typer.Option(help="Den som undertegner.")] = None,
    applicants: Annotated[int | None, typer.Option(help="Antall søkere.", min=0)] = None,
    deadline: Annotated[str | None, typer.Option(help="Søknadsfrist, ÅÅÅÅ-MM-DD.")] = None,
    interviewed_on: Annotated[str | None, typer.Option(help="Intervjudato, ÅÅÅÅ-MM-DD.")] = None,
    decided_on: Annotated[str | None, typer.Option(help="Dato for beslutningen, ÅÅÅÅ-MM-DD.")] = None,
    sent_on: Annotated[str | None, typer.Option(help="Sendedato, ÅÅÅÅ-MM-DD.")] = None,
    requirement: Annotated[list[str] | None, typer.Option(help="Et krav i utlysningen; kan gjentas.")] = None,
    note: Annotated[list[str] | None, typer.Option(help="Et notat om kandidaten; kan gjentas.")] = None,
    advert: Annotated[Path | None, typer.Option(help="Fil med utlysningsteksten.")] = None,
    detail_wanted: Annotated[str | None, typer.Option(help="short eller full.")] = None,
    called_first: Annotated[bool | None, typer.Option(help="Kandidaten er ringt først.")] = None,
    output_format: Annotated[
        FormatOption, typer.Option(help="Hvordan forslaget skrives.")
    ] = FormatOption.TEXT,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Gå gjennom endringene én for én.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Skriv det reviderte utkastet tilbake til filen.")
    ] = False,
    rewriter: Annotated[str, typer.Option(help="builtin eller transformers:MAPPE|NAVN.")] = "builtin",
    config: Annotated[Path | None, typer.Option(help="Konfigurasjonsfil i stedet for den nærmeste.")] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Les ingen konfigurasjon.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Ingen meldinger på standard feil.")] = False,
) -> None:
    """Lag et revidert utkast med forslag til denne kandidaten."""
    from feedbackcheck.errors import UsageError

    if interactive and (
        path == "-" or (not sys.stdin.isatty() and "FEEDBACKCHECK_FORCE_INTERACTIVE" not in _environment())
    ):
        raise UsageError("--interactive krever en terminal", fix="Bruk --output-format diff i stedet.")
    if write and path in (None, "-"):
        raise UsageError("--write krever en fil")
    single = {
        "candidate_name": name, "company": company, "position": position, "sender": sender, "applicants": applicants,
        "deadline": deadline, "interviewed_on": interviewed_on, "decided_on": decided_on, "sent_on": sent_on,
        "requirements": requirement, "notes": note, "detail_wanted": detail_wanted, "called_first": called_first,
        "advert": _read_advert(advert),
    }  # fmt: skip
    given = facts_given(context, single)
    message = _message(path, given, wants_script=stage is StageOption.TELEFON)
    revision = _revise(message, stage, mode, rewriter, config, isolated, path)
    if interactive:
        from feedbackcheck.cli.suggest_steps import walk

        revision = walk(revision)
    if not quiet:
        for warning in revision.warnings:
            typer.echo(f"feedbackcheck: {warning}", err=True)
        for gap in revision.gaps:
            typer.echo(f"feedbackcheck: {gap.question}", err=True)
    if write and path is not None:
        left = _write(Path(path), message, revision)
        if not quiet:
            typer.echo(f"Skrev {path}", err=True)
        if left and not quiet:
            typer.echo(
                f"{len(left)} {'endring' if len(left) == 1 else 'endringer'} står ikke i filen, fordi koder står mellom "
                "ordene (lenker, kommentarer, mallogikk); se dem med --output-format diff:",
                err=True,
            )
            for edit in left:
                typer.echo(f"  {_in_short(revision, edit)}", err=True)
        raise typer.Exit(exit_codes.CLEAN)
    if not quiet and _has_logic(message.source):
        typer.echo(
            "feedbackcheck: Mallogikken ({% if %} og lignende) er utelatt i teksten som vises, og alle grener står etter "
            "hverandre; --write lar den stå i filen.",
            err=True,
        )
    typer.echo(_render(revision, output_format, path or "utkast"), nl=False)


def _environment() -> Any:
    import os

    return os.environ


def _read_advert(path: Path | None) -> str | None:
    if path is None:
        return None
    from feedbackcheck.errors import UsageError

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "Utlysningen kan ikke leses", where=str(path), fix="Oppgi en tekstfil i UTF-8."
        ) from error


def _message(path: str | None, context: Context, *, wants_script: bool) -> Message:
    from dataclasses import replace

    from feedbackcheck.analysis import merge_contexts
    from feedbackcheck.errors import UsageError
    from feedbackcheck.message import Message
    from feedbackcheck.sources import read_bytes, read_limited, read_stream

    if path is None:
        if not wants_script:
            raise UsageError("Ingen fil er oppgitt", fix="Oppgi utkastet, eller - for standard inn.")
        return Message.from_text("", context=context)
    if path == "-":
        messages = read_bytes(read_stream(sys.stdin.buffer), name="utkast.txt")
    else:
        messages = read_bytes(read_limited(Path(path)), name=path)
    if len(messages) > 1:
        raise UsageError(
            f"Filen holder {len(messages)} meldinger",
            where=path,
            fix="Legg utkastet i en egen fil og prøv på nytt.",
        )
    return replace(messages[0], context=merge_contexts(messages[0].context, context))


def _revise(
    message: Message, stage: StageOption | None, mode: ModeOption | None, rewriter: str, config: Path | None, isolated: bool,
    path: str | None,
) -> Revision:  # fmt: skip
    from dataclasses import replace

    from feedbackcheck.checker import Checker
    from feedbackcheck.config import Config, find_config, load_config
    from feedbackcheck.message import Mode, Stage
    from feedbackcheck.suggest.rewriter import rewriter_for
    from feedbackcheck.suggest.service import suggest_for

    rewrite = rewriter_for(rewriter)
    file = (
        config
        if config is not None
        else None
        if isolated
        else find_config(Path(path) if path and path != "-" else Path())
    )
    settings = (load_config(file) if file else Config()).settings
    settings = replace(
        settings,
        stage=Stage(stage.value) if stage else settings.stage,
        mode=Mode(mode.value) if mode else settings.mode,
        # The user says that this is a rejection by asking for a better one.
        assume_rejection=True,
    )
    return suggest_for(message, Checker(settings, suggestions=False), rewrite=rewrite)


def _has_logic(source: str) -> bool:
    from feedbackcheck.errors import SourceError
    from feedbackcheck.sources.logic import find_logic

    try:
        return any(tag.kind != "comment" for tag in find_logic(source))
    except SourceError:
        return False


def _in_short(revision: Revision, edit: Edit) -> str:
    """One line that tells which change it is."""
    from feedbackcheck.reports.base import plain

    old, new = (" ".join(t.split()) for t in (revision.original[edit.start : edit.end], edit.text))
    return plain(f"{edit.code}: «{old or '–'}» → «{new}»" if new else f"{edit.code}: «{old}» strykes")


def _write(path: Path, message: Message, revision: Revision) -> tuple[Edit, ...]:
    """Write the revised draft in the file's own format and encoding.

    Returns:
        the edits that were left out, because they would break mark-up that stands between the words.
    """
    from feedbackcheck.errors import UsageError
    from feedbackcheck.fixes import Change, write_back, write_changes

    if message.kind not in ("text", "markdown", "html", "mjml"):
        raise UsageError(
            f"--write kan ikke skrive {message.kind}-filer",
            where=str(path),
            fix="Bruk --output-format text og lim inn teksten.",
        )
    changes = [
        Change(start=e.start, end=e.end, text=e.text, code=e.code, says=e.says, unsays=e.unsays)
        for e in revision.edits
    ]
    written = write_changes(message, changes)
    write_back(path, message.source, written.source)
    return tuple(revision.edits[i] for i in written.left)


def _render(revision: Revision, how: FormatOption, name: str) -> str:
    if how is FormatOption.JSON:
        import json

        return json.dumps(revision.to_dict(), ensure_ascii=False, indent=2) + "\n"
    if how is FormatOption.DIFF:
        import difflib

        lines = difflib.unified_diff(
            revision.original.splitlines(keepends=True),
            revision.revised.splitlines(keepends=True),
            name,
            f"{name} (revidert)",
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ Ingen linjeskift på slutten\n" for line in lines
        )
    if how is FormatOption.HTML:
        from feedbackcheck.suggest.page import page

        return page(revision)
    return revision.revised if revision.revised.endswith("\n") else revision.revised + "\n"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("suggest")(suggest)
