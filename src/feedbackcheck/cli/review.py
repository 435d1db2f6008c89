"""``feedbackcheck review``: batch review of sent mail and exports."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedbackcheck.cli import exit_codes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from feedbackcheck.settings import Settings

__all__ = ["register"]


class SourceType(StrEnum):
    """Values of ``--source-type``."""

    AUTO = "auto"
    MBOX = "mbox"
    MAILDIR = "maildir"
    EML = "eml"
    MSG = "msg"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSONL = "jsonl"
    IMAP = "imap"
    PST = "pst"


class ReviewFormat(StrEnum):
    """Values of ``--output-format``."""

    SUMMARY = "summary"
    JSON = "json"
    JSONL = "jsonl"


class Engine(StrEnum):
    """Values of ``--engine``."""

    LOCAL = "local"
    DASK = "dask"


def review(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="KILDE…", help="Filer, mapper eller imaps://-adresser.")
    ] = None,
    source_type: Annotated[SourceType, typer.Option(help="Hva kilden er.")] = SourceType.AUTO,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="FELT=KOLONNE for tabeller, for eksempel text=Brevtekst; «FELT=» når ingen har det."
        ),
    ] = None,
    wizard: Annotated[
        bool, typer.Option("--wizard", help="Velg kolonnene i tabeller ved å svare på spørsmål.")
    ] = False,
    context_table: Annotated[
        Path | None, typer.Option(help="Tabell med opplysninger som kobles på id, e-postadresse eller navn.")
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            help="Lager (DuckDB) for resultatene; kan fortsettes. Slettes nøkkelen LAGER.key, kan ingen i det gjenkjennes."
        ),
    ] = None,
    output_format: Annotated[ReviewFormat, typer.Option(help="Hva som skrives.")] = ReviewFormat.SUMMARY,
    output_file: Annotated[
        Path | None, typer.Option("--output-file", "-o", help="Skriv hit, ikke til skjermen.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Skriv en rapport (HTML).")] = None,
    export: Annotated[
        Path | None, typer.Option(help="Skriv tabellene som .csv, .xlsx eller .parquet.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Bare post sendt fra og med, ÅÅÅÅ-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Bare post sendt til og med, ÅÅÅÅ-MM-DD.")] = None,
    keep_text: Annotated[
        bool, typer.Option("--keep-text", help="Ta vare på brevtekst i lageret og vis den i rapporten.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(help="Antall prosesser (ellers én per kjerne).", min=1)
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Hvor arbeidet gjøres.")] = Engine.LOCAL,
    scheduler: Annotated[str | None, typer.Option(help="Adressen til en Dask-planlegger.")] = None,
    compare: Annotated[
        tuple[Path, Path] | None, typer.Option(help="Sammenlign to lagre.", metavar="FØR ETTER")
    ] = None,
    forget: Annotated[
        str | None, typer.Option(help="Slett en person fra --store: id, e-postadresse eller navn.")
    ] = None,
    fail_under: Annotated[
        float | None, typer.Option(help="Kode 1 når snittet er lavere.", min=0, max=100)
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Konfigurasjonsfil i stedet for den nærmeste.")] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Les ingen konfigurasjon.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Ingen statuslinjer.")] = False,
) -> None:
    """Gå gjennom sendt post og eksporter, og se hvordan virksomheten sier nei."""
    from feedbackcheck.errors import UsageError

    if compare is not None:
        from feedbackcheck.review.compare import compare_stores

        typer.echo(compare_stores(*compare, json_format=output_format is not ReviewFormat.SUMMARY), nl=False)
        return
    if forget is not None:
        _forget(store, forget)
        return
    if not sources and not (store and store.exists()):
        raise UsageError(
            "Ingen kilde er oppgitt", fix="Oppgi en fil, en mappe eller en imaps://-adresse med sendt post."
        )
    if keep_text and not (store or report):
        raise UsageError(
            "--keep-text har ikke noe sted å ta vare på teksten", fix="Oppgi --store eller --report."
        )
    if keep_text and sources and not quiet:
        where = " og ".join(str(p) for p in (store, report) if p)
        typer.echo(f"feedbackcheck: brevtekst med personopplysninger tas vare på i {where}.", err=True)
    from feedbackcheck.review.job import Job

    settings, soft, file = _configured(config, isolated)
    mapping = _mapping(map_ or [])
    if sources:
        from feedbackcheck.cli.review_columns import settle

        mapping = settle(
            sources, kind=source_type.value, given=mapping, soft=soft, wizard=wizard, quiet=quiet, config=file
        )
    job = Job(
        sources=sources or [],
        source_type=source_type.value,
        mapping=mapping,
        context_table=context_table,
        settings=settings,
        store=store,
        output_format=output_format.value,
        output_file=output_file,
        report=report,
        export=export,
        since=_day(since, "--since"),
        until=_day(until, "--until"),
        keep_text=keep_text,
        workers=workers,
        engine=engine.value,
        scheduler=scheduler,
        quiet=quiet,
    )
    is_new = store is not None and not store.exists()
    mean = job.go()
    if is_new and not quiet:
        typer.echo(
            f"feedbackcheck: nøkkelen til pseudonymene i lageret er {store}.key. Del den ikke; slettes den, kan ingen gjenkjennes.",
            err=True,
        )
    if fail_under is not None and mean is not None and mean < fail_under:
        said = f"snittet {mean:.1f} er under {fail_under:g}".replace(".", ",")
        typer.echo(f"feedbackcheck: {said}", err=True)
        raise typer.Exit(exit_codes.FINDINGS)


def _forget(store: Path | None, person: str) -> None:
    from feedbackcheck.errors import UsageError

    if store is None or not store.exists():
        raise UsageError("--forget krever et lager som finnes", fix="Oppgi det med --store.")
    if not person.strip():
        raise UsageError("Hvem skal glemmes?", where="--forget", fix="Oppgi e-postadresse, navn eller id.")
    from feedbackcheck.review.store import Store

    with Store.open(store) as opened:
        gone = opened.forget(person)
    typer.echo(f"Slettet {gone.messages} {'melding' if gone.messages == 1 else 'meldinger'}.")
    if gone.sent:
        typer.echo(f"Fjernet avsenderen fra {gone.sent} {'melding' if gone.sent == 1 else 'meldinger'}.")
    if gone.messages or gone.sent:
        typer.echo(
            "Har personen flere adresser eller skrivemåter, så gjenta med hver av dem. Rapporter og eksporter som er laget "
            "før, er ikke endret: slett dem, og lag dem på nytt."
        )
    else:
        typer.echo(
            "Fant ingen. Oppgi e-postadressen, hele navnet eller meldingens id slik det står i posten; et fornavn alene er "
            "ikke nok, og avsendere finnes bare på e-postadressen."
        )


def _mapping(given: list[str]) -> dict[str, str]:
    from feedbackcheck.errors import UsageError

    out = {}
    for item in given:
        field, equals, column = item.partition("=")
        if not equals or not field.strip():
            raise UsageError(f"«{item}» må ha formen FELT=KOLONNE", where="--map")
        out[field.strip()] = " ".join(column.split())
    if out:
        from feedbackcheck.review.columns import check_fields

        check_fields(out)
    return out


def _day(value: str | None, option: str) -> date | None:
    from datetime import date

    from feedbackcheck.errors import UsageError

    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"«{value}» er ikke en dato på formen ÅÅÅÅ-MM-DD", where=option) from None


def _configured(config: Path | None, isolated: bool) -> tuple[Settings, Mapping[str, str], Path | None]:
    """Settings, columns of exports, and the file that such columns can be written to."""
    from feedbackcheck.config import Config, find_config, load_config
    from feedbackcheck.errors import ConfigError, UsageError
    from feedbackcheck.review.columns import check_fields

    file = None if isolated else config or find_config(Path.cwd())
    loaded = load_config(file) if file else Config()
    try:
        check_fields(loaded.review_map)
    except UsageError as error:
        raise ConfigError(error.what, where=f"{file}, «review.map»", fix=error.fix) from None
    return loaded.settings, loaded.review_map, None if isolated else file or Path("feedbackcheck.toml")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("review")(review)
