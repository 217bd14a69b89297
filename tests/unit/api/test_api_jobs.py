"""The routes of jobs, on stand-ins."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import NotDurable, RedisFull, RedisUnavailable
from app.core.models import RunStatus
from app.core.records import LedgerRange
from app.services.api.schemas.jobs import JobBody, JobCreated
from app.services.api.schemas.runs import Occurrence, RunAccepted
from tests.support.api.api_fakes import NOW, FakePlatform, fake_platform, fake_run
from tests.support.api.refused_specs import REFUSED

SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "schedule": {"interval_sec": 30}}
NOW_MS = int(NOW.timestamp() * 1000)


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


async def test_create_job_answers_the_whole_job(platform: FakePlatform) -> None:
    """A new job comes back with its defaults, version, next fire, place and tag."""
    async with platform.client() as client:
        answer = await client.post("/jobs", json=SPEC)
    assert answer.status_code == 201
    assert (answer.headers["location"], answer.headers["etag"]) == ("/jobs/a", '"v1"')
    body = answer.json()
    JobCreated.model_validate_json(answer.text)
    assert (body["status"], body["timeout_ms"], body["schedule"]) == ("created", 1234, {"interval_sec": 30})
    assert body["next_run_at"] == "2026-01-31T00:00:30.000Z"
    assert body["schedule_words"] == {"id": "setiap 30 detik", "en": "every 30 seconds"}


async def test_job_says_its_schedule_in_words(platform: FakePlatform) -> None:
    """A cron has its zone and spread, no schedule is null, in the list and in one job."""
    cron: dict[str, Any] = {**SPEC, "job_id": "b", "schedule": {"cron": "0 7 * * *"}, "jitter_sec": 5}
    async with platform.client() as client:
        await client.post("/jobs", json=cron)
        await client.post("/jobs", json={**SPEC, "job_id": "c", "schedule": None})
        listed = {job["job_id"]: job["schedule_words"] for job in (await client.get("/jobs")).json()}
        one = (await client.get("/jobs/b")).json()["schedule_words"]
    assert one["en"] == "every day at 07:00 (Asia/Jakarta), spread over up to 5 seconds"
    assert one["id"] == "setiap hari pukul 07:00 (Asia/Jakarta), disebar sampai 5 detik"
    assert listed == {"b": one, "c": None}


async def test_create_job_refuses_an_id_twice(platform: FakePlatform) -> None:
    """An id that exists is a conflict."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        answer = await client.post("/jobs", json=SPEC)
    assert (answer.status_code, answer.json()["code"]) == (409, "job_exists")


@pytest.mark.parametrize(("changes", "pointer", "code"), REFUSED)
async def test_create_job_refuses_with_a_pointer(
    platform: FakePlatform, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """Every refused value is a 422 that points at it, at creation and at replacement."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        for answer in (
            await client.post("/jobs", json={**SPEC, "job_id": "b", **changes}),
            await client.put("/jobs/a", json={**SPEC, **changes}),
        ):
            assert answer.status_code == 422
            first = answer.json()["errors"][0]
            # A PUT sees first that the id of the body is another one.
            assert first["pointer"] == pointer
            assert first["code"] in {code, "id_mismatch"}


async def test_create_job_refuses_a_past_instant(platform: FakePlatform) -> None:
    """A schedule that never fires is refused."""
    async with platform.client() as client:
        answer = await client.post("/jobs", json={**SPEC, "schedule": {"at": "2020-01-01T00:00:00Z"}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/schedule/at"


async def test_create_job_unknown_type_suggests(platform: FakePlatform) -> None:
    """An unknown type is a 422 at /type that names the nearest one."""
    async with platform.client() as client:
        answer = await client.post("/jobs", json={**SPEC, "type": "test.laod"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_job_type")
    assert answer.json()["errors"][0]["pointer"] == "/type"
    assert "Did you mean 'test.load'?" in answer.json()["detail"]


async def test_create_job_with_the_same_key_answers_the_same(platform: FakePlatform) -> None:
    """A repeat is answered as before, also after a later save; another spec is a mismatch."""
    async with platform.client() as client:
        first = await client.post("/jobs", json=SPEC, headers={"Idempotency-Key": "k"})
        again = await client.post("/jobs", json=SPEC, headers={"Idempotency-Key": "k"})
        assert (again.status_code, again.json()) == (201, first.json())
        await client.put("/jobs/a", json={**SPEC, "description": "later"})
        assert (await client.post("/jobs", json=SPEC, headers={"Idempotency-Key": "k"})).status_code == 201
        other = await client.post("/jobs", json={**SPEC, "timeout_ms": 5}, headers={"Idempotency-Key": "k"})
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
        foreign = await client.post("/jobs", json=SPEC, headers={"Idempotency-Key": "k2"})
        assert foreign.status_code == 409
    assert len(platform.jobs.saves["a"]) == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "\x7f"])
@pytest.mark.parametrize("path", ["/jobs", "/jobs/a/run"])
async def test_idempotency_key_must_be_short_and_printable(
    platform: FakePlatform, path: str, key: str
) -> None:
    """A key that logs and records cannot carry is refused."""
    async with platform.client() as client:
        answer = await client.post(path, content=b"{}", headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/header/idempotency-key"


async def test_get_edit_put_works(platform: FakePlatform) -> None:
    """What a GET answers may be edited and put back whole."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        read = await client.get("/jobs/a")
        JobBody.model_validate_json(read.text)
        edited = {**read.json(), "description": "edited", "status": "created"}
        answer = await client.put("/jobs/a", json=edited, headers={"If-Match": read.headers["etag"]})
    assert answer.status_code == 200
    assert (answer.json()["version"], answer.json()["description"]) == (2, "edited")
    assert answer.headers["etag"] == '"v2"'


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"v1"', 200),
        ("*", 200),
        ('"v7", "v1"', 200),
        ('"v2"', 412),
        ('"v2", "v3"', 412),
        ('W/"v1"', 412),
        ("v1", 412),
        ('"other"', 412),
    ],
)
async def test_put_if_match_decides(platform: FakePlatform, if_match: str, status: int) -> None:
    """Only a strong tag of the stored version lets a save through."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        answer = await client.put("/jobs/a", json=SPEC, headers={"If-Match": if_match})
    assert answer.status_code == status
    if status == 412:
        assert (answer.json()["code"], answer.headers["etag"]) == ("precondition_failed", '"v1"')


async def test_put_keeps_the_id(platform: FakePlatform) -> None:
    """The body may leave the id out; another id is refused; an unknown job is not created."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        assert (await client.put("/jobs/a", json={"type": "test.load"})).status_code == 200
        other = await client.put("/jobs/a", json={**SPEC, "job_id": "b"})
        assert other.json()["errors"][0]["pointer"] == "/job_id"
        assert (await client.put("/jobs/zz", json={"type": "test.load"})).status_code == 404


@pytest.mark.parametrize("job_id", ["zz", "new", "a%20b", "%F0%9F%98%80", "x" * 65, "%00"])
async def test_unknown_and_impossible_ids_are_not_found(platform: FakePlatform, job_id: str) -> None:
    """An id that no job has, or none can have, is 404 on every route of a job."""
    async with platform.client() as client:
        for method, rest in [
            ("GET", ""),
            ("DELETE", ""),
            ("PUT", "/enable"),
            ("POST", "/run"),
            ("GET", "/runs"),
            ("GET", "/versions"),
            ("GET", "/occurrences"),
        ]:
            answer = await client.request(method, f"/jobs/{job_id}{rest}")
            assert answer.status_code == 404, (method, rest, answer.text)


async def test_enable_disable_delete(platform: FakePlatform) -> None:
    """Switching and deleting answer what the job is now."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        assert (await client.put("/jobs/a/disable")).json() == {"job_id": "a", "status": "disabled"}
        assert (await client.get("/jobs/a")).json()["next_run_at"] is None
        assert (await client.put("/jobs/a/enable")).json() == {"job_id": "a", "status": "enabled"}
        assert (await client.delete("/jobs/a")).json() == {"job_id": "a", "status": "deleted"}
        assert (await client.get("/jobs/a")).status_code == 404


async def test_list_jobs_pages_and_filters(platform: FakePlatform) -> None:
    """A list is an array; its link keeps the filters; its total is a header."""
    async with platform.client() as client:
        for number in range(3):
            await client.post("/jobs", json={**SPEC, "job_id": f"j{number}", "tags": ["x"]})
        first = await client.get("/jobs", params={"tag": "x", "limit": 2})
        assert [job["job_id"] for job in first.json()] == ["j0", "j1"]
        assert first.headers["x-total-count"] == "3"
        assert first.links["next"]["url"] == "/jobs?tag=x&limit=2&cursor=2"
        rest = await client.get(first.links["next"]["url"])
        assert [job["job_id"] for job in rest.json()] == ["j2"]
        assert "link" not in rest.headers
        assert (await client.get("/jobs", params={"tag": "y"})).json() == []
        assert (await client.get("/jobs", params={"enabled": "false"})).json() == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "cursor=-1", "cursor=" + "9" * 5000, "enabled=maybe"]
)
async def test_list_jobs_refuses_bad_queries(platform: FakePlatform, query: str) -> None:
    """A query that does not fit is a 422 that names it."""
    async with platform.client() as client:
        answer = await client.get(f"/jobs?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/query/{query.partition('=')[0]}"


async def test_run_job_takes_inputs_delay_and_trace(platform: FakePlatform) -> None:
    """A run by hand carries who, why, with what and when."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        answer = await client.post(
            "/jobs/a/run",
            json={"inputs": {"duration_ms": 5}, "delay_sec": 1.5},
            headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"},
        )
    RunAccepted.model_validate_json(answer.text)
    assert (answer.status_code, answer.json()["status"]) == (202, "scheduled")
    assert answer.headers["location"] == f"/runs/{answer.json()['run_id']}"
    run = platform.queue.enqueued[0]
    assert (run.source, run.actor, run.trace_id, run.delay_ms) == ("api", "local", trace, 1500)
    assert run.inputs == '{"duration_ms":5}'


@pytest.mark.parametrize("content", [b"", b"{}", b" "])
async def test_run_job_needs_no_body(platform: FakePlatform, content: bytes) -> None:
    """Nothing said means the spec's inputs, now."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        assert (await client.post("/jobs/a/run", content=content)).status_code == 202
    assert (platform.queue.enqueued[0].inputs, platform.queue.enqueued[0].delay_ms) == ("{}", 0)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"inputs": {"duration_ms": -1}}, "/inputs/duration_ms"),
        ({"inputs": []}, "/inputs"),
        ({"delay_sec": -1}, "/delay_sec"),
        ({"delay_sec": "1"}, "/delay_sec"),
        ({"delay_sec": 1e12}, "/delay_sec"),
        ({"delay": 1}, "/delay"),
        ([], ""),
    ],
)
async def test_run_job_refuses_with_a_pointer(platform: FakePlatform, body: Any, pointer: str) -> None:
    """A body that does not fit is named, and nothing is enqueued."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        answer = await client.post("/jobs/a/run", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert platform.queue.enqueued == []


async def test_run_job_key_is_bound_to_body_and_job(platform: FakePlatform) -> None:
    """The same key serves the same request alone; the order of members does not matter."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        await client.post("/jobs", json={**SPEC, "job_id": "b"})
        key = {"Idempotency-Key": "k"}
        bodies = [b'{"delay_sec":1,"inputs":{}}', b'{"inputs": {}, "delay_sec": 1.0}']
        for body in bodies:
            assert (await client.post("/jobs/a/run", content=body, headers=key)).status_code == 202
        for path, body in [("/jobs/a/run", b"{}"), ("/jobs/b/run", bodies[0])]:
            answer = await client.post(path, content=body, headers=key)
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")


@pytest.mark.parametrize("error", [RedisUnavailable("away"), RedisFull("full"), NotDurable("not sure")])
async def test_run_job_unavailable_says_when_to_come_back(platform: FakePlatform, error: Any) -> None:
    """What may work later is a 503 with Retry-After."""
    platform.queue.fails_with = error
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        answer = await client.post("/jobs/a/run")
    assert (answer.status_code, answer.json()["code"]) == (503, error.code)
    assert int(answer.headers["retry-after"]) > 0


async def test_occurrences_join_runs_ledger_and_future(platform: FakePlatform) -> None:
    """What ran, what did not, what is overdue and what comes, in order of time."""
    async with platform.client() as client:
        await client.post("/jobs", json={**SPEC, "schedule": {"interval_sec": 3600}})
        platform.runs.stored = [
            fake_run("01J00000000000000000000000"),
            fake_run(f"a@{NOW_MS}", RunStatus.FAILED, NOW_MS),
        ]
        platform.jobs.ranges = [
            LedgerRange(NOW_MS - 7_200_000, NOW_MS - 3_600_000, 2, "missed", NOW_MS),
            LedgerRange(NOW_MS - 10_800_000, NOW_MS - 10_800_000, 1, "overlap", NOW_MS),
            LedgerRange(NOW_MS - 90_000_000, NOW_MS - 90_000_000, 1, "missed", NOW_MS),
        ]
        platform.jobs.clock.advance(2 * 3600 + 1)
        answer = await client.get("/jobs/a/occurrences", params={"to": "2026-01-31T03:00:00Z"})
    items = answer.json()
    for item in items:
        Occurrence.model_validate(item)
    found = [(item["from"][11:16], item["slots"], item["outcome"], item["status"]) for item in items]
    assert found == [
        ("21:00", 1, "skipped", None),
        ("22:00", 2, "missed", None),
        ("00:00", 1, "ran", "failed"),
        ("01:00", 2, "upcoming", None),
        ("03:00", 1, "upcoming", None),
    ]
    assert items[2]["run_id"] == f"a@{NOW_MS}"


async def test_occurrences_of_a_disabled_job_have_no_future(platform: FakePlatform) -> None:
    """A disabled job fires nothing."""
    async with platform.client() as client:
        await client.post("/jobs", json={**SPEC, "enabled": False})
        assert (await client.get("/jobs/a/occurrences")).json() == []


async def test_occurrences_refuse_a_window_that_ends_before_it_begins(platform: FakePlatform) -> None:
    """From later than to is a mistake."""
    async with platform.client() as client:
        query = {"from": "2026-02-02T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
        answer = await client.get("/jobs/a/occurrences", params=query)
    assert answer.json()["errors"][0]["pointer"] == "/query/from"


async def test_versions_hide_the_idempotency_key(platform: FakePlatform) -> None:
    """The origin of a save names its source and nothing about keys."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC, headers={"Idempotency-Key": "k"})
        versions = (await client.get("/jobs/a/versions")).json()
    assert [(each["version"], each["actor"], each["origin"]) for each in versions] == [(1, "local", "api")]
