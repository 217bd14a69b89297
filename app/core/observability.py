"""JSON logs on stderr, for our own and library lines, with correlation ids.

Every line has `ts, level, service, instance, event`, and `job_id, run_id, trace_id` if they are bound.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
import socket
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from app.core.errors import ConfigurationError
from app.core.i18n import _


@contextmanager
def absent(package: str) -> Generator[None]:
    """Let imports inside the block take a package as not installed, unless it is loaded already.

    For packages that a library imports if it can, and that we do not use through it.
    """
    if package in sys.modules:
        yield
        return
    sys.modules[package] = cast("ModuleType", None)
    try:
        yield
    finally:
        del sys.modules[package]


# rich would colour tracebacks on a terminal; it takes a tenth of the time that a worker's imports take, and
# 5 MB.
with absent("rich"):
    import structlog

if TYPE_CHECKING:
    from types import ModuleType

    from structlog.typing import EventDict, Processor, WrappedLogger

MISCONFIGURED = "misconfigured"
"""The event of the last line of a service whose settings cannot work; its `reason` says what to change."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_FIRST_KEYS = ("ts", "level", "service", "instance", "event", "job_id", "run_id", "trace_id")
# Libraries that log a line per request; only their warnings are shown.
_CHATTY = ("httpx", "httpcore", "asyncio", "telegram")
# structlog's own fields for its formatter, which removes them again.
_FOR_FORMATTER = frozenset({"_record", "_from_structlog"})
_MAX_DEPTH = 8
_LARGEST_INT = 2**63

Redactor = Callable[[str], str]
_redactors: list[Redactor] = []


class _OurHandler(logging.Handler):
    """Writes to the present stderr; its class distinguishes it from other handlers."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001  as every handler: a log line that fails must not fail the work
            self.handleError(record)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger; `log.info("words", field=value)` makes one line."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))


def add_redactor(redactor: Redactor) -> None:
    """Let a function rewrite every text that is logged, tracebacks and library lines included."""
    if redactor not in _redactors:
        _redactors.append(redactor)


def instance_name(service: str) -> str:
    """Return a new name for this process: `<service>-<host>-<pid>-<4 hex>`.

    New at each start, because Redis takes equal consumer names for the same consumer, and a restart inside
    a container keeps host and pid.
    """
    host = re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname().split(".")[0])[:12].strip("-") or "host"
    return f"{service}-{host}-{os.getpid()}-{os.urandom(2).hex()}"


def configure_logging(service: str, instance: str, log_level: str = "INFO") -> None:
    """Send all logs of this process through one JSON formatter; ConfigurationError on an unknown level."""
    level = log_level.strip().upper()
    if level not in LEVELS:
        raise ConfigurationError(
            _(
                "LOG_LEVEL={level!r} is unknown: use one of {levels}",
                level=log_level,
                levels=", ".join(LEVELS),
            )
        )
    shared = _shared_processors(service, instance)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
    )
    _install(formatter, level)


def _shared_processors(service: str, instance: str) -> list[Processor]:
    def add_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        event.setdefault("instance", instance)
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        add_process,
        structlog.processors.format_exc_info,
        # Before any handler: handlers other than ours would use the values unredacted.
        _sanitize,
    ]


def _install(formatter: logging.Formatter, level: str) -> None:
    handler = _OurHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for old in [known for known in root.handlers if isinstance(known, _OurHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # uvicorn configures itself before it imports the application: its handlers would print each line twice.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    ordered = {key: event[key] for key in _FIRST_KEYS if key in event}
    # ASCII only: valid on every console encoding, and a lone surrogate cannot break the line.
    return json.dumps({**ordered, **event})


def _sanitize(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    # Field names come from our own code, and a line needs them to be understood.
    return {key: value if key in _FOR_FORMATTER else _plain(value) for key, value in event.items()}


def _plain(value: object, depth: int = 0) -> object:
    """Return a value as JSON can represent it, every text redacted; a repr is a text too."""
    if isinstance(value, str):
        return _text(value)
    if _is_plain_scalar(value):
        return value
    if depth < _MAX_DEPTH and isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        return {_text(str(key)): _plain(item, depth + 1) for key, item in pairs}
    if depth < _MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, depth + 1) for item in cast("Iterable[object]", value)]
    return _text(_safe_repr(value))


def _is_plain_scalar(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -_LARGEST_INT <= value < _LARGEST_INT
    return value is None


def _safe_repr(value: object) -> str:
    try:
        return str(value) if isinstance(value, BaseException) else repr(value)
    except Exception as error:  # noqa: BLE001  somebody else's __repr__ must not lose the line
        return f"<{type(value).__name__}: repr failed with {type(error).__name__}>"


def _text(text: str) -> str:
    try:
        for redactor in _redactors:
            text = redactor(text)
    except Exception as error:  # noqa: BLE001  an unredacted text must not get out instead
        return f"<redaction failed with {type(error).__name__}>"
    return text
