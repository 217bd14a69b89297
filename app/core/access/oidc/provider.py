"""One OpenID Connect provider: discovery, keys, and the exchange of a code for a person."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

from app.core.access.errors import SignInRefused
from app.core.access.oidc.claims import Person, has_all, person_of, subject_of
from app.core.access.oidc.config import is_safe_url
from app.core.access.oidc.http import ProviderHttp
from app.core.errors import ConfigurationError, ProviderUnavailable
from app.core.i18n import _
from app.core.observability import get_logger

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

    from app.core.access.oidc.config import OidcConfig
    from app.core.access.oidc.transactions import Transaction
    from app.core.clock import Clock

KEPT_SEC: Final = 3_600.0
"""How long discovery and keys are kept. A key that is not known is looked up at once."""
MAX_CODE_CHARS: Final = 4_096
SIGN_IN_SEC: Final = 20.0
"""The most that all requests of one sign-in may take; the dashboard waits for 30 s."""
_WELL_KNOWN = "/.well-known/openid-configuration"
_PROTOCOL = "app.core.access.oidc.protocol"

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The parts of a discovery document that are used here."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    """Empty if there is none."""
    algorithms: tuple[str, ...]
    auth_methods: tuple[str, ...]
    says_issuer: bool
    """The provider adds `iss` to the address that it sends the browser back to (RFC 9207)."""


class OidcProvider:
    """The provider of a deployment."""

    def __init__(self, config: OidcConfig, clock: Clock) -> None:
        self.config = config
        self._clock = clock
        self._http = ProviderHttp(config.issuer)
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._auth_method = ""
        self._protocol: ModuleType | None = None

    async def authorization_url(self, transaction: Transaction) -> str:
        """Return the address at the provider that begins a sign-in."""
        endpoint, config = (await self.metadata()).authorization_endpoint, self.config
        protocol = await self._messages()
        url: str = protocol.authorization_url(endpoint, config.client_id, config.scopes, transaction)
        return url

    async def person(self, code: str, issuer: str, transaction: Transaction) -> Person:
        """Exchange a code for the person who signed in; raises SignInRefused or ProviderUnavailable.

        `issuer` is the `iss` that came with the code, empty if none came.
        """
        try:
            async with asyncio.timeout(SIGN_IN_SEC):
                return await self._person(code, issuer, transaction)
        except TimeoutError as error:
            raise self._unusable(f"it took longer than {SIGN_IN_SEC:g} s") from error

    async def metadata(self) -> Metadata:
        """Return the discovery document, at most an hour old."""
        now = self._clock.monotonic()
        if self._metadata is None or now - self._metadata[0] >= KEPT_SEC:
            found = await self._http.get(self.config.issuer.rstrip("/") + _WELL_KNOWN)
            self._metadata = (now, self._read(found))
        return self._metadata[1]

    async def _messages(self) -> ModuleType:
        # Authlib and joserfc take a while to load; a thread reads them at the first sign-in.
        if self._protocol is None:
            self._protocol = await asyncio.to_thread(importlib.import_module, _PROTOCOL)
        return self._protocol

    async def _person(self, code: str, issuer: str, transaction: Transaction) -> Person:
        metadata = await self.metadata()
        # A code of another provider must not be sent to this one, nor the other way round.
        if (issuer or metadata.says_issuer) and issuer != self.config.issuer:
            raise SignInRefused(
                _("The answer came from another provider than {issuer}.", issuer=self.config.issuer)
            )
        tokens = await self._exchange(code, metadata, transaction)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise self._unusable("the answer to the code holds no id_token")
        claims = await self._verified(id_token, access_token, metadata, transaction)
        if metadata.userinfo_endpoint and not has_all(claims, self.config):
            claims = await self._with_userinfo(claims, access_token, metadata)
        return person_of(claims, self.config)

    async def _exchange(self, code: str, metadata: Metadata, transaction: Transaction) -> dict[str, Any]:
        status, error = 0, ""
        for method in self._methods(metadata):
            status, answer = await self._ask(code, method, metadata, transaction)
            if status == HTTPStatus.OK:
                self._auth_method = method
                return answer
            error = _word(answer.get("error"))
            if error != "invalid_client":
                break
        if error == "invalid_grant":
            raise SignInRefused(
                _("The provider refuses the code: it was used or has expired. Begin the sign-in again.")
            )
        log.error("the provider refuses the code", status=status, error=error)
        raise self._unusable(f"status {status} {error} for the code".strip())

    async def _ask(
        self, code: str, method: str, metadata: Metadata, transaction: Transaction
    ) -> tuple[int, dict[str, Any]]:
        protocol = await self._messages()
        client = (self.config.client_id, self._secret())
        headers, body = protocol.token_request(metadata.token_endpoint, code, transaction, client, method)
        return await self._http.post(metadata.token_endpoint, headers, body)

    def _methods(self, metadata: Metadata) -> list[str]:
        """Return how the client may prove itself, the likeliest first.

        Discovery says what the provider knows, not what it expects of this client. A client that is refused
        has not used its code up.
        """
        if not self._secret():
            return ["none"]
        methods = ("client_secret_basic", "client_secret_post")
        known = [method for method in methods if method in metadata.auth_methods]
        return sorted(known or ["client_secret_basic"], key=lambda method: method != self._auth_method)

    async def _verified(
        self, id_token: str, access_token: str, metadata: Metadata, transaction: Transaction
    ) -> dict[str, Any]:
        protocol = await self._messages()
        for again in (False, True):
            try:
                claims: dict[str, Any] = protocol.verified_claims(
                    id_token,
                    await self._key_set(metadata, again=again),
                    algorithms=metadata.algorithms,
                    issuer=self.config.issuer,
                    client_id=self.config.client_id,
                    nonce=transaction.nonce,
                    access_token=access_token,
                    now=int(self._clock.now_ms() / 1000),
                )
            except protocol.KeyUnknown as error:
                # The provider may have changed its keys since they were read.
                if again:
                    raise self._refused(error) from error
            except protocol.TokenInvalid as error:
                raise self._refused(error) from error
            else:
                return claims
        raise AssertionError

    async def _key_set(self, metadata: Metadata, *, again: bool) -> KeySet:
        now = self._clock.monotonic()
        if self._keys is None or again or now - self._keys[0] >= KEPT_SEC:
            protocol = await self._messages()
            self._keys = (now, protocol.key_set(await self._http.get(metadata.jwks_uri)))
        return self._keys[1]

    async def _with_userinfo(
        self, claims: dict[str, Any], access_token: str, metadata: Metadata
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        found = await self._http.get(metadata.userinfo_endpoint, headers)
        # OpenID Connect Core, section 5.3.2: else it may be about somebody else.
        if found.get("sub") != subject_of(claims):
            raise SignInRefused(_("The provider's user information is about another person than its token."))
        return {**found, **claims}

    def _secret(self) -> str:
        try:
            return self.config.secret()
        except ConfigurationError as error:
            # The message names the file; the traceback adds nothing.
            log.error("the client secret cannot be read", reason=error.message)  # noqa: TRY400
            raise self._unusable("the client secret cannot be read; the API's log says why") from error

    def _read(self, document: Mapping[str, Any]) -> Metadata:
        said: object = document.get("issuer")
        if said != self.config.issuer:
            raise self._unusable(
                f"it calls itself {str(said)[:200]!r}; OIDC_ISSUER must be exactly the same text"
            )
        algorithms = _texts(document, "id_token_signing_alg_values_supported", "RS256")
        return Metadata(
            self._endpoint(document, "authorization_endpoint"),
            self._endpoint(document, "token_endpoint"),
            self._endpoint(document, "jwks_uri"),
            self._endpoint(document, "userinfo_endpoint") if document.get("userinfo_endpoint") else "",
            algorithms,
            _texts(document, "token_endpoint_auth_methods_supported", "client_secret_basic"),
            document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _endpoint(self, document: Mapping[str, Any], name: str) -> str:
        url: object = document.get(name)
        # An endpoint may have a query of its own (RFC 6749, section 3.1).
        if not isinstance(url, str) or not is_safe_url(url.partition("?")[0]):
            raise self._unusable(f"its {name} is no https address")
        return url

    def _refused(self, error: Exception) -> SignInRefused:
        log.warning("an ID token is refused", issuer=self.config.issuer, reason=str(error))
        return SignInRefused(
            _(
                "The token of {issuer} is refused: {reason}. Begin the sign-in again; if it stays so, "
                "an admin checks the client at the provider.",
                issuer=self.config.issuer,
                reason=str(error),
            )
        )

    def _unusable(self, why: str) -> ProviderUnavailable:
        return ProviderUnavailable(
            _(
                "The sign-in provider {issuer} cannot be used: {why}. Sign in with a key, and check the "
                "OIDC_ settings.",
                issuer=self.config.issuer,
                why=why,
            )
        )


def _texts(document: Mapping[str, Any], name: str, default: str) -> tuple[str, ...]:
    found: object = document.get(name)
    if not isinstance(found, list):
        return (default,)
    return tuple(each for each in cast("list[object]", found) if isinstance(each, str))


def _word(value: object) -> str:
    """Return an error code of OAuth; empty if it is none."""
    return value if isinstance(value, str) and value.replace("_", "").isalnum() and len(value) <= 40 else ""  # noqa: PLR2004
