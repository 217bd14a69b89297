"""Sign-in at a provider: its beginning, its end, and the address between the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.access.errors import SignInRefused
from app.core.access.oidc.config import is_safe_url
from app.core.access.oidc.provider import MAX_CODE_CHARS, OidcProvider
from app.core.access.oidc.transactions import Transactions
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.access.oidc.claims import Person
    from app.core.access.oidc.config import OidcConfig
    from app.core.clock import Clock
    from app.core.redis_client import RedisLink
    from app.core.secrets.sealing import SecretBox
    from app.core.storage.keys import Keys

CALLBACK: Final = "/session/oidc/callback"
"""The path of the dashboard that the provider sends browsers back to."""


@dataclass(frozen=True, slots=True)
class StartedSignIn:
    """The way to the provider, and what the browser keeps until it comes back."""

    authorization_url: str
    transaction: str
    redirect_uri: str


class OidcSignIn:
    """Signs people in at the provider of a deployment."""

    def __init__(
        self,
        config: OidcConfig,
        link: RedisLink,
        keys: Keys,
        clock: Clock,
        *,
        box: SecretBox,
        public_url: str,
    ) -> None:
        self.config = config
        self.provider = OidcProvider(config, clock)
        self._transactions = Transactions(link, keys, clock, box)
        self._public_url = public_url

    async def start(self, host: str) -> StartedSignIn:
        """Begin a sign-in; `host` is the dashboard's name and port as the browser knows them."""
        redirect_uri = self.redirect_uri(host)
        config = self.config
        made, sealed = self._transactions.begin(config.issuer, config.client_id, redirect_uri)
        return StartedSignIn(await self.provider.authorization_url(made), sealed, redirect_uri)

    async def finish(self, sealed: str, state: str, code: str, issuer: str) -> Person:
        """Return the person whom the provider has signed in; SignInRefused or ProviderUnavailable."""
        if not 0 < len(code) <= MAX_CODE_CHARS:
            raise SignInRefused(_("The provider sent no usable code. Begin the sign-in again."))
        config = self.config
        transaction = await self._transactions.take(sealed, state, config.issuer, config.client_id)
        return await self.provider.person(code, issuer, transaction)

    def redirect_uri(self, host: str) -> str:
        """Return the address that is registered at the provider."""
        if self._public_url:
            return f"{self._public_url}{CALLBACK}"
        base = f"http://{host}"
        # Without PUBLIC_URL only the names of this machine are certain.
        if "/" in host or not is_safe_url(base):
            raise SignInRefused(
                _("Sign-in at a provider needs PUBLIC_URL: the address at which people reach the dashboard.")
            )
        return f"{base}{CALLBACK}"
