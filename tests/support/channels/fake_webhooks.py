"""Receivers of messages on loopback: Slack, Discord, ntfy, and a program that checks signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import time
from typing import Any

import orjson

from tests.support.http.fake_remote import FakeRemote, Reply, Request

SLACK_PATH = "/services/T0FAKE/B0FAKE/SlackTokenOfTheTests0123"
DISCORD_PATH = "/api/webhooks/1234567890/DiscordTokenOfTheTests-0123456789"
NTFY_TOKEN = "tk_FakeTokenOfTheTests01234567890"
NTFY_TOPIC = "toko-alarm"
SIGNING_KEY = b"0123456789-signing-key-of-the-tests"
SIGNING_SECRET = f"whsec_{base64.b64encode(SIGNING_KEY).decode()}"
_JSON_TYPE = "application/json"


class FakeSlack(FakeRemote):
    """One incoming webhook. A message counts as taken once it was read, whatever is answered then."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.taken: list[str] = []
        self.is_revoked = False

    @property
    def address(self) -> str:
        return f"{self.url}{SLACK_PATH}"

    def answer(self, request: Request) -> Reply:
        if (request.method, request.path) != ("POST", SLACK_PATH):
            return Reply(404, b"no_service")
        if self.is_revoked:
            return Reply(403, b"invalid_token")
        message = orjson.loads(request.body)
        if not message.get("text"):
            return Reply(400, b"no_text")
        return self.planned_or(lambda: self._take(message["text"]))

    def _take(self, text: str) -> Reply:
        self.taken.append(text)
        return Reply(200, b"ok")


def slack_limit(retry_after_sec: int) -> Reply:
    """Return Slack's 429."""
    return Reply(429, {"ok": False, "error": "rate_limited"}, {"retry-after": str(retry_after_sec)})


class FakeDiscord(FakeRemote):
    """One webhook of a channel."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.taken: list[str] = []
        self.is_revoked = False
        self._ids = itertools.count(1_000)

    @property
    def address(self) -> str:
        return f"{self.url}{DISCORD_PATH}"

    def answer(self, request: Request) -> Reply:
        path, _, query = request.path.partition("?")
        if path != DISCORD_PATH or self.is_revoked:
            return Reply(404, {"message": "Unknown Webhook", "code": 10015})
        if request.method == "GET":
            return Reply(200, {"id": "1234567890", "name": "Alarm Toko", "channel_id": "77"})
        message = orjson.loads(request.body)
        content, [card] = message.get("content", ""), message.get("embeds", [{"description": ""}])
        text = content or card["description"]
        if not text or len(content) > 2_000 or len(card["description"]) > 4_096:
            return Reply(400, {"message": "Invalid Form Body", "code": 50035})
        # A mention would ring for people.
        assert message["allowed_mentions"] == {"parse": []}
        return self.planned_or(lambda: self._take(text, query))

    def _take(self, text: str, query: str) -> Reply:
        self.taken.append(text)
        if query != "wait=true":
            return Reply(204, b"")
        return Reply(200, {"id": str(next(self._ids)), "type": 0, "content": text})


def discord_limit(retry_after_sec: float) -> Reply:
    """Return Discord's 429: fractions of a second in the body, whole ones in the header."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after_sec, "global": False}
    return Reply(429, body, {"retry-after": str(int(retry_after_sec) + 1)})


class FakeNtfy(FakeRemote):
    """A server whose topics need a token. Each message is (topic, title, text, priority)."""

    def __init__(self, token: str = NTFY_TOKEN, **more: Any) -> None:
        super().__init__(**more)
        self.token = token
        self.taken: list[tuple[str, str, str, int]] = []
        self.is_healthy = True
        self._ids = itertools.count(1)

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, {"code": 40101, "http": 401, "error": "unauthorized"})
        if (request.method, request.path) == ("GET", "/v1/health"):
            return Reply(200, {"healthy": self.is_healthy})
        if (request.method, request.path) != ("POST", "/"):
            return Reply(404, {"code": 40401, "http": 404, "error": "page not found"})
        return self.planned_or(lambda: self._take(orjson.loads(request.body)))

    def _take(self, message: dict[str, Any]) -> Reply:
        taken = (message["topic"], message.get("title", ""), message["message"], message.get("priority", 3))
        self.taken.append(taken)
        return Reply(200, {"id": f"ntfy{next(self._ids)}", "event": "message", **message})


class FakeReceiver(FakeRemote):
    """A program of the user's own, as Standard Webhooks asks: it checks the signature and drops doubles."""

    def __init__(self, key: bytes = SIGNING_KEY, **more: Any) -> None:
        super().__init__(**more)
        self.key = key
        self.calls: list[tuple[str, dict[str, Any]]] = []
        """Id and body of each call that was in order."""

    @property
    def address(self) -> str:
        return f"{self.url}/hooks/alarms"

    @property
    def kept(self) -> dict[str, dict[str, Any]]:
        """Return the messages without doubles, by id."""
        return dict(self.calls)

    def answer(self, request: Request) -> Reply:
        sent_at = request.headers["webhook-timestamp"]
        signed = f"{request.headers['webhook-id']}.{sent_at}.".encode() + request.body
        wanted = base64.b64encode(hmac.new(self.key, signed, hashlib.sha256).digest()).decode()
        is_fresh = abs(time.time() - int(sent_at)) < 300
        if not is_fresh or not hmac.compare_digest(request.headers["webhook-signature"], f"v1,{wanted}"):
            return Reply(401, b"wrong signature")
        assert request.headers["content-type"] == _JSON_TYPE
        return self.planned_or(lambda: self._take(request))

    def _take(self, request: Request) -> Reply:
        self.calls.append((request.headers["webhook-id"], orjson.loads(request.body)))
        return Reply(202, b"")
