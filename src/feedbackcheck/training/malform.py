"""Learn which words tell bokmål from nynorsk; writes ``data/malform.json``.

Run it from a source checkout::

    python -m feedbackcheck.training.malform --bokmaal nb.conllu.xz --nynorsk nn.conllu.xz --text text.txt.xz corpora/*.jsonl

Three steps: count words in treebanks and letters whose målform is known; label running text with those weights where
they are sure, and count again, which adds the words of public letters; keep the words and endings that tell most.
Names are left out, because «Bjørgvin» is no sign of nynorsk. Deterministic.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from feedbackcheck.language.malform import WORD, words_of

MAX_WORDS = 5200
MAX_ENDINGS = 420
CLIP = 4.0


def conllu_sentences(path: Path) -> Iterator[list[str]]:
    """Lower-cased words of each sentence, names and foreign words left out."""
    sentence: list[str] = []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line == "\n":
                yield sentence
                sentence = []
            elif line[0].isdigit():
                cells = line.split("\t")
                if "-" in cells[0] or cells[3] in ("PROPN", "X", "SYM", "NUM", "PUNCT"):
                    continue
                if WORD.fullmatch(cells[1]):
                    sentence.append(cells[1].lower())


def letters(paths: Iterable[Path]) -> Iterator[tuple[str, list[str]]]:
    """Målform and words of labelled letters."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if item.get("lang") in ("nb", "nn"):
                yield item["lang"], words_of(item["text"])


def endings(word: str) -> list[str]:
    """Endings that carry inflection; beginnings «kv-»/«hv-» are told as «^kv»."""
    out = [f"-{word[-n:]}" for n in (3, 4, 5) if len(word) > n + 1]
    if len(word) > 3:
        out.append(f"^{word[:2]}")
    return out


def radical(word: str) -> bool:
    """May be bokmål as well, whatever the counts say: «stillinga», «kasta», «ei anna»."""
    return (word.endswith("a") and len(word) > 3) or word in ("ei", "ho", "blei")


def weights(nb: Counter[str], nn: Counter[str], *, prior: float) -> dict[str, float]:
    """Log odds of nynorsk, smoothed and clipped."""
    total_nb, total_nn = sum(nb.values()), sum(nn.values())
    out = {}
    for word in nb.keys() | nn.keys():
        odds = math.log((nn[word] + prior) / (total_nn + prior)) - math.log(
            (nb[word] + prior) / (total_nb + prior)
        )
        out[word] = max(-CLIP, min(CLIP, odds))
    return out


def score(words: Iterable[str], table: dict[str, float]) -> float:
    return sum(table.get(word, 0.0) for word in words)


def train(
    nb_trees: list[Path], nn_trees: list[Path], text: Path | None, corpora: list[Path]
) -> dict[str, object]:
    """Word, ending and marker tables."""
    nb: Counter[str] = Counter()
    nn: Counter[str] = Counter()
    for paths, counter in ((nb_trees, nb), (nn_trees, nn)):
        for path in paths:
            for sentence in conllu_sentences(path):
                counter.update(sentence)
    for language, words in letters(corpora):
        # Letters are few and are what the model is for; each counts like a handful of sentences.
        (nn if language == "nn" else nb).update(dict(Counter(words * 3)))
    first = weights(nb, nn, prior=3.0)
    if text is not None:
        with lzma.open(text, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % 4:
                    continue
                words = words_of(line)
                if len(words) < 12:
                    continue
                sure = score(words, first) / len(words)
                if sure > 0.45:
                    nn.update(words)
                elif sure < -0.35 and number % 16 == 0:
                    nb.update(words)
    table = weights(nb, nn, prior=3.0)
    for word in table:
        if radical(word):
            table[word] = min(table[word], 1.2)
    ranked = sorted(table, key=lambda w: (-abs(table[w]) * math.log(2 + nb[w] + nn[w]), w))
    kept = [w for w in ranked if nb[w] + nn[w] >= 6 and abs(table[w]) >= 0.5][:MAX_WORDS]
    nb_ends: Counter[str] = Counter()
    nn_ends: Counter[str] = Counter()
    for counter, target in ((nb, nb_ends), (nn, nn_ends)):
        for word, count in counter.items():
            for ending in endings(word):
                target[ending] += min(count, 20)
    ends = weights(nb_ends, nn_ends, prior=30.0)
    ends = {e: min(odds, 1.2) if e.endswith("a") else odds for e, odds in ends.items()}
    best = sorted(ends, key=lambda e: (-abs(ends[e]) * math.log(2 + nb_ends[e] + nn_ends[e]), e))
    kept_ends = [e for e in best if nb_ends[e] + nn_ends[e] >= 200 and abs(ends[e]) >= 0.8][:MAX_ENDINGS]
    # Words that only one of the two uses, often enough to be sure of it, for labelling single sentences. Endings in -a
    # are bokmål too («stillinga», «kasta»), so no word with them marks nynorsk.
    total_nb, total_nn = sum(nb.values()), sum(nn.values())
    marks_nn = sorted(
        w
        for w in nn
        if nn[w] >= 25 and len(w) > 1 and not radical(w) and nb[w] * total_nn < nn[w] * total_nb / 150
    )
    marks_nb = sorted(
        w for w in nb if nb[w] >= 25 and len(w) > 1 and nn[w] * total_nb < nb[w] * total_nn / 150
    )
    return {
        "words": {w: round(table[w], 1) for w in sorted(kept)},
        "endings": {e: round(ends[e], 1) for e in sorted(kept_ends)},
        "nn": marks_nn,
        "nb": marks_nb,
    }


def main(arguments: list[str] | None = None) -> None:
    """Train and write; see the module's documentation."""
    parser = argparse.ArgumentParser(description="Learn the words that tell bokmål from nynorsk.")
    parser.add_argument("--bokmaal", type=Path, nargs="+", required=True)
    parser.add_argument("--nynorsk", type=Path, nargs="+", required=True)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "data" / "malform.json")
    parser.add_argument("corpora", type=Path, nargs="*")
    options = parser.parse_args(arguments)
    model = train(options.bokmaal, options.nynorsk, options.text, options.corpora)
    options.output.write_text(
        json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
