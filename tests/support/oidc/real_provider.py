"""A real OpenID Connect provider on loopback: `oidc-provider` of npm, run by node."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.support.embedded_redis import HOST, free_port
from tests.support.waiting import wait_until

UI = Path(__file__).resolve().parents[3] / "ui"
SCRIPT = UI / "tests/e2e/support/oidc-provider.mjs"
CLIENT, SECRET = "dashboard", "a secret with + % and : in it"
REDIRECT = "http://127.0.0.1:3000/session/oidc/callback"
_MOST_STEPS = 10


@dataclass(frozen=True)
class RealProvider:
    """The provider process, whose account of now each test chooses."""

    issuer: str

    def set_account(self, sub: str, **claims: Any) -> None:
        """Choose the account that the next sign-in is of."""
        httpx.put(f"{self.issuer}/account", json={"sub": sub, **claims}).raise_for_status()

    def change_keys(self) -> None:
        """Sign with a new key from now on; the old one is published no longer."""
        httpx.put(f"{self.issuer}/keys").raise_for_status()

    def walk(self, authorization_url: str) -> dict[str, str]:
        """Go through the provider as a browser does; return what it sends back to the dashboard."""
        with httpx.Client() as browser:
            url = authorization_url
            for _step in range(_MOST_STEPS):
                answer = browser.get(url)
                assert answer.is_redirect, answer.text
                url = str(answer.url.join(answer.headers["location"]))
                if url.startswith(REDIRECT):
                    return dict(parse_qsl(urlsplit(url).query))
        raise AssertionError(f"the provider goes on: {url}")


@contextmanager
def real_provider(redirect_uri: str = REDIRECT) -> Generator[RealProvider]:
    """Run the provider for as long as the block."""
    node = shutil.which("node")
    if node is None or not (UI / "node_modules/oidc-provider").is_dir():
        pytest.skip("node or ui/node_modules is missing: `npm ci` in ui/")
    port = free_port()
    command = [node, str(SCRIPT), str(port), redirect_uri]
    with subprocess.Popen(
        command, cwd=UI, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        provider = RealProvider(f"http://{HOST}:{port}")
        try:
            wait_until(lambda: _answers(provider.issuer), 120, "the provider")
            yield provider
        finally:
            process.kill()


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration").is_success
    except httpx.TransportError:
        return False
