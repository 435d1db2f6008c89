"""The report: one HTML page in Norwegian that needs nothing but itself.

No script, no request (its own Content-Security-Policy forbids both), charts as inline SVG, every figure also in a table.
Letters are shown only where their text was kept on purpose, and always as text.
"""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any

from feedbackcheck.review import charts, tables
from feedbackcheck.rules.base import title_of

if TYPE_CHECKING:
    from feedbackcheck.review.run import Run
    from feedbackcheck.review.store import Store
    from feedbackcheck.review.tables import Table

__all__ = ["render"]

#: Words of a finding are shown when so many letters share them; rarer ones could tell who a letter was to.
SHARED_BY = 5
_MONTHS = ["jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des."]


#: Columns whose cells are not broken over lines; a narrow screen scrolls instead.
_PLACES = frozenset({"eksempel", "sted"})


def _e(value: Any) -> str:
    return html.escape(str(value), quote=True)


def _number(value: Any, *, digits: int = 0) -> str:
    """A number as Norwegians write it: comma, and thin spaces between thousands."""
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"
    return text.replace(",", "\u202f").replace(".", ",")


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", "\u00a0%")


def _cell(column: str, value: Any) -> str:
    if value is None:
        return "–"
    if column.startswith("andel"):
        return _percent(float(value))
    if isinstance(value, float):
        # Days are counted whole, though a median may fall between two.
        return _number(value, digits=0 if "dager" in column and value == int(value) else 1)
    if isinstance(value, int):
        return _number(value)
    return _e(value)


def _is_figure(column: str, table: Table) -> bool:
    index = table.columns.index(column)
    return all(row[index] is None or isinstance(row[index], int | float) for row in table.rows)


def _html_table(table: Table, *, most: int = 15) -> str:
    figures = {c for c in table.columns if _is_figure(c, table)}

    def cells(tag: str, values: tuple[Any, ...]) -> str:
        return "".join(
            f"<{tag}{' class=n' if c in figures else ' class=at' if c in _PLACES else ''}{' scope=col' if tag == 'th' else ''}>"
            f"{_e(v) if tag == 'th' else _cell(c, v)}</{tag}>"
            for c, v in zip(table.columns, values, strict=True)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in table.rows[:most])
    rest = len(table.rows) - most
    note = f"<p class=note>… og {rest} til; alle står i eksporten.</p>" if rest > 0 else ""
    return (
        f"<div class=scroll tabindex=0 role=region aria-label='{_e(table.title)}'><table><thead><tr>"
        f"{cells('th', table.columns)}</tr></thead><tbody>{body}</tbody></table></div>{note}"
    )


def _section(title: str, inner: str, *, intro: str = "", wide: bool = False) -> str:
    if not inner:
        return ""
    lead = f"<p>{intro}</p>" if intro else ""
    return f"<section{' class=wide' if wide else ''}><h2>{_e(title)}</h2>{lead}{inner}</section>"


def _details(table: Table, *, name: str = "Tallene") -> str:
    return f"<details><summary>{_e(name)}</summary>{_html_table(table)}</details>"


def _called(table: Table) -> Table:
    """The table with names of codes as people say them."""
    code, name = table.columns.index("kode"), table.columns.index("navn")
    rows = tuple((*r[:name], _plain(r[code]), *r[name + 1 :]) for r in table.rows)
    return replace(table, rows=rows)


def render(store: Store, run: Run, *, show_text: bool = False) -> str:
    """The page.

    Args:
        run: of this run, for the sources' names.
        show_text: the user consents to letters being shown, where the store holds them.
    """
    style = (resources.files("feedbackcheck.review") / "report.css").read_text("utf-8")
    counts = store.counts()
    mean, low, high, first, last = store.rows(
        """SELECT avg(score), avg(CASE WHEN score < 40 THEN 1.0 ELSE 0 END), avg(CASE WHEN score >= 70 THEN 1.0 ELSE 0 END),
        min(sent_on), max(sent_on) FROM m WHERE score IS NOT NULL"""
    )[0]
    parts = [
        _head(counts, first, last),
        _key_figures(store, counts, mean, low, high) if counts.scored else "<p>Ingen avslag å vise.</p>",
    ]
    if counts.scored:
        parts += [
            _first(store),
            "<div class=grid>",
            *_overviews(store),
            "</div>",
            _findings(store),
            _templates(store, counts.scored),
            _letters(store, show_text=show_text),
        ]
    parts += [_rest(store), _about(counts)]
    return (
        "<!doctype html><html lang=nb><head><meta charset=utf-8>"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'\">"
        '<meta name=viewport content="width=device-width, initial-scale=1"><meta name=referrer content=no-referrer>'
        f"<title>Slik sier vi nei – gjennomgang av avslag</title><style>{style}</style></head><body><main>"
        + "".join(parts)
        + "</main></body></html>\n"
    )


def _day(value: date | None) -> str:
    return f"{value.day}. {_MONTHS[value.month - 1]} {value.year}" if value else "–"


def _head(counts: Any, first: date | None, last: date | None) -> str:
    span = f" sendt {_day(first)} – {_day(last)}" if first and last else ""
    return (
        "<header><h1>Slik sier vi nei</h1>"
        f"<p>Gjennomgang av {_number(counts.scored)} avslag{_e(span)}. Lest {_number(counts.read)} meldinger: "
        f"{_number(counts.scored)} avslag vurdert, {_number(counts.other)} annen post, {_number(counts.failed)} kunne ikke leses.</p></header>"
    )


def _key_figures(store: Store, counts: Any, mean: float, low: float, high: float) -> str:
    median = store.rows("SELECT median(days) FROM m WHERE score IS NOT NULL")[0][0]
    same = store.rows(
        """SELECT coalesce(sum(n), 0) FROM (SELECT count(*) n FROM m WHERE score IS NOT NULL GROUP BY template HAVING count(*) > 1)"""
    )[0][0]
    figures = [
        (_number(round(mean)), "snitt av 100 poeng"),
        (_percent(high), "gode brev (70 poeng eller mer)"),
        (_percent(low), "svake brev (under 40 poeng)"),
        (_percent(same / counts.scored), "er samme brev til flere"),
        (_number(None if median is None else round(median)), "dager til svar (median)"),
    ]
    return "<ul class=key>" + "".join(f"<li><b>{v}</b> {_e(t)}</li>" for v, t in figures) + "</ul>"


def _first(store: Store) -> str:
    """What to improve first, in words and bars."""
    gains = tables.gains(store)
    if not gains:
        return ""
    from feedbackcheck.rules.base import catalogue

    items = []
    for g in gains[:5]:
        advice = str(catalogue()[g.code].get("advice", ""))
        items.append(
            f"<li><b>{_e(_say(g.code))}</b> – i {_percent(g.share)} av brevene. Snittet kan øke med inntil "
            f"{_number(g.points, digits=1)} poeng. <span class=advice>{_e(advice)}</span></li>"
        )
    chart = charts.bars(
        [(_plain(g.code), g.points) for g in gains[:10]],
        "Hvor mye snittet kan øke for hver ting som blir bedre",
        x="poeng",
    )
    return _section(
        "Hva bør bli bedre først",
        f"<div class=two><ol>{''.join(items)}</ol><div>{chart}</div></div>",
        intro="Gevinsten er regnet for én ting om gangen, med alt annet likt. Tallene kan ikke legges sammen.",
        wide=True,
    )


def _plain(code: str) -> str:
    """A code's name for people."""
    name = title_of(code)
    return name[:1].upper() + name[1:]


def _say(code: str) -> str:
    return f"{_plain(code)} ({code})"


def _overviews(store: Store) -> list[str]:
    distribution, months = tables.distribution(store), tables.months(store)
    out = [
        _section(
            distribution.title,
            charts.columns(distribution, "Antall avslag etter poeng", x="poeng", y="avslag")
            + _details(distribution),
        )
    ]
    if months.rows:
        out.append(
            _section(
                months.title,
                charts.trend(months, "Snitt av poeng måned for måned") + _details(months),
                intro="Større prikk: flere brev.",
            )
        )
    delay = tables.turnaround(store)
    if delay.rows:
        days = store.rows(
            """SELECT CASE WHEN days <= 7 THEN '0–7' WHEN days <= 14 THEN '8–14' WHEN days <= 30 THEN '15–30' WHEN days <= 60
            THEN '31–60' ELSE 'over 60' END AS g, count(*), min(days) FROM m WHERE score IS NOT NULL AND days IS NOT NULL
            GROUP BY g ORDER BY 3"""
        )
        spread = tables.Table("dager", "Tid til svar", ("dager", "avslag"), tuple((g, n) for g, n, _ in days))
        out.append(
            _section(
                "Tid til svar",
                charts.columns(spread, "Antall avslag etter dager til svar", x="dager", y="avslag")
                + _details(delay),
                intro="Fra frist, intervju eller beslutning til brevet ble sendt, der datoene er kjent.",
            )
        )
    for table in (
        tables.stages(store),
        tables.departments(store),
        tables.senders(store),
        tables.positions(store),
    ):
        if len(table.rows) < 2:
            continue
        chart = charts.bars(
            [(str(r[0]), r[2]) for r in table.rows[:10]],
            f"Snitt av poeng: {table.title.lower()}",
            x="snitt av 100",
            most=100,
        )
        out.append(_section(table.title, chart + _details(table)))
    return out


def _findings(store: Store) -> str:
    table = tables.findings(store)
    if not table.rows:
        return ""
    chart = charts.bars(
        [(_plain(r[0]), r[3]) for r in table.rows[:12]],
        "Andel av brevene med hvert funn",
        x="andel av brevene",
        percent=True,
        most=1,
    )
    excerpts = _excerpts(store, [r[0] for r in table.rows if not r[0].startswith(("MAN", "PRO"))][:12])
    return _section(
        table.title,
        f"<div class=two><div>{chart}</div><div>{_has(store)}</div></div>{_details(_called(table), name='Tallene: funn')}{excerpts}",
        wide=True,
    )


def _has(store: Store) -> str:
    """What the letters do hold, beside what is wrong with them."""
    table = tables.ingredients(store)
    if not table.rows:
        return ""
    chart = charts.bars(
        [(_plain(r[0]), r[3]) for r in table.rows],
        "Andel av brevene som har med hver ting",
        x="andel av brevene",
        percent=True,
        most=1,
    )
    return f"<h3>{_e(table.title)}</h3>{chart}{_details(_called(table), name='Tallene: det brevene har med')}"


def _excerpts(store: Store, codes: list[str]) -> str:
    """The commonest words behind each code, where so many letters share them that they tell of nobody."""
    items = []
    for code in codes:
        counter = store.phrases.by_code.get(code)
        if counter is None:
            query = "SELECT phrase, count(*) FROM f WHERE code = ? AND phrase IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3"
            found = store.rows(query, [code])
        else:
            found = list(counter.most_common(3))
        shared = [(p, n) for p, n in found if n >= SHARED_BY]
        if shared:
            quotes = "".join(
                f"<li><q>{_e(p)}</q> <span class=count>{_number(n)} brev</span></li>" for p, n in shared
            )
            items.append(f"<div><dt>{_e(_say(code))}</dt><dd><ul>{quotes}</ul></dd></div>")
    if not items:
        return "<p class=note>Utdrag vises når minst fem brev deler ordene, og bare for brev lest i samme kjøring.</p>"
    return f"<h3>Slik står det i brevene</h3><dl class=many>{''.join(items)}</dl><p class=note>Ord som minst fem brev deler; navn er byttet ut.</p>"


def _templates(store: Store, scored: int) -> str:
    table = tables.templates(store)
    if not table.rows:
        return ""
    same = sum(row[1] for row in table.rows)
    return _section(
        table.title,
        _html_table(table),
        intro=f"{_number(len(table.rows))} maler står for {_percent(same / scored)} av avslagene. Å skrive om den mest brukte "
        "hjelper flest.",
        wide=True,
    )


def _letters(store: Store, *, show_text: bool) -> str:
    out = []
    for title, order in (("De ti beste brevene", "score DESC"), ("De ti svakeste brevene", "score")):
        rows = store.rows(
            f"""SELECT id, score, grade, stage, sent_on, 'Avsender ' || left(sender, 6), text, source, position FROM m WHERE score IS NOT NULL
            ORDER BY {order}, id LIMIT 10"""
        )
        items = []
        for number, score, grade, stage, sent_on, sender, text, source, position in rows:
            codes = [
                c for (c,) in store.rows("SELECT DISTINCT code FROM f WHERE message = ? ORDER BY 1", [number])
            ]
            line = (
                f"<b>{score}</b> poeng ({_e(grade)}), {_e(tables.STAGES.get(stage, stage))}, {_e(_day(sent_on))}"
                + (f", {_e(sender)}" if sender else "")
            )
            if where := tables.place(store, source, position):
                line += f" <span class=note>({_e(where)})</span>"
            line += (
                f"<br><span class=codes>{_e(', '.join(title_of(c) for c in codes)) or 'ingen funn'}</span>"
            )
            if show_text and text:
                line += f"<details><summary>Les brevet</summary><pre>{_e(text)}</pre></details>"
            items.append(f"<li>{line}</li>")
        out.append(f"<div><h3>{title}</h3><ol>{''.join(items)}</ol></div>")
    note = (
        "Brevteksten vises fordi den ble tatt vare på med --keep-text. Den inneholder personopplysninger; del ikke rapporten fritt."
        if show_text
        else "Brevteksten vises bare når den er tatt vare på med --keep-text."
    )
    return _section("Best og svakest", f"<div class=two>{''.join(out)}</div>", intro=note, wide=True)


def _rest(store: Store) -> str:
    shown = [table for table in (tables.kinds(store), tables.failed(store)) if table.rows]
    out = [_section(table.title, _html_table(table, most=50)) for table in shown]
    return f"<div class=grid>{''.join(out)}</div>" if out else ""


def _about(counts: Any) -> str:
    from feedbackcheck import __version__

    return (
        f"<footer><p>Laget av feedbackcheck {_e(__version__)}. Poengene følger av navngitte funn i hvert brev; de er et "
        "hjelpemiddel, ingen dom over den som skrev. Avsendere og mottakere er pseudonymer.</p>"
        f"<p class=counts>{_e(counts.line())}</p></footer>"
    )
