"""Makes one HTTP call of a job; every hop is checked.

All hops share one time limit.

There is no proxy, no cookie jar, no credentials of the environment, no connection kept: a call sends only the
data from its handler.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

import certifi
import httpcore

from app.core.errors import HttpUnreachable, UrlRefused
from app.core.hosts import refuse
from app.core.i18n import _
from app.core.net.backend import ConnectionTrace, GuardedBackend
from app.core.net.urls import Url, check_url
from app.core.tools.http import HttpAnswer
from app.core.tools.http.body import Body, BodyLimit, read_body, text_of

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.net.addresses import Resolver
    from app.core.tools.base import ByteBudget
    from app.core.tools.http.secrets import CallSecrets

# A call of the http tool, and its redirects.

# Headers without data about the sender; a redirect to another host drops all others.
_SENT_TO_OTHERS = frozenset({"accept", "accept-language", "cache-control", "content-type", "user-agent"})


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A request. `permit` raises at each hop for a URL that the policy does not allow."""

    method: str
    url: Url
    headers: Mapping[str, str]
    body: bytes
    timeout_sec: float
    max_bytes: int
    cut: bool
    follow: bool
    permit: Callable[[Url], None]
    budget: ByteBudget
    secrets: CallSecrets
    private_body: bool = False
    """The body holds a secret: it goes only to the first host."""
    private_headers: frozenset[str] = frozenset()
    """The names of headers that hold a secret."""


def redirected(call: HttpCall, status: int, target: Url) -> HttpCall:
    """Return the call that follows a redirect; raises UrlRefused."""
    if call.url.scheme == "https" and target.scheme == "http":
        refuse(
            _(
                "{origin} redirects to {origin_2}, without TLS",
                origin=call.url.origin,
                origin_2=target.origin,
            ),
        )
    stays = _same_host(call.url, target)
    keeps = stays and call.secrets.may_go(target)
    headers = {
        name: value for name, value in call.headers.items() if keeps or name not in call.private_headers
    }
    if not stays:
        headers = {name: value for name, value in headers.items() if name.lower() in _SENT_TO_OTHERS}
    if status == 303 and call.method != "HEAD" or status in {301, 302} and call.method == "POST":  # noqa: PLR2004, RUF021
        headers = {name: value for name, value in headers.items() if not name.lower().startswith("content-")}
        return replace(call, method="GET", body=b"", url=target, headers=headers, private_body=False)
    if call.private_body and not keeps:
        refuse(
            _(
                "{origin} redirects a body that holds a secret to {origin_2}",
                origin=call.url.origin,
                origin_2=target.origin,
            ),
        )
    return replace(call, url=target, headers=headers)


def _same_host(one: Url, other: Url) -> bool:
    upgraded = (one.scheme, one.port, other.scheme, other.port) == ("http", 80, "https", 443)
    return one.host == other.host and (one.port == other.port or upgraded)


MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_BODY = frozenset({204, 304})
_FAILURES = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError)


@dataclass(frozen=True, slots=True)
class _Hop:
    status: int
    headers: dict[str, str]
    location: str | None
    body: Body
    tls_expires_at: int | None


class HttpClient:
    """Makes calls. `resolver`, `backend` and `tls` default to the system's own."""

    def __init__(
        self,
        opened: Collection[str],
        clock: Clock,
        *,
        resolver: Resolver | None = None,
        backend: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._opened = opened
        self._clock = clock
        self._resolver = resolver
        self._backend = backend
        self._tls = tls

    async def fetch(self, call: HttpCall) -> HttpAnswer:
        """Return the answer; raises UrlRefused, PolicyDenied, HttpUnreachable, HttpTooLarge."""
        start, trace = self._clock.monotonic(), ConnectionTrace()
        try:
            async with asyncio.timeout(call.timeout_sec):
                url, hop = await self._hops(call, trace)
        except TimeoutError as error:
            raise HttpUnreachable(
                _(
                    "no answer from {origin} within {timeout_sec:g} s ({phase}).",
                    origin=call.url.origin,
                    timeout_sec=call.timeout_sec,
                    phase=trace.phase,
                ),
                phase=trace.phase,
            ) from error
        content = hop.body.content
        return HttpAnswer(
            status=hop.status,
            headers=hop.headers,
            text=text_of(content, hop.headers.get("content-type", "")),
            bytes_read=len(content),
            elapsed_ms=round((self._clock.monotonic() - start) * 1000),
            url=str(url),
            tls_expires_at=hop.tls_expires_at,
            truncated=hop.body.truncated,
        )

    async def _hops(self, call: HttpCall, trace: ConnectionTrace) -> tuple[Url, _Hop]:
        for _turn in range(MAX_REDIRECTS + 1):
            call.permit(call.url)
            call.secrets.visit(call.url)
            hop = await self._hop(call, trace)
            if hop.location is None or not call.follow:
                return call.url, hop
            call = redirected(call, hop.status, self._target(call, hop.location))
        raise HttpUnreachable(
            _("more than {max_redirects} redirects.", max_redirects=MAX_REDIRECTS), phase="redirect"
        )

    def _target(self, call: HttpCall, location: str) -> Url:
        """Return the URL of a redirect. If it contains a secret, its host must be allowed to receive it."""
        if not call.secrets.shown_in(location):
            return self._read_target(call.url, location)
        # The guard's error would quote parts of the URL.
        with contextlib.suppress(UrlRefused):
            target = self._read_target(call.url, location)
            if call.secrets.may_go(target):
                return target
        return refuse(
            _(
                "{origin} redirects to a URL that shows a secret and is none of its hosts",
                origin=call.url.origin,
            ),
        )

    def _read_target(self, url: Url, location: str) -> Url:
        try:
            return check_url(urljoin(str(url), location), self._opened)
        except UrlRefused as error:
            raise UrlRefused(_("{origin} redirects: {why}", origin=url.origin, why=error.message)) from error
        except ValueError as error:
            raise UrlRefused(_("{origin} redirects to what is no URL.", origin=url.origin)) from error

    async def _hop(self, call: HttpCall, trace: ConnectionTrace) -> _Hop:
        backend = GuardedBackend(self._opened, trace, self._resolver, self._backend)
        try:
            return await self._exchange(call, trace, backend)
        except _FAILURES as error:
            raise HttpUnreachable(
                _(
                    "no answer from {origin} ({phase}): {error}.",
                    origin=call.url.origin,
                    phase=trace.phase,
                    error=_reason(error, call.secrets),
                ),
                phase=trace.phase,
            ) from error
        finally:
            await backend.close()

    async def _exchange(self, call: HttpCall, trace: ConnectionTrace, backend: GuardedBackend) -> _Hop:
        call.budget.take(len(call.body))
        url = httpcore.URL(
            scheme=call.url.scheme.encode(),
            host=call.url.host.encode(),
            port=call.url.port,
            target=call.url.target.encode(),
        )
        tls = self._tls_context() if call.url.scheme == "https" else None
        request = httpcore.Request(
            call.method, url, headers=_sent(call), content=call.body, extensions={"trace": trace.follow}
        )
        async with httpcore.AsyncHTTPConnection(url.origin, tls, network_backend=backend) as connection:
            response = await connection.handle_async_request(request)
            try:
                return await _read(call, response)
            finally:
                await response.aclose()

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            # The system's own roots, SSL_CERT_FILE among them; slim images and Windows may have none.
            self._tls = ssl.create_default_context()
            self._tls.load_verify_locations(certifi.where())
        return self._tls


async def _read(call: HttpCall, response: httpcore.Response) -> _Hop:
    headers = _received(response.headers)
    location = _location(headers) if response.status in _REDIRECTS else None
    body = Body(b"", truncated=False)
    unread = call.method == "HEAD" or response.status in _NO_BODY or (call.follow and location is not None)
    if not unread:
        body = await read_body(response.aiter_stream(), headers, _limit(call))
    return _Hop(response.status, headers, location, body, _expiry(response))


def _location(headers: Mapping[str, str]) -> str | None:
    # Servers write it in UTF-8, against the standard; other headers are shown as received.
    found = headers.get("location")
    return found if found is None else found.encode("latin-1").decode(errors="replace")


def _limit(call: HttpCall) -> BodyLimit:
    left = call.budget.left
    return BodyLimit(call.max_bytes if left is None else min(call.max_bytes, left), call.cut, call.budget)


def _sent(call: HttpCall) -> list[tuple[str, str]]:
    headers = [("Host", call.url.authority), ("Accept-Encoding", "gzip"), ("Connection", "close")]
    if call.body or call.method in {"POST", "PUT", "PATCH"}:
        headers.append(("Content-Length", str(len(call.body))))
    return [*headers, *call.headers.items()]


def _received(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _expiry(response: httpcore.Response) -> int | None:
    """Return the expiry of the server's certificate, epoch milliseconds."""
    extensions = cast("Mapping[str, Any]", response.extensions)  # pyright: ignore[reportUnknownMemberType]
    stream: httpcore.AsyncNetworkStream = extensions["network_stream"]
    channel: ssl.SSLObject | None = stream.get_extra_info("ssl_object")
    certificate = channel.getpeercert() if channel is not None else None
    expires = certificate.get("notAfter") if certificate else None
    return int(ssl.cert_time_to_seconds(expires)) * 1000 if isinstance(expires, str) else None


def _reason(error: BaseException, secrets: CallSecrets) -> str:
    # The error may quote the server. It is masked before the cut: half a secret would not be found any more.
    return secrets.mask(str(error))[:300] or type(error).__name__
