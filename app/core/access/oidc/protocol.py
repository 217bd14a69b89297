"""OpenID Connect messages: authorization URL, token request, ID token. No I/O.

Authlib and joserfc make and verify them. This module is imported at the first sign-in, because an API that
has no provider needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import quote

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc6749 import parameters
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from app.core.access.oidc.transactions import Transaction

# Signatures by a public key alone: with HS256 the client secret would sign, and `none` is no signature.
ALGORITHMS: Final = frozenset(
    {
        *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
        *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
    }
)
LEEWAY_SEC: Final = 60
BASIC, POST, NONE = "client_secret_basic", "client_secret_post", "none"
_PUBLIC_KEYS = frozenset({"RSA", "EC", "OKP"})
_NO_HALF_HASH = frozenset({"EdDSA", "Ed25519"})
"""Authlib has no `at_hash` of these. The token came from the provider itself, over TLS."""


class TokenInvalid(Exception):  # noqa: N818  the caller turns it into a refusal
    """The ID token is refused; the text says which rule it breaks."""


class KeyUnknown(TokenInvalid):
    """None of the known keys of the provider signed the token; it may have newer ones."""


def authorization_url(endpoint: str, client_id: str, scopes: str, transaction: Transaction) -> str:
    """Return the address at the provider that begins a sign-in."""
    client = cast("Any", OAuth2Client)(
        None,
        client_id=client_id,
        scope=scopes,
        redirect_uri=transaction.redirect_uri,
        code_challenge_method="S256",
    )
    url, _state = client.create_authorization_url(
        endpoint, state=transaction.state, code_verifier=transaction.verifier, nonce=transaction.nonce
    )
    return cast("str", url)


def token_request(
    endpoint: str, code: str, transaction: Transaction, client: tuple[str, str], method: str
) -> tuple[dict[str, str], str]:
    """Return headers and body of the request that exchanges a code; `client` is id and secret."""
    client_id, secret = client
    if method == BASIC:
        # RFC 6749, section 2.3.1: both are form-encoded first. Authlib leaves that to its caller.
        client_id, secret = quote(client_id, safe=""), quote(secret, safe="")
    body = cast("Any", parameters).prepare_token_request(
        "authorization_code",
        redirect_uri=transaction.redirect_uri,
        code=code,
        code_verifier=transaction.verifier,
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    auth = cast("Any", ClientAuth)(client_id, secret, method)
    _url, headers, body = auth.prepare("POST", endpoint, headers, body)
    return cast("dict[str, str]", headers), cast("str", body)


def key_set(document: Mapping[str, Any]) -> KeySet:
    """Return the public keys of a JWKS document; raises TokenInvalid if there is none."""
    listed: object = document.get("keys")
    entries = cast("list[object]", listed) if isinstance(listed, list) else []
    objects = [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]
    usable = [key for key in objects if key.get("kty") in _PUBLIC_KEYS and key.get("use", "sig") == "sig"]
    try:
        return KeySet.import_key_set(cast("Any", {"keys": usable}))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenInvalid(f"the provider's keys cannot be read ({error})") from error


def verified_claims(
    token: str,
    keys: KeySet,
    *,
    algorithms: Sequence[str],
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
    now: int,
) -> dict[str, Any]:
    """Return the claims of an ID token that is valid for this client and this sign-in."""
    allowed = [algorithm for algorithm in algorithms if algorithm in ALGORITHMS]
    # joserfc takes an empty list for its own defaults, HS256 among them.
    if not allowed:
        raise TokenInvalid(f"the provider signs by none of {', '.join(sorted(ALGORITHMS))}")
    registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
    try:
        decoded = jwt.decode(token, key=keys, registry=registry)
    except (InvalidKeyIdError, BadSignatureError) as error:
        raise KeyUnknown("it is not signed by a key that the provider publishes") from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenInvalid(_reason(error)) from error
    expected = {"nonce": nonce, "client_id": client_id}
    if decoded.header["alg"] not in _NO_HALF_HASH:
        expected["access_token"] = access_token
    options = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client_id},
        "sub": {"essential": True},
    }
    claims = cast("Any", CodeIDToken)(decoded.claims, decoded.header, options, expected)
    try:
        claims.validate(now=now, leeway=LEEWAY_SEC)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenInvalid(_reason(error)) from error
    return dict(decoded.claims)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
