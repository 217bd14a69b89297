"""Telegram's Bot API on loopback, with messages of users and faults."""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import orjson

from tests.support.http.fake_remote import HANG, FakeRemote, Reply, Request

TOKEN = "123456789:AAFakeTokenOfTheTests_0123456789abc"
OTHER_TOKEN = "987654321:AAOtherTokenOfTheTests-0123456789ab"
UNKNOWN_TOKEN = "555555555:AAUnknownTokenOfTheTests_01234567"


def too_many(retry_after_sec: int) -> Reply:
    """Return Telegram's 429."""
    description = f"Too Many Requests: retry after {retry_after_sec}"
    parameters = {"retry_after": retry_after_sec}
    return failure(429, description, parameters=parameters)


def failure(status: int, description: str, **more: object) -> Reply:
    """Return an answer as Telegram refuses."""
    return Reply(status, {"ok": False, "error_code": status, "description": description, **more})


class FakeTelegram(FakeRemote):
    """Knows two bots. A message counts as taken once its request was read, whatever is answered then.

    Planned replies are for `sendMessage`.
    """

    def __init__(self, tokens: tuple[str, ...] = (TOKEN, OTHER_TOKEN)) -> None:
        super().__init__()
        self.tokens = tokens
        self.taken: list[tuple[str, str]] = []
        self.taken_at: list[float] = []
        self.checks = 0
        self.check_reply: Reply | None = None
        self.dumb: set[str] = set()
        """Tokens whose every call is taken and never answered."""
        self._ids = itertools.count(1)
        self.updates: list[dict[str, Any]] = []
        """What people wrote and no poll has confirmed yet, in order."""
        self.polls = 0
        self.wanted: list[str] | None = None
        """The kinds of updates that some poll has asked for: Telegram keeps to it in all later ones."""
        self.poll_replies: deque[Reply] = deque()
        """What the next polls meet, one each, in place of updates."""
        self.webhook_url = ""
        self.pressed: list[tuple[str, str]] = []
        """Confirmed presses, each with the text that the person got."""
        self.buttons: dict[str, str] = {}
        """The data of the button below each text."""

    def write(self, *updates: dict[str, Any]) -> None:
        """Let people write."""
        self.updates += updates

    def count(self, text: str) -> int:
        """Return how often a text was taken."""
        return self.texts()[text]

    def texts(self) -> Counter[str]:
        """Return how often each text was taken."""
        return Counter(text for _, text in self.taken)

    def answer(self, request: Request) -> Reply:
        token, _, method = request.path.removeprefix("/bot").partition("/")
        if token not in self.tokens:
            return failure(401, "Unauthorized")
        if token in self.dumb:
            return HANG
        methods: dict[str, Callable[[], Reply]] = {
            "getMe": lambda: self._me(token),
            "sendMessage": lambda: self.planned_or(lambda: self._take(request)),
            "getUpdates": lambda: self._poll(request),
            "getWebhookInfo": self._webhook,
            "answerCallbackQuery": lambda: self._press(request),
        }
        return methods.get(method, lambda: failure(404, "Not Found"))()

    def _me(self, token: str) -> Reply:
        self.checks += 1
        return self.check_reply or _ok(_bot(token))

    def _webhook(self) -> Reply:
        return _ok({"url": self.webhook_url, "has_custom_certificate": False, "pending_update_count": 0})

    def _press(self, request: Request) -> Reply:
        fields = _fields(request)
        self.pressed.append((fields["callback_query_id"], fields.get("text", "")))
        return _ok(result=True)

    def _take(self, request: Request) -> Reply:
        fields = _fields(request)
        if fields["chat_id"] == "0":
            return failure(400, "Bad Request: chat not found")
        self.taken.append((fields["chat_id"], fields["text"]))
        self.taken_at.append(time.monotonic())
        if "reply_markup" in fields:
            keyboard = orjson.loads(fields["reply_markup"])["inline_keyboard"]
            self.buttons[fields["text"]] = keyboard[0][0]["callback_data"]
        number = next(self._ids)
        chat = {"id": 42, "type": "private"}
        return _ok({"message_id": number, "date": 1_700_000_000, "chat": chat, "text": fields["text"]})

    def _poll(self, request: Request) -> Reply:
        self.polls += 1
        if self.webhook_url:
            return failure(409, "Conflict: can't use getUpdates method while webhook is active")
        if self.poll_replies:
            return self.poll_replies.popleft()
        fields = _fields(request)
        offset, waits = int(fields.get("offset", "0")), fields.get("timeout", "0") != "0"
        if "allowed_updates" in fields:
            self.wanted = orjson.loads(fields["allowed_updates"])
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        # A poll that finds nothing waits; a tenth of a second is enough to be no busy loop.
        empty = waits and not self.updates
        return Reply(200, {"ok": True, "result": self.updates[:100]}, delay_sec=0.1 if empty else 0)


def _fields(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def _bot(token: str) -> dict[str, object]:
    number = int(token.partition(":")[0])
    return {"id": number, "is_bot": True, "first_name": "Fake", "username": f"fake_{number}_bot"}


def _ok(result: object) -> Reply:
    return Reply(200, {"ok": True, "result": result})
