"""The person behind a request: the address, and for our dashboard the browser's connection.

The address is that of the socket's peer. Behind a proxy of TRUSTED_PROXIES it is the address that this proxy
saw. The dashboard calls for its user: it proves, with a secret that it shares with the API, the address and
the connection between the browser and itself, whose owner the API asks the kernel for.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.i18n import Message, _
from app.core.proxies import origin_of, plain_address
from app.services.api.http.peers import peer_of_scope, socket_owners

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.net.socket_owner import Endpoint
    from app.services.api.http.auth import Headers

ORIGIN_HEADER = b"x-multi-job-origin"
_INFO = b"multi-job origin v2"
# The dashboard signs each request; clocks of two containers may differ a little.
MAX_AGE_SEC = 60
_PARTS = 4
_ENDS = 4
_LOOK_EACH_SEC = 1.0


class ProvenOrigin(NamedTuple):
    """What the dashboard has proved of its user."""

    address: str
    connection: tuple[Endpoint, Endpoint] | None
    """The browser's end and the dashboard's; None if the dashboard does not know them."""


class OriginReader:
    """Finds the origin of a request; trusts no header that any client can send."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._trusted = settings.trusted_proxies
        self._clock = clock
        self._secret = _DashboardSecret(settings, clock)

    def of(self, scope: Mapping[str, Any]) -> str:
        """Return the address; empty if the server does not know its peer."""
        client = scope.get("client")
        peer = str(client[0]) if client else ""
        sent = _sent(scope, {ORIGIN_HEADER, b"x-forwarded-for", b"forwarded"})
        if not sent:
            return peer
        proven = self._proven(sent.get(ORIGIN_HEADER, []), scope["method"])
        if proven is not None:
            return proven.address
        return origin_of(peer, self._trusted, sent.get(b"x-forwarded-for", []), sent.get(b"forwarded", []))

    def proven(self, scope: Mapping[str, Any]) -> str | None:
        """Return the address that our dashboard proves; None for a request of anyone else."""
        found = self._proven(_sent(scope, {ORIGIN_HEADER}).get(ORIGIN_HEADER, []), scope["method"])
        return None if found is None else found.address

    def why_not_ours(self, scope: Mapping[str, Any], headers: Headers) -> Message | None:
        """Return why the person is not proved to be this process's own user; None if it is proved.

        Both connections count: that to the API, and for the dashboard the browser's to the dashboard.
        """
        refusal = peer_of_scope(scope).why_not_ours()
        if refusal is not None or ORIGIN_HEADER not in headers:
            return refusal
        sent = [value.decode("latin-1") for value in headers[ORIGIN_HEADER]]
        proven = self._proven(sent, scope["method"])
        if proven is None or proven.connection is None:
            return _("the dashboard did not prove the browser's connection")
        browser, dashboard = proven.connection
        return socket_owners().why_not_ours_between(dashboard, browser)

    def _proven(self, values: list[str], method: str) -> ProvenOrigin | None:
        parts = values[0].split(";") if len(values) == 1 else []
        secret = self._secret.read() if len(parts) == _PARTS else None
        if secret is None:
            return None
        address, seconds, ends, mac = parts
        plain = plain_address(address)
        if plain is None or not seconds.isdigit() or not mac.isascii():
            return None
        if abs(self._clock.now_ms() / 1000 - int(seconds[:15])) > MAX_AGE_SEC:
            return None
        if not hmac.compare_digest(proof(secret, method, seconds, address, ends), mac):
            return None
        return ProvenOrigin(plain, _connection(ends))


def _sent(scope: Mapping[str, Any], names: set[bytes]) -> dict[bytes, list[str]]:
    sent: dict[bytes, list[str]] = {}
    for name, value in scope["headers"]:
        if name in names:
            sent.setdefault(name, []).append(value.decode("latin-1"))
    return sent


def _connection(ends: str) -> tuple[Endpoint, Endpoint] | None:
    """Return the browser's end and the dashboard's from `address port address port`."""
    parts = ends.split(" ")
    if len(parts) != _ENDS or not parts[1].isdigit() or not parts[3].isdigit():
        return None
    return (parts[0], int(parts[1][:6])), (parts[2], int(parts[3][:6]))


def proof(secret: str, method: str, seconds: str, address: str, ends: str) -> str:
    """Return the MAC of an origin, as the dashboard makes it (`ui/src/server/access/origin.ts`)."""
    key = hmac.digest(secret.encode(), _INFO, "sha256")
    return hmac.digest(key, f"{method}\n{seconds}\n{address}\n{ends}".encode(), "sha256").hex()


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
