"""Write the pipeline's model card from a measurement, so that its figures are those that the command printed."""

from __future__ import annotations

from importlib import resources
from typing import Any

from feedbackcheck.training.language import evaluate
from feedbackcheck.training.language.report import LANGUAGE_NAMES, Measurement

#: Rows in which the target asks for at least the figures of ``md``, and not only more than ``sm``.
_AT_LEAST_MD = ("upos", "feats", "lemma", "ents")
#: Rows that are no figure to reach: size has a bound of its own, and no pipeline has published the other.
_NO_TARGET = ("size", "feats_one")
_GAP = 1.0  # points by which nynorsk may lie under our own bokmål


def targets(result: Measurement) -> list[str]:
    """Return one line a target: met or not, and by how much. Needs treebank scores of both languages."""
    nb, nn = result.scores["nb"], result.scores["nn"]
    published = evaluate.published()
    lines = []
    for key, name in evaluate.ROWS:
        if key in _NO_TARGET:
            continue
        goal = "nb_core_news_md" if key in _AT_LEAST_MD else "nb_core_news_sm"
        wanted = published[goal][key]
        # Compared as printed, with one decimal; «more than» for sm, «at least» for md.
        got = round(nb[key], 1)
        met = got >= wanted if key in _AT_LEAST_MD else got > wanted
        bound = "at least" if key in _AT_LEAST_MD else "more than"
        lines.append(f"- {name}, bokmål: {got:.1f}, wanted {bound} {wanted:.1f} ({goal[-2:]}) – {_word(met)}")
    for key, name in evaluate.ROWS:
        if key in _NO_TARGET:
            continue
        gap = round(nb[key] - nn[key], 1)
        lines.append(f"- {name}, nynorsk: {nn[key]:.1f}, {_gap_text(gap)} – {_word(gap <= _GAP)}")
        if key == "feats" and gap > _GAP:
            gap = round(nb["feats_one"] - nn["feats_one"], 1)
            lines.append(
                f"- {name}, nynorsk, both names of common gender read as one: {nn['feats_one']:.1f}, {_gap_text(gap)} – {_word(gap <= _GAP)}"
            )
    lines.append(f"- size: {result.size:.1f} MB, wanted at most 16 – {_word(result.size <= 16)}")
    return lines


def _word(met: bool) -> str:
    return "met" if met else "**not met**"


def _gap_text(gap: float) -> str:
    if not gap:
        return "as bokmål"
    return f"{gap:.1f} under bokmål" if gap > 0 else f"{-gap:.1f} over bokmål"


def card(result: Measurement, meta: dict[str, Any]) -> str:
    """Return the card's text. ``meta`` is the pipeline's description, whose ``feedbackcheck_training`` tells how it was trained."""
    template = (
        resources.files("feedbackcheck.training.language").joinpath("card.md").read_text(encoding="utf-8")
    )
    training = meta.get("feedbackcheck_training", {})
    treebank = evaluate.table({LANGUAGE_NAMES[code]: row for code, row in result.scores.items()})
    labels = [
        f"  {key:<12}" + "".join(f"{row.get(key, 0.0):12.1f}" for row in result.scores.values())
        for key in sorted({key for row in result.scores.values() for key in row if key.startswith("ents:")})
    ]
    letters = result.letters.lines() if result.letters is not None else []
    if result.own_segmenter is not None:
        letters.append(f"{'(the program’s own splitter)':<30}{result.own_segmenter.f:6.1f}")
    return template.format(
        name=result.name,
        version=meta.get("version", ""),
        identity=result.identity,
        size=result.size,
        components=", ".join(meta.get("components", ())),
        dev_share=f"{training.get('dev_share', 0):.0%}",
        load_s=result.load_s,
        import_s=result.import_s,
        train_sentences=f"{training.get('sentences', 0):,}",
        treebank="\n".join([*treebank, *labels]),
        letters="\n".join(letters),
        speed="\n".join(
            f"{label:<30}{value:10.0f} words/s" for label, value in result.words_per_second.items()
        ),
        targets="\n".join(targets(result)),
        training=str(training.get("note", "")),
        outlook=str(training.get("outlook", "")),
    )
