"""Carry out the steps of flows: one driver on httpx.Client, one on httpx.AsyncClient."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, closing
from typing import Any, TypeVar

import httpx

from multi_job.client.flows import Flow, Item, Open, Receive, Send, Sleep, Step

T = TypeVar("T")


def _with_timeout(request: httpx.Request, read_sec: float | None) -> httpx.Request:
    request.extensions = {
        **request.extensions,
        "timeout": {**request.extensions["timeout"], "read": read_sec},
    }
    return request


class SyncDriver:
    """Carries out flows in the caller's thread."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        # A short program need not close its client. Handles hold the driver too, so it outlives the client.
        weakref.finalize(self, http.close)

    def run(self, flow: Flow[T]) -> T:
        """Return the result of a flow."""
        steps = _SyncSteps(self.http)
        with closing(steps), closing(flow):
            reply: Any = None
            try:
                while True:
                    reply = steps.do(flow.send(reply))
            except StopIteration as end:
                return end.value

    def iterate(self, flow: Flow[None]) -> Generator[Any]:
        """Yield the items of a flow."""
        steps = _SyncSteps(self.http)
        with closing(steps), closing(flow):
            reply: Any = None
            while True:
                try:
                    step = flow.send(reply)
                except StopIteration:
                    return
                if isinstance(step, Item):
                    yield step.value
                    reply = None
                else:
                    reply = steps.do(step)


class _SyncSteps:
    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._stream: httpx.Response | None = None

    def do(self, step: Step) -> Any:
        try:
            match step:
                case Send(operation, key):
                    return self._http.send(operation.request(self._http, key))
                case Sleep(seconds):
                    time.sleep(seconds)
                    return None
                case Open(operation, read_timeout_sec):
                    self.close()
                    request = _with_timeout(operation.request(self._http, None), read_timeout_sec)
                    self._stream = self._http.send(request, stream=True)
                    if not self._stream.is_success:
                        self._stream.read()
                    self._chunks = self._stream.iter_bytes()
                    return self._stream
                case Receive():
                    return next(self._chunks, None)
                case Item():
                    raise TypeError("a flow with items is iterated, not run")
        except httpx.TransportError as error:
            return error

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class AsyncDriver:
    """Carries out flows on the event loop; a cancelled one closes its stream."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def run(self, flow: Flow[T]) -> T:
        """Return the result of a flow."""
        steps = _AsyncSteps(self.http)
        async with aclosing(steps):
            with closing(flow):
                reply: Any = None
                try:
                    while True:
                        reply = await steps.do(flow.send(reply))
                except StopIteration as end:
                    return end.value

    async def iterate(self, flow: Flow[None]) -> AsyncGenerator[Any]:
        """Yield the items of a flow."""
        steps = _AsyncSteps(self.http)
        async with aclosing(steps):
            with closing(flow):
                reply: Any = None
                while True:
                    try:
                        step = flow.send(reply)
                    except StopIteration:
                        return
                    if isinstance(step, Item):
                        yield step.value
                        reply = None
                    else:
                        reply = await steps.do(step)


class _AsyncSteps:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._stream: httpx.Response | None = None

    async def do(self, step: Step) -> Any:
        try:
            match step:
                case Send(operation, key):
                    return await self._http.send(operation.request(self._http, key))
                case Sleep(seconds):
                    await asyncio.sleep(seconds)
                    return None
                case Open(operation, read_timeout_sec):
                    await self.aclose()
                    request = _with_timeout(operation.request(self._http, None), read_timeout_sec)
                    self._stream = await self._http.send(request, stream=True)
                    if not self._stream.is_success:
                        await self._stream.aread()
                    self._chunks = self._stream.aiter_bytes()
                    return self._stream
                case Receive():
                    return await anext(self._chunks, None)
                case Item():
                    raise TypeError("a flow with items is iterated, not run")
        except httpx.TransportError as error:
            return error

    async def aclose(self) -> None:
        if self._stream is not None:
            await self._stream.aclose()
            self._stream = None
