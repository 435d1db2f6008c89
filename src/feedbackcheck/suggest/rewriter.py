"""Optional: a local generative model proposes wordings. Its text passes the same guard as every other, or is dropped.

``transformers:FOLDER|NAME`` names a causal or sequence-to-sequence model. It is asked to say one built-in sentence in other
words; what it answers must hold nothing new (:class:`~feedbackcheck.suggest.guard.Guard`), keep every fact, number and
negation, stay one or two sentences of about the same length, and be Norwegian in its function words. The built-in sentence
stands wherever the model fails, so a bad model costs time, never truth.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from feedbackcheck.errors import MissingExtraError, ModelError, UsageError
from feedbackcheck.lazy import lazy_re
from feedbackcheck.suggest.guard import Guard
from feedbackcheck.suggest.norwegian import NUMBER_WORDS, stem, words
from feedbackcheck.suggest.notes import person_words

if TYPE_CHECKING:
    from feedbackcheck.suggest.alternatives import Draft
    from feedbackcheck.suggest.compose import Piece
    from feedbackcheck.suggest.revise import Rewrite

__all__ = ["TransformersRewriter", "acceptable", "rewriter_for"]

_NEGATIONS = frozenset(
    (
        "ikke",
        "ikkje",
        "aldri",
        "ingen",
        "inga",
        "uten",
        "utan",
        "verken",
        "mangler",
        "manglar",
        "dessverre",
        "diverre",
    )
)
_DIGITS = lazy_re(r"\d+(?:[.,:]\d+)*")


def rewriter_for(spec: str) -> Rewrite | None:
    """The rewriter that ``--rewriter`` names; None for "builtin".

    Raises:
        UsageError: the specification has another form.
        MissingExtraError: transformers is not installed.
        ModelError: the model cannot be loaded.
    """
    if spec in ("", "builtin"):
        return None
    kind, _, name = spec.partition(":")
    if kind != "transformers" or not name:
        raise UsageError(
            f"Ukjent verdi for --rewriter: «{spec}»", fix="Bruk builtin eller transformers:MAPPE|NAVN."
        )
    return TransformersRewriter(name)


def acceptable(text: str, piece: Piece, draft: Draft) -> bool:
    """True if a proposed wording may stand in place of the piece.

    Beyond the guard: the same numbers, names and negations, at least four fifths of the piece's content words, no line
    break, one to three whole sentences, half to one and a half times the length.
    """
    text = text.strip()
    if not text or "\n" in text or not text.endswith((".", "!", "?")) or not text[0].isupper():
        return False
    if (
        not 0.5 * len(piece.text) <= len(text) <= 1.5 * len(piece.text)
        or len(re.findall(r"[.!?](?:\s|$)", text)) > 3
    ):
        return False
    old, new = words(piece.text), words(text)
    if sorted(_DIGITS.findall(piece.text)) != sorted(_DIGITS.findall(text)):
        return False
    for group in (_NEGATIONS, NUMBER_WORDS):
        if sorted(w for w in old if w in group) != sorted(w for w in new if w in group):
            return False
    # What the person is like is never said, whatever word the sentence was built of.
    if (set(new) - set(old)) & person_words():
        return False
    content = {stem(w) for w in old if len(w) > 3}
    kept = content & {stem(w) for w in new}
    if len(kept) < 0.8 * len(content):
        return False
    return Guard(draft.text, draft.facts.context, (*piece.words_from, piece.text)).passes(text)


class TransformersRewriter:
    """Asks a transformers model. The model is loaded on the first sentence."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._loaded: tuple[Any, Any, bool] | None = None
        try:
            import transformers  # noqa: F401
        except ImportError:
            raise MissingExtraError("Omskriving med en språkmodell", "train") from None

    def _load(self) -> tuple[Any, Any, bool]:
        if self._loaded is None:
            from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

            try:
                config = AutoConfig.from_pretrained(self.name)
                both = bool(getattr(config, "is_encoder_decoder", False))
                tokenizer = AutoTokenizer.from_pretrained(self.name)
                model = (AutoModelForSeq2SeqLM if both else AutoModelForCausalLM).from_pretrained(self.name)
            except (OSError, ValueError, KeyError, ImportError) as error:
                raise ModelError(
                    "språkmodellen kan ikke lastes", where=self.name,
                    fix="Oppgi en mappe eller et navn som transformers kjenner.",
                ) from error  # fmt: skip
            model.eval()
            self._loaded = (tokenizer, model, both)
        return self._loaded

    def propose(self, text: str, language: str) -> str:
        """The model's words for ``text``, unjudged."""
        import torch

        tokenizer, model, both = self._load()
        name = "nynorsk" if language == "nn" else "bokmål"
        prompt = f"Si det samme med andre ord på {name}, høflig og kort, uten å legge til noe.\n\n{text}\n\n"
        ids = tokenizer(prompt, return_tensors="pt", truncation=True, max_length=512)
        room = min(120, 2 * int(ids["input_ids"].shape[1]))
        with torch.no_grad():
            out = model.generate(
                input_ids=ids["input_ids"], attention_mask=ids.get("attention_mask"), max_new_tokens=room, do_sample=False,
                pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
            )  # fmt: skip
        answer = out[0] if both else out[0][ids["input_ids"].shape[1] :]
        return str(tokenizer.decode(answer, skip_special_tokens=True)).strip()

    def __call__(self, piece: Piece, draft: Draft) -> str | None:
        """Another wording of the piece, or None when the model gave nothing that may stand."""
        answer = self.propose(piece.text, draft.voice.language).split("\n")[0].strip()
        return answer if acceptable(answer, piece, draft) else None
