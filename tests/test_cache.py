"""What is remembered is found again, only for the same content, settings and rules, and holds no text."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from feedbackcheck import cache as room
from feedbackcheck.cache import Cache, default_folder
from feedbackcheck.message import Context, Mode, Stage
from feedbackcheck.settings import Settings

TEXT = "Hei Kari, du får ikke jobben.".encode()
ENTRY = [{"language": "nb", "verdicts": [["KLI001", 0, 3, 9]]}]

#: Another value for each setting.
OTHER = {
    "stage": Stage.FINALE,
    "mode": Mode.TEMPLATE,
    "language": "nn",
    "select": ("KLI",),
    "extend_select": ("TON",),
    "ignore": ("PER",),
    "per_file_ignores": {"*.md": ("KLI",)},
    "late_after_days": 30,
    "today": date(2026, 5, 4),
    "assume_rejection": True,
    "recogniser": False,
    "syntax": False,
    "language_model": "nb_core_news_sm",
    "rule_packs": (Path("egne.toml"),),
    "context": Context(applicants=4),
}
#: Settings that act after what is remembered: the same entry serves.
LATER = {"select", "extend_select", "ignore", "per_file_ignores", "late_after_days", "today"}


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "lager", "v1")


def test_what_was_put_is_got(cache: Cache) -> None:
    key = cache.key(TEXT, "a.txt", Settings())
    assert cache.get(key) is None
    cache.put(key, ENTRY)
    assert cache.get(key) == ENTRY
    cache.put(key, [])
    assert cache.get(key) == []


def test_every_setting_has_been_thought_of() -> None:
    assert set(OTHER) == {f.name for f in fields(Settings)}


@pytest.mark.parametrize("name", sorted(OTHER))
def test_a_setting_that_changes_the_answer_changes_the_key(cache: Cache, name: str) -> None:
    plain, changed = Settings(), replace(Settings(), **{name: OTHER[name]})
    same = cache.key(TEXT, "a.txt", plain) == cache.key(TEXT, "a.txt", changed)
    assert same is (name in LATER)


def test_content_format_and_rules_are_in_the_key_and_the_name_is_not(cache: Cache) -> None:
    key = cache.key(TEXT, "a.txt", Settings())
    assert key != cache.key(TEXT + b"!", "a.txt", Settings())
    assert key != cache.key(TEXT, "a.html", Settings())
    assert key != Cache(cache.folder, "v2").key(TEXT, "a.txt", Settings())
    assert key == cache.key(TEXT, "mappe/b.TXT", Settings())


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1}', b"null", b"\xff\xfe"])
def test_an_entry_that_cannot_be_read_is_no_entry(cache: Cache, content: bytes) -> None:
    key = cache.key(TEXT, "a.txt", Settings())
    cache.put(key, ENTRY)
    (file,) = cache.folder.glob("??/*.json")
    file.write_bytes(content)
    assert cache.get(key) is None
    cache.put(key, ENTRY)
    assert cache.get(key) == ENTRY


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "opptatt").write_text("en fil")
    cache = Cache(tmp_path / "opptatt" / "lager", "v1")
    key = cache.key(TEXT, "a.txt", Settings())
    cache.put(key, ENTRY)
    assert cache.get(key) is None


def test_a_full_disk_leaves_no_half_entry(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    key = cache.key(TEXT, "a.txt", Settings())
    cache.put(key, ENTRY)
    assert cache.get(key) is None
    assert not [p for p in cache.folder.rglob("*") if p.is_file()]


def test_prune_forgets_the_oldest(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_MOST", 3)
    keys = [cache.key(bytes([i]), "a.txt", Settings()) for i in range(6)]
    for i, key in enumerate(keys):
        cache.put(key, ENTRY)
        os.utime(cache.folder / key[:2] / f"{key}.json", (1000 + i, 1000 + i))
    cache.prune()
    assert [cache.get(k) is not None for k in keys] == [False, False, False, True, True, True]


def test_folder_follows_platform_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDBACKCHECK_CACHE_DIR", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("FEEDBACKCHECK_CACHE_DIR")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert default_folder() == tmp_path / "x" / "feedbackcheck"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "w"))
    assert default_folder() == tmp_path / "w" / "feedbackcheck"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_folder().parts[-3:] == ("Library", "Caches", "feedbackcheck")


def test_what_is_remembered_of_a_letter_holds_none_of_its_words() -> None:
    from feedbackcheck.analysis import Resources, assess, prepare
    from feedbackcheck.sources import read_text

    text = "Hei Kari Nordmann,\n\nVi har gått videre med andre kandidater.\n\nMvh\nPer Bakke\n"
    settings = Settings(recogniser=False, syntax=False, context=Context(candidate_name="Ola Dal"))
    resources = Resources(settings)
    assessed = assess(prepare(read_text(text), settings, resources), settings, resources)
    stored = json.dumps(assessed.to_json(), ensure_ascii=False)
    # Names of patterns are our words, not the letter's.
    for word in ("Kari", "Nordmann", "Ola", "Dal", "Bakke", "Per ", "gått videre"):
        assert word not in stored
    assert "KLI001" in stored


def test_a_user_without_a_home_has_a_cache_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.delenv("FEEDBACKCHECK_CACHE_DIR", raising=False)
    assert default_folder().is_absolute()
