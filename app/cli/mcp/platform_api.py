"""The platform's HTTP API, called with the key of the person that the assistant works for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx
from mcp.server.mcpserver.exceptions import ToolError

from app.cli.client import refusal
from app.cli.mcp.untrusted import one_line
from app.core.i18n import _, for_reader, reader_language
from app.core.net.api_address import api_access
from app.core.net.credentials import authorization_of

TIMEOUT_SEC: Final = 40.0
_TRIES: Final = 5
_MOST_CHARS: Final = 1_000

authorization: ContextVar[str | None] = ContextVar("authorization", default=None)
"""The `Authorization` of the request being served, as its key was read; None if it has no key."""


class Part(NamedTuple):
    """A part of a list; `cursor` goes on behind it, None at its end."""

    items: Any
    cursor: str | None


class PlatformApi:
    """Calls the API with the key of the present request; a refusal is a ToolError."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        access = api_access()
        self.url = access.url
        self.own_authorization = None if access.key is None else authorization_of(access.key)
        """That of the person who started this server, for stdio."""
        self._http = httpx.AsyncClient(
            base_url=self.url, timeout=TIMEOUT_SEC, trust_env=False, transport=transport
        )

    async def get(self, path: str, **query: Any) -> Any:
        """Return the JSON of an answer; query values that are None are left out."""
        return (await self._ask("GET", path, query)).json()

    async def part(self, path: str, **query: Any) -> Part:
        """Return a part of a list."""
        answer = await self._ask("GET", path, query)
        following = answer.links.get("next", {}).get("url")
        cursors = parse_qs(urlsplit(following).query).get("cursor", []) if following else []
        return Part(answer.json(), cursors[0] if cursors else None)

    async def text(self, path: str, media_type: str) -> str:
        """Return an answer as a text of this media type."""
        return (await self._ask("GET", path, {}, accept=media_type)).text

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """Return the JSON of an answer; with the same `key` a repeat has no second effect."""
        return (await self._ask("POST", path, {}, {} if body is None else body, key=key)).json()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any],
        body: Any = None,
        *,
        accept: str = "application/json",
        key: str | None = None,
    ) -> httpx.Response:
        headers = {"Accept": accept, "Accept-Language": reader_language.get()}
        who = authorization.get()
        headers |= {"Authorization": who} if who else {}
        headers |= {"Idempotency-Key": key} if key else {}
        asked = {name: value for name, value in query.items() if value is not None}
        tries = 1
        while True:
            try:
                answer = await self._http.request(method, path, params=asked, json=body, headers=headers)
            except (httpx.TransportError, httpx.InvalidURL) as error:
                text = _("The platform at {url} does not answer: {error}", url=self.url, error=error)
                raise ToolError(for_reader(text)) from error
            if not answer.is_error:
                return answer
            refused = refusal(answer)
            # 429 comes before any effect.
            if refused.code != "rate_limited" or tries == _TRIES:
                raise ToolError(one_line(refused.message, _MOST_CHARS))
            tries += 1
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
