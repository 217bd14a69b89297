"""Settings of sign-in at an OpenID Connect provider."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.core.access.records import Role
from app.core.access.sessions import HOUR_MS
from app.core.errors import ConfigurationError
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.config import Settings

EVERYONE = "*"
"""In OIDC_ROLES: everyone whom the provider signs in."""
_OPENID = "openid"


@dataclass(frozen=True, slots=True)
class OidcConfig:
    """A provider, and what its claims mean here."""

    issuer: str
    """As the provider writes it: it must be the same in its discovery document and in each token."""
    client_id: str
    secret: Callable[[], str]
    """Reads the client secret; empty for a public client. Raises ConfigurationError."""
    scopes: str
    label: str
    groups_claim: str
    name_claim: str
    roles: tuple[tuple[str, Role], ...]
    """Groups and the role of each."""
    session_ms: int
    """The longest life of a session."""

    def role_of(self, groups: Iterable[str]) -> Role | None:
        """Return the highest role that these groups have; None if they have none."""
        held = {*groups, EVERYONE}
        order = list(Role)
        found = [role for group, role in self.roles if group in held]
        return max(found, key=order.index, default=None)


def oidc_config(settings: Settings) -> OidcConfig | None:
    """Return the provider of the settings; None if none is set. Raises ConfigurationError."""
    if not settings.oidc_issuer:
        if settings.oidc_client_id or settings.oidc_roles:
            raise ConfigurationError(
                _("OIDC_CLIENT_ID or OIDC_ROLES is set, but not OIDC_ISSUER: set it, or remove the others.")
            )
        return None
    if not is_safe_url(settings.oidc_issuer):
        raise ConfigurationError(
            _(
                "OIDC_ISSUER must be an https address without a login, a query or a fragment, such as "
                "https://login.example.org; http is for a provider on this machine's loopback only."
            )
        )
    if not settings.oidc_client_id:
        raise ConfigurationError(
            _("OIDC_ISSUER is set, but not OIDC_CLIENT_ID: the name that the provider gave this client.")
        )
    if _OPENID not in settings.oidc_scopes.split():
        raise ConfigurationError(_("OIDC_SCOPES must contain `openid`."))
    return OidcConfig(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        secret=lambda: _client_secret(settings),
        scopes=" ".join(settings.oidc_scopes.split()),
        label=settings.oidc_label.strip() or urlsplit(settings.oidc_issuer).netloc,
        groups_claim=settings.oidc_groups_claim,
        name_claim=settings.oidc_name_claim,
        roles=_roles(settings.oidc_roles),
        session_ms=round(settings.oidc_session_hours * HOUR_MS),
    )


def is_safe_url(url: str) -> bool:
    """Return whether secrets may be sent to an address: https, or http on loopback."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or parts.query or not url.isprintable():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _roles(text: str) -> tuple[tuple[str, Role], ...]:
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if not entries:
        raise ConfigurationError(
            _(
                "OIDC_ISSUER is set, but OIDC_ROLES gives a role to no group: write group=role, such as "
                "`admins=admin,staff=operator`, or `*=viewer` for everyone who can sign in."
            )
        )
    return tuple(_rule(entry) for entry in entries)


def _rule(entry: str) -> tuple[str, Role]:
    # A group may contain `=`, as the names of a directory do.
    group, _sep, role = (part.strip() for part in entry.rpartition("="))
    if not group or role not in set(Role):
        raise ConfigurationError(
            _(
                "OIDC_ROLES: {entry!r} is no group=role; the role is one of {roles}.",
                entry=entry[:100],
                roles=", ".join(Role),
            )
        )
    return group, Role(role)


def _client_secret(settings: Settings) -> str:
    given = settings.oidc_client_secret.get_secret_value()
    path = settings.oidc_client_secret_file
    if given or path is None:
        return given
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            _(
                "OIDC_CLIENT_SECRET_FILE: {path} cannot be read ({error}).",
                path=path,
                error=type(error).__name__,
            )
        ) from error
    if not secret:
        raise ConfigurationError(_("OIDC_CLIENT_SECRET_FILE: {path} is empty.", path=path))
    return secret
