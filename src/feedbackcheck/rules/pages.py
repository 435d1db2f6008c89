"""Shows a rule's page: the docstring of the rule's module, with the law it refers to and its severities filled in.

A page is Markdown with fixed headings. ``{lov:key}`` in it stands for an entry of ``data/law.toml``, so that a section
number has one place, a date and a status. Everything that shows a page (terminal, editor, web, SARIF) gets it here.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from feedbackcheck.message import Severity, Stage
from feedbackcheck.rules.base import IngredientRule, MissingRule, Rule, SentenceRule, needs

__all__ = [
    "INGREDIENT_HEADINGS",
    "PROBLEM_HEADINGS",
    "Law",
    "examples",
    "headings_for",
    "laws",
    "plain_page",
    "render_page",
    "sections",
]

PROBLEM_HEADINGS = (
    "Hva regelen finner",
    "Hvorfor det er et problem",
    "Eksempel",
    "Skriv heller",
    "Når du kan se bort fra den",
)
INGREDIENT_HEADINGS = ("Hva det er", "Hvorfor det hjelper", "Eksempel", "Teller ikke")

_LABELS = {"Bokmål:": "nb", "Nynorsk:": "nn"}
_STAGES = {
    Stage.SOKNAD: "søknad",
    Stage.INTERVJU: "intervju",
    Stage.FINALE: "finale",
    Stage.TELEFON: "telefon",
}
_SEVERITIES = {Severity.ERROR: "feil", Severity.WARNING: "advarsel", Severity.HINT: "tips"}
_NEEDS = {"must": "feil", "should": "advarsel"}
_REFERENCE = re.compile(r"\{lov:([a-z0-9-]+)\}")
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """An entry of ``data/law.toml``.

    ``status`` is "lest" (text read), "sannsynlig" (section number likely) or "usikker" (section not known);
    ``checked`` the day it was last looked at.
    """

    key: str
    title: str
    paragraph: str
    status: str
    checked: date
    text: str

    def reference(self) -> str:
        """As it stands in a page: «språklova § 9 (sjekket 23.11.2026)». An uncertain section is not named."""
        day = f"{self.checked.day}.{self.checked.month}.{self.checked.year}"
        if self.status == "lest":
            return f"{self.title} {self.paragraph} (sjekket {day})"
        if self.status == "sannsynlig":
            return f"{self.title}, trolig {self.paragraph} (sjekket {day})"
        return f"{self.title} (paragrafen er ikke bekreftet, {day})"


@cache
def laws() -> Mapping[str, Law]:
    """The law that pages refer to, by key."""
    import tomllib

    data = tomllib.loads((resources.files("feedbackcheck") / "data" / "law.toml").read_text("utf-8"))
    return {key: Law(key=key, **entry) for key, entry in data.items()}


def headings_for(rule: Rule) -> tuple[str, ...]:
    """The headings that the page of ``rule`` has, in order."""
    return INGREDIENT_HEADINGS if isinstance(rule, IngredientRule) else PROBLEM_HEADINGS


def sections(page: str) -> dict[str, str]:
    """A page's text by heading, in order; the summary stands under the empty heading."""
    parts = _HEADING.split(page.strip())
    return {"": parts[0].strip()} | {
        title.strip(): body.strip() for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def examples(page: str, heading: str) -> dict[str, str]:
    """The quoted example under ``heading`` in each målform ("nb", "nn"); lines of a quote stay lines."""
    out: dict[str, list[str]] = {}
    for kind, text in _blocks(sections(page).get(heading, "")):
        if kind == "label":
            out[_LABELS[text]] = []
        elif kind == "quote" and out:
            out[list(out)[-1]].append(text)
    return {lang: "\n".join(lines) for lang, lines in out.items()}


def render_page(rule: Rule) -> str:
    """The page as Markdown: title, summary, severities and the sections.

    Raises:
        KeyError: the page refers to a law that ``data/law.toml`` does not have.
    """
    parts = sections(_resolve(_text_of(rule)))
    head = [f"# {rule.code} {rule.name}", parts.pop("")]
    if line := _severity_line(rule):
        head.append(line)
    return "\n\n".join([*head, *(f"## {title}\n\n{body}" for title, body in parts.items())]) + "\n"


def plain_page(
    rule: Rule, width: int = 88, *, style: Callable[[str, str], str] = lambda text, _kind: text
) -> str:
    """The page for a terminal: plain headings, paragraphs wrapped at ``width`` columns, examples behind a bar.

    Args:
        rule: the rule.
        width: columns, at least 40.
        style: given each line that may be coloured and its kind ("title", "heading", "label", "bar").
    """
    width = max(40, width)
    parts = sections(_resolve(_text_of(rule)))
    lines = [style(f"{rule.code} {rule.name}", "title")]
    lines += textwrap.wrap(parts.pop(""), width)
    if line := _severity_line(rule):
        lines += ["", *textwrap.wrap(line, width)]
    for title, body in parts.items():
        lines += ["", style(title, "heading")]
        for kind, text in _blocks(body):
            if kind == "label":
                lines.append("  " + style(text.rstrip(":"), "label"))
            elif kind == "quote":
                lines += [f"  {style('│', 'bar')} {part}" for part in _wrapped(text, width - 4)]
            else:
                lines += ["  " + part for part in _wrapped(text, width - 2)]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _text_of(rule: Rule) -> str:
    # Under ``python -OO`` docstrings are gone; the catalogue still knows what the rule says.
    return rule.page.strip() or str(rule.data["message"])


def _resolve(page: str) -> str:
    return _REFERENCE.sub(lambda m: laws()[m[1]].reference(), page)


def _blocks(body: str) -> list[tuple[str, str]]:
    """Paragraphs of a section with their lines joined: ("text" | "label" | "quote", words)."""
    out = []
    for block in re.split(r"\n(?:>?[ \t]*)\n", body):
        text = block.strip()
        if text in _LABELS:
            out.append(("label", text))
        elif text.startswith(">"):
            quoted = (line.lstrip(">").strip() for line in text.splitlines())
            out.append(("quote", " ".join(line for line in quoted if line)))
        elif text:
            out.append(("text", " ".join(text.split())))
    return out


def _severity_line(rule: Rule) -> str:
    """How severe a finding is at each stage; empty where that depends on more than the stage."""
    if isinstance(rule, MissingRule):
        table = needs()["needs"][rule.ingredient]
        words = {stage: _NEEDS.get(table[stage.value], "etterlyses ikke") for stage in Stage}
    elif isinstance(rule, SentenceRule):
        words = {stage: _SEVERITIES[rule.severity(stage)] for stage in Stage}
    else:
        return ""
    if len(set(words.values())) == 1:
        return f"Alvor: {words[Stage.SOKNAD]}."
    groups: dict[str, list[str]] = {}
    for stage, word in words.items():
        groups.setdefault(word, []).append(_STAGES[stage])
    return "Alvor: " + "; ".join(f"{word} ({', '.join(stages)})" for word, stages in groups.items()) + "."
