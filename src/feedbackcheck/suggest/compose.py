"""Sentences for each ingredient of a letter, made from the facts; what is missing stands as a marked gap.

A :class:`Composer` writes one letter: it remembers that the position has been named and which gaps stand already, so that a
fact is asked for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import Stage
from feedbackcheck.suggest import advice, gaps, wording
from feedbackcheck.suggest.facts import Facts
from feedbackcheck.suggest.norwegian import stem, words
from feedbackcheck.suggest.voice import Voice

if TYPE_CHECKING:
    pass

__all__ = ["Composer", "Piece"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or two for one ingredient.

    Attributes:
        code: the ingredient ("ING03"), or "late".
        text: the words, with gap marks.
        carries: ingredients that the words hold (a decision that names the job holds ING07 too).
        needs: names of the facts that are missing in it.
        sources: where its facts came from.
        words_from: texts outside draft and context that it may quote (advice entries); the guard admits their words.
    """

    code: str
    text: str
    carries: frozenset[str]
    needs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    words_from: tuple[str, ...] = ()


@dataclass(slots=True)
class Composer:
    """Writes the sentences of one letter.

    Args:
        facts, voice: what is known, and how the draft speaks.
        attempt: another number gives other variants where there are any; ``attempts`` adds to it for one section.
        can_reply: the mail can be answered.
        position_named: the position already stands in the text.
        another_stands: a sentence that stays tells that another got the job.
        owns: the sender may say «det er vi som har bestemt det»; otherwise who decided is a fact to be given.
    """

    facts: Facts
    voice: Voice
    attempt: int = 0
    attempts: dict[str, int] = field(default_factory=dict)
    can_reply: bool = True
    position_named: bool = False
    owns: bool = False
    another_stands: bool = False
    known_gaps: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def piece(self, code: str) -> Piece | None:
        """The piece for an ingredient, or None if there is nothing to say."""
        makers = {
            "ING01": self.thanks, "ING02": self.decision, "ING03": self.reason, "ING04": self.strength,
            "ING05": self.development, "ING06": self.contact, "ING07": self.position, "ING08": self.greeting,
            "ING09": self.signature, "ING10": self.evaluation, "ING11": self.opening, "ING12": self.next_step,
        }  # fmt: skip
        return makers[code]()

    def pieces(self, codes: Iterable[str]) -> list[Piece]:
        """Pieces for several ingredients, in the order given, nothing twice."""
        out: list[Piece] = []
        carried: set[str] = set()
        for code in codes:
            if code in carried:
                continue
            made = self.piece(code)
            if made is not None:
                out.append(made)
                carried |= made.carries
        return out

    # -- helpers

    def _try(self, section: str) -> int:
        return self.attempt + self.attempts.get(section, 0)

    def _gap(self, name: str, code: str, question: str | None = None) -> str:
        label, standard = wording.gap_label(name, self.voice.language)
        self.known_gaps.setdefault(name, (code, label, question or standard))
        return gaps.mark(label)

    def _slots(self, code: str, *, name_position: bool) -> tuple[dict[str, str], list[str]]:
        """Slots with the position named, asked for, or left out, as the letter needs; and the missing facts' names."""
        slots = dict(self.facts.slots)
        needs: list[str] = []
        language = self.voice.language
        if "stilling" not in slots:
            if name_position and not self.position_named:
                mark = self._gap("position", code)
                slots["stilling"] = str(wording.slot("stilling", language)).replace("{x}", mark)
                slots["jobb"] = str(wording.slot("jobb", language)).replace("{x}", mark)
                needs.append("position")
            else:
                slots["stilling"] = str(wording.slot("stilling_bare", language))
                slots["jobb"] = str(wording.slot("jobb_bare", language))
        elif self.position_named and not name_position:
            slots["stilling"] = str(wording.slot("stilling_bare", language))
            slots["jobb"] = str(wording.slot("jobb_bare", language))
        return slots, needs

    def _make(
        self,
        code: str,
        section: str,
        key: str,
        slots: dict[str, str],
        *,
        needs: Sequence[str] = (),
        sources: Sequence[str] = (),
        carries: Iterable[str] = (),
        words_from: Sequence[str] = (),
    ) -> Piece | None:
        chosen = wording.choose(section, key, slots, self.voice, self.facts.seed, attempt=self._try(section))
        if chosen is None:
            return None
        used = wording.slots_of(chosen.template)
        wanted = tuple(
            n for n in needs if gaps.mark(wording.gap_label(n, self.voice.language)[0]) in chosen.text
        )
        held = {code, *carries}
        if {"stilling", "jobb", "valgt_en_annen"} & used:
            named = slots["stilling"] != str(wording.slot("stilling_bare", self.voice.language))
            if named:
                held.add("ING07")
                self.position_named = True
        return Piece(
            code=code,
            text=self.voice.begin(chosen.text),
            carries=frozenset(held),
            needs=wanted,
            sources=tuple(dict.fromkeys((*self.facts.source(*sorted(used)), *sources))),
            words_from=tuple(words_from),
        )

    def _stage_key(self) -> str:
        return self.facts.stage.value

    # -- one method an ingredient

    def greeting(self) -> Piece | None:
        """«Hei Ola,»"""
        slots = dict(self.facts.slots)
        needs: list[str] = []
        if "navn" not in slots:
            slots["navn"] = self._gap("name", "ING08")
            needs.append("name")
        key = {"formal": "formal", "informal": "informal"}.get(self.voice.formality, "name")
        return self._make("ING08", "ING08", key, slots, needs=needs)

    def thanks(self) -> Piece | None:
        """Thanks tied to what the candidate did: applied for this job, came that day."""
        slots, needs = self._slots("ING01", name_position=True)
        return self._make("ING01", "ING01", self._stage_key(), slots, needs=needs)

    def decision(self) -> Piece | None:
        """The no, said clearly."""
        slots, needs = self._slots("ING02", name_position=not self.position_named)
        if self.owns:
            own = self.voice.slots()["vi"]
            slots |= {"eier": own, "Eier": own.capitalize()}
        bare = slots["stilling"] == str(wording.slot("stilling_bare", self.voice.language))
        key = "soknad_bare" if bare and self.facts.stage is Stage.SOKNAD else self._stage_key()
        told = self.facts.told
        if self.facts.stage is not Stage.TELEFON and told.reason_at is not None:
            key = "withdrawn"
        elif self.another_stands and self.facts.stage is Stage.SOKNAD:
            # Nobody is called in any more; who got the job is not said twice.
            key = "intervju"
        elif self.another_stands:
            pass
        elif self.facts.stage is not Stage.TELEFON and told.another:
            # The draft says that another got the job: so does every sentence that stands for it.
            key = "another" if self.owns else "another_theirs"
            chosen = wording.slot("another", self.voice.language)
            other = told.other or str(chosen["other"])
            slots["En_annen"] = other.capitalize()
            slots["valgt_en_annen"] = (
                str(chosen[told.another])
                .replace("{other}", other)
                .replace("{x}", slots["jobb" if told.another == "gitt" else "stilling"])
            )
        elif self.facts.stage is Stage.SOKNAD and self.facts.met:
            # «Vi kaller deg ikke inn til intervju» is no answer to somebody who has been there.
            key = "intervju"
        return self._make("ING02", "ING02", key, slots, needs=needs)

    def position(self) -> Piece | None:
        """Which job it is about, where no other sentence can name it."""
        self.position_named = False
        slots, needs = self._slots("ING07", name_position=True)
        return self._make("ING07", "ING07", "line", slots, needs=needs)

    def reason(self) -> Piece | None:
        """What decided: a weakness in the notes, a requirement, or a gap."""
        facts = self.facts
        if facts.told.reason_at is not None:
            # The post was withdrawn, says the draft: nothing in the application decided.
            return None
        if facts.weaknesses:
            note = facts.weaknesses[0]
            made = self._make(
                "ING03", "ING03", note.form, {**facts.slots, "x": note.x, "y": note.y}, sources=(note.source,)
            )
            if made is None:
                return None
            deciding = facts.deciding
            if deciding is not None and deciding.must and not facts.slots.get("krav", "").startswith("å "):
                shared = {stem(w) for w in words(deciding.text)} <= {stem(w) for w in words(made.text)}
                asked = wording.choose(
                    "ING03", "asked_for", facts.slots, self.voice, facts.seed, attempt=self._try("ING03")
                )
                if not shared and asked is not None:
                    return Piece(
                        "ING03", f"{self.voice.begin(asked.text)} {made.text}", made.carries, (),
                        (*made.sources, deciding.source),
                    )  # fmt: skip
            return made
        if facts.deciding is not None:
            return self._make(
                "ING03", "ING03", "requirement", dict(facts.slots), sources=(facts.deciding.source,)
            )
        question = None
        if facts.requirements:
            options = " · ".join(r.text for r in facts.requirements[:6])
            asked_question = wording.gap_label("requirement", self.voice.language)[1]
            question = f"{asked_question} ({options})"
        slots = {**facts.slots, "krav": self._gap("requirement", "ING03", question)}
        slots.setdefault("det_vi_så", str(wording.slot("application", self.voice.language)))
        return self._make("ING03", "ING03", "requirement", slots, needs=("requirement",))

    def strength(self) -> Piece | None:
        """One strength, two for a candidate who was met and wants to hear."""
        facts = self.facts
        if not facts.strengths:
            slots = {**facts.slots, "styrke": self._gap("strength", "ING04")}
            return self._make("ING04", "ING04", "gap", slots, needs=("strength",))
        # Where a wording will not do (empty praise, says the checker), another strength may.
        turn = (self._try("ING04") // 2) % len(facts.strengths)
        first, *more = [*facts.strengths[turn:], *facts.strengths[:turn]]
        from feedbackcheck.suggest.notes import names_what

        more = [n for n in more if names_what(n)]
        made = self._make(
            "ING04", "ING04", first.form, {**facts.slots, "x": first.x}, sources=(first.source,)
        )
        if made is None:
            return None
        wants_more = (
            facts.stage in (Stage.FINALE, Stage.INTERVJU, Stage.TELEFON)
            and facts.context.detail_wanted != "short"
        )
        if more and wants_more and self.attempts.get("ING04", 0) != 1:
            also = wording.choose(
                "ING04",
                f"also_{more[0].form}",
                {**facts.slots, "x": more[0].x},
                self.voice,
                facts.seed,
                attempt=self._try("ING04"),
            )
            if also is not None:
                return Piece(
                    "ING04",
                    f"{made.text} {self.voice.begin(also.text)}",
                    made.carries,
                    (),
                    (*made.sources, more[0].source),
                )
        return made

    def development(self) -> Piece | None:
        """Advice on the deciding weakness or requirement, from the knowledge base, or a gap."""
        facts = self.facts
        topics = [(n.topic, n.source) for n in facts.weaknesses]
        if facts.deciding is not None:
            topics.append((facts.deciding.text, facts.deciding.source))
        for topic, source in topics:
            match = advice.find(topic)
            if match is None:
                self.warnings.append(f"Fant ikke noe råd om «{topic}» i kunnskapsbasen.")
                continue
            language = self.voice.language
            steps = match.advice.steps[language]
            start = (len(facts.seed) + self._try("ING05")) % len(steps)
            slots = {**facts.slots, "steg": steps[start], "tema": match.advice.name[language]}
            key = "tip" if not _asks(steps[start]) else "step_topic" if len(facts.seed) % 3 else "step"
            origin = f"advice.{match.advice.id}"
            made = self._make(
                "ING05", "ING05", key, slots, sources=(source, origin),
                words_from=(steps[start], match.advice.name[language]),
            )  # fmt: skip
            if made is None:
                return None
            if facts.context.detail_wanted == "full" and len(steps) > 1:
                second = steps[(start + 1) % len(steps)]
                return Piece(
                    "ING05", f"{made.text} {self.voice.begin(second)}", made.carries, (), made.sources,
                    (*made.words_from, second),
                )  # fmt: skip
            return made
        if facts.told.reason_at is not None:
            return None
        slots = {**facts.slots, "utvikling": self._gap("development", "ING05")}
        return self._make("ING05", "ING05", "gap", slots, needs=("development",))

    def contact(self) -> Piece | None:
        """Whom the candidate can ask."""
        slots = dict(self.facts.slots)
        explicit = self.facts.sources.get("kontakt") == "context.contact"
        if explicit and "ringes" in slots:
            return self._make("ING06", "ING06", "call", slots)
        if explicit or not self.can_reply:
            if not explicit:
                slots["kontakt"] = self._gap("contact", "ING06")
            return self._make("ING06", "ING06", "gap", slots, needs=("contact",))
        own = self.voice.person == "jeg"
        key = (
            "person"
            if "kontakt" in slots and not own and self.facts.sources["kontakt"] != "draft"
            else "mail"
        )
        return self._make("ING06", "ING06", key, slots)

    def evaluation(self) -> Piece | None:
        """A question on the process."""
        return self._make("ING10", "ING10", "ask", dict(self.facts.slots))

    def opening(self) -> Piece | None:
        """Call scripts: how did the candidate experience the process?"""
        slots = dict(self.facts.slots)
        needs = []
        for slot, gap in (("navn", "name"), ("avsender", "sender")):
            if slot not in slots:
                slots[slot] = self._gap(gap, "ING11")
                needs.append(gap)
        text = wording.fill(
            str(wording.templates(self.voice.language)["script"]["opening"]), slots, self.voice
        )
        return Piece(
            "ING11",
            text,
            frozenset(("ING11", "ING08", "ING09")),
            tuple(needs),
            self.facts.source("navn", "avsender", "møtet"),
        )

    def next_step(self) -> Piece | None:
        """A named step if the context tells one, and the offer to keep the application if it tells for how long; else a gap."""
        slots = dict(self.facts.slots)
        if "neste" not in slots:
            return self._consent(slots)
        named = self._make("ING12", "ING12", "named", slots)
        kept = self._consent(slots) if "måneder" in slots else None
        if named is None or kept is None:
            return named or kept
        return Piece(
            "ING12", f"{named.text} {kept.text}", named.carries | kept.carries, (),
            tuple(dict.fromkeys((*named.sources, *kept.sources))),
        )  # fmt: skip

    def _consent(self, slots: dict[str, str]) -> Piece | None:
        """The offer to keep the application, by consent and for a told time; said yes to where the letter can be answered."""
        needs: list[str] = []
        if "måneder" not in slots:
            slots["måneder"] = self._gap("months", "ING12")
            needs.append("months")
        key = "consent"
        if self.facts.stage is Stage.TELEFON:
            key = "consent_call"
        elif self.facts.sources.get("kontakt") == "context.contact":
            key = "consent_contact"
        return self._make("ING12", "ING12", key, slots, needs=needs)

    def named_step(self) -> Piece | None:
        """A next step with its name or date, which the sender must give if the context does not."""
        slots = dict(self.facts.slots)
        needs = () if "neste" in slots else ("next_step",)
        slots.setdefault("neste", self._gap("next_step", "ING12") if needs else "")
        return self._make("ING12", "ING12", "named", slots, needs=needs)

    def signature(self) -> Piece | None:
        """Closing and the sender's name."""
        slots = dict(self.facts.slots)
        needs: list[str] = []
        if "avsender" not in slots:
            slots["avsender"] = self._gap("sender", "ING09")
            needs.append("sender")
        return self._make("ING09", "ING09", "closing", slots, needs=needs)

    def own_decision(self) -> Piece | None:
        """Who stands behind the decision (for TON007)."""
        slots = dict(self.facts.slots)
        needs = () if "beslutter" in slots else ("decider",)
        if needs:
            slots["beslutter"] = self._gap("decider", "TON007")
        return self._make("TON007", "TON007", "who", slots, needs=needs)

    def late(self) -> Piece | None:
        """An apology for a late answer."""
        return self._make("late", "late", "apology", dict(self.facts.slots))


# Steps that tell the reader to do something; the others tell that something exists.
_IMPERATIVE = lazy_re(
    r"(?:Automatiser|Avklar|Be|Begynn|Beskriv|Bidra|Bli|Bruk|Byrj|Bygg|Tegn|Teikn|Finn|Forbered|Førebu|Fortell|Fortel|Følg|Få|Gi|Gje|Gjør|Gjer|Gjenta|Gå|Ha|"
    r"Hold|Hald|Kjør|Køyr|Knytt|Knyt|Lag|La|Lat|Led|Lei|Legg|Les|Lever|Lær|Løs|Løys|Meld|Merk|Nevn|Nemn|Programmer|Ranger|Regn|Rekn|Samle|Send|Sett|Set|Si|Sei|"
    r"Skildre|Skriv|Smak|Spør|Svar|Søk|Ta|Test|Velg|Vel|Vis|Øv|Før|Sjekk|Snakk) "
)


def _asks(step: str) -> bool:
    return _IMPERATIVE.match(step) is not None
