"""Limits the size of request heads, which the C parser keeps in memory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from httptools import HttpParserError  # pyright: ignore[reportAttributeAccessIssue]
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.core.background import run_forever, sleep_or_stop
from app.core.storage.script_head import flat
from app.core.storage.scripts import script_row

if TYPE_CHECKING:
    import asyncio

    from app.core.storage.scripts import Scripts

MAX_HEAD_BYTES: Final = 65_536
_TEXT: Final = b"The head of the request is too large. / Header permintaan terlalu besar."
_ANSWER: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_TEXT), _TEXT)
)


class BoundedHead(HttpToolsProtocol):
    """Ends a connection once more bytes than the limit were neither a whole head nor a body.

    Trailers and the extensions of chunks count too. What comes in one read is let through whole.
    """

    _pending = 0

    def data_received(self, data: bytes) -> None:
        """Feed the parser; respond with 431 if the head does not end."""
        self._pending += len(data)
        super().data_received(data)
        if self._pending > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.logger.warning("A head is larger than %d bytes.", MAX_HEAD_BYTES)
            # Never amid another answer, which a client that sends on may still be reading.
            if self.cycle is None or self.cycle.response_complete:  # pyright: ignore[reportUnnecessaryComparison]
                self.transport.write(_ANSWER)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Reset the count; a target that is no path gets 400, as any malformed head does."""
        self._pending = 0
        if not self.url.startswith((b"/", b"*")):
            # Such a target names a host of its own, which nothing behind this would check.
            raise HttpParserError("the target is not a path")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Restart the count."""
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Restart the count."""
        self._pending = 0
        super().on_message_complete()


# Counts of refused and cut requests by reason, for the deployment's metrics.

REPORT_SEC: Final = 5.0


class Refusals:
    """Counts of this process since its start. Reasons are words of the code, never of a request."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, reason: str) -> None:
        """Count one."""
        self.counts[reason] += 1


@script_row("access/count_refused")
class RefusalRow(NamedTuple):
    """How often a process has refused for one reason: the total that Redis confirmed, and the total now."""

    reason: str
    acknowledged: int
    total: int


class RefusalReport:
    """Adds the counts of a process to the metrics in Redis every few seconds."""

    def __init__(self, refusals: Refusals, scripts: Scripts, instance: str) -> None:
        self._refusals = refusals
        self._scripts = scripts
        self._instance = instance
        self._reported: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        """Report until `stop`."""
        await run_forever("refusals", self._step, stop)

    async def report(self) -> None:
        """Report once, if there is something new."""
        now = Counter(self._refusals.counts)
        rows = [
            RefusalRow(reason, acknowledged=self._reported[reason], total=now[reason])
            for reason in sorted(now)
            if now[reason] != self._reported[reason]
        ]
        # Before the first heartbeat, and after an outage, the counts wait for the next one.
        if not rows:
            return
        word = await self._scripts.run("access/count_refused", *flat(rows), instance=self._instance)
        if word == "OK":
            self._reported = now

    async def _step(self, stop: asyncio.Event) -> None:
        await self.report()
        await sleep_or_stop(stop, REPORT_SEC)
