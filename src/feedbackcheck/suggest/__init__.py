"""Personalised alternatives: wordings for each finding, and a whole revised draft, from the draft and its context alone.

Order of reading: ``gaps`` and ``norwegian`` (text), ``voice`` (how the draft speaks), ``notes`` and ``advert`` (what the
context says), ``advice`` (what one can do next), ``wording`` (sentences), ``facts`` (all of it as slots), ``alternatives``
(per finding), ``plan`` and ``revise`` (the letter), ``script`` (the call), ``guard`` (nothing invented), ``rewriter``.
"""
