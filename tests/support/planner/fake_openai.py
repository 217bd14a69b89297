"""An OpenAI-compatible server on loopback with scripted answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# A step sees the conversation so far and returns the assistant's message, or a whole answer of its own.
Step = Callable[[dict[str, Any]], "dict[str, Any] | Reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as raw bytes, for what is no chat completion."""

    status: int
    body: bytes


def says(text: str) -> Step:
    """Return a step that says something."""
    return lambda _: {"role": "assistant", "content": text}


def fail_with(status: int, code: str = "error") -> Step:
    """Return a step that is an error of the provider."""
    body = {"error": {"message": f"refused: {code}", "type": code, "code": code}}
    return lambda _: Reply(status, json.dumps(body).encode())


@dataclass
class FakeOpenAi:
    """What was asked, and what is answered; the last step is said again and again."""

    base: str
    steps: Sequence[Step] = ()
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    keys: list[str] = field(default_factory=list[str])
    accepted: list[str] = field(default_factory=list[str])
    released: threading.Event = field(default_factory=threading.Event)

    def script(self, *steps: Step) -> None:
        """Say these, one for each request."""
        self.steps = steps

    def hangs(self) -> Step:
        """Return a step that does not answer while the server lives."""

        def wait(_: dict[str, Any]) -> dict[str, Any]:
            self.released.wait(30)
            return {"role": "assistant", "content": "too late"}

        return wait

    def next_reply(self, request: dict[str, Any]) -> Reply:
        self.requests.append(request)
        step = self.steps[min(len(self.requests), len(self.steps)) - 1]
        said = step(request)
        return (
            said if isinstance(said, Reply) else Reply(200, json.dumps(_completion(request, said)).encode())
        )


def _completion(request: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": request.get("model", ""),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


@contextmanager
def fake_openai(headers: Mapping[str, str] | None = None) -> Generator[FakeOpenAi]:
    """Run a server while the block runs; `headers` are added to each of its responses."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            fake.accepted.append(self.headers.get("Accept-Encoding", ""))
            fake.keys.append(self.headers.get("Authorization", ""))
            reply = fake.next_reply(json.loads(self.rfile.read(length)))
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002  the name is the base's

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None: ...  # a killed client is no news

    server = Server(("127.0.0.1", 0), Handler)
    fake = FakeOpenAi(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
