"""Requests to the provider: no redirects, bounded in time and size.

The operator names the provider, so its addresses may be private. SSL_CERT_FILE adds an authority of one's
own. No proxy of the environment is used: the client secret goes to the provider alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import httpx
import orjson

from app.core.errors import ProviderUnavailable
from app.core.i18n import _
from app.core.i18n.stored import cut

if TYPE_CHECKING:
    import ssl

MAX_BYTES: Final = 262_144
REQUEST_SEC: Final = 5.0


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class ProviderHttp:
    """Sends requests to the provider, one connection each: sign-ins are rare."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the JSON object at an address; ProviderUnavailable if there is none."""
        status, found = await self._send("GET", url, dict(headers or {}), None)
        if status != HTTPStatus.OK or found is None:
            raise self._failed(url, _no_object(status))
        return found

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> tuple[int, dict[str, Any]]:
        """Return status and JSON object of the answer to a form; also those of a refusal."""
        status, found = await self._send("POST", url, dict(headers), body.encode())
        if found is None:
            raise self._failed(url, _no_object(status))
        return status, found

    async def _send(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, dict[str, Any] | None]:
        # Not compressed: the limit counts the bytes that arrive.
        headers["Accept-Encoding"] = "identity"
        try:
            async with (
                asyncio.timeout(REQUEST_SEC),
                httpx.AsyncClient(verify=_tls_context(), trust_env=False, timeout=REQUEST_SEC) as client,
                client.stream(method, url, headers=headers, content=body) as response,
            ):
                text = await self._read(url, response)
        except TimeoutError as error:
            raise self._failed(url, _("no answer within {seconds:g} s", seconds=REQUEST_SEC)) from error
        except httpx.HTTPError as error:
            raise self._failed(url, f"{type(error).__name__} {error}".strip()) from error
        return response.status_code, _object(text)

    async def _read(self, url: str, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise self._failed(url, "the answer is compressed")
        chunks: list[bytes] = []
        size = 0
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > MAX_BYTES:
                raise self._failed(url, f"the answer is larger than {MAX_BYTES} bytes")
            chunks.append(chunk)
        return b"".join(chunks)

    def _failed(self, url: str, why: str) -> ProviderUnavailable:
        return ProviderUnavailable(
            _(
                "The sign-in provider does not answer as it should: {url}: {why}. Try again later, or "
                "sign in with a key; an admin checks OIDC_ISSUER {issuer} with `multi-job doctor`.",
                url=url[:200],
                why=cut(why, 200),
                issuer=self._issuer,
            )
        )


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        found: object = orjson.loads(text)
    except ValueError:
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _no_object(status: int) -> str:
    return f"status {status} without a JSON object" if status == HTTPStatus.OK else f"status {status}"
