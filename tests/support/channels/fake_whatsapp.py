"""WhatsApp's Cloud API on loopback: reading a number and sending a text."""

from __future__ import annotations

import itertools
from typing import Any

import orjson

from tests.support.http.fake_remote import FakeRemote, Reply, Request

NUMBER_ID = "106540352242922"
ACCESS_TOKEN = "EAAFakeAccessTokenOfTheTests0123456789"


def failure(status: int, message: str, code: int) -> Reply:
    """Return an answer as Meta refuses."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AxFake"}
    return Reply(status, {"error": error})


class FakeWhatsApp(FakeRemote):
    """Knows one number. A message counts as taken once its request was read, whatever is answered then."""

    def __init__(self, access_token: str = ACCESS_TOKEN) -> None:
        super().__init__()
        self._bearer = f"Bearer {access_token}"
        self.taken: list[tuple[str, str]] = []
        self.number: dict[str, Any] = {"display_phone_number": "+62 811 0000", "quality_rating": "GREEN"}
        self._ids = itertools.count(1)

    def count(self, text: str) -> int:
        """Return how often a text was taken."""
        return sum(taken == text for _, taken in self.taken)

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != self._bearer:
            return failure(401, "Invalid OAuth access token.", 190)
        path = request.path.partition("?")[0]
        if (request.method, path) == ("GET", f"/{NUMBER_ID}"):
            return Reply(200, {"id": NUMBER_ID, **self.number})
        if (request.method, path) == ("POST", f"/{NUMBER_ID}/messages"):
            return self.planned_or(lambda: self._take(request))
        return failure(404, "Unsupported request", 100)

    def _take(self, request: Request) -> Reply:
        message = orjson.loads(request.body)
        self.taken.append((message["to"], message["text"]["body"]))
        return Reply(200, {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{next(self._ids)}"}]})
