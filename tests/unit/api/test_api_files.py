"""Files as answers: which form is sent, and that none stays open."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from app.core.access.api_keys import Role
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.files.artifacts import ArtifactFile, ArtifactKind, ArtifactRecord
from app.core.files.contents import ArtifactContents
from app.core.storage.keys import Keys
from app.services.api.http.auth import Actor
from app.services.api.http.problems import HttpProblem
from app.services.api.http.router import CONTEXT_KEY, RequestContext
from app.services.api.routes.artifacts import file_reply, preferred

FORMS = ("application/json", "text/markdown", "text/html")


CONTEXT = RequestContext("t", Actor("ana", Role.ADMIN), {})


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw, CONTEXT_KEY: CONTEXT})


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/markdown"),
        ("TEXT/HTML ; charset=utf-8", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/markdown;q=0.5, text/html;q=0.4", "text/markdown"),
        ("application/json;q=0, */*", "text/markdown"),
        ("text/html;q=0.2, */*;q=0.1, application/json; q=0", "text/html"),
        ("image/png, , text/html", "text/html"),
        ("text/html;q=7", "text/html"),
    ],
)
def test_form_is_the_one_that_is_liked_best(accept: str, form: str) -> None:
    """The most specific range counts for a form; of equals the first one is sent."""
    assert preferred(request(accept=accept), FORMS) == form


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "*/*;q=0", "nonsense", "text"])
def test_form_that_is_not_there_is_refused(accept: str) -> None:
    """406 names what there is."""
    with pytest.raises(HttpProblem) as refused:
        preferred(request(accept=accept), FORMS)
    assert refused.value.code == "not_acceptable"
    assert "text/markdown" in refused.value.detail


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the files that were opened below the root, by number."""
    numbers: list[int] = []
    plain: Callable[..., int] = os.open

    def noting(path: Any, flags: int, *args: Any, **more: Any) -> int:
        number = plain(path, flags, *args, **more)
        numbers.append(number)
        return number

    monkeypatch.setattr(os, "open", noting)
    return numbers


@pytest.mark.parametrize("leaves_at", [0, 2, 100])
async def test_file_is_closed_however_the_answer_ends(
    tmp_path: Path, opened: list[int], leaves_at: int
) -> None:
    """A caller that leaves before, during or after the answer leaves no open file behind."""
    content = os.urandom(1_000_000)
    settings = Settings(_env_file=None, files_root=str(tmp_path))  # pyright: ignore[reportCallIssue]
    (tmp_path / "a.bin").write_bytes(content)
    record = ArtifactRecord("a@1", "a", "r", 1, 1, "here", (ArtifactFile("a.bin", len(content), "sum"),))
    link: Any = None
    contents = ArtifactContents(link, Keys("t"), settings, SystemClock())
    at: Any = type("At", (), {"artifact_contents": contents})()
    answer = await file_reply(at, CONTEXT, request(), ArtifactKind.EXPORT, record, attach=True)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        if len(sent) >= leaves_at:
            raise OSError("the caller has left")
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
    outcome = pytest.raises(ClientDisconnect) if leaves_at < 100 else contextlib.nullcontext()
    with outcome:
        await answer(scope, receive, send)
    for number in opened[-1:]:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(number)
    if leaves_at == 100:
        assert b"".join(message.get("body", b"") for message in sent) == content
