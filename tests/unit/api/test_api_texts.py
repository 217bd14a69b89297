"""Control characters in requests are refused with a pointer."""

from __future__ import annotations

from typing import Any, cast

import pytest

from app.core.models import JobSpec
from app.core.scheduling.schedule import first_fire
from tests.support.api.api_fakes import FakePlatform, fake_platform

OSC = "\x1b]0;x\x07"
CONTROLS = [OSC, "\x1b[2J", "\x9b2J", "\x00", "\x7f", "a\rb", "\x85"]
BIDI = ["\u202e", "\u2066", "\u200f", "\u061c"]
TEXT_OF_PEOPLE = "Halo \U0001f469\u200d\U0001f467, שלום, مرحبا, Café"

Body = dict[str, Any]
JOB: Body = {"job_id": "a", "type": "test.load"}
DEFAULT, ACCOUNT = "/settings/default-notify", "/connectors/telegram/accounts/a"
LINES: list[tuple[str, str, Body, str]] = [
    ("POST", "/pause", {"scope": "all", "reason": "{}"}, "/reason"),
    ("POST", "/pause", {"scope": "type", "name": "{}"}, "/name"),
    ("POST", "/resume", {"scope": "job", "name": "{}"}, "/name"),
    ("PUT", DEFAULT, {"channel": "telegram", "account_id": "a", "to": "{}"}, "/to"),
    ("PUT", DEFAULT, {"channel": "{}", "account_id": "a", "to": "1"}, "/channel"),
    (
        "PUT",
        "/settings/default-notify",
        {"channel": "telegram", "account_id": "{}", "to": "1"},
        "/account_id",
    ),
    ("PUT", ACCOUNT, {"default_to": "{}"}, "/default_to"),
    ("PUT", ACCOUNT, {"allow_chats": ["1", "{}"]}, "/allow_chats/1"),
    ("PUT", ACCOUNT, {"settings": {"name": "{}"}}, "/settings"),
    ("POST", f"{ACCOUNT}/messages", {"to": "{}", "text": "a"}, "/to"),
]
SHORT: list[tuple[str, str, Body, str]] = [
    *LINES,
    ("POST", "/jobs", {**JOB, "description": "{}"}, "/description"),
    ("PUT", "/jobs/a", {"type": "test.load", "description": "{}"}, "/description"),
    (
        "POST",
        "/jobs",
        {**JOB, "retry_policy": {"non_retryable": ["b", "{}"]}},
        "/retry_policy/non_retryable/1",
    ),
]
LONG: list[tuple[str, str, Body, str]] = [
    ("POST", f"{ACCOUNT}/messages", {"text": "{}"}, "/text"),
    ("POST", "/planner/plan", {"prompt": "{}"}, "/prompt"),
    (
        "POST",
        "/jobs",
        {"job_id": "a", "type": "test.load", "inputs": {"place": {"city": "{}"}}},
        "/inputs/place/city",
    ),
]
NAMES: list[tuple[str, str, Body]] = [
    ("POST", "/jobs", {"job_id": "{}", "type": "test.load"}),
    ("POST", "/jobs", {"job_id": "a", "type": "{}"}),
    ("POST", "/jobs", {**JOB, "tags": ["{}"]}),
    ("POST", "/jobs", {**JOB, "concurrency": {"key": "{}", "limit": 1}}),
    ("POST", "/jobs", {**JOB, "schedule": {"cron": "{}"}}),
    (
        "POST",
        "/jobs",
        {**JOB, "schedule": {"cron": "0 0 * * *", "timezone": "{}"}},
    ),
]


def filled(value: Any, text: str) -> Any:
    """Return the body with `text` in the place of `{}`."""
    if isinstance(value, dict):
        return {name: filled(member, text) for name, member in cast("Body", value).items()}
    if isinstance(value, list):
        return [filled(member, text) for member in cast("list[Any]", value)]
    return text if value == "{}" else value


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


async def refusal(platform: FakePlatform, method: str, path: str, body: Body) -> tuple[int, list[Body]]:
    async with platform.client() as client:
        answer = await client.request(method, path, json=body)
    return answer.status_code, answer.json().get("errors", [])


@pytest.mark.parametrize(("method", "path", "body", "pointer"), SHORT, ids=lambda each: str(each)[:40])
async def test_short_text_with_a_control_is_refused(
    platform: FakePlatform, method: str, path: str, body: Body, pointer: str
) -> None:
    """Names, reasons, recipients, descriptions: 422, with the field and the character."""
    for text in [*CONTROLS, *BIDI]:
        status, errors = await refusal(platform, method, path, filled(body, f"a{text}"))
        assert (status, [each["pointer"] for each in errors]) == (422, [pointer]), repr(text)
        assert errors[0]["code"] == "control_character"
        assert "U+" in errors[0]["message"]


@pytest.mark.parametrize(("method", "path", "body", "pointer"), LINES, ids=lambda each: str(each)[:40])
async def test_line_with_a_newline_is_refused(
    platform: FakePlatform, method: str, path: str, body: Body, pointer: str
) -> None:
    """A line is one line."""
    for text in ("a\nb", "a\tb"):
        status, errors = await refusal(platform, method, path, filled(body, text))
        assert (status, [each["pointer"] for each in errors]) == (422, [pointer]), repr(text)


@pytest.mark.parametrize(("method", "path", "body", "pointer"), LONG, ids=lambda each: str(each)[:40])
async def test_long_text_with_a_control_is_refused(
    platform: FakePlatform, method: str, path: str, body: Body, pointer: str
) -> None:
    """Messages, prompts and inputs hold lines and tabs, and no other control."""
    for text in CONTROLS:
        status, errors = await refusal(platform, method, path, filled(body, f"a{text}"))
        assert (status, [each["pointer"] for each in errors]) == (422, [pointer]), repr(text)


@pytest.mark.parametrize(("method", "path", "body"), NAMES, ids=lambda each: str(each)[:40])
async def test_name_with_a_control_is_refused(
    platform: FakePlatform, method: str, path: str, body: Body
) -> None:
    """Ids, types, tags, keys and schedules have patterns of their own."""
    for text in [*CONTROLS, *BIDI, "a\nb"]:
        assert (await refusal(platform, method, path, filled(body, f"a{text}")))[0] in {404, 422}, repr(text)


async def test_text_of_people_is_taken(platform: FakePlatform) -> None:
    """Emoji of several parts, scripts from right to left, lines and tabs."""
    inputs = {"place": {"city": f"{TEXT_OF_PEOPLE}\r\n\t{TEXT_OF_PEOPLE}\u200f"}}
    body = {"job_id": "a", "type": "test.load", "description": f"{TEXT_OF_PEOPLE}\n2", "inputs": inputs}
    async with platform.client() as client:
        made = await client.post("/jobs", json=body)
        assert made.status_code == 201, made.text
        assert (await client.post("/jobs/a/run", json={"inputs": inputs})).status_code == 202
        assert (
            await client.post("/pause", json={"scope": "all", "reason": TEXT_OF_PEOPLE})
        ).status_code == 200


async def test_inputs_of_a_run_with_a_control_are_refused(platform: FakePlatform) -> None:
    """Also those that stand in for the spec's, by their names as by their values."""
    async with platform.client() as client:
        assert (await client.post("/jobs", json={"job_id": "a", "type": "test.load"})).status_code == 201
        refused = await client.post("/jobs/a/run", json={"inputs": {"place": {"city": OSC}}})
        assert refused.json()["errors"][0]["pointer"] == "/inputs/place/city"
    assert platform.queue.enqueued == []


def test_stored_spec_with_a_control_stays_readable() -> None:
    """A job that was saved before is read, listed and run as ever; only its next save is refused."""
    spec = JobSpec.model_validate({"job_id": "a", "type": "test.load", "description": OSC})
    assert spec.description == OSC
    assert first_fire(spec, "Asia/Jakarta", 0, must_fire=False) is not None
