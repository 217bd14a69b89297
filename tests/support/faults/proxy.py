"""A TCP proxy in front of Redis that injects network faults."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

HOST = "127.0.0.1"
_CHUNK = 65_536


@dataclass(slots=True)
class Weather:
    """What happens to the bytes; the default lets them pass."""

    delay_sec: float = 0.0
    jitter_sec: float = 0.0
    chunk_bytes: int = _CHUNK
    refuse: bool = False
    """Every connection is reset, new ones at once."""
    drop_each: int = 0
    """The answer of each n-th read is swallowed, then the connection is cut."""
    fail_share: float = 0.0
    """This share of the calls fails, each in one of the ways of `Failure`."""


class Failure(StrEnum):
    """How a call fails; a call is one write of a client."""

    BEFORE = "cut before it was sent"
    PARTLY = "cut in the middle of it"
    AFTER = "cut before its answer"
    SILENT = "no answer, no cut"


@dataclass(slots=True)
class _Way:
    """One connection through the proxy."""

    failure: Failure | None = None
    """The failure of the connection: from then on no answer is forwarded."""


class FaultProxy:
    """Forwards to a port of this machine, from a thread and an event loop of its own."""

    def __init__(self, upstream_port: int, seed: int = 7) -> None:
        self._upstream_port = upstream_port
        self._weather = Weather()
        self._dice = random.Random(seed)
        self._answers = 0
        self.dropped = 0
        self.failed: Counter[Failure] = Counter()
        self.calls = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._served: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._clear = asyncio.Event()
        self._clear.set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy", daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._accept, HOST, 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def set(self, weather: Weather) -> None:
        """Change the weather; `refuse` cuts the connections that stand."""
        self._do(self._change(weather))

    def heal(self) -> None:
        """Let everything pass, what a black hole has held included."""
        self._do(self._change(Weather()))
        self._loop.call_soon_threadsafe(self._clear.set)

    def lead_to(self, port: int) -> None:
        """Forward new connections to another port, as a virtual address does after a failover."""
        self._upstream_port = port

    def black_hole(self) -> None:
        """Let nothing pass, in silence: connections stand, new ones are taken, no byte moves."""
        self._loop.call_soon_threadsafe(self._clear.clear)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _change(self, weather: Weather) -> None:
        self._weather = weather
        if weather.refuse:
            self._cut_all()

    async def _close(self) -> None:
        self._server.close()
        # Connections that the system had accepted before get their transports in the next turns of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self._clear.set()
        self._cut_all()
        for task in self._served:
            task.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)

    def _cut_all(self) -> None:
        for writer in list(self._writers):
            _reset(writer)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Kept here: a task that is cancelled before its first step closes nothing.
        self._writers.add(writer)
        # A task of our own: asyncio's streams complain of one of theirs that is cancelled.
        task = self._loop.create_task(self._serve(reader, writer))
        self._served.add(task)
        task.add_done_callback(self._served.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._clear.wait()
            if not self._weather.refuse:
                await self._forward(reader, writer)
        except OSError:
            pass
        finally:
            self._writers.discard(writer)
            _reset(writer)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(HOST, self._upstream_port)
        self._writers.add(up_writer)
        way = _Way()
        pumps = {
            asyncio.create_task(self._pump_calls(reader, up_writer, way)),
            asyncio.create_task(self._pump_answers(up_reader, writer, way)),
        }
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            self._writers.discard(up_writer)
            _reset(up_writer)

    async def _pump_calls(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: _Way
    ) -> None:
        while data := await source.read(_CHUNK):
            await self._clear.wait()
            way.failure = way.failure or self._fate()
            if way.failure is Failure.BEFORE:
                return
            if way.failure is Failure.PARTLY:
                await self._pass_on(data[: len(data) // 2], target)
                return
            await self._pass_on(data, target)

    async def _pump_answers(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: _Way
    ) -> None:
        while data := await source.read(_CHUNK):
            await self._clear.wait()
            if way.failure is Failure.AFTER or self._swallows():
                return
            if way.failure is not Failure.SILENT:
                await self._pass_on(data, target)

    async def _pass_on(self, data: bytes, target: asyncio.StreamWriter) -> None:
        if self._weather.delay_sec:
            spread = self._dice.uniform(-1, 1) * self._weather.jitter_sec
            await asyncio.sleep(self._weather.delay_sec + spread)
        size = self._weather.chunk_bytes
        for start in range(0, len(data), size):
            target.write(data[start : start + size])
            await target.drain()
            if size < _CHUNK:
                # Without a turn of the loop the pieces would leave in one packet.
                await asyncio.sleep(0)

    def _fate(self) -> Failure | None:
        """Draw whether a call fails."""
        self.calls += 1
        if self._dice.random() >= self._weather.fail_share:
            return None
        failure = self._dice.choice(list(Failure))
        self.failed[failure] += 1
        return failure

    def _swallows(self) -> bool:
        self._answers += 1
        each = self._weather.drop_each
        if not each or self._answers % each:
            return False
        self.dropped += 1
        return True


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, so that the peer learns of it as of a crash, not of a polite end."""
    peer: socket.socket | None = writer.get_extra_info("socket")
    if peer is not None and peer.fileno() >= 0:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
