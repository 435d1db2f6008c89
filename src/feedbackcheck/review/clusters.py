"""Near-duplicate letters: which share a template, though names, positions and a sentence or two differ.

A letter's *sketch* is the smallest hashes of its runs of four words; the share of common hashes estimates how much of
the words is common (Broder 1997, bottom-k sketches). Letters are joined to the first template they resemble.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

__all__ = ["Templates", "sketch"]

_SIZE = 16
_RUN = 4
#: Share of common hashes from which two letters are one template.
_ALIKE = 0.5
_WORD = re.compile(r"\w+")


def sketch(text: str) -> tuple[int, ...]:
    """The 16 smallest hashes of the letter's runs of four words, sorted; fewer for a very short letter."""
    words = _WORD.findall(text.casefold())
    runs = {" ".join(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1))}
    return tuple(sorted({zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs})[:_SIZE])


def likeness(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Estimated share of common runs, 0–1."""
    union = sorted({*a, *b})[: max(1, min(len(a), len(b), _SIZE))]
    both = set(a) & set(b)
    return sum(h in both for h in union) / len(union)


class Templates:
    """Numbers templates as they are met; the store remembers their sketches between runs.

    Letters that nothing was like so far are forgotten, the oldest first, beyond :data:`_SINGLES`: memory stays bounded
    however many letters are all different.
    """

    #: Sketch hashes looked up; two letters half alike share one of these nearly always.
    _PROBES = 8
    _SINGLES = 20_000

    def __init__(self, known: Iterable[tuple[int, tuple[int, ...], int]] = ()) -> None:
        """``known``: (number, sketch, letters) of earlier runs, by number."""
        self._sketches: dict[int, tuple[int, ...]] = {}
        self._by_hash: dict[int, list[int]] = {}
        self._exact: dict[tuple[int, ...], int] = {}
        self._singles: dict[int, None] = {}
        self._last = 0
        #: Templates made since the caller last emptied this.
        self.fresh: list[tuple[int, tuple[int, ...]]] = []
        for number, hashes, letters in known:
            self._add(number, hashes)
            if letters > 1:
                self._singles.pop(number, None)

    def _add(self, number: int, hashes: tuple[int, ...]) -> None:
        self._last = max(self._last, number)
        self._sketches[number] = hashes
        self._exact.setdefault(hashes, number)
        for h in hashes[: self._PROBES]:
            self._by_hash.setdefault(h, []).append(number)
        self._singles[number] = None
        if len(self._singles) > self._SINGLES:
            self._forget(next(iter(self._singles)))

    def _forget(self, number: int) -> None:
        del self._singles[number]
        hashes = self._sketches.pop(number)
        if self._exact.get(hashes) == number:
            del self._exact[hashes]
        for h in hashes[: self._PROBES]:
            rest = [n for n in self._by_hash[h] if n != number]
            if rest:
                self._by_hash[h] = rest
            else:
                del self._by_hash[h]

    def number(self, hashes: tuple[int, ...]) -> int:
        """The template of a letter with this sketch; a new one if none is like it."""
        found = self._exact.get(hashes)
        if found is None:
            found = self._alike(hashes)
        if found is None:
            found = self._last + 1
            self._add(found, hashes)
            self.fresh.append((found, hashes))
            return found
        self._singles.pop(found, None)
        return found

    def _alike(self, hashes: tuple[int, ...]) -> int | None:
        met: dict[int, int] = {}
        for h in hashes[: self._PROBES]:
            for number in self._by_hash.get(h, ())[:50]:
                met[number] = met.get(number, 0) + 1
        for number in sorted(met, key=lambda n: (-met[n], n))[:20]:
            if likeness(hashes, self._sketches[number]) >= _ALIKE:
                return number
        return None
