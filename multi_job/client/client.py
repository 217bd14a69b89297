"""`Client` and `AsyncClient`."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Self

import httpx

from app import __version__
from app.core.net.api_address import api_url
from multi_job.client.drivers import AsyncDriver, SyncDriver
from multi_job.client.errors import UnreachableError
from multi_job.client.flows import Retries
from multi_job.client.groups import ApiGroups

TIMEOUT_SEC = 40.0
"""Longer than the longest wait that a call may ask the API for."""
# Each wait holds a connection; a limit would let many waits at once keep all calls from their connections.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20)


class Client(ApiGroups[SyncDriver]):
    """The API for synchronous programs. It is thread-safe; `close` it, or use it as a context manager.

    `base_url` is MULTI_JOB_URL by default, else loopback at API_PORT, as for the command line; `api_key` is
    MULTI_JOB_API_KEY by default.
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
        http = httpx.Client(
            base_url=_address(base_url),
            headers=_headers(api_key, language),
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
        http = httpx.AsyncClient(
            base_url=_address(base_url),
            headers=_headers(api_key, language),
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


def _address(base_url: str | None) -> httpx.URL:
    url = base_url or api_url()
    try:
        return httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UnreachableError(
            f"{url} is no address ({error}). MULTI_JOB_URL or API_PORT say where the API is"
        ) from error


def _headers(api_key: str | None, language: str) -> dict[str, str]:
    key = api_key or os.environ.get("MULTI_JOB_API_KEY")
    headers = {"Accept-Language": language, "User-Agent": f"multi-job-python/{__version__}"}
    return headers | ({"Authorization": f"Bearer {key}"} if key else {})
