"""Telegram's Bot API on loopback: `getMe`, `sendMessage`, and what it does when it is not well."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from urllib.parse import parse_qs

from tests.support.fake_remote import HANG, FakeRemote, Reply, Request

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
        if method == "getMe":
            self.checks += 1
            return self.check_reply or _ok(_bot(token))
        if method == "sendMessage":
            return self.planned_or(lambda: self._take(request))
        return failure(404, "Not Found")

    def _take(self, request: Request) -> Reply:
        fields = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if fields["chat_id"] == "0":
            return failure(400, "Bad Request: chat not found")
        self.taken.append((fields["chat_id"], fields["text"]))
        self.taken_at.append(time.monotonic())
        number = next(self._ids)
        chat = {"id": 42, "type": "private"}
        return _ok({"message_id": number, "date": 1_700_000_000, "chat": chat, "text": fields["text"]})


def _bot(token: str) -> dict[str, object]:
    number = int(token.partition(":")[0])
    return {"id": number, "is_bot": True, "first_name": "Fake", "username": f"fake_{number}_bot"}


def _ok(result: object) -> Reply:
    return Reply(200, {"ok": True, "result": result})
