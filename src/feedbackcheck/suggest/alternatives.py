"""Alternatives for each finding: one to three wordings in the draft's own voice that fit where they stand.

``safe`` ones need no fact and keep the meaning; ``unsafe`` ones shift it a little; ``fill-in`` ones need a fact, taken from
the context where it is and else marked as a gap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from feedbackcheck.findings import Applicability, Finding, Ingredient, Suggestion
from feedbackcheck.language.segment import SIGNING, BlockKind, Sentence, segment
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import FieldRole, Span, Stage
from feedbackcheck.report import Report
from feedbackcheck.suggest import edits, told
from feedbackcheck.suggest.compose import Composer, Piece
from feedbackcheck.suggest.facts import Facts, first_name, gather
from feedbackcheck.suggest.others import named_person, without_person
from feedbackcheck.suggest.plan import after_greeting
from feedbackcheck.suggest.voice import Voice, hear

__all__ = ["REMAKES", "Draft", "alternatives", "attach", "read_draft"]

#: Which ingredient a problem stands in place of.
REMAKES = {
    "KLI001": "ING02", "TON001": "ING02", "TON006": "ING02", "KLI002": "ING03", "TON004": "ING03", "TON005": "ING03",
    "JUS001": "ING03", "KLI004": "ING04", "KLI003": "ING12", "JUS002": "ING12", "KLI005": "ING01", "PER003": "ING06",
    "TON007": "TON007",
}  # fmt: skip
#: Ingredients whose words cannot be made again from the context when their sentence goes.
PRECIOUS = frozenset(("ING03", "ING04", "ING05", "ING12"))
MAX_ALTERNATIVES = 3


_CLOSING_LINE = lazy_re(
    r"\W*(?:\w+\s+){0,3}(?:hilsen|helsing|hilsener|helsingar|hilsninger|helsningar)\b[^.!?]{0,30}$",
    re.IGNORECASE,
)
_I_DECIDED = lazy_re(
    r"\b(?:jeg|eg) (?:har|hadde)? ?(?:bestem\w*|valgt|vald|valt|landet|landa|besluttet|avgjort|gikk for|går for|ansetter|tilset\w*)\b|\b(?:det er|er det) (?:jeg|eg) som\b",
    re.IGNORECASE,
)
#: A line of text that speaks to somebody is no letter head.
_SPEAKS = lazy_re(r"\b(?:vi|jeg|eg|me|du|deg|dere|dykk|hei|kjære|takk)\b", re.IGNORECASE)
_CLOSES = r"(?:(?:[Mm]ed )?(?:[Vv]ennlig|[Vv]enleg|[Bb]este?|[Vv]arm|[Gg]od)\w* )?(?:[Hh]ilsen|[Hh]elsing|[Mm]vh\.?|[Vv]h\.?|[Kk]lem)"
#: A signature at the end of a line of text: «… :) Hilsen Kari».
_INLINE_CLOSING = lazy_re(
    rf"^.{{8,}}?(?:(?<=[^\w\s,]) |(?<=[^,]) (?=[MVBGHK]))(?P<close>{_CLOSES}(?:,? (?:fra|frå))?,? [A-ZÆØÅÁ][\w'’-]+[^.!?\n]{{0,40}})$"
)
_CLOSE_WORDS = lazy_re(rf"\W*(?:{_CLOSES}(?:,? (?:fra|frå))?\W*)?")
_POSTSCRIPT = lazy_re(r"\s*(?:P\.?S|NB|Obs)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """A checked draft as suggestions see it."""

    report: Report
    sentences: tuple[Sentence, ...]
    voice: Voice
    facts: Facts
    #: Ingredients that only suggestions hear: a signature at the end of a line of text.
    heard: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.report.message.text

    def carried(self, index: int) -> frozenset[str]:
        """Ingredients that stand in a sentence."""
        return frozenset(i.code for i in self._ingredients.get(index, ())) | self.heard.get(
            index, frozenset()
        )

    @cached_property
    def _ingredients(self) -> Mapping[int, Sequence[Ingredient]]:
        by_sentence: dict[int, list[Ingredient]] = {}
        for ingredient in self.report.ingredients:
            by_sentence.setdefault(ingredient.sentence, []).append(ingredient)
        return by_sentence

    @cached_property
    def _findings(self) -> Mapping[int | None, Sequence[Finding]]:
        by_sentence: dict[int | None, list[Finding]] = {}
        for finding in self.report.findings:
            by_sentence.setdefault(finding.sentence, []).append(finding)
        return by_sentence

    def precious(self, index: int, finding: Finding | None = None) -> frozenset[str]:
        """Ingredients of a sentence that could not be said again, as far as they are surer than the problem is."""
        doubt = 0.0 if finding is None else finding.confidence
        own_reason = frozenset(("ING03",) if index == self.facts.told.reason_at else ())
        return own_reason | frozenset(
            i.code for i in self._ingredients.get(index, ()) if i.code in PRECIOUS and i.confidence >= doubt
        )

    def problems(self, index: int) -> tuple[Finding, ...]:
        """Findings on a sentence."""
        return tuple(self._findings.get(index, ()))

    @cached_property
    def position_named(self) -> bool:
        return any(i.code == "ING07" for i in self.report.ingredients)

    @cached_property
    def owns(self) -> bool:
        """True if the draft lets «vi» (or, where it says so itself, «jeg») own the decision."""
        if any(f.code == "TON007" for f in self.report.findings):
            return False
        return self.voice.person != "jeg" or _I_DECIDED.search(self.text) is not None

    @cached_property
    def can_reply(self) -> bool:
        return not any(f.code == "PER003" for f in self.report.findings)

    @cached_property
    def head_end(self) -> int:
        """Index of the first sentence after the letter head: references, dates and the line that says what it is about."""
        text = self.text
        for sentence in self.sentences:
            line_end = text.find("\n", sentence.span.end)
            alone = (
                not text[text.rfind("\n", 0, sentence.span.start) + 1 : sentence.span.start].strip()
                and line_end >= 0
                and not text[sentence.span.end : line_end].strip()
            )
            if sentence.kind is BlockKind.SUBJECT:
                continue
            if (
                not alone
                or sentence.kind is not BlockKind.BODY
                or len(sentence.text) > 100
                or sentence.text.endswith((".", "!", "?", ",", ":"))
                or not (sentence.text[:1].isupper() or sentence.text[:1].isdigit())
                or _SPEAKS.search(sentence.text)
                or self.greets(sentence.index)
            ):
                return sentence.index
        return 0

    @cached_property
    def turns_informal(self) -> bool:
        """True if every «De», «Dem» and «Deres» of the letter would turn to «du»: all of them are turned, or none."""
        formal = [s for s in self.sentences[self.head_end :] if edits.is_formal(s.text, self.voice.language)]
        return all(not edits.is_formal(self._informally(s), self.voice.language) for s in formal)

    def _informally(self, sentence: Sentence) -> str:
        return edits.to_informal(sentence.text, self.voice.language)

    @cached_property
    def signed(self) -> bool:
        """True if somebody signs by name."""
        return any("ING09" in self.carried(s.index) for s in self.sentences)

    @cached_property
    def tail_start(self) -> int:
        """Index of the first sentence of the closing: «Hilsen», or the short lines at the end where somebody signs."""
        text, start = self.text, len(self.sentences)
        for sentence in reversed(self.sentences):
            alone = not text[text.rfind("\n", 0, sentence.span.start) + 1 : sentence.span.start].strip()
            if sentence.kind in SIGNING or (
                alone
                and sentence.kind is BlockKind.BODY
                and len(sentence.text) < 60
                and not sentence.text.endswith((".", "!", "?", ":"))
            ):
                start = sentence.index
            elif sentence.kind is not BlockKind.LIST and not _POSTSCRIPT.match(sentence.text):
                break
        closing = next(
            (
                s.index
                for s in self.sentences
                if s.kind is BlockKind.CLOSING
                or (s.index > len(self.sentences) // 3 and len(s.text) < 60 and _CLOSING_LINE.match(s.text))
            ),
            start,
        )
        signed = next(
            (
                i.sentence
                for i in self.report.ingredients
                if i.code == "ING09" and i.sentence > len(self.sentences) // 3
            ),
            start,
        )
        return max(1, min(start, closing, signed)) if self.sentences else 0

    def greets(self, index: int) -> bool:
        """True for the line that greets, by name or not, whatever form it has."""
        sentence = self.sentences[index]
        if sentence.kind is BlockKind.GREETING:
            return True
        early = index <= max(2, len(self.sentences) // 4) and index < self.tail_start
        return (
            early
            and len(sentence.text) < 80
            and ("ING08" in self.carried(index) or any(f.code == "PER001" for f in self.problems(index)))
            and not self.carried(index) & {"ING01", "ING02", "ING03"}
        )

    def composer(self, attempt: int = 0, *, fresh: bool = False, replaced: Container[int] = ()) -> Composer:
        """A composer for this draft.

        Args:
            attempt: another number gives other variants.
            fresh: forgets that the position stands in the draft.
            replaced: indices of the sentences that go: what they tell must be told again.
        """
        return Composer(
            self.facts,
            self.voice,
            attempt,
            can_reply=self.can_reply,
            position_named=self.position_named and not fresh,
            owns=self.owns,
            another_stands=bool(self.facts.told.another) and self.facts.told.another_at not in replaced,
        )


def read_draft(report: Report) -> Draft:
    """Sentences, voice and facts of a checked draft."""
    message = report.message
    sentences = _split_closing(tuple(segment(message.text, subject=message.subject)))
    body = [s.text for s in sentences if s.kind in (BlockKind.BODY, BlockKind.LIST)]
    voice = hear(" ".join(body), report.language, message.fields, report.mode, body)
    signed = frozenset(i.sentence for i in report.ingredients if i.code == "ING09")
    facts = gather(message, message.context, report.stage, voice, sentences, signed)
    draft = Draft(report, sentences, voice, facts)
    if signed:
        return draft
    return replace(draft, heard=_signatures(draft))


def _split_closing(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The last sentence without «Hilsen Kari» at its end, and that as a sentence of its own."""
    if not sentences:
        return sentences
    last = sentences[-1]
    match = _INLINE_CLOSING.match(last.text)
    if match is None:
        return sentences
    at = last.span.start + match.start("close")
    body = last.text[: match.start("close")].rstrip()
    kind = BlockKind.LIST if last.kind is BlockKind.LIST else BlockKind.BODY
    return (
        *sentences[:-1],
        Sentence(last.index, Span(last.span.start, last.span.start + len(body)), body, kind, last.paragraph),
        Sentence(last.index + 1, Span(at, last.span.end), match["close"], BlockKind.CLOSING, last.paragraph),
    )


def _signatures(draft: Draft) -> dict[int, frozenset[str]]:
    """Lines of the closing that begin with a person's name, where the checker heard no signature."""
    for sentence in draft.sentences[draft.tail_start :]:
        words = _CLOSE_WORDS.match(sentence.text)
        rest = sentence.text[words.end() :] if words else sentence.text
        person = named_person(rest)
        if person is not None and person.start() == 0:
            return {sentence.index: frozenset(("ING09",))}
    return {}


def attach(report: Report) -> Report:
    """The report with alternatives on every finding that has any."""
    if not report.findings or report.skipped:
        return report
    draft = read_draft(report)
    return replace(
        report, findings=tuple(replace(f, suggestions=alternatives(draft, f)) for f in report.findings)
    )


def alternatives(draft: Draft, finding: Finding) -> tuple[Suggestion, ...]:
    """One to three alternatives for one finding, best first; none where only the sender can know."""
    maker = _MAKERS.get(finding.code)
    made: Iterable[Suggestion | None]
    if maker is not None:
        made = maker(draft, finding)
    elif finding.code.startswith("MAN"):
        made = _missing(draft, finding)
    elif finding.code in REMAKES:
        made = _remade(draft, finding)
    else:
        made = ()
    out: list[Suggestion] = []
    for suggestion in made:
        if suggestion is not None and not any(
            (s.text, s.span) == (suggestion.text, suggestion.span) for s in out
        ):
            out.append(suggestion)
    return tuple(out[:MAX_ALTERNATIVES])


def _sentence(draft: Draft, finding: Finding) -> Sentence | None:
    if finding.sentence is None or finding.sentence >= len(draft.sentences):
        return None
    return draft.sentences[finding.sentence]


def applicability(pieces: Sequence[Piece]) -> Applicability:
    """``fill-in`` where a fact is missing, else ``unsafe``: a new sentence always says something the draft did not."""
    return Applicability.FILL_IN if any(p.needs for p in pieces) else Applicability.UNSAFE


_BULLET = lazy_re(r"\s*(?:[-–•*·]|\d{1,2}[.)])\s+")


_HELLO = lazy_re(
    r"\W*(?:hei(?:san|sann)?|hallo|kjære) [^\s,.!]+(?: [^\s,.!]+){0,2}, (?=\S+ \S+ \S)", re.IGNORECASE
)


def words_span(sentence: Sentence) -> Span:
    """The sentence without its list mark or greeting, which stay."""
    mark = _BULLET.match(sentence.text) or _HELLO.match(sentence.text)
    return Span(sentence.span.start + (mark.end() if mark else 0), sentence.span.end)


def _of_pieces(pieces: Sequence[Piece], span: Span, lead: str = "") -> Suggestion | None:
    if not pieces:
        return None
    return Suggestion(
        text=lead + " ".join(p.text for p in pieces),
        applicability=applicability(pieces),
        span=span,
        needs=tuple(dict.fromkeys(n for p in pieces for n in p.needs)),
        sources=tuple(dict.fromkeys(s for p in pieces for s in p.sources)),
    )


def _instead(sentence: Sentence, pieces: Sequence[Piece]) -> Suggestion | None:
    """The pieces in place of the sentence; after «Hei Ola,» they begin with a small letter."""
    span = words_span(sentence)
    made = _of_pieces(pieces, span)
    if made is None or not sentence.text[: span.start - sentence.span.start].endswith(", "):
        return made
    return replace(made, text=made.text[:1].lower() + made.text[1:])


def _removed(draft: Draft, sentence: Sentence) -> Suggestion:
    return Suggestion(text="", applicability=Applicability.UNSAFE, span=removal_span(draft, sentence))


def removal_span(draft: Draft, sentence: Sentence) -> Span:
    """The run to cut so that no double space or hole is left."""
    text = draft.text
    start, end = sentence.span.start, sentence.span.end
    if text[end : end + 1] == " ":
        return Span(start, end + 1)
    if start and text[start - 1] == " ":
        return Span(start - 1, end)
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    if line_end < 0:
        return (
            Span(max(0, len(text[:line_start].rstrip("\n"))), len(text)) if line_start else Span(start, end)
        )
    # A paragraph of its own goes with the blank line after it.
    after = line_end
    while text[after : after + 1] == "\n":
        after += 1
    return Span(line_start, after)


def _composer_for(draft: Draft, sentence: Sentence) -> Composer:
    """A composer of what takes the place of one sentence."""
    return draft.composer(fresh="ING07" in draft.carried(sentence.index), replaced=(sentence.index,))


def kept_ingredients(draft: Draft, index: int, target: str) -> list[str]:
    """Ingredients of a sentence that must be said again when it is replaced, in plan order."""
    return [c for c in ("ING01", "ING02", "ING06", "ING10") if c in draft.carried(index) and c != target]


def _remade(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    sentence = _sentence(draft, finding)
    if sentence is None:
        return []
    target = REMAKES[finding.code]
    carried = draft.carried(sentence.index)
    if finding.code == "TON001" and "ING02" not in carried:
        # Brusque, but not the no: a no does not fit in its place.
        return []
    if finding.code == "JUS001" and not carried & {"ING02", "ING03"} and not told.gives_reason(sentence.text):
        # A remark gives no reason, so no reason takes its place.
        return [_removed(draft, sentence)]
    composers = [
        draft.composer(attempt, fresh="ING07" in carried, replaced=(sentence.index,)) for attempt in (0, 1)
    ]
    out: list[Suggestion | None] = []
    precious = draft.precious(sentence.index, finding) - {target}
    for composer in composers:
        if target == "TON007":
            made = composer.own_decision()
            pieces = [made] if made else []
        elif finding.code == "KLI003" and not _KEEPS.search(sentence.text):
            # A hope that binds nobody becomes a named step, or goes.
            made = composer.named_step()
            pieces = [made] if made else []
        else:
            wanted = [*kept_ingredients(draft, sentence.index, target), target]
            pieces = composer.pieces(sorted(set(wanted)))
        if finding.code == "KLI005" and not all(_personal(draft, p) for p in pieces):
            continue
        if precious and finding.code not in ("JUS001", "TON004", "TON005"):
            # What the sentence says besides is worth keeping: the new one stands after it.
            out.append(_of_pieces(pieces, Span(sentence.span.end, sentence.span.end), " "))
        else:
            out.append(_instead(sentence, pieces))
    if finding.code in ("KLI003", "KLI005", "KLI004", "TON005", "PER003") and not carried & {
        "ING02",
        "ING03",
    }:
        first = finding.code in ("PER003", "TON005") or (
            finding.code == "KLI003" and not _KEEPS.search(sentence.text)
        )
        out.insert(0 if first else 1, _removed(draft, sentence))
    if finding.code == "JUS001":
        out.insert(1, _removed(draft, sentence))
    return out


# A promise to keep somebody's papers: it needs consent, a time and a way out.
_KEEPS = lazy_re(
    r"\b(?:behold\w*|lagr\w*|spar\w*|ta\w* vare|tek vare|tar vare|arkiver\w*|ha\w* liggende|oppbevar\w*|held|holder|gøyme\w*)\b.*\b(?:cv\w*|søknad\w*|papir\w*|profil\w*|opplysning\w*|kontaktinfo\w*)|"
    r"\b(?:cv\w*|søknad\w*|papir\w*|profil\w*)\b.*\b(?:behold\w*|lagr\w*|vare på|arkiv\w*|database\w*|register\w*)",
    re.IGNORECASE,
)


def _personal(draft: Draft, piece: Piece) -> bool:
    """False for thanks that fit any applicant to any job."""
    return piece.code != "ING01" or draft.report.stage is not Stage.SOKNAD or "ING07" in piece.carries


def keeps_thanks(draft: Draft, sentence: Sentence) -> bool:
    """True for thanks that no made sentence betters: they tell what the candidate did, or no job can be named."""
    made = draft.composer(fresh=True).thanks()
    if made is None or (draft.position_named and "position" in made.needs):
        return True
    return not _personal(draft, made) or tells_own(sentence, made.text)


def tells_own(sentence: Sentence, new: str = "") -> bool:
    """True for thanks that say more than anybody is told, and more than the new sentence does."""
    names = " ".join(re.findall(r"(?<=\w )[A-ZÆØÅ]\S+", sentence.text))
    return bool(told.more_than_stock(sentence.text, f"{new} {names}"))


def _stock(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    sentence = _sentence(draft, finding)
    if sentence is None:
        return []
    carried = draft.carried(sentence.index)
    others = any(i.code == "ING01" and i.sentence != sentence.index for i in draft.report.ingredients)
    if "ING01" in carried and (tells_own(sentence) if others else keeps_thanks(draft, sentence)):
        return []
    if "ING01" in carried and not others:
        return _remade(draft, finding)
    return [] if draft.precious(sentence.index, finding) else [_removed(draft, sentence)]


def _greeting(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    sentence = _sentence(draft, finding)
    if sentence is None:
        return []
    composer = draft.composer()
    if sentence.kind in SIGNING or sentence.index > len(draft.sentences) // 2:
        piece = composer.signature()
        before = draft.problems(sentence.index - 1) if sentence.index > draft.tail_start else ()
        if piece is None or draft.signed or any(f.code == "PER001" for f in before):
            # The name stands on another line, or goes into the line above.
            return []
        # The team's or company's line stays; the person's name goes into it.
        name = piece.text.split("\n")[1]
        return [
            replace(s, text=f"{name}, ")
            for s in [_of_pieces([piece], Span(sentence.span.start, sentence.span.start))]
            if s
        ]
    return [_of_pieces(composer.pieces(["ING08"]), greeting_span(sentence))]


_GREETS_AND_SAYS = lazy_re(
    r"\W*(?:hei(?:san|sann)?|hallo|halla|heia|god \w+|kjære \w+|til \w+),(?= \S+ \S+ \S)", re.IGNORECASE
)


def greeting_span(sentence: Sentence) -> Span:
    """The words that greet, without what the sentence says besides («Hei, vi fikk søknaden din»)."""
    match = _GREETS_AND_SAYS.match(sentence.text)
    start = sentence.span.start
    return Span(start, start + match.end()) if match else sentence.span


def _local(
    change: Callable[[str], str | None], how: Applicability = Applicability.SAFE
) -> Callable[[Draft, Finding], list[Suggestion | None]]:
    def make(draft: Draft, finding: Finding) -> list[Suggestion | None]:
        sentence = _sentence(draft, finding)
        new = change(sentence.text) if sentence else None
        return [_changed(sentence, new, how)] if sentence and new else []

    return make


def _changed(sentence: Sentence, new: str, how: Applicability) -> Suggestion | None:
    """The least run that differs, on word boundaries, so that an edit touches no more than it must."""
    old = sentence.text
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    while start and (old[start - 1 : start].isalnum() or start > len(old) - 1):
        start -= 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    while end and (old[len(old) - end : len(old) - end + 1].isalnum()):
        end -= 1
    if old == new:
        return None
    base = sentence.span.start
    return Suggestion(
        text=new[start : len(new) - end], applicability=how, span=Span(base + start, base + len(old) - end)
    )


def _plain(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    sentence = _sentence(draft, finding)
    # «din» in one sentence and «Dem» in the next is worse than either: only where each is mended by such a finding.
    formal = [s for s in draft.sentences[draft.head_end :] if edits.is_formal(s.text, draft.voice.language)]
    turns = draft.turns_informal and all(
        any(f.code == "PER004" for f in draft.problems(s.index)) for s in formal
    )
    return _local(lambda t: edits.plain(t, draft.voice, informal=turns))(draft, finding) if sentence else []


def _agentless(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    # Without a «vi» or «jeg» anywhere the sender has not said who speaks: a guess, so unsafe.
    spoken = {"vi", "jeg", "eg", "me", "oss", "meg"} & set(draft.text.lower().replace(",", " ").split())
    # «Jeg har bestemt» is a claim on one person, «vi» only on the sender's house.
    how = Applicability.SAFE if spoken and draft.voice.person != "jeg" else Applicability.UNSAFE
    found = _local(lambda t: edits.active(t, draft.voice), how)(draft, finding)
    sentence = _sentence(draft, finding)
    if sentence is not None and sentence.index == draft.facts.told.reason_at:
        # It says that the post was withdrawn: no other sentence does.
        return found
    if sentence is not None and "ING02" in draft.carried(sentence.index):
        found += [_of_pieces(_composer_for(draft, sentence).pieces(
            [*kept_ingredients(draft, sentence.index, "ING02"), "ING02"]), sentence.span)]  # fmt: skip
    elif sentence is not None and not found:
        piece = draft.composer()._make("PER002", "PER002", "own", dict(draft.facts.slots))
        found += [_instead(sentence, [piece])] if piece and not draft.carried(sentence.index) else []
    return found


def _third_person(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    found = _local(edits.second_person)(draft, finding)
    sentence = _sentence(draft, finding)
    if sentence is None or found:
        return found
    if "ING02" in draft.carried(sentence.index):
        return [_instead(sentence, _composer_for(draft, sentence).pieces(["ING02"]))]
    spoken = edits.spoken_to(sentence.text, draft.voice.language)
    return [_changed(sentence, spoken, Applicability.UNSAFE)] if spoken else []


def _apology(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    sentence = _sentence(draft, finding)
    if sentence is None:
        return []
    found = _local(lambda t: edits.calm(t, draft.voice))(draft, finding)
    if "ING02" in draft.carried(sentence.index):
        return [
            *found,
            _instead(sentence, _composer_for(draft, sentence).pieces(["ING02"])),
        ]
    if not draft.precious(sentence.index, finding):
        found.append(_removed(draft, sentence))
    return found


def _talking_down(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    sentence = _sentence(draft, finding)
    if sentence is None or draft.precious(sentence.index, finding):
        return []
    if "ING02" in draft.carried(sentence.index):
        return [_instead(sentence, _composer_for(draft, sentence).pieces(["ING02"]))]
    return [_removed(draft, sentence)]


def _others_details(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    sentence = _sentence(draft, finding)
    if sentence is None:
        return []
    composer = _composer_for(draft, sentence)
    nameless = anonymous(draft, sentence)
    out = [_changed(sentence, nameless, Applicability.UNSAFE)] if nameless else []
    if "ING02" in draft.carried(sentence.index):
        return [*out, _instead(sentence, composer.pieces(["ING02"]))]
    if "ING03" in draft.carried(sentence.index):
        return [*out, _instead(sentence, composer.pieces(["ING03"])), _removed(draft, sentence)]
    return [*out, _removed(draft, sentence)]


def anonymous(draft: Draft, sentence: Sentence) -> str | None:
    """The sentence without who the chosen one is; None where the name is the candidate's or it cannot be done surely."""
    person = named_person(sentence.text)
    if person is None:
        return None
    greeted = " ".join(s.text for s in draft.sentences if draft.greets(s.index))
    own = f"{greeted} {draft.report.message.context.candidate_name or ''}".split()
    if person[0].split()[0] in {w.strip(",.!:") for w in own}:
        return None
    return without_person(sentence.text, draft.voice, draft.facts.told.another)


_FIELD_SLOTS = {
    FieldRole.NAME: ("navn", "name"), FieldRole.POSITION: ("stilling_tittel", "position"), FieldRole.COMPANY: ("firma", "company"),
    FieldRole.SENDER: ("avsender", "sender"), FieldRole.CONTACT: ("kontakt", "contact"), FieldRole.STRENGTH: ("styrke", "strength"),
    FieldRole.REASON: ("krav", "requirement"), FieldRole.REQUIREMENT: ("krav", "requirement"),
    FieldRole.DEVELOPMENT: ("utvikling", "development"),
}  # fmt: skip


def field_value(draft: Draft, role: FieldRole) -> tuple[str, str] | None:
    """What the context says for a merge field of this role, and where it says so."""
    context = draft.report.message.context
    if role is FieldRole.NAME and context.candidate_name:
        return first_name(context.candidate_name), "context.candidate_name"
    if role is FieldRole.POSITION and context.position:
        from feedbackcheck.suggest.norwegian import sentence_case

        return sentence_case(context.position), "context.position"
    if role is FieldRole.COMPANY and context.company:
        return context.company, "context.company"
    if role is FieldRole.SENDER and context.sender:
        return context.sender, "context.sender"
    if role is FieldRole.REQUIREMENT and "krav" in draft.facts.slots:
        return draft.facts.slots["krav"], draft.facts.sources["krav"]
    return None


def _unfilled(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    if finding.span is None:
        return []
    out: list[Suggestion | None] = []
    from feedbackcheck.suggest import gaps, wording

    for found in draft.report.message.fields:
        if not found.span.overlap(finding.span):
            continue
        known = field_value(draft, found.role)
        if known:
            out.append(
                Suggestion(
                    text=known[0], applicability=Applicability.FILL_IN, span=found.span, sources=(known[1],)
                )
            )
        else:
            name = _FIELD_SLOTS.get(found.role, ("", "fact"))[1]
            label = wording.gap_label(name, draft.voice.language)[0]
            out.append(
                Suggestion(
                    text=gaps.mark(label), applicability=Applicability.FILL_IN, span=found.span, needs=(name,)
                )
            )
    return out


def _wrong_fact(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    """Put the context's fact in place of the wrong one, where the finding's words are just that fact."""
    if finding.span is None or len(finding.span.of(draft.text).split()) > 8:
        return []
    why = " ".join(e.why for e in finding.evidence)
    context = draft.report.message.context
    words = finding.span.of(draft.text)
    for key, value in (
        (
            "name",
            first_name(context.candidate_name)
            if context.candidate_name and " " not in words
            else context.candidate_name,
        ),
        ("company", context.company),
        ("position", context.position),
        (
            "applicants",
            str(context.applicants) if context.applicants is not None and words.isdigit() else None,
        ),
    ):
        if value and key in why and value != words:
            return [
                Suggestion(
                    text=value,
                    applicability=Applicability.FILL_IN,
                    span=finding.span,
                    sources=(f"context.{key}",),
                )
            ]
    if context.applicants is not None and ("many" in why or "applicants" in why):
        sentence = _sentence(draft, finding)
        noun = re.search(r"\b(?:søkere|søkarar|søkjarar|søknader|kandidater|kandidatar)\b", words)
        if noun and "applicants" in why:
            return [
                Suggestion(
                    text=f"{context.applicants} {noun.group()}",
                    applicability=Applicability.FILL_IN,
                    span=finding.span,
                    sources=("context.applicants",),
                )
            ]
        if sentence is not None and not draft.carried(sentence.index) & (PRECIOUS | {"ING01", "ING02"}):
            return [_removed(draft, sentence)]
    return []


def insertion_point(draft: Draft, code: str) -> tuple[int, str, str]:
    """(offset, lead, tail) for a new sentence that carries ``code``; see :mod:`feedbackcheck.suggest.plan`."""
    from feedbackcheck.suggest.plan import place

    return place(draft, code)


#: Where the names stand that a message may lack.
_NAMED_IN = {"ING08": (BlockKind.GREETING,), "ING09": SIGNING}


def _missing(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    code = f"ING{finding.code[3:]}"
    if code == "ING09" and draft.signed:
        return []
    if code in _NAMED_IN and any(
        f.code == "PER001" and f.sentence is not None and draft.sentences[f.sentence].kind in _NAMED_IN[code]
        for f in draft.report.findings
    ):
        # «Kjære søker,» gets its name from its own finding; a second greeting beside it would be one too many.
        return []
    if code == "ING07":
        named = _name_the_job(draft)
        if named is not None:
            return [named]
    offset, lead, tail = insertion_point(draft, code)
    out: list[Suggestion | None] = []
    for attempt in (0, 1):
        composer = draft.composer(attempt)
        pieces = composer.pieces([code])
        made = _of_pieces(pieces, Span(offset, offset), lead)
        out.append(_after_greeting(draft, replace(made, text=made.text + tail)) if made else None)
    return out


def _after_greeting(draft: Draft, made: Suggestion) -> Suggestion:
    """Before a sentence that begins with the greeting, «Hei Kari, vi har …», a new one goes between greeting and sentence."""
    at = made.span.start if made.span else 0
    greets = after_greeting(draft.text[at:]) if any(s.span.start == at for s in draft.sentences) else 0
    if not greets or made.text.startswith((" ", "\n")):
        return made
    place = at + greets
    first, words = draft.text[place], made.text.strip()
    return replace(made, text=f"{words[0].lower()}{words[1:]} {first.upper()}", span=Span(place, place + 1))


def _name_the_job(draft: Draft) -> Suggestion | None:
    """«denne stillingen» → «stillingen som prosjektleder», where the draft speaks of the job without naming it."""
    composer = draft.composer(fresh=True)
    slots, needs = composer._slots("ING07", name_position=True)
    for sentence in draft.sentences:
        if sentence.kind is not BlockKind.BODY or any(
            f.code in REMAKES for f in draft.problems(sentence.index)
        ):
            continue
        match = re.search(
            r"\b(?P<det>denne |den utlyste |den ledige )?(?P<noun>stillingen|stillinga|jobben)\b(?! (?:som|i|på|ved|deres)\b)",
            sentence.text,
            re.IGNORECASE,
        )
        if match and not match.group().startswith("den "):
            text = slots["jobb" if match["noun"].lower() == "jobben" else "stilling"]
            start = sentence.span.start + match.start()
            return Suggestion(
                text=text if match.group()[0].islower() else text.capitalize(),
                applicability=Applicability.FILL_IN,
                span=Span(start, sentence.span.start + match.end()),
                needs=tuple(needs),
                sources=draft.facts.source("stilling"),
            )
    return None


def _late(draft: Draft, finding: Finding) -> list[Suggestion | None]:
    piece = draft.composer().late()
    offset, lead, tail = insertion_point(draft, "ING01")
    made = _of_pieces([piece], Span(offset, offset), lead) if piece else None
    return [replace(made, text=made.text + tail)] if made else []


_MAKERS: dict[str, Callable[[Draft, Finding], Iterable[Suggestion | None]]] = {
    "KLI005": _stock,
    "PER001": _greeting,
    "PER002": _agentless,
    "PER004": _plain,
    "PER005": _third_person,
    "TON002": _talking_down,
    "TON003": _apology,
    "JUS003": _others_details,
    "FLT001": _unfilled,
    "FLT002": _wrong_fact,
    "PRO02": _late,
}
