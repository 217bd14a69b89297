"""Converts results to JSON, exceptions to failures, and failures to retry or end."""

from __future__ import annotations

import hashlib
import math
import os
import random
import re
import traceback
from dataclasses import asdict, dataclass, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import orjson
from pydantic import BaseModel, ValidationError

from app.core.errors import ConfigurationError, InvalidInput, MultiJobError, Refused, RunFailure
from app.core.i18n import _, message_of
from app.core.i18n.stored import cut, masked, packed, unpacked, with_message
from app.core.models import AttemptOutcome, AttemptResult, ErrorKind, RetryPolicy
from app.core.redaction import redactor, safe_str

if TYPE_CHECKING:
    from types import TracebackType

    from app.core.models import ClaimedRun

MAX_TRACEBACK_CHARS = 8_192
MAX_MESSAGE_CHARS = 2_000
# Before masking a text may be longer: no pattern finds a secret that is cut in two.
_UNMASKED = 4
_OUR_FRAMES = tuple(
    os.path.join(*parts)  # noqa: PTH118  a suffix, not a path
    for parts in (
        ("execution", "attempt.py"),
        ("execution", "thread.py"),
        ("execution", "child.py"),
        ("multi_job", "decorator.py"),
        ("asyncio", "runners.py"),
        ("asyncio", "base_events.py"),
        ("asyncio", "threads.py"),
        ("concurrent", "futures", "thread.py"),
    )
)
_OWN_PACKAGE = __name__.partition(".core.")[0]
_IDS = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b|(?:0x)?\b[0-9a-fA-F-]{8,}\b|\d+")


@dataclass(frozen=True, slots=True)
class Failure:
    """The failure of an attempt, not yet masked; child processes send it as JSON."""

    kind: ErrorKind
    code: str
    message: str
    type: str = ""
    retryable: bool = True
    traceback: str = ""
    frame: str = ""
    """The innermost position, `file:function`. With type and message it identifies an error."""
    names: tuple[str, ...] = ()
    """The exception's class and its bases, which a retry policy may name as non-retryable."""

    def wire(self) -> dict[str, Any]:
        """Return it as JSON for the parent process."""
        return {**asdict(self), "message": packed(self.message)}

    @classmethod
    def from_wire(cls, fields: dict[str, Any]) -> Self:
        """Return the failure that a child process has sent."""
        sent = cls(**fields)
        return replace(sent, message=unpacked(sent.message))


class BadOutputError(Exception):
    """A handler's result cannot be stored."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.failure = Failure("invalid", code, message, retryable=False)


def encode_output(value: Any, max_bytes: int) -> str:
    """Return a result as JSON text, empty for None and {}; raises BadOutputError."""
    if value is None or value == {}:
        return ""
    try:
        text = _encode(value)
    except Exception as error:
        raise BadOutputError(
            "result_not_serialisable", f"the result is no JSON: {safe_str(error)}"
        ) from error
    if len(text) > max_bytes:
        raise BadOutputError(
            "result_too_large", f"the result has {len(text):,} bytes of at most {max_bytes:,}"
        )
    return redactor.json(text.decode())


def _encode(value: Any) -> bytes:
    model = isinstance(value, BaseModel)
    text = value.model_dump_json().encode() if model else orjson.dumps(value, default=_plain)
    # Both encoders silently write NaN and infinity as null; without a null there is nothing to check.
    if b"null" in text and not _finite(value.model_dump() if model else value):
        raise ValueError("NaN and infinity are no JSON")
    return b"" if text == b"{}" else text


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} is not serialisable")


def _finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, BaseModel):
        return _finite(value.model_dump())
    if is_dataclass(value) and not isinstance(value, type):
        return _finite(asdict(value))
    if isinstance(value, dict):
        return all(_finite(item) for item in cast("dict[Any, Any]", value).values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(_finite(item) for item in cast("list[Any]", value))
    return True


def text_of(error: BaseException) -> str:
    """Return the text of an exception, as a message if it was raised with one."""
    text = safe_str(error)
    return text if text.startswith("<") else message_of(error)


def failure_of(error: BaseException) -> Failure:
    """Return an exception of a handler as a failure."""
    if isinstance(error, SystemExit):
        return Failure(
            "exception", "handler_exit", f"the handler called sys.exit({error.code!r})", "SystemExit"
        )
    refused = isinstance(error, (Refused, InvalidInput, ConfigurationError))
    return Failure(
        kind="exception",
        code=error.code if isinstance(error, MultiJobError) else "exception",
        message=cut(text_of(error), _UNMASKED * MAX_MESSAGE_CHARS) or type(error).__name__,
        type=_name(type(error)),
        retryable=error.retryable if isinstance(error, RunFailure) else not refused,
        traceback=_traceback(error),
        frame=_innermost(error.__traceback__),
        names=tuple(name for c in type(error).__mro__[:-1] for name in {c.__name__, _name(c)}),
    )


def invalid_inputs(error: Exception) -> Failure:
    """Return the failure for inputs that their model refuses; the text has no values."""
    if isinstance(error, ValidationError):
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        found = "; ".join(f"/{'/'.join(map(str, p['loc']))}: {p['msg']}" for p in problems[:20])
    else:
        found = f"{type(error).__name__}: {safe_str(error)}"
    return Failure("invalid", "invalid_inputs", f"invalid inputs: {found}", retryable=False)


def timed_out(timeout_ms: int, *, abandoned: bool) -> Failure:
    """Return the failure for a time-out."""
    note = _("; it ignored its cancellation and was abandoned") if abandoned else ""
    message = _("timed out after {timeout_ms:,} ms{note}", timeout_ms=timeout_ms, note=note)
    return Failure("timeout", "timed_out", message)


def _name(cls: type) -> str:
    """Return the dotted name of a class; that of one of ours begins with `app`, however it is installed.

    Records and retry policies have these names, and processes of a wheel and of a checkout share them.
    """
    module = cls.__module__
    if module.startswith(f"{_OWN_PACKAGE}."):
        module = f"app{module.removeprefix(_OWN_PACKAGE)}"
    return cls.__qualname__ if module == "builtins" else f"{module}.{cls.__qualname__}"


def _handler_part(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback from the start of the handler's own code."""
    part = trace
    while part is not None and part.tb_frame.f_code.co_filename.endswith(_OUR_FRAMES):
        part = part.tb_next
    return part or trace


def _innermost(trace: TracebackType | None) -> str:
    frame = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        # Without the folder of the installation, which differs between machines.
        file = "/".join(Path(code.co_filename).parts[-2:])
        frame, trace = f"{file}:{code.co_qualname}", trace.tb_next
    return frame


def _traceback(error: BaseException) -> str:
    try:
        lines = traceback.format_exception(type(error), error, _handler_part(error.__traceback__))
    except Exception:  # noqa: BLE001  an exception may break its own printing
        return f"{_name(type(error))}: (no traceback: printing it failed)"
    return _tail("".join(lines), _UNMASKED * MAX_TRACEBACK_CHARS)


def _tail(text: str, limit: int) -> str:
    # The end has the error and its position, so a text that is too long is cut at its start.
    return text if len(text) <= limit else "…" + text[1 - limit :]


def fingerprint(failure: Failure) -> str:
    """Return 12 hex digits, equal for errors that differ only in numbers and ids."""
    masked = _IDS.sub("#", failure.message)
    text = f"{failure.type or failure.code}\n{masked}\n{failure.frame}"
    return hashlib.blake2s(text.encode(errors="replace"), digest_size=6).hexdigest()


def error_json(failure: Failure, at: int, *, retryable: bool) -> str:
    """Return a failure in its stored form, masked."""
    row: dict[str, Any] = {"kind": failure.kind, "code": failure.code, "retryable": retryable, "at": at}
    row |= with_message("message", cut(masked(failure.message, redactor.text), MAX_MESSAGE_CHARS))
    if failure.type:
        row["type"] = failure.type
    if failure.traceback:
        row["traceback"] = _tail(redactor.text(failure.traceback), MAX_TRACEBACK_CHARS)
    return orjson.dumps({k: _encodable(v) for k, v in row.items()}).decode()


def _encodable(value: Any) -> Any:
    # A lone surrogate in a message must not lose the failure.
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def policy_of(text: str) -> RetryPolicy:
    """Return a retry policy from its JSON text; the default if there is none or it cannot be read."""
    try:
        return RetryPolicy.model_validate_json(text) if text else RetryPolicy()
    except ValidationError:
        return RetryPolicy()


def finish_failed(
    run: ClaimedRun, failure: Failure, at: int, *, duration_ms: int, calls: str = "", log: str = ""
) -> AttemptResult:
    """Return the end of a failed attempt: a retry after a delay, or the end of the run."""
    policy = policy_of(run.retry)
    named = {failure.code, *failure.names}
    retryable = failure.retryable and named.isdisjoint(policy.non_retryable)
    again = retryable and run.failures + 1 <= policy.max_retry
    delay_sec = policy.delay_sec(run.failures + 1, random.random()) if again else 0.0  # noqa: S311  a spread
    return AttemptResult(
        run_id=run.run_id,
        lease_id=run.lease_id,
        attempt=run.attempt,
        outcome=AttemptOutcome.RETRY if again else AttemptOutcome.FAILED,
        error=error_json(failure, at, retryable=retryable),
        fingerprint=fingerprint(failure),
        delay_ms=max(0, round(delay_sec * 1000)),
        calls=calls,
        log=log,
        duration_ms=duration_ms,
    )
