"""The http tool: calls to the hosts that the policy allows.

Private addresses are reachable only if the operator opened them.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.core.errors import InvalidInput
from app.core.i18n import _
from app.core.tools.base import ToolFacade

MAX_REQUEST_BYTES = 524_288
"""A body crosses the pipe of a child process in one line."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A response. Header names are in lower case; `url` is the last one after redirects."""

    status: int
    headers: Mapping[str, str]
    text: str
    bytes_read: int
    """Bytes of the body, unpacked."""
    elapsed_ms: int
    url: str
    tls_expires_at: int | None
    """When the server's certificate expires, epoch milliseconds; None without TLS."""
    truncated: bool = False


class HttpTool(ToolFacade):
    """HTTP calls. At most three redirects, each checked like the call itself.

    Raises UrlRefused (an address out of reach), PolicyDenied, HttpUnreachable (no response; `phase` is the
    last step that was reached) and HttpTooLarge. A response of any status is returned, not raised.
    """

    __slots__ = ()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        body: str | bytes | None = None,
        timeout_sec: float = 10,
        max_bytes: int | None = None,
        follow_redirects: bool = True,
        cut: bool = False,
    ) -> HttpAnswer:
        """Return the response. `timeout_sec` bounds the whole call; `max_bytes` is at most 1 MB, unpacked.

        With `cut`, a longer body is cut to its first `max_bytes`; otherwise HttpTooLarge is raised.
        """
        sent, content = _content(dict(headers or {}), json, body)
        answer = await self._caller.call(
            "http",
            "request",
            {
                "method": method,
                "url": url,
                "headers": sent,
                "body": base64.b64encode(content).decode(),
                "timeout_sec": timeout_sec,
                "max_bytes": max_bytes,
                "follow": follow_redirects,
                "cut": cut,
            },
        )
        return HttpAnswer(**answer)

    async def get(self, url: str, **options: Any) -> HttpAnswer:
        """Make a GET request; the options are those of `request`."""
        return await self.request("GET", url, **options)

    async def post(self, url: str, **options: Any) -> HttpAnswer:
        """Make a POST request, mostly with `json=`; the options are those of `request`."""
        return await self.request("POST", url, **options)


def _content(headers: dict[str, str], json: Any, body: str | bytes | None) -> tuple[dict[str, str], bytes]:
    if json is not None and body is not None:
        raise InvalidInput(_("either `json` or `body`."))
    if json is not None:
        try:
            content = orjson.dumps(json)
        except TypeError as error:
            raise InvalidInput(_("`json` is no JSON: {error}.", error=error)) from error
        if not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
    else:
        content = body.encode() if isinstance(body, str) else body or b""
    if len(content) > MAX_REQUEST_BYTES:
        raise InvalidInput(
            _(
                "a request sends at most {max_request_bytes:,} bytes, this one {count:,}.",
                max_request_bytes=MAX_REQUEST_BYTES,
                count=len(content),
            )
        )
    return headers, content
