"""Calibration, thresholds and combination."""

from __future__ import annotations

import numpy as np
import pytest

from feedbackcheck.signs.recogniser_input import CODES
from feedbackcheck.training.recogniser.combination import ORIGINS, combined, fit, with_thresholds
from feedbackcheck.training.recogniser.thresholds import calibration_error, choose, micro, platt

N = len(CODES)


def made(
    n: int = 4000, slope: float = 2.0, offset: float = -1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logits whose true log-odds are ``slope * logit + offset``."""
    rng = np.random.default_rng(1)
    x = rng.normal(-1, 2, (n, N)).astype(np.float32)
    y = (rng.random((n, N)) < 1 / (1 + np.exp(-(slope * x + offset)))).astype(np.float32)
    return x, y, np.ones_like(y)


def test_platt_finds_slope_and_offset() -> None:
    slopes, offsets = platt(*made())
    assert np.abs(slopes - 2).max() < 0.4
    assert np.abs(offsets + 1).max() < 0.4


def test_platt_survives_a_code_without_positives() -> None:
    x, y, w = made(200)
    y[:, 3] = 0
    slopes, offsets = platt(30 * x, y, w)
    assert np.isfinite(slopes).all() and np.isfinite(offsets).all()
    assert (slopes > 0).all()


def test_calibration_error_falls_by_calibration() -> None:
    x, y, w = made()
    slopes, offsets = platt(x, y, w)
    raw = calibration_error(1 / (1 + np.exp(-x)), y, w)
    better = calibration_error(1 / (1 + np.exp(-(x * slopes + offsets))), y, w)
    assert better < raw / 3
    assert better < 0.02


def test_chosen_thresholds_are_at_least_as_good_as_a_half() -> None:
    x, y, w = made(offset=1.5)
    chosen = micro(x, y, w, choose(x, y, w, prior=1))
    half = micro(x, y, w, np.zeros(N, dtype=np.float32))
    assert chosen["problems"] > half["problems"]
    assert chosen["ingredients"] > half["ingredients"]


def test_a_rare_code_keeps_to_its_group() -> None:
    x, y, w = made(3000, 1.0, 0.0)
    y[:, 5] = 0
    y[:2, 5] = 1
    x[:, 5], x[:2, 5] = -6, 2.9  # two lucky sentences
    limits = choose(x, y, w, prior=30)
    others = np.delete(limits[:22], 5)
    assert abs(limits[5] - np.median(others)) < 0.6


def test_optional_does_not_move_a_threshold() -> None:
    x, y, w = made(500)
    wrong, ignored = y.copy(), w.copy()
    wrong[:50], ignored[:50] = 1 - y[:50], 0
    assert (choose(x, wrong, ignored) == choose(x[50:], y[50:], w[50:])).all()


def test_more_evidence_never_speaks_against_a_code() -> None:
    x, y, w = made(800, 1.0, 0.0)
    rng = np.random.default_rng(2)
    signs = (rng.random((800, N, len(ORIGINS))) < 0.1).astype(np.float32)  # noise, half of it on negatives
    weights = fit(x, signs, y, w)
    assert all(v >= 0 for code in weights.values() for k, v in code.items() if k != "bias")
    more = combined(weights, x, np.minimum(1, signs + 0.5))
    assert (more >= combined(weights, x, signs)).all()


def test_what_decides_is_not_weighed() -> None:
    x, y, w = made(100)
    signs = np.zeros((100, N, len(ORIGINS)), dtype=np.float32)
    signs[0, 0] = -1
    weights = fit(x, signs, y, w)
    assert combined(weights, np.full_like(x, -5), signs)[0, 0] == pytest.approx(9)


def test_combine_file_holds_every_code_and_hints_lie_below_findings() -> None:
    x, y, w = made(300)
    signs = np.zeros((300, N, len(ORIGINS)), dtype=np.float32)
    data = with_thresholds(fit(x, signs, y, w), x, signs, y, w)
    assert set(data["codes"]) == set(CODES)
    assert all(0 < c["hint"] <= c["finding"] < 1 for c in data["codes"].values())


def test_the_gate_trusts_whoever_tells_the_two_kinds_apart() -> None:
    pytest.importorskip("sklearn", reason="training needs the train extra")
    import numpy as np

    from feedbackcheck.training.recogniser.shipping import fit_gate

    noise = np.tile(np.asarray([-1.0, 1.0], dtype=np.float32), 20)
    told = np.full(40, 3.0, dtype=np.float32)
    gate = fit_gate([(noise, told)], [(noise, -told)])
    assert gate["words"] > 5 * abs(gate["network"])
    assert abs(gate["offset"]) < 0.5
    assert fit_gate([(noise, told)], []) == {"network": 1.0, "words": 0.0, "offset": 0.0}


def test_codes_that_nobody_judged_do_not_count() -> None:
    from feedbackcheck.signs.recogniser_input import CODES
    from feedbackcheck.training.recogniser.datasets import to_example

    item = {"id": "x", "text": "Nei.", "segments": [{"start": 0, "end": 4, "labels": ["ING02"]}]}
    (counted,) = to_example({**item, "judged": ["ING02"]}, "partial", "rejections-X").counted
    assert [code for code, weight in zip(CODES, counted, strict=True) if weight] == ["ING02"]
    assert all(to_example(item, "message", "train").counted[0])
