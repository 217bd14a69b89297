"""JSON bodies are read strictly: 4xx with a pointer, never a 500."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.models import Concurrency, ExponentialBackoff, JobSpec, RetryPolicy, Schedule
from app.services.api.http.body import _pairs, read_json  # pyright: ignore[reportPrivateUsage]
from app.services.api.http.problems import HttpProblem
from tests.support.api.api_fakes import fake_platform
from tests.support.api.asgi_calls import http_scope

_FIXED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{} {}",
        b"nope",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b"01",
        b'"\x01"',
    ],
)
def test_read_json_refuses_what_is_no_json(body: bytes) -> None:
    """Broken syntax and broken UTF-8 are malformed."""
    with pytest.raises(HttpProblem) as refusal:
        read_json(body)
    assert refusal.value.code == "malformed_json"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (b'{"a": 1, "a": 2}', "/a", "duplicate_key"),
        (b'{"x": [{"a/b": 1, "a/b": 1}]}', "/x/0/a~1b", "duplicate_key"),
        (b'{"schedule": {"interval_sec": NaN}}', "/schedule/interval_sec", "not_finite"),
        (b'{"a": [1, Infinity]}', "/a/1", "not_finite"),
        (b"-Infinity", "", "not_finite"),
        (b'{"a": 1e999}', "/a", "not_finite"),
        (b'{"a": 18446744073709551616}', "/a", "integer_too_large"),
        (b'{"a": -9223372036854775809}', "/a", "integer_too_large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "/a", "integer_too_large"),
        (b'{"a": "\\ud800"}', "/a", "lone_surrogate"),
        (b'{"\\udfff": 1}', "", "lone_surrogate"),
        (b"[" * 65 + b"]" * 65, "/0" * 64, "too_deep"),
        (b'{"a":' * 65 + b"{}" + b"}" * 65, "/a" * 64, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "", "too_deep"),
    ],
)
def test_read_json_points_at_what_readers_disagree_about(body: bytes, pointer: str, code: str) -> None:
    """JSON that another reader would take for another value is refused at its place."""
    with pytest.raises(HttpProblem) as refusal:
        read_json(body)
    assert refusal.value.code == "invalid_json"
    assert [(found.pointer, found.code) for found in refusal.value.problems] == [(pointer, code)]


def test_read_json_takes_the_limits_themselves() -> None:
    """64 levels, the largest and the smallest integer, and paired surrogates pass."""
    assert read_json(b"[" * 64 + b"]" * 64)
    assert read_json(b"[18446744073709551615, -9223372036854775808]") == [2**64 - 1, -(2**63)]
    assert read_json(b'"\\ud83d\\ude00"') == "\U0001f600"


_MANY_NAMES = [f'"{number}": 1' for number in range(30_000)]
_REPEATED = b"{" + ", ".join([*_MANY_NAMES[:999], '"7": 1']).encode() + b"}"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (b"{" + ", ".join(_MANY_NAMES[:1_001]).encode() + b"}", "", "too_many_members"),
        (b'{"a": [{' + ", ".join(_MANY_NAMES[:1_001]).encode() + b"}]}", "/a/0", "too_many_members"),
        (b"{" + ", ".join([*_MANY_NAMES, '"1": 1']).encode() + b"}", "", "too_many_members"),
        (_REPEATED, "/7", "duplicate_key"),
        (b"[" + b"1," * 9_999 + b"1]", "/9999", "too_many_values"),
        (b'{"a": [' + b"{}," * 9_997 + b'{"b": 1}]}', "/a/9997/b", "too_many_values"),
    ],
)
def test_read_json_bounds_what_it_checks(body: bytes, pointer: str, code: str) -> None:
    """At most 1,000 members in an object and 10,000 values in a body, each counted once."""
    with pytest.raises(HttpProblem) as refusal:
        read_json(body)
    assert [(found.pointer, found.code) for found in refusal.value.problems] == [(pointer, code)]


def test_read_json_takes_the_greatest_bodies() -> None:
    """1,000 members and 10,000 values pass."""
    assert len(read_json(b"{" + ", ".join(_MANY_NAMES[:1_000]).encode() + b"}")) == 1_000
    assert len(read_json(b"[" + b"1," * 9_998 + b"1]")) == 9_999


def test_read_json_finds_a_repeated_name_in_one_pass() -> None:
    """Each name of an object with a repetition is compared a bounded number of times."""
    compared = 0

    class Name(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    pairs = [(Name(number), 1) for number in range(999)]
    assert vars(_pairs([*pairs, (Name("998"), 1)])) == {"name": "998"}
    assert compared < 10 * len(pairs)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = st.sampled_from(
    [
        *JobSpec.model_fields,
        *Schedule.model_fields,
        *RetryPolicy.model_fields,
        *ExponentialBackoff.model_fields,
        *Concurrency.model_fields,
        "version",
        "delay_sec",
    ]
)
_LIKELY: list[Any] = ["a", "test.load", 1, 30, 0.5, "* * * * *", "2030-01-01T00:00:00Z", "high", [], {}, [1]]
_VALUES = st.sampled_from(_LIKELY)
_NEAR_SPECS = st.recursive(
    _VALUES | st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.dictionaries(_FIELDS, inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=16,
)
_BASE: dict[str, Any] = {"job_id": "a", "type": "test.load"}


async def _post(body: bytes, path: str = "/jobs") -> int:
    async with fake_platform().client() as client:
        return (await client.post(path, content=body)).status_code


@_FIXED
@given(_JSON)
async def test_create_job_takes_any_json_without_a_500(value: Any) -> None:
    """Whatever JSON comes as a job, the answer is a refusal: none of these names a type."""
    assert await _post(json.dumps(value).encode()) in {400, 422}


@_FIXED
@given(_NEAR_SPECS)
async def test_create_job_takes_near_specs_without_a_500(value: Any) -> None:
    """Specs that are almost right are created or refused."""
    spec: Any = {**_BASE, **cast("dict[str, Any]", value)} if isinstance(value, dict) else value
    assert await _post(json.dumps(spec).encode()) in {201, 422}


@_FIXED
@given(st.binary(max_size=200))
async def test_create_job_takes_any_bytes_without_a_500(body: bytes) -> None:
    """Whatever bytes come, they are refused."""
    assert await _post(body) in {400, 422}


@_FIXED
@given(_JSON | _NEAR_SPECS)
async def test_run_job_takes_any_json_without_a_500(value: Any) -> None:
    """Whatever JSON comes with a run of a job that does not exist, it is refused."""
    assert await _post(json.dumps(value).encode(), "/jobs/a/run") in {400, 404, 422}


async def test_body_whose_connection_ends_is_not_taken_for_whole() -> None:
    """A part that happens to be JSON makes no job: the client did not send all of it."""
    platform = fake_platform()
    body = json.dumps({"job_id": "a", "type": "test.load"}).encode()
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": body, "more_body": True},
        {"type": "http.disconnect"},
    ]
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await platform.app(http_scope("POST", "/jobs"), receive, send)
    assert statuses == [400]
