"""Detects a stop signal at once.

The server notifies the application only after all open responses have ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Generator
from types import FrameType
from typing import Any, Final

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

# What start-local gives it on its command line: one client that reads nothing must not hold the process.
GRACE_SEC: Final = 3
_NAMES: Final = ("SIGTERM", "SIGINT", "SIGBREAK")


@contextlib.contextmanager
def at_stop(act: Callable[[], None]) -> Generator[None]:
    """Call `act` in the running loop on a stop signal; the server's own reaction stays."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        # Without a handler of the server's own, the default has to go on ending the process.
        if callable(handler):
            signal.signal(number, _both(loop, act, handler))
    try:
        yield
    finally:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)


def _both(
    loop: asyncio.AbstractEventLoop, act: Callable[[], None], handler: Callable[..., Any]
) -> Callable[[int, FrameType | None], None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        handler(number, frame)

    return on_signal


def running_server() -> uvicorn.Server | None:
    """Return the server that starts this application, None if it is not uvicorn in its main thread."""
    # The signal handler is a method of the server: the application has no other reference to it.
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return server if isinstance(server, uvicorn.Server) else None


def prepare_server(server: uvicorn.Server) -> None:
    """Set options of a server that does not listen yet, which has no other way to get them.

    It ends its answers in 3 s, unless its command line says otherwise, and names the peer of the socket.
    """
    keep_peer(server.config)
    if server.config.timeout_graceful_shutdown is None:
        server.config.timeout_graceful_shutdown = GRACE_SEC


def keep_peer(config: Any) -> None:
    """Let `scope["client"]` be the peer of the socket, never an address from `X-Forwarded-For`.

    `config` is uvicorn's. By default uvicorn replaces the peer by that header for every caller on loopback.
    """
    if isinstance(config.loaded_app, ProxyHeadersMiddleware):
        config.loaded_app = config.loaded_app.app
