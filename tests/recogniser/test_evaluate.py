"""The acceptance metric as library code."""

from __future__ import annotations

from typing import Any

from feedbackcheck.training.evaluate import expected_missing, score, score_groups, spearman


def gold(**changes: Any) -> dict[str, Any]:
    return {
        "id": "A",
        "lang": "nb",
        "stage": "telefon",
        "mode": "message",
        "text": "x" * 40,
        "quality": 3.0,
        "segments": [
            {"start": 0, "end": 10, "labels": ["ING01", "KLI005"], "optional": []},
            {"start": 11, "end": 30, "labels": ["ING02"], "optional": ["KLI001"]},
        ],
        **changes,
    }


def answer(
    findings: list[tuple[str, int | None, int | None]], ingredients: list[tuple[str, int, int]], **more: Any
) -> dict[str, Any]:
    return {
        "id": "A",
        "is_rejection": True,
        "score": {"total": 50},
        "findings": [{"code": c, "start": s, "end": e} for c, s, e in findings],
        "ingredients": [{"code": c, "start": s, "end": e} for c, s, e in ingredients],
        **more,
    }


def test_a_perfect_answer() -> None:
    missing = sorted(expected_missing("telefon", {"ING01", "ING02"}))
    findings: list[tuple[str, int | None, int | None]] = [
        ("KLI005", 2, 6),
        *((m, None, None) for m in missing),
    ]
    result = score([gold()], {"A": answer(findings, [("ING01", 0, 10), ("ING02", 11, 30)])})
    assert result["problems"]["f1"] == result["ingredients"]["f1"] == result["missing"]["f1"] == 1.0


def test_optional_counts_neither_way() -> None:
    with_it = score([gold()], {"A": answer([("KLI001", 11, 30)], [])})
    without = score([gold()], {"A": answer([], [])})
    assert with_it["labels"].get("KLI001") is None and without["labels"].get("KLI001") is None


def test_a_span_that_barely_touches_does_not_count() -> None:
    result = score([gold()], {"A": answer([("KLI005", 8, 20)], [])})
    assert result["labels"]["KLI005"]["r"] == 0.0


def test_a_lost_message_is_counted() -> None:
    result = score([gold()], {})
    assert result["lost"] == 1
    assert result["is_rejection"]["r"] == 0.0


def test_false_alarms_elsewhere() -> None:
    other = gold(
        is_rejection=False,
        segments=[{"start": 0, "end": 10, "labels": []}, {"start": 11, "end": 30, "labels": []}],
    )
    result = score([other], {"A": answer([("KLI001", 0, 10)], [])})
    assert result["false_alarms_per_100_segments_elsewhere"] == 50.0
    assert result["is_rejection"]["p"] == 0.0


def test_groups_split_by_language() -> None:
    both = [gold(), gold(id="B", lang="nn")]
    groups = score_groups(both, {"A": answer([], [("ING01", 0, 10), ("ING02", 11, 30)])})
    assert groups["målform"]["nb"]["ingredients"]["f1"] == 1.0
    assert groups["målform"]["nn"]["ingredients"]["f1"] == 0.0


def test_spearman_with_ties() -> None:
    assert spearman([1, 2, 2, 4], [10, 20, 20, 30]) == 1.0
    assert spearman([1, 2, 3], [3, 2, 1]) == -1.0
    assert spearman([1, 1], [1, 2]) == 0.0
