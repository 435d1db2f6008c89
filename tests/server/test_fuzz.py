"""The API asked whatever its own schema allows, and what it does not: it answers as promised and never breaks."""

from __future__ import annotations

from typing import Any

import pytest
from server_support import Served

pytest.importorskip("schemathesis", reason="needs schemathesis (the dev extra)")

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

#: Of each operation and kind. Analyses are the costly ones; in all fewer than 200 requests.
EXAMPLES = 16
OPERATIONS = [
    ("post", "/v1/check"),
    ("post", "/v1/suggest"),
    ("post", "/v1/upload"),
    ("get", "/v1/rules"),
    ("get", "/v1/rules/{code}"),
    ("get", "/health"),
]
#: The reading operations take nothing that could be wrong.
CASES = [(*o, GenerationMode.POSITIVE) for o in OPERATIONS] + [
    (*o, GenerationMode.NEGATIVE) for o in OPERATIONS if o[0] == "post"
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def api(server: Served) -> Any:
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


def test_every_operation_is_asked(api: Any) -> None:
    found = {(o.ok().method.lower(), o.ok().path) for o in api.get_all_operations()}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path", "mode"), CASES, ids=[f"{c[1]}-{c[2].value}" for c in CASES])
def test_it_keeps_to_its_schema(api: Any, method: str, path: str, mode: GenerationMode) -> None:
    operation = api[path][method.upper()]

    @seed(8642)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(timeout=60, checks=CHECKS)

    ask()
