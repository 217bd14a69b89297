"""A server on loopback that echoes requests in many encodings."""

from __future__ import annotations

import base64
import html
from urllib.parse import unquote

from tests.support.http.fake_remote import FakeRemote, Reply, Request


class FakeEcho(FakeRemote):
    """Any path says it in the body and a header, `/here` and `/away` in a redirect, two in broken answers.

    `/away` leads to `away`, another host.
    """

    def __init__(self, away: str = "http://nowhere.invalid") -> None:
        super().__init__()
        self.away = away

    def answer(self, request: Request) -> Reply:
        path, _, query = request.path.partition("?")
        match path:
            case "/here":
                return Reply(302, b"", {"location": f"/echo?{query}"})
            case "/away":
                return Reply(302, b"", {"location": f"{self.away}/echo?{query}"})
            case "/packed":
                return Reply(200, b"x", {"content-encoding": _line(request)})
            case "/torn":
                return Reply(200, b"x", {"content-length": _line(request)})
            case _:
                return Reply(200, _forms(request), {"x-echo": _line(request), "content-type": "text/html"})


def _line(request: Request) -> str:
    return unquote(request.path).replace("\r", "").replace("\n", "")


def _forms(request: Request) -> bytes:
    said = "\n".join([request.path, unquote(request.path), *request.headers.values(), request.body.decode()])
    encoded = base64.b64encode(f"user:{unquote(request.path)}".encode()).decode()
    return "\n".join(
        [said, said.upper(), html.escape(said), repr(said), encoded, said.encode().hex()]
    ).encode()
