"""Make news sentences look a little more like letters.

The treebanks are newspapers, minutes and blogs. A letter has greetings, signatures, lines without a full stop, merge fields,
«du», and names that newspapers of the 1990s rarely printed. Each change below keeps the tree correct, so the annotation stays
as good as the treebank's. Everything is drawn from one seeded generator.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from feedbackcheck.training.language.treebank import Sentence, Word, with_last_space


@dataclass(frozen=True)
class AugmentSettings:
    """Probabilities: the first four a sentence (or a name in it), the rest a document."""

    lower_case: float = 0.03
    no_final_stop: float = 0.06
    rename_person: float = 0.35
    field_for_person: float = 0.06
    second_person: float = 0.15
    line_break: float = 0.10
    letter_frame: float = 0.12


@cache
def _names() -> dict[str, Any]:
    data = resources.files("feedbackcheck.training.language").joinpath("names.toml")
    return tomllib.loads(data.read_text(encoding="utf-8"))


# Subjects and objects that «du» and «deg» may replace without touching the verb: Norwegian verbs have no person.
_NOMINATIVE = {"jeg", "eg", "han", "hun", "ho"}
_ACCUSATIVE = {"meg", "ham", "henne"}
_PERSON2 = {
    ("nb", "Nom"): "Animacy=Hum|Case=Nom|Number=Sing|Person=2|PronType=Prs",
    ("nb", "Acc"): "Animacy=Hum|Case=Acc|Number=Sing|Person=2|PronType=Prs",
    ("nn", "Nom"): "Animacy=Hum|Case=Nom|Person=2|PronType=Prs",
    ("nn", "Acc"): "Animacy=Hum|Case=Acc|Person=2|PronType=Prs",
}


def as_annotated(feats: str, language: str) -> str:
    """Return features written for bokmål as the treebank of ``language`` has them.

    The official nynorsk treebank leaves out ``Number=Sing`` and ``Definite=Def``.
    """
    if language != "nn":
        return feats
    return "|".join(part for part in feats.split("|") if part not in {"Number=Sing", "Definite=Def"})


class Augmenter:
    """Turns groups of consecutive sentences into training documents."""

    def __init__(self, settings: AugmentSettings, rng: random.Random) -> None:
        self.settings = settings
        self.rng = rng
        self.names = _names()

    def document(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Return the sentences of one training document, changed at random."""
        settings, rng = self.settings, self.rng
        frame = rng.random() < settings.letter_frame
        breaks = frame or rng.random() < settings.line_break
        body = [self.sentence(sentence) for sentence in sentences]
        if breaks:
            body = [
                replace(sentence, break_after=rng.choice([" ", " ", "\n", "\n\n", "\n\n"]))
                for sentence in body
            ]
        else:
            body = [with_last_space(sentence) for sentence in body]
        if frame:
            body[-1] = replace(body[-1], break_after="\n\n")
            body = [self.greeting(sentences[0].language), *body, *self.signature(sentences[0].language)]
        return body

    def sentence(self, sentence: Sentence) -> Sentence:
        """Return one sentence with names, person, case and final stop changed at random."""
        settings, rng = self.settings, self.rng
        words = list(sentence.words)
        self._change_persons(words)
        if rng.random() < settings.second_person:
            self._to_second_person(words, sentence.language)
        if (
            rng.random() < settings.no_final_stop
            and len(words) > 1
            and words[-1].form == "."
            and all(word.head != len(words) - 1 for word in words)
        ):
            words.pop()
        if rng.random() < settings.lower_case:
            words = [replace(word, form=word.form.lower()) for word in words]
        return replace(sentence, words=tuple(words))

    def _change_persons(self, words: list[Word]) -> None:
        start = 0
        while start < len(words):
            if words[start].ent != "B-PER":
                start += 1
                continue
            end = start + 1
            while end < len(words) and words[end].ent == "I-PER":
                end += 1
            if all(word.pos == "PROPN" for word in words[start:end]):
                draw = self.rng.random()
                if (
                    draw < self.settings.field_for_person
                    and end == start + 1
                    and words[start].form[-1:] != "s"
                ):
                    form = self.rng.choice(self.names["field"])
                    words[start] = replace(words[start], form=form, lemma=form, ent="O")
                elif draw < self.settings.field_for_person + self.settings.rename_person:
                    self._rename(words, start, end)
            start = end

    def _rename(self, words: list[Word], start: int, end: int) -> None:
        for index in range(start, end):
            first = index == start and (end > start + 1 or self.rng.random() < 0.5)
            name = self.rng.choice(self.names["given" if first else "family"]).split(" ")[-1]
            old = words[index]
            genitive = "Case=Gen" in old.feats or (old.form.endswith("s") and old.form[:-1] == old.lemma)
            words[index] = replace(old, form=name + ("s" if genitive and name[-1] != "s" else ""), lemma=name)

    def _to_second_person(self, words: list[Word], language: str) -> None:
        for index, word in enumerate(words):
            lower = word.form.lower()
            if word.pos != "PRON" or (index and word.form != lower):
                continue
            if lower in _NOMINATIVE and word.dep.startswith("nsubj"):
                case, form = "Nom", "du"
            elif lower in _ACCUSATIVE and word.dep in {"obj", "obl", "iobj"}:
                case, form = "Acc", "deg"
            else:
                continue
            words[index] = replace(
                word,
                form=form.capitalize() if word.form != lower else form,
                lemma="du",
                feats=_PERSON2[language, case],
            )

    def _person(self, *, head: int, dep: str) -> list[Word]:
        """A given name, with one or two surnames or none, as words whose first has the given head."""
        names, rng = self.names, self.rng
        forms = [rng.choice(names["given"])]
        forms += [
            part
            for _ in range(rng.choice([0, 0, 1, 1, 1, 2]))
            for part in rng.choice(names["family"]).split(" ")
        ]
        return [
            Word(
                form,
                form,
                "PROPN",
                "",
                head if index == 0 else head if dep == "ROOT" else -1,
                dep if index == 0 else "flat:name",
                "B-PER" if index == 0 else "I-PER",
            )
            for index, form in enumerate(forms)
        ]

    def greeting(self, language: str) -> Sentence:
        """A greeting line: «Hei Máret,», «Kjære {{fornavn}}», «Hei»."""
        rng = self.rng
        form, pos, lemma, feats = rng.choice(self.names["greeting"])
        if pos == "ADJ":  # «Kjære Máret»: the name is the root
            name = self._name_or_field(head=1, dep="ROOT", first=1)
            words = [Word(form, lemma, pos, as_annotated(feats, language), 1, "amod"), *name]
        else:
            words = [Word(form, lemma, pos, as_annotated(feats, language), 0, "ROOT")]
            if rng.random() < 0.85:
                words += self._name_or_field(head=0, dep="discourse", first=1)
        root = 1 if pos == "ADJ" else 0
        mark = rng.choice([",", ",", "!", "", "."])
        if mark:
            words[-1] = replace(words[-1], space_after=False)
            words.append(Word(mark, f"${mark}", "PUNCT", "", root, "punct"))
        return Sentence(tuple(words), language, rng.choice(["\n\n", "\n\n", "\n"]))

    def _name_or_field(self, *, head: int, dep: str, first: int) -> list[Word]:
        if self.rng.random() < 0.3:
            form = self.rng.choice(self.names["field"])
            return [Word(form, form, "PROPN", "", head, dep)]
        words = self._person(head=head, dep=dep)
        # Later parts of a name hang on its first part.
        return [word if index == 0 else replace(word, head=first) for index, word in enumerate(words)]

    def signature(self, language: str) -> list[Sentence]:
        """The closing lines: the phrase, a name, perhaps a title and a company; each line a sentence."""
        rng, names = self.rng, self.names
        greets = "hilsen" if language == "nb" else "helsing"
        kind = "Vennlig" if language == "nb" else "Venleg"
        season = rng.choice(names["season"][language])
        closing = rng.choice(
            [
                [(kind, "ADJ"), (greets, "NOUN")],
                [("Med", "ADP"), (kind.lower(), "ADJ"), (greets, "NOUN")],
                [(greets.capitalize(), "NOUN")],
                [("Beste", "ADJ"), (greets, "NOUN")],
                [(rng.choice(["Varm", "Hjertelig" if language == "nb" else "Hjarteleg"]), "ADJ"), (greets, "NOUN")],
                [(season + greets, "NOUN")],
            ]
        )  # fmt: skip
        feats = {
            "ADJ": "Definite=Ind|Degree=Pos|Number=Sing",
            "NOUN": f"Definite=Ind|Gender={'Masc' if language == 'nb' else 'Fem'}|Number=Sing",
            "ADP": "",
        }
        deps = {"ADJ": "amod", "NOUN": "ROOT", "ADP": "case"}
        root = len(closing) - 1
        phrase = [
            Word(form, "god" if form == "Beste" else form.lower(), pos,
                 as_annotated("Definite=Def|Degree=Sup" if form == "Beste" else feats[pos], language), root, deps[pos])
            for form, pos in closing
        ]  # fmt: skip
        if rng.random() < 0.25:
            phrase[-1] = replace(phrase[-1], space_after=False)
            phrase.append(Word(",", "$,", "PUNCT", "", root, "punct"))
        lines = [Sentence(tuple(phrase), language, rng.choice(["\n", "\n", "\n\n"]))]
        if rng.random() < 0.9:
            lines.append(Sentence(tuple(self._name_or_field(head=0, dep="ROOT", first=0)), language, "\n"))
        if rng.random() < 0.5:
            lines.append(self._title(language))
        if rng.random() < 0.5:
            lines.append(self._company(language, names))
        return [*lines[:-1], replace(lines[-1], break_after=" ")]

    def _title(self, language: str) -> Sentence:
        forms = self.rng.choice(self.names["title"]).split(" ")
        words = [
            Word(form, form.lower(), "NOUN" if index == len(forms) - 1 else "ADJ", "", len(forms) - 1,
                 "ROOT" if index == len(forms) - 1 else "amod")
            for index, form in enumerate(forms)
        ]  # fmt: skip
        return Sentence(
            tuple(replace(w, feats=as_annotated(self._title_feats(w), language)) for w in words),
            language,
            "\n",
        )

    @staticmethod
    def _title_feats(word: Word) -> str:
        if word.pos == "ADJ":
            return "Definite=Ind|Degree=Pos|Number=Sing"
        if word.form.endswith(("avdelingen", "eininga", "teamet")):
            gender = {"en": "Masc", "a": "Fem", "et": "Neut"}[
                "en" if word.form.endswith("en") else "et" if word.form.endswith("et") else "a"
            ]
            return f"Definite=Def|Gender={gender}|Number=Sing"
        return "Definite=Ind|Gender=Masc|Number=Sing"

    def _company(self, language: str, names: dict[str, Any]) -> Sentence:
        forms = [self.rng.choice(names["company_stem"]), *self.rng.choice(names["company_kind"]).split(" ")]
        words = [
            Word(
                form,
                form,
                "PROPN",
                "",
                0,
                "ROOT" if index == 0 else "flat:name",
                "B-ORG" if index == 0 else "I-ORG",
            )
            for index, form in enumerate(forms)
        ]
        return Sentence(tuple(words), language, "\n")
