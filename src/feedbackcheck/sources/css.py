"""The little of style sheets that decides whether a recipient sees the words of an element."""

from __future__ import annotations

import re

__all__ = ["hides", "size_of_letters"]

_LENGTH = r"(?P<number>(?:\d++(?:\.\d++)?+|\.\d++)(?:e[+-]?\d{1,3})?+)(?P<unit>(?:[a-z]++|%)?+)"
_ALONE = re.compile(rf"[+-]?{_LENGTH}\Z")
# «font: italic 0/0 Arial»: the first measure is the size, unless it is a weight («700») without a unit.
_IN_FONT = re.compile(rf"(?<![^\s]){_LENGTH}(?=[\s/]|\Z)")
_WORDS = frozenset({"xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large"})
#: Sizes in these hang on what is around them, and nothing of nothing is nothing.
_RELATIVE = frozenset({"em", "%", "ex", "ch"})


def _declared(style: str) -> dict[str, str]:
    """Property and value; the last counts, but what is important counts more."""
    given: dict[str, str] = {}
    important: dict[str, str] = {}
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if not colon:
            continue
        value, _, mark = value.partition("!")
        (important if mark.strip() == "important" else given)[name.strip()] = value.strip()
    return {**given, **important}


def _is_zero(value: str | None) -> bool:
    match = _ALONE.match(value) if value else None
    return match is not None and float(match["number"]) == 0


def hides(style: str) -> bool:
    """True if a ``style`` attribute says that nothing of the element is shown.

    >>> hides("display: none"), hides("max-height:0px"), hides("max-height:0.5em")
    (True, True, False)
    """
    said = _declared(style)
    if (
        said.get("display") == "none"
        or said.get("visibility") in ("hidden", "collapse")
        or said.get("mso-hide") == "all"
    ):
        return True
    if _is_zero(said.get("max-height")) or _is_zero(said.get("opacity")):
        return True
    # What does not fit is shown all the same, unless it is cut off.
    cut = said.get("overflow", "").startswith(("hidden", "clip"))
    return cut and any(_is_zero(said.get(side)) for side in ("height", "width", "max-width"))


def size_of_letters(style: str) -> str:
    """ "none" if letters have no size, "some" if they have one whatever is around them, "" if nothing is said.

    >>> size_of_letters("font-size:0"), size_of_letters("font-size:0.9rem"), size_of_letters("font-size:2em")
    ('none', 'some', '')
    """
    if "font" not in style.lower():
        return ""
    said = _declared(style)
    value = said.get("font-size")
    if value is None:
        match = next(
            (m for m in _IN_FONT.finditer(said.get("font", "")) if m["unit"] or float(m["number"]) == 0), None
        )
    else:
        if value in _WORDS:
            return "some"
        match = _ALONE.match(value)
    if match is None:
        return ""
    if float(match["number"]) == 0:
        return "none"
    return "" if match["unit"] in _RELATIVE else "some"
