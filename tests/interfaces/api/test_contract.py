"""The API keeps to its own description, whatever is sent: schemathesis makes the requests, nothing may break."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gezhi.interfaces.cli.api import description
from tests.interfaces.api.conftest import Program
from tests.town import Town

pytestmark = pytest.mark.django_db
COPY = Path(__file__).parents[3] / "docs" / "generated" / "openapi.json"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_the_description_is_the_one_in_the_docs() -> None:
    assert COPY.read_text("utf-8") == description(), "run: gezhi api describe --write docs/generated/openapi.json"
    assert json.loads(description())["openapi"].startswith("3.1")


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Requests end without closing the connection whose transaction the test stands in, as with Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def fuzz(examples: int, headers: dict[str, str]) -> None:
    """Send so many requests to each operation."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=examples < 100,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case: Case) -> None:
            response = case.call(headers=headers)
            case.validate_response(response, checks=CHECKS)

        send()


def test_nothing_anybody_sends_breaks_it(today: Town) -> None:
    today.report()
    fuzz(12, {})


def test_nothing_a_known_program_sends_breaks_it(today: Town) -> None:
    today.report()
    fuzz(12, {"Authorization": f"Bearer {Program(today, 'acceptor').secret}"})


@pytest.mark.slow
@pytest.mark.parametrize("username", ["", "acceptor", "water.handler", "system"])
def test_nothing_breaks_it_for_long(today: Town, username: str) -> None:
    today.report()
    fuzz(120, {"Authorization": f"Bearer {Program(today, username).secret}"} if username else {})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
INPUTS = [
    "words", "reason", "place", "photos", "verdict", "class", "condition", "units", "after", "grade",
]  # fmt: skip
STAGES = ["reported", "accepted", "verifying", "verified", "filed", "handling", "finished", "checking", "checked"]


@pytest.mark.parametrize("stage", STAGES)
def test_moves_with_any_inputs_at_all_are_taken_or_refused(today: Town, stage: str) -> None:
    number = today.view(today.until(stage).case).row.number
    programs = [
        Program(today, who) for who in ("acceptor", "dispatcher", "water.handler", "water.leader", "grid.east1")
    ]
    offers = [
        (program, move["move"], move["assignment"])
        for program in programs
        for move in (program.get(f"cases/{number}").json().get("moves") or [])
    ]
    assert offers

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(offers), st.dictionaries(st.sampled_from(INPUTS), ANYTHING, max_size=4))
    def send(offer: Any, inputs: dict[str, Any]) -> None:
        program, move, assignment = offer
        body = json.dumps({"move": move, "assignment": assignment, "inputs": inputs})
        response = program.post(f"cases/{number}/moves", body)
        assert response.status_code in {200, 400, 403, 404, 409, 422}, response.content

    send()
