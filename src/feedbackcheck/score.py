"""From findings and ingredients to a score of 0–100: named contributions, parts, grade and caps.

The total is linear in named contributions whose weights were fitted to the labelled messages' ``quality``
(``feedbackcheck train score``; figures in ``models/score/MODEL_CARD.md``), so every point can be shown. Problems can
only cost, ingredients only gain, and an ingredient carried by a stock phrase alone gains no more than the phrase costs:
a message cannot climb by adding clichés. One discriminatory reason or a forgotten merge field caps the total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from feedbackcheck.findings import Finding, Ingredient
from feedbackcheck.message import Severity, Stage
from feedbackcheck.report import Contribution, Score
from feedbackcheck.rules.base import catalogue, needs

__all__ = ["features", "score"]

#: Fewer points than this are neither shown nor counted.
_SMALLEST = 0.05

PARTS = ("personlig", "begrunnelse", "utvikling", "tone", "trygghet")


@cache
def _weights() -> Mapping[str, Any]:
    import tomllib

    return tomllib.loads((resources.files("feedbackcheck") / "data" / "score.toml").read_text("utf-8"))


def features(
    problems: Sequence[tuple[str, int]], ingredients: Sequence[tuple[str, int]], stage: Stage
) -> dict[str, float]:
    """Countable facts that the score is linear in.

    Args:
        problems: (code, sentence) of each problem found.
        ingredients: (code, sentence) of each ingredient found.
        stage: the stage; ingredients it does not call for count as extras.

    Returns:
        feature name → value: ``CODE`` for the first occurrence of a problem (0/1), ``CODE+`` for more of it (0–2),
        ``ING..`` (0/1) for an ingredient, ``ING..:must|should|may`` for how much the stage asks for it.
    """
    out: dict[str, float] = {}
    counts: dict[str, int] = {}
    for code, _ in problems:
        counts[code] = counts.get(code, 0) + 1
    for code, n in counts.items():
        out[code] = 1.0
        if n > 1:
            out[f"{code}+"] = float(min(2, n - 1))
    table = needs()["needs"]
    for code in {c for c, _ in ingredients}:
        need = table[code][stage.value]
        if need != "none":
            out[f"{code}:{need}"] = 1.0
    # More than one concrete sentence of reason, strength or advice is what a thorough answer has; a stock phrase adds none.
    stock = _stock_sentences(problems)
    for code in ("ING03", "ING04", "ING05"):
        n = len({s for c, s in ingredients if c == code and s not in stock})
        if n > 1:
            out[f"{code}+"] = float(min(2, n - 1))
    return out


def _stock_sentences(problems: Sequence[tuple[str, int]]) -> dict[int, set[str]]:
    """Sentences that hold a stock phrase, with the phrases' codes."""
    stock: dict[int, set[str]] = {}
    for code, sentence in problems:
        if code.startswith("KLI"):
            stock.setdefault(sentence, set()).add(code)
    return stock


def _stock_gains(
    problems: Sequence[tuple[str, int]],
    ingredients: Sequence[tuple[str, int]],
    stage: Stage,
    weights: Mapping[str, float],
) -> dict[str, float]:
    """What each ingredient gains that only stock phrases carry.

    Such an ingredient belongs to the first sentence that carries it, and the ingredients of a sentence gain together no
    more than the message would save by leaving the sentence's stock phrases out. So a stock phrase that is added, with
    whatever it carries, never raises the total.
    """
    stock = _stock_sentences(problems)
    counts: dict[str, int] = {}
    for code, _ in problems:
        counts[code] = counts.get(code, 0) + 1

    def saved(code: str) -> float:
        first, more = -weights.get(code, 0.0), -weights.get(f"{code}+", 0.0)
        saving = first if counts[code] == 1 else min(first, more) if counts[code] <= 3 else 0.0
        return saving if saving >= _SMALLEST else 0.0

    places: dict[str, set[int]] = {}
    for code, sentence in ingredients:
        places.setdefault(code, set()).add(sentence)
    table = needs()["needs"]
    carried: dict[int, dict[str, float]] = {}
    for code, sentences in places.items():
        if sentences <= stock.keys():
            points = weights.get(f"{code}:{table[code][stage.value]}", 0.0)
            carried.setdefault(min(sentences), {})[code] = points
    out: dict[str, float] = {}
    for sentence, wanted in carried.items():
        allowed, asked = sum(saved(c) for c in stock[sentence]), sum(wanted.values())
        share = min(1.0, allowed / asked) if asked > 0 else 0.0
        out |= {code: points * share for code, points in wanted.items()}
    return out


def score(findings: Sequence[Finding], ingredients: Sequence[Ingredient], stage: Stage) -> Score:
    """Score a message from what was found in it.

    Hints found only in doubt (below the code's threshold) do not count; codes that are hints by nature do.
    """
    problems = [(f.code, f.sentence) for f in findings if f.sentence is not None and not _doubtful(f)]
    good = [(i.code, i.sentence) for i in ingredients]
    data = _weights()
    weights, cat = data["weights"], catalogue()
    contributions: list[Contribution] = []
    values = features(problems, good, stage)
    stock_gains = _stock_gains(problems, good, stage, weights)
    for name, value in sorted(values.items()):
        points = weights.get(name, 0.0) * value
        code = name.partition(":")[0].rstrip("+")
        label = cat[code]["name"]
        if code.startswith("ING") and not name.endswith("+"):
            points = stock_gains.get(code, points)
        if abs(points) >= _SMALLEST:
            extra = " (flere)" if name.endswith("+") else ""
            contributions.append(
                Contribution(code=code, label=f"{label}{extra}", points=points, part=cat[code]["part"])
            )
    for finding in findings:
        if finding.sentence is None and finding.code in weights:
            points = weights[finding.code]
            contributions.append(
                Contribution(
                    code=finding.code, label=finding.name, points=points, part=cat[finding.code]["part"]
                )
            )
    start = float(data["start"][stage.value])
    # Added up in the order in which they are shown, so that a reader who adds them gets the same total to the last bit.
    contributions.sort(key=lambda c: (c.points, c.code, c.label))
    raw = start + sum(c.points for c in contributions)
    caps = []
    for code, limit in data["caps"].items():
        if any(f.code == code and not _doubtful(f) for f in findings) and raw > limit:
            raw = float(limit)
            caps.append(f"{code}: høyst {limit}")
    total = max(0, min(100, round(raw)))
    grade = next(g for g, floor in data["grades"].items() if total >= floor)
    return Score(
        total=total,
        parts=_parts(contributions, problems, stage, weights),
        grade=grade,
        start=start,
        contributions=tuple(contributions),
        caps=tuple(caps),
        room=_room(values, stage, weights),
    )


def _room(
    values: Mapping[str, float], stage: Stage, weights: Mapping[str, float]
) -> tuple[Contribution, ...]:
    """What is not missing, but would gain: welcome ingredients that are not there, more of what is told only once."""
    table, cat = needs()["needs"], catalogue()
    out = []
    for name, points in weights.items():
        code, _, need = name.rstrip("+").partition(":")
        if not code.startswith("ING") or points < _SMALLEST:
            continue
        if name.endswith("+"):
            there = f"{code}:{table[code][stage.value]}" in values and name not in values
            label = f"{cat[code]['name']} (flere)"
        else:
            there = need == "may" == table[code][stage.value] and name not in values
            label = str(cat[code]["name"])
        if there:
            out.append(Contribution(code=code, label=label, points=points, part=cat[code]["part"]))
    return tuple(sorted(out, key=lambda c: (-c.points, c.label)))


def _doubtful(finding: Finding) -> bool:
    nature = catalogue()[finding.code].get("severity", "")
    return finding.severity is Severity.HINT and nature != "hint" and finding.sentence is not None


def _parts(
    contributions: Sequence[Contribution],
    problems: Sequence[tuple[str, int]],
    stage: Stage,
    weights: Mapping[str, float],
) -> dict[str, int]:
    """Each part 0–100: what was gained of what the stage offers there, less what its problems cost.

    A part whose ingredients are all present and that has no problem stands at 100.
    """
    table, cat = needs()["needs"], catalogue()
    out = {}
    for part in PARTS:
        offered = sum(
            weights.get(f"{code}:{need[stage.value]}", 0.0)
            for code, need in table.items()
            if cat[code]["part"] == part and need[stage.value] in ("must", "should")
        )
        mine = [c for c in contributions if c.part == part]
        gained = sum(c.points for c in mine if c.points > 0 and not c.label.endswith("(flere)"))
        lost = -sum(c.points for c in mine if c.points < 0)
        share = min(1.0, gained / offered) if offered > 0 else 1.0
        # 25 points lost in one part (of the total's 100) empties it.
        out[part] = max(0, min(100, round(100 * (share - lost / 25))))
    return out
