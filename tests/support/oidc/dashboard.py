"""The dashboard's part of a sign-in at a provider: its two calls of the API."""

from __future__ import annotations

import time
from typing import Any

import httpx

from app.services.api.http.origin import ORIGIN_HEADER, proof

UI_SECRET = "ui-session-secret-of-the-tests-0001"
HOST = "127.0.0.1:3000"
ADDRESS = "203.0.113.9"


def origin(method: str = "POST", address: str = ADDRESS, secret: str = UI_SECRET) -> dict[str, str]:
    """Return the header by which the dashboard proves that it calls, and the address of its user."""
    seconds = str(int(time.time()))
    mac = proof(secret, method, seconds, address, "")
    return {ORIGIN_HEADER.decode(): f"{address};{seconds};;{mac}"}


class FakeDashboard:
    """Calls the API as the dashboard's server does."""

    def __init__(self, client: httpx.AsyncClient, host: str = HOST) -> None:
        self.client = client
        self.host = host

    async def start(self) -> dict[str, Any]:
        """Begin a sign-in; return where the browser goes and what it keeps."""
        answer = await self.client.post("/sessions/oidc/start", json={"host": self.host}, headers=origin())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def finish(self, started: dict[str, Any], back: dict[str, str]) -> httpx.Response:
        """End a sign-in with what the provider sent back."""
        body = {
            "transaction": started["transaction"],
            "code": back.get("code", "a-code"),
            "state": back["state"],
            "iss": back.get("iss", ""),
        }
        headers = {**origin(), "User-Agent": "Firefox"}
        return await self.client.post("/sessions/oidc", json=body, headers=headers)
