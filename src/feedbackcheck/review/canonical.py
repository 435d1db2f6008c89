"""What a message looks like once names and long numbers are made the same, and the way back to its own offsets.

Two letters from one template differ in the merged name, the case number, a tracking link. Both become one *canonical*
form, which is analysed once. Names are taken from headers and columns (and from the greeting line, where the word is a
given name), never guessed in running text; they are replaced in the text and in the context alike, so that a greeting
with the wrong name stays wrong. Numbers shorter than five digits stay: «37 søkere» may be checked against the context.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from feedbackcheck.message import Context, Message
from feedbackcheck.review.reading import Body, Reading

__all__ = ["Canonical", "canonical", "canonical_message", "own_spans", "text_key"]

#: Stand-ins for the candidate and the sender. The second set serves where a word of the first stands in the letter as
#: somebody's own name, so that a wrong name can never become the right one.
_STANDINS = (("Kari", "Nordmann", "Ingrid", "Solheim"), ("Ola", "Fossum", "Sigrid", "Haugland"))
_POSITION = "fagarbeider"
_DAY = date(2025, 3, 14)
_LONG_NUMBER = re.compile(r"\d(?:[\d ]{3,}\d)")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}")
_GREETED = re.compile(
    r"(?:^|>|\n)\s*(?:hei|heisann|hallo|kjære|god dag|hi|hello)\s+(?P<names>[A-ZÆØÅÁČĐŠŽÄÖÜÉ][\w'’-]+(?: [A-ZÆØÅÁČĐŠŽÄÖÜÉ][\w'’-]+){0,3})\s*(?:[,!.<\n]|&#33;|$)",
    re.IGNORECASE,
)
#: A date in the text may be compared with the day of the interview, so the context's dates stay in the form then.
_DATE_IN_TEXT = re.compile(
    r"\b[0-3]?\d\.\s?(?:[01]?\d\.|jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canonical:
    """The canonical form of one message.

    Attributes:
        key: equal for messages that are analysed alike.
        body: canonical body; None where the message is taken as it stands.
        context: canonical context.
        swaps: (canonical start, canonical end, own start, own end) of every replaced run, in order.
        back: (stand-in, real words) of what was replaced in the context.
    """

    key: bytes
    body: str | None
    context: Context
    swaps: tuple[tuple[int, int, int, int], ...] = ()
    back: tuple[tuple[str, str], ...] = ()

    def words(self, note: str) -> str:
        """A note with the stand-ins of the context put back into what the context really says."""
        for standin, real in self.back:
            note = note.replace(standin, real)
        return note

    def own(self, offset: int, *, end: bool = False) -> int:
        """The offset in the message's own body of an offset in the canonical one."""
        if not self.swaps:
            return offset
        i = bisect_right(self.swaps, offset, key=lambda s: s[0]) - 1
        if i < 0:
            return offset
        a, b, c, d = self.swaps[i]
        if offset >= b:
            return d + offset - b
        return c if offset == a and not end else d


def canonical(reading: Reading) -> Canonical:
    """The canonical form of what was read."""
    if reading.message is not None or reading.body is None:
        message = reading.message
        assert message is not None
        seed: list[Any] = [
            message.text,
            message.mode,
            message.stage,
            message.language,
            reading.context.to_mapping(),
        ]
        return Canonical(key=_digest(seed), body=None, context=reading.context)
    body = reading.body
    people = _people(reading, body)
    numbers = _same_numbers(body.text)
    position = _position(reading.context.position, numbers)
    for standins in _STANDINS:
        names = _names(people, standins)
        if position is not None:
            names = sorted([*names, *position], key=lambda p: -len(p[0]))
        found = _swaps(numbers, names)
        text, swaps = _replaced(numbers, found)
        if not found or not _left_over(numbers, found, standins):
            break
    else:
        names, text, swaps, position = [], numbers, (), None
    subject = _same_numbers(body.subject)
    subject, _ = _replaced(subject, _swaps(subject, names))
    context = _canonical_context(
        reading.context, people if names else ([], []), standins, text, same_position=position is not None
    )
    seed = [text, body.form, body.flowed, body.delsp, body.mail, subject, context.to_mapping()]
    changed = [
        (getattr(context, k), getattr(reading.context, k)) for k in ("candidate_name", "sender", "position")
    ]
    return Canonical(
        key=_digest(seed),
        body=text,
        context=context,
        swaps=swaps,
        back=tuple((a, b) for a, b in changed if a != b),
    )


def _left_over(text: str, swaps: Sequence[tuple[int, int, str]], standins: Sequence[str]) -> bool:
    """True if a stand-in already stands in the text for somebody else."""
    if not any(s in text for s in standins):
        return False
    done = 0
    kept = []
    for start, end, _ in swaps:
        kept.append(text[done:start])
        done = end
    rest = "\x00".join([*kept, text[done:]])
    return any(s in rest for s in standins)


def canonical_message(form: Canonical, reading: Reading) -> Message:
    """The message to analyse: history and footers out, context in."""
    from feedbackcheck.review.extract import message_of

    assert reading.body is not None and form.body is not None
    message = message_of(replace(reading.body, text=form.body), form.context)
    # Dates in quoted history kept the context's dates in the form; here it is gone. So are blank lines that it left.
    return replace(message, text=message.text.rstrip(), context=_without_dates(message.context, message.text))


def text_key(message: Message) -> bytes:
    """Equal for messages whose words are judged alike, wherever they stood in their bodies."""
    subject = message.subject
    return _digest(
        [
            message.text,
            [(f.span.start, f.span.end, f.role) for f in message.fields],
            message.mode,
            message.stage,
            message.language,
            (subject.start, subject.end) if subject else None,
            message.context.to_mapping(),
        ]
    )


def _digest(seed: Any) -> bytes:
    # The seed holds plain values only, whose repr tells them apart; it is made faster than JSON.
    return hashlib.blake2b(repr(seed).encode(errors="surrogatepass"), digest_size=16).digest()


def _parts(name: str | None) -> list[str]:
    """Given names and surname of «Nordmann, Kari», «Kari Marie Nordmann», «Kari Nordmann (HR)», «Kari Nordmann, leder»."""
    if not name:
        return []
    words = re.sub(r"\([^)]*\)", " ", name)
    head, comma, rest = words.partition(",")
    turned = comma and len(head.split()) == 1 and rest.strip()[:1].isupper()
    words = f"{rest} {head}" if turned else head
    return [w for w in words.split() if w[:1].isupper() and len(w) > 1 and "@" not in w]


@cache
def _given_names() -> frozenset[str]:
    from feedbackcheck.signs.patterns import given_names

    return frozenset(n.casefold() for n in given_names())


def _people(reading: Reading, body: Body) -> tuple[list[str], list[str]]:
    """Name words of the candidate and the sender."""
    candidate, sender = _parts(reading.context.candidate_name), _parts(reading.context.sender)
    if not candidate:
        greeted = _GREETED.search(body.text[:4000])
        if greeted is not None:
            words = greeted["names"].split()
            if words[0].casefold() in _given_names():
                candidate = words
    return candidate, sender


def _position(position: str | None, text: str) -> list[tuple[str, str]] | None:
    """The position's forms and their stand-ins; None where the letter names it in other forms too, or the stand-in."""
    if not position or len(position) < 4:
        return None
    low = text.casefold()
    if _POSITION in low:
        return None
    words = position.casefold()
    root = words.split()[0][:6]
    if low.count(root) != low.count(words):
        return None
    forms = {position: _POSITION, words: _POSITION, words[0].upper() + words[1:]: _POSITION.capitalize()}
    # «prosjektlederstillingen» is no form that can be swapped.
    swaps = _swaps(text, [(f, "") for f in forms])
    return list(forms.items()) if len(swaps) == low.count(words) else None


def _names(people: tuple[list[str], list[str]], standins: Sequence[str]) -> list[tuple[str, str]]:
    """(words, stand-in) of every form in which the people may be named, the longest first."""
    pairs: dict[str, str] = {}
    for words, first, last in zip(people, standins[::2], standins[1::2], strict=True):
        if not words:
            continue
        if len(words) > 1:
            pairs.setdefault(" ".join(words), f"{first} {last}")
            pairs.setdefault(" ".join(words[:-1]), first)
            pairs.setdefault(f"{words[0]} {words[-1]}", f"{first} {last}")
            pairs.setdefault(words[-1], last)
        pairs.setdefault(words[0], first)
    return sorted(pairs.items(), key=lambda p: -len(p[0]))


def _swaps(text: str, names: Sequence[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Runs to replace, in order, not overlapping. A name may carry a genitive s."""
    found: list[tuple[int, int, str]] = []
    for words, new in names:
        at = text.find(words)
        while at >= 0:
            end = at + len(words)
            after = end + 1 if text[end : end + 1] == "s" else end
            if not text[at - 1 : at].isalnum() and not text[after : after + 1].isalnum():
                found.append((at, end, new))
            at = text.find(words, end)
    found.sort(key=lambda f: (f[0], -f[1]))
    out: list[tuple[int, int, str]] = []
    for swap in found:
        if not out or swap[0] >= out[-1][1]:
            out.append(swap)
    return out


def _same_numbers(text: str) -> str:
    """Long numbers and long tokens made the same; no offset moves."""
    text = _LONG_NUMBER.sub(_same_digits, text)
    return _TOKEN.sub(_same_token, text)


def _same_token(match: re.Match[str]) -> str:
    words = match.group()
    return "0" * len(words) if any(c.isdigit() for c in words) else words


def _replaced(
    text: str, swaps: Sequence[tuple[int, int, str]]
) -> tuple[str, tuple[tuple[int, int, int, int], ...]]:
    out: list[str] = []
    runs: list[tuple[int, int, int, int]] = []
    done = length = 0
    for start, end, new in swaps:
        out += (text[done:start], new)
        length += start - done
        runs.append((length, length + len(new), start, end))
        length += len(new)
        done = end
    out.append(text[done:])
    return "".join(out), tuple(runs)


def _same_digits(match: re.Match[str]) -> str:
    words = match.group()
    if sum(c.isdigit() for c in words) < 5:
        return words
    return "".join("4" if c.isdigit() else c for c in words)


def _canonical_context(
    context: Context,
    people: tuple[list[str], list[str]],
    standins: Sequence[str],
    text: str,
    *,
    same_position: bool,
) -> Context:
    changes: dict[str, Any] = {"extra": {}, **_same_dates(context, text)}
    if same_position:
        changes["position"] = _POSITION
    for key, words, first, last in zip(
        ("candidate_name", "sender"), people, standins[::2], standins[1::2], strict=True
    ):
        if getattr(context, key) and words:
            changes[key] = f"{first} {last}" if len(words) > 1 else first
    return replace(context, **changes)


def _without_dates(context: Context, text: str) -> Context:
    changes = _same_dates(context, text)
    return replace(context, **changes) if changes else context


def _same_dates(context: Context, text: str) -> dict[str, Any]:
    """The context's dates made the same where no date in the text can be compared with them.

    Whether they are known may matter still; delays are worked out for each message apart.
    """
    known = [
        k for k in ("deadline", "interviewed_on", "decided_on", "sent_on") if getattr(context, k) is not None
    ]
    if not known:
        return {}
    day = _DAY
    if _DATE_IN_TEXT.search(text):
        if context.interviewed_on is not None:
            return {}
        # Without a day of an interview, only the year is used: to tell a day's weekday (see ``signs.facts``).
        anchor = context.sent_on or context.decided_on or context.deadline
        assert anchor is not None
        day = _DAY.replace(year=anchor.year)
    return dict.fromkeys(known, day)


def own_spans(form: Canonical, findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings or ingredients of the canonical body as those of the message's own."""
    out = []
    for f in findings:
        item = dict(f)
        if item.get("start") is not None:
            item["start"], item["end"] = form.own(item["start"]), form.own(item["end"], end=True)
        out.append(item)
    return out
