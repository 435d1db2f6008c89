"""What ``suggest --write`` puts into a file is what ``suggest`` prints, whatever the format; nothing is made by half."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from suggest_samples import message
from typer.testing import CliRunner

from feedbackcheck import Checker
from feedbackcheck.cli.app import app
from feedbackcheck.fixes import Change, Written, write_changes
from feedbackcheck.message import Context, Message
from feedbackcheck.sources import read_text
from feedbackcheck.sources.branches import choices, has_words
from feedbackcheck.suggest.revise import Revision
from feedbackcheck.suggest.service import suggest_for

ROOT = Path(__file__).parents[2]
NB = (
    "Hei Kari,\n\nTakk for intervjuet om stillingen som kokk.\n\n"
    "Vi har dessverre valgt å gå videre med andre kandidater.\n\nHilsen Mona Lie\n"
)
FACTS = {
    "stage": "intervju",
    "sender": "Mona Lie",
    "position": "kokk",
    "requirements": ["fagbrev"],
    "notes": ["mangler fagbrev", "sterk på baking"],
}
SIGNED = {"sender": "Mona Lie", "position": "kokk"}
NO = "Vi har dessverre valgt å gå videre med andre kandidater."


def paragraphs(text: str) -> list[str]:
    return [" ".join(p.split()) for p in re.split(r"\n\s*\n", text.strip())]


def page(text: str) -> str:
    blocks = [html.escape(p, quote=False).replace("\n", "<br>\n") for p in re.split(r"\n{2,}", text.strip())]
    return "<html><body>\n" + "\n".join(f"<p>{b}</p>" for b in blocks) + "\n</body></html>\n"


def mjml(text: str) -> str:
    blocks = [html.escape(p, quote=False).replace("\n", "<br/>") for p in re.split(r"\n{2,}", text.strip())]
    columns = "".join(f"<mj-text>{b}</mj-text>\n" for b in blocks)
    return f"<mjml><mj-body><mj-section><mj-column>{columns}</mj-column></mj-section></mj-body></mjml>"


def wrapped(width: int) -> Callable[[str], str]:
    def wrap(text: str) -> str:
        return "\n".join("\n".join(textwrap.wrap(line, width)) for line in text.split("\n"))

    return wrap


def emphasised(text: str) -> str:
    return re.sub(r"\b(dessverre|diverre|andre)\b", r"**\1**", text)


def branched(text: str) -> str:
    branch = r"{% if x %}\n\1\n{% else %}\n" + NO + r"\n{% endif %}"
    return re.sub(r"(?m)^(.*\b(?:dessverre|andre)\b.*)$", branch, text)


FORMS: dict[str, tuple[str, Callable[[str], str]]] = {
    "txt": ("text", str),
    "72": ("text", wrapped(72)),
    "40": ("text", wrapped(40)),
    "md": ("markdown", emphasised),
    "html": ("html", page),
    "lines": ("html", lambda t: "<div>" + html.escape(t.strip(), quote=False).replace("\n", "<br>\n") + "</div>"),
    "mjml": ("mjml", mjml),
    "if": ("text", branched),
}  # fmt: skip


def letters() -> list[tuple[str, dict[str, Any]]]:
    out: list[tuple[str, dict[str, Any]]] = [
        (NB, FACTS),
        ((ROOT / "examples" / "utkast.txt").read_text("utf-8"), {}),
    ]
    for name, step in (("letters/letters", 1), ("dev", 6)):
        lines = (ROOT / "corpora" / f"{name}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines[::step]]
        rows = [r for r in rows if r.get("is_rejection", True) and r.get("stage") != "telefon"]
        out += [(r["text"], r.get("context") or {}) for r in rows]
    return out


def written(draft: Message, revision: Revision) -> Written:
    changes = [
        Change(start=e.start, end=e.end, text=e.text, code=e.code, says=e.says, unsays=e.unsays)
        for e in revision.edits
    ]
    return write_changes(draft, changes)


@pytest.mark.parametrize("form", FORMS)
def test_write_the_file_read_again_is_the_printed_text(form: str, checker: Checker) -> None:
    kind, made = FORMS[form]
    changed = 0
    for text, context in letters():
        draft = replace(read_text(made(text), kind=kind), context=Context.from_mapping(context))
        revision = suggest_for(draft, checker)
        result = written(draft, revision)
        again = read_text(result.source, kind=kind).text
        assert result.left == ()
        assert paragraphs(again) == paragraphs(revision.revised)
        emptied = [
            b for c in choices(result.source) for b in c.branches if not has_words(b.of(result.source))
        ]
        assert not emptied
        changed += bool(revision.edits)
    assert changed > 20


def _suggest(file: Path, *args: str) -> Any:
    result = CliRunner().invoke(app, ["suggest", str(file), "--isolated", *args], catch_exceptions=False)
    assert result.exit_code == 0
    return result


@pytest.fixture
def context(tmp_path: Path) -> Path:
    file = tmp_path / "kari.json"
    file.write_text(json.dumps(FACTS), "utf-8")
    return file


@pytest.mark.parametrize("name", ["nb.txt", "nb.md", "nb.txt.j2", "nb.html"])
def test_write_keeps_the_printed_order(name: str, tmp_path: Path, context: Path) -> None:
    file = tmp_path / name
    file.write_text(page(NB) if name.endswith("html") else NB, "utf-8")
    printed = _suggest(file, "--context", str(context)).stdout
    _suggest(file, "--context", str(context), "--write")
    assert paragraphs(read_text(file.read_text("utf-8"), name=name).text) == paragraphs(printed)
    if name.endswith("html"):
        assert file.read_text("utf-8").count("<p>") == len(paragraphs(printed))


def test_write_leaves_a_link_and_says_so(tmp_path: Path, context: Path) -> None:
    file = tmp_path / "nb.md"
    file.write_text(NB.replace("andre kandidater", "[andre kandidater](https://x.no)"), "utf-8")
    result = _suggest(file, "--context", str(context), "--write")
    after = file.read_text("utf-8")
    assert "«Vi har dessverre valgt å gå videre med andre kandidater.» → " in result.stderr
    assert "videre med [andre kandidater](https://x.no).\n\nDet som veide tyngst" in after
    assert "Du får dessverre ikke jobben" not in after


def test_write_makes_nothing_by_half() -> None:
    text = "Hei,\n\nVi har valgt [en annen](https://x.no).\n\nHilsen\nMona\n"
    draft = read_text(text, kind="markdown")
    at = draft.text.index("Vi har")
    end = draft.text.index("\n\nHilsen")
    no = frozenset(("ING02",))
    changes = [
        Change(start=3, end=4, text=" Kari,"),
        Change(start=at, end=at, text="Du får ikke jobben.\n\n", says=no),
        Change(start=at, end=end, text="", unsays=no),
    ]
    assert write_changes(draft, changes) == Written(text.replace("Hei,", "Hei Kari,"), (1, 2))


TEMPLATE = (
    "Hei {{ navn }},\n\nTakk for søknaden på stillingen som kokk.\n\n{% if intervju %}\n"
    "Vi har valgt å gå videre med andre kandidater etter intervjuet.\n{% else %}\n"
    "Vi har valgt å gå videre med andre kandidater.\n{% endif %}\n\nHilsen Mona Lie\n"
)


def test_write_empties_no_branch_and_puts_nothing_new_into_one(tmp_path: Path) -> None:
    file = tmp_path / "mal.txt.j2"
    file.write_text(TEMPLATE, "utf-8")
    shown = _suggest(file, "--position", "kokk")
    assert "Mallogikken" in shown.stderr and "{%" not in shown.stdout
    assert "Mallogikken" not in _suggest(file, "--position", "kokk", "--write").stderr
    head, _, rest = file.read_text("utf-8").partition("{% if intervju %}\n")
    first, _, rest = rest.partition("{% else %}\n")
    second, _, tail = rest.partition("{% endif %}\n")
    assert head == TEMPLATE.partition("{% if")[0]
    assert len(first.splitlines()) == 1 and "kalle" not in first and "kaller" not in first
    assert second == "Vi har valgt å gå videre med andre kandidater.\n"
    assert "hvilket krav?" in tail and "vurderingen" in tail


def test_write_says_no_only_where_the_template_did(checker: Checker) -> None:
    source = f"Hei {{{{ navn }}}},\n\n{{% if b %}}\n{NO}\n\nVi ønsker deg lykke til videre.\n{{% endif %}}\n\nMvh\nMona\n"
    draft = replace(read_text(source), context=Context.from_mapping(SIGNED))
    after = written(draft, suggest_for(draft, checker)).source
    before, _, rest = after.partition("{% if b %}")
    branch, _, tail = rest.partition("{% endif %}")
    assert "Takk for" in before and "vurderingen" in tail
    assert len(branch.splitlines()) == 2 and NO not in after
    assert not {"jobben", "intervju."} & set(tail.split())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("html", f"<p>Hei Kari,</p>\n<p>{NO}</p>\n<p>Mvh<br>Mona Lie</p>".replace("videre ", "videre<br>\n")),
        ("text", f"Hei Kari,\n\n{NO}\n\nMvh\nMona Lie\n".replace("videre ", "videre\n")),
        ("markdown", f"Hei Kari,\n\n{NO}\n\nMvh\nMona Lie\n".replace("videre ", "videre  \n")),
        ("text", f"Hei Kari,\n\nTakk for søknaden som kokk. Etter\nen helhetsvurdering {NO.lower()}\n\nMvh\nMona Lie\n"),
    ],
)  # fmt: skip
def test_suggest_takes_a_sentence_over_a_line_break_whole(kind: str, text: str, checker: Checker) -> None:
    draft = replace(read_text(text, kind=kind), context=Context.from_mapping(SIGNED))
    revision = suggest_for(draft, checker)
    assert "kandidater" not in revision.revised and "Etter\n" not in revision.revised
    assert "kandidater" not in written(draft, revision).source


def test_suggest_leaves_a_sentence_over_a_line_break_that_carries_a_reason(checker: Checker) -> None:
    text = "Hei Kari,\n\nVi har dessverre gått videre med andre\nfordi du mangler fagbrev.\n\nMvh\nMona Lie\n"
    revised = suggest_for(message(text, SIGNED, stage="soknad"), checker).revised
    assert "andre\nfordi du mangler" in revised


def test_suggest_leaves_headings(checker: Checker) -> None:
    text = f"# {NO}\n\nHei Kari,\n\n{NO}\n\nMvh\nMona Lie\n"
    draft = replace(read_text(text, kind="markdown"), context=Context.from_mapping(SIGNED))
    assert written(draft, suggest_for(draft, checker)).source.startswith(f"# {NO}\n")


def test_suggest_puts_the_name_into_the_closing_not_above_a_button(checker: Checker) -> None:
    text = mjml(f"Hei Kari,\n\nTakk for søknaden som kokk. {NO}\n\nKNAPP\n\nHilsen HR")
    text = text.replace(
        "<mj-text>KNAPP</mj-text>", "<mj-button href='https://x.no'>Ledige stillinger</mj-button>"
    )
    draft = replace(read_text(text, kind="mjml"), context=Context.from_mapping(SIGNED))
    revision = suggest_for(draft, checker)
    assert revision.revised.rstrip().endswith("Ledige stillinger\n\nHilsen Mona Lie, HR")
    assert "<mj-text>Hilsen Mona Lie, HR</mj-text>" in written(draft, revision).source


def test_suggest_gives_the_closing_a_line_of_its_own(checker: Checker) -> None:
    revised = suggest_for(message("Hei Per, du fikk ikke jobben. Mvh Ole\n", SIGNED), checker).revised
    assert revised.endswith(".\n\nMvh Ole\n")


def test_suggest_strikes_or_tells_what_is_rude(checker: Checker) -> None:
    for rude in ("Ikke søk her igjen.", "Ikke søk igjen."):
        for before in (" ", "\n\n", "\n"):
            text = NB.replace("kandidater.", f"kandidater.{before}{rude}")
            revision = suggest_for(message(text, FACTS), checker)
            assert rude not in revision.revised or any(rude in w for w in revision.warnings)
    told = suggest_for(
        message("Hei Kari,\n\nVi har dessverre valgt å gå videre med andre.\nIkke søk igjen.\n"), checker
    )
    assert "Ikke søk igjen." not in told.revised or any("TON001" in w for w in told.warnings)


def test_no_letter_on_an_interview_says_that_there_will_be_none(checker: Checker) -> None:
    text = f"Hei Kari,\n\nTakk for at du kom på intervju.\n\n{NO}\n\nMvh\nMona Lie\n"
    revised = suggest_for(message(text, SIGNED, stage="soknad"), checker).revised
    assert "til intervju" not in revised and "kandidater" not in revised
