"""Two versions of one letter, plain text and HTML, and whether they say the same."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from feedbackcheck.errors import SourceError
from feedbackcheck.lazy import lazy_re
from feedbackcheck.sources.finish import Draft, clean
from feedbackcheck.sources.history import without_history
from feedbackcheck.sources.html import read_html, without_raw
from feedbackcheck.sources.mapped import Mapped

__all__ = ["between_tags", "differ", "may_differ"]

_TAG = lazy_re(r"<[^<>]*>")
# What plain text writes out where HTML has a link or a picture.
_LINK = lazy_re(
    r"\[(?:cid|image|bilde|bilete|https?)\b[^\[\]\n]{0,500}\]|(?:https?://|www\.|mailto:|tel:|cid:)[^\s<>\"]+|[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+)+",
    re.IGNORECASE,
)
_WORD = lazy_re(r"[^\W_]{2,}")
#: One of these more or less, and the letter says something else.
_TELLING = frozenset({"ikke", "ikkje", "dessverre", "diverre", "not", "avslag"})
#: So many words may differ, by number and by share: a picture's name, a heading above the letter.
_FEW, _SHARE = 3, 0.03


def between_tags(html: str) -> str:
    """What stands between the tags: hardly more than what is shown, and far cheaper to find."""
    words = _TAG.sub(" ", without_raw(html))
    return unescape(words) if "&" in words else words


def may_differ(plain: str, between: str) -> bool:
    """A quick look that takes some equal versions for different ones, and hardly ever the other way round."""
    return _say_different(_bag(plain), _bag(between))


def differ(plain: str, html: str) -> bool:
    """True if the recipient of one reads something else than the recipient of the other.

    Quoted history, footers, links and white space do not count; nor does HTML that cannot be read.
    """
    try:
        shown = read_html(html)
    except SourceError:
        return False
    typed = Draft(Mapped.whole(plain), plain, "text", quote_marks=True)
    return _say_different(_bag(_own(typed)), _bag(_own(shown)))


def _own(draft: Draft) -> str:
    text = clean(draft.text)
    quoted = draft.quoted if text is draft.text else []
    return without_history(text, quoted=quoted, quote_marks=draft.quote_marks)[0].text


def _bag(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_LINK.sub(" ", text).casefold()))


def _say_different(first: Counter[str], second: Counter[str]) -> bool:
    if first == second:
        return False
    more, fewer = first - second, second - first
    if _TELLING & (more.keys() | fewer.keys()):
        return True
    most = max(more.total(), fewer.total())
    return most > _FEW and most > _SHARE * max(first.total(), second.total())
