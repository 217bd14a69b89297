"""WhatsApp's Cloud API on loopback: a number, texts, buttons, templates, and the window of 24 hours."""

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
        self.closed: set[str] = set()
        """Numbers that have not written for 24 hours: they take no free text."""
        self.read: list[str] = []
        """Messages of people that were marked as read."""
        self.shown_buttons: list[list[str]] = []
        """Those of each message that had any."""
        self.buttons: list[str] = []
        """The last message's buttons or rows: `id=title (description)`."""

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
        if message.get("status") == "read":
            self.read.append(message["message_id"])
            return Reply(200, {"success": True})
        if message["to"] in self.closed and message["type"] != "template":
            return failure(400, "Re-engagement message", 131047)
        problem = _problem(message)
        if problem:
            return failure(400, problem, 100)
        self.buttons = _buttons(message)
        self.shown_buttons += [self.buttons] if self.buttons else []
        self.taken.append((message["to"], _text(message)))
        return Reply(200, {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{next(self._ids)}"}]})


def _problem(message: dict[str, Any]) -> str:
    """Return what Meta refuses in a message; empty if nothing."""
    if message["type"] == "template":
        values = [
            each["text"] for part in message["template"].get("components", []) for each in part["parameters"]
        ]
        bad = any("\n" in value or "\t" in value or "    " in value for value in values)
        return "Param text cannot have new-line/tab characters" if bad else ""
    if message["type"] != "interactive":
        return ""
    part = message["interactive"]
    if len(part["body"]["text"]) > 1_024:
        return "Body text is too long"
    if part["type"] == "list":
        rows = part["action"]["sections"][0]["rows"]
        fits = len(rows) <= 10 and all(len(each["title"]) <= 24 for each in rows)
        return "" if fits else "Invalid rows"
    titles = [each["reply"]["title"] for each in part["action"]["buttons"]]
    fits = len(titles) <= 3 and len(set(titles)) == len(titles) and all(len(each) <= 20 for each in titles)
    return "" if fits else "Invalid buttons"


def _text(message: dict[str, Any]) -> str:
    if message["type"] == "text":
        return message["text"]["body"]
    if message["type"] == "interactive":
        return message["interactive"]["body"]["text"]
    template = message["template"]
    values = [each["text"] for part in template.get("components", []) for each in part["parameters"]]
    return f"{template['name']}/{template['language']['code']}: {' | '.join(values)}"


def _buttons(message: dict[str, Any]) -> list[str]:
    if message["type"] != "interactive":
        return []
    action = message["interactive"]["action"]
    if "buttons" in action:
        return [f"{each['reply']['id']}={each['reply']['title']}" for each in action["buttons"]]
    rows = action["sections"][0]["rows"]
    return [
        f"{each['id']}={each['title']}" + (f" ({each['description']})" if "description" in each else "")
        for each in rows
    ]
