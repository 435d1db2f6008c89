"""Weighs all signs of one code in one sentence into one probability and a level.

With fitted weights (``combine.json`` beside the recogniser) the probability is a small logistic model per code over the
recogniser's log-odds and the strongest sign of each other origin. Without them, signs are joined by noisy-or. A sign
that *decides* is never overruled by either.

``combine.json``: ``{"schema": 1, "codes": {CODE: {"bias", "recogniser", "pattern", "syntax", "facts", "finding",
"hint"}}}`` — weights multiply the log-odds of the strongest sign of that origin (0 when there is none); ``finding`` and
``hint`` are thresholds on the probability.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from feedbackcheck.language.segment import Sentence
from feedbackcheck.message import Span
from feedbackcheck.signs.base import Origin, Sign, Verdict

__all__ = ["Combiner"]

_DEFAULT = {"finding": 0.5, "hint": 0.35}
_FLOOR = 0.02
#: Strength from which a pattern on a legal matter stands, whatever the recogniser thinks.
_PLAIN = 0.9


def _log_odds(p: float) -> float:
    p = min(1 - _FLOOR / 10, max(_FLOOR / 10, p))
    return math.log(p / (1 - p))


class Combiner:
    """Per-code weights and thresholds; ``codes`` empty means noisy-or and the default thresholds."""

    def __init__(
        self, codes: Mapping[str, Mapping[str, float]] | None = None, *, identity: str = "noisy-or"
    ) -> None:
        self.codes = codes or {}
        self.identity = identity

    @classmethod
    def load(cls, folder: Path) -> Combiner:
        """Read ``combine.json`` in ``folder``; defaults if there is none."""
        file = folder / "combine.json"
        if not file.is_file():
            return cls()
        raw = file.read_bytes()
        data: dict[str, Any] = json.loads(raw)
        import hashlib

        return cls(data["codes"], identity=hashlib.sha256(raw).hexdigest()[:12])

    def probability(self, code: str, signs: Sequence[Sign]) -> float:
        """Probability of ``code`` given its signs in one sentence."""
        if any(s.decides for s in signs):
            return max(s.strength for s in signs if s.decides)
        best: dict[Origin, float] = {}
        for sign in signs:
            best[sign.origin] = max(best.get(sign.origin, 0.0), sign.strength)
        weights = self.codes.get(code)
        if weights is None or Origin.RECOGNISER not in best or "recogniser" not in weights:
            miss = 1.0
            for strength in best.values():
                miss *= 1 - strength
            return 1 - miss
        z = weights.get("bias", 0.0)
        for origin, strength in best.items():
            w = weights.get(origin.value, 0.0)
            z += w * (_log_odds(strength) if origin is Origin.RECOGNISER else strength)
        fitted = 1 / (1 + math.exp(-z))
        # A legal matter told in words that were nearly always right when measured is not argued away by the network:
        # here a finding too many costs a glance, and one too few may cost a case.
        told = best.get(Origin.PATTERN, 0.0)
        return max(fitted, told) if code.startswith("JUS") and told >= _PLAIN else fitted

    def level(self, code: str, signs: Sequence[Sign]) -> str:
        """``finding``, ``hint``, or the empty string for evidence too weak to mention."""
        return self._level(code, self.probability(code, signs), any(s.decides for s in signs))

    def _level(self, code: str, probability: float, decides: bool) -> str:
        limits = self.codes.get(code, _DEFAULT)
        if decides or probability >= limits.get("finding", 0.5):
            return "finding"
        return "hint" if probability >= limits.get("hint", 0.35) else ""

    def weigh(self, code: str, sentence: Sentence, signs: Sequence[Sign]) -> Verdict | None:
        """The verdict on ``code`` in ``sentence``, or None when the evidence is too weak to mention."""
        p = self.probability(code, signs)
        decides = any(s.decides for s in signs)
        level = self._level(code, p, decides)
        if not level:
            return None
        return Verdict(
            code=code,
            sentence=sentence.index,
            span=_span(sentence, signs),
            probability=p,
            level=level,
            decides=decides,
            signs=tuple(signs),
        )


def _span(sentence: Sentence, signs: Sequence[Sign]) -> Span:
    """The words to mark: those of a deciding sign, else of the strongest sign that points at words."""
    pool = (
        [s for s in signs if s.decides]
        or [s for s in signs if s.origin is not Origin.RECOGNISER]
        or list(signs)
    )
    best = max(pool, key=lambda s: (s.strength, len(s.span)))
    start, end = max(best.span.start, sentence.span.start), min(best.span.end, sentence.span.end)
    return Span(start, end) if end > start else sentence.span
