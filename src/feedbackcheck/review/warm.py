"""What every worker process needs, loaded once in the process that they are forked from.

Imported by multiprocessing's fork server, never by a worker or the main process: the models then lie in memory once,
however many workers there are, and a worker that must be started anew is ready at once. No thread is started here, so that
forking is safe: the numeric libraries run single-threaded.
"""

from __future__ import annotations

import gc

from feedbackcheck.analysis import Resources
from feedbackcheck.review.items import Item, ItemKind
from feedbackcheck.review.worker import Analyser, WorkOptions

#: For workers whose settings are the default ones; others share the models only.
RESOURCES = Resources()

_MAIL = """From: Kari Nordmann <kari@example.org>
To: Ola Hansen <ola@example.org>
Subject: Svar på søknad
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hei Ola,

Takk for søknaden din. Vi går dessverre videre med andre kandidater denne gangen.

Vennlig hilsen
Kari Nordmann
"""


def _load() -> None:
    """Load models and patterns, and keep the garbage collector from touching (and so copying) their memory."""
    Analyser(WorkOptions(), RESOURCES).process([Item(position="1", kind=ItemKind.MAIL, data=_MAIL.encode())])
    _ = RESOURCES.pipeline
    gc.collect()
    gc.freeze()


_load()
