"""One measurement of a pipeline, as text and as data: what ``feedbackcheck models evaluate`` prints."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedbackcheck.training.language import evaluate
from feedbackcheck.training.language.train import read_corpus

if TYPE_CHECKING:
    from feedbackcheck.language.pipeline import Pipeline

LANGUAGE_NAMES = {"nb": "bokmål", "nn": "nynorsk"}

# In a process of its own: in this one everything is loaded already.
_LOAD = """
import sys, time
start = time.process_time()
import spacy
middle = time.process_time()
from feedbackcheck.language import pipeline
pipeline.load(sys.argv[1] or None)
print(middle - start, time.process_time() - middle)
"""


@dataclass
class Measurement:
    """Figures of one pipeline; treebank figures by language, in per cent."""

    name: str
    identity: str
    size: float
    part: str
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    letters: evaluate.LetterScores | None = None
    own_segmenter: evaluate.Count | None = None
    words_per_second: dict[str, float] = field(default_factory=dict)
    import_s: float = 0.0
    load_s: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The measurement as plain data."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The measurement as lines of text."""
        lines = [f"{self.identity}  ({self.size:.1f} MB with vectors)", ""]
        if self.scores:
            lines += [f"Treebanks, official {self.part} part; entities: NorNE {self.part}", ""]
            lines += evaluate.table({LANGUAGE_NAMES[code]: row for code, row in self.scores.items()})
            lines.append("")
            labels = sorted({key for row in self.scores.values() for key in row if key.startswith("ents:")})
            lines += [
                f"  {label:<12}"
                + "".join(
                    f"{row[label]:12.1f}" if label in row else f"{'–':>12}" for row in self.scores.values()
                )
                for label in labels
            ]
            lines.append("")
        if self.letters is not None:
            lines += ["Letters", "", *self.letters.lines()]
            if self.own_segmenter is not None:
                lines.append(f"{'(the program’s own splitter)':<30}{self.own_segmenter.f:6.1f}")
            lines.append("")
        if self.words_per_second:
            lines += ["Words a second of processor time, one thread", ""]
            lines += [f"{label:<30}{value:10.0f}" for label, value in self.words_per_second.items()]
            lines.append("")
        lines.append(
            f"import spacy {self.import_s:.2f} s, loading after it {self.load_s:.2f} s (processor time)"
        )
        return lines


def measure(
    name: str | None, *, treebank: Path | None, letters: Path | None, part: str = "test"
) -> Measurement:
    """Measure the pipeline ``name`` (None: the shipped one) on what is given.

    ``treebank`` is a folder of CoNLL-U files by their official names, ``letters`` the labelled letters.
    """
    from feedbackcheck.language import pipeline as pipelines

    loaded = pipelines.load(name)
    size = loaded.info.size / 1e6
    if loaded.name == pipelines.SHIPPED:
        for shared in ("vectors", "words"):
            folder = pipelines.shipped_folder().parent / shared
            size += sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    result = Measurement(loaded.name, loaded.identity, size, part)
    if treebank is not None:
        _measure_treebank(loaded, treebank, result)
    if letters is not None:
        labelled = evaluate.read_letters(letters)
        result.letters = evaluate.letter_scores(loaded, labelled)
        result.own_segmenter = _own_segmenter(labelled)
        result.words_per_second = evaluate.speed(loaded, [letter["text"] for letter in labelled])
    result.import_s, result.load_s = load_times(name)
    return result


def _measure_treebank(loaded: Pipeline, treebank: Path, result: Measurement) -> None:
    def quiet(_: str) -> None:
        return None

    trees = read_corpus(treebank, result.part, log=quiet)
    names = read_corpus(treebank, f"norne-{result.part}", log=quiet)
    for code in trees:
        result.scores[code] = {
            **evaluate.tree_scores(loaded, trees[code]),
            **evaluate.entity_scores(loaded, names[code]),
            "size": result.size,
        }


def _own_segmenter(letters: list[dict[str, Any]]) -> evaluate.Count:
    from feedbackcheck.language.segment import split_sentences

    count = evaluate.Count()
    for letter in letters:
        found = [(span.start, span.end) for span in split_sentences(letter["text"])]
        count.add(found, [tuple(span) for span in letter["sentences"]])
    return count


def load_times(name: str | None, *, repeat: int = 3) -> tuple[float, float]:
    """Return the processor seconds of ``import spacy`` and of loading the pipeline after it, the best of some fresh processes."""
    runs = []
    for _ in range(repeat):
        done = subprocess.run(
            [sys.executable, "-c", _LOAD, name or ""], capture_output=True, text=True, check=True
        )
        imported, loaded = done.stdout.split()
        runs.append((float(imported), float(loaded)))
    return min(run[0] for run in runs), min(run[1] for run in runs)
