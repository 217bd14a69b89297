"""The event stream with many clients: delay and CPU time."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from app.core.clock import SystemClock
from benchmarks.measure import Figures, cpu_seconds, late_figures
from benchmarks.subject import started, wait_for
from benchmarks.web import OURS, ApiClient

if TYPE_CHECKING:
    from benchmarks.ours import Platform
    from benchmarks.scenarios import Stage

CLIENTS = 200
PER_SEC = 20
_SEEN_SEC = 10.0
_ID = re.compile(rb"id: (\d+)-[\d.]+\nevent: run\.queued\n")
_CLOCK = SystemClock()


class Follower(asyncio.Protocol):
    """One client on a raw socket; `late_ms` has one figure for each event that was read completely."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._rest = b""
        self.begun = False
        self.late_ms: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not registered as such.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(f"GET /events/stream HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        now = _CLOCK.now_ms()
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        self.begun = self.begun or any(b"retry:" in block for block in blocks)
        for block in blocks:
            found = _ID.search(block)
            if found is not None:
                self.late_ms.append(now - int(found[1]))

    def close(self) -> None:
        self._transport.close()


async def events(stage: Stage, subject: Platform) -> Figures:
    """Let 200 clients follow 20 runs a second; from an event's id to its last byte."""
    count = PER_SEC * stage.size(30, 5)
    await subject.prepare()
    client = ApiClient(OURS)
    with started([client.command], subject.environment()) as processes:
        await client.ready(processes)
        followers = await followers_of(client, CLIENTS)

        async def all_begun() -> bool:
            return all(follower.begun for follower in followers)

        async def all_seen() -> bool:
            return all(len(follower.late_ms) >= count for follower in followers)

        await wait_for(all_begun, processes, _SEEN_SEC)
        used = cpu_seconds(processes[0].pid)
        await hand_in(subject, count)
        await wait_for(all_seen, processes, _SEEN_SEC)
        used = cpu_seconds(processes[0].pid) - used
        for follower in followers:
            follower.close()
        await client.close()
    late = [each for follower in followers for each in follower.late_ms]
    return {
        **late_figures(late, "late_ms"),
        "late_ms_max": max(late),
        "api_us": used / (count * CLIENTS) * 1e6,
    }


async def followers_of(client: ApiClient, count: int) -> list[Follower]:
    """Connect clients, one after the other."""
    address = urlsplit(client.url)
    host, port = str(address.hostname), address.port or 0
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: Follower(client.url), host, port) for _ in range(count)]
    return [follower for _, follower in made]


async def hand_in(subject: Platform, count: int) -> None:
    """Submit runs at the rate of the workload."""
    began = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / PER_SEC - time.monotonic()))
        await subject.submit("bench.noop", "{}")
