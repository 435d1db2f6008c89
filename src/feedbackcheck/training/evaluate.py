"""The acceptance metric as library code, with groups.

A sentence counts as predicted for a code when a span with that code covers at least half of the sentence or lies at
least half inside it. ``optional`` labels count neither way. What is missing is derived from the labelled ingredients.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

STAGES = ("soknad", "intervju", "finale", "telefon")
#: Need of each ingredient by stage, in the order of :data:`STAGES`.
NEED: Mapping[str, tuple[str, str, str, str]] = {
    "ING01": ("must", "must", "must", "should"),
    "ING02": ("must", "must", "must", "must"),
    "ING03": ("should", "must", "must", "must"),
    "ING04": ("may", "should", "must", "should"),
    "ING05": ("should", "must", "must", "should"),
    "ING06": ("should", "must", "must", "may"),
    "ING07": ("must", "must", "should", "may"),
    "ING08": ("must", "must", "must", "must"),
    "ING09": ("must", "must", "must", "may"),
    "ING10": ("may", "may", "should", "may"),
    "ING11": ("-", "-", "-", "must"),
    "ING12": ("may", "may", "should", "may"),
}
PROBLEM_PREFIXES = frozenset({"KLI", "PER", "TON", "JUS", "FLT"})

Message = Mapping[str, Any]


def expected_missing(stage: str, present: Iterable[str]) -> set[str]:
    """MAN codes that the table calls for when only the ``present`` ingredients stand."""
    column, there = STAGES.index(stage), set(present)
    return {
        "MAN" + i[3:] for i, need in NEED.items() if need[column] in ("must", "should") and i not in there
    }


def covers(span: Message, segment: Message) -> bool:
    """True if they overlap by half of the shorter one."""
    common = min(span["end"], segment["end"]) - max(span["start"], segment["start"])
    shorter = min(segment["end"] - segment["start"], span["end"] - span["start"])
    return bool(common > 0 and common >= 0.5 * shorter)


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """Rank correlation with ties averaged; 0 if either is constant."""

    def ranks(values: Sequence[float]) -> list[float]:
        order = sorted(range(len(values)), key=values.__getitem__)
        out = [0.0] * len(values)
        at = 0
        while at < len(order):
            end = at
            while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
                end += 1
            for place in range(at, end + 1):
                out[order[place]] = (at + end) / 2
            at = end + 1
        return out

    ra, rb = ranks(a), ranks(b)
    if not ra:
        return 0.0
    ma, mb = sum(ra) / len(ra), sum(rb) / len(rb)
    cov = sum((x - ma) * (y - mb) for x, y in zip(ra, rb, strict=True))
    va, vb = sum((x - ma) ** 2 for x in ra), sum((y - mb) ** 2 for y in rb)
    return float(cov / (va * vb) ** 0.5) if va and vb else 0.0


def prf(tp: int, fp: int, fn: int) -> dict[str, float]:
    """Precision, recall, F1 and the number of positives."""
    p = tp / (tp + fp) if tp + fp else 0.0
    r = tp / (tp + fn) if tp + fn else 0.0
    return {
        "p": round(p, 3),
        "r": round(r, 3),
        "f1": round(2 * p * r / (p + r), 3) if p + r else 0.0,
        "n": tp + fn,
    }


_LOST: Message = {"findings": [], "ingredients": [], "is_rejection": False, "score": {"total": 0}}


def score(gold: Sequence[Message], predicted: Mapping[str, Message]) -> dict[str, Any]:
    """Score predictions (by message id, in the JSON contract's form) against labelled messages."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    man, rejection = [0, 0, 0], [0, 0, 0]
    lost = other_segments = other_flagged = 0
    quality: list[float] = []
    totals: list[float] = []
    for message in gold:
        found = predicted.get(message["id"])
        if found is None:
            lost += 1
            found = _LOST
        is_rejection = bool(message.get("is_rejection", True))
        said = bool(found.get("is_rejection", True))
        rejection[0] += is_rejection and said
        rejection[1] += (not is_rejection) and said
        rejection[2] += is_rejection and not said
        findings = found.get("findings", [])
        spans = [s for s in [*findings, *found.get("ingredients", [])] if s.get("start") is not None]
        if not is_rejection:
            body = [s for s in findings if s.get("start") is not None]
            other_segments += len(message["segments"])
            other_flagged += sum(any(covers(s, seg) for s in body) for seg in message["segments"])
            continue
        present: set[str] = set()
        for segment in message["segments"]:
            want, optional = set(segment["labels"]), set(segment.get("optional", ()))
            present |= {c for c in want | optional if c.startswith("ING")}
            have = {s["code"] for s in spans if covers(s, segment)}
            for code in want & have:
                tally[code][0] += 1
            for code in have - want - optional:
                tally[code][1] += 1
            for code in want - have:
                tally[code][2] += 1
        want_missing = expected_missing(message["stage"], present)
        have_missing = {f["code"] for f in findings if f["code"].startswith("MAN")}
        man[0] += len(want_missing & have_missing)
        man[1] += len(have_missing - want_missing)
        man[2] += len(want_missing - have_missing)
        if message.get("quality") is not None:
            quality.append(float(message["quality"]))
            totals.append(float((found.get("score") or {}).get("total") or 0))
    labels = {code: prf(t[0], t[1], t[2]) for code, t in sorted(tally.items())}

    def group(test: Callable[[str], bool]) -> dict[str, float]:
        chosen = [c for c in tally if test(c)]
        sums = [sum(tally[c][i] for c in chosen) for i in range(3)]
        macro = [labels[c]["f1"] for c in chosen if labels[c]["n"] >= 5]
        return {**prf(*sums), "macro_f1": round(sum(macro) / len(macro), 3) if macro else 0.0}

    return {
        "messages": len(gold),
        "lost": lost,
        "problems": group(lambda c: c[:3] in PROBLEM_PREFIXES),
        "ingredients": group(lambda c: c.startswith("ING")),
        "missing": prf(*man),
        "is_rejection": prf(*rejection),
        "false_alarms_per_100_segments_elsewhere": (
            round(100 * other_flagged / other_segments, 2) if other_segments else None
        ),
        "score_spearman": round(spearman(quality, totals), 3) if len(quality) > 2 else None,
        "labels": labels,
    }


#: How messages are grouped in a report: title and key.
GROUPS: Mapping[str, str] = {"målform": "lang", "modus": "mode", "stadium": "stage"}


def score_groups(
    gold: Sequence[Message], predicted: Mapping[str, Message]
) -> dict[str, dict[str, dict[str, Any]]]:
    """:func:`score` apart for each målform, mode and stage (rejections only; other mail has none of them)."""
    out: dict[str, dict[str, dict[str, Any]]] = {}
    rejections = [m for m in gold if m.get("is_rejection", True)]
    for title, key in GROUPS.items():
        values = sorted({str(m.get(key)) for m in rejections})
        out[title] = {v: score([m for m in rejections if str(m.get(key)) == v], predicted) for v in values}
    return out


def predict(
    gold: Sequence[Message],
    settings: Any = None,
    *,
    know_stage: bool = True,
    log: Callable[[str], None] | None = None,
) -> dict[str, dict[str, Any]]:
    """What the whole program says of labelled messages, by id, in the JSON contract's form.

    The text is read as it stands (plain text); målform is left to the program to tell. ``know_stage`` False hides the
    stage, as when a mailbox is reviewed.
    """
    from dataclasses import replace

    from feedbackcheck.checker import Checker
    from feedbackcheck.message import Context, Mode, Stage
    from feedbackcheck.sources import read_text

    checker = Checker(settings, suggestions=False)
    out: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(gold, 1):
        message = replace(
            read_text(item["text"], name=""),
            id=item["id"],
            context=Context.from_mapping(item.get("context") or {}),
            mode=Mode(item.get("mode", "message")),
            stage=Stage(item["stage"]) if know_stage and item.get("stage") else None,
        )
        out[item["id"]] = checker.check_message(message).to_dict()
        if log is not None and number % 100 == 0:
            log(f"{number} av {len(gold)}")
    return out
