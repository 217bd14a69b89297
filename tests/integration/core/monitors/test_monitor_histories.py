"""Random histories of monitors against a model: equal states, incidents and time by state."""

from __future__ import annotations

import inspect
import math
from collections.abc import AsyncIterator
from dataclasses import asdict
from random import Random
from typing import Any

import orjson
import pytest

from app.core.execution.attempt import encode_check
from app.core.ids import new_id
from app.core.incidents.store import IncidentStore
from app.core.models import JobSpec
from app.core.monitors.figures import parse_time
from app.core.monitors.models import CheckState, MonitorReport, TimeByState
from app.core.monitors.pings import Ping, PingStore
from app.core.monitors.present import live_time, present_state
from app.core.monitors.store import MonitorStore
from app.core.queue.pauses import Pauses
from app.core.queue.worker import FinishExtra, FinishRow
from app.core.records import Scope, ScopeKind
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import SecretBox
from app.core.specs.store import JobStore
from app.core.storage import scripts as script_files
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts, script_source
from tests.support.fake_clock import FakeClock
from tests.support.monitors.monitor_model import SEC, MonitorModel, PlatformTime
from tests.support.redis_server import remove_all

JOB = "watched"
KINDS = ("monitor_down", "heartbeat_silent")
HTTP, HEARTBEAT = "monitor.http", "monitor.heartbeat"
MOST_DAYS = 80
SAMPLE, ALL = 20, 2_000
STATES: tuple[CheckState, ...] = ("up", "up", "up", "degraded", "down", "down", "not_configured")
REAL_TIME = "local t = redis.call('TIME')\n  now_number = t[1] * 1000 + math.floor(t[2] / 1000)"


class History:
    """One monitor that is driven by random events, and its model."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seed, self.random = world, seed, Random(seed)
        random = self.random
        self.wall_ms = world.start_ms + random.randrange(86_400) * SEC
        self.time = PlatformTime(self.wall_ms)
        self.fail_after, self.after_ms = random.choice([(1, 0), (3, 0), (1, 120 * SEC), (2, 600 * SEC)])
        self.model = MonitorModel(self.time, self.fail_after, self.after_ms)
        self.interval_sec = random.choice([30, 60, 60, 300, 3_600, 86_400, 0])
        self.period_sec = random.choice([60, 600, 3_600, 86_400]) + 0.337
        self.grace_sec = random.choice([10.211, 60.211])
        self.target, self.type, self.token = "https://a.example", "", ""
        self.open_runs: list[tuple[str, int, int]] = []
        self.log: list[str] = []

    @property
    def _length_ms(self) -> int:
        return math.floor((self.period_sec + self.grace_sec) * SEC)

    async def run(self) -> None:
        """Let random things happen; compare with the model after each of them."""
        await self._set_clock()
        await self._note()
        await self._change_type(self.random.choice([HTTP, HEARTBEAT]))
        for _ in range(self.random.randrange(10, 45)):
            if self.time.now > MOST_DAYS * 86_400 * SEC:
                break
            await self._let_time_pass()
            await self._event()
            await self._compare()

    async def _let_time_pass(self) -> None:
        kind = self.random.choices(["on", "sleep", "step"], [80, 14, 6])[0]
        near = self.interval_sec if self.type == HTTP else int(self.period_sec)
        seconds = self.random.choice([1, 7, 20, 60, near, near, near * 2, near * 4, 250, 500, 4_000])
        seconds = max(1, seconds + self.random.randrange(-3, 4))
        if kind == "step":
            seconds = self.random.choice([-7 * 3_600, -3_600, -120, -5, 3_600, 7 * 3_600])
            self.log.append(f"step {seconds}")
        elif kind == "sleep":
            seconds = self.random.choice([5, 14, 16, 100, 250, 1_000, 30_000])
            self.log.append(f"sleep {seconds}")
        else:
            # The last note promises that the next comes within this time.
            await self._beat(seconds * SEC // 3 + 1)
            self.log.append(f"on {seconds}")
        self.wall_ms += seconds * SEC
        await self._set_clock()
        await self._note(goes_on=kind == "on")

    async def _event(self) -> None:
        await self._promote()
        if self.model.paused:
            await self._event_in_pause()
        elif self.random.random() < 0.06:
            await self._change_type(self.random.choice([HTTP, HEARTBEAT]))
        elif self.random.random() < 0.06:
            await self._pause()
        elif self.type == HTTP:
            await self._check_event()
        else:
            await self._ping_event()

    async def _event_in_pause(self) -> None:
        if self.random.random() < 0.5:
            await self._resume()
        elif self.type == HEARTBEAT:
            await self._ping_event()

    async def _check_event(self) -> None:
        if self.model.state() == "unknown":
            # A check that ends after its time counts as silence comes too late for it.
            self.open_runs.clear()
        kind = self.random.choices(["check", "begin", "fail", "move", "wait"], [70, 12, 6, 3, 9])[0]
        self.log.append(kind)
        if kind == "begin" or not self.open_runs:
            await self._begin()
        if kind == "check":
            await self._end(self.random.randrange(len(self.open_runs)))
        elif kind == "fail":
            await self.world.monitors.sweep()
            await self._end(self.random.randrange(len(self.open_runs)), failed=True)
        elif kind == "move":
            self.target = "https://b.example" if self.target == "https://a.example" else "https://a.example"
            await self._save()
            self.model.reset()
            self.open_runs.clear()

    async def _begin(self) -> None:
        seq = int(await self.world.link.call("INCR", self.world.keys.seq))
        self.open_runs.append((new_id(self.world.clock), seq, self.wall_ms))

    async def _end(self, index: int, *, failed: bool = False) -> None:
        run_id, seq, started = self.open_runs.pop(index)
        state = self.random.choice(STATES)
        report = MonitorReport(
            state, self.target, f"host:{self.target}", fail_after=self.fail_after, after_ms=self.after_ms
        )
        slot = None
        if self.interval_sec:
            slot = (self.wall_ms // (self.interval_sec * SEC) + 1) * self.interval_sec * SEC
        await self.world.end_run(
            run_id, seq, started, self.type, slot, "" if failed else encode_check(report)
        )
        self.log.append(f"{'failed' if failed else state} run {seq} of {started - self.wall_ms}")
        if failed:
            self.model.check_failed(seq)
        else:
            self.model.check(seq, self.time.of(started), state, None if slot is None else self.time.of(slot))

    async def _ping_event(self) -> None:
        kind = self.random.choices(["success", "fail", "start", "wait"], [55, 12, 12, 21])[0]
        self.log.append(kind)
        if kind == "start":
            await self.world.pings.ping(self.token, Ping("start"))
            self.model.start(math.floor(self.grace_sec * SEC))
        elif kind != "wait":
            await self.world.pings.ping(self.token, Ping("fail" if kind == "fail" else "success"))
            self.model.ping(self._length_ms, failed=kind == "fail")

    async def _change_type(self, job_type: str) -> None:
        changed = job_type != self.type
        self.type = job_type
        self.log.append(job_type)
        await self._save()
        if not changed:
            return
        self.model.reset()
        self.open_runs.clear()
        if job_type == HEARTBEAT:
            if not self.token:
                self.token = await self.world.pings.token(JOB)
            self.model.expect_first_ping(self._length_ms)

    async def _save(self) -> None:
        inputs: dict[str, Any] = {"url": self.target}
        if self.type == HEARTBEAT:
            inputs = {"period_sec": self.period_sec, "grace_sec": self.grace_sec}
        spec = JobSpec(job_id=JOB, type=self.type, inputs=inputs)
        if len(self.log) == 1:
            await self.world.jobs.create(spec, actor="t", origin="t")
        else:
            await self.world.jobs.replace(spec, expected_version=None, actor="t", origin="t")

    async def _pause(self) -> None:
        self.log.append("pause")
        await self.world.pauses.pause(Scope(ScopeKind.JOB, JOB), actor="t")
        await self.world.monitors.sweep()
        self.model.pause()

    async def _resume(self) -> None:
        self.log.append("resume")
        await self.world.monitors.sweep()
        await self.world.pauses.resume(Scope(ScopeKind.JOB, JOB), actor="t")
        await self.world.monitors.sweep()
        self.model.resume(self._length_ms if self.type == HEARTBEAT else None)

    async def _promote(self) -> None:
        await self.world.scripts.run("queue/promote", page_size=10)
        self.model.promote(self._length_ms)

    async def _set_clock(self) -> None:
        await self.world.set_clock(self.wall_ms)

    async def _note(self, *, goes_on: bool = False) -> None:
        await self._beat(5 * SEC)
        self.time.note(self.wall_ms, goes_on=goes_on)

    async def _beat(self, period_ms: int) -> None:
        await self.world.beat(period_ms)

    async def _compare(self) -> None:
        where = f"history {self.seed}: {', '.join(self.log)}"
        state, times = await self.world.observed()
        assert state == self.model.state(), where
        expected = self.model.times()
        assert all(abs(times[name] - expected[name]) < SEC for name in times), (where, times, expected)
        if self.random.random() < 0.3:
            await self.world.monitors.sweep()
            assert (await self.world.observed())[0] == state, where
        await self._promote()
        assert await self.world.incidents_of() == (self.model.open_kind, self.model.closed), where


class World:
    """A deployment whose Redis has a clock of its own."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self.link, self.keys = link, keys
        self.scripts = scripts = Scripts(link, keys)
        # The functions of a server are shared by all tests.
        scripts._functions_from = math.inf
        self.clock = FakeClock()
        self.start_ms = self.clock.now_ms()
        self.monitors = MonitorStore(link, scripts, keys, self.clock)
        self.incidents = IncidentStore(link, scripts, keys, self.clock)
        self.pings = PingStore(link, scripts, SecretBox(b"a key of these tests, long enough"))
        self.jobs = JobStore(link, scripts, self.clock, "Asia/Jakarta")
        self.pauses = Pauses(link, scripts, keys, self.clock)

    async def set_clock(self, wall_ms: int) -> None:
        self.clock.advance((wall_ms - self.clock.now_ms()) / SEC)
        await self.link.call("SET", clock_key(self.keys), wall_ms)

    async def beat(self, period_ms: int) -> None:
        await self.scripts.run(
            "deployment/heartbeat",
            *("service", "api"),
            action="beat",
            instance="api-1",
            period_ms=period_ms,
            lease_ms=0,
            reconnects=0,
            counted=0,
        )

    async def end_run(  # noqa: PLR0917 - the fields of a run
        self, run_id: str, seq: int, started: int, job_type: str, slot: int | None, check: str
    ) -> None:
        run = {"status": "running", "lease": "l", "attempt": 1, "seq": seq, "rev": 2, "job": JOB}
        run |= {"type": job_type, "source": "api", "lane": "", "started": started}
        fields = [part for pair in run.items() for part in pair]
        slots = ("HSET", self.keys.job(JOB), "slot", slot) if slot else ("HDEL", self.keys.job(JOB), "slot")
        await self.link.calls([("HSET", self.keys.run(run_id), *fields), slots])
        more = orjson.dumps([*FinishExtra("", "", 0, "", check)])
        row = FinishRow(run_id, "l", 1, "success" if check else "failed", "", "", more)
        assert await self.scripts.run("queue/finish", *row) == ["OK"]

    async def observed(self) -> tuple[str, dict[str, int]]:
        """Return the present state, and the time by state: the stored one, and that since the last check."""
        now_ms = self.clock.now_ms()
        days = await self.link.call("HVALS", self.keys.monitor_days(JOB))
        stored = sum(map(parse_time, days), TimeByState())
        found, pauses = await self.monitors._states([JOB])
        if not found:
            return "", asdict(stored)
        state, *_ = present_state(JOB, found[JOB], pauses, now_ms)
        return state, asdict(stored + TimeByState(*live_time(found[JOB], state, now_ms)))

    async def incidents_of(self) -> tuple[str, int]:
        """Return the kind of the monitor's open incident, and how many are closed."""
        found = [
            [each.kind for each in (await self.incidents.list(state)).items if each.kind in KINDS]
            for state in ("open", "closed")
        ]
        assert len(found[0]) <= 1
        return "".join(found[0]), len(found[1])


def clock_key(keys: Keys) -> str:
    return f"{keys.seq}:clock"


@pytest.fixture
async def world(link: RedisLink, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    base = script_source("lib/base")
    assert REAL_TIME in base
    ours = base.replace(REAL_TIME, f"now_number = tonumber(redis.call('GET', '{clock_key(keys)}'))")

    def source(name: str) -> str:
        return ours if name == "lib/base" else script_source(name)

    monkeypatch.setattr(script_files, "script_source", source)
    # The suite keeps the parts of scripts.
    monkeypatch.setattr(script_files, "_code_of", inspect.unwrap(script_files._code_of))
    yield World(link, keys)
    await remove_all(link, keys)


@pytest.mark.timeout(3_600)
async def test_random_histories_are_as_the_model_says(world: World, request: pytest.FixtureRequest) -> None:
    """Checks, pings, stops, sleeps, pauses, clock steps and type changes in any order."""
    count = ALL if request.config.getoption("--full") else SAMPLE
    for seed in range(count):
        await History(world, seed).run()
        await remove_all(world.link, world.keys)
