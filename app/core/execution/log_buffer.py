"""The log and progress of one running attempt: buffered, capped, flushed periodically."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from app.core.errors import LeaseLost, Unavailable
from app.core.i18n import _
from app.core.log_lines import pack_log
from app.core.observability import get_logger
from app.core.records import LogLine
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.models import ClaimedRun

FLUSH_SEC = 0.2
FLUSH_LINES = 50
RETRY_FLUSH_SEC = 1.0
MAX_LINE_CHARS = 8_192
MAX_LOG_CHARS = 1_048_576
"""Of one attempt: its compression at the end blocks the event loop for some 10 ms at most."""
_SEND_LINES = 500
_CUT = "… (cut)"

_log = get_logger(__name__)


class LogSink(Protocol):
    """Receives lines and progress; both methods raise LeaseLost."""

    async def progress(self, run: ClaimedRun, value_json: str) -> None: ...

    async def append_log(self, run: ClaimedRun, first_number: int, lines: list[LogLine]) -> None: ...


def make_line(at: int, level: str, message: str, fields: dict[str, Any], attempt: int) -> LogLine:
    """Return a line for display: secrets masked, 8 KB at most."""
    shown: dict[str, Any] = redactor.tree(fields) if fields else {}
    if shown and len(as_text := orjson.dumps(shown, default=str)) > MAX_LINE_CHARS:
        shown = {"cut": cut(as_text.decode(errors="replace"))}
    # The first cut bounds the work of masking, the second the result.
    return LogLine(at, level, cut(redactor.text(cut(message, 4 * MAX_LINE_CHARS))), shown, attempt)


def cut(text: str, limit: int = MAX_LINE_CHARS) -> str:
    """Return a text of at most `limit` characters; a cut text says so."""
    return text if len(text) <= limit else text[: limit - len(_CUT)] + _CUT


class LogBuffer:
    """Lines and progress of one attempt. Belongs to the event loop; created at the first line."""

    def __init__(self, run: ClaimedRun, port: LogSink, max_lines: int, on_lost: Callable[[], None]) -> None:
        self._run = run
        self._port = port
        self._max_lines = max_lines
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._lines: list[LogLine] = []
        self._sent = 0
        self._chars = 0
        self._full = False
        self._progress: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._flush: asyncio.Task[None] | None = None
        self._lost = False

    def add(self, line: LogLine) -> None:
        """Store a line, or drop it if the log is full."""
        if self._full:
            return
        if len(self._lines) >= self._max_lines or self._chars >= MAX_LOG_CHARS:
            self._full = True
            line = _dropped(line, len(self._lines))
        self._chars += len(line.message)
        self._lines.append(line)
        self._wake()

    def set_progress(self, value_json: str) -> None:
        """Replace the progress that is still to be sent."""
        self._progress = value_json
        self._wake()

    def packed(self) -> str:
        """Return all lines for the end of the run; empty if nothing was logged."""
        return pack_log(self._lines)

    async def close(self, patience_sec: float) -> None:
        """Send the rest, for `patience_sec` at most; unsent lines are not a failure."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        last = asyncio.create_task(self._send_rest(), context=Context())
        done, _ = await asyncio.wait({last}, timeout=patience_sec)
        if not done:
            last.cancel()

    def _wake(self) -> None:
        if self._lost or self._flush is not None:
            return
        if len(self._lines) - self._sent >= FLUSH_LINES:
            self._start_flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(FLUSH_SEC, self._start_flush, context=Context())

    def _start_flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        # A context of its own: in the handler's, the flush's own log lines would become lines to flush.
        self._flush = self._loop.create_task(self._send(), context=Context())
        self._flush.add_done_callback(self._flushed)

    def _flushed(self, _task: asyncio.Task[None]) -> None:
        self._flush = None
        if self._timer is None and self._waiting:
            self._timer = self._loop.call_later(RETRY_FLUSH_SEC, self._start_flush, context=Context())

    @property
    def _waiting(self) -> bool:
        return not self._lost and (self._progress is not None or self._sent < len(self._lines))

    async def _send_rest(self) -> None:
        if self._flush is not None:
            await asyncio.wait({self._flush})
        if self._waiting:
            await self._send()

    async def _send(self) -> None:
        try:
            await self._send_progress()
            while self._sent < len(self._lines):
                batch = self._lines[self._sent : self._sent + _SEND_LINES]
                await self._port.append_log(self._run, self._sent + 1, batch)
                self._sent += len(batch)
        except LeaseLost:
            self._lost = True
            self._on_lost()
        except Unavailable:
            # Kept, and sent again a second later or at the end: a log problem must not fail the run.
            pass
        except Exception:  # noqa: BLE001  as above; the end of the run carries all lines once more
            self._sent = len(self._lines)
            _log.exception("run log could not be sent", run_id=self._run.run_id)

    async def _send_progress(self) -> None:
        value, self._progress = self._progress, None
        if value is None:
            return
        try:
            await self._port.progress(self._run, value)
        except Unavailable:
            if self._progress is None:
                self._progress = value
            raise


def _dropped(line: LogLine, kept: int) -> LogLine:
    message = _("The log is full at {kept} lines, later ones are dropped.", kept=kept)
    return LogLine(line.at, "warning", message, {}, line.attempt)
