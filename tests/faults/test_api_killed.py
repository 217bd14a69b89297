"""An API killed during an enqueue: a repeated request has one run."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import orjson

from tests.support.embedded_redis import free_port
from tests.support.faults.deployment import JOB, FaultDeployment, Figures, span, timed
from tests.support.faults.processes import Service
from tests.support.waiting import wait_until_async

HOST = "127.0.0.1"
START_SEC = 60.0


@dataclass(frozen=True, slots=True)
class Api:
    """One process of the API."""

    service: Service
    port: int

    async def run(self, number: int, meanwhile: Callable[[], Awaitable[None]] | None = None) -> str | None:
        """Ask for the run of a key, which its inputs name too; return its id, None without an answer."""
        body = orjson.dumps({"inputs": {"duration_ms": number}})
        head = f"POST /jobs/{JOB}/run HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        head += f"Idempotency-Key: key-{number}\r\nContent-Length: {len(body)}\r\n"
        head, _, answer = (await self._exchange(head, body, meanwhile)).partition(b"\r\n\r\n")
        if not answer:
            return None
        assert head.startswith(b"HTTP/1.1 202"), head
        return orjson.loads(answer)["run_id"]

    async def serves(self) -> bool:
        assert self.service.code is None, self.service.log_file.read_text("utf-8")[-3000:]
        return (await self._exchange(f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n", b"")).startswith(
            b"HTTP/1.1 200"
        )

    async def _exchange(
        self, head: str, body: bytes, meanwhile: Callable[[], Awaitable[None]] | None = None
    ) -> bytes:
        """Return all received bytes; none if the connection breaks."""
        try:
            reader, writer = await asyncio.open_connection(HOST, self.port)
        except OSError:
            return b""
        try:
            # A plain socket: from this line on the process has the request, so that a kill can be aimed.
            writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
            if meanwhile is not None:
                await meanwhile()
            return await reader.read()
        except OSError:
            return b""
        finally:
            writer.close()


@dataclass(slots=True)
class Caller:
    """A client that repeats each request until it gets an answer."""

    deployment: FaultDeployment
    answers: dict[int, str] = field(default_factory=dict[int, str])
    """The run of each key, as the first answer had it."""
    fates: Counter[str] = field(default_factory=Counter[str])
    usual_sec: float = 0.02

    def start(self) -> Api:
        port = free_port()
        return Api(self.deployment.fleet.start_api(port), port)

    async def ask_and_kill(self, api: Api, number: int) -> None:
        """Send the first request of a key, and kill the process at some instant of it."""

        async def kill() -> None:
            # Squared, because a timer fires late and most of a request's work is in its early half.
            await span(self.usual_sec * self.deployment.dice.random() ** 2)
            self.deployment.fleet.kill(api.service)

        run_id = await api.run(number, kill)
        if run_id is not None:
            self.answers[number] = run_id
            self.fates["answered"] += 1
        else:
            written = number in await self.runs()
            self.fates["written, the answer lost" if written else "never written"] += 1

    async def ask_again(self, api: Api, number: int) -> None:
        """Send it again, twice: every answer names the same run."""
        first = await api.run(number)
        assert first is not None
        assert self.answers.setdefault(number, first) == first
        self.usual_sec, second = await timed(api.run(number))
        assert second == first

    async def runs(self) -> dict[int, list[str]]:
        """Return the runs of each key."""
        found: dict[int, list[str]] = {}
        for run_id, h in (await self.deployment.all_runs()).items():
            found.setdefault(orjson.loads(h["inputs"])["duration_ms"], []).append(run_id)
        return found


async def test_an_api_killed_in_an_enqueue_makes_one_run_a_key(
    deployment: FaultDeployment, full: bool, figures: Figures
) -> None:
    """Killed at any instant of a request that is then sent again: each key has the one run promised."""
    kills = 200 if full else 8
    await deployment.create_job({"job_id": JOB})
    caller = Caller(deployment)
    api = caller.start()
    for number in range(kills):
        following = caller.start()
        await wait_until_async(api.serves, START_SEC, "the API serves")
        if number > 0:
            await caller.ask_again(api, number - 1)
        await caller.ask_and_kill(api, number)
        api = following
    await wait_until_async(api.serves, START_SEC, "the API serves")
    await caller.ask_again(api, kills - 1)
    assert await caller.runs() == {number: [run_id] for number, run_id in caller.answers.items()}
    assert len(caller.answers) == kills
    fates = ", ".join(f"{count} {fate}" for fate, count in sorted(caller.fates.items()))
    figures(f"{kills} kills: {fates}; one run a key")
