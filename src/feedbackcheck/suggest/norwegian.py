"""Small facts of Norwegian that wording needs: stems, joining, capitals, dates, articles. Pure functions, no data files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from feedbackcheck.lazy import lazy_re

__all__ = [
    "NUMBER_WORDS",
    "capitalise",
    "decapitalise",
    "join_and",
    "same_word",
    "sentence_case",
    "spoken_date",
    "stem",
    "stems",
    "strip_stop",
    "words",
]

_WORD = lazy_re(r"[^\W_]+(?:[-'’/&+.][^\W_]+)*[#+]*")

#: Number words of both målformer; as figures, they are facts.
NUMBER_WORDS = frozenset(
    [
        "to",
        "tre",
        "fire",
        "fem",
        "seks",
        "sju",
        "syv",
        "åtte",
        "ni",
        "ti",
        "elleve",
        "tolv",
        "tretten",
        "fjorten",
        "femten",
        "seksten",
        "sytten",
        "atten",
        "nitten",
        "tjue",
        "tredve",
        "tretti",
        "førti",
        "femti",
        "seksti",
        "sytti",
        "åtti",
        "nitti",
        "hundre",
        "tusen",
        "halvannet",
        "halvanna",
        "halvtanna",
        "dusin",
        "million",
        "millionar",
        "millioner",
    ]
)

# Longest first; what is left must be at least three letters. One stem for both målformer where endings differ.
_SUFFIXES = (
    "hetene", "heitene", "hetens", "ingene", "ingane", "inganes", "erende", "erande", "elsene", "elsane", "heter", "heten",
    "heita", "elsen", "elser", "elsar", "ingen", "inger", "ingar", "ande", "ende", "ene", "ane", "ere", "are", "est", "ast",
    "inga", "ens", "ers", "ets", "het", "heit", "else", "ing", "er", "ar", "en", "et", "te", "de", "a", "e", "s", "t",
)  # fmt: skip


def words(text: str) -> list[str]:
    """Words of ``text`` in lower case; compounds with hyphen, slash or dot («ci/cd», «az-104») stay whole."""
    return [w.rstrip(".'’").lower() for w in _WORD.findall(text)]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A crude stem: enough to match «prioriterte» with «prioritering» across målformer.

    >>> stem("prioritering") == stem("prioriterte"), stem("leiarerfaring"), stem("azure")
    (True, 'leiarerfar', 'azur')
    """
    word = word.lower()
    if any(c.isdigit() for c in word) or len(word) < 4:
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return _undouble(word[: -len(suffix)])
    return _undouble(word)


# Endings that the forms of one word have, by word class and the vowel that its stem ends in.
_PARADIGMS = (
    # nouns: kurs, kurset, kursene; kunde, kunden, kunder, kundar; bygning, bygningen, bygninga
    frozenset(("", "e", "en", "et", "a", "er", "ar", "ene", "ane", "s", "ens", "ets", "enes", "anes", "ers", "ars", "as")),
    frozenset(("", "n", "t", "r", "ne", "s", "ns", "nes", "rs")),
    frozenset(("er", "ar", "eren", "aren", "ere", "arar", "erne", "arane", "erens", "eres", "")),
    # verbs with their nouns: prioritere, prioriterte, prioritering, prioriterande
    frozenset(("e", "er", "ar", "et", "a", "te", "de", "t", "d", "ing", "inga", "ingen", "inger", "ingar", "ingene", "ingane", "ings")),
    frozenset(("e", "er", "ar", "ende", "ande", "")),
    frozenset(("e", "er", "te", "ning", "ninga", "ningen")),
    frozenset(("", "ing", "inga", "ingen", "inger", "ingar", "ings")),
    # adjectives, and what is made of them: fleksibel, fleksible, fleksibelt; nøyaktig, nøyaktighet
    frozenset(("", "e", "t", "ere", "are", "est", "ast", "het", "heten", "heit", "heita")),
    # actions and who does them: lede, ledelse; prosjektleder, prosjektledelse; sveiser, sveising; arkiv, arkivere
    frozenset(("e", "et", "t", "a", "else", "elsen", "elser", "elsene", "elsar", "elsane")),
    frozenset(("er", "eren", "ere", "erne", "else", "elsen", "elsene")),
    frozenset(("er", "ar", "eren", "aren", "ere", "arar", "erne", "arane", "ing", "inga", "ingen")),
    frozenset(("", "ere", "erer", "erte", "ert", "ering", "eringa", "eringen")),
)  # fmt: skip


def same_word(one: str, other: str) -> bool:
    """True for two forms of one word, judged by endings that go together in a paradigm; short words need a noun's endings.

    >>> same_word("budsjettene", "budsjett"), same_word("prioriterte", "prioritering"), same_word("staten", "statistikk")
    (True, True, False)
    >>> same_word("kranen", "kran"), same_word("som", "some")
    (True, False)
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 5:
        # What is left of a short word when an ending is cut off is too little to know it by.
        return len(short) > 2 and long.startswith(short) and long[len(short) :] in _PARADIGMS[0] - {"e"}
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(short))
    # The paradigm may begin before the first letter that differs: «kunder» and «kundar» share «kund».
    for cut in range(shared, max(2, shared - 5), -1):
        rests = {one[cut:], other[cut:]}
        # «planner» and «plan»: a consonant doubled before the ending.
        doubled = {r[1:] if r[:1] == one[cut - 1] and r[:1] not in "aeiouyæøå" and r else r for r in rests}
        if any(rests <= p or doubled <= p for p in _PARADIGMS):
            return True
    return False


def _undouble(word: str) -> str:
    # «prioriter» and «prioritere»: one form. «plann» (from «planner») and «plan» too.
    if word.endswith("er") and len(word) > 6:
        word = word[:-2]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouyæøå":
        word = word[:-1]
    return word


def stems(text: str) -> list[str]:
    """Stems of the words of ``text``, in order."""
    return [stem(w) for w in words(text)]


def capitalise(text: str) -> str:
    """First letter in upper case, past opening quotation marks."""
    for i, c in enumerate(text):
        if c.isalpha():
            return text[:i] + c.upper() + text[i + 1 :]
        if c not in "«\"'“(– ":
            break
    return text


def decapitalise(text: str) -> str:
    """First letter in lower case, unless the first word is a name, an acronym or holds other capitals."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    core = first.strip("«»\"'.,:;()")
    if (
        len(core) < 2
        or not core[0].isupper()
        or any(c.isupper() for c in core[1:])
        or any(c.isdigit() for c in core)
    ):
        return text
    return text.replace(core[0], core[0].lower(), 1)


def sentence_case(title: str) -> str:
    """A job title as it stands inside a sentence: «Prosjektleder bygg» → «prosjektleder bygg», «Head of Product» unchanged."""
    rest = title.split()[1:]
    if any(w[:1].isupper() for w in rest):
        return title
    return decapitalise(title)


def join_and(items: Sequence[str], conjunction: str = "og") -> str:
    """«a, b og c»."""
    items = [i for i in items if i]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def spoken_date(day: date, months: Sequence[str]) -> str:
    """«11. september», as one writes it in a letter of the same season."""
    return f"{day.day}. {months[day.month - 1]}"


def strip_stop(text: str) -> str:
    """Without white space and full stop at the end."""
    return text.strip().rstrip(".;,").strip()
