"""Pretraining, training, resuming and writing the sequence tagger at toy size; the written one does as torch did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedbackcheck.language import tagger as runtime
from feedbackcheck.training.language import tagger as training
from feedbackcheck.training.language.tagger_pretraining import PretrainingSettings, pretrain, read_text
from feedbackcheck.training.language.treebank import Sentence, Word, group, to_doc
from ticks import Ticks

torch = pytest.importorskip("torch", reason="training needs the train extra")
pytest.importorskip("onnx", reason="training needs the train extra")


def _sentence(subject: str, verb: str) -> Sentence:
    person = subject[0].isupper()
    return Sentence(
        (
            Word(subject, subject, "PROPN" if person else "PRON", "", 1, "nsubj", "B-PER" if person else "O"),
            Word(verb, verb, "VERB", "VerbForm=Fin", 1, "ROOT"),
            Word("søknaden", "søknad", "NOUN", "Definite=Def", 1, "obj", "O", space_after=False),
            Word(".", "$.", "PUNCT", "", 1, "punct"),
        ),
        "nb",
    )


@pytest.fixture
def corpus() -> dict[str, list[Sentence]]:
    """Few words, many times."""
    pairs = [(s, v) for s in ("Kari", "Ola", "hun", "vi") for v in ("leste", "sendte", "fikk")]
    return {"nb": [_sentence(*pair) for pair in pairs] * 8, "nn": [_sentence(*pair) for pair in pairs] * 2}


@pytest.mark.slow
def test_pretrains_trains_resumes_and_writes(
    corpus: dict[str, list[Sentence]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import spacy

    from feedbackcheck.training.language import tagger_pretraining

    monkeypatch.setattr(tagger_pretraining, "time", Ticks(0.1))
    monkeypatch.setattr(training, "time", Ticks(0.1))
    lines: list[str] = []
    log: Callable[[str], None] = lines.append
    plan = PretrainingSettings(seconds=0.6, words=50, negatives=8, batch_words=200, threads=1)
    text = read_text(["Kari leste søknaden . Ola fikk søknaden ."] * 30, str.split, corpus, plan)
    assert text.starts[-1] == len(text.forms)
    figures = pretrain(text, tmp_path / "encoder.pt", plan, log=log)
    assert figures["words"] > 0

    def trainer(**settings: Any) -> training.TaggerTrainer:
        return training.TaggerTrainer(
            corpus,
            corpus,
            corpus,
            tmp_path,
            training.TaggerSettings(
                batch_words=150, warmup_steps=10, averaged_over=20, threads=1, **settings
            ),
            more_named=corpus,
            more=corpus,
            pretrained=tmp_path / "encoder.pt",
            log=log,
        )

    begun = trainer(budget_s=12.0)
    begun.run(stage_s=4.0)
    resumed = trainer(budget_s=12.0)
    assert any("resumed" in line for line in lines)
    assert resumed.steps == begun.steps > 0
    resumed.run()
    assert resumed.spent_s == 12.0
    scores = resumed.evaluate()
    assert scores["nb classes"] > 95
    assert scores["nb names"] > 90

    resumed.write(tmp_path / "tagger")
    runtime.register()
    nlp = spacy.blank("nb")
    component: Any = nlp.add_pipe(runtime.FACTORY)
    component.from_disk(tmp_path / "tagger")
    right = words = 0
    for document in group(corpus["nb"][:24], 2):
        gold = to_doc(nlp.vocab, document)
        found = component(to_doc(nlp.vocab, document))
        right += sum(a.pos_ == b.pos_ for a, b in zip(found, gold, strict=True))
        words += len(gold)
    assert right / words > 0.95
    nlp.to_disk(tmp_path / "whole")
    again = spacy.load(tmp_path / "whole")
    assert [t.pos_ for t in again("Kari leste søknaden.")] == [t.pos_ for t in nlp("Kari leste søknaden.")]


def test_path_loss_is_minus_the_log_likelihood() -> None:
    import itertools

    from feedbackcheck.training.language.tagger_network import path_loss

    torch.manual_seed(1)
    scores, moves = torch.randn(1, 3, 3), torch.randn(3, 3)
    labels, mask = torch.tensor([[0, 2, 1]]), torch.ones(1, 3)

    def worth(path: tuple[int, ...]) -> float:
        own = sum(float(scores[0, place, label]) for place, label in enumerate(path))
        return own + sum(float(moves[a, b]) for a, b in itertools.pairwise(path))

    total = torch.logsumexp(torch.tensor([worth(p) for p in itertools.product(range(3), repeat=3)]), 0)
    expected = float(total) - worth((0, 2, 1))
    assert float(path_loss(scores, labels, mask, moves)) == pytest.approx(expected, abs=1e-4)


def test_padding_changes_no_loss() -> None:
    from feedbackcheck.training.language.tagger_network import path_loss

    torch.manual_seed(2)
    scores, moves = torch.randn(1, 3, 4), torch.randn(4, 4)
    labels = torch.tensor([[1, 0, 3]])
    longer = torch.cat([scores, torch.randn(1, 2, 4)], 1)
    padded = torch.cat([labels, torch.zeros(1, 2, dtype=torch.long)], 1)
    mask = torch.tensor([[1.0, 1, 1, 0, 0]])
    alone = path_loss(scores, labels, torch.ones(1, 3), moves)
    assert float(path_loss(longer, padded, mask, moves)) == pytest.approx(float(alone), abs=1e-4)


def test_reverse_turns_within_lengths() -> None:
    from feedbackcheck.training.language.tagger_network import reverse

    rows = torch.arange(8.0).reshape(2, 4, 1)
    assert reverse(rows, torch.tensor([4, 2]))[:, :, 0].tolist() == [[3, 2, 1, 0], [5, 4, 6, 7]]


def test_silver_is_where_two_pipelines_agree() -> None:
    import spacy
    from spacy.tokens import Span

    from feedbackcheck.training.language.silver import agreed_names

    class Finder:
        """Calls each of some words a name."""

        def __init__(self, **kinds: str) -> None:
            self.kinds, self.nlp = kinds, spacy.blank("nb")

        def parse(self, texts: list[str], needs: frozenset[str]) -> list[Any]:
            docs = [self.nlp(text) for text in texts]
            for doc in docs:
                doc.ents = [
                    Span(doc, t.i, t.i + 1, label=self.kinds[t.text]) for t in doc if t.text in self.kinds
                ]
            return docs

    lines = [
        "Det var ingen som hadde sett at Kari var kommet hjem igjen.",
        "Det var ingen som hadde sett at Tafjord var kommet hjem igjen.",
        "Det var ingen som hadde sett at Hun var kommet hjem igjen.",
    ]
    first: Any = Finder(Kari="PER", Tafjord="LOC")
    second: Any = Finder(Kari="PER", Tafjord="PER")
    (found,) = agreed_names(lines, [first, second], seconds=60, log=lambda line: None)
    assert [pair for pair in found if pair[1] != "O"] == [("Kari", "B-PER")]
    # Of three, two outvote the third on a kind; what one alone finds drops the paragraph.
    third: Any = Finder(Tafjord="LOC", Hun="PER", Kari="PER")
    both = agreed_names(lines, [first, second, third], seconds=60, log=lambda line: None)
    names = [pair for text in both for pair in text if pair[1] != "O"]
    assert sorted(names) == [("Kari", "B-PER"), ("Tafjord", "B-LOC")]
