"""Who is let in. This version knows no keys: loopback is trusted, everything else is refused.

`authenticate` is the one place where keys and roles will be looked up; routes see an `Actor` only.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.services.api.problems import HttpProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

OPEN_PATHS = frozenset({"/healthz", "/readyz"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the name goes into versions and runs, the role says what is allowed."""

    name: str
    role: str


LOCAL = Actor("local", "admin")


def authenticate(
    path: str, server: str | None, header_names: Iterable[bytes], *, keyless_anywhere: bool
) -> Actor:
    """Return who sends this request; HttpProblem (401) where nobody is let in.

    `server` is the local address of the socket, not what the client says: a proxy in front makes a
    foreign request look local, hence the look at its headers.
    """
    if keyless_anywhere or path in OPEN_PATHS:
        return LOCAL
    if server is None or not is_loopback(server) or any(map(_of_proxy, header_names)):
        raise HttpProblem(
            "unauthorized",
            "Without a key only requests on loopback are served, and none that came through a proxy. / "
            "Tanpa kunci, hanya permintaan lokal langsung yang dilayani.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return LOCAL


def _of_proxy(name: bytes) -> bool:
    return name == b"forwarded" or name.startswith(b"x-forwarded-")


@lru_cache(maxsize=64)
def is_loopback(address: str) -> bool:
    """Tell whether an IP address is loopback; an IPv4 one inside IPv6 counts as what it wraps."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback
