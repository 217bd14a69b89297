"""`multi-job logs`: lines, and the traceback of each attempt that failed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.cli.client import Client
from app.cli.commands.runs import RunLogReader, line_text

TRACEBACK = 'Traceback (most recent call last):\n  File "shop.py", line 3, in order\nValueError: no price'


def log_line(attempt: int, message: str) -> dict[str, Any]:
    return {
        "at": "2026-01-31T02:00:00.000Z",
        "level": "info",
        "message": message,
        "fields": {},
        "attempt": attempt,
    }


def failed(attempt: int) -> dict[str, Any]:
    error = {"code": "exception", "type": "ValueError", "message": "no price", "traceback": TRACEBACK}
    return {"attempt": attempt, "ended_at": "2026-01-31T02:00:01.000Z", "error": error}


class Api:
    """Answers for one run; its log comes in pages."""

    def __init__(
        self, pages: list[list[dict[str, Any]]], attempts: list[dict[str, Any]], status: str
    ) -> None:
        self.pages = pages
        self.run = {"status": status, "attempts": attempts}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/platform":
            return httpx.Response(200, json={"timezone": "Asia/Jakarta"})
        if not request.url.path.endswith("/logs"):
            return httpx.Response(200, json=self.run)
        page = self.pages.pop(0)
        ended = not self.pages and self.run["status"] in {"success", "failed"}
        headers = {"X-Log-Truncated": "false", "X-Next-Cursor": "0-0", "X-Log-Complete": str(ended).lower()}
        return httpx.Response(
            200, json=page, headers={**headers, **({"Link": "<next>"} if self.pages else {})}
        )


def shown(api: Api, *, level: str | None = None, search: str | None = None) -> list[str]:
    reader = RunLogReader(Client(httpx.MockTransport(api)), "r1", level=level, search=search)
    return [line["message"] for line in reader.part()]


@pytest.mark.parametrize("pages", [1, 2, 4])
def test_errors_follow_the_lines_of_their_attempts(pages: int) -> None:
    """Each failed attempt has one error, at its place, however the log is divided."""
    lines = [log_line(1, "a"), log_line(1, "b"), log_line(3, "c"), log_line(3, "d")]
    size = len(lines) // pages
    parts = [lines[at : at + size] for at in range(0, len(lines), size)]
    api = Api(parts, [failed(1), failed(2), failed(3)], "failed")
    error = "attempt {} failed: ValueError: no price"
    assert shown(api) == ["a", "b", error.format(1), error.format(2), "c", "d", error.format(3)]


def test_run_without_a_line_shows_its_traceback() -> None:
    """The error is shown below its line, indented, at a time with its zone."""
    reader = RunLogReader(
        Client(httpx.MockTransport(Api([[]], [failed(1)], "failed"))), "r1", level=None, search=None
    )
    (line,) = reader.part()
    text = line_text(line).splitlines()
    assert text[0] == "2026-01-31 09:00:01 WIB error   attempt 1 failed: ValueError: no price"
    assert text[1:] == [f"    {each}" for each in TRACEBACK.splitlines()]
    assert reader.is_complete


def test_error_is_shown_once_while_a_run_is_followed() -> None:
    """A later part of the log does not repeat it."""
    api = Api([[log_line(1, "a")], [log_line(2, "b")]], [failed(1)], "success")
    api.pages, later = api.pages[:1], api.pages[1:]
    api.run["status"] = "running"
    reader = RunLogReader(Client(httpx.MockTransport(api)), "r1", level=None, search=None)
    assert len(list(reader.part())) == 2
    assert not reader.is_complete
    api.pages, api.run["status"] = later, "success"
    assert [line["message"] for line in reader.part()] == ["b"]
    assert reader.is_complete


def test_filters_apply_to_errors() -> None:
    """A search looks into the traceback, and `critical` is graver than a failed attempt."""
    assert len(shown(Api([[]], [failed(1)], "failed"), search="shop.PY")) == 1
    assert shown(Api([[]], [failed(1)], "failed"), search="cable") == []
    assert shown(Api([[]], [failed(1)], "failed"), level="critical") == []
