"""The loader: what it resolves, what it says is missing, and that only needed components run."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from feedbackcheck.errors import ModelError
from feedbackcheck.language import pipeline
from feedbackcheck.language.pipeline import PARTS


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A pipeline on disk that only splits sentences."""
    import spacy

    nlp = spacy.blank("nb")
    nlp.add_pipe("sentencizer")
    nlp.meta["name"] = "liten"
    nlp.meta["version"] = "1.2.3"
    nlp.to_disk(tmp_path / "liten")
    return tmp_path / "liten"


def test_importing_the_loader_imports_no_spacy() -> None:
    code = (
        "import sys; from feedbackcheck.language import pipeline; pipeline.inspect(); "
        "assert not {'spacy', 'numpy', 'thinc'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_shipped_pipeline_has_every_part() -> None:
    loaded = pipeline.load()
    assert loaded.parts == frozenset(PARTS)
    assert loaded.missing(frozenset(PARTS)) == frozenset()
    assert loaded is pipeline.load(pipeline.SHIPPED)
    assert loaded.info.parts == loaded.parts  # what inspect() tells from names alone is right
    assert loaded.identity.startswith("feedbackcheck_nb_nn-")


@pytest.mark.parametrize(
    ("needs", "components"),
    [
        ({"ner"}, {"feedbackcheck_tagger", "feedbackcheck_names"}),
        ({"dep"}, {"feedbackcheck_tagger", "tok2vec", "parser"}),
        ({"morph"}, {"feedbackcheck_tagger", "feedbackcheck_lexicon"}),
        ({"lemma"}, {"feedbackcheck_tagger", "tok2vec", "trainable_lemmatizer", "feedbackcheck_lexicon"}),
        (set(), set()),
    ],
)
def test_only_needed_components_run(needs: set[str], components: set[str]) -> None:
    assert set(pipeline.load().components(frozenset(needs))) == components


def test_unasked_parts_stay_unset() -> None:
    (doc,) = pipeline.load().parse(["Søknaden din ble lest."], frozenset({"morph"}))
    assert doc.has_annotation("MORPH")
    assert not doc.has_annotation("DEP")
    assert not doc.has_annotation("ENT_IOB")


def test_unknown_part_is_an_error() -> None:
    with pytest.raises(ValueError, match="coref"):
        pipeline.load().parse(["Hei"], frozenset({"coref"}))


def test_small_pipeline_says_what_it_lacks(small: Path) -> None:
    loaded = pipeline.load(str(small))
    assert loaded.parts == {"sents"}
    assert loaded.missing(frozenset({"dep", "sents", "ner"})) == {"dep", "ner"}
    assert loaded.identity.startswith("nb_liten-1.2.3-")
    (doc,) = loaded.parse(["Hei {{fornavn}}, takk. Vi ringer."], frozenset({"sents", "dep"}))
    assert [token.text for token in doc][1] == "{{fornavn}}"
    assert len(list(doc.sents)) == 2
    assert not doc.has_annotation("DEP")


def test_installed_package_is_found_by_name(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A packaged pipeline keeps its data in a folder named after itself and its version."""
    package = tmp_path / "site" / "nb_liten_pakke"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "raise RuntimeError('inspecting must not import it')", encoding="utf-8"
    )
    small.rename(package / "nb_liten_pakke-1.2.3")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert pipeline.inspect("nb_liten_pakke").version == "1.2.3"
    assert pipeline.load("nb_liten_pakke").parts == {"sents"}


def test_identity_follows_the_files(small: Path) -> None:
    before = pipeline.inspect(str(small)).identity
    (small / "extra").write_text("x", encoding="utf-8")
    pipeline._inspect.cache_clear()
    assert pipeline.inspect(str(small)).identity != before


@pytest.mark.parametrize("name", ["nb_finnes_ikke", "./finnes-ikke", "json"])
def test_what_is_no_pipeline_is_a_helpful_error(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        pipeline.load(name)
    assert name in str(caught.value)
    assert caught.value.fix


def test_broken_pipeline_is_a_helpful_error(small: Path) -> None:
    (small / "config.cfg").write_text("[nlp]\nlang = \n", encoding="utf-8")
    pipeline._loaded.pop(small.resolve(), None)
    with pytest.raises(ModelError, match="kan ikke leses"):
        pipeline.load(str(small))


def test_a_rule_lemmatiser_gets_its_tags() -> None:
    """Other pipelines' lemmatisers look at parts of speech: asking for lemmas must run the tagger as well."""
    import spacy

    nlp: Any = spacy.blank("nb")
    nlp.add_pipe("morphologizer")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    info = pipeline.inspect()
    loaded = pipeline.Pipeline(nlp, info)
    assert loaded.components(frozenset({"lemma"})) == ("morphologizer", "lemmatizer")


def test_threads_share_one_pipeline() -> None:
    texts = ["Du ble vurdert av styret.", "Me ringjer deg i morgon.", "Vennlig hilsen"] * 5
    needs = frozenset({"morph", "dep", "ner"})

    def parsed() -> list[tuple[str, str, int]]:
        docs = pipeline.load().parse(texts, needs)
        return [(token.pos_, token.dep_, token.head.i) for doc in docs for token in doc]

    expected = parsed()
    results: list[list[tuple[str, str, int]]] = []
    threads = [threading.Thread(target=lambda: results.append(parsed())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


# What the syntax rules rely on, in sentences of the kind that letters have (none is in a corpus of ours).
@pytest.mark.parametrize(
    ("text", "verb", "agent"),
    [
        ("Søknaden ble vurdert av avdelingslederen.", "vurdert", "avdelingslederen"),
        ("Søknaden vart lesen av rektor.", "lesen", "rektor"),
        ("Svaret sendes i dag.", "sendes", None),
        ("Du ble anbefalt av to referanser.", "anbefalt", "referanser"),
    ],
)
def test_passives_and_agents(text: str, verb: str, agent: str | None) -> None:
    from feedbackcheck.language.relations import agent_of, is_passive

    (doc,) = pipeline.load().parse([text], frozenset({"morph", "dep"}))
    passive = [token for token in doc if is_passive(token)]
    assert [token.text for token in passive] == [verb]
    found = agent_of(passive[0])
    assert (found.text if found is not None else None) == agent


@pytest.mark.parametrize(
    ("text", "name"),
    [("Hei Amina Warsame,", "Amina Warsame"), ("Biret Hætta", "Biret Hætta"), ("Hilsen Torunn", "Torunn")],
)
def test_names_in_greeting_and_signature(text: str, name: str) -> None:
    (doc,) = pipeline.load().parse([text], frozenset({"ner"}))
    assert [(entity.text, entity.label_) for entity in doc.ents] == [(name, "PER")]


def test_lemmas_of_both_languages() -> None:
    docs = pipeline.load().parse(["Vi fikk mange søknader.", "Me fekk mange søknader."], frozenset({"lemma"}))
    assert [token.lemma_ for token in docs[0]][:4] == ["vi", "få", "mange", "søknad"]
    assert docs[1][1].lemma_ == "få"


def test_what_nobody_asks_for_is_not_read() -> None:
    few = pipeline.load(parts=frozenset({"morph", "dep"}))
    assert "feedbackcheck_names" not in few.nlp.pipe_names
    assert "trainable_lemmatizer" not in few.nlp.pipe_names
    assert {"morph", "dep"} <= few.parts
    assert "feedbackcheck_names" in pipeline.load().nlp.pipe_names
