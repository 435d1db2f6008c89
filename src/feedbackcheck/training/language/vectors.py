"""Train floret vectors on running text and store them small.

floret hashes every word and its character n-grams into a fixed number of rows, so any word, seen or not, has a vector and
the table stays small whatever the vocabulary. The trained table is stored as int8 with one scale a row (see
:mod:`feedbackcheck.language.vectors`), a quarter of its float size.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from feedbackcheck.language.mergefields import merge_field_pattern

_WORD = r"\w+(?:[-'’./@&]\w+)*|[^\w\s]"


@dataclass(frozen=True)
class FloretSettings:
    """What decides a floret table; ``threads`` above one makes a run irreproducible in the last digits."""

    dim: int = 128
    buckets: int = 50_000
    min_n: int = 3
    max_n: int = 5
    hash_count: int = 2
    min_count: int = 4
    epochs: int = 8
    window: int = 5
    negatives: int = 5
    learning_rate: float = 0.05
    threads: int = 2


def parse_source(item: str) -> tuple[Path, int]:
    """Read ``FILE`` or ``FILE:TIMES`` as given on the command line.

    Raises ``UsageError`` when there is no such file.
    """
    from feedbackcheck.errors import UsageError

    name, _, times = item.rpartition(":")
    path, repeat = (Path(name), int(times)) if name and times.isdigit() else (Path(item), 1)
    if not path.is_file():
        raise UsageError("filen finnes ikke", where=str(path), fix="Oppgi den som FIL eller FIL:GANGER.")
    return path, repeat


def iter_paragraphs(path: Path) -> Iterator[str]:
    """Yield the paragraphs of a text file: a line each (``.txt``, ``.txt.xz``), or the ``text`` lines of a ``.jsonl``."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if path.name.endswith(".jsonl"):
                yield from (part for part in json.loads(line)["text"].split("\n") if part.strip())
            elif line.strip():
                yield line


def write_words(paragraphs: Iterable[str], target: Path, *, repeat: int = 1) -> int:
    """Append ``paragraphs``, split into space-separated words, to ``target`` and return the number of words.

    The split is a cheap stand-in for the pipeline's tokeniser (the same words in all but rare cases, thirty times the speed).
    """
    field = merge_field_pattern()
    words = re.compile(f"{field.pattern}|{_WORD}")
    count = 0
    with target.open("a", encoding="utf-8") as out:
        for paragraph in paragraphs:
            # A word with a space inside would fall apart in the training file.
            found = [word.replace(" ", "_") for word in words.findall(paragraph)]
            count += len(found) * repeat
            out.write((" ".join(found) + "\n") * repeat)
    return count


def train_floret(words: Path, target: Path, settings: FloretSettings) -> None:
    """Train on the space-separated file ``words`` and write the ``.floret`` text table to ``target``."""
    import floret

    model = floret.train_unsupervised(
        str(words),
        model="cbow",
        mode="floret",
        dim=settings.dim,
        bucket=settings.buckets,
        minn=settings.min_n,
        maxn=settings.max_n,
        hashCount=settings.hash_count,
        minCount=settings.min_count,
        epoch=settings.epochs,
        ws=settings.window,
        neg=settings.negatives,
        lr=settings.learning_rate,
        thread=settings.threads,
    )
    model.save_floret_vectors(str(target))


def pack_floret(table: Path, folder: Path, settings: FloretSettings, *, sources: dict[str, int]) -> None:
    """Read a ``.floret`` table and write it to ``folder`` in the packed form that the package ships."""
    import numpy as np

    from feedbackcheck.language.vectors import write_packed

    with table.open(encoding="utf-8") as stream:
        buckets, dim, min_n, max_n, hash_count, seed, bow, eow = stream.readline().split(" ")
        values = np.zeros((int(buckets), int(dim)), dtype=np.float32)
        for line in stream:
            index, *cells = line.rstrip().split(" ")
            values[int(index)] = np.asarray(cells, dtype=np.float32)
    header = {
        "min_n": int(min_n),
        "max_n": int(max_n),
        "hash_count": int(hash_count),
        "hash_seed": int(seed),
        "bow": bow,
        "eow": eow.rstrip("\n"),
    }
    write_packed(folder, values, header, training={**asdict(settings), "words": sources})


def train_vectors(
    texts: Iterable[tuple[Path, int]], work: Path, folder: Path, settings: FloretSettings
) -> dict[str, int]:
    """Train on ``texts`` (path, how many times it counts) and write the packed vectors to ``folder``.

    ``work`` keeps the split words and the float table, so that packing can be repeated. Returns the words of each source.
    """
    work.mkdir(parents=True, exist_ok=True)
    words = work / "words.txt"
    words.unlink(missing_ok=True)
    sources = {path.name: write_words(iter_paragraphs(path), words, repeat=repeat) for path, repeat in texts}
    table = work / "vectors.floret"
    train_floret(words, table, settings)
    pack_floret(table, folder, settings, sources=sources)
    return sources
