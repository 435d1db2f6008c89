"""Sentences from templates: by code and situation, målform and person, with several variants.

Which variant a letter gets follows from what is known about the candidate (a hash), so that the same draft and context
always give the same words and different candidates different ones. Templates are data: ``data/wording/{nb,nn}.toml``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from feedbackcheck.lazy import lazy_re
from feedbackcheck.suggest.norwegian import capitalise
from feedbackcheck.suggest.voice import Voice

__all__ = ["Sentence", "choose", "fill", "gap_label", "slot", "slots_of", "templates"]

_ARTICLE = lazy_re(r"\{(a_common|a_neuter|a_feminine)\}")
_SLOT = lazy_re(r"\{([^\W\d]\w*)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A wording chosen: its text, and the template it came from (for the guard, which knows the templates' words)."""

    text: str
    template: str


@lru_cache(maxsize=2)
def templates(language: str) -> Mapping[str, Any]:
    """All templates of a målform ("nb" or "nn")."""
    import tomllib
    from importlib.resources import files

    data: dict[str, Any] = tomllib.loads(
        (files("feedbackcheck.data") / "wording" / f"{language}.toml").read_text(encoding="utf-8")
    )
    return data


def slots_of(template: str) -> set[str]:
    """Names of the slots in a template, but the ones that person and målform fill."""
    return set(_SLOT.findall(template)) - {
        "vi",
        "Vi",
        "oss",
        "vår",
        "vårt",
        "våre",
        "a_common",
        "a_neuter",
        "a_feminine",
    }


def fill(template: str, slots: Mapping[str, str], voice: Voice) -> str:
    """The template with its slots filled, and the first letter and language details set right."""
    known = {**voice.slots(), **slots}

    def put(match: re.Match[str]) -> str:
        return known[match.group(1)]

    text = _SLOT.sub(put, template)
    # A note's clause may ask for an article («{a_common} god plan»); other braces in values are the draft's merge fields.
    text = _ARTICLE.sub(put, text)
    text = re.sub(r"([.!?])\.", r"\1", text)
    return capitalise(text)


def choose(
    section: str, key: str, slots: Mapping[str, str], voice: Voice, seed: str, *, attempt: int = 0
) -> Sentence | None:
    """A wording whose slots are all known, or None.

    Args:
        section, key: place in the data, for example "ING02" and "soknad".
        slots: facts by slot name.
        seed: what is known about the candidate; decides the variant.
        attempt: 0 for the first choice; another number gives another variant where there is one.
    """
    group = templates(voice.language).get(section, {})
    variants = [v for v in group.get(key, ()) if slots_of(v) <= slots.keys()]
    if not variants:
        return None
    digest = hashlib.sha256(f"{section}.{key}\x1f{seed}".encode()).digest()
    template = variants[(int.from_bytes(digest[:4], "big") + attempt) % len(variants)]
    return Sentence(fill(template, slots, voice), template)


def slot(name: str, language: str) -> Any:
    """A building block of slots («stillingen som {x}», month names …)."""
    return templates(language)["slots"][name]


def gap_label(name: str, language: str) -> tuple[str, str]:
    """(label, question) of a gap."""
    label, question = templates(language)["gaps"][name]
    return label, question
