"""AUDIT_SINK: audit entries as JSON lines in a file or in syslog, beside Redis.

A thread writes the lines. A sink that fails or hangs stops no request: its lines are counted and logged.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import logging.handlers
import os
import queue
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.core.observability import get_logger

if TYPE_CHECKING:
    from app.core.config import Settings

MAX_WAITING = 10_000
"""Lines that wait for the sink; further ones are lost."""
CLOSE_SEC = 2.0
_LOG_EACH_SEC = 60.0
_LOCAL_SYSLOG = "/var/run/syslog" if sys.platform == "darwin" else "/dev/log"
_NAME = "multi-job"

log = get_logger(__name__)

OnLost = Callable[[int, str], None]
"""Called in the sink's thread: how many lines were lost, and why."""


class LineWriter(Protocol):
    """Writes lines to one place; raises OSError."""

    def write(self, line: str) -> None: ...

    def close(self) -> None: ...


class FileLineWriter:
    """Appends to a file of mode 0600. A file that was renamed or removed is made again (logrotate)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._identity = (0, 0)

    def write(self, line: str) -> None:
        """Append a line with one call, so that lines of several processes do not mix."""
        self._reopen_if_moved()
        data = line.encode() + b"\n"
        if os.write(self._file, data) != len(data):
            # The disk is full. The next line begins on a line of its own.
            os.write(self._file, b"\n")
            raise OSError(f"{self._path}: only a part of a line was written")

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _reopen_if_moved(self) -> None:
        if self._file >= 0:
            try:
                found = self._path.stat()
            except FileNotFoundError:
                self.close()
            else:
                if (found.st_dev, found.st_ino) != self._identity:
                    self.close()
        if self._file < 0:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
            self._file = os.open(self._path, flags, 0o600)
            opened = os.fstat(self._file)
            self._identity = (opened.st_dev, opened.st_ino)


class SyslogLineWriter:
    """Sends lines to syslog as `multi-job: {…}`, facility authpriv. UDP reports no loss."""

    def __init__(self, address: tuple[str, int] | str) -> None:
        self._address = address
        self._handler: logging.handlers.SysLogHandler | None = None

    def write(self, line: str) -> None:
        """Send a line."""
        if self._handler is None:
            self._handler = _StrictHandler(
                self._address, facility=logging.handlers.SysLogHandler.LOG_AUTHPRIV
            )
            self._handler.ident = f"{_NAME}: "
        self._handler.emit(logging.LogRecord(_NAME, logging.INFO, "", 0, line, None, None))

    def close(self) -> None:
        """Close the socket."""
        if self._handler is not None:
            self._handler.close()
            self._handler = None


class _StrictHandler(logging.handlers.SysLogHandler):
    append_nul = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  of the base class
        """Raise the error that is being handled; the base class prints it."""
        raise sys.exception() or OSError("syslog failed")


def writer_of(sink: str) -> LineWriter:
    """Return the writer of an AUDIT_SINK that is set."""
    if sink == "syslog":
        return SyslogLineWriter(_LOCAL_SYSLOG)
    if sink.startswith("syslog:"):
        _kind, host, port = sink.split(":")
        return SyslogLineWriter((host, int(port)))
    return FileLineWriter(Path(sink))


def sink_problem(settings: Settings) -> str:
    """Return why AUDIT_SINK cannot be written from this process; '' if it can. Writes nothing."""
    sink = settings.audit_sink
    try:
        if sink == "syslog":
            kind = socket.SOCK_DGRAM
            with socket.socket(socket.AF_UNIX, kind) as client:
                client.connect(_LOCAL_SYSLOG)
        elif sink.startswith("syslog:"):
            _kind, host, port = sink.split(":")
            socket.getaddrinfo(host, int(port), type=socket.SOCK_DGRAM)
        elif sink:
            path = Path(sink)
            place = path if path.exists() else path.parent
            if not os.access(place, os.W_OK) or path.is_dir():
                return f"{place} cannot be written"
    except OSError as error:
        return f"{sink}: {error}"
    return ""


class AuditSink:
    """Hands lines to a thread that writes them."""

    def __init__(self, writer: LineWriter, on_lost: OnLost) -> None:
        self._writer = writer
        self._on_lost = on_lost
        self._lines: queue.Queue[str | None] = queue.Queue(MAX_WAITING)
        self._thread: threading.Thread | None = None
        self._logged_at = float("-inf")
        self._is_closed = False

    def write(self, line: str) -> None:
        """Hand a line over; never waits."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="audit sink", daemon=True)
            self._thread.start()
            # A daemon thread would leave lines behind at the end of the process.
            atexit.register(self.close)
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self._lost("too many lines wait for it")

    def close(self, wait_sec: float = CLOSE_SEC) -> None:
        """Write what waits, for at most `wait_sec`; lines that are left are lost."""
        if self._thread is None or self._is_closed:
            return
        self._is_closed = True
        atexit.unregister(self.close)
        with contextlib.suppress(queue.Full):
            self._lines.put(None, timeout=wait_sec)
        self._thread.join(wait_sec)
        if self._thread.is_alive():
            self._lost("it did not take them in time", max(1, self._lines.qsize() - 1))

    def _work(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._writer.write(line)
            except Exception as error:  # noqa: BLE001  a library's errors too
                self._writer.close()
                self._lost(str(error) or type(error).__name__)
        self._writer.close()

    def _lost(self, reason: str, count: int = 1) -> None:
        now = time.monotonic()
        if now - self._logged_at >= _LOG_EACH_SEC:
            self._logged_at = now
            log.error("AUDIT_SINK failed: entries are in Redis alone", reason=reason)
        self._on_lost(count, reason)
