"""``feedbackcheck check``: lint drafts and templates."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from feedbackcheck.cli import exit_codes
from feedbackcheck.cli.options import ModeOption, StageOption, facts_given

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from feedbackcheck.config import Config
    from feedbackcheck.filecheck import Outcome
    from feedbackcheck.message import Context
    from feedbackcheck.report import Report

__all__ = ["register"]

#: Formats made for a person's eyes; they name the files that could not be read too.
READ_ON_TERMINAL = ("full", "concise")


class LanguageOption(StrEnum):
    """Values of ``--lang``."""

    AUTO = "auto"
    NB = "nb"
    NN = "nn"


class SeverityOption(StrEnum):
    """Values of ``--fail-on``."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class FormatOption(StrEnum):
    """Values of ``--output-format``."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    JSONL = "jsonl"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    HTML = "html"


class ColourOption(StrEnum):
    """Values of ``--color``."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def check(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Filer, mapper eller mønstre; - leser standard inn.")
    ] = None,
    stage: Annotated[StageOption | None, typer.Option(help="Hvor langt kandidaten kom.")] = None,
    mode: Annotated[ModeOption | None, typer.Option(help="Ferdig melding eller mal.")] = None,
    lang: Annotated[LanguageOption | None, typer.Option(help="Målform; auto finner den ut.")] = None,
    context: Annotated[Path | None, typer.Option(help="Fil med opplysninger (JSON, YAML, TOML).")] = None,
    name: Annotated[str | None, typer.Option(help="Kandidatens navn.")] = None,
    company: Annotated[str | None, typer.Option(help="Virksomheten.")] = None,
    position: Annotated[str | None, typer.Option(help="Stillingen.")] = None,
    sender: Annotated[str | None, typer.Option(help="Den som undertegner.")] = None,
    applicants: Annotated[int | None, typer.Option(help="Antall søkere.", min=0)] = None,
    deadline: Annotated[str | None, typer.Option(help="Søknadsfrist, ÅÅÅÅ-MM-DD.")] = None,
    interviewed_on: Annotated[str | None, typer.Option(help="Intervjudato, ÅÅÅÅ-MM-DD.")] = None,
    decided_on: Annotated[str | None, typer.Option(help="Dato for beslutningen, ÅÅÅÅ-MM-DD.")] = None,
    sent_on: Annotated[str | None, typer.Option(help="Sendedato, ÅÅÅÅ-MM-DD (ellers i dag).")] = None,
    requirement: Annotated[list[str] | None, typer.Option(help="Et krav i utlysningen; kan gjentas.")] = None,
    note: Annotated[list[str] | None, typer.Option(help="Et notat om kandidaten; kan gjentas.")] = None,
    detail_wanted: Annotated[str | None, typer.Option(help="short eller full.")] = None,
    called_first: Annotated[bool | None, typer.Option(help="Kandidaten er ringt først.")] = None,
    public_sector: Annotated[bool | None, typer.Option(help="Avsenderen er et offentlig organ.")] = None,
    applicant_language: Annotated[str | None, typer.Option(help="nb eller nn, søkerens målform.")] = None,
    select: Annotated[list[str] | None, typer.Option(help="Koder eller prefikser som gjelder.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Koder eller prefikser som ikke gjelder.")] = None,
    extend_select: Annotated[
        list[str] | None, typer.Option(help="Koder i tillegg til dem som gjelder.")
    ] = None,
    per_file_ignores: Annotated[list[str] | None, typer.Option(help="MØNSTER:KODE[,KODE].")] = None,
    min_score: Annotated[
        int | None, typer.Option(help="Kode 1 når poengsummen er lavere.", min=0, max=100)
    ] = None,
    fail_on: Annotated[SeverityOption | None, typer.Option(help="Kode 1 ved funn på dette nivået.")] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Kode 0 også ved funn.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Rett det som trygt kan rettes.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Vis rettelsene uten å skrive dem.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Ta med rettelser som endrer mening litt.")
    ] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Tell funn etter regel.")] = False,
    show_files: Annotated[
        bool, typer.Option("--show-files", help="List filene som ville blitt kontrollert.")
    ] = False,
    baseline: Annotated[Path | None, typer.Option(help="Fil med kjente funn som ikke teller.")] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Skriv dagens funn til --baseline.")
    ] = False,
    config: Annotated[Path | None, typer.Option(help="Konfigurasjonsfil i stedet for den nærmeste.")] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Les ingen konfigurasjon.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Bruk ikke hurtiglageret.")] = False,
    stdin_filename: Annotated[
        str | None, typer.Option(help="Filnavnet standard inn skal regnes som.")
    ] = None,
    output_format: Annotated[FormatOption | None, typer.Option(help="Hvordan funnene skrives.")] = None,
    output_file: Annotated[
        Path | None, typer.Option("--output-file", "-o", help="Skriv hit, ikke til skjermen.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Bare funn.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Fortell hva som gjøres.")] = False,
    color: Annotated[ColourOption, typer.Option(help="Farger.")] = ColourOption.AUTO,
) -> None:
    """Kontroller utkast og maler."""
    from feedbackcheck.errors import UsageError

    single = {
        "candidate_name": name, "company": company, "position": position, "sender": sender, "applicants": applicants,
        "deadline": deadline, "interviewed_on": interviewed_on, "decided_on": decided_on, "sent_on": sent_on,
        "requirements": requirement, "notes": note, "detail_wanted": detail_wanted, "called_first": called_first,
        "public_sector": public_sector, "applicant_language": applicant_language,
    }  # fmt: skip
    job = _Job(
        context=facts_given(context, single),
        config_of=_configs(
            config, isolated, _changes(stage, mode, lang, select, ignore, extend_select, per_file_ignores)
        ),
        cache=not no_cache,
        quiet=quiet,
        verbose=verbose,
        suggestions=_needs_suggestions(output_format, fix or diff),
    )
    if not paths:
        raise UsageError("Ingen filer er oppgitt", fix="Oppgi filer eller mapper, eller - for standard inn.")
    if write_baseline and baseline is None:
        baseline = job.config_of(Path(stdin_filename or paths[0])).baseline or Path(
            "feedbackcheck-baseline.json"
        )
    if "-" in paths:
        if len(paths) > 1:
            raise UsageError("- kan ikke stå sammen med filer")
        if fix or diff:
            raise UsageError("--fix og --diff krever filer, ikke standard inn")
        outcomes: list[Outcome] = [job.standard_input(stdin_filename)]
    else:
        files, missing = job.expand(paths)
        if show_files:
            for file in files:
                typer.echo(str(file))
            raise typer.Exit(exit_codes.ERROR if missing else exit_codes.CLEAN)
        if not files and not missing:
            job.tell("Ingen filer å kontrollere.")
            raise typer.Exit(exit_codes.CLEAN)
        outcomes = [*missing, *job.files(files)]
    main_config = job.config_of(Path(stdin_filename or paths[0]))
    if fix or diff:
        outcomes = job.fix(outcomes, diff=diff, unsafe=unsafe_fixes)
    reports = [r for o in outcomes for r in o.reports]
    failures = [o.failure for o in outcomes if o.failure]
    known = baseline or main_config.baseline
    if write_baseline and known is not None:
        from feedbackcheck.baseline import Baseline

        checked = [o.path for o in outcomes if not o.failure]
        Baseline.of(reports, known.resolve().parent).with_others(known, checked).write(known)
        job.tell(f"Skrev {sum(len(r.findings) for r in reports)} kjente funn til {known}")
        job.failures(outcomes)
        raise typer.Exit(exit_codes.ERROR if failures else exit_codes.CLEAN)
    if known is not None:
        from feedbackcheck.baseline import Baseline

        reports, stale = Baseline.read(known).apply(reports, known.resolve().parent)
        if stale:
            job.tell(
                f"{stale} innslag i {known} gjelder ikke lenger; skriv den på nytt med --write-baseline."
            )
    chosen = output_format.value if output_format else main_config.output_format
    if not diff:
        _print(reports, failures, chosen, output_file, statistics=statistics, color=color.value, quiet=quiet)
    if diff or not (chosen in READ_ON_TERMINAL and output_file is None and _one_terminal()):
        job.failures(outcomes)
    if failures:
        raise typer.Exit(exit_codes.ERROR)
    if exit_zero:
        raise typer.Exit(exit_codes.CLEAN)
    limit = fail_on.value if fail_on else main_config.fail_on.value
    lowest = min_score if min_score is not None else main_config.min_score
    raise typer.Exit(_verdict(reports, limit, lowest))


def _needs_suggestions(output_format: FormatOption | None, fixing: bool) -> bool:
    return fixing or output_format not in (FormatOption.CONCISE, FormatOption.GITHUB, FormatOption.JUNIT)


def _changes(
    stage: StageOption | None,
    mode: ModeOption | None,
    lang: LanguageOption | None,
    select: list[str] | None,
    ignore: list[str] | None,
    extend_select: list[str] | None,
    per_file_ignores: list[str] | None,
) -> dict[str, Any]:
    """The settings that options replace."""
    from feedbackcheck.config import check_codes
    from feedbackcheck.errors import UsageError
    from feedbackcheck.message import Mode, Stage

    changes: dict[str, Any] = {}
    if stage is not None:
        # Who names the stage says that this is a rejection.
        changes |= {"stage": Stage(stage.value), "assume_rejection": True}
    if mode is not None:
        changes["mode"] = Mode(mode.value)
    if lang is not None:
        changes["language"] = lang.value
    for key, values in (("select", select), ("ignore", ignore), ("extend_select", extend_select)):
        if values:
            split = [c for v in values for c in v.split(",")]
            changes[key] = check_codes(split, f"--{key.replace('_', '-')}")
    if per_file_ignores:
        table: dict[str, tuple[str, ...]] = {}
        for item in per_file_ignores:
            glob, colon, codes = item.rpartition(":")
            if not colon or not glob:
                raise UsageError(f"«{item}» må ha formen MØNSTER:KODE", where="--per-file-ignores")
            table[glob] = check_codes(codes.split(","), "--per-file-ignores")
        changes["per_file_ignores"] = table
    return changes


def _configs(given: Path | None, isolated: bool, changes: dict[str, Any]) -> Callable[[Path], Config]:
    """Configuration of a file: the nearest upward, or the one given, with the options on top."""
    return _ConfigFinder(given, isolated, changes)


class _ConfigFinder:
    """Finds each folder's configuration once. A class, so that worker processes can be sent one."""

    def __init__(self, given: Path | None, isolated: bool, changes: dict[str, Any]) -> None:
        self.given, self.isolated, self.changes = given, isolated, changes
        self.by_folder: dict[Path, Path | None] = {}
        self.by_file: dict[Path | None, Config] = {}

    def __call__(self, path: Path) -> Config:
        from feedbackcheck.config import find_config

        if self.given is not None or self.isolated:
            return self._load(None if self.isolated else self.given)
        folder = path if _is_folder(path) else path.parent
        if folder not in self.by_folder:
            self.by_folder[folder] = find_config(folder)
        return self._load(self.by_folder[folder])

    def _load(self, file: Path | None) -> Config:
        from datetime import date

        from feedbackcheck.config import Config, load_config, with_settings

        if file not in self.by_file:
            base = load_config(file) if file else Config()
            self.by_file[file] = with_settings(base, today=date.today(), **self.changes)
        return self.by_file[file]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except PermissionError:
        return False


class _Job:
    """The steps of one run."""

    def __init__(
        self,
        *,
        context: Context,
        config_of: Callable[[Path], Config],
        cache: bool,
        quiet: bool,
        verbose: bool,
        suggestions: bool,
    ) -> None:
        self.context, self.config_of, self.quiet, self.verbose = context, config_of, quiet, verbose
        from feedbackcheck.cache import default_folder
        from feedbackcheck.filecheck import FileChecker

        self.checker = FileChecker(
            config_of, cache=default_folder() if cache else None, suggestions=suggestions, context=context
        )

    def tell(self, text: str) -> None:
        """A status line, on stderr."""
        if not self.quiet:
            typer.echo(f"feedbackcheck: {text}", err=True)

    def failures(self, outcomes: Sequence[Outcome]) -> None:
        """One line for each file that could not be read, on stderr."""
        from feedbackcheck.reports.base import plain

        for outcome in outcomes:
            if outcome.failure:
                typer.echo(f"feedbackcheck: {plain(str(outcome.failure.error))}", err=True)

    def expand(self, paths: Sequence[str]) -> tuple[list[Path], list[Outcome]]:
        """Files to check, and an outcome for each path that is not there."""
        from feedbackcheck.errors import SourceError
        from feedbackcheck.filecheck import Outcome
        from feedbackcheck.reports.base import Failure
        from feedbackcheck.sources import iter_files

        files: dict[Path, Path] = {}
        missing = []
        for path in paths:
            try:
                for file in iter_files([path], exclude=self.config_of(Path(path)).exclude):
                    files.setdefault(file.resolve(), file)
            except SourceError as error:
                missing.append(Outcome(path, failure=Failure(path, error)))
        return list(files.values()), missing

    def files(self, files: Sequence[Path]) -> list[Outcome]:
        from feedbackcheck.filecheck import check_all

        outcomes = []
        for outcome in check_all(self.checker, files):
            if self.verbose:
                self.tell(f"{outcome.path}{' (fra hurtiglager)' if outcome.cached else ''}")
            outcomes.append(outcome)
        return outcomes

    def standard_input(self, name: str | None) -> Outcome:
        import sys

        from feedbackcheck.errors import FeedbackcheckError, UsageError
        from feedbackcheck.filecheck import Outcome
        from feedbackcheck.reports.base import Failure
        from feedbackcheck.sources import read_bytes, read_stream

        shown = name or "<stdin>"
        try:
            if sys.stdin is None:
                raise UsageError("Standard inn er lukket", fix="Oppgi en fil.")
            messages = read_bytes(read_stream(sys.stdin.buffer), name=name or "stdin.txt")
            reports = self.checker.check_messages(messages, self.config_of(Path(name or "stdin.txt")))
        except FeedbackcheckError as error:
            return Outcome(shown, failure=Failure(shown, error))
        return Outcome(shown, tuple(reports))

    def fix(self, outcomes: Sequence[Outcome], *, diff: bool, unsafe: bool) -> list[Outcome]:
        """Make the edits in the files (or show them), and check again what was changed."""
        import difflib

        from feedbackcheck.errors import FeedbackcheckError
        from feedbackcheck.filecheck import Outcome
        from feedbackcheck.fixes import (
            FIXABLE_KINDS,
            apply_edits,
            edits_for,
            offers_edit,
            without_overlap,
            write_back,
        )
        from feedbackcheck.reports.base import Failure, plain

        out = []
        made = 0
        for outcome in outcomes:
            edits = without_overlap(e for r in outcome.reports for e in edits_for(r, unsafe=unsafe))
            unwritten = next(
                (r.message.kind for r in outcome.reports if r.message.kind not in FIXABLE_KINDS), None
            )
            if unwritten and any(offers_edit(r, unsafe=unsafe) for r in outcome.reports):
                self.tell(f"{plain(outcome.path)}: rettelser kan ikke skrives i {unwritten}-filer.")
            if not edits:
                out.append(outcome)
                continue
            path = Path(outcome.path)
            before = outcome.reports[0].message.source
            after = apply_edits(before, edits)
            if diff:
                lines = difflib.unified_diff(
                    before.splitlines(keepends=True), after.splitlines(keepends=True), str(path), str(path)
                )
                for line in lines:
                    typer.echo(
                        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n", nl=False
                    )
                out.append(outcome)
                continue
            try:
                write_back(path, before, after)
            except FeedbackcheckError as error:
                # One file that cannot be written must not keep the others from being fixed and reported.
                out.append(Outcome(outcome.path, outcome.reports, Failure(outcome.path, error)))
                continue
            made += len(edits)
            out.append(self.checker.check_file(path))
        if not diff:
            self.tell(f"{made} rettelser gjort." if made != 1 else "1 rettelse gjort.")
        return out


def _print(
    reports: Sequence[Report],
    failures: Sequence[Any],
    output_format: str,
    output_file: Path | None,
    *,
    statistics: bool,
    color: str,
    quiet: bool,
) -> None:
    import sys

    from feedbackcheck.files import write_atomically
    from feedbackcheck.reports import Run, renderer
    from feedbackcheck.reports.colour import wants_colour

    if quiet and output_format in READ_ON_TERMINAL:
        # A program that reads the other formats must be able to tell a clean file from one that was not read.
        reports = [r for r in reports if r.findings]
        if not reports and not failures:
            return
    colour = output_file is None and wants_colour(color, sys.stdout)
    text = renderer(output_format)(
        Run(reports=reports, failures=failures, statistics=statistics), colour=colour
    )
    if output_file is not None:
        # A file name need not be text; half a letter of it must not cost the report.
        write_atomically(output_file, text.encode(errors="replace"))
        return
    if output_format not in ("full", "concise", "github") and hasattr(sys.stdout, "reconfigure"):
        # What another program reads is UTF-8, whatever the terminal is.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.stdout.write(text)
    sys.stdout.flush()


def _one_terminal() -> bool:
    """True if a person sees stdout and stderr in one window, and need not be told anything twice."""
    import sys

    return all(stream is not None and stream.isatty() for stream in (sys.stdout, sys.stderr))


def _verdict(reports: Sequence[Report], limit: str, lowest: int | None) -> int:
    from feedbackcheck.message import Severity

    rank = Severity(limit).rank
    if any(f.severity.rank <= rank for r in reports for f in r.findings):
        return exit_codes.FINDINGS
    if lowest is not None and any(r.score.total < lowest for r in reports if r.score):
        return exit_codes.FINDINGS
    return exit_codes.CLEAN


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)
