"""One running server for all tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from server_support import Served, serving

for _module in ("fastapi", "uvicorn", "python_multipart", "httpx"):
    pytest.importorskip(_module, reason=f"needs {_module} (the server and dev extras)")


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    """``feedbackcheck serve`` on a free port, with one worker process."""
    with serving("--workers", "1") as served:
        yield served
