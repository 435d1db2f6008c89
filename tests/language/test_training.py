"""Reading treebanks, making them look like letters, and training, resuming and finishing at toy size."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from feedbackcheck.errors import ModelError
from feedbackcheck.language.wordcodes import key_of
from feedbackcheck.training.language import finish, train
from feedbackcheck.training.language.augment import Augmenter, AugmentSettings
from feedbackcheck.training.language.evaluate import Count, published, table
from feedbackcheck.training.language.treebank import Sentence, is_tree, read_trees, to_doc
from ticks import Ticks

ROWS = """# sent_id = {id}
# text = {subject} {verb} søknaden.
1	{subject}	{subject}	{pos}	_	{feats}	2	nsubj	_	name={ent}
2	{verb}	{lemma}	VERB	_	Mood=Ind|Tense=Past|VerbForm=Fin	0	root	_	name=O
3	søknaden	søknad	NOUN	_	Definite=Def|Gender=Masc|Number=Sing	2	obj	_	SpaceAfter=No|name=O
4	.	$.	PUNCT	_	_	2	punct	_	name=O

"""
CYCLE = """1	a	a	X	_	_	2	dep	_	_
2	b	b	X	_	_	1	dep	_	_
3	c	c	X	_	_	0	root	_	_

"""
TWO_ROOTS = """1	a	a	X	_	_	0	root	_	_
2	b	b	X	_	_	0	root	_	_

"""


OFF = AugmentSettings(
    lower_case=0,
    no_final_stop=0,
    rename_person=0,
    field_for_person=0,
    second_person=0,
    line_break=0,
    letter_frame=0,
)


def _conllu(count: int = 60) -> str:
    rng = random.Random(1)
    person = "Animacy=Hum|Case=Nom|Number=Sing|Person=3|PronType=Prs"
    text = ""
    for index in range(count):
        subject, pos, feats, ent = rng.choice(
            [("han", "PRON", person, "O"), ("Kari", "PROPN", "_", "B-PER"), ("Ola", "PROPN", "_", "B-PER")]
        )
        verb, lemma = rng.choice([("leste", "lese"), ("sendte", "sende"), ("vurderte", "vurdere")])
        text += ROWS.format(id=index, subject=subject, verb=verb, lemma=lemma, pos=pos, feats=feats, ent=ent)
    return text


@pytest.fixture
def treebank(tmp_path: Path) -> Path:
    folder = tmp_path / "treebank"
    folder.mkdir()
    for name in ("bokmaal", "nynorsk"):
        for prefix in ("no", "norne-no"):
            for part in ("train", "dev", "test"):
                (folder / f"{prefix}_{name}-ud-{part}.conllu").write_text(
                    _conllu() + (CYCLE + TWO_ROOTS if part == "train" else ""), encoding="utf-8"
                )
    return folder


def _one(tmp_path: Path, text: str) -> Sentence:
    path = tmp_path / "one.conllu"
    path.write_text(text, encoding="utf-8")
    (sentence,) = train.read_trees(path, "nb")[0]
    return sentence


def test_invalid_trees_are_dropped(treebank: Path) -> None:
    kept, dropped = read_trees(treebank / "no_bokmaal-ud-train.conllu", "nb")
    assert (len(kept), dropped) == (60, 2)
    assert all(is_tree(sentence) for sentence in kept)


def test_document_has_the_treebanks_annotation(tmp_path: Path) -> None:
    import spacy

    sentence = _one(tmp_path, _conllu(1))
    doc = to_doc(spacy.blank("nb").vocab, [sentence, sentence])
    assert doc.text.count("søknaden.") == 2
    assert len(list(doc.sents)) == 2
    assert [token.dep_ for token in doc][:4] == ["nsubj", "ROOT", "obj", "punct"]
    assert doc[2].head.i == 1
    assert doc[2].lemma_ == "søknad"


def test_missing_treebank_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no_bokmaal-ud-train"):
        train.read_corpus(tmp_path, "train")


@pytest.mark.parametrize("seed", range(40))
def test_augmented_documents_are_still_trees(tmp_path: Path, seed: int) -> None:
    import spacy

    path = tmp_path / "some.conllu"
    path.write_text(_conllu(5), encoding="utf-8")
    sentences, _ = read_trees(path, "nn" if seed % 2 else "nb")
    settings = AugmentSettings(0.3, 0.5, 0.5, 0.3, 0.5, 0.5, 0.8)
    document = Augmenter(settings, random.Random(seed)).document(sentences)
    assert all(is_tree(sentence) for sentence in document)
    doc = to_doc(spacy.blank("nb").vocab, document)
    starts = [token.i for token in doc if token.is_sent_start]
    assert len(starts) == len(document)
    again = Augmenter(settings, random.Random(seed)).document(sentences)
    assert again == document  # one seed, one document


def test_second_person_keeps_the_tree(tmp_path: Path) -> None:
    sentence = _one(tmp_path, ROWS.format(
        id=1, subject="Han", verb="leste", lemma="lese", pos="PRON", feats="Case=Nom|Person=3", ent="O"))  # fmt: skip
    changed = Augmenter(AugmentSettings(0, 0, 0, 0, 1.0, 0, 0), random.Random(1)).sentence(sentence)
    assert changed.text == "Du leste søknaden."
    assert "Person=2" in changed.words[0].feats
    assert [word.head for word in changed.words] == [word.head for word in sentence.words]


def test_nothing_changes_when_nothing_is_asked(tmp_path: Path) -> None:
    sentence = _one(tmp_path, _conllu(1))
    assert Augmenter(OFF, random.Random(1)).sentence(sentence) == sentence


def test_learn_rate_rises_stays_and_falls() -> None:
    settings = train.TrainSettings()
    assert train.learn_rate(settings, 0.0) < train.learn_rate(settings, 0.01) < settings.learn_rate
    assert train.learn_rate(settings, 0.2) == settings.learn_rate
    assert train.learn_rate(settings, 0.99) < 0.1 * settings.learn_rate
    assert train.learn_rate(settings, 1.0) == pytest.approx(settings.final_learn_rate)


def test_word_table_leaves_out_what_varies(tmp_path: Path) -> None:
    rows = [
        ROWS.format(id=1, subject="han", verb="leste", lemma=lemma, pos="PRON", feats=feats, ent="O")
        for lemma, feats in (("lese", "Person=3"), ("lese", "Person=1"), ("lesa", "Person=3"))
    ]
    sentences = [_one(tmp_path, row) for row in rows]
    found = finish.word_table(sentences)
    assert found["søknaden", "NOUN"] == ("søknad", "Definite=Def|Gender=Masc|Number=Sing")
    assert found["leste", "VERB"] == (None, "Mood=Ind|Tense=Past|VerbForm=Fin")
    assert found["han", "PRON"] == ("han", None)
    assert all(pos != "PUNCT" for _, pos in found)


def test_name_table_has_what_is_said_twice(tmp_path: Path) -> None:
    def named(subject: str, feats: str) -> Sentence:
        return _one(tmp_path, ROWS.format(
            id=1, subject=subject, verb="leste", lemma="lese", pos="PROPN", feats=feats, ent="O"))  # fmt: skip

    said = [
        ("Solveig", "Gender=Fem"),
        ("Solveig", "Gender=Fem"),
        ("Tveit", "_"),
        ("Tveit", "_"),
        ("Ola", "Gender=Masc"),
    ]
    said += [("Kim", "Gender=Masc"), ("Kim", "Gender=Fem")]
    table = finish.name_table([named(*row) for row in said])
    assert table == {("solveig", "PROPN"): (None, "Gender=Fem"), ("tveit", "PROPN"): (None, "")}


def test_known_names_are_sure_and_no_persons(tmp_path: Path) -> None:
    def tagged(subject: str, ent: str) -> Sentence:
        return _one(tmp_path, ROWS.format(
            id=1, subject=subject, verb="leste", lemma="lese", pos="PROPN", feats="_", ent=ent))  # fmt: skip

    twice = {"Stortinget": "B-ORG", "Kari": "B-PER", "askim": "B-GPE_LOC"}
    sentences = [tagged(name, ent) for name, ent in twice.items() for _ in range(2)]
    sentences += [tagged("Høyre", ent) for ent in ("B-ORG", "B-ORG", "O")]  # a word as well as a party
    sentences += [tagged("Viken", ent) for ent in ("B-ORG", "B-GPE_LOC")]
    sentences += [tagged("Nav", "B-ORG")]  # once is too seldom
    assert finish.known_names(sentences) == {"ORG": {key_of("Stortinget")}}


def test_abbreviations_follow_the_treebank(tmp_path: Path) -> None:
    import spacy

    def said(*forms: str) -> Sentence:
        rows = [f"{number}\t{form}\t{form}\tX\t_\t_\t{number - 1}\tdep\t_\tSpaceAfter=No\n"
                for number, form in enumerate(forms, 1)]  # fmt: skip
        return _one(tmp_path, "".join(rows) + "\n")

    nlp = spacy.blank("nb")
    before = [[token.text for token in nlp(f"a {text} b")][1:-1] for text in ("kap.", "ca.", "i.", "):")]
    assert before == [["kap", "."], ["ca."], ["i."], ["):"]]
    sentences = [
        said("kap."),
        said("kap.", "og"),
        said("osv."),
        said("ca.", "fem"),
        said("i", "."),
        said(")", ":"),
    ]
    taken, given = finish.fit_tokenizer(nlp, sentences)
    assert (taken, given) == (["):", "i."], ["kap."])
    after = [[token.text for token in nlp(f"a {text} b")][1:-1] for text in ("kap.", "ca.", "i.", "):")]
    assert after == [["kap."], ["ca."], ["i", "."], [")", ":"]]


def test_part_of_dev_is_taken_over(tmp_path: Path) -> None:
    known = _one(tmp_path, ROWS.format(
        id=1, subject="Ola", verb="leste", lemma="lese", pos="PROPN", feats="_", ent="O"))  # fmt: skip
    strange = _one(tmp_path, ROWS.format(
        id=2, subject="Ola", verb="leste", lemma="lese", pos="X", feats="Foreign=Yes", ent="O"))  # fmt: skip
    taken, left = train.take_over({"nb": [known]}, {"nb": [known, strange, known, strange]}, 0.5)
    assert taken == {"nb": [known]}  # no label for the strange one
    assert left == {"nb": [known, strange]}


def test_marker_words_belong_to_one_language(tmp_path: Path) -> None:
    def said(word: str) -> Sentence:
        return _one(tmp_path, ROWS.format(
            id=1, subject=word, verb="leste", lemma="lese", pos="PRON", feats="_", ent="O"))  # fmt: skip

    corpus = {"nb": [said("jeg"), said("du")] * 60, "nn": [said("eg"), said("du")] * 60}
    assert train.marker_words(corpus) == {"nb": {"jeg"}, "nn": {"eg"}}


def test_table_shows_the_published_figures() -> None:
    lines = table({"bokmål": {"upos": 91.25}})
    assert lines[0].split() == ["bokmål", "sm", "md", "lg"]
    assert lines[1].split() == ["UPOS", "91.2", "96.7", "97.4", "97.4"]
    assert lines[2].split()[1] == "–"
    assert published()["nb_core_news_lg"]["size"] == 542


def test_count() -> None:
    count = Count()
    count.add({1, 2, 3}, {2, 3, 4, 5})
    assert (count.hit, count.false, count.missed) == (2, 1, 2)
    assert count.f == pytest.approx(100 * 4 / 7)
    assert Count().f == 0.0


@pytest.mark.slow
def test_training_learns_resumes_and_finishes(
    treebank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feedbackcheck.language import pipeline
    from feedbackcheck.training.language import report, run

    monkeypatch.setattr(train, "time", Ticks(0.12))
    lines: list[str] = []
    log: Callable[[str], None] = lines.append
    work, out = tmp_path / "work", tmp_path / "model"
    common = {"budget_s": 10.0, "tagger_budget_s": 0.0, "log": log}
    run.train_language(treebank, work, out, stage_s=4.0, **common)  # type: ignore[arg-type]
    first = pipeline.inspect(str(out)).identity
    run.train_language(treebank, work, out, **common)  # type: ignore[arg-type]
    pipeline._inspect.cache_clear()
    assert pipeline.inspect(str(out)).identity != first
    assert any("resumed" in line for line in lines)

    result = report.measure(str(out), treebank=treebank, letters=None)
    assert result.scores["nb"]["upos"] > 90
    assert result.scores["nb"]["las"] > 90
    assert any("bokmål" in line for line in result.lines())
    # The finished pipeline's lemmas have a lexicon.
    loaded = pipeline.load(str(out))
    assert "feedbackcheck_lexicon" in loaded.components(frozenset({"lemma"}))

    # A new run goes on from a finished pipeline's weights.
    again: list[str] = []
    run.train_language(
        treebank,
        tmp_path / "again",
        tmp_path / "second",
        budget_s=2.0,
        tagger_budget_s=0.0,
        start_from=out,
        log=again.append,
    )
    taken = [line.partition(":")[0] for line in again if "weights of" in line]
    assert set(taken) >= {"tok2vec", "morphologizer", "parser"}


def test_common_gender_has_two_names_but_counts_once() -> None:
    import spacy
    from spacy.tokens import Doc
    from spacy.training import Example

    from feedbackcheck.training.language.evaluate import scorer

    nlp = spacy.blank("nb")
    nlp.add_pipe("morphologizer")  # whose scorer makes spaCy's own figure

    def doc(*feats: str) -> Doc:
        return Doc(nlp.vocab, words=["stor", "ny", "og"], pos=["ADJ", "ADJ", "CCONJ"], morphs=list(feats))

    gold = doc("Definite=Ind|Gender=Fem,Masc", "Gender=Neut", "")
    found = doc("Definite=Ind|Gender=Com", "Gender=Com", "")
    scores = scorer(nlp).score([Example(found, gold)])
    assert scores["morph_acc"] == pytest.approx(1 / 3)
    assert scores["morph_one_acc"] == pytest.approx(2 / 3)


def test_card_says_plainly_what_is_not_met() -> None:
    from feedbackcheck.training.language.card import card
    from feedbackcheck.training.language.report import Measurement

    good = {
        "upos": 98.0,
        "feats": 97.0,
        "feats_one": 97.0,
        "lemma": 98.0,
        "uas": 90.0,
        "las": 87.0,
        "ents": 82.0,
        "sents": 95.0,
    }
    weak = {**good, "las": 84.8}
    result = Measurement("m", "m-1", 12.0, "test", {"nb": weak, "nn": {**good, "ents": 80.0, "feats": 94.0}})
    text = card(result, {"version": "1", "components": ["parser"]})
    assert "LAS, bokmål: 84.8, wanted more than 84.8 (sm) – **not met**" in text
    assert "UPOS, bokmål: 98.0, wanted at least 97.4 (md) – met" in text
    assert "entities F, nynorsk: 80.0, 2.0 under bokmål – **not met**" in text
    assert "LAS, nynorsk: 87.0, 2.2 over bokmål – met" in text
    assert "morphology, nynorsk: 94.0, 3.0 under bokmål – **not met**" in text
    assert "both names of common gender read as one: 97.0, as bokmål – met" in text
    assert "{" not in text.replace("{{", "")


def test_letter_frames_are_annotated_as_each_treebank_is() -> None:
    settings = AugmentSettings(0, 0, 0, 0, 0, 0, 1.0)
    for language in ("nb", "nn"):
        feats = [
            word.feats
            for seed in range(60)
            for line in Augmenter(settings, random.Random(seed)).signature(language)
            for word in line.words
        ]
        assert any("Number=Sing" in f for f in feats) == (language == "nb")
        assert any("Definite=Ind" in f for f in feats)
