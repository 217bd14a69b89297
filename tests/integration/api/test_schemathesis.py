"""Every operation of the served document, called as it says and as it forbids: no 5xx, no undeclared answer.

Requests come from schemathesis: each boundary of each schema, then made-up ones, the same in every run. Ids
are those of things that are there, so that successes are looked at too. `--full` makes up more.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET
from schemathesis.core.control import SkipTest
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks as of_openapi

from app.services.api.app import create_app
from app.services.api.openapi.document import operations_of
from tests.support.api.full_deployment import HEADERS, FullDeployment, open_full_deployment
from tests.support.api.schema_samples import adapted, first_sample_of, sample_of

if TYPE_CHECKING:
    from tests.support.embedded_redis import EmbeddedRedis

# Their types are generic over what no reader of them can name.
Case = Any
_known: Any = of_openapi
CHECKS: list[Any] = [
    _known.status_code_conformance,
    _known.content_type_conformance,
    _known.response_schema_conformance,
    _known.response_headers_conformance,
]
OF_WRONG: list[Any] = [*CHECKS, _known.negative_data_rejection]
# It never ends by itself; tests/integration/api/test_event_stream.py is about it.
LEFT_OUT = frozenset({"stream_events"})
# Their 503 is a result: this deployment has no scheduler, and jobs of other examples may be due.
PROBES = frozenset({"healthz", "readyz"})
# Only the dashboard may call them: they refuse the rest. `people/test_oidc_sign_in.py` has their successes.
FOR_THE_DASHBOARD = frozenset({"start_oidc_sign_in", "sign_in_by_oidc"})
OPERATIONS = [
    (path, method)
    for path, method, operation in operations_of(create_app().openapi())
    if operation["operationId"] not in LEFT_OUT
]
UNKNOWN_IDS = {"version": "4711", "run_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}
BOUNDARIES, MADE_UP = 120, 8
FULL_MADE_UP = 150


@dataclass
class Calls:
    """The deployment, the document that it serves, and what it answered."""

    deployment: FullDeployment
    schema: Any
    session: requests.Session
    answers: dict[str, Counter[int]] = field(default_factory=dict[str, "Counter[int]"])

    def make(self, case: Case) -> None:
        """Send a request and hold the answer against the document."""
        definition: dict[str, Any] = case.operation.definition.raw
        answer = case.call(base_url=self.deployment.url, session=self.session, headers=HEADERS, timeout=40)
        self.answers.setdefault(definition["operationId"], Counter())[answer.status_code] += 1
        assert answer.status_code in _successes(definition["operationId"]) or answer.status_code < 500, (
            answer.text
        )
        case.validate_response(answer, checks=OF_WRONG if _is_wrong(case) else CHECKS, headers=HEADERS)
        documented = definition["x-problem-codes"].get(str(answer.status_code))
        if documented is not None:
            assert answer.json()["code"] in documented, answer.text

    def summary(self) -> str:
        """Return what was done in one line."""
        total = sum(count.total() for count in self.answers.values())
        fine = sum(bool(count.keys() & _successes(name)) for name, count in self.answers.items())
        return f"{total} requests; {fine} of {len(self.answers)} operations had a success"


@pytest.fixture(scope="module")
def calls(
    redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Calls]:
    with (
        open_full_deployment(redis_server.url, tmp_path_factory.mktemp("deployment")) as deployment,
        requests.Session() as session,
    ):
        document = deployment.ask("GET", "/openapi.json")
        calls = Calls(deployment, schemathesis.openapi.from_dict(document), session)
        yield calls
        capture: Any = request.config.pluginmanager.get_plugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\nschemathesis: {calls.summary()}")  # noqa: T201  what a run has covered


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_operation_answers_as_declared(
    calls: Calls, path: str, method: str, pytestconfig: pytest.Config
) -> None:
    """Its examples succeed; boundaries and made-up requests, right and wrong, are answered as declared."""
    full = bool(pytestconfig.getoption("--full"))
    operation = calls.schema[path][method]
    try:
        _call_example(calls, operation)
        _call_about_nothing(calls, operation)
        for mode in GenerationMode:
            _call_boundaries(calls, operation, mode, None if full else BOUNDARIES)
            _call_made_up(calls, operation, mode, FULL_MADE_UP if full else MADE_UP)
    finally:
        calls.deployment.let_go()


def _call_example(calls: Calls, operation: Any) -> None:
    name, names = _names(operation)
    sample = first_sample_of(calls.deployment, name, names)
    for body in _bodies(operation) if sample.body is NOT_SET else [sample.body]:
        case = operation.Case(
            path_parameters=dict(sample.path),
            query=dict(sample.query),
            headers=dict(sample.headers),
            body=body,
            media_type="application/json",
        )
        calls.make(case)
    assert calls.answers[name].keys() & _successes(name), f"{name}: {calls.answers[name]}"


def _successes(operation_id: str) -> set[int]:
    """Return the status codes that answer a request as asked."""
    refused = [503] if operation_id in PROBES else [403] if operation_id in FOR_THE_DASHBOARD else []
    return {*range(200, 300), *refused}


def _call_about_nothing(calls: Calls, operation: Any) -> None:
    """Ask about what is not there, with a body that is right."""
    name, names = _names(operation)
    if names:
        sample = first_sample_of(calls.deployment, name, names)
        body = _bodies(operation)[0] if sample.body is NOT_SET else sample.body
        path = {each: UNKNOWN_IDS.get(each, "nobody") for each in names}
        calls.make(operation.Case(path_parameters=path, body=body, media_type="application/json"))


def _bodies(operation: Any) -> list[Any]:
    """Return the bodies that the document shows."""
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    examples = content.get("application/json", {}).get("examples", {})
    return [each["value"] for each in examples.values()] or [NOT_SET]


def _call_boundaries(calls: Calls, operation: Any, mode: GenerationMode, most: int | None) -> None:
    made: list[Case] = list(
        calls.schema.iter_coverage_cases(
            operation, generation_modes=[mode], generation_config=calls.schema.config.generation
        )
    )
    step = 1 if most is None else max(1, len(made) // most)
    for case in islice(made, 0, None, step):
        calls.make(_placed(calls, operation, case))


def _call_made_up(calls: Calls, operation: Any, mode: GenerationMode, count: int) -> None:
    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Case) -> None:
        calls.make(_placed(calls, operation, case))

    # An operation without input has no invalid input. With one mode alone, schemathesis says so after one
    # try; else Hypothesis tries hundreds of times.
    calls.schema.config.generation.update(modes=[mode])
    with contextlib.suppress(Unsatisfiable, SkipTest):
        call()


def _placed(calls: Calls, operation: Any, case: Case) -> Case:
    """Return a request that is about things that are there; what is wrong with it stays so."""
    name, names = _names(operation)
    sample, wrong = sample_of(calls.deployment, name, names), _wrong_parts(case)
    if ParameterLocation.PATH not in wrong:
        case.path_parameters = dict(sample.path)
    if not wrong:
        case.headers.update(sample.headers)
        case.body = adapted(calls.deployment, name, case.body, sample)
    return case


def _wrong_parts(case: Case) -> set[ParameterLocation]:
    """Return the parts that break the schema; none if a wanted invalid request was not found."""
    parts: dict[ParameterLocation, Any] = {} if case.meta is None else case.meta.components
    return {location for location, part in parts.items() if part.mode.is_negative}


def _is_wrong(case: Case) -> bool:
    """Return whether a request must be refused.

    Not if a list is sent in place of one value: on the wire that is a repeated parameter, of which the last
    counts. Not if an optional body was to be invalid and was left out.
    """
    query: dict[str, Any] = case.query or {}
    lists = any(isinstance(value, list) for value in query.values())
    return bool(_wrong_parts(case)) and not lists and case.meta.phase.data.description != "Positive test case"


def _names(operation: Any) -> tuple[str, list[str]]:
    return operation.definition.raw["operationId"], [each.name for each in operation.path_parameters]
