"""What kind of mail it is that is no rejection: naive Bayes over word stems, trained on ``corpora/other*.jsonl``.

The weights lie in ``data/other_kinds.json`` (``{"kinds": {kind: title}, "priors": {…}, "stems": {stem: [log odds a
kind]}}``), written by :func:`train`. A mail of which too little is known is of kind :data:`UNKNOWN`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedbackcheck.report import Report

__all__ = ["UNKNOWN", "kind_of", "kind_of_text", "title", "train"]

UNKNOWN = "annet"

_TITLES = {
    "kvittering": "kvittering for søknad",
    "innkalling": "innkalling til intervju eller test",
    "status": "statusmelding",
    "tilbud": "tilbud og oppstart",
    "referanse": "referanser og dokumenter",
    "fra-soker": "fra søker",
    "intern": "intern post",
    "annet-avslag": "avslag til andre enn jobbsøkere",
    "kunde": "kunde- og driftspost",
    "fravaer": "automatisk svar",
    "retur": "mislykket levering",
    "vedlegg-pdf": "brev i PDF-vedlegg (ikke lest)",
    "vedlegg": "brev i annet vedlegg (ikke lest)",
    UNKNOWN: "annen post",
}
#: The corpora's finer kinds → ours.
_CORPUS_KINDS = {
    "kvittering": "application_receipt receipt",
    "innkalling": "interview_invitation test_invitation rescheduling interview_reminder interview",
    "status": "status_update status",
    "tilbud": "onboarding offer job_offer contract_extension admission_offer",
    "referanse": "reference_request reference_or_document_request document_request reference_reply",
    "fra-soker": "candidate_mail",
    "intern": "internal_note internal_about_candidates internal meeting meeting_minutes work_mail",
    "annet-avslag": "refusal_other other_rejection",
    "kunde": "service_mail customer_mail customer_service reply_to_customer newsletter invoice supplier_mail",
    "fravaer": "out_of_office",
}
_STEM = re.compile(r"[^\W\d_]{2,}")


_SHRINK = 1.0


def title(kind: str) -> str:
    """The kind's name for people."""
    if kind.startswith("spraak-"):
        return f"annet språk ({kind.removeprefix('spraak-')})"
    return _TITLES.get(kind, _TITLES[UNKNOWN])


def _stems(text: str) -> set[str]:
    words = [w[:6] for w in _STEM.findall(text.casefold())]
    return {*words, *(f"{a} {b}" for a, b in pairwise(words))}


def train(messages: Iterable[Mapping[str, Any]], *, fewest: int = 3) -> dict[str, Any]:
    """The weights for labelled mails (``kind``, ``text``)."""
    ours = {corpus: kind for kind, names in _CORPUS_KINDS.items() for corpus in names.split()}
    texts = [(ours[m["kind"]], _stems(m["text"])) for m in messages if m.get("kind") in ours]
    kinds = sorted({k for k, _ in texts})
    total = Counter(k for k, _ in texts)
    seen = {k: Counter(s for kind, stems in texts if kind == k for s in stems) for k in kinds}
    common = Counter(s for _, stems in texts for s in stems)
    stems = {}
    for stem, count in sorted(common.items()):
        if count < fewest:
            continue
        # Shrunk towards the stem's share of all mail, so that a kind with few examples is not favoured.
        share = count / len(texts)
        logs = [math.log((seen[k][stem] + _SHRINK * share) / (total[k] + _SHRINK) / share) for k in kinds]
        if max(logs) - min(logs) > 0.8:
            stems[stem] = [round(v, 1) for v in logs]
    priors = [round(math.log(total[k] / len(texts)), 2) for k in kinds]
    return {"kinds": kinds, "priors": priors, "stems": stems}


@cache
def _weights() -> dict[str, Any]:
    data = (resources.files("feedbackcheck") / "data" / "other_kinds.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(data)
    return loaded


def kind_of_text(text: str, weights: Mapping[str, Any] | None = None) -> str:
    """The likeliest kind; :data:`UNKNOWN` if hardly a word is known."""
    data = weights or _weights()
    known = [data["stems"][s] for s in _stems(text[:8000]) if s in data["stems"]]
    if len(known) < 4:
        return UNKNOWN
    sums = [p + sum(row[i] for row in known) for i, p in enumerate(data["priors"])]
    return str(data["kinds"][max(range(len(sums)), key=sums.__getitem__)])


def kind_of(report: Report) -> str:
    """The kind of a message that was not scored."""
    if report.skipped == "language":
        return f"spraak-{report.language}"
    return kind_of_text(report.message.text)
