"""The figures of a store as named tables: what the report shows, exports hold and comparisons set side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedbackcheck.review.store import Store

__all__ = ["STAGES", "Gain", "Table", "all_tables", "gains", "place"]

#: Stages by their names for people.
STAGES = {"soknad": "søknad", "intervju": "intervju", "finale": "finale", "telefon": "telefonmanus"}

_GROUP_COLUMNS = ("avslag", "snitt", "andel under 40", "median svartid (dager)")
_GROUP = """count(*), round(avg(score), 1), round(avg(CASE WHEN score < 40 THEN 1.0 ELSE 0 END), 3), median(days)"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title and the words that explain it; ``name`` is its file or sheet name."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """What the mean score would gain if one thing were put right everywhere."""

    code: str
    name: str
    letters: int
    share: float
    points: float


def _table(name: str, title: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Table:
    return Table(name, title, tuple(columns), tuple(tuple(r) for r in rows))


def _grouped(store: Store, name: str, title: str, label: str, expression: str, *, limit: int = 50) -> Table:
    rows = store.rows(
        f"""SELECT {expression} AS g, {_GROUP} FROM m WHERE score IS NOT NULL AND {expression} IS NOT NULL
        GROUP BY g ORDER BY count(*) DESC, g LIMIT {limit}"""
    )
    return _table(name, title, (label, *_GROUP_COLUMNS), rows)


def distribution(store: Store) -> Table:
    """Letters by tens of points; 100 counts with the nineties."""
    found = dict(
        store.rows("SELECT least(score // 10, 9), count(*) FROM m WHERE score IS NOT NULL GROUP BY 1")
    )
    rows = [(f"{10 * i}–{10 * i + 9 if i < 9 else 100}", found.get(i, 0)) for i in range(10)]
    return _table("fordeling", "Poengfordeling", ("poeng", "avslag"), rows)


def months(store: Store) -> Table:
    rows = store.rows(
        f"""SELECT strftime(sent_on, '%Y-%m') AS g, {_GROUP} FROM m WHERE score IS NOT NULL AND sent_on IS NOT NULL
        GROUP BY g ORDER BY g"""
    )
    return _table("maaneder", "Utvikling måned for måned", ("måned", *_GROUP_COLUMNS), rows)


def senders(store: Store) -> Table:
    return _grouped(store, "avsendere", "Avsendere", "avsender", "'Avsender ' || left(sender, 6)")


def departments(store: Store) -> Table:
    return _grouped(store, "avdelinger", "Avdelinger", "avdeling", "department")


def stages(store: Store) -> Table:
    return _staged(_grouped(store, "stadier", "Stadium", "stadium", "stage"))


def _staged(table: Table) -> Table:
    """Stages by their names for people."""
    return replace(table, rows=tuple((STAGES.get(row[0], row[0]), *row[1:]) for row in table.rows))


def positions(store: Store) -> Table:
    return _grouped(store, "stillinger", "Stillinger", "stilling", "job")


def templates(store: Store) -> Table:
    """Letters that are near-duplicates of at least one other, with a place where one of them stands."""
    rows = store.rows(
        f"""SELECT 'Mal ' || template AS g, {_GROUP}, min_by(source, id), min_by(position, id) FROM m
        WHERE score IS NOT NULL AND template IN
        (SELECT template FROM m WHERE score IS NOT NULL GROUP BY template HAVING count(*) > 1)
        GROUP BY template ORDER BY count(*) DESC, template LIMIT 100"""
    )
    placed = [(*row[:-2], place(store, row[-2], row[-1])) for row in rows]
    return _table("maler", "Maler (brev som er nesten like)", ("mal", *_GROUP_COLUMNS, "eksempel"), placed)


def place(store: Store, source: int, position: str) -> str | None:
    """Where a letter stands, for somebody who has the source; files' names are not kept, so those have none."""
    name = store.source_name(source)
    short = name if "://" in name else Path(name).name
    return None if position.startswith("fil ") else f"{short}, {position}"


def findings(store: Store) -> Table:
    from feedbackcheck.rules.base import catalogue

    total = max(1, store.rows("SELECT count(*) FROM m WHERE score IS NOT NULL")[0][0])
    rows = store.rows(
        """SELECT code, count(DISTINCT message), count(*), sum(CASE severity WHEN 'error' THEN 1 ELSE 0 END)
        FROM f GROUP BY code ORDER BY 2 DESC, 1"""
    )
    return _table(
        "funn",
        "Vanligste funn",
        ("kode", "navn", "avslag", "andel", "antall", "feil"),
        [
            (c, str(catalogue().get(c, {}).get("name", "")), n, round(n / total, 3), k, e)
            for c, n, k, e in rows
        ],
    )


def ingredients(store: Store) -> Table:
    from feedbackcheck.rules.base import catalogue

    total = max(1, store.rows("SELECT count(*) FROM m WHERE score IS NOT NULL")[0][0])
    rows = store.rows(
        "SELECT i, count(*) FROM (SELECT unnest(ingredients) i FROM m WHERE score IS NOT NULL) GROUP BY i ORDER BY 2 DESC"
    )
    return _table(
        "ingredienser",
        "Det brevene har med",
        ("kode", "navn", "avslag", "andel"),
        [(c, str(catalogue().get(c, {}).get("name", "")), n, round(n / total, 3)) for c, n in rows],
    )


def turnaround(store: Store) -> Table:
    rows = store.rows(
        """SELECT stage, count(days), round(avg(days), 1), median(days), quantile_disc(days, 0.9), max(days),
        round(avg(CASE WHEN days > 14 THEN 1.0 ELSE 0 END), 3) FROM m WHERE score IS NOT NULL AND days IS NOT NULL
        GROUP BY stage ORDER BY 2 DESC"""
    )
    columns = ("stadium", "avslag", "snitt", "median", "ni av ti innen", "lengst", "andel over 14 dager")
    return _staged(_table("svartid", "Tid til svar", columns, rows))


def kinds(store: Store) -> Table:
    from feedbackcheck.review.kinds import title

    rows = store.rows("SELECT kind, count(*) FROM m WHERE status = 'other' GROUP BY 1 ORDER BY 2 DESC, 1")
    return _table(
        "annen_post", "Annet enn avslag", ("slag", "meldinger"), [(title(k or ""), n) for k, n in rows]
    )


def failed(store: Store) -> Table:
    rows = store.rows("SELECT source, position, reason FROM m WHERE status = 'failed' ORDER BY id")
    named = [(store.source_name(s), p, r) for s, p, r in rows]
    return _table("kunne_ikke_leses", "Kunne ikke leses", ("kilde", "sted", "grunn"), named)


def messages(store: Store) -> Table:
    """Every message, without text."""
    columns = (
        "id", "status", "kind", "language", "stage", "stage_source", "mode", "score", "grade", "personlig",
        "begrunnelse", "utvikling", "tone", "trygghet", "words", "sent_on", "days", "sender", "department", "job",
        "template", "reason",
    )  # fmt: skip
    return _table(
        "meldinger", "Meldinger", columns, store.rows(f"SELECT {', '.join(columns)} FROM m ORDER BY id")
    )


def all_findings(store: Store) -> Table:
    """Every finding, without words."""
    columns = ("message", "code", "severity", "start", "end", "confidence")
    quoted = ", ".join(f'"{c}"' for c in columns)
    return _table(
        "alle_funn", "Alle funn", columns, store.rows(f"SELECT {quoted} FROM f ORDER BY message, code, 4")
    )


def gains(store: Store) -> list[Gain]:
    """What to put right first, by how much the mean would rise (see :mod:`feedbackcheck.review.gain`).

    Each by itself; gains do not simply add up.
    """
    from feedbackcheck.rules.base import catalogue

    total = store.rows("SELECT count(*) FROM m WHERE score IS NOT NULL")[0][0]
    rows = store.rows(
        """SELECT g.code, count(*), sum(g.points) FROM gains g JOIN m ON m.id = g.message GROUP BY g.code"""
    )
    out = [
        Gain(code, str(catalogue()[code]["name"]), letters, letters / total, round(points / total, 1))
        for code, letters, points in rows
        if points / total >= 0.05
    ]
    return sorted(out, key=lambda g: (-g.points, g.code))


def gain_table(store: Store) -> Table:
    rows = [(g.code, g.name, g.letters, round(g.share, 3), g.points) for g in gains(store)]
    return _table(
        "forbedringer",
        "Hva bør bli bedre først",
        ("kode", "navn", "avslag", "andel", "snittet øker med"),
        rows,
    )


def all_tables(store: Store) -> list[Table]:
    """Every table of the report, for exports."""
    makers = (
        distribution, months, senders, departments, stages, positions, templates, findings, ingredients, turnaround,
        gain_table, kinds, failed,
    )  # fmt: skip
    return [make(store) for make in makers]
