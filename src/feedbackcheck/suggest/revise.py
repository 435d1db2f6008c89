"""A whole revised draft: what is kept, what is changed, what is added and where, with the source of each fact.

The draft's own good sentences stay word for word. Sentences with a problem are mended in place where that is safe, replaced
by a sentence on this candidate where the context has one, or taken out; then what the stage calls for and the letter lacks
is put in at its place. The result is checked again by the same checker: wordings that raise a new finding are exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from feedbackcheck.findings import Applicability, Finding
from feedbackcheck.language.segment import SIGNING, BlockKind, Sentence
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Severity, Span, Stage
from feedbackcheck.report import Report
from feedbackcheck.rules.base import catalogue, needs
from feedbackcheck.suggest import edits as local
from feedbackcheck.suggest import gaps
from feedbackcheck.suggest.alternatives import (
    REMAKES,
    Draft,
    alternatives,
    anonymous,
    field_value,
    greeting_span,
    keeps_thanks,
    read_draft,
)
from feedbackcheck.suggest.compose import Composer, Piece
from feedbackcheck.suggest.facts import short_position
from feedbackcheck.suggest.guard import Guard
from feedbackcheck.suggest.norwegian import stems
from feedbackcheck.suggest.others import named_person
from feedbackcheck.suggest.plan import ORDER, group, rank
from feedbackcheck.suggest.runs import Branches, branches, chains, is_heading
from feedbackcheck.suggest.told import waits

__all__ = ["Edit", "Revision", "Rewrite", "revise"]

#: Proposes another wording of a piece, or None; its text must still pass the guard.
Rewrite = Callable[[Piece, Draft], "str | None"]
Check = Callable[[str], Report]

_ATTEMPTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change, in offsets of the original text; edits are in order and do not overlap."""

    start: int
    end: int
    text: str
    code: str
    applicability: Applicability
    needs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    #: Ingredients that the change says, and takes out (see :class:`feedbackcheck.fixes.Change`).
    says: frozenset[str] = frozenset()
    unsays: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, object]:
        """The contract's ``edits[]`` object."""
        return {
            "start": self.start, "end": self.end, "text": self.text, "code": self.code,
            "applicability": self.applicability.value, "needs": list(self.needs), "sources": list(self.sources),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revised draft.

    Attributes:
        original, revised: the two texts (of the message, not of its file format).
        edits: lead from the first to the second.
        gaps: facts that the sender must still give, each once, in offsets of ``revised``.
        before, after: reports on the two; ``after`` is None when no checker was given, and is about the revised draft with its
            gaps as merge fields (see :func:`as_template`).
        warnings: what was not used and why, in Norwegian.
    """

    original: str
    revised: str
    edits: tuple[Edit, ...]
    gaps: tuple[gaps.Gap, ...]
    before: Report
    after: Report | None
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The contract's object, with ``warnings`` added."""
        return {
            "schema": 1,
            "original": self.original,
            "revised": self.revised,
            "score_before": self.before.score.to_dict() if self.before.score else None,
            "score_after": self.after.score.to_dict() if self.after and self.after.score else None,
            "edits": [e.to_dict() for e in self.edits],
            "gaps": [g.to_dict() for g in self.gaps],
            "warnings": list(self.warnings),
        }


@dataclass(slots=True)
class _Node:
    """A sentence of the revised letter: one of the draft's (``sentence``), or a new one (``piece``)."""

    text: str
    codes: frozenset[str]
    kind: BlockKind
    sentence: Sentence | None = None
    piece: Piece | None = None
    replaced: bool = False
    changes: list[Edit] = field(default_factory=list)
    # For new sentences: the draft's sentence they hang on, which side, and what stands between.
    anchor: Sentence | None = None
    side: str = "after"
    lead: str = ""
    tail: str = ""


def _acts(finding: Finding) -> bool:
    """False for what was found only in doubt: a sender's good sentence is not rewritten on a suspicion."""
    if finding.code == "KLI005":
        return True
    if finding.confidence < (0.3 if finding.code.startswith(("JUS", "FLT", "TON")) else 0.4):
        return False
    if finding.severity is not Severity.HINT:
        return True
    severity = catalogue()[finding.code].get("severity", "hint")
    return bool(severity == "hint")


def revise(report: Report, *, check: Check | None = None, rewrite: Rewrite | None = None) -> Revision:
    """Revise a checked draft.

    Args:
        report: what the checker found in it; its message's context is used.
        check: checks a text in the same way (same context, stage and mode), to see that no new finding appears.
        rewrite: proposes wordings for the new sentences; see :mod:`feedbackcheck.suggest.rewriter`.
    """
    draft = read_draft(report)
    best: tuple[tuple[int, int], Revision] | None = None
    attempts: dict[str, int] = {}
    without: set[str] = set()
    for _ in range(_ATTEMPTS):
        revision, nodes = _build(draft, attempts, without, rewrite)
        if check is None:
            return revision
        after = check(as_template(revision))
        revision = replace(revision, after=after)
        trouble = _new_findings(report, after, nodes)
        unheard = _unheard(after, nodes)
        score = -(after.score.total if after.score else 0)
        cost = (len(trouble) + len(unheard), score)
        if best is None or cost < best[0]:
            best = (cost, revision)
        if not trouble and not unheard:
            break
        for section in {n.piece.code for _, n in trouble if n is not None and n.piece is not None} | unheard:
            attempts[section] = attempts.get(section, 0) + 1
        rewrite = None
    assert best is not None
    return best[1]


def _unheard(after: Report, nodes: Sequence[_Node]) -> set[str]:
    """Ingredients that a new sentence was to carry but that the checker does not hear in the letter."""
    if after.skipped:
        return set()
    heard = {i.code for i in after.ingredients}
    return {
        n.piece.code
        for n in nodes
        if n.piece is not None and n.piece.code.startswith("ING") and n.piece.code not in heard
    }


def _new_findings(
    before: Report, after: Report, nodes: Sequence[_Node]
) -> list[tuple[Finding, _Node | None]]:
    """Findings on the revised text that the draft did not have, with the sentence they stand in."""
    counts: dict[str, int] = {}
    for finding in before.findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    text = after.message.text
    out: list[tuple[Finding, _Node | None]] = []
    for finding in after.findings:
        if finding.span is None or not _acts(finding):
            continue
        words = finding.span.of(text)
        node = next((n for n in nodes if n.piece is not None and (words in n.text or n.text in words)), None)
        if node is not None:
            out.append((finding, node))
        elif counts.get(finding.code, 0) <= 0:
            out.append((finding, None))
        else:
            counts[finding.code] -= 1
    return out


# -- what happens to each sentence of the draft


def _names_the_chosen(draft: Draft, sentence: Sentence) -> bool:
    """True if the sentence names somebody whose details another sentence gives away."""
    return sentence.index < draft.tail_start and any(
        name in sentence.text
        for f in draft.report.findings
        if f.code == "JUS003" and f.sentence is not None and f.sentence < len(draft.sentences)
        for name in _person_in(draft.sentences[f.sentence].text)
    )


def _person_in(text: str) -> tuple[str, ...]:
    person = named_person(text)
    return (person[0],) if person is not None else ()


def _mend(draft: Draft, sentence: Sentence, codes: set[str]) -> tuple[str, list[Edit], set[str]]:
    """Safe local changes to a sentence; returns its new words, the edits, and the codes that they settle."""
    text, settled = sentence.text, set()
    how = Applicability.SAFE
    if "JUS003" in codes or _names_the_chosen(draft, sentence):
        nameless = anonymous(draft, sentence)
        if nameless:
            text, how = nameless, Applicability.UNSAFE
            settled.add("JUS003")
    steps: tuple[tuple[str, Callable[[str], str | None]], ...] = (
        ("PER004", lambda t: local.plain(t, draft.voice, informal=draft.turns_informal)),
        ("PER005", local.second_person),
        ("TON003", lambda t: local.calm(t, draft.voice)),
        ("PER002", lambda t: local.active(t, draft.voice) if draft.owns else None),
    )
    for code, change in steps:
        if code in codes:
            new = change(text)
            if new:
                text = new
                settled.add(code)
    if (
        draft.turns_informal
        and sentence.index >= draft.head_end
        and local.is_formal(text, draft.voice.language)
    ):
        # The whole letter says «du» from here on, its good sentences too.
        text = local.to_informal(text, draft.voice.language)
        settled.add("PER004")
    if text == sentence.text:
        return text, [], settled
    edit = Edit(
        start=sentence.span.start,
        end=sentence.span.end,
        text=text,
        code=sorted(settled)[0],
        applicability=how,
    )
    return text, [edit], settled


def _filled(draft: Draft, sentence: Sentence) -> list[Edit]:
    """Merge fields of a sentence whose value the context knows."""
    if not draft.report.message.context.candidate_name and not any(
        f.code == "FLT001" for f in draft.report.findings
    ):
        return []
    out = []
    for found in draft.report.message.fields:
        if not sentence.span.contains(found.span):
            continue
        known = field_value(draft, found.role)
        if known:
            out.append(
                Edit(
                    start=found.span.start, end=found.span.end, text=known[0], code="FLT001",
                    applicability=Applicability.FILL_IN, sources=(known[1],),
                )
            )  # fmt: skip
    return out


def _applied(text: str, base: int, changes: Iterable[Edit]) -> str:
    for change in sorted(changes, key=lambda e: -e.start):
        text = text[: change.start - base] + change.text + text[change.end - base :]
    return text


#: Problems of wording that no sentence is taken out for.
_SOFT = frozenset(("PER002", "PER004", "PER005"))


#: Problems that may stay when the next sentence would hang in the air without theirs.
_ANAPHOR_SAFE = frozenset(("KLI001", "KLI002", "KLI004", "PER002", "PER004", "PER005"))
_LEANS = lazy_re(
    r"(?:Han|Hun|Ho|Hen|De|Dei|Den|Dette|Der|Vedkommende|Vedkomande|Denne|Disse|Desse|Slik|Derfor|Difor|Da|Då)\b"
)


def _leans_on(draft: Draft, sentence: Sentence) -> bool:
    """True if the next sentence of the paragraph gives the reason and points back at this one."""
    following = sentence.index + 1
    if following >= len(draft.sentences):
        return False
    after = draft.sentences[following]
    return (
        after.paragraph == sentence.paragraph
        and _LEANS.match(after.text) is not None
        and "ING03" in draft.carried(following)
        and not any(_acts(f) for f in draft.problems(following))
    )


def _tells_a_strength(draft: Draft, sentence: Sentence) -> bool:
    """True if the sentence says what a note of a strength says: then its praise is not empty."""
    said = set(stems(sentence.text))
    return any(len({s for s in stems(n.topic) if len(s) > 3} & said) >= 2 for n in draft.facts.strengths)


#: Problems that may not stay even if their sentence says something good besides.
_SEVERE = frozenset(
    (
        "JUS001",
        "JUS002",
        "JUS003",
        "TON001",
        "TON002",
        "TON004",
        "TON005",
        "TON006",
        "TON007",
        "PER003",
        "KLI001",
    )
)


def _treat(draft: Draft, sentence: Sentence) -> tuple[_Node | None, set[str]]:
    """The sentence as it stays (None: it goes), and the ingredients that are lost with it."""
    carried = draft.carried(sentence.index)
    acting = {f.code for f in draft.problems(sentence.index) if _acts(f)}
    if "KLI004" in acting and _tells_a_strength(draft, sentence):
        acting.discard("KLI004")
    fills = _filled(draft, sentence)

    def as_it_stands() -> tuple[_Node, set[str]]:
        """Nothing but its facts and fields filled in."""
        text = _applied(sentence.text, sentence.span.start, fills)
        if not fills and sentence.kind in (BlockKind.BODY, BlockKind.LIST):
            text, changes, _ = _mend(draft, sentence, set())
            return _Node(text, carried, sentence.kind, sentence, changes=changes), set()
        return _Node(text, carried, sentence.kind, sentence, changes=fills), set()

    tail = sentence.index >= draft.tail_start and not acting - {"PER001", "FLT001", "FLT002"}
    heading = is_heading(draft.report.message, sentence.span)
    if sentence.kind is BlockKind.SUBJECT or heading or tail or draft.greets(sentence.index):
        return as_it_stands()
    if not acting and not carried and _doubted_twice(draft, sentence):
        return None, set()
    text, changes, settled = _mend(draft, sentence, acting)
    rest = acting - settled - {"FLT001", "FLT002", "PER001"}
    if "FLT002" in acting:
        for finding in draft.problems(sentence.index):
            if finding.code == "FLT002":
                for s in alternatives(draft, finding)[:1]:
                    if s.span is not None and sentence.span.contains(s.span):
                        fills.append(Edit(start=s.span.start, end=s.span.end, text=s.text, code="FLT002",
                                          applicability=s.applicability, sources=s.sources))  # fmt: skip
    if not rest:
        if changes:
            return _Node(text, carried, sentence.kind, sentence, changes=changes), set()
        return as_it_stands()
    if rest <= _SOFT and not ("ING02" in carried and rest & {"PER002", "PER005"}):
        return as_it_stands()
    if rest == {"KLI005"} and "ING01" in carried and keeps_thanks(draft, sentence):
        return as_it_stands()
    if rest <= _ANAPHOR_SAFE and _leans_on(draft, sentence):
        # The next sentence says «han», «der», «det kurset»: without this one nobody knows who or what.
        return as_it_stands()
    strongest = max((f for f in draft.problems(sentence.index) if f.code in rest), key=lambda f: f.confidence)
    precious = draft.precious(sentence.index, strongest) - {REMAKES.get(c, "") for c in rest}
    if precious and not rest & _SEVERE:
        return as_it_stands()
    if precious and rest & _SEVERE == {"KLI001"} and "ING03" in precious:
        # «Vi har gått videre med to som er klarert for HEMMELIG»: the formula carries the reason.
        return as_it_stands()
    return None, set(carried)


def _severe_doubts(draft: Draft, sentence: Sentence) -> list[Finding]:
    """Findings on a sentence of rules on law and tone that the sender must not miss, sure or not."""
    return [
        f
        for f in draft.problems(sentence.index)
        if f.code.startswith(("JUS", "TON"))
        and f.confidence >= 0.3
        and catalogue()[f.code].get("severity") == "error"
    ]


def _doubted_twice(draft: Draft, sentence: Sentence) -> bool:
    """True if a sentence that says nothing the letter needs is suspected by two rules, and one of them would strike it."""
    return (
        len(draft.problems(sentence.index)) > 1
        and bool(_severe_doubts(draft, sentence))
        and any(s.text == "" for f in draft.problems(sentence.index) for s in alternatives(draft, f))
    )


def _left(draft: Draft, nodes: Sequence[_Node]) -> list[str]:
    """Warnings about sentences that stay word for word though a rule on law or tone has found something in them."""
    out = []
    for node in nodes:
        sentence = node.sentence
        if sentence is None or node.replaced or node.text != sentence.text:
            continue
        found = _severe_doubts(draft, sentence)
        if found:
            codes = ", ".join(dict.fromkeys(f.code for f in found))
            out.append(f"«{sentence.text}» står som den var, men se på den selv ({codes}).")
    return out


# Half a sentence is not always heard as the reason that it gives.
_GIVES_REASON = lazy_re(
    r"\b(?:fordi|siden|ettersom|på grunn av|grunnet|mangl\w*|savn\w*|krav\w*)\b", re.IGNORECASE
)


def _treated(draft: Draft) -> list[tuple[_Node | None, set[str]]]:
    """What happens to each sentence; one that runs on over a line break stays or goes as a whole."""
    out = [_treat(draft, s) for s in draft.sentences]
    for chain in chains(draft.text, draft.sentences):
        goes = any(out[i][0] is None for i in chain)
        stays = any(
            out[i][0] is not None
            and (
                draft.precious(i)
                or _GIVES_REASON.search(draft.sentences[i].text)
                or draft.greets(i)
                or i >= draft.tail_start
            )
            for i in chain
        )
        for i in chain:
            sentence = draft.sentences[i]
            if goes and not stays:
                out[i] = (None, set(draft.carried(i)))
            else:
                fills = _filled(draft, sentence)
                text = _applied(sentence.text, sentence.span.start, fills)
                out[i] = (_Node(text, draft.carried(i), sentence.kind, sentence, changes=fills), set())
    return out


def _keep_branches(draft: Draft, nodes: list[_Node], dropped: dict[int, Sentence], split: Branches) -> None:
    """A branch of a template that would lose all its sentences keeps them: its readers would get nothing at all."""
    for branch in split.of_branch:
        if all(i in dropped for i in branch):
            for i in branch:
                sentence = dropped.pop(i)
                at = next(
                    (k for k, n in enumerate(nodes) if n.sentence is not None and n.sentence.index > i),
                    len(nodes),
                )
                nodes.insert(at, _Node(sentence.text, draft.carried(i), sentence.kind, sentence))


def _out_of_choices(draft: Draft, nodes: Sequence[_Node], split: Branches) -> None:
    """New sentences are for every reader of a template: they hang on what stands around a choice, not in it."""
    for at, node in enumerate(nodes):
        if node.anchor is None or node.sentence is not None:
            continue
        after = node.side != "before"
        there = (split.last if after else split.first)(node.anchor.index)
        if there == node.anchor.index and not split.holds(there):
            continue
        node.anchor = draft.sentences[there]
        # Those that stand together do so outside too; the first of them, or the last, leaves the choice's paragraph.
        beside = (
            nodes[at - 1] if after and at else nodes[at + 1] if not after and at + 1 < len(nodes) else None
        )
        if beside is None or beside.sentence is not None:
            if after:
                node.lead = "\n\n"
            else:
                node.tail = "\n\n"


# -- what the letter needs


_APOLOGISES = lazy_re(
    r"\b(?:beklag\w*|orsak\w*|unnskyld\w*|unnskuld\w*|lei for)\b[^.!?\n]{0,80}\b(?:sen|sent|seint|sein|vent\w*|lang tid|lenge|først nå|først no|tatt tid|teke tid|uker|veker)\b",
    re.IGNORECASE,
)


def _needed(draft: Draft, alive: frozenset[str], lost: set[str], dropped: set[str]) -> list[str]:
    """Ingredients to add, in the plan's order."""
    facts, stage = draft.facts, draft.report.stage
    context = facts.context
    table, bends = needs()["needs"], needs()["bends"]
    wanted: set[str] = set()
    for code, row in table.items():
        need = row[stage.value]
        if (
            code in bends["few_applicants_must"]
            and context.applicants is not None
            and context.applicants < bends["few_applicants"]
        ):
            need = "must" if need == "should" else need
        if (context.detail_wanted == "short" and code in bends["short_waives"]) or (
            context.called_first and code in bends["called_first_waives"] and stage is not Stage.TELEFON
        ):
            need = "may"
        if need in ("must", "should"):
            wanted.add(code)
    # What stood there and went with its sentence is said again; what the context gives is used though not asked for.
    wanted |= lost & {"ING01", "ING02", "ING06", "ING07", "ING10"}
    if not context.called_first and context.detail_wanted != "short":
        if facts.strengths:
            wanted.add("ING04")
        if facts.weaknesses or facts.deciding:
            wanted |= {"ING03", "ING05"}
    if facts.strengths:
        wanted.add("ING04")
    if {"neste", "måneder"} & facts.slots.keys() or "JUS002" in dropped:
        wanted.add("ING12")
    if stage in (Stage.INTERVJU, Stage.FINALE) and context.detail_wanted != "short":
        # Somebody who was met has something to tell, and asking costs no fact.
        wanted.add("ING10")
    if "PRO02" in {f.code for f in draft.report.findings} and not _APOLOGISES.search(draft.text):
        wanted.add("late")
    if "TON007" in dropped and "ING02" in alive:
        wanted.add("TON007")
    if stage is not Stage.TELEFON:
        wanted.discard("ING11")
    return [c for c in ORDER if c in wanted and c not in alive]


def _build(
    draft: Draft, attempts: dict[str, int], without: set[str], rewrite: Rewrite | None
) -> tuple[Revision, list[_Node]]:
    nodes: list[_Node] = []
    dropped: dict[int, Sentence] = {}
    dropped_codes: set[str] = set()
    lost: set[str] = set()
    split = branches(draft.report.message, draft.sentences)
    for sentence, (node, gone) in zip(draft.sentences, _treated(draft), strict=True):
        if node is None:
            dropped[sentence.index] = sentence
            dropped_codes |= {f.code for f in draft.problems(sentence.index)}
            lost |= gone
        else:
            nodes.append(node)
    _drop_waiting(draft, nodes, dropped)
    alive = frozenset(c for n in nodes for c in n.codes)
    # A letter that speaks of «denne stillingen» names no job yet, if the context knows its name.
    title = short_position(draft.facts.context.position or "")
    named = "ING07" in alive and (not title or any(title.lower() in n.text.lower() for n in nodes))
    composer = draft.composer(fresh=not named, replaced=dropped)
    composer.attempts.update(attempts)
    wanted = _needed(draft, alive, lost, dropped_codes)
    greeted = _mend_greeting(draft, nodes, composer)
    signed = _mend_signature(draft, nodes, composer)
    wanted = [c for c in wanted if not (c == "ING08" and greeted) and not (c == "ING09" and signed)]
    alone = "ING07" in wanted and not {"ING01", "ING02"} & set(wanted)
    if alone and _name_job(draft, nodes, composer):
        wanted.remove("ING07")
    pieces: list[Piece] = []
    warnings = [*draft.facts.warnings]
    for code in wanted:
        if code in without or (code == "ING07" and any("ING07" in p.carries for p in pieces)):
            continue
        made = _made(composer, code)
        if made is None or any(code in p.carries for p in pieces):
            continue
        if rewrite is not None and not made.needs:
            made = _rewritten(made, rewrite, draft)
        violations = Guard(draft.text, draft.facts.context, made.words_from).violations(made.text)
        if violations:
            warnings.append(f"En foreslått setning ({code}) er strøket: {violations[0]}.")
            continue
        pieces.append(made)
    for made in pieces:
        _put(draft, nodes, dropped, made, split)
    _keep_branches(draft, nodes, dropped, split)
    _out_of_choices(draft, nodes, split)
    warnings += [*composer.warnings, *_left(draft, nodes)]
    edits = _edits(draft, nodes, dropped)
    revised = apply(draft.text, edits)
    known = [(name, code, label, question) for name, (code, label, question) in composer.known_gaps.items()]
    revision = Revision(
        original=draft.text,
        revised=revised,
        edits=tuple(edits),
        gaps=tuple(gaps.find_gaps(revised, known)),
        before=draft.report,
        after=None,
        warnings=tuple(dict.fromkeys(warnings)),
    )
    return revision, nodes


def _drop_waiting(draft: Draft, nodes: list[_Node], dropped: dict[int, Sentence]) -> None:
    """Take out what keeps the answer open («Du hører fra oss»), where the letter did so and now says no."""
    if not any(f.code == "TON006" for s in dropped for f in draft.problems(s)):
        return
    for node in [*nodes]:
        s = node.sentence
        if s is None or s.index >= draft.tail_start or node.codes & {"ING02", "ING03", "ING04", "ING05"}:
            continue
        if waits(s.text):
            nodes.remove(node)
            dropped[s.index] = s


def _made(composer: Composer, code: str) -> Piece | None:
    if code == "late":
        return composer.late()
    if code == "TON007":
        return composer.own_decision()
    return composer.piece(code)


def _rewritten(made: Piece, rewrite: Rewrite, draft: Draft) -> Piece:
    text = rewrite(made, draft)
    return made if text is None else replace(made, text=text, sources=(*made.sources, "rewriter"))


def _mend_greeting(draft: Draft, nodes: list[_Node], composer: Composer) -> bool:
    """A greeting that names nobody gets the name; True if it did."""
    for node in nodes:
        sentence = node.sentence
        if sentence is None or not draft.greets(sentence.index):
            continue
        if any(f.code == "PER001" for f in draft.problems(sentence.index)) and not node.changes:
            made = composer.greeting()
            if made is not None:
                besides = draft.text[greeting_span(sentence).end : sentence.span.end]
                made = replace(made, text=made.text + besides)
                node.text, node.piece, node.replaced = made.text, made, True
                node.codes = made.carries
                return True
    return False


def _flagged(draft: Draft, sentence: Sentence | None) -> bool:
    """True for a line that signs with a team or company only: the name goes into that line."""
    return sentence is not None and any(f.code == "PER001" for f in draft.problems(sentence.index))


_CLOSES = lazy_re(
    r"(?:hilsen|helsing|hilsener|helsingar|fra|frå)\W*$|^\W*(?:mvh|vh|vbh|klem|best|hilsen|helsing)\b\W*$",
    re.IGNORECASE,
)


_SIGNS_AS = lazy_re(
    r"\W*(?:(?:med\s+)?(?:\w+\s+)?(?:hilsen|helsing)(?:\s+(?:fra|frå))?|mvh\.?|vh)[\s,]+(?P<house>\w[^.!?\n]{0,60})$",
    re.IGNORECASE,
)


def _mend_signature(draft: Draft, nodes: list[_Node], composer: Composer) -> bool:
    """A signature of the company alone gets the sender's name before it; True if it did."""
    if any("ING09" in n.codes for n in nodes):
        return False
    closing = [n for n in nodes if n.sentence is not None and n.sentence.index >= draft.tail_start]
    if not closing:
        return False
    # A button or a link above «Hilsen» is no part of the signature.
    greeting = next((i for i, n in enumerate(closing) if n.kind is BlockKind.CLOSING), 0)
    closing = closing[greeting:]
    made = composer.signature()
    if made is None:
        return False
    name = made.text.split("\n")[1]
    first = next(
        (
            n
            for n in closing
            if n.sentence is not None
            and n.sentence.kind is not BlockKind.CLOSING
            and not _CLOSES.search(n.text)
        ),
        None,
    )
    named = replace(made, text=name, carries=frozenset(("ING09",)))
    signs = _SIGNS_AS.match(closing[0].text) if closing[0].kind is BlockKind.CLOSING else None
    if signs and first in (None, *closing[1:]) and closing[0].sentence is not None and not closing[0].changes:
        # «Hilsen HR»: the name goes between the two.
        at = closing[0].sentence.span.start + signs.start("house")
        edit = _edit(at, at, f"{name}, ", named)
        closing[0].changes.append(edit)
        closing[0].text = _applied(closing[0].text, closing[0].sentence.span.start, [edit])
        closing[0].codes |= {"ING09"}
        return True
    if first is not None:
        new = _Node(
            name,
            named.carries,
            BlockKind.SIGNATURE,
            piece=named,
            anchor=first.sentence,
            side="before",
            tail=", " if _flagged(draft, first.sentence) and not named.needs else "\n",
        )
        nodes.insert(nodes.index(first), new)
    else:
        last = closing[-1]
        new = _Node(
            name,
            named.carries,
            BlockKind.SIGNATURE,
            piece=named,
            anchor=last.sentence,
            side="after",
            lead="\n",
        )
        nodes.insert(nodes.index(last) + 1, new)
    return True


def _name_job(draft: Draft, nodes: list[_Node], composer: Composer) -> bool:
    """«denne stillingen» gets its name in a sentence that stays; False where there is none."""
    from feedbackcheck.suggest.alternatives import _name_the_job

    named = _name_the_job(draft)
    if named is None or named.span is None:
        return False
    for node in nodes:
        s = node.sentence
        if (
            s is not None
            and s.span.contains(named.span)
            and not any(c.start == s.span.start and c.end == s.span.end for c in node.changes)
        ):
            if "position" in named.needs:
                composer._slots("ING07", name_position=True)
                composer._gap("position", "ING07")
            edit = Edit(start=named.span.start, end=named.span.end, text=named.text, code="MAN07",
                        applicability=named.applicability, needs=named.needs, sources=named.sources)  # fmt: skip
            node.changes.append(edit)
            node.text = _applied(s.text, s.span.start, node.changes)
            node.codes = node.codes | {"ING07"}
            return True
    return False


# -- where a new sentence goes


def _place_of(node: _Node) -> int:
    return rank(
        node.codes - {"ING07", "ING08", "ING09"}
        if node.kind in (BlockKind.BODY, BlockKind.LIST)
        else node.codes
    )


def _put(
    draft: Draft, nodes: list[_Node], dropped: dict[int, Sentence], made: Piece, split: Branches
) -> None:
    mine = ORDER.index(made.code)
    if made.code == "ING08":
        first = next(
            (i for i, n in enumerate(nodes) if n.sentence is None or n.sentence.index >= draft.head_end),
            len(nodes),
        )
        # It stands before the first sentence after the letter head, whether that one stays or goes.
        anchor = next((x for x in draft.sentences if x.index >= draft.head_end), None)
        new = _Node(
            made.text, made.carries, BlockKind.GREETING, piece=made, anchor=anchor, side="before", tail="\n\n"
        )
        nodes.insert(first, new)
        return
    if made.code == "ING09":
        end = len(nodes)
        new = _Node(
            made.text, made.carries, BlockKind.SIGNATURE, piece=made, anchor=None, side="end", lead="\n\n"
        )
        nodes.insert(end, new)
        return
    taken = _in_place(draft, nodes, dropped, made, split)
    if taken is not None:
        sentence = dropped.pop(taken)
        at = next(
            (i for i, n in enumerate(nodes) if n.sentence is not None and n.sentence.index > taken),
            len(nodes),
        )
        # New sentences that hang before the next one come after this one.
        while (
            at
            and nodes[at - 1].anchor is not None
            and nodes[at - 1].sentence is None
            and nodes[at - 1].side == "before"
            and (_place_of(nodes[at - 1]) > mine)
        ):
            at -= 1
        nodes.insert(at, _Node(made.text, made.carries, BlockKind.BODY, sentence, made, replaced=True))
        return
    stop = _end_of_body(draft, nodes)
    at = 0
    for i, node in enumerate(nodes[:stop]):
        if node.kind in (BlockKind.SUBJECT, BlockKind.GREETING) or (
            node.sentence is not None
            and (node.sentence.index < draft.head_end or draft.greets(node.sentence.index))
        ):
            at = i + 1
            continue
        place = _place_of(node)
        if 0 <= place <= mine or (place < 0 and mine >= ORDER.index("ING12")):
            at = i + 1
    # Unranked sentences of the anchor's own paragraph belong to it.
    while at and at < stop and _same_paragraph(nodes[at - 1], nodes[at]) and _place_of(nodes[at]) < 0:
        at += 1
    # A list belongs to the line that announces it.
    while at and at < stop and nodes[at].kind is BlockKind.LIST:
        at += 1
    new = _Node(made.text, made.carries, BlockKind.BODY, piece=made)
    _hang(draft, nodes, at, stop, new, made)
    nodes.insert(at, new)


def _is_tail(draft: Draft, node: _Node) -> bool:
    """True for the lines of the closing, the draft's and new ones."""
    if node.sentence is not None:
        return node.sentence.index >= draft.tail_start
    return node.kind in SIGNING


def _end_of_body(draft: Draft, nodes: Sequence[_Node]) -> int:
    """Index of the first node of the closing."""
    return next((i for i, node in enumerate(nodes) if _is_tail(draft, node)), len(nodes))


def _in_place(
    draft: Draft, nodes: Sequence[_Node], dropped: dict[int, Sentence], made: Piece, split: Branches
) -> int | None:
    """The dropped sentence that this piece takes the place of, if the order of the letter allows."""
    mine = ORDER.index(made.code)
    for index, sentence in dropped.items():
        carried = draft.carried(index) & {"ING01", "ING02", "ING06", "ING10"}
        targets = {REMAKES.get(f.code) for f in draft.problems(index)} | carried
        if made.code not in targets or sentence.kind is BlockKind.LIST or index >= draft.tail_start:
            continue
        if split.holds(index):
            # What only some readers of a template got, only they get again; what nobody got, all get, outside.
            if made.code in draft.carried(index) | {"ING02", "ING03"}:
                return index
            continue
        before = [n for n in nodes if n.sentence is not None and n.sentence.index < index]
        after = [n for n in nodes if n.sentence is not None and n.sentence.index > index]
        if all(_place_of(n) <= mine for n in before if n.kind is BlockKind.BODY) and all(
            _place_of(n) >= mine or _place_of(n) < 0 for n in after if n.kind is BlockKind.BODY
        ):
            return index
    return None


def _same_paragraph(a: _Node, b: _Node) -> bool:
    return (
        a.sentence is not None
        and b.sentence is not None
        and a.sentence.paragraph == b.sentence.paragraph
        and (b.kind is BlockKind.BODY and a.kind is BlockKind.BODY)
    )


def _hang(draft: Draft, nodes: Sequence[_Node], at: int, stop: int, new: _Node, made: Piece) -> None:
    """Decide which sentence of the draft a new one hangs on, and what stands between."""
    previous = nodes[at - 1] if at else None
    following = nodes[at] if at < len(nodes) else None
    mine = group(made.code)

    def joins(node: _Node | None) -> bool:
        return (
            node is not None
            and node.kind is BlockKind.BODY
            and any(group(c) == mine for c in node.codes if c in ORDER and c != "ING07")
        )

    inside = previous is not None and following is not None and _same_paragraph(previous, following)
    one_line = joins(previous) or inside
    if (
        previous is not None
        and previous.sentence is None
        and previous.side == "before"
        and previous.anchor is not None
    ):
        # It hangs before the next sentence: so does this one, after it.
        new.anchor, new.side, new.tail = previous.anchor, "before", previous.tail
        previous.tail = " " if joins(previous) else "\n\n"
        return
    anchored = _anchor(previous)
    shares = (
        anchored is not None
        and following is not None
        and following.sentence is not None
        and anchored.paragraph == following.sentence.paragraph
        and previous is not None
        and previous.kind is BlockKind.BODY
    )
    if shares and not joins(previous) and joins(following):
        # A new paragraph begins here, and the draft's next sentence follows in it.
        new.anchor, new.side, new.lead = anchored, "after", "\n\n"
        return
    if one_line:
        new.anchor, new.side, new.lead = _anchor(previous), "after", " "
    elif joins(following) and following is not None and following.sentence is not None:
        new.anchor, new.side, new.tail = following.sentence, "before", " "
    elif previous is not None:
        new.anchor, new.side, new.lead = _anchor(previous), "after", "\n\n"
    elif following is not None and following.sentence is not None:
        new.anchor, new.side, new.tail = following.sentence, "before", "\n\n"
    else:
        new.side, new.lead = "end", "\n\n" if draft.text.strip() else ""


def _anchor(node: _Node | None) -> Sentence | None:
    if node is None:
        return None
    return node.sentence or node.anchor


# -- edits


def _edits(draft: Draft, nodes: Sequence[_Node], dropped: dict[int, Sentence]) -> list[Edit]:
    cuts = _cuts(draft, dropped)
    out: list[tuple[int, int, int, Edit]] = []
    for order, node in enumerate(nodes):
        if node.sentence is not None and node.replaced and node.piece is not None:
            s = node.sentence
            start, text = s.span.start, node.text
            if _begins_paragraph(draft, nodes, order) and not any(
                cut.end > start - 1 and cut.start < start for cut, _ in cuts
            ):
                start, text = start - 1, f"\n\n{text}"
            swap = _edit(s.span.start, s.span.end, text, node.piece)
            out.append((start, 1, order, replace(swap, start=start, unsays=_unsaid(draft, [s]))))
        elif node.sentence is not None:
            out += [(e.start, 1, order, e) for e in node.changes if e.text != draft.text[e.start : e.end]]
        elif node.piece is not None:
            if node.anchor is None:
                at = len(draft.text.rstrip())
                out.append((at, 2, order, _edit(at, at, node.lead + node.text + node.tail, node.piece)))
            elif node.side == "before":
                at = node.anchor.span.start
                out.append((at, 0, order, _edit(at, at, node.text + node.tail, node.piece)))
            else:
                at = node.anchor.span.end
                out.append((at, 0, order, _edit(at, at, node.lead + node.text, node.piece)))
    inserted = sorted({item[0] for item in out})
    for cut, code in cuts:
        # An insertion may stand inside a cut (before a first sentence that goes): then the cut has two parts.
        bounds = [cut.start, *(at for at in inserted if cut.start < at < cut.end), cut.end]
        unsaid = _unsaid(draft, [s for s in dropped.values() if cut.contains(s.span)])
        for start, end in pairwise(bounds):
            gone = Edit(
                start=start, end=end, text="", code=code, applicability=Applicability.UNSAFE, unsays=unsaid
            )
            out.append((start, 3, 0, gone))
    out += _set_off(draft, nodes, dropped, cuts, [item[3] for item in out])
    out += _capitals(draft, nodes)
    out.sort(key=lambda item: item[:3])
    return [item[3] for item in out]


def _set_off(
    draft: Draft,
    nodes: Sequence[_Node],
    dropped: dict[int, Sentence],
    cuts: Sequence[tuple[Span, str]],
    made: Sequence[Edit],
) -> list[tuple[int, int, int, Edit]]:
    """A closing that stood on a line of the text gets one of its own, where the letter now has paragraphs."""
    at = draft.tail_start
    if not 0 < at < len(draft.sentences) or at in dropped:
        return []
    start, end = draft.sentences[at - 1].span.end, draft.sentences[at].span.start
    between = draft.text[start:end]
    last = next((n for n in reversed(nodes) if not _is_tail(draft, n)), None)
    new_before = last is not None and last.sentence is None and last.side == "after" and "\n\n" in last.lead
    broken = [e for e in made if "\n\n" in e.text]
    if between.strip() or "\n\n" in between or not broken or ("\n" in between and not new_before):
        return []
    if any(
        n.anchor is not None and n.anchor.index == at and n.side == "before" and "\n" in n.tail for n in nodes
    ):
        return []
    code = broken[-1].code
    if any(cut.start < end and cut.end > start for cut, _ in cuts):
        start = end
    text = "\n\n"
    if "\n" in between:
        # The line's own end stays: in HTML it is a tag, which no edit may touch.
        start, text = end, "\n"
    edit = Edit(start=start, end=end, text=text, code=code, applicability=Applicability.UNSAFE)
    return [(start, 4, len(nodes), edit)]


def _capitals(draft: Draft, nodes: Sequence[_Node]) -> list[tuple[int, int, int, Edit]]:
    """The draft's «Hei Ola,\\n\\nvi har …» begins with a capital where a new sentence comes between."""
    out = []
    for node in nodes:
        s = node.anchor
        if node.sentence is not None or node.side != "before" or s is None or draft.voice.lower:
            continue
        stays = next((n for n in nodes if n.sentence is s and not n.replaced and not n.changes), None)
        if stays is not None and s.text[0].islower() and s.kind is BlockKind.BODY:
            edit = Edit(start=s.span.start, end=s.span.start + 1, text=s.text[0].upper(),
                        code=node.piece.code.replace("ING", "MAN") if node.piece else "", applicability=Applicability.UNSAFE)  # fmt: skip
            out.append((s.span.start, 1, 0, edit))
    return out


def _unsaid(draft: Draft, sentences: Iterable[Sentence]) -> frozenset[str]:
    """The ingredients that go with some sentences, or that their replacement was to say."""
    codes: set[str] = set()
    for sentence in sentences:
        codes |= draft.carried(sentence.index)
        codes |= {REMAKES[f.code] for f in draft.problems(sentence.index) if f.code in REMAKES}
    return frozenset(codes)


def _begins_paragraph(draft: Draft, nodes: Sequence[_Node], index: int) -> bool:
    """True if a replaced sentence says something of another group than the one before it in its paragraph."""
    node, previous = nodes[index], nodes[index - 1] if index else None
    if node.sentence is None or node.piece is None or previous is None or previous.kind is not BlockKind.BODY:
        return False
    if draft.text[node.sentence.span.start - 1 : node.sentence.span.start] != " ":
        return False
    before = _anchor(previous)
    said = [c for c in previous.codes if c in ORDER and c != "ING07"]
    return (
        before is not None
        and before.paragraph == node.sentence.paragraph
        and bool(said)
        and all(group(c) != group(node.piece.code) for c in said)
    )


def _edit(start: int, end: int, text: str, piece: Piece) -> Edit:
    code = piece.code.replace("ING", "MAN") if start == end and piece.code.startswith("ING") else piece.code
    if code in ("late",):
        code = "PRO02"
    return Edit(
        start=start, end=end, text=text, code=code,
        applicability=Applicability.FILL_IN if piece.needs else Applicability.UNSAFE,
        needs=piece.needs, sources=piece.sources, says=frozenset((piece.code,)),
    )  # fmt: skip


def _cuts(draft: Draft, dropped: dict[int, Sentence]) -> list[tuple[Span, str]]:
    """Runs to take out: each dropped sentence with one of the gaps beside it, touching runs joined."""
    text, sentences = draft.text, draft.sentences
    # gap[i] stands before sentence i; the last one after the last sentence.
    bounds = [0, *(s.span.end for s in sentences)]
    starts = [*(s.span.start for s in sentences), len(text)]
    gap = [Span(a, b) for a, b in zip(bounds, starts, strict=True)]
    removed = [False] * len(gap)
    runs: list[tuple[Span, str]] = []
    for index in sorted(dropped):
        sentence = dropped[index]
        left = max((i for i in range(index + 1) if not removed[i]), default=0)
        right = index + 1
        code = next((f.code for f in draft.problems(index)), "")
        runs.append((sentence.span, code))
        left_breaks, right_breaks = gap[left].of(text).count("\n"), gap[right].of(text).count("\n")
        # List marks («- ») stand in the gap before their item and go with it.
        mark = gap[index].of(text).rsplit("\n", 1)[-1].strip()
        if index == len(sentences) - 1 or (left_breaks <= right_breaks and left != 0) or mark:
            gone = left
        else:
            gone = right
        removed[gone] = True
        runs.append((gap[gone], code))
    runs.sort(key=lambda r: (r[0].start, r[0].end))
    joined: list[tuple[Span, str]] = []
    for span, code in runs:
        if joined and span.start <= joined[-1][0].end:
            joined[-1] = (Span(joined[-1][0].start, max(joined[-1][0].end, span.end)), joined[-1][1])
        else:
            joined.append((span, code))
    return [(s, c) for s, c in joined if len(s)]


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits made; edits at one place stand in their order."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : max(at, edit.start)], edit.text]
        at = max(at, edit.end)
    return "".join([*parts, text[at:]])


# What a gap is called when the revised draft is checked again: a field that will be filled.
_FIELDS = {
    "name": "fornavn", "position": "stilling", "sender": "avsender", "requirement": "avgjørende krav", "strength": "styrke",
    "development": "utviklingspunkt", "contact": "kontaktperson", "months": "antall måneder", "next_step": "neste stilling",
    "decider": "beslutter", "company": "firma", "fact": "opplysning",
}  # fmt: skip


def as_template(revision: Revision) -> str:
    """The revised draft with its gaps as merge fields, the form in which it is checked: a gap is a field to be filled."""
    text = revision.revised
    for gap in revision.gaps:
        mark = revision.revised[gap.start : gap.end]
        text = text.replace(mark, f"[{_FIELDS.get(gap.id, 'opplysning')}]")
    return text
