"""Dead letters, batches and logs over HTTP, on fakes."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import RedisUnavailable
from app.core.records import LogLine
from app.core.runs.dead_letters import DeadLetter, DeadLetterFilter, DeadLetterGroup
from app.services.api.schemas.dead_letters import DeadGroupBody
from tests.support.api.api_fakes import FakePlatform, fake_platform, fake_run

DAY = "1970-01-01"
RUN_ID = "01J00000000000000000000000"
ERROR = {"kind": "exception", "code": "broken", "message": "it broke", "retryable": True, "at": 1_000}
GROUP = DeadLetterGroup("aaa", ERROR, 2, ["a"], 1_000, 2_000, [RUN_ID])
LETTER = DeadLetter(RUN_ID, 1, "test.load", 5, 1)


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


async def test_groups_are_listed_with_a_cursor(platform: FakePlatform) -> None:
    """Over everything the index leads on; of one job, whose groups are few, the place in their list."""
    platform.dead.stored = [GROUP, GROUP, GROUP]
    platform.dead.waiting = [LETTER] * 9
    async with platform.client() as client:
        everything = await client.get("/dead-letters", params={"limit": 1})
        mine = await client.get("/dead-letters", params={"limit": 2, "job_id": "a"})
        rest = await client.get(mine.links["next"]["url"])
    DeadGroupBody.model_validate(everything.json()[0])
    assert (everything.links["next"]["url"], everything.headers["x-total-count"]) == (
        "/dead-letters?limit=1&cursor=7",
        "9",
    )
    assert (len(mine.json()), len(rest.json()), mine.headers["x-total-count"]) == (2, 1, "6")
    assert "next" not in rest.links
    assert everything.json()[0]["first_at"] == "1970-01-01T00:00:01.000Z"


@pytest.mark.parametrize(
    ("body", "choice"),
    [
        ({"run_ids": [RUN_ID]}, DeadLetterFilter(run_ids=[RUN_ID])),
        ({"fingerprint": "aaa"}, DeadLetterFilter(fingerprint="aaa")),
        ({"filter": {}}, DeadLetterFilter()),
        (
            {
                "filter": {
                    "job_id": "a",
                    "type": "t",
                    "since": f"{DAY}T00:00:01Z",
                    "until": f"{DAY}T00:00:02Z",
                }
            },
            DeadLetterFilter(job_id="a", type="t", since_ms=1_000, until_ms=2_000),
        ),
    ],
)
@pytest.mark.parametrize("how", ["redrive", "discard"])
async def test_letters_are_chosen_in_one_way(
    platform: FakePlatform, how: str, body: dict[str, Any], choice: DeadLetterFilter
) -> None:
    """By id, by group, or by filter; a dry run decides nothing."""
    platform.dead.waiting = [LETTER]
    async with platform.client() as client:
        dry = await client.post(f"/dead-letters/{how}", json={**body, "dry_run": True})
        done = await client.post(f"/dead-letters/{how}", json=body)
    assert dry.json() == {"count": 1, "sample_run_ids": [RUN_ID]}
    assert (done.status_code, done.json()["failed"][0]["code"]) == (200, "run_not_found")
    assert platform.dead.choices == [(choice, None)] * 2
    assert len(platform.dead.rates) == (how == "redrive")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"run_ids": [RUN_ID], "fingerprint": "aaa"},
        {"run_ids": []},
        {"run_ids": ["a"] * 1001},
        {"filter": {"since": "yesterday"}},
        {"filter": {"colour": "red"}},
        {"fingerprint": "aaa", "rate_per_sec": 0},
        {"fingerprint": "aaa", "dry_run": "yes"},
    ],
)
async def test_a_choice_that_says_nothing_or_too_much_is_refused(
    platform: FakePlatform, body: dict[str, Any]
) -> None:
    """Nothing is decided by accident."""
    async with platform.client() as client:
        answer = await client.post("/dead-letters/redrive", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert platform.dead.choices == []


async def test_a_discard_takes_no_rate(platform: FakePlatform) -> None:
    """What has no meaning is refused, not passed over."""
    async with platform.client() as client:
        answer = await client.post("/dead-letters/discard", json={"filter": {}, "rate_per_sec": 1})
    assert answer.json()["errors"][0]["pointer"] == "/rate_per_sec"


async def test_a_redrive_with_a_key_looks_no_further_than_its_first_call(platform: FakePlatform) -> None:
    """The instant of the first call bounds what repeats decide about, and so does its body."""
    body, key = {"fingerprint": "aaa", "rate_per_sec": 2}, {"Idempotency-Key": "k"}
    async with platform.client() as client:
        await client.post("/dead-letters/redrive", json=body, headers=key)
        first_at = platform.clock.now_ms()
        platform.clock.advance(60)
        again = await client.post("/dead-letters/redrive", json=body, headers=key)
        other = await client.post("/dead-letters/redrive", json={"filter": {}}, headers=key)
    assert [until for _, until in platform.dead.choices] == [first_at] * 2
    assert (platform.dead.rates, again.json()["last_due_at"]) == ([2.0, 2.0], "1970-01-01T00:00:01.000Z")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_decisions_stand_in_the_audit(platform: FakePlatform) -> None:
    """Which letters were meant, and how many it were; a dry run changes nothing to tell of."""
    platform.dead.waiting = [LETTER]
    async with platform.client() as client:
        await client.post("/dead-letters/discard", json={"fingerprint": "aaa"})
    act = platform.audit.acts[-1]
    assert (act.target, list(act.diff)) == (
        "dead-letters",
        [{"path": "/discarded", "from": None, "to": {"letters": 1, "fingerprint": "aaa"}}],
    )


BAD_BATCHES: list[tuple[Any, str]] = [
    ({}, ""),
    ([], ""),
    ([{}], "/0/job_id"),
    ([{"job_id": "a"}, {"job_id": "a", "delay_sec": -1}], "/1/delay_sec"),
    ([{"job_id": "a", "colour": "red"}], "/0/colour"),
    ([{"job_id": "a"}] * 1001, ""),
]


@pytest.mark.parametrize(("body", "pointer"), BAD_BATCHES)
async def test_a_batch_of_another_shape_is_refused_whole(
    platform: FakePlatform, body: object, pointer: str
) -> None:
    """The first field that does not fit is named, and nothing is made."""
    async with platform.client() as client:
        answer = await client.post("/runs/batch", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert platform.queue.enqueued == []


async def test_a_batch_is_unavailable_only_if_nothing_was_created(
    platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first run it is 503; from then on each item has an answer, under a key to go on with."""
    async with platform.client() as client:
        await client.post("/jobs", json={"job_id": "a", "type": "test.load"})
        platform.queue.fails_with = RedisUnavailable("away")
        by_item = await client.post("/runs/batch", json=[{"job_id": "a"}])
        monkeypatch.setattr(platform.jobs, "find_some", _away)
        before = await client.post("/runs/batch", json=[{"job_id": "a"}])
    assert (by_item.status_code, by_item.json()[0]["error"]["code"]) == (200, "redis_unavailable")
    assert by_item.headers["idempotency-key"]
    assert (before.status_code, before.headers["retry-after"]) == (503, "2")


async def _away(_job_ids: object) -> None:
    raise RedisUnavailable("away")


async def test_a_log_is_followed_by_headers(platform: FakePlatform) -> None:
    """The next cursor, whether more is available, and whether the end is reached."""
    platform.runs.stored = [fake_run(RUN_ID)]
    platform.runs.lines = [LogLine(n, "info", f"line {n}", {}, 1) for n in range(3)]
    async with platform.client() as client:
        first = await client.get(f"/runs/{RUN_ID}/logs", params={"limit": 2, "q": "line"})
        rest = await client.get(first.links["next"]["url"])
        bad = await client.get(f"/runs/{RUN_ID}/logs", params={"after": "yesterday"})
        level = await client.get(f"/runs/{RUN_ID}/logs", params={"level": "loud"})
    assert [line["cursor"] for line in first.json()] == ["1-1", "1-2"]
    assert (first.headers["x-next-cursor"], first.headers["x-log-complete"]) == ("1-2", "false")
    assert (rest.headers["x-next-cursor"], rest.headers["x-log-complete"]) == ("1-3", "true")
    assert rest.headers["x-log-truncated"] == "false"
    assert "next" not in rest.links
    assert (bad.status_code, level.status_code) == (422, 422)
