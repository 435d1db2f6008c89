"""One checker for all the tests of suggestions: its models load once."""

from __future__ import annotations

import pytest

from feedbackcheck import Checker


@pytest.fixture(scope="session")
def checker() -> Checker:
    """A checker without suggestions; the tests ask for them."""
    return Checker(suggestions=False)
