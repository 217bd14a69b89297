"""A local site that monitors check: its status is switched, and it keeps a log of its answers."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

HOST = "127.0.0.1"
_REASONS = {200: "OK", 503: "Service Unavailable"}


class LocalSite:
    """Answers every request with `status`; `log` has each answer's instant (epoch seconds) and status."""

    def __init__(self) -> None:
        self.status = 200
        self.log: list[tuple[float, int]] = []
        self._port = 0

    @classmethod
    @asynccontextmanager
    async def serving(cls) -> AsyncGenerator[Self]:
        """Serve during the block."""
        site = cls()
        server = await asyncio.start_server(site._serve, HOST, 0)
        site._port = server.sockets[0].getsockname()[1]
        async with server:
            yield site

    @property
    def place(self) -> str:
        """Return host and port, as HTTP_ALLOW_PRIVATE has them."""
        return f"{HOST}:{self._port}"

    def uptime(self, until: float) -> float:
        """Return the share of time up, from the first answer on; each answer counts until the next."""
        ends = [*(at for at, _ in self.log[1:]), until]
        up = sum(end - at for (at, status), end in zip(self.log, ends, strict=True) if status == 200)
        return up / (until - self.log[0][0])

    def outage_sec(self) -> float:
        """Return the seconds from the first bad answer to the next good one."""
        first = next(at for at, status in self.log if status != 200)
        return next(at for at, status in self.log if at > first and status == 200) - first

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                status = self.status
                writer.write(f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Length: 2\r\n\r\nok".encode())
                await writer.drain()
                self.log.append((time.time(), status))
        writer.close()
