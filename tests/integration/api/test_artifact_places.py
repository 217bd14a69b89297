"""Reports and exports from an API on another machine: from Redis, a shared folder, or an S3 service."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from moto.moto_server.threaded_moto_server import (  # pyright: ignore[reportMissingTypeStubs]
    ThreadedMotoServer,
)

from app.backup.reader import ExportFile
from app.backup.restore import Restore, RestoreOptions
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import ConfigurationError, LeaseLost
from app.core.files import stores
from app.core.files.artifacts import ArtifactKind, Artifacts
from app.core.models import RunStatus
from app.core.policies import Policies
from app.core.queue import Queue
from app.core.redis_client import RedisLink, open_link
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.api.app import create_app
from app.services.api.services import Services
from app.services.scheduler.maintenance import trim_artifacts
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.embedded_redis import free_port
from tests.support.files import publishing
from tests.support.jobs.job_harness import JobHarness
from tests.support.queue import handlers
from tests.support.queue.queue_driver import QueueDriver
from tests.support.queue.run_port import claimed
from tests.support.redis_server import fresh_settings, remove_all

RUN = claimed("test.files")
BUCKET = "artifacts"
FORMS = {"json": "application/json", "md": "text/markdown", "html": "text/html"}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Return the address of an S3 service on loopback that has a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    httpx.put(f"{endpoint}/{BUCKET}").raise_for_status()
    yield endpoint
    server.stop()


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str:
    return getattr(request, "param", "redis")


@pytest.fixture
def settings(place: str, redis_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Return the settings of the worker's machine."""
    chosen: dict[str, Any] = {}
    if place == "folder":
        chosen = {"artifacts_url": f"file://{tmp_path}/shared"}
    if place == "s3":
        chosen = {
            "artifacts_url": f"s3://{BUCKET}/reports",
            "artifacts_endpoint": request.getfixturevalue("s3"),
        }
        chosen |= {"artifacts_key_id": "test", "artifacts_secret": "test-secret"}
    home, key, modules = tmp_path / "worker", "k" * 40, [handlers.__name__, publishing.__name__]
    return fresh_settings(redis_url, home, secret_key=key, handler_modules=modules, **chosen)


@pytest.fixture
async def harness(driver: QueueDriver, settings: Settings) -> JobHarness:
    return JobHarness(driver, settings)


@pytest.fixture
async def other_api(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of an API that has a data folder of its own."""
    there = settings.model_copy(update={"multi_job_home": tmp_path / "api"})
    services = Services(there, SystemClock(), link, fake_registry(), Policies())
    transport = in_process(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        yield client


async def report_of(harness: JobHarness, job_id: str = "laporan") -> str:
    """Have a report made, and return the stem of its files."""
    async with harness.connector():
        run = await harness.run("report.daily", {}, job_id=job_id)
    assert run.status is RunStatus.SUCCESS, run.error
    return str(run.output["files"][0]).removesuffix(".json")


def stored_objects(settings: Settings) -> list[str]:
    """Return the paths of the contents in the store of ARTIFACTS_URL."""
    if settings.artifacts_url.startswith("file://"):
        shared = Path(settings.artifacts_url.removeprefix("file://"))
        return sorted(str(each.relative_to(shared)) for each in shared.rglob("*") if each.is_file())
    listed = httpx.get(f"{settings.artifacts_endpoint}/{BUCKET}?list-type=2").text
    keys = [part.partition("</Key>")[0] for part in listed.split("<Key>")[1:]]
    return [each for each in keys if f"/{settings.namespace}/" in each]


@pytest.mark.parametrize("place", ["redis", "folder", "s3"], indirect=True)
async def test_report_and_export_are_read_on_another_machine(
    place: str, harness: JobHarness, settings: Settings, other_api: httpx.AsyncClient
) -> None:
    """Each form is the file's bytes; the record names the place and the machine."""
    stem = await report_of(harness)
    (record,) = (await other_api.get("/reports")).json()
    assert record["place"] == place
    for ending, form in FORMS.items():
        written = (settings.files_dir / f"{stem}.{ending}").read_bytes()
        answer = await other_api.get(f"/reports/{record['id']}", headers={"Accept": form})
        assert (answer.status_code, answer.content) == (200, written)
        assert answer.headers["etag"] == f'"{hashlib.sha256(written).hexdigest()}"'
    made = await harness.run("backup.export", {}, job_id="backup")
    (exported,) = (await other_api.get("/exports")).json()
    content = (await other_api.get(f"/exports/{exported['id']}")).content
    assert hashlib.sha256(content).hexdigest() == made.output["sha256"] == exported["sha256"]


@pytest.mark.parametrize("place", ["redis", "folder", "s3"], indirect=True)
async def test_content_of_many_pieces_is_whole(
    place: str, harness: JobHarness, settings: Settings, other_api: httpx.AsyncClient
) -> None:
    """A megabyte that cannot be compressed, and an empty file."""
    content = os.urandom(1_000_001)
    await harness.run("test.publish", {"files": {"a.json": content.hex(), "a.md": ""}}, job_id="big")
    (record,) = (await other_api.get("/reports")).json()
    got = await other_api.get(f"/reports/{record['id']}", headers={"Accept": "application/json"})
    assert (got.status_code, got.content) == (200, content)
    empty = await other_api.get(f"/reports/{record['id']}", headers={"Accept": "text/markdown"})
    assert (empty.status_code, empty.content) == (200, b"")


async def test_a_content_that_is_too_large_for_redis_stays_and_says_so(
    driver: QueueDriver, settings: Settings, other_api: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    """The run's log, the list and the answer name the machine; that machine's API serves the file."""
    harness = JobHarness(driver, settings.model_copy(update={"artifacts_max_mb": 0.0005}))
    await report_of(harness)
    (record,) = (await other_api.get("/reports")).json()
    assert record["place"] == "host"
    refused = await other_api.get(f"/reports/{record['id']}")
    assert (refused.status_code, refused.json()["code"]) == (404, "file_missing")
    assert record["host"] in refused.json()["detail"]
    assert (await client.get(f"/reports/{record['id']}")).status_code == 200
    lines = (await client.get(f"/runs/{record['run_id']}/logs")).json()
    (said,) = [line["fields"] for line in lines if line["message"] == "the report is on this machine alone"]
    assert "ARTIFACTS_MAX_MB" in said["reason"]


async def test_a_record_of_an_earlier_release_is_read_from_its_disk(
    harness: JobHarness, client: httpx.AsyncClient, link: RedisLink, keys: Keys
) -> None:
    """It has no place: the API of that machine serves it as before."""
    await report_of(harness)
    (record,) = (await client.get("/reports")).json()
    await link.call("HDEL", keys.published("report", record["id"]), "place", "content", "objects")
    answer = await client.get(f"/reports/{record['id']}")
    assert (answer.status_code, len(answer.content)) == (200, record["bytes"])


async def test_a_content_that_redis_lost_is_read_from_the_disk(
    harness: JobHarness, client: httpx.AsyncClient, other_api: httpx.AsyncClient, link: RedisLink, keys: Keys
) -> None:
    """On the machine that wrote it; elsewhere the answer names that machine."""
    await report_of(harness)
    (record,) = (await client.get("/reports")).json()
    content = await link.call("HGET", keys.published("report", record["id"]), "content")
    await link.call("DEL", keys.artifact(content))
    assert (await client.get(f"/reports/{record['id']}")).status_code == 200
    assert (await other_api.get(f"/reports/{record['id']}")).status_code == 404


# Memory, lifetime and removal.


@pytest.fixture
async def publish(link: RedisLink, keys: Keys, queue: Queue) -> Any:
    """Publish a record with a content in Redis under the lease of `RUN`."""
    await link.call("HSET", keys.run(RUN.run_id), "status", "running", "lease", RUN.lease_id)
    files = orjson.dumps([{"path": "reports/a/b.md", "bytes": 1, "sha256": "0"}])
    numbers = iter(range(1, 1000))

    async def call(name: str, content: str, **limits: int) -> list[Any]:
        await queue.tool(
            RUN, "tools/stage_artifact", next(numbers), content=content, name="0:0", piece="x" * 100
        )
        return await queue.tool(
            RUN,
            "tools/publish",
            next(numbers),
            op="put",
            kind="report",
            record=name,
            files=files,
            host="here",
            max_records=9,
            place="redis",
            content=content,
            size=100,
            objects="",
            **{"total_bytes": 250, "keep_ms": 60_000, **limits},
        )

    return call


async def places(link: RedisLink, keys: Keys) -> dict[str, str]:
    page = await Artifacts(link, keys).list(ArtifactKind.REPORT, None, None, 100)
    return {each.id: each.place.value for each in page.items}


async def counted_bytes(link: RedisLink, keys: Keys) -> int:
    return int(await link.call("HGET", keys.meta, "artifact_bytes") or 0)


async def test_the_oldest_contents_make_room(publish: Any, link: RedisLink, keys: Keys) -> None:
    """Beyond the limit the oldest content goes; its record stays and says so."""
    for number in range(1, 5):
        await publish(f"a@{number}", f"c{number}")
    assert await places(link, keys) == {"a@1": "host", "a@2": "host", "a@3": "redis", "a@4": "redis"}
    assert await counted_bytes(link, keys) == 200
    assert await link.call("EXISTS", keys.artifact("c1"), keys.artifact("c3")) == 1


async def test_the_bytes_of_a_content_are_counted_once(publish: Any, link: RedisLink, keys: Keys) -> None:
    """A record that is published again, or withdrawn, gives back what it had."""
    await publish("a@1", "c1")
    await publish("a@1", "c2")
    assert await counted_bytes(link, keys) == 100
    await publish("a@2", "c3", total_bytes=0)
    assert await counted_bytes(link, keys) == 0
    assert await link.call("ZCARD", keys.artifacts) == 0


async def test_a_record_that_got_another_content_keeps_it(
    publish: Any, link: RedisLink, keys: Keys, queue: Queue
) -> None:
    """An old content that is removed late says nothing about the record's new one."""
    await publish("a@1", "c1")
    await publish("a@1", "c2")
    await link.call("HSET", keys.artifact("c0"), "bytes", 0, "of", "report:a@1")
    await link.call("ZADD", keys.artifacts, 1, "c0")
    assert await trim_artifacts(queue) == 1
    assert await places(link, keys) == {"a@1": "redis"}


async def test_a_content_has_a_lifetime(publish: Any, link: RedisLink, keys: Keys, queue: Queue) -> None:
    """The scheduler removes what is older than ARTIFACTS_DAYS; the record stays."""
    await publish("a@1", "c1")
    assert await trim_artifacts(queue) == 0
    await link.call("ZADD", keys.artifacts, 1, "c1")
    assert await trim_artifacts(queue) == 1
    assert await places(link, keys) == {"a@1": "host"}
    assert await counted_bytes(link, keys) == 0


async def test_a_staged_content_that_expired_is_on_its_host(
    publish: Any, link: RedisLink, keys: Keys, queue: Queue
) -> None:
    """A worker that stood still for an hour between the copy and the publication."""
    await publish("a@1", "c1")
    files = orjson.dumps([{"path": "reports/a/b.md", "bytes": 1, "sha256": "0"}])
    answer = await queue.tool(
        RUN,
        "tools/publish",
        1000,
        op="put",
        kind="report",
        record="a@2",
        files=files,
        host="here",
        max_records=9,
        place="redis",
        content="gone",
        size=5,
        objects="",
        total_bytes=250,
        keep_ms=60_000,
    )
    assert answer == ["OK", "host"]
    assert await counted_bytes(link, keys) == 100


async def test_a_lost_lease_stages_nothing(publish: Any, link: RedisLink, keys: Keys, queue: Queue) -> None:
    """An attempt that lost its run writes neither pieces nor paths."""
    await publish("a@1", "c1")
    await link.call("HSET", keys.run(RUN.run_id), "lease", "another")
    with pytest.raises(LeaseLost):
        await queue.tool(RUN, "tools/stage_artifact", 1001, content="c2", name="0:0", piece="x")
    with pytest.raises(LeaseLost):
        await queue.tool(RUN, "tools/doom_artifact", 1002, objects="a")
    assert await link.call("EXISTS", keys.artifact("c2"), keys.artifacts_doomed) == 0


@pytest.mark.parametrize("place", ["folder", "s3"], indirect=True)
async def test_contents_that_no_record_names_are_removed_from_the_store(
    place: str, harness: JobHarness, settings: Settings, link: RedisLink, keys: Keys
) -> None:
    """Those of withdrawn records at once, and those of a worker that died within an hour."""
    await harness.run("backup.export", {"keep": 1}, job_id="backup")
    (first,) = stored_objects(settings)
    await harness.run("backup.export", {"keep": 1}, job_id="backup")
    await harness.run("backup.export", {"keep": 1}, job_id="backup")
    left = stored_objects(settings)
    # The second one was withdrawn after the third was published: the next publication removes it.
    assert first not in left
    (second,) = await link.call("ZRANGE", keys.artifacts_doomed, 0, -1)
    assert len([each for each in left if each.endswith(second)]) == 1
    assert len(left) == 2
    await link.call("ZADD", keys.artifacts_doomed, 1, "of/a/worker/that/died.md")
    await harness.run("backup.export", {"keep": 1}, job_id="backup")
    doomed = await link.call("ZRANGE", keys.artifacts_doomed, 0, -1)
    assert len(doomed) == 1
    assert not {second, "of/a/worker/that/died.md"} & {*doomed}


async def test_a_store_that_is_away_costs_no_report(
    driver: QueueDriver, settings: Settings, client: httpx.AsyncClient
) -> None:
    """The file stays on its machine; nothing is lost, and the record says where it is."""
    away = {"artifacts_url": f"s3://{BUCKET}", "artifacts_endpoint": f"http://127.0.0.1:{free_port()}"}
    harness = JobHarness(driver, settings.model_copy(update=away))
    await report_of(harness)
    (record,) = (await client.get("/reports")).json()
    assert record["place"] == "host"
    assert (await client.get(f"/reports/{record['id']}")).status_code == 200


def test_s3_without_its_extra_is_refused(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """The error names the command that installs it."""
    monkeypatch.setattr(stores, "find_spec", dict[str, Any]().get)
    with pytest.raises(ConfigurationError, match=r"multi-job\[s3\]"):
        stores.open_artifact_store(settings.model_copy(update={"artifacts_url": "s3://b"}), SystemClock())


@pytest.mark.parametrize(
    "url", ["s3://", "http://x/y", "file://host/path", "s3://key:secret@bucket", "shared"]
)
def test_an_address_that_is_no_place_is_refused(url: str, redis_url: str, tmp_path: Path) -> None:
    """At the start of the process, by name."""
    with pytest.raises(ValueError, match="artifacts_url"):
        fresh_settings(redis_url, tmp_path, artifacts_url=url)


async def test_backup_holds_reports_with_their_files(
    harness: JobHarness, client: httpx.AsyncClient, settings: Settings, redis_url: str, tmp_path: Path
) -> None:
    """Restored on another machine, the list and the files are the same; twice is once."""
    await report_of(harness)
    wanted = (await client.get("/reports")).json()
    content = (await client.get(f"/reports/{wanted[0]['id']}")).content
    made = await harness.run("backup.export", {}, job_id="backup")
    assert made.output["counts"]["report"] == 1
    there = fresh_settings(redis_url, tmp_path / "restored", secret_key="k" * 40)
    link = await open_link(there)
    scripts = Scripts(link, Keys(there.namespace))
    try:
        for _ in range(2):
            with (settings.files_dir / made.output["file"]).open("rb") as file:
                await Restore(link, scripts, SystemClock(), there).run(ExportFile(file), RestoreOptions())
        services = Services(there, SystemClock(), link, fake_registry(), Policies())
        transport = in_process(create_app(services))
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as restored:
            assert (await restored.get("/reports")).json() == wanted
            assert (await restored.get(f"/reports/{wanted[0]['id']}")).content == content
        counted = await counted_bytes(link, scripts.keys)
        assert 0 < counted < 100_000
        assert await link.call("ZCARD", scripts.keys.artifacts) == 1
    finally:
        await remove_all(link, scripts.keys)
        await link.close()
