"""Labelled messages as the models see them.

A corpus folder holds JSON lines: ``train.jsonl`` and ``messages-*.jsonl`` (whole messages), ``snippets*.jsonl``
(pieces of one to three sentences), ``rejections-*.jsonl`` (whole messages of which only some codes were judged),
``other*.jsonl`` (mail that is no rejection) and ``dev.jsonl`` (for choosing only).
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from feedbackcheck.errors import SourceError
from feedbackcheck.language.tokens import tokenize
from feedbackcheck.signs.recogniser_input import CODES, RecogniserInput

_INDEX = {code: i for i, code in enumerate(CODES)}


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message.

    ``labels`` and ``counted`` have one row a sentence, one entry a code: the target, and its weight in the loss (0
    where competent readers differ). ``kind`` is ``message``, ``snippet``, ``partial`` (a message of which only some codes
    were judged) or ``other``.
    """

    id: str
    kind: str
    message: RecogniserInput
    labels: tuple[tuple[float, ...], ...]
    counted: tuple[tuple[float, ...], ...]
    is_rejection: bool
    quality: float | None
    stage: str
    weight: float
    source: str

    @property
    def group(self) -> str:
        """Whoever wrote it, for folds that keep a writer together."""
        return self.source + ":" + self.id.split("-")[0]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file.

    Raises:
        SourceError: the file is missing or a line is not JSON.
    """
    if not path.is_file():
        raise SourceError("Filen finnes ikke", where=str(path))
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            out.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise SourceError(f"Linjen er ikke gyldig JSON: {error.msg}", where=f"{path}:{number}") from None
    return out


def to_example(item: Mapping[str, Any], kind: str, source: str, snippet_weight: float = 0.6) -> Example:
    """One labelled object as an example.

    Other mail is labelled with nothing, so its sentences hardly count. Where ``judged`` names codes, nobody has looked
    for the others, and they do not count at all.
    """
    labels, counted = [], []
    judged = item.get("judged")
    for segment in item["segments"]:
        row = [0.0] * len(CODES)
        weight = [float(judged is None or code in judged) for code in CODES]
        for code in segment.get("optional", ()):
            if code in _INDEX:
                weight[_INDEX[code]] = 0.0
        for code in segment["labels"]:
            if code in _INDEX:
                row[_INDEX[code]] = 1.0
                weight[_INDEX[code]] = 1.0
        if kind == "other":
            # A receipt may greet and thank: its ingredients were never judged. That it tells no rejection was.
            weight = [0.3 if code in ("ING02", "KLI001", "TON006") else 0.0 for code in CODES]
        labels.append(tuple(row))
        counted.append(tuple(weight))
    message = RecogniserInput(
        text=item["text"],
        spans=tuple((s["start"], s["end"]) for s in item["segments"]),
        stage=item.get("stage"),
        mode=item.get("mode", "message"),
        lang=item.get("lang", "nb"),
        context=item.get("context") or {},
        placed=kind != "snippet",
    )
    return Example(
        id=item["id"],
        kind=kind,
        message=message,
        labels=tuple(labels),
        counted=tuple(counted),
        is_rejection=bool(item.get("is_rejection", True)),
        quality=item.get("quality"),
        stage=item.get("stage", "soknad"),
        weight=snippet_weight if kind == "snippet" else 1.0,
        source=source,
    )


def load_file(path: Path, kind: str | None = None) -> list[Example]:
    """The examples of one file; its kind is told by its name unless given."""
    name = path.name
    named = {"snippets": "snippet", "rejections": "partial"}
    guessed = kind or next((k for start, k in named.items() if name.startswith(start)), "message")
    out = []
    for item in read_jsonl(path):
        own = "other" if not item.get("is_rejection", True) else guessed
        if item.get("segments"):
            out.append(to_example(item, own, path.stem))
    return out


def load_training(folder: Path) -> list[Example]:
    """Everything in a corpus folder but ``dev.jsonl``: train, messages-*, snippets*, rejections-*, other* (sorted by name)."""
    out: list[Example] = []
    for pattern in (
        "train.jsonl",
        "messages-*.jsonl",
        "snippets*.jsonl",
        "rejections-*.jsonl",
        "other*.jsonl",
    ):
        for path in sorted(folder.glob(pattern)):
            out.extend(load_file(path))
    if not out:
        raise SourceError("Fant ingen merkede meldinger (train.jsonl, messages-*.jsonl …)", where=str(folder))
    return out


#: With this salt the rule below holds three of the first twenty writers out; corpora that come later fall as they fall.
_SALT = 13146
#: The last round of writers, thirty voices: none of them is like another, so thresholds that suit them suit strangers.
_HELD_FILES = frozenset(f"messages-W{letter}" for letter in "OPQRS")


def is_held_out(example: Example) -> bool:
    """True for the messages of the writers, and for the other mail, that training leaves to choose thresholds on.

    A rule on names, so that a corpus that is added later moves nothing that was already decided.
    """
    if example.kind in ("message", "partial"):
        if example.source in _HELD_FILES:
            return True
        return zlib.crc32(f"{_SALT}{example.group}".encode()) % 7 == 0
    return example.kind == "other" and zlib.crc32(f"{_SALT}{example.id}".encode()) % 4 == 0


# ------------------------------------------------------------------------------------------------ leaks


def shingles(text: str, n: int = 4) -> set[tuple[str, ...]]:
    """Runs of ``n`` normalised words."""
    words = [t.norm for t in tokenize(text) if t.norm.isalpha() or t.norm.startswith("[")]
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def leaks(
    train: Iterable[Example], dev: Iterable[Example], threshold: float = 0.5
) -> list[tuple[str, str, float]]:
    """Pairs (dev id, train id, share) where a dev message shares that much of its four-word runs with a training one."""
    known = [(e.id, shingles(e.message.text)) for e in train]
    out = []
    for example in dev:
        mine = shingles(example.message.text)
        if not mine:
            continue
        for other_id, theirs in known:
            share = len(mine & theirs) / len(mine)
            if share >= threshold:
                out.append((example.id, other_id, round(share, 3)))
    return out


# ------------------------------------------------------------------------------------------------ augmentation

_GREETING_NAME = re.compile(
    r"^((?:[Hh]ei|[Kk]jære|[Hh]allo|[Gg]od \w+|Heisann)[ ,]+)([A-ZÆØÅ][\w-]+(?: [A-ZÆØÅ][\w-]+)?)"
)


def swap_names(example: Example, first_names: Sequence[str], rng: random.Random) -> Example:
    """The same message to somebody else: the candidate's first name is replaced wherever it stands.

    The name is taken from the greeting, or from the context. Spans and context follow.
    """
    text = example.message.text
    name = None
    for start, end in example.message.spans[:3]:
        match = _GREETING_NAME.match(text[start:end])
        if match:
            name = match.group(2).split()[0]
            break
    if not name or len(name) < 2:
        return example
    return _replace_word(example, name, rng.choice(first_names))


def _replace_word(example: Example, old: str, new: str) -> Example:
    text = example.message.text
    pieces: list[str] = []
    shifts: list[tuple[int, int]] = []
    at, moved = 0, 0
    for match in re.finditer(rf"\b{re.escape(old)}\b", text):
        pieces += [text[at : match.start()], new]
        moved += len(new) - len(old)
        shifts.append((match.end(), moved))
        at = match.end()
    if not pieces:
        return example
    pieces.append(text[at:])

    def shift(offset: int) -> int:
        by = 0
        for place, amount in shifts:
            if offset >= place:
                by = amount
        return offset + by

    spans = tuple((shift(start), shift(end)) for start, end in example.message.spans)
    context = {
        key: re.sub(rf"\b{re.escape(old)}\b", new, value) if isinstance(value, str) else value
        for key, value in example.message.context.items()
    }
    return replace(
        example, message=replace(example.message, text="".join(pieces), spans=spans, context=context)
    )


def insert_snippet(example: Example, snippet: Example, rng: random.Random) -> Example:
    """A message with a snippet's sentences put into its body, where loose sentences meet real neighbours.

    The message's quality is no longer known; the snippet's labels keep the snippet's weight.
    """
    spans = list(example.message.spans)
    if len(spans) < 5:
        return example
    at = rng.randrange(1, len(spans) - 2)
    end = spans[at][1]
    piece = snippet.message.text.replace("\n", " ")
    text = f"{example.message.text[:end]} {piece}{example.message.text[end:]}"
    moved = len(piece) + 1
    new = [(s + end + 1, e + end + 1) for s, e in snippet.message.spans]
    shifted = [*spans[: at + 1], *new, *((s + moved, e + moved) for s, e in spans[at + 1 :])]
    scaled = tuple(tuple(c * snippet.weight for c in row) for row in snippet.counted)
    return replace(
        example,
        message=replace(example.message, text=text, spans=tuple(shifted)),
        labels=(*example.labels[: at + 1], *snippet.labels, *example.labels[at + 1 :]),
        counted=(*example.counted[: at + 1], *scaled, *example.counted[at + 1 :]),
        quality=None,
    )
