"""A call script from a context, in the order that a good call has.

Opening question, decision, short reason, how much do you want to hear, strength, development, questions, next step. Lines in
round brackets are for the caller; the rest is what is said, in guillemets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from feedbackcheck.findings import Applicability
from feedbackcheck.message import Stage
from feedbackcheck.report import Report
from feedbackcheck.suggest import gaps, wording
from feedbackcheck.suggest.alternatives import Draft, read_draft
from feedbackcheck.suggest.compose import Piece
from feedbackcheck.suggest.guard import Guard
from feedbackcheck.suggest.revise import Edit, Revision, as_template
from feedbackcheck.suggest.voice import Voice

__all__ = ["ORDER", "call_script"]

#: Keys of the steps, in order.
ORDER = ("opening", "decision", "reason", "how_much", "strength", "development", "questions", "next")


def call_script(report: Report, *, check: Callable[[str], Report] | None = None) -> Revision:
    """The script for one candidate.

    Args:
        report: of the draft that the script takes the place of (its voice and context are used; it may be empty).
        check: checks the script in the same way.
    """
    draft = read_draft(replace(report, stage=Stage.TELEFON))
    attempts: dict[str, int] = {}
    best: Revision | None = None
    for _ in range(4):
        revision, made = _write(draft, report, attempts)
        if check is None:
            return revision
        after = check(as_template(revision))
        revision = replace(revision, after=after)
        if best is None or _total(revision) > _total(best):
            best = revision
        # Wordings that the checker does not hear are exchanged for others.
        unheard = made - {i.code for i in after.ingredients}
        if not unheard:
            break
        for code in unheard:
            attempts[code] = attempts.get(code, 0) + 1
    assert best is not None
    return best


def _turn(variants: Sequence[str], turn: int) -> str:
    return variants[turn % len(variants)]


def _total(revision: Revision) -> int:
    return revision.after.score.total if revision.after and revision.after.score else 0


def _write(draft: Draft, report: Report, attempts: dict[str, int]) -> tuple[Revision, frozenset[str]]:
    """One script, and the ingredients that it was to carry."""
    # A call is one person speaking, but the decision may be «vi»: the draft's voice decides, and an empty draft says «vi».
    composer = draft.composer(fresh=True)
    composer.attempts.update(attempts)
    words = wording.templates(draft.voice.language)["script"]
    slots = draft.facts.slots
    short = draft.facts.context.detail_wanted == "short"
    pieces: dict[str, Piece | None] = {
        "opening": composer.opening(),
        "decision": composer.decision(),
        "reason": composer.reason(),
        "strength": composer.strength(),
        "development": composer.development(),
        "next": composer.next_step() if {"neste", "måneder"} & slots.keys() else None,
    }
    sources: list[str] = []
    needs: list[str] = []
    warnings = list(draft.facts.warnings)
    lines: list[str] = []
    if "navn" in slots:
        composer_title = wording.fill(
            str(words["title"]), {**slots, "jobb": slots.get("jobb", "")}, draft.voice
        )
        lines.append(composer_title if "jobb" in slots else composer_title.split(" om ")[0])
        lines.append("")
    for number, step in enumerate(ORDER, start=1):
        piece = pieces.get(step)
        if step == "how_much":
            said = wording.fill(str(words["how_much"]), slots, draft.voice)
        elif step == "questions":
            said = wording.fill(str(words["questions"]), slots, draft.voice)
            if not short:
                said += " " + wording.fill(
                    _turn(words["evaluation"], attempts.get("ING10", 0)), slots, draft.voice
                )
        elif step == "next":
            closing = _closing(str(words["next"]), dict(slots), draft.voice)
            said = f"{piece.text} {closing}" if piece else closing
        elif piece is None:
            continue
        else:
            said = piece.text
        if piece is not None:
            bad = Guard(draft.text, draft.facts.context, piece.words_from).violations(piece.text)
            if bad:
                warnings.append(f"En foreslått setning ({piece.code}) er strøket: {bad[0]}.")
                continue
            sources += piece.sources
            needs += piece.needs
        label = words[f"{step}_label"]
        note = f" {words['skip_note']}" if step in ("strength", "development") and short else ""
        lines.append(f"{number}. {label}: «{said}»{note}")
        if step == "opening":
            lines.append(f"   {words['listen']}")
        if step == "how_much" and short:
            lines.append(f"   {words['short_note']}")
    text = "\n".join(lines) + "\n"
    known = [(name, code, label, question) for name, (code, label, question) in composer.known_gaps.items()]
    edit = Edit(
        start=0, end=len(draft.text), text=text, code="MAN11",
        applicability=Applicability.FILL_IN if needs else Applicability.UNSAFE,
        needs=tuple(dict.fromkeys(needs)), sources=tuple(dict.fromkeys(sources)),
    )  # fmt: skip
    revision = Revision(
        original=draft.text,
        revised=text,
        edits=(edit,),
        gaps=tuple(gaps.find_gaps(text, known)),
        before=report,
        after=None,
        warnings=tuple(dict.fromkeys([*warnings, *composer.warnings])),
    )
    made = frozenset(p.code for p in pieces.values() if p is not None) | (
        frozenset() if short else frozenset(("ING10",))
    )
    return revision, made


def _closing(template: str, slots: dict[str, str], voice: Voice) -> str:
    """The last words: the caller is the one to ring."""
    return wording.fill(template, {**slots, "meg": "meg"}, voice)
