"""A provider on loopback that answers as a test says: wrong tokens, wrong documents, silence."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from joserfc.jws import JWSRegistry

from tests.support.embedded_redis import HOST

CLIENT, SECRET = "client-of-the-tests", "secret-of-the-fake-provider-0001"
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class FakeProvider:
    """What the provider says; a test changes it before a sign-in."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    """Changes of the ID token's claims; a None removes one."""
    discovery: dict[str, Any] = field(default_factory=dict[str, Any])
    userinfo: dict[str, Any] = field(default_factory=dict[str, Any])
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    signed_by: RSAKey | bytes | None = None
    answers: dict[str, Callable[[], Answer]] = field(default_factory=dict[str, Callable[[], Answer]])
    """Answers of whole paths in place of the usual ones."""
    asked: list[str] = field(default_factory=list[str])
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    nonce: str = ""
    """Of the sign-in under way, as the test read it from the address."""
    ended: threading.Event = field(default_factory=threading.Event)

    def token(self) -> str:
        """Return the ID token of now."""
        now = int(time.time())
        wanted = {
            "iss": self.issuer,
            "sub": "sub-1",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
            "preferred_username": "ana",
            "groups": ["staff"],
            **self.claims,
        }
        claims = {name: value for name, value in wanted.items() if value is not None}
        if self.header["alg"] == "none":
            return f"{_unsigned(self.header, claims)}."
        if isinstance(self.signed_by, bytes):
            unsigned = _unsigned(self.header, claims)
            return f"{unsigned}.{_base64(hmac.digest(self.signed_by, unsigned.encode(), 'sha256'))}"
        registry = JWSRegistry(algorithms=[self.header["alg"]])
        return jwt.encode(self.header, claims, self.signed_by or self.key, registry=registry)

    def answer(self, path: str) -> Answer:
        """Return the answer at a path."""
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]()
        if path == "/.well-known/openid-configuration":
            return _json(self.document())
        if path == "/jwks":
            return _json(KeySet([self.key]).as_dict(private=False))
        if path == "/token":
            return _json({"access_token": "at", "token_type": "Bearer", "id_token": self.token()})
        if path == "/userinfo":
            return _json({"sub": "sub-1", **self.userinfo})
        return 404, {}, b""

    def document(self) -> dict[str, Any]:
        """Return the discovery document."""
        return {
            "issuer": self.issuer,
            **{
                name: f"{self.issuer}/{path}"
                for name, path in (
                    ("authorization_endpoint", "auth"),
                    ("token_endpoint", "token"),
                    ("jwks_uri", "jwks"),
                    ("userinfo_endpoint", "userinfo"),
                )
            },
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.discovery,
        }

    def read_nonce(self, authorization_url: str) -> None:
        """Take the nonce of a sign-in, as a provider does at its beginning."""
        self.nonce = parse_qs(authorization_url.partition("?")[2])["nonce"][0]


@contextmanager
def fake_provider() -> Generator[FakeProvider]:
    """Serve a provider for as long as the block."""
    provider = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = provider.answer(self.path.partition("?")[0])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def log_message(self, format: str, *_args: Any) -> None:  # noqa: A002
            del format

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        provider.issuer = f"http://{HOST}:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield provider
        finally:
            provider.ended.set()
            server.shutdown()


def _json(value: object) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _unsigned(header: dict[str, str], claims: dict[str, Any]) -> str:
    return ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
