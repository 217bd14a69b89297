"""The event stream of a real API process on a real server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.activity.claims import TaskClaims
from app.core.alerting.self_watch import TASK
from app.core.config import Settings
from app.core.redis_client import RedisLink, open_link
from app.core.secret_keys import new_key
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.api.events.hub import MAX_BYTES
from tests.support.api.api_process import Api, running_api
from tests.support.api.event_client import EventClient, following
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.waiting import wait_until, wait_until_async

NAMESPACE = f"es{os.getpid()}"
KEYS = Keys(NAMESPACE)
LONG = 60
SECRET_KEY = new_key()


def variables(**more: str) -> dict[str, str]:
    # Its processes have folders of their own, and one deployment has one key.
    return {"NAMESPACE": NAMESPACE, "SECRET_KEY": SECRET_KEY, "EVENT_KEEP_ALIVE_SEC": "0.5", **more}


@pytest.fixture(scope="module")
def api(redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    home = tmp_path_factory.mktemp("event-stream")
    asyncio.run(hold_the_watch(redis_server.url, home))
    with running_api(redis_server.url, home, **variables()) as api:
        wait_until(lambda: api.status("/readyz") == 200, LONG, "ready")
        yield api


async def hold_the_watch(url: str, home: Path) -> None:
    """Have the claim of self-monitoring: after a while the API would say that it is alone, in events."""
    async with writing_to(url, home) as link:
        assert await TaskClaims(Scripts(link, KEYS), "test").take(TASK, 3_600)


@pytest.fixture
async def writer(redis_url: str, tmp_path: Path) -> AsyncIterator[RedisLink]:
    async with writing_to(redis_url, tmp_path) as link:
        await link.call("DEL", KEYS.events)
        yield link


@contextlib.asynccontextmanager
async def writing_to(url: str, home: Path) -> AsyncGenerator[RedisLink]:
    settings = Settings(_env_file=None, redis_url=url, namespace=NAMESPACE, multi_job_home=home)  # pyright: ignore[reportCallIssue]
    link = await open_link(settings)
    try:
        yield link
    finally:
        await link.close()


async def tell(link: RedisLink, count: int = 1, text: str = "run.queued|job-a|R1|1|1|") -> list[str]:
    """Write events as the scripts do; return their ids."""
    return await link.calls([("XADD", KEYS.events, "*", "e", text) for _ in range(count)])


async def until(client: EventClient, ids: list[str]) -> None:
    await wait_until_async(lambda: ids[-1] in client.ids(), LONG, "the last event")


async def test_events_arrive_as_they_are_listed(api: Api, writer: RedisLink) -> None:
    """Each message carries the id, the type and the very JSON of GET /events; the head forbids buffering."""
    async with following(api.port) as client:
        assert client.status == 200
        assert client.headers["content-type"].startswith("text/event-stream")
        assert client.headers["cache-control"] == "no-store"
        assert client.headers["x-accel-buffering"] == "no"
        assert client.headers["x-trace-id"]
        ids = await tell(writer, 3, 'run.success|job-a|R1|12|3|{"text":"a\\nb"}')
        await until(client, ids)
    assert client.ids() == ids
    assert client.kinds() == ["run.success"] * 3
    listed: list[dict[str, Any]] = (await asyncio.to_thread(api.client.get, "/events")).json()
    assert [each.data for each in client.received] == listed
    assert int(client.retry or 0) > 0


async def test_resume_meets_every_event_once_while_they_rain(api: Api, writer: RedisLink) -> None:
    """Cut off again and again under a rain of events, a client that resumes has each once, in order."""
    await tell(writer)
    seen: list[str | None] = []
    rain = asyncio.create_task(_rain(writer, 150))
    last_id: str | None = (await tell(writer))[0]
    first = last_id
    cuts = 0
    while not rain.done() or seen[-1] != rain.result()[-1]:
        async with following(api.port, last_id=last_id) as client:
            wanted = min(40 * (cuts + 1), 400)
            await wait_until_async(lambda: len(client.ids()) >= wanted or rain.done(), LONG)  # noqa: B023
            if rain.done():
                await until(client, rain.result())
        assert "reset" not in client.kinds()
        seen += client.ids()
        last_id, cuts = client.last_id, cuts + 1
    stored = await writer.call("XRANGE", KEYS.events, f"({first}", "+")
    assert seen == [entry_id for entry_id, _ in stored]
    assert cuts > 1


async def _rain(link: RedisLink, bursts: int) -> list[str]:
    ids: list[str] = []
    for _ in range(bursts):
        ids += await tell(link, 20)
        # The other side shares this machine, and this loop with the clients.
        await asyncio.sleep(0.002)
    return ids


async def test_resume_far_behind_reads_all_pages(api: Api, writer: RedisLink) -> None:
    """A client that missed thousands gets them all by the query, too, and then what comes."""
    ids = await tell(writer, 3_000)
    async with following(api.port, f"?last_event_id={ids[0]}") as client:
        await until(client, ids)
        more = await tell(writer, 2)
        await until(client, more)
    assert client.ids() == [*ids[1:], *more]


async def test_header_goes_before_the_query(api: Api, writer: RedisLink) -> None:
    """A reconnecting client keeps its URL, which holds an older id."""
    ids = await tell(writer, 4)
    async with following(api.port, f"?last_event_id={ids[0]}", last_id=ids[2]) as client:
        await until(client, ids)
    assert client.ids() == ids[3:]


@pytest.mark.parametrize(
    ("last_id", "reason"),
    [("1-1", "before_first"), ("99999999999999-0", "after_last"), ("yesterday", "malformed")],
)
async def test_ids_that_cannot_be_gone_on_from_are_a_reset(
    api: Api, writer: RedisLink, last_id: str, reason: str
) -> None:
    """The client first gets the reason and an id to resume from, then the new events."""
    before = await tell(writer, 3)
    async with following(api.port, last_id=last_id) as client:
        await wait_until_async(lambda: client.received, LONG, "a reset")
        ids = await tell(writer)
        await until(client, ids)
    assert client.kinds() == ["reset", "run.queued"]
    assert client.received[0].data["reason"] == reason
    assert (client.received[0].id, client.ids()) == (before[-1], ids)


async def test_resume_after_a_trim_is_a_reset(api: Api, writer: RedisLink) -> None:
    """If events after the id were dropped, the client is informed of the gap."""
    ids = await tell(writer, 5)
    await writer.call("XTRIM", KEYS.events, "MINID", ids[2])
    async with following(api.port, last_id=ids[0]) as client:
        await wait_until_async(lambda: client.received, LONG, "a reset")
    assert client.received[0].data["reason"] == "before_first"


async def test_topics_choose(api: Api, writer: RedisLink) -> None:
    """A part before the dot, a job, a run, several at once, each event once."""
    texts = [
        "run.queued|job-a|R1|1|1|",
        "run.queued|job-b|b@5|2|1|",
        "job.updated|job-a||1|2|",
        "account.down||||0|",
        "run.queued|job-a|b@6|3|1|",
    ]
    cases = {
        "job": [2],
        "account,job": [2, 3],
        "job:job-a": [0, 2, 4],
        "run:b@5": [1],
        "run,job:job-a": [0, 1, 2, 4],
        "": [0, 1, 2, 3, 4],
    }
    async with contextlib.AsyncExitStack() as stack:
        clients = {
            topics: await stack.enter_async_context(following(api.port, f"?topics={topics}"))
            for topics in cases
        }
        ids = [(await tell(writer, 1, text))[0] for text in texts]
        await until(clients[""], ids)
        for topics, wanted in cases.items():
            await until(clients[topics], [ids[wanted[-1]]])
            assert clients[topics].ids() == [ids[place] for place in wanted], topics


@pytest.mark.parametrize(
    "topics", ["run.queued", "Job", "job:", "run:nonsense", "job:a b", "x:y", "job:new/../a"]
)
async def test_topics_of_no_known_form_are_refused(api: Api, topics: str) -> None:
    """A 422 that points at the query, before anything is streamed."""
    answer = await asyncio.to_thread(api.client.get, "/events/stream", params={"topics": topics})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/topics"


async def test_silent_stream_shows_that_it_lives(api: Api, writer: RedisLink) -> None:
    """Comments keep it open; by their id a client of rare topics resumes from now on."""
    ids = await tell(writer)
    async with following(api.port, "?topics=account") as client:
        await wait_until_async(lambda: client.comments.count("keep-alive") >= 2, LONG, "signs of life")
        ids = await tell(writer)
        await wait_until_async(lambda: client.last_id == ids[-1], LONG, "an id of what was not wanted")
    assert client.received == []


async def test_slow_client_delays_no_other(api: Api, writer: RedisLink) -> None:
    """A client that reads nothing gets a reset once it reads; meanwhile the other one gets every event."""
    reads = asyncio.Event()
    body = "x" * 2_500
    async with following(api.port) as quick, following(api.port, reads=reads) as slow:
        ids: list[str] = []
        # What sockets on both sides hold comes on top of what the process keeps for it.
        while len(ids) * len(body) < 12 * MAX_BYTES:
            burst = await tell(writer, 100, f'run.progress|job-a|R1|1|2|{{"text":"{body}"}}')
            await until(quick, burst)
            ids += burst
        assert quick.ids() == ids
        reads.set()
        await wait_until_async(lambda: "reset" in slow.kinds(), LONG, "a reset")
        more = await tell(writer)
        await until(slow, more)
    (received,) = [each for each in slow.received if each.event == "reset"]
    assert received.data["reason"] == "too_slow"
    assert "reset" not in quick.kinds()


async def test_all_clients_cost_one_connection(api: Api, writer: RedisLink) -> None:
    """However many follow, one connection reads for all of them."""
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(following(api.port)) for _ in range(40)]
        ids = await tell(writer)
        for client in clients:
            await until(client, ids)
        connected: str = await writer.call("CLIENT", "LIST")
        assert connected.count(f"name=multi-job-events:{NAMESPACE} ") == 1


async def test_streams_are_bounded(redis_url: str, tmp_path: Path) -> None:
    """Beyond the limit it is a 503 with Retry-After, until somebody leaves."""
    with running_api(
        redis_url, tmp_path, **variables(NAMESPACE=f"{NAMESPACE}b", MAX_EVENT_STREAMS="2")
    ) as api:
        await wait_until_async(lambda: api.status("/readyz") == 200, LONG, "ready")
        async with following(api.port):
            async with following(api.port):
                refused = await asyncio.to_thread(api.client.get, "/events/stream")
                assert (refused.status_code, refused.json()["code"]) == (503, "too_many_streams")
                assert int(refused.headers["retry-after"]) > 0
            await wait_until_async(lambda: _opens(api.port), LONG, "a place")


async def test_streams_of_one_key_are_bounded(redis_url: str, tmp_path: Path) -> None:
    """One key has its limit, and no other key waits for it; requests without a key count as one."""
    keys = f"one:viewer:{'a' * 32},other:viewer:{'b' * 32}"
    limits = variables(NAMESPACE=f"{NAMESPACE}k", MAX_EVENT_STREAMS_PER_KEY="2", API_KEYS=keys)
    with running_api(redis_url, tmp_path, **limits) as api:
        one, other = "a" * 32, "b" * 32
        await wait_until_async(lambda: api.status("/readyz") == 200, LONG, "ready")
        async with following(api.port, key=one), following(api.port, key=one):
            refused = await asyncio.to_thread(api.client.get, "/events/stream", headers={"X-API-Key": one})
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams_of_key")
            assert "MAX_EVENT_STREAMS_PER_KEY" in refused.json()["detail"]
            assert int(refused.headers["retry-after"]) > 0
            async with following(api.port, key=other) as served:
                assert served.status == 200


async def _opens(port: int) -> bool:
    async with following(port) as client:
        return client.status == 200


async def test_outage_of_redis_leaves_no_gap(tmp_path: Path) -> None:
    """Killed and started again, it goes on from the last id: the stream stays open and says what happened."""
    server = EmbeddedRedis(data_dir=tmp_path / "redis", port=free_port())
    server.data_dir.mkdir()
    with server, running_api(server.url, tmp_path, **variables()) as api:
        await wait_until_async(lambda: api.status("/readyz") == 200, LONG, "ready")
        async with writing_to(server.url, tmp_path) as link, following(api.port) as client:
            ids = await tell(link, 10)
            await until(client, ids)
            await link.call("WAITAOF", 1, 0, 10_000)
            server.kill()
            await wait_until_async(lambda: "degraded" in client.kinds(), LONG, "word of the outage")
            server.start()
            ids += await tell(link, 10)
            await until(client, ids)
            # Some of it may come before the hub is back, and some after.
            ids += await tell(link, 10)
            await until(client, ids)
            assert not client.ended
    assert client.ids() == ids
    assert [kind for kind in client.kinds() if kind != "run.queued"] == ["degraded", "recovered"]


async def test_emptied_redis_is_a_reset(tmp_path: Path) -> None:
    """After a restart without data there is nothing to resume from: every client gets a reset."""
    server = EmbeddedRedis(data_dir=tmp_path / "redis", port=free_port())
    server.data_dir.mkdir()
    with server, running_api(server.url, tmp_path, **variables()) as api:
        await wait_until_async(lambda: api.status("/readyz") == 200, LONG, "ready")
        async with writing_to(server.url, tmp_path) as link, following(api.port) as client:
            await until(client, await tell(link, 3))
            await link.call("DEL", KEYS.events)
            server.kill()
            server.start()
            await wait_until_async(lambda: "reset" in client.kinds(), LONG, "a reset")
            await until(client, await tell(link, 2))
    assert [each.data["reason"] for each in client.received if each.event == "reset"] == ["after_last"]


async def test_stop_ends_open_streams(redis_url: str, tmp_path: Path) -> None:
    """SIGTERM ends the process soon, started as documented, with fifty streams open."""
    with running_api(redis_url, tmp_path, **variables(NAMESPACE=f"{NAMESPACE}c")) as api:
        await wait_until_async(lambda: api.status("/readyz") == 200, LONG, "ready")
        async with contextlib.AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(following(api.port)) for _ in range(50)]
            api.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(api.process.wait, 6)
            await wait_until_async(lambda: all(client.ended for client in clients), LONG, "the ends")
        log = api.log.read_text()
        assert '"event": "stopped"' in log
        assert "Traceback" not in log


async def test_stop_waits_for_no_client_that_reads_nothing(
    redis_url: str, writer: RedisLink, tmp_path: Path
) -> None:
    """What is sent to it can never be sent: after a grace the process ends all the same, in order."""
    reads = asyncio.Event()
    text = f'run.progress|a|R1|1|2|{{"text":"{"x" * 2_000}"}}'
    with running_api(redis_url, tmp_path, **variables()) as api:
        await wait_until_async(lambda: api.status("/readyz") == 200, LONG, "ready")
        async with following(api.port) as quick, following(api.port, reads=reads):
            for _ in range(60):
                await until(quick, await tell(writer, 100, text))
            api.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(api.process.wait, 20)
        assert '"event": "stopped"' in api.log.read_text()
