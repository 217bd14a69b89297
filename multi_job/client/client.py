"""`Client` and `AsyncClient`."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from app import __version__
from app.core.errors import ConfigurationError
from app.core.net.api_address import ApiAccess, api_access
from multi_job.client.drivers import AsyncDriver, SyncDriver
from multi_job.client.errors import KeyNotSentError, UnreachableError
from multi_job.client.flows import Retries
from multi_job.client.groups import ApiGroups

TIMEOUT_SEC = 40.0
"""Longer than the longest wait that a call may ask the API for."""
# Each wait holds a connection; a limit would let many waits at once keep all calls from their connections.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20)


class Client(ApiGroups[SyncDriver]):
    """The API for synchronous programs. It is thread-safe; `close` it, or use it as a context manager.

    `base_url` and `api_key` are by default those of the command line: MULTI_JOB_URL and MULTI_JOB_API_KEY,
    the login of `multi-job login`, or loopback at API_PORT. Raises KeyNotSentError if the key is not for the
    address.
    `timeout_sec` counts for the connection and for each piece of an answer. `language` is `id` or `en`:
    that of texts. `transport` replaces the network, in tests.
    """

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout_sec: float = TIMEOUT_SEC,
        retries: Retries | None = None,
        language: str = "en",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        access = _access(base_url, api_key)
        http = httpx.Client(
            base_url=_address(access.url),
            auth=access.auth,
            headers=_headers(language),
            timeout=timeout_sec,
            limits=_LIMITS,
            trust_env=False,
            transport=transport,
        )
        super().__init__(SyncDriver(http), retries or Retries())

    def close(self) -> None:
        """Close the connections."""
        self.driver.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(ApiGroups[AsyncDriver]):
    """The API for asynchronous programs: as `Client`, with methods to await."""

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout_sec: float = TIMEOUT_SEC,
        retries: Retries | None = None,
        language: str = "en",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        access = _access(base_url, api_key)
        http = httpx.AsyncClient(
            base_url=_address(access.url),
            auth=access.auth,
            headers=_headers(language),
            timeout=timeout_sec,
            limits=_LIMITS,
            trust_env=False,
            transport=transport,
        )
        super().__init__(AsyncDriver(http), retries or Retries())

    async def close(self) -> None:
        """Close the connections."""
        await self.driver.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _access(base_url: str | None, api_key: str | None) -> ApiAccess:
    try:
        return api_access(base_url, api_key)
    except ConfigurationError as error:
        raise KeyNotSentError(str(error)) from error


def _address(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UnreachableError(
            f"{url} is no address ({error}). MULTI_JOB_URL or API_PORT say where the API is"
        ) from error


def _headers(language: str) -> dict[str, str]:
    return {"Accept-Language": language, "User-Agent": f"multi-job-python/{__version__}"}
