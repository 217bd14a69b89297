"""A call of the http tool, and its redirect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.host_names import refuse

if TYPE_CHECKING:
    from app.core.tools.budget import ByteBudget
    from app.core.tools.http_secrets import CallSecrets
    from app.core.url_guard import Url

# Headers that say nothing about the sender; a redirect to another host drops all others.
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
    """The body holds a secret: it goes to the first host alone."""
    private_headers: frozenset[str] = frozenset()
    """The names of headers that hold a secret."""


def redirected(call: HttpCall, status: int, target: Url) -> HttpCall:
    """Return the call that follows a redirect; raises UrlRefused."""
    if call.url.scheme == "https" and target.scheme == "http":
        refuse(
            f"{call.url.origin} redirects to {target.origin}, without TLS",
            f"{call.url.origin} mengalihkan ke {target.origin} tanpa TLS",
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
            f"{call.url.origin} redirects a body that holds a secret to {target.origin}",
            f"{call.url.origin} mengalihkan isi yang memuat rahasia ke {target.origin}",
        )
    return replace(call, url=target, headers=headers)


def _same_host(one: Url, other: Url) -> bool:
    upgraded = (one.scheme, one.port, other.scheme, other.port) == ("http", 80, "https", 443)
    return one.host == other.host and (one.port == other.port or upgraded)
