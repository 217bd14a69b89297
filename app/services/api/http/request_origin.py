"""The origin address of a request, for audit and sessions.

It is the socket's peer. Behind a proxy of TRUSTED_PROXIES it is the address that this proxy saw. For requests
of our dashboard it is the address of its user, which the dashboard proves with a shared secret.
"""

from __future__ import annotations

import hmac
import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.core.proxies import origin_of, plain_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.config import Settings

HEADER = b"x-multi-job-origin"
_INFO = b"multi-job origin v1"
# The dashboard signs each request; clocks of two containers may differ a little.
MAX_AGE_SEC = 60
_PARTS = 3
_LOOK_EACH_SEC = 1.0


class OriginReader:
    """Finds the origin address of a request; trusts no header that any client can send."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._trusted = settings.trusted_proxies
        self._clock = clock
        self._secret = _DashboardSecret(settings, clock)

    def of(self, scope: Mapping[str, Any]) -> str:
        """Return the address; empty if the server does not know its peer."""
        client = scope.get("client")
        peer = str(client[0]) if client else ""
        sent: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            if name in {HEADER, b"x-forwarded-for", b"forwarded"}:
                sent.setdefault(name, []).append(value.decode("latin-1"))
        if not sent:
            return peer
        proven = self._proven(sent.get(HEADER, []), scope["method"])
        if proven is not None:
            return proven
        return origin_of(peer, self._trusted, sent.get(b"x-forwarded-for", []), sent.get(b"forwarded", []))

    def _proven(self, values: list[str], method: str) -> str | None:
        parts = values[0].split(";") if len(values) == 1 else []
        secret = self._secret.read() if len(parts) == _PARTS else None
        if secret is None:
            return None
        address, seconds, mac = parts
        plain = plain_address(address)
        if plain is None or not seconds.isdigit() or not mac.isascii():
            return None
        if abs(self._clock.now_ms() / 1000 - int(seconds[:15])) > MAX_AGE_SEC:
            return None
        return plain if hmac.compare_digest(proof(secret, method, seconds, address), mac) else None


def proof(secret: str, method: str, seconds: str, address: str) -> str:
    """Return the MAC of an origin, as the dashboard makes it (`ui/src/server/origin.ts`)."""
    key = hmac.digest(secret.encode(), _INFO, "sha256")
    return hmac.digest(key, f"{method}\n{seconds}\n{address}".encode(), "sha256").hex()


class _DashboardSecret:
    """UI_SESSION_SECRET, or the file that the dashboard makes; read again if it changes."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        self._given = settings.ui_session_secret.get_secret_value()
        self._file = settings.ui_session_secret_file or settings.data_dir / "ui-session.key"
        self._kept: str | None = None
        self._looked_at = float("-inf")

    def read(self) -> str | None:
        """Return the secret; None if there is none, at most one look at the disk a second."""
        now = self._clock.monotonic()
        if not self._given and now - self._looked_at >= _LOOK_EACH_SEC:
            self._looked_at = now
            try:
                self._kept = self._file.read_text("utf-8").strip() or None
            except (OSError, UnicodeDecodeError):
                self._kept = None
        return self._given or self._kept


# The peer that limits count by: an IPv4 address or an IPv6 /64.

_NETWORK_BITS = 64


@lru_cache(maxsize=4_096)
def peer_of(address: str) -> str:
    """Return the peer of an address; a text that is no address is its own. A /64 of IPv6 has one customer."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False))
