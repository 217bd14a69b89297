"""Recovery of the ends that dead workers left on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.core.clock import SystemClock
from app.core.errors import RedisUnavailable
from app.core.log_lines import pack_log
from app.core.models import ClaimedRun
from app.core.queue import Queue
from app.core.records import LogLine
from app.core.runs.logs import LogQuery
from app.core.runs.store import RunStore
from app.services.worker.spool import HeldEnd, Spool, SpoolHead
from app.services.worker.spool_recovery import SpoolRecovery
from tests.support.queue.queue_driver import QueueDriver, ending
from tests.support.waiting import wait_until_async

OpenSpool = Callable[[str], Spool]


@pytest.fixture
async def head(queue: Queue) -> SpoolHead:
    return SpoolHead(queue.settings.namespace, await queue.deployment_id(), "127.0.0.1:6379/0", "worker-1")


@pytest.fixture
def open_spool(tmp_path: Path, head: SpoolHead) -> OpenSpool:
    return lambda consumer: Spool(tmp_path / "spool", head, consumer, SystemClock())


def leave(spool: Spool, runs: list[ClaimedRun], **changes: Any) -> None:
    """Let a worker die with the ends of these runs on its disk."""
    spool.add([HeldEnd(run, ending(run, output='{"a":1}', **changes), since=0.0) for run in runs])
    spool.close()


def left(spool: Spool) -> list[str]:
    return sorted(path.name for path in spool.folder.iterdir())


async def test_deployment_id_is_made_once(queue: Queue) -> None:
    """All processes of a namespace read the same name, whichever asked first."""
    names = {await queue.deployment_id() for _ in range(3)}
    assert len(names) == 1
    assert names.pop()


async def test_ends_of_a_dead_worker_are_recorded(driver: QueueDriver, open_spool: OpenSpool) -> None:
    """Each run ends as its handler did, and nothing of it stays on disk."""
    runs = [await driver.start() for _ in range(3)]
    leave(open_spool("w1"), runs)
    spool = open_spool("w2")
    with capture_logs() as lines:
        await SpoolRecovery(spool, driver.queue).recover()
    assert [(await driver.hash(run.run_id))["output"] for run in runs] == ['{"a":1}'] * 3
    assert [await driver.status(run.run_id) for run in runs] == ["success"] * 3
    assert left(spool) == []
    (line,) = lines
    assert (line["worker"], line["recorded"], line["too_late"]) == ("worker-1", 3, 0)
    assert await driver.at_rest() == {}


async def test_end_that_comes_too_late_changes_nothing(driver: QueueDriver, open_spool: OpenSpool) -> None:
    """Another attempt owns the run by then: it goes on, and a log line reports it."""
    run = await driver.start()
    leave(open_spool("w1"), [run])
    await driver.crash()
    (again,) = (await driver.claim(consumer="w2")).runs
    spool = open_spool("w2")
    with capture_logs() as lines:
        await SpoolRecovery(spool, driver.queue).recover()
    assert await driver.status(run.run_id) == "running"
    assert (lines[0]["recorded"], lines[0]["too_late"]) == (0, 1)
    assert left(spool) == []
    assert await driver.finish(again) == "OK"


@pytest.mark.parametrize("changes", [{"namespace": "other"}, {"deployment": "other"}])
async def test_ends_of_another_deployment_are_left_alone(
    driver: QueueDriver, open_spool: OpenSpool, changes: dict[str, str]
) -> None:
    """Another namespace, or another Redis with the same name, gets none of the ends."""
    run = await driver.start()
    other = open_spool("w1")
    other.head = replace(other.head, **changes)
    leave(other, [run])
    spool = open_spool("w2")
    recovery = SpoolRecovery(spool, driver.queue)
    with capture_logs() as lines:
        await recovery.recover()
        await recovery.recover()
    assert await driver.status(run.run_id) == "running"
    assert left(spool) == ["w1.000001.jsonl", "w1.lock"]
    assert [line["event"] for line in lines] == ["spooled ends of another deployment are left alone"]


async def test_damaged_spool_file_holds_up_no_other(driver: QueueDriver, open_spool: OpenSpool) -> None:
    """A file without a head stays for an operator; a torn line is logged; the rest is recorded."""
    runs = [await driver.start() for _ in range(3)]
    first = open_spool("w1")
    first.add([HeldEnd(run, ending(run), since=0.0) for run in runs[:2]])
    leave(first, runs[2:])
    torn = first.folder / "w1.000001.jsonl"
    torn.write_bytes(torn.read_bytes()[:-30])
    (first.folder / "w0.000001.jsonl").write_bytes(b"\0" * 100)
    spool = open_spool("w2")
    with capture_logs() as lines:
        await SpoolRecovery(spool, driver.queue).recover()
    assert [await driver.status(run.run_id) for run in runs] == ["success", "running", "success"]
    assert [path for path in left(spool) if path.endswith(".jsonl")] == ["w0.000001.jsonl"]
    assert [line.get("damaged") for line in lines] == [None, 1, 0]


async def test_recovery_keeps_the_files_while_redis_is_away(
    driver: QueueDriver, open_spool: OpenSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A try that fails loses nothing, and another worker may make the next."""
    run = await driver.start()
    leave(open_spool("w1"), [run])

    async def away(_batch: object) -> list[str]:
        raise RedisUnavailable("away")

    with monkeypatch.context() as patched:
        patched.setattr(driver.queue, "finish_many", away)
        with pytest.raises(RedisUnavailable):
            await SpoolRecovery(open_spool("w2"), driver.queue).recover()
    assert left(open_spool("w2")) == ["w1.000001.jsonl", "w1.lock"]
    await SpoolRecovery(open_spool("w3"), driver.queue).recover()
    assert await driver.status(run.run_id) == "success"


async def test_recovered_end_has_the_log_of_earlier_attempts(
    driver: QueueDriver, open_spool: OpenSpool, runs: RunStore
) -> None:
    """Lines that the worker could not merge any more are merged now."""
    run = await driver.start()
    await driver.queue.append_log(run, 1, [LogLine(1, "info", "first", {}, 1)])
    await driver.queue.release([(run.run_id, run.lease_id)])
    (again,) = (await driver.claim()).runs
    end = ending(again, log=pack_log([LogLine(2, "info", "second", {}, 2)]))
    spool = open_spool("w1")
    spool.add([HeldEnd(again, end, since=0.0, merge=True)])
    spool.close()
    await SpoolRecovery(open_spool("w2"), driver.queue).recover()
    page = await runs.read_log(run.run_id, LogQuery())
    assert [placed.line.message for placed in page.lines] == ["first", "second"]


async def test_living_worker_looks_for_ends_of_others(driver: QueueDriver, open_spool: OpenSpool) -> None:
    """A worker that is killed and not replaced has its ends sent by another one on the machine."""
    run = await driver.start()
    driver.queue.settings = driver.queue.settings.model_copy(update={"lease_sec": 0.5})
    stop = asyncio.Event()
    looking = asyncio.create_task(SpoolRecovery(open_spool("w2"), driver.queue).run(stop))
    leave(open_spool("w1"), [run])

    async def recorded() -> bool:
        return await driver.status(run.run_id) == "success"

    await wait_until_async(recorded)
    stop.set()
    await looking
