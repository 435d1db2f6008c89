"""Measure the patterns, and keep what was measured.

::

    python -m feedbackcheck.training.patterns FILE.jsonl …            the table: per code, and per pattern with --patterns
    python -m feedbackcheck.training.patterns FILE.jsonl … --write    counts to data/patterns/strengths.toml, compiled anew
    python -m feedbackcheck.training.patterns --compile               only compile

A pattern is right on a sentence that is labelled with its code; sentences where the code is optional count neither for nor
against it. Pieces with a ``focus`` (snippets) count half: their share of positives is not that of messages.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from feedbackcheck.language.document import Document
from feedbackcheck.language.segment import segment
from feedbackcheck.message import Context, Message, Mode, Span, Stage
from feedbackcheck.signs.matching.store import DATA, compile_builtin
from feedbackcheck.signs.patterns import PatternFinder

SNIPPET_WEIGHT = 0.5
THRESHOLD = 0.5


def read(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Labelled messages of JSON-lines files."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)


def document_of(item: dict[str, Any]) -> Document:
    """The document of a labelled message, with the merge fields that the readers find."""
    from feedbackcheck.sources.merge_fields import find_fields

    text = item["text"]
    message = Message.from_text(
        text, id=item["id"], fields=tuple(find_fields(text)), mode=Mode(item.get("mode", "message")),
        context=Context.from_mapping(item.get("context")), stage=Stage(item["stage"]) if item.get("stage") else None,
    )  # fmt: skip
    sentences = tuple(segment(text))
    language = item.get("lang") or "nb"
    return Document(
        message=message, sentences=sentences, language=language, sentence_languages=tuple(language for _ in sentences),
        stage=message.stage, mode=message.mode,
    )  # fmt: skip


def _overlap(a: Span, segments: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    best, most = None, 0
    for s in segments:
        common = min(a.end, s["end"]) - max(a.start, s["start"])
        if common > most:
            best, most = s, common
    return best


class Tally:
    """Right, wrong and missed per code, right and wrong per pattern."""

    def __init__(self) -> None:
        self.codes: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        self.patterns: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self.wrong: dict[str, list[str]] = defaultdict(list)
        self.missed: dict[str, list[str]] = defaultdict(list)

    def add(self, item: dict[str, Any], finder: PatternFinder, threshold: float) -> None:
        document = document_of(item)
        weight = SNIPPET_WEIGHT if "focus" in item else 1.0
        said: dict[int, set[str]] = defaultdict(set)
        for sign in finder.find(document):
            segment_ = _overlap(document.sentences[sign.sentence].span, item["segments"])
            if segment_ is not None and sign.strength >= threshold:
                said[id(segment_)].add(sign.code)
        for index, code, identity in finder.matches(document):
            segment_ = _overlap(document.sentences[index].span, item["segments"])
            if segment_ is None:
                continue
            if code in segment_["labels"]:
                self.patterns[identity][0] += weight
            elif code not in segment_["optional"]:
                self.patterns[identity][1] += weight
                self.wrong[identity].append(document.text[segment_["start"] : segment_["end"]])
        for s in item["segments"]:
            have, want, free = said[id(s)], set(s["labels"]), set(s["optional"])
            for code in want & have:
                self.codes[code][0] += 1
            for code in have - want - free:
                self.codes[code][1] += 1
            for code in want - have:
                self.codes[code][2] += 1
                self.missed[code].append(document.text[s["start"] : s["end"]])


def figures(counts: Sequence[float]) -> tuple[float, float, float]:
    """Precision, recall, F1 of (right, wrong, missed)."""
    right, wrong, missed = counts
    p = right / (right + wrong) if right + wrong else 0.0
    r = right / (right + missed) if right + missed else 0.0
    return p, r, (2 * p * r / (p + r) if p + r else 0.0)


def table(tally: Tally) -> str:
    """The figures of every code and the two micro averages, as text."""
    lines = [f"{'code':8} {'P':>6} {'R':>6} {'F1':>6} {'n':>6}"]
    for code in sorted(tally.codes):
        p, r, f = figures(tally.codes[code])
        right, _, missed = tally.codes[code]
        lines.append(f"{code:8} {p:6.3f} {r:6.3f} {f:6.3f} {right + missed:6.0f}")
    for name, ingredient in (("problems", False), ("ingredients", True)):
        rows = [v for c, v in tally.codes.items() if c.startswith("ING") == ingredient]
        total = [sum(row[i] for row in rows) for i in range(3)]
        p, r, f = figures(total)
        lines.append(f"{name:12} micro P {p:.3f}  R {r:.3f}  F1 {f:.3f}")
    return "\n".join(lines)


def write_counts(tally: Tally, path: Path = DATA / "patterns" / "strengths.toml") -> None:
    """Keep the counts of every pattern."""
    lines = [
        "# Written by feedbackcheck.training.patterns: right and wrong matches of each pattern on the training corpora",
        "# (snippets count half). A pattern's strength is the mean of its author's guess, worth five matches, and these.",
        "",
        "[counts]",
    ]
    lines += [f'"{name}" = [{right:g}, {wrong:g}]' for name, (right, wrong) in sorted(tally.patterns.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module's text."""
    parser = argparse.ArgumentParser(prog="python -m feedbackcheck.training.patterns", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--patterns", metavar="CODE", help="figures of the patterns whose id begins so")
    parser.add_argument(
        "--wrong", metavar="ID", help="sentences on which patterns whose id begins so are wrong"
    )
    parser.add_argument("--missed", metavar="CODE", help="sentences that lack the code")
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    args = parser.parse_args(argv)
    out = sys.stdout
    if args.files:
        finder = PatternFinder()
        tally = Tally()
        for item in read(args.files):
            tally.add(item, finder, args.threshold)
        if args.write:
            write_counts(tally)
        if args.patterns is not None:
            for name, (right, wrong) in sorted(tally.patterns.items()):
                if name.startswith(args.patterns):
                    out.write(f"{right / (right + wrong):6.3f} {right:7.1f} {wrong:7.1f}  {name}\n")
        elif args.wrong is not None:
            for name, texts in sorted(tally.wrong.items()):
                if name.startswith(args.wrong):
                    out.writelines(f"{name}: {text}\n" for text in texts)
        elif args.missed is not None:
            for code, texts in sorted(tally.missed.items()):
                if code.startswith(args.missed):
                    out.writelines(f"{code}: {text}\n" for text in texts)
        else:
            out.write(table(tally) + "\n")
    if args.compile or args.write:
        compile_builtin(write=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
