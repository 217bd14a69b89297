"""Decides whether a request may be served without a key.

The dashboard decides by the same rules (`ui/src/server/exposure.ts`); one table of cases tests both.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from app.core.access.api_keys import Role
from app.core.i18n import _
from app.services.api.http.problems import HttpProblem

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
# Proxies, tunnels and CDNs add at least one of these to a request that they pass on. Lower case.
FORWARDING_HEADERS = frozenset(
    {
        *(b"forwarded", b"via", b"cdn-loop", b"client-ip", b"true-client-ip", b"fastly-client-ip"),
        *(b"x-client-ip", b"x-cluster-client-ip", b"x-real-ip", b"x-real-port", b"x-remote-ip"),
        *(b"x-proxyuser-ip", b"x-envoy-external-address", b"x-azure-clientip"),
    }
)
FORWARDING_PREFIXES = (b"x-forwarded", b"x-original-", b"cf-")
_NEXT_STEP = f"multi-job keys create NAME --role {Role.ADMIN}"


class ConnectionInfo(NamedTuple):
    """The facts about a request that decide if it needs a key."""

    peer: str | None
    """The address of the socket's other end; None when unknown."""
    server: str | None
    """The local address of the socket."""
    host: str
    """The `Host` header in lower case, with or without a port."""
    header_names: Collection[bytes]
    """The names of all headers, in lower case."""


def is_forwarding_header(name: bytes) -> bool:
    """Return whether a header, in lower case, says that a proxy passed the request on."""
    return name in FORWARDING_HEADERS or name.startswith(FORWARDING_PREFIXES)


def why_exposed(arrival: ConnectionInfo) -> str | None:
    """Return the condition that a request from this machine meets and this one does not; else None."""
    if arrival.peer is None or not is_loopback(arrival.peer):
        return f"the peer {arrival.peer or 'without an address'} is not loopback"
    if arrival.server is None or not is_loopback(arrival.server):
        return f"the server's socket {arrival.server or 'without an address'} is not loopback"
    if not _is_loopback_name(arrival.host):
        return f"Host {arrival.host[:100]!r} is not a loopback name"
    names = arrival.header_names
    # Every request without a key passes here: two look-ups in C, and the name is found only for a refusal.
    if FORWARDING_HEADERS.isdisjoint(names) and not [n for n in names if n.startswith(FORWARDING_PREFIXES)]:
        return None
    found = next(filter(is_forwarding_header, names))
    return f"the header {found[:100].decode('latin-1')!r} says that a proxy passed it on"


def refuse_keyless(
    arrival: ConnectionInfo, *, auth_off: bool, keys_required: bool, open_on_loopback: bool = False
) -> str | None:
    """Return why a request without a key is refused, in both languages; None if it is served.

    `open_on_loopback`: its path needs no key from this machine, even if keys are required.
    """
    if auth_off:
        return None
    exposed = why_exposed(arrival)
    if exposed is None and (not keys_required or open_on_loopback):
        return None
    if keys_required:
        return _(
            "A key is needed: `Authorization: Bearer KEY` or `X-API-Key: KEY`. `{next_step}` "
            "on the machine makes one.",
            next_step=_NEXT_STEP,
        )
    return _(
        "Without a key only direct requests from this machine are served: {exposed}. Make a "
        "key on the machine: `{next_step}`.",
        exposed=exposed,
        next_step=_NEXT_STEP,
    )


def name_of(host: str) -> str:
    """Return a `Host` header without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


@lru_cache(maxsize=64)
def _is_loopback_name(host: str) -> bool:
    return name_of(host) in LOOPBACK_HOSTS


@lru_cache(maxsize=64)
def is_loopback(address: str) -> bool:
    """Return whether an IP address is loopback; an IPv4 address inside IPv6 counts as that IPv4 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


# Refuses requests that pages of other sites send.
#
# A write without a body and without `Content-Type` is served, so that `curl -X POST …/run` works. It is safe
# against other sites, because no browser can send one from there that passes these checks:
#
# - A form, and `fetch` or `sendBeacon` with `mode: no-cors`, send `Origin` with every POST: the page's own,
# or `null` if the page hides it. Both are foreign. Browsers have done so since 2020, and also send
# `Sec-Fetch-Site`, which no script can set.
# - A form sends a `Content-Type` also if it has no field, in older browsers too. No form can send JSON.
# - PUT, DELETE and JSON from another site begin with a preflight, `OPTIONS` with that page's `Origin`.
# - A page that reached this machine by DNS rebinding sends its own name as `Host`; the guard checks
#   that first.

MEDIA_TYPE = "application/json"
_OWN_SITE = frozenset({b"same-origin", b"none"})

Headers = Mapping[bytes, list[bytes]]


def check_origin(headers: Headers, host: str, allowed: frozenset[str], *, is_write: bool) -> None:
    """Raise 403 unless the page that sends a request is ours or one of ALLOWED_ORIGINS.

    `host`: the Host header in lower case.
    """
    origins = [raw.decode("latin-1").lower() for raw in headers.get(b"origin", [])]
    for origin in origins:
        if origin not in allowed and not (_is_web(origin) and origin.partition("://")[2] == host):
            raise HttpProblem(
                "foreign_origin",
                _(
                    "Pages of {origin!r} may not use this API; ALLOWED_ORIGINS names those that may.",
                    origin=origin[:100],
                ),
            )
    if not is_write or (origins and allowed.issuperset(origins)):
        return
    if foreign := [site for site in headers.get(b"sec-fetch-site", []) if site not in _OWN_SITE]:
        raise HttpProblem(
            "foreign_origin",
            _(
                "A page of another site sent this (Sec-Fetch-Site: {decode!r}); ALLOWED_ORIGINS "
                "names those that may.",
                decode=foreign[0][:100].decode("latin-1"),
            ),
        )


def _is_web(origin: str) -> bool:
    return urlsplit(origin).scheme in {"http", "https"}


def check_media_type(headers: Headers) -> None:
    """Raise 415 unless a write is JSON, or says neither a type nor a body."""
    values = headers.get(b"content-type", [])
    if not values and not _has_body(headers):
        return
    media_type, _, parameters = (
        values[0].decode("latin-1").lower().partition(";") if len(values) == 1 else ("", "", "")
    )
    charset = parameters.replace('"', "").replace(" ", "")
    if media_type.strip() != MEDIA_TYPE or charset not in {"", "charset=utf-8", "charset=utf8"}:
        raise unsupported(is_empty=not _has_body(headers))


def unsupported(*, is_empty: bool) -> HttpProblem:
    """Return the 415; `is_empty`: the request has a type and no body."""
    hint = (
        _("Leave the type out, or send JSON; curl adds a form's type with `-d`.")
        if is_empty
        else _("Use `Content-Type: application/json`.")
    )
    return HttpProblem("unsupported_media_type", f"A write with a body or a type must be JSON. {hint}")


def _has_body(headers: Headers) -> bool:
    lengths = headers.get(b"content-length", [])
    return b"transfer-encoding" in headers or any(length.strip(b"0") for length in lengths)
