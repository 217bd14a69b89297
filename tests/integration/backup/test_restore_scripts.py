"""The scripts of a restore, one by one: every word, under the lock and without it."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.models import JobSpec, Schedule
from app.core.redis_client import Arg, RedisLink
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.statistics.ranges import QuarterFolding
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.backup.restore_items import (
    KINDS,
    MESSAGE,
    OWNER,
    RUN,
    Kind,
    account,
    fields,
    figures,
    incident,
    item,
    job,
    message,
    monitor,
    run,
    value,
    version,
)
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.script)


class RestoreScripts:
    """Runs the scripts as a restore does that holds the lock."""

    def __init__(self, scripts: Scripts) -> None:
        self.scripts = scripts

    async def lock(self, owner: str, word: str = "take", ms: int = 60_000) -> str:
        return await self.scripts.run("restore/lock", owner, ms, word)

    async def do(self, script: str, *items: list[Arg], mode: str = "add", owner: str = OWNER) -> Any:
        return await self.scripts.run(script, mode, owner, *(part for each in items for part in each))


@pytest.fixture
async def restore_scripts(scripts: Scripts) -> RestoreScripts:
    restore_scripts = RestoreScripts(scripts)
    assert await restore_scripts.lock(OWNER) == "YES"
    return restore_scripts


@every_kind
async def test_a_record_is_created_found_or_replaced(
    restore_scripts: RestoreScripts, driver: QueueDriver, kind: Kind
) -> None:
    """A missing record is created, an equal one is kept, a different one is replaced only on request."""
    assert await restore_scripts.do(kind.script, kind.one) == ["CREATED"]
    before = await driver.snapshot()
    assert await restore_scripts.do(kind.script, kind.one) == ["SAME"]
    assert await restore_scripts.do(kind.script, kind.other) == ["KEPT" if kind.keeps else "DIFFERENT"]
    assert await driver.snapshot() == before
    replaced = "KEPT" if kind.keeps else "REPLACED"
    assert await restore_scripts.do(kind.script, kind.other, mode="replace") == [replaced]
    assert (await driver.snapshot() == before) is kind.keeps
    again = await restore_scripts.do(kind.script, kind.one if kind.keeps else kind.other, mode="replace")
    assert again == ["SAME"]


@every_kind
async def test_looking_writes_nothing(scripts: Scripts, driver: QueueDriver, kind: Kind) -> None:
    """To look takes no lock and leaves no trace; the words are those of a restore."""
    restore_scripts, before = RestoreScripts(scripts), await driver.snapshot()
    assert await restore_scripts.do(kind.script, kind.one, mode="look", owner="") == ["CREATED"]
    assert await driver.snapshot() == before
    await restore_scripts.lock(OWNER)
    assert await restore_scripts.do(kind.script, kind.one) == ["CREATED"]
    assert await driver.link.call("EXISTS", kind.key(driver.keys)) == 1
    word = "KEPT" if kind.keeps else "DIFFERENT"
    assert await restore_scripts.do(kind.script, kind.other, mode="look", owner="") == [word]


@pytest.mark.parametrize(
    "script", [*(kind.script for kind in KINDS), "restore/marks", "restore/set_next_fire"]
)
async def test_a_restore_that_lost_its_lock_writes_nothing(
    restore_scripts: RestoreScripts, driver: QueueDriver, script: str
) -> None:
    """Stopped for longer than its lock lasts, it meets another owner, and leaves the rest to that one."""
    items = {kind.script: kind.one for kind in KINDS}.get(script, [1_000, ""])
    await driver.link.call("DEL", driver.keys.restore_lock)
    assert await restore_scripts.do(script, items) == "LOST"
    await restore_scripts.lock("restore-b")
    before = await driver.snapshot()
    assert await restore_scripts.do(script, items) == "LOST"
    assert await restore_scripts.do(script, items, mode="look") == "LOST"
    assert await driver.snapshot() == before


@every_kind
async def test_a_damaged_stored_record_is_an_error(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys, kind: Kind
) -> None:
    """It stops none of its neighbours, and is not overwritten."""
    await link.call("RPUSH", kind.key(keys), "damaged")
    assert await restore_scripts.do(kind.script, kind.one, kind.one, mode="replace") == ["ERROR", "ERROR"]
    assert await link.call("LRANGE", kind.key(keys), 0, -1) == ["damaged"]
    await link.call("DEL", kind.key(keys))


async def test_one_restore_at_a_time(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """The second waits for the end of the first; the owner may ask again; a crashed one's lock lapses."""
    restore_scripts = RestoreScripts(scripts)
    assert [
        await restore_scripts.lock("a"),
        await restore_scripts.lock("a"),
        await restore_scripts.lock("b"),
    ] == [
        "YES",
        "YES",
        "NO",
    ]
    assert 50_000 < await link.call("PTTL", keys.restore_lock) <= 60_000
    assert [await restore_scripts.lock("b", "give"), await restore_scripts.lock("a", "give")] == [
        "NO",
        "GIVEN",
    ]
    assert await restore_scripts.lock("b") == "YES"


async def test_each_page_renews_the_lock(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """A long restore never loses it to its own length."""
    await link.call("PEXPIRE", keys.restore_lock, 5_000)
    await restore_scripts.do("restore/version", version())
    assert await link.call("PTTL", keys.restore_lock) > 50_000


async def test_marks_are_only_raised(restore_scripts: RestoreScripts, link: RedisLink, keys: Keys) -> None:
    """What this deployment has counted further itself stays."""
    assert await restore_scripts.do("restore/marks", [10, 500]) == "OK"
    assert [await link.call("GET", keys.seq), await link.call("HGET", keys.meta, "purged_until")] == [
        "10",
        "500",
    ]
    assert await restore_scripts.do("restore/marks", [3, 400]) == "OK"
    assert await restore_scripts.do("restore/marks", [4, ""]) == "OK"
    assert [await link.call("GET", keys.seq), await link.call("HGET", keys.meta, "purged_until")] == [
        "10",
        "500",
    ]


async def test_a_restored_job_is_in_every_list(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """By seq, type, tag, target, enabled; with its limit, ledger and fired slots, without a next fire."""
    await restore_scripts.do("restore/job", job(key="user:k", limit="3", fired="1000-5000,9000-9000", seq=7))
    lists = (keys.jobs, keys.jobs_type("simulation.load"), keys.jobs_tag("y"), keys.jobs_enabled)
    for index in (*lists, keys.jobs_target("ab" * 16)):
        assert await link.call("ZSCORE", index, "a") == "7"
    assert await link.call("HGET", keys.limits, "user:k") == "3"
    assert await link.call("SMEMBERS", keys.limit_jobs("user:k")) == ["a"]
    assert await link.call("GET", keys.fired("a")) == "1000-5000,9000-9000"
    assert await link.call("LRANGE", keys.ledger("a"), 0, -1) == ["1|2|2|missed|3"]
    assert await link.call("ZCARD", keys.schedule) == 0


async def test_a_restored_success_is_the_last_one_of_its_job(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Unless a later one is known; a run whose job is gone leaves none."""
    await restore_scripts.do("restore/run", run(ended="5000"))
    assert await link.call("ZSCORE", keys.successes, "a") is None
    await restore_scripts.do("restore/job", job())
    for ended, kept in (("6000", "6000"), ("4000", "6000")):
        await restore_scripts.do("restore/run", run(ended, ended=ended), mode="replace")
        assert await link.call("ZSCORE", keys.successes, "a") == kept


async def test_fired_ranges_of_both_sides_are_kept(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Those that overlap become one, sixteen stay at most, and none is forgotten."""
    await link.call("SET", keys.fired("a"), "2000-7000,8000-8000", "EX", 1000)
    await restore_scripts.do("restore/job", job(fired="1000-5000,9000-9000"))
    assert await link.call("GET", keys.fired("a")) == "1000-7000,8000-8000,9000-9000"
    many = ",".join(f"{n}-{n}" for n in range(10_000, 30_000, 1_000))
    await restore_scripts.do("restore/job", job("other", fired=many), mode="replace")
    ranges = (await link.call("GET", keys.fired("a"))).split(",")
    assert (len(ranges), ranges[0], ranges[-1]) == (16, "1000-14000", "29000-29000")
    assert await link.call("TTL", keys.fired("a")) > 39 * 86_400


async def test_a_restored_job_with_another_limit_is_refused(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys, driver: QueueDriver
) -> None:
    """One key has one limit; while another job names it, a restore does not change it either."""
    await link.calls([("HSET", keys.limits, "user:k", 2), ("SADD", keys.limit_jobs("user:k"), "other")])
    before = await driver.snapshot()
    assert await restore_scripts.do("restore/job", job(key="user:k", limit="3"), mode="replace") == ["LIMIT"]
    assert await driver.snapshot() == before
    assert await restore_scripts.do("restore/job", job(key="user:k", limit="2")) == ["CREATED"]


async def test_a_replaced_job_leaves_its_lists(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys, jobs: JobStore
) -> None:
    """What it was listed by, its key's limit and its later versions are gone with it."""
    spec = JobSpec.model_validate(
        {
            "job_id": "a",
            "type": "test.noop",
            "tags": ["z"],
            "concurrency": {"key": "k", "limit": 9},
            "schedule": {"interval_sec": 60},
        }
    )
    await jobs.create(spec, actor="ana", origin="test")
    for text in ("second", "third"):
        changed = spec.model_copy(update={"description": text})
        await jobs.replace(changed, expected_version=None, actor="ana", origin="test")
    assert await restore_scripts.do("restore/job", job(), mode="replace") == ["REPLACED"]
    gone = (keys.jobs_tag("z"), keys.jobs_type("test.noop"), keys.limits, keys.schedule)
    assert await link.call("EXISTS", *gone) == 0
    assert await link.call("HKEYS", keys.versions("a")) == ["1"]


async def test_a_restored_run_is_in_every_list(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """A dead letter among the dead letters too; replaced, it moves, with its own attempts and log alone."""
    dead = {"job": "a", "status": "failed", "seq": "4", "rev": "3", "created": "1", "dead": "1"}
    assert await restore_scripts.do("restore/run", item(RUN, "", "1", "log", *fields(dead), "{}", "{}")) == [
        "CREATED"
    ]
    failed = (keys.runs_status("failed"), keys.dead, keys.dead_job("a"))
    for index in (keys.runs, keys.runs_job("a"), *failed):
        assert await link.call("ZSCORE", index, RUN) == "4"
    assert await restore_scripts.do("restore/run", run(), mode="replace") == ["REPLACED"]
    assert await link.call("EXISTS", *failed) == 0
    assert await link.call("ZSCORE", keys.runs_status("success"), RUN) == "1"
    assert await link.call("LRANGE", keys.attempts(RUN), 0, -1) == ['{"attempt":1}']
    assert await link.call("GET", keys.log_packed(RUN)) == "packed"


async def test_an_export_without_logs_leaves_stored_ones_alone(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Logs that it says nothing about are neither compared nor removed."""
    await restore_scripts.do("restore/run", run())
    stored = {"job": "a", "status": "success", "seq": "1", "rev": "3", "created": "1", "output": "1"}
    without = item(RUN, "", "", "", *fields(stored), '{"attempt":1}')
    assert await restore_scripts.do("restore/run", without) == ["SAME"]
    other = item(RUN, "", "", "", *fields({**stored, "output": "2"}), '{"attempt":1}')
    assert await restore_scripts.do("restore/run", other, mode="replace") == ["REPLACED"]
    assert await link.call("GET", keys.log_packed(RUN)) == "packed"


async def test_a_message_that_went_on_is_kept(
    restore_scripts: RestoreScripts, driver: QueueDriver, keys: Keys
) -> None:
    """On its way here, or on its way in the export and settled since: what is stored knows more."""
    await restore_scripts.do("restore/message", message())
    assert await restore_scripts.do("restore/message", message("bye", cut="1"), mode="replace") == ["KEPT"]
    await driver.link.call("HSET", keys.outbox(MESSAGE), "state", "pending")
    assert await restore_scripts.do("restore/message", message("bye"), mode="replace") == ["KEPT"]
    assert (await driver.fields(keys.outbox(MESSAGE)))["text"] == "hello"


async def test_a_value_whose_time_is_over_stays_away(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys, driver: QueueDriver
) -> None:
    """One that has time left lapses when it would have, and the job's list of keys knows when."""
    assert await restore_scripts.do("restore/value", value(lapses=1_000)) == ["OVER"]
    assert await link.call("EXISTS", keys.kv("a", "state"), keys.kv_index("a")) == 0
    lapses = await driver.now_ms() + 60_000
    assert await restore_scripts.do("restore/value", value(lapses=lapses)) == ["CREATED"]
    assert 50_000 < await link.call("PTTL", keys.kv("a", "state")) <= 60_000
    assert await link.call("ZSCORE", keys.kv_index("a"), "state") == str(lapses)


async def test_figures_whose_time_is_over_stay_away(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Old roll-ups are not kept for longer by being restored; a job's metrics have no end."""
    assert await restore_scripts.do("restore/figures", figures(lapses=1_000)) == ["OVER"]
    assert await link.call("EXISTS", keys.rollup_day(20_000)) == 0
    assert await restore_scripts.do("restore/figures", figures()) == ["CREATED"]
    assert await link.call("TTL", keys.rollup_day(20_000)) > 0
    metrics = item("metrics", "a", "", *fields({"#": "1"}))
    assert await restore_scripts.do("restore/figures", metrics) == ["CREATED"]
    assert await link.call("TTL", keys.tool_metrics("a")) == -1


async def test_restored_minutes_are_folded(
    restore_scripts: RestoreScripts, driver: QueueDriver, link: RedisLink, keys: Keys
) -> None:
    """A scheduler that ran before the restore has folded empty minutes."""
    now = await driver.now_ms()
    minute, quarter = now // 60_000 - 60, now // 900_000 - 4
    await link.call("HSET", keys.meta, "folded_quarter", quarter + 3)
    restored = item("minute", str(minute), now + 60_000, *fields({"success": "2"}))
    assert await restore_scripts.do("restore/figures", restored) == ["CREATED"]
    assert await QuarterFolding(driver.queue).work() == 96
    day, place = divmod(minute // 15, 96)
    assert await link.call("HGET", keys.rollup_all(day), f"{place}|success") == "2"


async def test_restored_metrics_of_jobs_are_listed(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """`/metrics` reads the jobs of that list, the oldest first."""
    await link.call("HSET", keys.job("a"), "seq", "12")
    metrics = item("metrics", "a", "", *fields({"#": "1"}))
    assert await restore_scripts.do("restore/figures", metrics) == ["CREATED"]
    assert await link.call("ZRANGE", keys.tool_metrics_jobs, 0, -1, "WITHSCORES") == ["a", "12"]


async def test_a_large_hash_is_restored_whole(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """A day on which ten thousand jobs had runs is more than one command takes."""
    counts = {f"job-{n}": "1" for n in range(10_000)}
    assert await restore_scripts.do("restore/figures", item("jobs", "20000", "", *fields(counts))) == [
        "CREATED"
    ]
    assert await link.call("HLEN", keys.rollup_jobs(20_000)) == 10_000
    await link.call("EXPIRE", keys.rollup_jobs(20_000), 100)


async def test_a_job_that_was_changed_is_not_armed(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Its next fire belongs to another version; one that is off has none; one that is gone neither."""
    await restore_scripts.do("restore/job", job())
    assert (
        await restore_scripts.do(
            "restore/set_next_fire", item("a", 2, 5_000, 5_001), item("gone", 1, 5_000, 5_000)
        )
        == ["LEFT"] * 2
    )
    await link.call("HSET", keys.job("a"), "enabled", "0")
    assert await restore_scripts.do("restore/set_next_fire", item("a", 1, 5_000, 5_001)) == ["LEFT"]
    assert await link.call("ZCARD", keys.schedule) == 0


async def test_a_damaged_job_is_not_armed(
    restore_scripts: RestoreScripts, driver: QueueDriver, keys: Keys
) -> None:
    """Its neighbours are."""
    await restore_scripts.do("restore/job", job())
    await driver.damage(keys.job("bad"))
    words = await restore_scripts.do(
        "restore/set_next_fire", item("bad", 1, 5_000, 5_001), item("a", 1, 5_000, 5_001)
    )
    assert words == ["ERROR", "ARMED"]
    await driver.link.call("DEL", keys.job("bad"))


async def test_a_next_fire_that_is_set_stays(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Armed once, a second restore moves nothing on."""
    await restore_scripts.do("restore/job", job())
    assert await restore_scripts.do("restore/set_next_fire", item("a", 1, 5_000, 5_001)) == ["ARMED"]
    assert await restore_scripts.do("restore/set_next_fire", item("a", 1, 6_000, 6_001)) == ["LEFT"]
    assert await link.call("ZSCORE", keys.schedule, "a") == "5001"
    assert await link.call("HGET", keys.job("a"), "slot") == "5000"


async def test_a_restored_account_is_another_revision(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Made, it has the one that it had; replaced, a new one, by which connectors take notice."""
    await link.call("SET", keys.seq, 50)
    await restore_scripts.do("restore/account", account())
    assert await link.call("HGETALL", keys.accounts) == ["telegram:a", "5"]
    await restore_scripts.do("restore/account", account("43"), mode="replace")
    assert await link.call("HGETALL", keys.accounts) == ["telegram:a", "51"]
    assert await link.call("HGET", keys.account("telegram:a"), "revision") == "51"


async def test_a_restore_holds_firing(
    restore_scripts: RestoreScripts, driver: QueueDriver, jobs: JobStore, link: RedisLink, keys: Keys
) -> None:
    """Nothing is due while it works; what became due meanwhile is, as soon as it has ended."""
    await jobs.create(
        JobSpec(job_id="tick", type="test.noop", schedule=Schedule(interval_sec=60)), actor="a", origin="t"
    )
    await link.call("ZADD", keys.schedule, 1_000, "tick")
    assert (await driver.queue.due(10)).jobs == []
    assert await restore_scripts.lock(OWNER, "give") == "GIVEN"
    assert [found.job_id for found in (await driver.queue.due(10)).jobs] == ["tick"]


async def test_a_slot_read_before_a_restore_does_not_fire_in_it(
    restore_scripts: RestoreScripts, driver: QueueDriver, jobs: JobStore
) -> None:
    """A scheduler that had looked just before is late by a moment, and loses nothing."""
    bulk = Bulk(driver, jobs)
    spec = JobSpec(job_id="tick", type="test.noop", schedule=Schedule(interval_sec=1))
    await jobs.create(spec, actor="a", origin="t")
    slot = (await driver.now_ms()) // 1000 * 1000 - 60_000
    assert await bulk.fire_slot(spec, slot) == "LOST"
    await restore_scripts.lock(OWNER, "give")
    assert await bulk.fire_slot(spec, slot) == "FIRED"


async def test_a_search_by_time_finds_runs_that_a_restore_has_mixed(
    restore_scripts: RestoreScripts, driver: QueueDriver, runs: RunStore
) -> None:
    """A restored run comes behind newer ones, so seq says nothing about the time of either."""
    made = await driver.enqueue()
    assert await restore_scripts.do("restore/marks", [5, ""]) == "OK"
    assert await restore_scripts.do("restore/run", run(seq=5)) == ["CREATED"]
    now = await driver.now_ms()
    found = await runs.list(RunFilter(since_ms=now - 60_000), None, 10)
    assert [each.run_id for each in found.items] == [made]


async def test_an_incident_that_went_on_is_kept(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """It was closed since the export; even `replace` does not open it again."""
    await restore_scripts.do("restore/incident", incident(closed="9"))
    for mode in ("add", "replace"):
        assert await restore_scripts.do("restore/incident", incident(), mode=mode) == ["KEPT"]
    assert await link.call("HGETALL", keys.incidents_open) == []
    assert await link.call("ZRANGE", keys.incidents("closed"), 0, -1) == ["inc1"]


async def test_a_cause_has_one_open_incident_after_a_restore(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """The stored one is newer."""
    await restore_scripts.do("restore/incident", incident())
    assert await restore_scripts.do("restore/incident", incident(incident_id="inc2")) == ["KEPT"]
    assert await link.call("HGETALL", keys.incidents_open) == ["redis_memory", "inc1"]
    assert await restore_scripts.do("restore/incident", incident(incident_id="inc2", closed="9")) == [
        "CREATED"
    ]
    assert await link.call("ZRANGE", keys.incidents_job("a"), 0, -1) == ["inc1", "inc2"]


async def test_a_restored_dead_letter_opens_no_incident(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Its incident comes with the export, or has been closed."""
    failed = run(status="failed", dead="1", fingerprint="abc")
    assert await restore_scripts.do("restore/run", failed) == ["CREATED"]
    assert await link.call("EXISTS", keys.incidents_open, keys.incidents_due) == 0


async def test_a_restored_heartbeat_was_not_watched_since_its_export(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """Nothing ran until the first process of this platform did, so no ping is missing from that time."""
    await restore_scripts.do("restore/monitor", monitor(seen="8"))
    assert await link.call("LRANGE", keys.awake, 0, -1) == ["0|8|8"]
    await restore_scripts.do("restore/monitor", monitor(seen="9"), mode="replace")
    assert await link.call("LRANGE", keys.awake, 0, -1) == ["0|9|9"]


async def test_a_monitor_that_went_on_is_kept(
    restore_scripts: RestoreScripts, link: RedisLink, keys: Keys
) -> None:
    """A check after the export counts more than the export; an earlier one is replaced whole."""
    await restore_scripts.do("restore/monitor", monitor(seen="8"))
    for mode in ("add", "replace"):
        assert await restore_scripts.do("restore/monitor", monitor(), mode=mode) == ["KEPT"]
    assert await link.call("HGET", keys.monitor("a"), "seen") == "8"
    assert await restore_scripts.do("restore/monitor", monitor(seen="9"), mode="replace") == ["REPLACED"]
    assert await link.call("LRANGE", keys.monitor_ranges("a"), 0, -1) == ["down|0|1|status"]
    assert await link.call("ZSCORE", keys.pings_due, "a") == "9"
