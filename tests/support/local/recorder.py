"""A server on loopback that records what programs send to it, and answers nothing useful."""

from __future__ import annotations

import socketserver
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread


@dataclass
class Recorder:
    """The port of the server, and the first bytes of each connection."""

    port: int
    received: list[bytes] = field(default_factory=list[bytes])

    @property
    def everything(self) -> bytes:
        """Return all bytes that came."""
        return b"".join(self.received)


@contextmanager
def recorder() -> Generator[Recorder]:
    """Listen on a free port for as long as the block."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(2)
            try:
                found.received.append(self.request.recv(65_536))
            except OSError:
                found.received.append(b"")
            # Another protocol, such as that of Redis, gets no answer at all.
            if b" HTTP/1." in found.received[-1]:
                self.request.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        found = Recorder(server.server_address[1])
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
