"""The revised draft as one self-contained HTML page: what was, what is, and where each fact came from."""

from __future__ import annotations

import html
import re

from feedbackcheck.suggest.gaps import CLOSE, OPEN
from feedbackcheck.suggest.revise import Revision

__all__ = ["page"]

_STYLE = """
:root{color-scheme:light dark}body{font:1rem/1.55 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
.letter{white-space:pre-wrap;border:1px solid #8886;border-radius:.5rem;padding:1rem 1.25rem}
ins{background:#2a72;text-decoration:none;border-bottom:2px solid #2a7}del{background:#c332}
mark{background:#fc3;color:#000;padding:0 .2em;border-radius:.2em}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #8884}
""".strip()


def _marked(text: str) -> str:
    return re.sub(f"{OPEN}[^{OPEN}{CLOSE}]+{CLOSE}", lambda m: f"<mark>{m.group()}</mark>", html.escape(text))


def _changes(revision: Revision) -> str:
    parts, at = [], 0
    for edit in revision.edits:
        parts.append(html.escape(revision.original[at : edit.start]))
        gone = revision.original[edit.start : edit.end]
        if gone.strip():
            parts.append(f"<del>{html.escape(gone)}</del>")
        if edit.text:
            parts.append(f"<ins>{_marked(edit.text)}</ins>")
        at = max(at, edit.end)
    return "".join([*parts, html.escape(revision.original[at:])])


def page(revision: Revision) -> str:
    """The page as text; it loads nothing."""
    before = revision.before.score
    after = revision.after.score if revision.after else None
    score = f"<p>Poeng: {before.total} → {after.total} av 100.</p>" if before and after else ""
    questions = "".join(f"<li>{html.escape(g.question)}</li>" for g in revision.gaps)
    asked = f"<h2>Dette må du fylle inn</h2><ul>{questions}</ul>" if questions else ""
    told = "".join(f"<li>{html.escape(w)}</li>" for w in revision.warnings)
    warned = f"<h2>Ikke brukt</h2><ul>{told}</ul>" if told else ""
    rows = "".join(
        f"<tr><td>{html.escape(e.code)}</td><td>{_marked(e.text.strip()) or '<em>strøket</em>'}</td><td>{html.escape(', '.join(e.sources)) or '–'}</td></tr>"
        for e in revision.edits
    )
    return (
        '<!doctype html>\n<html lang="nb"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Revidert utkast</title><style>{_STYLE}</style></head><body><h1>Revidert utkast</h1>{score}"
        f'<div class="letter">{_marked(revision.revised)}</div>{asked}{warned}<h2>Endringer</h2>'
        f'<div class="letter">{_changes(revision)}</div><h2>Hvor opplysningene kommer fra</h2>'
        f"<table><thead><tr><th>Kode</th><th>Tekst</th><th>Kilde</th></tr></thead><tbody>{rows}</tbody></table></body></html>\n"
    )
