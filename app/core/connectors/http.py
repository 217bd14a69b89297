"""HTTP for connectors: shared TLS context, time-outs, and the meaning of failures."""

from __future__ import annotations

import asyncio
import math
import ssl
from collections.abc import Awaitable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import httpx

from app.core.connectors.base import (
    ChannelBusy,
    ChannelError,
    ChannelRejected,
    ChannelUnreachable,
    OutcomeUnknown,
)
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.connectors.base import ConnectorDefaults

T = TypeVar("T")

MAX_CONNECTIONS = 16
# Used if the remote side asks to wait without a duration.
DEFAULT_RETRY_AFTER_SEC = 30.0
# The longest wait, so that no number is too large for a timestamp; after it the call is tried again.
MAX_RETRY_AFTER_SEC = 7 * 86_400.0
_TOO_MANY_REQUESTS = 429
_SERVER_FAILED = 500
_NEVER_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Return the context that all accounts share: reading the certificates takes longer than a call."""
    return httpx.create_ssl_context(trust_env=False)


def timeouts(defaults: ConnectorDefaults) -> httpx.Timeout:
    """Return time-outs for the parts of an exchange; `within` bounds the whole."""
    return httpx.Timeout(
        connect=defaults.connect_sec, pool=1.0, read=defaults.total_sec, write=defaults.total_sec
    )


async def within(seconds: float, exchange: Awaitable[T]) -> T:
    """Return the result of an exchange; on a time-out the remote side may have taken the request."""
    try:
        async with asyncio.timeout(seconds):
            return await exchange
    except TimeoutError as error:
        raise no_answer(_("no answer within {seconds:g} s", seconds=seconds)) from error


def no_answer(why: str) -> OutcomeUnknown:
    """Return the error of a request that may have been taken."""
    return OutcomeUnknown(_("the outcome is unknown: {why}.", why=why))


def failed_exchange(error: BaseException | None) -> ChannelError:
    """Return the error for an exception of httpx."""
    why = f"{type(error).__name__} {error}".strip()
    if isinstance(error, _NEVER_WRITTEN):
        return ChannelUnreachable(_("no connection was made: {why}.", why=why))
    return no_answer(why)


def refused_answer(status: int, reason: str, retry_after: object = None) -> ChannelError:
    """Return the error for a response other than 2xx."""
    why = f"{status} {reason}".strip()
    if status == _TOO_MANY_REQUESTS:
        seconds = retry_after_sec(retry_after)
        return ChannelBusy(
            _("the remote side asks to wait {seconds:g} s: {why}.", seconds=seconds, why=why),
            seconds,
        )
    if status >= _SERVER_FAILED:
        return no_answer(why)
    return ChannelRejected(_("the remote side refuses: {why}.", why=why))


def retry_after_sec(value: object) -> float:
    """Return the wait that the remote side asked for; `value` may be anything."""
    try:
        seconds = float(str(value))
    except ValueError:
        return DEFAULT_RETRY_AFTER_SEC
    return min(max(1.0, seconds), MAX_RETRY_AFTER_SEC) if math.isfinite(seconds) else DEFAULT_RETRY_AFTER_SEC
