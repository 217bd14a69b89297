"""The language of an answer: `Accept-Language` chooses it for problems and for texts that were stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.activity.readiness import ReadinessCheck
from app.core.execution.outcome import timed_out
from app.core.i18n import _
from app.services.api.events.frames import frames_of
from app.services.api.http.responses import preferred_language
from tests.support.api.api_fakes import FakePlatform, fake_platform, fake_run

RUN_ID = "01J00000000000000000000000"
INDONESIAN = {"Accept-Language": "id-ID,id;q=0.9,en;q=0.8"}


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


@pytest.mark.parametrize(
    ("accept", "language", "title", "detail"),
    [
        ("", "en", "Run not found", "Run 'nope' does not exist."),
        ("en-GB", "en", "Run not found", "Run 'nope' does not exist."),
        ("id", "id", "Run tidak ditemukan", "Run 'nope' tidak ada."),
        ("de, id;q=0.5, en;q=0.4", "id", "Run tidak ditemukan", "Run 'nope' tidak ada."),
    ],
)
async def test_problem_is_in_the_language_of_the_caller(
    platform: FakePlatform, accept: str, language: str, title: str, detail: str
) -> None:
    """The code is the same in each; the headers say what it depends on."""
    async with platform.client() as client:
        answer = await client.get("/runs/nope", headers={"Accept-Language": accept} if accept else {})
    told = answer.json()
    assert (told["title"], told["detail"], told["code"]) == (title, detail, "run_not_found")
    assert (answer.headers["content-language"], answer.headers["vary"]) == (language, "Accept-Language")


async def test_refused_fields_are_in_the_language_of_the_caller(platform: FakePlatform) -> None:
    """Also when pydantic has taken the message into its own error."""
    async with platform.client() as client:
        answer = await client.post("/jobs", json={"job_id": "a"}, headers=INDONESIAN)
    assert answer.status_code == 422
    assert {"pointer": "/type", "message": "wajib diisi", "code": "required"} in answer.json()["errors"]


async def test_refusal_before_the_route_is_in_the_language_of_the_caller(platform: FakePlatform) -> None:
    """The middleware refuses a host before anything else is known."""
    async with platform.client() as client:
        answer = await client.get("/runs", headers={**INDONESIAN, "Host": "evil.example"})
    assert answer.json()["title"] == "Host tidak dilayani"


async def test_language_does_not_outlive_the_request(platform: FakePlatform) -> None:
    """The next caller, without the header, reads English."""
    async with platform.client() as client:
        await client.get("/runs/nope", headers=INDONESIAN)
        assert (await client.get("/runs/nope")).json()["title"] == "Run not found"


async def test_stored_error_is_in_the_language_of_the_caller(platform: FakePlatform) -> None:
    """A message of the platform."""
    error = {"code": "timeout", "message": timed_out(1_000, abandoned=False).message}
    platform.runs.stored = [replace(fake_run(RUN_ID), error=error)]
    async with platform.client() as client:
        indonesian = await client.get(f"/runs/{RUN_ID}", headers=INDONESIAN)
        english = await client.get(f"/runs/{RUN_ID}")
    assert english.json()["error"]["message"] == "timed out after 1,000 ms"
    assert indonesian.json()["error"]["message"] == "melewati batas waktu 1.000 ms"
    assert indonesian.headers["content-language"] == "id"


async def test_reason_of_a_check_is_in_the_language_of_the_caller(platform: FakePlatform) -> None:
    """A message inside a message too."""
    reason = _("No {service} runs; {effect}.", service=_("connector"), effect=_("no message waits"))
    platform.readiness.found["connector"] = ReadinessCheck("missing", None, 0, reason, "multi-job up")
    async with platform.client() as client:
        answer = await client.get("/readyz", headers=INDONESIAN)
    told = answer.json()["checks"]["connector"]["reason"]
    assert told == "Tidak ada konektor yang berjalan; tidak ada pesan yang menunggu."


async def test_error_of_a_handler_stays_as_it_was_written(platform: FakePlatform) -> None:
    """Also if its text is that of a message, or looks like one."""
    for text in ("timed out after 1,000 ms", "got 3 columns, expected 4"):
        platform.runs.stored = [replace(fake_run(RUN_ID), error={"code": "exception", "message": text})]
        async with platform.client() as client:
            answer = await client.get(f"/runs/{RUN_ID}", headers=INDONESIAN)
        assert answer.json()["error"]["message"] == text


def test_text_of_an_event_is_in_the_language_of_the_stream() -> None:
    """An incident has a title; other events are the same for all."""
    entry = ("7-3", ["e", 'incident.opened|||0|0|{"kind":"monitor_down","subject":"shop.example"}'])
    (frame,) = frames_of([entry])
    assert b"shop.example is down" in frame.block("en")
    assert b"shop.example mati" in frame.block("id")


def test_language_with_the_highest_quality_is_preferred() -> None:
    """The first of equals; English if none fits."""
    assert preferred_language("id, en") == "id"
    assert preferred_language("en;q=0.5, id;q=0.6") == "id"
    assert preferred_language("de") == "en"
